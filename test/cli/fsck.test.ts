// `lookaside fsck` as its operator sees it: a line for each finding, an exit code, and no false alarm beside a busy server.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { bearer, send } from '../http/wire.ts';
import { copyOf, filledStore, findingsOf, spoil } from '../services/upkeep-scene.ts';
import { createSigner, randomDigest } from '../support/gpg-claims.ts';
import { LOCAL, testServer } from '../support/server.ts';
import { commandLine } from './scene.ts';

test('fsck', async (t) => {
  const file = await filledStore(t);
  const lookaside = (t: Parameters<typeof copyOf>[0], ...sql: string[]) => {
    const { path, dataDir } = copyOf(t, file);
    spoil(path, ...sql);
    return commandLine(t, { LOOKASIDE_DATA_DIR: dataDir });
  };

  await t.test('is 0 for a store in order, and says how much it has looked at', async (t) => {
    const { code, out, err } = await lookaside(t)('fsck');
    assert.deepEqual([code, out], [0, '']);
    assert.match(err, /^checked 4 signatures and \d+ audit rows: no faults$/);
  });
  await t.test('is 1 for a fault, one line each that says what to do', async (t) => {
    const { code, out, err } = await lookaside(
      t,
      "UPDATE tokens SET name = 'x\u001b[2J'",
      'DELETE FROM positions',
    )('fsck');
    assert.equal(code, 1);
    assert.match(out, /^token\.unaudited [0-9a-f]{12}: .*; `lookaside token revoke` it/m);
    assert.match(out, /^catalogue\.wrong positions: .*; `lookaside fsck --repair` makes it anew$/m);
    assert.match(err, /: \d+ faults$/);
  });
  await t.test('is 0 for a note', async (t) => {
    const { code, out, err } = await lookaside(t, 'CREATE TABLE mine (x)')('fsck');
    assert.equal(code, 0);
    assert.match(out, /^note schema\.added mine: /);
    assert.match(err, /no faults, 1 note$/);
  });
  await t.test('is 0 with --repair when nothing is left', async (t) => {
    const cli = lookaside(t, 'DELETE FROM positions');
    const { code, err } = await cli('fsck', '--repair');
    assert.equal(code, 0);
    assert.match(err, /^repaired: counted the catalogue anew\nchecked .*: no faults left$/);
    assert.equal((await cli('fsck')).code, 0);
  });
  await t.test('is an object a line with --json, the last one a summary', async (t) => {
    const { code, out } = await lookaside(t, "UPDATE signatures SET bytes = x'90' WHERE id = 1")('fsck', '--json');
    const lines = out.split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.equal(code, 1);
    assert.deepEqual(
      lines.map(({ code, subject, severity }) => [code, subject, severity]),
      [
        ['signature.bad', 'signature 1', 'fault'],
        [undefined, undefined, undefined],
      ],
    );
    const summary = lines[1]?.summary as { faults: number; notes: number; signatures: number } | undefined;
    assert.deepEqual([summary?.faults, summary?.notes, summary?.signatures], [1, 0, 4]);
  });
  await t.test('of a store that is not there is 2', async (t) => assert.equal((await commandLine(t)('fsck')).code, 2));
  await t.test('of a signature that nobody names does not print what moves a cursor', async (t) => {
    const { out } = await lookaside(t, "UPDATE users SET name = 'eve' || char(27) || '[2J'")('fsck');
    assert.match(out, /user\.unaudited eve\\u\{1b\}/);
  });
});

test('fsck beside a server that everything happens to finds nothing', async (t) => {
  const server = await testServer(t);
  const signer = await createSigner();
  const [fingerprint = ''] = await server.registerKeys(signer.publicKey);
  const token = await server.createToken(['upload']);
  const headers = { 'content-type': 'application/octet-stream', ...bearer(token) };
  const { keys, tokens, signatures } = server.local;
  const key = fingerprint as Parameters<typeof keys.change>[0];
  let over = false;
  let done = 0;
  const busy = (async () => {
    for (const bytes of await signer.signTags('registry.example.com/acme/app', randomDigest(), 60)) {
      const answer = await send(server.url, '/api/v1/signatures', { method: 'POST', headers, body: bytes });
      const id = answer.json<{ results: { id: number }[] }>().results[0]?.id ?? 0;
      if (id % 3 === 0) await signatures.withdraw(id, 'wrong build', LOCAL);
      const made = await tokens
        .create({ name: 'x', permissions: ['read'], scopes: [], lifetimeMs: null }, LOCAL)
        .catch(() => null);
      if (made) await tokens.revoke(made.token.id, LOCAL);
      await keys.change(key, { name: `name ${id}` }, LOCAL);
      done++;
      await setImmediate();
      if (over) return;
    }
  })();
  while (done < 5) await setImmediate();
  for (let time = 0; time < 3; time++)
    assert.deepEqual((await findingsOf(server.config.databasePath)).found, [], `time ${time}`);
  over = true;
  await busy;
  assert.ok(done > 5);
});
