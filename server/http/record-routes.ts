// What people look at: the overview, search, repositories and images, the audit log, refusals.
import { Router } from 'express';
import { ERRORS } from '../domain/errors.ts';
import { parseRepository, type Registry } from '../domain/repository-name.ts';
import type { AuditLog } from '../services/audit.ts';
import type { Catalogue } from '../services/catalogue.ts';
import type { Refusals } from '../services/refusals.ts';
import {
  auditView,
  expiringKeyView,
  imageView,
  keyView,
  refusalView,
  repositoryView,
  signatureView,
  tokenView,
} from '../services/views.ts';
import { OPERATIONS } from './contract/operations.ts';
import { createLineStream } from './line-stream.ts';
import { on, SENT } from './route.ts';
import { refuseOtherMethods } from './routing.ts';
import { cursorText } from './views.ts';

type Parts = {
  readonly catalogue: Catalogue;
  readonly audit: AuditLog;
  readonly refusals: Refusals;
  readonly defaultRegistry: Registry;
  readonly publicUrl: () => string;
};

export function createRecordRoutes(parts: Parts): Router {
  const router = Router();
  addCatalogueRoutes(router, parts);
  addAuditRoutes(router, parts);
  return refuseOtherMethods(router);
}

function addCatalogueRoutes(router: Router, { catalogue, defaultRegistry, publicUrl }: Parts): void {
  on(router, OPERATIONS.listRepositories, async ({ query: { q, limit, cursor } }, { principal }) => {
    const { items, next } = await catalogue.repositories(q, { limit, after: cursor ?? null }, principal);
    return { items: items.map(repositoryView), next };
  });

  on(router, OPERATIONS.listImages, async ({ query: { repository, limit, cursor } }, { principal }) => {
    const name = parseRepository(repository, defaultRegistry);
    const { items, next } = await catalogue.images(name, { limit, before: cursor ?? null }, principal);
    return { items: items.map(imageView), next: cursorText(next) };
  });

  on(router, OPERATIONS.search, async ({ query: { q, limit } }, { principal }) => {
    const found = await catalogue.search(q, limit, principal);
    return {
      repositories: found.repositories.map(repositoryView),
      images: found.images.map(imageView),
      signatures: found.signatures.map((signature) => signatureView(signature, publicUrl())),
      keys: found.keys.map(keyView),
      tokens: found.tokens.map(tokenView),
    };
  });

  on(router, OPERATIONS.getOverview, async (_input, { principal }) => {
    const { signatures, images, repositories, keys, days, ...lists } = await catalogue.overview(principal);
    return {
      signatures,
      images,
      repositories,
      keys,
      days: [...days],
      refusals: lists.refusals.map(({ code, count }) => ({ code, title: ERRORS[code], count })),
      expiringKeys: lists.expiringKeys.map(expiringKeyView),
      lastUploads: lists.lastUploads.map((signature) => signatureView(signature, publicUrl())),
      lastRefusals: lists.lastRefusals.map(refusalView),
    };
  });
}

function addAuditRoutes(router: Router, { audit, refusals }: Parts): void {
  const stream = createLineStream('the audit log');
  on(router, OPERATIONS.listAudit, async ({ query: { limit, cursor, ...filter } }, { principal }) => {
    const { items, next } = await audit.list(filter, { limit, before: cursor ?? null }, principal);
    return { items: items.map(auditView), next: cursorText(next), chain: await audit.status(principal) };
  });

  on(router, OPERATIONS.exportAudit, async ({ query }, { principal, res }) => {
    await stream(res, { type: 'application/jsonl', name: 'audit.jsonl' }, linesOf(audit.export(query, principal)));
    return SENT;
  });

  on(router, OPERATIONS.getAuditStatus, (_input, { principal }) => audit.status(principal));

  on(router, OPERATIONS.listRefusals, async ({ query: { limit, cursor, ...filter } }, { principal }) => {
    const { items, next } = await refusals.list(filter, { limit, before: cursor ?? null }, principal);
    return { items: items.map(refusalView), next: cursorText(next) };
  });
}

async function* linesOf(pages: ReturnType<AuditLog['export']>): AsyncGenerator<string, void> {
  for await (const rows of pages) yield rows.map((row) => `${JSON.stringify(auditView(row))}\n`).join('');
}
