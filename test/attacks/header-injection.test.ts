// Line ends and quotes in file names, targets and repositories: none of them becomes a header of an answer.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLog } from '../../server/ops/log.ts';
import { IMAGE, sceneOf, signature } from '../http/scene.ts';
import { send, sendRaw } from '../http/wire.ts';
import { testServer } from '../support/server.ts';

const INJECTED = /^x-injected/im;

test('a line end', async (t) => {
  const lines: string[] = [];
  const log = createLog('debug', { write: (line) => void lines.push(line) });
  const store = await sceneOf(await testServer(t, {}, { log }));
  const names = [
    'a/b\r\nX-Injected: 1',
    'a/b\nX-Injected: 1',
    'a/b%0d%0aX-Injected: 1',
    'a/"; x="y',
    `${IMAGE}\r\nX-Injected: 1`,
  ];

  for (const filename of names)
    await t.test(
      `stays out of the answer's head, in a file name: ${JSON.stringify(filename.slice(0, 30))}`,
      async () => {
        const answer = await store.upload({ bytes: signature('rsa2048'), filename });
        assert.ok(answer.status < 500, answer.text);
        assert.ok(!Object.keys(answer.headers).some((name) => INJECTED.test(name)));
      },
    );
  await t.test('stays out of the answer’s head, in a target', async () => {
    const { status, headers } = await store.uploadRaw(signature('rsa2048'), `${IMAGE}\r\nX-Injected: 1`);
    assert.equal(status, 400);
    assert.ok(!Object.keys(headers).some((name) => INJECTED.test(name)));
  });
  await t.test('stays out of the answer’s head, in a path', async () => {
    for (const path of [`/${IMAGE}/signature-1%0d%0aX-Injected:%201`, `/a%0d%0aX-Injected:%201@sha256=x/signature-1`])
      for (const method of ['GET', 'PUT']) {
        const { status, headers } = await send(store.url, path, { method });
        assert.ok(status >= 400 && status < 500);
        assert.ok(!Object.keys(headers).some((name) => INJECTED.test(name)));
      }
  });
  await t.test('does not make two requests of one', async () => {
    const text = await sendRaw(store.url, `GET /${IMAGE}/signature-1\r\nX-Injected: 1 HTTP/1.1\r\nHost: x\r\n\r\n`);
    assert.match(text, /^HTTP\/1\.1 40[04] /);
    assert.doesNotMatch(text, /X-Injected/i);
    const both = 'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n';
    const smuggled = await sendRaw(
      store.url,
      `POST /api/v1/verify HTTP/1.1\r\nHost: x\r\n${both}\r\n0\r\n\r\nGET /livez`,
    );
    assert.match(smuggled, /^HTTP\/1\.1 400 /);
    assert.equal(smuggled.match(/HTTP\/1\.1 /g)?.length, 1);
  });
  await t.test('does not make two lines of one in the log', () => {
    assert.ok(lines.length > 0);
    for (const line of lines) assert.equal(typeof JSON.parse(line), 'object');
  });
});
