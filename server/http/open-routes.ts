// Calls that need no principal and tell nothing about the store.
import { Router } from 'express';
import { OPERATIONS } from './contract/operations.ts';
import { openApiDocument } from './openapi.ts';
import { on } from './route.ts';

export function createOpenRoutes(version: string): Router {
  const router = Router();
  // Made when somebody asks: a store that only serves has no use for it.
  let document: { readonly openapi: string } | null = null;
  on(router, OPERATIONS.getOpenApi, () => {
    document ??= openApiDocument(version) as { readonly openapi: string };
    return document;
  });
  return router;
}
