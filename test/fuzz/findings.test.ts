// What fuzzing found, replayed: signatures on which this server and skopeo once disagreed, or that are just at the edge.
// test/fixtures/findings/README.md says how one is added.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { results, scene } from '../http/scene.ts';
import { fixture } from '../support/server.ts';
import { tempDir } from '../support/temp-dir.ts';
import { needs } from '../support/tools.ts';
import { createSkopeo } from './skopeo.ts';

type Finding = {
  readonly name: string;
  readonly what: string;
  readonly fingerprint: string;
  readonly reference: string;
  /** `accepted`, or the code of the refusal. */
  readonly expect: string;
  readonly skopeo: 'accepted' | 'refused';
};

const FINDINGS: readonly Finding[] = JSON.parse(fixture('findings/index.json').toString());
const KEYS = fixture('findings/keys.gpg');
const bytesOf = ({ name }: Finding) => fixture(`findings/${name}.sig`);

test('the server', async (t) => {
  const store = await scene(t);
  await store.registerKeys(KEYS);
  const outcomes = results(await store.upload(...FINDINGS.map((finding) => ({ bytes: bytesOf(finding) }))));
  for (const [index, finding] of FINDINGS.entries())
    await t.test(`says ${finding.expect} to ${finding.what}`, () =>
      assert.equal(outcomes[index]?.problem?.code ?? 'accepted', finding.expect),
    );
  await t.test('has one place for an ECDSA signature and its twin', () => {
    const [one, other] = ['ecdsa-one-s', 'ecdsa-other-s'].map(
      (name) => outcomes[FINDINGS.findIndex((finding) => finding.name === name)],
    );
    assert.deepEqual([one?.status, other?.status, one?.number], ['stored', 'exists', other?.number]);
  });
});

test('skopeo', needs('skopeo', 'gpg'), async (t) => {
  const [ask] = await createSkopeo(tempDir(t), [KEYS], fixture('manifests/app.json'));
  for (const finding of FINDINGS)
    await t.test(`has ${finding.skopeo} ${finding.what}`, async () => {
      const answer = await ask?.({ ...finding, bytes: bytesOf(finding) });
      assert.equal(answer?.accepted ? 'accepted' : 'refused', finding.skopeo, answer?.says);
    });
  await t.test('accepts whatever the server accepts', () => {
    for (const { name, expect, skopeo } of FINDINGS) if (expect === 'accepted') assert.equal(skopeo, 'accepted', name);
  });
});
