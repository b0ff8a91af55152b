// Calls that need no principal and tell nothing about the store.
import { Router } from 'express';
import { OPERATIONS } from './contract/operations.ts';
import { openApiDocument } from './openapi.ts';
import { on } from './route.ts';

export function createOpenRoutes(version: string): Router {
  const router = Router();
  const document = openApiDocument(version) as { readonly openapi: string };
  on(router, OPERATIONS.getOpenApi, () => document);
  return router;
}
