// signedIdentity (docs/verdict.md): which names of a signature are taken for which names of a pull.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { identityAccepts, type SignedIdentity } from '../../server/domain/policy/identity.ts';
import { parsePullReference } from '../../server/domain/policy/pull-reference.ts';
import { parseReference } from '../../server/domain/reference.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const OTHER = `sha256:${'b'.repeat(64)}`;
const APP = 'quay.io/acme/app';
const plain = (type: 'matchExact' | 'matchRepoDigestOrExact' | 'matchRepository') => ({ type }) as const;
const remap = (prefix: string, signedPrefix: string) => ({ type: 'remapIdentity', prefix, signedPrefix }) as const;

const CASES: readonly (readonly [SignedIdentity, pulled: string, signed: string, accepted: boolean])[] = [
  [plain('matchExact'), `${APP}:v1`, `${APP}:v1`, true],
  [plain('matchExact'), `${APP}:v1`, `${APP}:v2`, false],
  [plain('matchExact'), `${APP}@${DIGEST}`, `${APP}:v1`, false],
  [plain('matchExact'), `${APP}@${DIGEST}`, `${APP}@${DIGEST}`, true],
  [plain('matchExact'), 'busybox', 'docker.io/library/busybox:latest', true],
  [plain('matchExact'), 'busybox', 'busybox', false],
  [plain('matchRepoDigestOrExact'), `${APP}:v1`, `${APP}:v1`, true],
  [plain('matchRepoDigestOrExact'), `${APP}:v1`, `${APP}@${DIGEST}`, false],
  [plain('matchRepoDigestOrExact'), `${APP}@${DIGEST}`, `${APP}:v7`, true],
  // The digest itself is compared with the manifest, so its spelling here does not matter.
  [plain('matchRepoDigestOrExact'), `${APP}@${DIGEST}`, `${APP}@${OTHER}`, true],
  [plain('matchRepoDigestOrExact'), `${APP}@${DIGEST}`, APP, false],
  [plain('matchRepoDigestOrExact'), `${APP}@${DIGEST}`, `${APP}2:v1`, false],
  [plain('matchRepository'), `${APP}:v1`, `${APP}:v9`, true],
  [plain('matchRepository'), `${APP}:v1`, APP, true],
  [plain('matchRepository'), `${APP}:v1`, `${APP}/sub:v1`, false],
  [{ type: 'exactReference', dockerReference: `${APP}:v1` }, 'mirror.example/x:v3', `${APP}:v1`, true],
  [{ type: 'exactReference', dockerReference: `${APP}:v1` }, `${APP}:v1`, `${APP}:v2`, false],
  [{ type: 'exactRepository', dockerRepository: APP }, 'mirror.example/x:v3', APP, true],
  [{ type: 'exactRepository', dockerRepository: 'busybox' }, 'x.io/y:v1', 'docker.io/library/busybox', true],
  [remap('mirror.example/hub', 'quay.io'), 'mirror.example/hub/acme/app:v1', `${APP}:v1`, true],
  [remap('mirror.example/hub', 'quay.io'), 'mirror.example/hub/acme/app:v1', `${APP}:v2`, false],
  [remap('mirror.example/hub', 'quay.io'), `mirror.example/hub/acme/app@${DIGEST}`, `${APP}:v2`, true],
  [remap('mirror.example/hub', 'quay.io'), 'mirror.example/hubble/acme/app:v1', 'quay.ioble/acme/app:v1', false],
  [remap('mirror.example', 'quay.io'), `${APP}:v1`, `${APP}:v1`, true],
  [remap('mirror.example/app', APP), 'mirror.example/app:v1', `${APP}:v1`, true],
  // What it leads to must be written in full: runtimes do not complete it.
  [remap('mirror.example', 'busybox'), 'mirror.example/x:v1', 'docker.io/busybox/x:v1', false],
];

for (const [identity, pulled, signed, accepted] of CASES) {
  const short = (text: string) => text.replace(/(sha256:.{4})[0-9a-f]+/, '$1…');
  test(`${identity.type} ${accepted ? 'takes' : 'refuses'} ${short(signed)} for ${short(pulled)}`, () =>
    assert.equal(identityAccepts(identity, parsePullReference(pulled).reference, parseReference(signed)), accepted));
}
