// Which addresses belong to the internet at large. All others are neighbours: loopback, private and link-local networks,
// the metadata service of a cloud, and what only stands for another address.
import { BlockList, isIP } from 'node:net';

const SPECIAL = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  SPECIAL.addSubnet(network, bits, 'ipv4');
// Within what is handed out: documentation, and IPv4 in disguise (Teredo, 6to4).
for (const [network, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  SPECIAL.addSubnet(network, bits, 'ipv6');

/** The only part of IPv6 that is handed out; `::ffff:127.0.0.1` and `64:ff9b::7f00:1` lie outside. */
const GLOBAL = new BlockList();
GLOBAL.addSubnet('2000::', 3, 'ipv6');

export function isNeighbour(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return SPECIAL.check(address, 'ipv4');
  if (family !== 6 || address.includes('%')) return true;
  // Asked of the embedded address, a list answers for IPv4: only what is outright global may pass.
  return !GLOBAL.check(address, 'ipv6') || SPECIAL.check(address, 'ipv6');
}
