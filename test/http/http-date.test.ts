// Written by hand for speed, so held to what Date says for any time.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DAY_MS, type Instant } from '../../server/domain/instant.ts';
import { httpDate } from '../../server/http/http-date.ts';

/** The last second of the year 9999, after which a year has five digits and HTTP has no word for it. */
const LAST = Date.UTC(9999, 11, 31, 23, 59, 59);

test('the time of an answer is written as Date writes it', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: LAST, noNaN: true }), fc.integer({ min: 0, max: LAST }), (...instants) => {
      for (const at of instants) assert.equal(httpDate(at as Instant), new Date(at).toUTCString());
    }),
    { numRuns: 2_000 },
  );
});

test('so it is at the edges of seconds, days and years, and for more days than are remembered', () => {
  const edges = [0, DAY_MS, Date.UTC(2028, 1, 29), Date.UTC(2026, 11, 31), LAST + 1 - DAY_MS];
  for (const edge of edges)
    for (const at of [edge - 1, edge, edge + 1, edge + 999, edge + 1000, edge + DAY_MS - 1].filter((ms) => ms >= 0))
      assert.equal(httpDate(at as Instant), new Date(at).toUTCString());
  for (let day = 0; day < 10_000; day++)
    assert.equal(httpDate((day * DAY_MS) as Instant), new Date(day * DAY_MS).toUTCString());
  assert.equal(httpDate(0 as Instant), 'Thu, 01 Jan 1970 00:00:00 GMT');
});
