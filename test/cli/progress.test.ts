// The bar at a real terminal: seen while work is done, gone at its end, and lines do not run into it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomDigest } from '../store/scene.ts';
import { atTerminal } from '../support/at-terminal.ts';
import { needs } from '../support/tools.ts';
import { importScene, REGISTRY } from './import-scene.ts';

/** What stands in the line of the bar is taken away before another line is written over it. */
const CLEARED = '\r\u001b[K';

test('a bar', needs('python3'), async (t) => {
  const { dataDir, tree, signer, write } = await importScene(t);
  const digest = randomDigest();
  write(`acme/app@${digest.replace(':', '=')}/signature-1`, signer.sign(`${REGISTRY}/acme/app:v1`, digest));
  const at = atTerminal({ LOOKASIDE_DATA_DIR: dataDir, TERM: 'xterm' });
  const last = (shown: string) => shown.trimEnd().split('\u001b[2K').at(-1);

  await t.test('counts signatures and says how long it will take', async () => {
    const [shown, code] = await at([], 'import', tree, '--registry', REGISTRY);
    assert.equal(code, 0, shown);
    assert.match(shown, / 0\/1 signatures, .* left/);
    assert.match(last(shown) ?? '', /^note .*\r\n1 stored, 0 already there, 0 stayed out$/);
  });
  await t.test('says what is done in work of several parts', async () => {
    const [shown, code] = await at([], 'fsck');
    assert.equal(code, 0, shown);
    assert.match(shown, /pages and indexes \S+ \d+\/\d+ all pages/);
    assert.match(last(shown) ?? '', /^checked 1 signature and \d+ audit rows: no faults$/);
  });
  await t.test('makes way for lines', async () => {
    write('README', 'hello');
    const env = { LOOKASIDE_DATA_DIR: dataDir, TERM: 'xterm', LOOKASIDE_TOKEN: `lks_${'x'.repeat(40)}` };
    const [shown] = await atTerminal(env)([], 'push', tree, '--registry', REGISTRY, '--server', 'http://127.0.0.1:1');
    assert.ok(shown.includes(`${CLEARED}skipped ${tree}/README`), shown);
  });
  await t.test('is not drawn for programs', async () => {
    const [shown] = await at([], 'fsck', '--json');
    assert.equal(JSON.parse(shown).summary.faults, 0);
  });
});
