// Addresses: taking one, and saying what it is reached at.
import { type AddressInfo, createServer, type ListenOptions, type Server } from 'node:net';
import { AppError } from '../domain/errors.ts';
import type { Listener } from './server.ts';

type Place = {
  readonly host: string;
  readonly port: number;
  /** The setting of the port, for whoever has to choose another. */
  readonly setting: string;
  /** Whether threads of this process will listen there, too. */
  readonly shared?: boolean;
};

/** Resolves with the port. Throws CONFIG_INVALID naming the setting to change. */
export async function listenOn(listener: Listener, { host, port, setting, shared = false }: Place): Promise<number> {
  try {
    // A shared port can be taken a second time, also by another program; only one that is not tells that it is in use.
    if (shared) await tryPort(port, host);
    return (await listening(listener.server, { port, host, reusePort: shared })).port;
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
    const taken = code === 'EADDRINUSE' || code === 'EACCES';
    const why = code === 'EADDRINUSE' ? 'the port is in use' : code;
    const other = taken ? setting : setting.replace(/PORT$/, 'HOST');
    const message = `cannot listen on ${host}:${port}: ${why}; choose another with ${other}`;
    throw new AppError('CONFIG_INVALID', message, { cause });
  }
}

async function tryPort(port: number, host: string): Promise<void> {
  const probe = createServer();
  await listening(probe, { port, host });
  await new Promise((resolve) => probe.close(resolve));
}

function listening(server: Server, options: ListenOptions): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options, () => {
      server.off('error', reject);
      resolve(server.address() as AddressInfo);
    });
  });
}

/** What a server that listens on `host` is reached at from this machine. */
export function urlOf(scheme: 'http' | 'https', port: number, host: string): string {
  const address = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `${scheme}://${address.includes(':') ? `[${address}]` : address}:${port}`;
}
