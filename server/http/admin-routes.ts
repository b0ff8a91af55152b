// /api/v1/keys and /api/v1/tokens: what an admin does.
import express, { type Request, Router } from 'express';
import { AppError } from '../domain/errors.ts';
import { LIMITS } from '../domain/limits.ts';
import type { KeyRegistry } from '../services/key-registry.ts';
import type { Tokens } from '../services/tokens.ts';
import { keyFactsView, keyView, keyWithServedView, tokenView } from '../services/views.ts';
import { OPERATIONS } from './contract/operations.ts';
import { on, SENT } from './route.ts';
import { refuseOtherMethods } from './routing.ts';

type Parts = { readonly keys: KeyRegistry; readonly tokens: Tokens };

export function createAdminRoutes(parts: Parts): Router {
  const router = Router();
  addKeyRoutes(router, parts);
  addTokenRoutes(router, parts);
  return refuseOtherMethods(router);
}

function addKeyRoutes(router: Router, { keys }: Parts): void {
  const rawKey = express.raw({
    type: ['application/pgp-keys', 'application/octet-stream', 'text/plain'],
    limit: LIMITS.keyFileBytes,
  });

  on(router, OPERATIONS.listKeys, async ({ query: { limit, cursor, ...filter } }, { principal }) => {
    const { items, next } = await keys.list(filter, { limit, after: cursor ?? null }, principal);
    return { items: items.map(keyWithServedView), next };
  });

  on(
    router,
    OPERATIONS.registerKeys,
    async ({ query, body }, { principal, req, res }) => {
      if (body && (query.name ?? query.scope) !== undefined)
        throw new AppError(
          'REQUEST_INVALID',
          'name and scopes stand in the JSON; in the query they are for a raw key file',
        );
      const request = body ?? { name: query.name, scopes: query.scope };
      const results = await keys.register(keyFileOf(req, body), request, principal);
      if (results.some(({ status }) => status === 'registered')) res.status(201);
      return { results: results.map(({ status, key }) => ({ status, key: keyView(key) })) };
    },
    rawKey,
  );

  on(
    router,
    OPERATIONS.previewKeys,
    async ({ body }, { principal, req }) => {
      const preview = await keys.preview(keyFileOf(req, body), principal);
      return {
        keys: preview.keys.map(({ facts, registered }) => ({
          ...keyFactsView(facts),
          revocation: facts.revocation,
          registered: registered && keyView(registered),
        })),
        revocations: preview.revocations.map(({ issuer, registered }) => ({
          issuer,
          registered: registered && keyView(registered),
        })),
      };
    },
    rawKey,
  );

  on(router, OPERATIONS.getKey, async ({ params }, { principal }) =>
    keyWithServedView(await keys.get(params.fingerprint, principal)),
  );

  on(router, OPERATIONS.changeKey, async ({ params, body }, { principal }) =>
    keyView(await keys.change(params.fingerprint, body, principal)),
  );

  on(router, OPERATIONS.getKeyMaterial, async ({ params: { fingerprint }, query: { format } }, { principal, res }) => {
    const file = await keys.material(fingerprint, format, principal);
    const name = `${fingerprint}.${format === 'binary' ? 'gpg' : 'asc'}`;
    res.set('content-disposition', `attachment; filename="${name}"`);
    res.type('application/pgp-keys').send(Buffer.from(file));
    return SENT;
  });
}

/** The key file of a request, as a raw body or as a member of JSON. */
function keyFileOf(req: Request, body: { readonly key: string } | undefined): Uint8Array {
  if (body) return Buffer.from(body.key, 'utf8');
  if (Buffer.isBuffer(req.body)) return req.body;
  throw new AppError(
    'CONTENT_TYPE_UNSUPPORTED',
    'send the key file as application/pgp-keys, or JSON {"key": "-----BEGIN PGP…"}',
  );
}

function addTokenRoutes(router: Router, { tokens }: Parts): void {
  on(router, OPERATIONS.listTokens, async ({ query: { limit, cursor, ...filter } }, { principal }) => {
    const { items, next } = await tokens.list(filter, { limit, after: cursor ?? null }, principal);
    return { items: items.map(tokenView), next };
  });

  on(router, OPERATIONS.createToken, async ({ body }, { principal }) => {
    const { expiresInDays, ...request } = body;
    const { token, secret } = await tokens.create({ ...request, lifetimeMs: expiresInDays }, principal);
    return { ...tokenView(token), secret };
  });

  on(router, OPERATIONS.revokeToken, async ({ params }, { principal }) => {
    await tokens.revoke(params.id, principal);
    return undefined;
  });
}
