// Addresses: taking one, and saying what it is reached at.
import type { AddressInfo } from 'node:net';
import { AppError } from '../domain/errors.ts';
import type { Listener } from './server.ts';

type Place = {
  readonly host: string;
  readonly port: number;
  /** The setting of the port, for whoever has to choose another. */
  readonly setting: string;
};

/** Resolves with the port. Throws CONFIG_INVALID naming the setting to change. */
export async function listenOn(listener: Listener, { host, port, setting }: Place): Promise<number> {
  try {
    return (await listening(listener, port, host)).port;
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
    const taken = code === 'EADDRINUSE' || code === 'EACCES';
    const why = code === 'EADDRINUSE' ? 'the port is in use' : code;
    const other = taken ? setting : setting.replace(/PORT$/, 'HOST');
    const message = `cannot listen on ${host}:${port}: ${why}; choose another with ${other}`;
    throw new AppError('CONFIG_INVALID', message, { cause });
  }
}

function listening({ server }: Listener, port: number, host: string): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
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
