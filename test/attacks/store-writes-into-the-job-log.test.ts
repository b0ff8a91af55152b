// Whoever stands in for the store puts lines of its own into the log of a pipeline, which a CI system may obey (`::set-env`),
// or moves the cursor of a terminal, to have its refusal read as success.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createClient } from '../../server/cli/push/client.ts';
import { exchange } from '../../server/cli/push/exchange.ts';
import { commandLine } from '../cli/scene.ts';
import { answering } from '../support/answering.ts';
import { tempDir } from '../support/temp-dir.ts';

const DETAIL = `no\n::set-env name=PATH::/tmp\n\u001b[2J1 stored, 0 already there, 0 refused${'!'.repeat(100_000)}`;
const REFUSAL = JSON.stringify({ code: 'TOKEN_INVALID\n::warning::', detail: DETAIL });
const GIVEN = JSON.stringify({
  token: `lks_${'a'.repeat(20)}\nNODE_OPTIONS=--import=/tmp/x.mjs`,
  expiresInSeconds: 900,
  publisher: { id: '1', name: 'releases' },
});
const ONE_LINE = /^[^\p{Cc}]{1,2000}$/u;

test('a store that writes into the log of a job', async (t) => {
  const host = await answering(t, ({ url }, res) => {
    if (url?.startsWith('/given')) return void res.end(GIVEN);
    const status = url?.startsWith('/busy') ? 500 : 400;
    res.writeHead(status, { 'content-type': 'application/problem+json' }).end(REFUSAL);
  });
  const store = `http://${host}`;
  const parts = [{ path: 'signature-1', target: null, bytes: Buffer.from([0x90]) }];

  await t.test('writes one line when it refuses an upload', async (t) => {
    const file = join(tempDir(t), 'signature-1');
    writeFileSync(file, parts[0]?.bytes ?? '');
    const lookaside = commandLine(t, { LOOKASIDE_TOKEN: `lks_${'a'.repeat(20)}` });
    const { code, err } = await lookaside('push', file, '--server', store);
    assert.match(err, ONE_LINE);
    assert.match(err, /refused the upload: no\\u\{a\}::set-env/);
    assert.notEqual(code, 0);
  });
  await t.test('writes one line when it is to be asked again', async () => {
    const told: string[] = [];
    const onRetry = (why: string) => void told.push(why);
    const client = createClient({ server: `${store}/busy`, token: 'lks_x', onRetry, firstWaitMs: 1 });
    const error = await client.upload(parts).catch((error: Error) => error);
    for (const line of [...told, (error as Error).message]) assert.match(line, ONE_LINE);
    assert.equal(told.length, 5);
  });
  await t.test('writes one line when it gives no token', async () => {
    const idTokens = { take: async () => 'a.b.c', spent: () => {} };
    await assert.rejects(exchange({ server: store, idTokens, publisher: null }), { message: ONE_LINE });
  });
  await t.test('hands on no token that is more than one', async () => {
    const idTokens = { take: async () => 'a.b.c', spent: () => {} };
    const error = await exchange({ server: `${store}/given`, idTokens, publisher: null, firstWaitMs: 1 }).catch(
      (error: Error) => error,
    );
    assert.match((error as Error).message, /gave no token after 6 tries/);
  });
});
