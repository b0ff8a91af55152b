// /api/v1/config. A POST that changes nothing: what is asked for may hold a token or a whole policy.
import { Router } from 'express';
import type { ClientConfig } from '../services/client-config/client-config.ts';
import { OPERATIONS } from './contract/operations.ts';
import { on } from './route.ts';
import { refuseOtherMethods } from './routing.ts';

export function createConfigRoutes({ clientConfig }: { readonly clientConfig: ClientConfig }): Router {
  const router = Router();

  on(router, OPERATIONS.generateConfig, async ({ body: { kind, ...wishes } }, { principal }) => {
    const { files, notes } = await clientConfig.generate(kind, wishes, principal);
    return { kind, files: [...files], notes: [...notes] };
  });

  return refuseOtherMethods(router);
}
