// The front is not to be told from node:http: requests over the whole grammar, and beyond it, are answered by a server
// with it as by one without it; and again when they arrive in pieces, which the front leaves to node:http.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { assertSame, type Exchange, endedAmongSome, exchange } from './front-answers.ts';
import { segment } from './front-requests.ts';
import { type Door, frontScene } from './front-scene.ts';

/** Together in one run of a property: they wait for each other's silence, not one after the other. */
const AT_ONCE = 12;
const LIMIT_MS = 8_000;

/** Cut so that the front never sees a request that is whole. */
const inPieces = (text: string) => [text.slice(0, 1), text.slice(1)];

async function same(front: Door, plain: Door, text: string): Promise<Exchange> {
  const [expected, answered, handedOver] = await Promise.all([
    exchange(plain.port, text),
    exchange(front.port, text),
    exchange(front.port, ...inPieces(text)),
  ]);
  assertSame(answered, expected, JSON.stringify(text));
  if (!endedAmongSome(expected, handedOver)) assertSame(handedOver, expected, `in pieces: ${JSON.stringify(text)}`);
  return answered;
}

test('requests are answered with a front as without', async (t) => {
  const { front, plain } = await frontScene(t);
  const statuses: number[] = [];

  await t.test('over the grammar of paths, fields and lines', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(segment, { minLength: AT_ONCE, maxLength: AT_ONCE }), async (texts) => {
        const exchanges = await Promise.all(texts.map((text) => same(front, plain, text)));
        for (const { answers } of exchanges) statuses.push(...answers.map(({ status }) => status));
      }),
      { numRuns: 1_000, interruptAfterTimeLimit: LIMIT_MS },
    );
  });

  await t.test('and much of that in front, with many a status', () => {
    const seen = new Set(statuses);
    t.diagnostic(`${statuses.length} answers, ${front.requests.inFront} of them in front: ${[...seen].sort()}`);
    for (const status of [200, 400, 404]) assert.ok(seen.has(status), `never ${status}`);
    assert.ok(front.requests.inFront > statuses.length / 5);
    assert.equal(plain.requests.inFront, 0);
  });
});
