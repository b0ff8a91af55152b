// Addresses to listen on, as they are told and reached from this machine.

/** All interfaces, and what reaches them from here. */
const ANYWHERE: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** The host at which a server that listens on `host` is reached. */
export function reachedAt(host: string): string {
  return ANYWHERE[host] ?? host;
}

/** As it stands in a URL: an address of IPv6 in brackets, since it has colons of its own. */
export function formatAuthority(host: string, port: number): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
