// The verdict on an image is that of the real skopeo, over policies, identities, references, signatures and keys as they come.
// Each disagreement is a mistake of ours. VERDICT_SEED and VERDICT_CASES repeat or prolong it.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Digest } from '../../server/domain/digest.ts';
import { AppError } from '../../server/domain/errors.ts';
import type { RepositoryName } from '../../server/domain/repository-name.ts';
import { createRandom } from '../fuzz/random.ts';
import { LOCAL } from '../support/server.ts';
import { tempDir } from '../support/temp-dir.ts';
import { needs } from '../support/tools.ts';
import { makeCase, type VerdictCase } from './verdict-cases.ts';
import { createVerdictScene, type VerdictScene } from './verdict-scene.ts';

const SEED = Number(process.env.VERDICT_SEED ?? 20260);
const CASES = Number(process.env.VERDICT_CASES ?? 220);
/** Asked at a time. */
const TOGETHER = 4;

type Answer = { readonly answer: 'accepted' | 'refused' | 'invalid policy'; readonly says: string };

test('agrees with skopeo', needs('gpg', 'skopeo', 'docker-registry'), async (t) => {
  const scene = await createVerdictScene(t, SEED);
  const random = createRandom(SEED);
  const cases = Array.from({ length: CASES }, () => makeCase(scene, random));
  const dir = tempDir(t);
  const seen: Record<string, number> = {};
  const askAll = async (first: number) => {
    for (let index = first; index < cases.length; index += TOGETHER) {
      const one = cases[index] as VerdictCase;
      const [ours, theirs] = await Promise.all([askUs(scene, one), askSkopeo(scene, one, join(dir, `case-${index}`))]);
      seen[theirs.answer] = (seen[theirs.answer] ?? 0) + 1;
      const context = `case ${index}: ${one.reference} stored as ${one.image.stored}\n${one.policy}\nwe: ${ours.says}\nskopeo: ${theirs.says}`;
      assert.equal(ours.answer, theirs.answer, context);
    }
  };
  await Promise.all(Array.from({ length: TOGETHER }, (_, first) => askAll(first)));
  t.diagnostic(JSON.stringify(seen));
  for (const answer of ['accepted', 'refused', 'invalid policy'])
    assert.ok((seen[answer] ?? 0) > CASES / 40, `too few cases are ${answer}: ${JSON.stringify(seen)}`);
});

async function askUs({ server, copies }: VerdictScene, { image, reference, policy }: VerdictCase): Promise<Answer> {
  try {
    const { readers } = await server.local.verdicts.judge(
      {
        image: reference,
        digest: image.digest as Digest,
        storedAs: image.stored as RepositoryName,
        policy,
        keys: copies.map(({ file, bytes }) => ({ path: file, bytes })),
        manifest: null,
      },
      LOCAL,
    );
    // The skopeo here is older than August 2025.
    const verdict = readers.find(({ reader }) => reader === 'gpgme-older');
    assert.ok(verdict && verdict.outcome !== 'unknown');
    return { answer: verdict.outcome, says: verdict.why };
  } catch (error) {
    if (error instanceof AppError && error.code === 'POLICY_INVALID')
      return { answer: 'invalid policy', says: error.message };
    throw error;
  }
}

async function askSkopeo({ node }: VerdictScene, { reference, policy }: VerdictCase, path: string): Promise<Answer> {
  writeFileSync(`${path}.json`, policy);
  const args = ['--policy', `${path}.json`, 'copy', '--quiet', '--src-tls-verify=false'];
  const { code, stderr } = await node.skopeo(...args, `docker://${reference}`, `dir:${path}`);
  if (code === 0) return { answer: 'accepted', says: 'copied' };
  if (stderr.includes('invalid policy in')) return { answer: 'invalid policy', says: stderr };
  assert.match(stderr, /Source image rejected/, stderr);
  return { answer: 'refused', says: stderr };
}
