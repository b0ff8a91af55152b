// An empty store that takes what one key signed, and a token to send it with.
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { composeLocal } from '../server/compose/local.ts';
import { loadConfig } from '../server/config.ts';
import { localPrincipal } from '../server/domain/principal.ts';
import { createLog } from '../server/ops/log.ts';
import type { SigningKey } from './signing-key.ts';

export type UploadStore = { readonly dataDir: string; readonly token: string };

/** In a folder of its own, or in an existing store. */
export async function makeUploadStore(scratch: string, key: SigningKey, existing?: string): Promise<UploadStore> {
  const dataDir = existing ?? mkdtempSync(join(scratch, 'uploads-'));
  const local = await composeLocal(loadConfig({ LOOKASIDE_DATA_DIR: dataDir }), createLog('silent'));
  const principal = localPrincipal('bench');
  try {
    await local.keys.register(Buffer.from(key.publicKey, 'base64'), {}, principal);
    const request = { name: 'bench', permissions: ['upload'], scopes: [], lifetimeMs: null } as const;
    const { secret } = await local.tokens.create(request, principal);
    return { dataDir, token: secret };
  } finally {
    await local.close();
  }
}
