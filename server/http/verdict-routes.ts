// /api/v1/verdict: would a runtime accept this image? What belongs to the question comes with it: a server that read files or
// asked registries for its callers would do so where they cannot.
import { Router } from 'express';
import { AppError, quote } from '../domain/errors.ts';
import type { RuntimeVerdicts } from '../services/runtime-verdict.ts';
import { OPERATIONS } from './contract/operations.ts';
import { on } from './route.ts';
import { refuseOtherMethods } from './routing.ts';

type Parts = { readonly verdicts: RuntimeVerdicts };

export function createVerdictRoutes({ verdicts }: Parts): Router {
  const router = Router();

  on(router, OPERATIONS.judgeImage, ({ body }, { principal }) => {
    const { image, digest = null, storedAs = null, policy = null, manifest } = body;
    const keys = body.keys.map(({ path, key }) => ({ path, bytes: keyBytes(key, path) }));
    const bytes = manifest === undefined ? null : Buffer.from(manifest, 'utf8');
    return verdicts.judge({ image, digest, storedAs, policy, keys, manifest: bytes }, principal);
  });

  return refuseOtherMethods(router);
}

/** A binary key file cannot stand in JSON as it is. */
function keyBytes(text: string, path: string): Uint8Array {
  if (text.includes('-----BEGIN PGP')) return Buffer.from(text, 'utf8');
  const base64 = text.replace(/\s/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64))
    throw new AppError('REQUEST_INVALID', `the key for ${quote(path)} is neither armored nor base64`);
  return Buffer.from(base64, 'base64');
}
