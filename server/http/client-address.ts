// Where a request comes from, as far as the proxies in front can be believed (LOOKASIDE_TRUST_PROXY).
import { isIP } from 'node:net';
import type { Request } from 'express';
import type { Client } from '../services/sign-in-attempts.ts';

export function clientOf(req: Request): Client {
  const address = plain(req.ip ?? '');
  const shared = req.app.get('trust proxy') === 0 && req.headers['x-forwarded-for'] !== undefined;
  // With proxies trusted this is text that one of them wrote, so it may be anything.
  return isIP(address) === 0
    ? { address: 'unknown', network: 'unknown', shared: true }
    : { address, network: networkOf(address), shared };
}

/** An IPv4 address as it is; of an IPv6 one the first half, since every customer has as many of the second as they like. */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  // The URL parser writes every spelling of an address in one way, without leading zeros.
  const canonical = new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname.slice(1, -1);
  const [front = [], back = []] = canonical.split('::').map((half) => half.split(':').filter(Boolean));
  const zeros = Array.from({ length: 8 - front.length - back.length }, () => '0');
  return `${[...front, ...zeros, ...back].slice(0, 4).join(':')}::/64`;
}

/** A listener for both kinds sees an IPv4 client as `::ffff:192.0.2.1`. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}
