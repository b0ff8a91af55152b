// Publishing without a secret, put together for the server and for commands.
import { readFileSync } from 'node:fs';
import type { Config } from '../config.ts';
import { AppError, quote, toAppError } from '../domain/errors.ts';
import type { Log } from '../ops/log.ts';
import type { World } from '../ops/world.ts';
import { createExchange, type Exchange } from '../services/oidc/exchange.ts';
import { createFetchDocument } from '../services/oidc/issuer-fetch.ts';
import type { createIssuerKeys, KeysOf } from '../services/oidc/issuer-keys.ts';
import { createPublishers, type Publishers } from '../services/oidc/publishers.ts';
import type { Store } from '../store/port.ts';

type Parts = { readonly store: Store; readonly world: World; readonly log: Log };

export function composeOidc(
  { publicUrl: audience, oidc }: Config,
  { store, world, log }: Parts,
): { publishers: Publishers; exchange: Exchange } {
  const publishers = createPublishers({ store, audience, world });
  const network = { privateHosts: oidc.privateHosts, authorities: readAuthorities(oidc.authorities) };
  const keysOf = onFirstUse({ fetchDocument: createFetchDocument(network), world, log });
  return { publishers, exchange: createExchange({ store, publishers, audience, keysOf, world, log }) };
}

/** Most stores have no publisher, and most commands ask no issuer: jose, 14 MiB, is loaded by whoever does. */
function onFirstUse(parts: Parameters<typeof createIssuerKeys>[0]): KeysOf {
  let keysOf: KeysOf | null = null;
  return (issuer) => async (header, token) => {
    // Where that fails, for want of a file descriptor, it is no fault of the token, and the next one tries again.
    const loaded = await import('../services/oidc/issuer-keys.ts').catch((cause: unknown) => {
      throw toAppError(cause);
    });
    keysOf ??= loaded.createIssuerKeys(parts);
    return keysOf(issuer)(header, token);
  };
}

function readAuthorities(file: string | null): string | null {
  if (file === null) return null;
  try {
    const text = readFileSync(file, 'utf8');
    if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
  } catch (cause) {
    throw new AppError('CONFIG_INVALID', `LOOKASIDE_OIDC_CA is ${quote(file)}, which cannot be read`, { cause });
  }
  throw new AppError('CONFIG_INVALID', `LOOKASIDE_OIDC_CA is ${quote(file)}, which holds no certificate in PEM`);
}
