// The long run (npm run test:fuzz) in short: a few hundred mutants through a running server, and skopeo asked about all that
// it accepted. Another seed every time; a failure names it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixture, testServer } from '../support/server.ts';
import { tempDir } from '../support/temp-dir.ts';
import { needs } from '../support/tools.ts';
import { type Judged, keysOf, runCampaign } from './campaign.ts';
import { createSkopeo } from './skopeo.ts';
import { createTally } from './tally.ts';

const COUNT = 300;

test('mutants of signatures', needs('skopeo', 'gpg'), async (t) => {
  const seed = Number(process.env.LOOKASIDE_TEST_SEED ?? Date.now() % 1_000_000);
  const server = await testServer(t);
  const skopeo = await createSkopeo(tempDir(t), keysOf(seed).all, fixture('manifests/app.json'));
  const tally = createTally();
  const all: Judged[] = [];
  await runCampaign({ seed, count: COUNT, firstRefused: 2, oneRefusedIn: 40 }, server, skopeo, (judged) => {
    tally.add(judged);
    return all.push(judged) <= COUNT;
  });
  const named = (found: readonly Judged[]) =>
    found
      .map(({ number, trace, verdict, skopeo }) => JSON.stringify({ seed, number, trace, verdict, skopeo }))
      .join('\n');

  await t.test('are judged, all of them, and not all alike', () => {
    assert.equal(all.length, COUNT);
    const accepted = all.filter(({ verdict }) => verdict.status !== 'refused').length;
    assert.ok(accepted > COUNT / 20 && accepted < COUNT / 2, `seed ${seed}: ${accepted} accepted`);
  });
  await t.test('are never accepted where skopeo refuses', () => assert.equal(named(tally.laxer), ''));
  await t.test('are never a fault of the server', () => assert.equal(named(tally.faults), ''));
});
