import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatAuthority, reachedAt } from '../../server/ops/address.ts';

test('an address to listen on', async (t) => {
  const hosts: readonly [host: string, reached: string][] = [
    ['0.0.0.0', '127.0.0.1:8080'],
    ['::', '[::1]:8080'],
    ['::1', '[::1]:8080'],
    ['192.0.2.1', '192.0.2.1:8080'],
    ['localhost', 'localhost:8080'],
  ];
  for (const [host, reached] of hosts)
    await t.test(`${host} is reached at ${reached}`, () =>
      assert.equal(formatAuthority(reachedAt(host), 8080), reached),
    );
});
