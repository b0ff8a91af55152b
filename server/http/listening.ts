// Addresses: taking one, and saying what it is reached at. A port, a unix socket, or a socket that was handed over.
import { type AddressInfo, createServer, type Server } from 'node:net';
import { AppError } from '../domain/errors.ts';
import { formatAuthority, reachedAt } from '../ops/address.ts';
import { listen } from './listen.ts';
import type { Listener } from './server.ts';
import { listenOnFile } from './socket-file.ts';

export type Port = {
  readonly host: string;
  readonly port: number;
  /** The setting of the port, for whoever has to choose another. */
  readonly setting: string;
  /** Whether threads of this process will listen there, too. */
  readonly shared?: boolean;
};

export type Place = Port | { readonly path: string; readonly mode: number } | { readonly fd: number };

export type Taken = {
  /** What it is reached at from this machine; of a unix socket `unix:` and its path. */
  readonly url: string;
  /** Null for a unix socket. */
  readonly port: number | null;
  /** When the server is closed. */
  release(): void;
};

/** Throws CONFIG_INVALID naming the setting to change. */
export async function listenOn(listener: Listener, place: Place): Promise<Taken> {
  const { server } = listener;
  if ('path' in place) {
    requirePlain(server);
    const release = await listenOnFile(server, place);
    return { url: `unix:${place.path}`, port: null, release };
  }
  if ('fd' in place) return listenOnHanded(server, place.fd);
  const port = await listenOnPort(server, place);
  return { url: urlOf(schemeOf(server), port, place.host), port, release() {} };
}

async function listenOnPort(server: Server, { host, port, setting, shared = false }: Port): Promise<number> {
  try {
    // A shared port can be taken a second time, also by another program; only one that is not tells that it is in use.
    if (shared) await tryPort(port, host);
    return ((await listen(server, { port, host, reusePort: shared })) as AddressInfo).port;
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
    const taken = code === 'EADDRINUSE' || code === 'EACCES';
    const why = code === 'EADDRINUSE' ? 'the port is in use' : code;
    const other = taken ? setting : setting.replace(/PORT$/, 'HOST');
    const message = `cannot listen on ${formatAuthority(host, port)}: ${why}; choose another with ${other}`;
    throw new AppError('CONFIG_INVALID', message, { cause });
  }
}

async function listenOnHanded(server: Server, fd: number): Promise<Taken> {
  const address = await listen(server, { fd }).catch((cause: NodeJS.ErrnoException) => {
    const what = `file descriptor ${fd}, which was handed over (LISTEN_FDS), is no stream socket that listens`;
    throw new AppError('CONFIG_INVALID', `${what}: ${cause.code ?? cause.message}`, { cause });
  });
  const release = () => {}; // it stays with whoever made it
  if (address !== null && typeof address !== 'string')
    return { url: urlOf(schemeOf(server), address.port, address.address), port: address.port, release };
  requirePlain(server);
  return { url: `unix:${address ?? `fd ${fd}`}`, port: null, release }; // Node.js does not tell its path
}

/** What stands before a unix socket speaks TLS with the clients, and nobody can listen on the way to here. */
function requirePlain(server: Server): void {
  if (schemeOf(server) === 'https')
    throw new AppError('CONFIG_INVALID', 'a unix socket takes no TLS; set no LOOKASIDE_TLS_CERT, or listen on a port');
}

async function tryPort(port: number, host: string): Promise<void> {
  const probe = createServer();
  await listen(probe, { port, host });
  await new Promise((resolve) => probe.close(resolve));
}

function schemeOf(server: Server): 'http' | 'https' {
  return 'setSecureContext' in server ? 'https' : 'http';
}

/** What a server that listens on `host` is reached at from this machine. */
function urlOf(scheme: 'http' | 'https', port: number, host: string): string {
  return `${scheme}://${formatAuthority(reachedAt(host), port)}`;
}
