// Listening, as a promise: what an address turns out to be, or why it cannot be taken.
import type { AddressInfo, ListenOptions, Server } from 'node:net';

/** Connections that may wait to be accepted, as far as the system lets them: a fleet of nodes that starts at once. */
export const BACKLOG = 4_096;

/** Resolves to the address as Node.js tells it, which is null for a socket that it knows nothing of. */
export function listen(
  server: Server,
  options: ListenOptions | { readonly fd: number },
): Promise<AddressInfo | string | null> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ backlog: BACKLOG, ...options }, () => {
      server.off('error', reject);
      resolve(server.address());
    });
  });
}
