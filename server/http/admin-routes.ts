// /api/v1/keys, /api/v1/tokens, /api/v1/audit: what an admin does.
import express, { type Request, Router } from 'express';
import { AppError } from '../domain/errors.ts';
import { parseFingerprint } from '../domain/fingerprint.ts';
import { LIMITS } from '../domain/limits.ts';
import { requirePermission } from '../domain/principal.ts';
import type { AuditLog } from '../services/audit.ts';
import type { KeyRegistry, KeyRequest } from '../services/key-registry.ts';
import type { Tokens } from '../services/tokens.ts';
import { auditView, keyView, tokenView } from '../services/views.ts';
import { principalOf } from './credentials.ts';
import { jsonBody, readJson, refuseOtherMethods } from './routing.ts';
import { auditQuery, keyBody, keyPatch, keyQuery, parseRequest, tokenBody } from './schemas.ts';

type Parts = {
  readonly keys: KeyRegistry;
  readonly tokens: Tokens;
  readonly audit: AuditLog;
};

export function createAdminRoutes(parts: Parts): Router {
  const router = Router();
  router.use(['/keys', '/tokens', '/audit'], (_req, res, next) => {
    requirePermission(principalOf(res), 'admin'); // before anything of the request is looked at
    next();
  });
  router.use(['/keys', '/tokens'], jsonBody);
  addKeyRoutes(router, parts);
  addTokenRoutes(router, parts);
  router.get('/audit', async (req, res) => {
    const principal = principalOf(res);
    const { limit, cursor, ...filter } = parseRequest(auditQuery, req.query);
    const rows = await parts.audit.list(filter, { limit, before: cursor ?? null }, principal);
    const next = rows.length === limit ? String(rows.at(-1)?.seq) : null;
    res.json({ items: rows.map(auditView), next });
  });
  return refuseOtherMethods(router);
}

function addKeyRoutes(router: Router, { keys }: Parts): void {
  const rawKey = express.raw({
    type: ['application/pgp-keys', 'application/octet-stream', 'text/plain'],
    limit: LIMITS.keyFileBytes,
  });

  router.get('/keys', async (_req, res) => {
    const principal = principalOf(res);
    res.json({ items: (await keys.list(principal)).map(keyView) });
  });

  router.post('/keys', rawKey, async (req, res) => {
    const principal = principalOf(res);
    const { bytes, request } = readKeyRequest(req);
    const results = await keys.register(bytes, request, principal);
    res.status(results.some(({ status }) => status === 'registered') ? 201 : 200);
    res.json({ results: results.map(({ status, key }) => ({ status, key: keyView(key) })) });
  });

  router.get('/keys/:fingerprint', async (req, res) => {
    const principal = principalOf(res);
    res.json(keyView(await keys.get(parseFingerprint(req.params.fingerprint), principal)));
  });

  router.patch('/keys/:fingerprint', async (req, res) => {
    const principal = principalOf(res);
    const change = parseRequest(keyPatch, readJson(req));
    res.json(keyView(await keys.change(parseFingerprint(req.params.fingerprint), change, principal)));
  });
}

function readKeyRequest(req: Request): { bytes: Uint8Array; request: KeyRequest } {
  if (Buffer.isBuffer(req.body)) return { bytes: req.body, request: parseRequest(keyQuery, req.query) };
  if (!req.is('application/json'))
    throw new AppError(
      'CONTENT_TYPE_UNSUPPORTED',
      'send the key file as application/pgp-keys, or JSON {"key": "-----BEGIN PGP…"}',
    );
  const { key, ...request } = parseRequest(keyBody, readJson(req));
  return { bytes: Buffer.from(key, 'utf8'), request };
}

function addTokenRoutes(router: Router, { tokens }: Parts): void {
  router.get('/tokens', async (_req, res) => {
    const principal = principalOf(res);
    res.json({ items: (await tokens.list(principal)).map(tokenView) });
  });

  router.post('/tokens', async (req, res) => {
    const principal = principalOf(res);
    const { expiresInDays, ...request } = parseRequest(tokenBody, readJson(req));
    const { token, secret } = await tokens.create({ ...request, lifetimeMs: expiresInDays }, principal);
    res.status(201).json({ ...tokenView(token), secret });
  });

  router.delete('/tokens/:id', async (req, res) => {
    const principal = principalOf(res);
    await tokens.revoke(req.params.id, principal);
    res.status(204).end();
  });
}
