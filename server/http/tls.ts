// The server's own TLS: its certificate and key, read at the start and again when the files change, as they do every
// few weeks where certificates are renewed by a program.
import { X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { AppError, describeCause } from '../domain/errors.ts';
import type { Figure } from '../ops/figures.ts';
import type { Log } from '../ops/log.ts';

export type TlsFiles = {
  /** PEM files: the certificate with those of its issuers below it, and its private key. */
  readonly cert: string;
  readonly key: string;
};

/** What is in them. */
export type TlsMaterial = {
  readonly cert: string;
  readonly key: string;
};

/** How long a renewed certificate waits. */
const LOOK_MS = 10_000;

/** Throws CONFIG_INVALID for files that cannot be read, are none, or do not belong together. */
export function readTls(files: TlsFiles): TlsMaterial {
  const material = { cert: read('LOOKASIDE_TLS_CERT', files.cert), key: read('LOOKASIDE_TLS_KEY', files.key) };
  try {
    createSecureContext(material);
    return material;
  } catch (cause) {
    const both = `LOOKASIDE_TLS_CERT ${files.cert} and LOOKASIDE_TLS_KEY ${files.key}`;
    const what = `${both} are not a PEM certificate and its private key`;
    throw new AppError('CONFIG_INVALID', `${what} (${(cause as Error).message})`, { cause });
  }
}

/** Of the certificate in use. */
export function certificateFigure(current: () => TlsMaterial): Figure {
  return {
    name: 'lookaside_tls_certificate_expiry_timestamp_seconds',
    help: 'When the certificate in use ends; only with LOOKASIDE_TLS_CERT.',
    read: () => Date.parse(new X509Certificate(current().cert).validTo) / 1000,
  };
}

type Renewal = {
  readonly files: TlsFiles;
  readonly use: (material: TlsMaterial) => void;
  readonly log: Log;
  readonly lookMs?: number;
};

/** Connections under way go on with the certificate they began with. Returns how to stop looking. */
export function keepTlsCurrent({ files, use, log, lookMs = LOOK_MS }: Renewal): () => void {
  let seen = stateOf(files);
  const look = () => {
    const now = stateOf(files);
    if (now === seen) return;
    try {
      use(readTls(files));
      seen = now;
      log.info('tls.renewed', { cert: files.cert });
    } catch (error) {
      // Written at this moment, or wrong: the old one serves on, and the next look may find them whole.
      log.warn('tls.not_renewed', { cause: describeCause(error) });
    }
  };
  const timer = setInterval(look, lookMs).unref();
  return () => clearInterval(timer);
}

function read(setting: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new AppError('CONFIG_INVALID', `${setting} is ${file}, which cannot be read: ${why}`, { cause });
  }
}

/** What changes when a file does, also when a link on its way is turned to another. */
function stateOf({ cert, key }: TlsFiles): string {
  return [cert, key]
    .map((file) => {
      const stats = statSync(file, { throwIfNoEntry: false });
      return stats ? `${stats.dev}:${stats.ino}:${stats.mtimeMs}:${stats.size}` : 'none';
    })
    .join(' ');
}
