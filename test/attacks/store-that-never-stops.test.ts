// Whoever stands in for the store answers a pipeline without end: to fill its memory, or to keep it from signing.
import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { type TestContext, test } from 'node:test';
import { post } from '../../server/cli/push/answer.ts';
import { createServedReader } from '../../server/cli/signing/served-signatures.ts';
import { parseDigest } from '../../server/domain/digest.ts';
import { LIMITS } from '../../server/domain/limits.ts';
import { parseRepository } from '../../server/domain/repository-name.ts';
import { answering } from '../support/answering.ts';

const IMAGE = { repository: parseRepository('quay.io/acme/app'), digest: parseDigest(`sha256:${'a'.repeat(64)}`) };
const CHUNK = Buffer.alloc(256 * 1024);

/** A server whose answers have this head, and no end. */
async function endless(t: TestContext, status: number, contentType: string) {
  const sent = { bytes: 0, requests: 0 };
  function pour(res: ServerResponse): void {
    while (!res.destroyed) {
      sent.bytes += CHUNK.length;
      if (!res.write(CHUNK)) return void res.once('drain', () => pour(res));
    }
  }
  const host = await answering(t, (_, res) => {
    sent.requests++;
    res.writeHead(status, { 'content-type': contentType });
    pour(res);
  });
  return { url: `http://${host}`, sent };
}

test('a store that never stops answering', async (t) => {
  const answers = [
    [200, 'application/octet-stream', 1],
    [200, 'text/html', 1],
    [403, 'application/problem+json', 1],
    [404, 'application/octet-stream', 0],
  ] as const;
  for (const [status, contentType, told] of answers)
    await t.test(
      `is read no further than a signature goes: ${status} ${contentType}`,
      { timeout: 8_000 },
      async (t) => {
        const { url, sent } = await endless(t, status, contentType);
        const unread: string[] = [];
        const reader = createServedReader({
          server: url,
          token: async () => 'lks_x',
          onUnread: (why) => unread.push(why),
        });
        assert.deepEqual(await reader.read(IMAGE), []);
        assert.deepEqual([sent.requests, unread.length], [1, told], unread.join());
        // What the sockets of both ends hold comes on top.
        assert.ok(sent.bytes < 4 * LIMITS.signatureBytesCeiling, `${sent.bytes} bytes were sent`);
      },
    );
  await t.test('does not keep an upload from ending', { timeout: 8_000 }, async (t) => {
    const { url, sent } = await endless(t, 200, 'application/json');
    const answer = await post(url, { headers: {}, body: '{}', patienceMs: 60_000 });
    assert.deepEqual(answer, { status: 200, body: null });
    assert.ok(sent.bytes < 4 * LIMITS.signatureBytesCeiling, `${sent.bytes} bytes were sent`);
  });
});
