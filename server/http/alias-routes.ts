// /api/v1/aliases.
import { Router } from 'express';
import { type Aliases, aliasView } from '../services/aliases.ts';
import { OPERATIONS } from './contract/operations.ts';
import { on } from './route.ts';
import { refuseOtherMethods } from './routing.ts';

export function createAliasRoutes({ aliases }: { readonly aliases: Aliases }): Router {
  const router = Router();

  on(router, OPERATIONS.listAliases, async (_input, { principal }) => ({
    items: (await aliases.list(principal)).map(aliasView),
  }));

  on(router, OPERATIONS.addAlias, async ({ body }, { principal }) => aliasView(await aliases.add(body, principal)));

  on(router, OPERATIONS.removeAlias, async ({ params }, { principal }) => {
    await aliases.remove(params.id, principal);
    return undefined;
  });

  return refuseOtherMethods(router);
}
