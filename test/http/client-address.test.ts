// What counts as one client: an IPv4 address, the /64 of an IPv6 one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { networkOf } from '../../server/http/client-address.ts';

const NETWORKS: readonly [address: string, network: string][] = [
  ['192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2:ffff::', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['::', '0:0:0:0::/64'],
  ['1::', '1:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['1:2:3:4:5:6:192.0.2.1', '1:2:3:4::/64'],
  ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
];

test('the network of an address', async (t) => {
  for (const [address, network] of NETWORKS)
    await t.test(`${address} is ${network}`, () => assert.equal(networkOf(address), network));
});
