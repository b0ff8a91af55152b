// /api/v1/users: people who may sign in.
import { Router } from 'express';
import { userView } from '../services/user-views.ts';
import type { Users } from '../services/users.ts';
import { OPERATIONS } from './contract/operations.ts';
import { on } from './route.ts';
import { refuseOtherMethods } from './routing.ts';

export function createUserRoutes({ users }: { readonly users: Users }): Router {
  const router = Router();

  on(router, OPERATIONS.listUsers, async (_input, { principal }) => ({
    items: (await users.list(principal)).map(userView),
  }));

  on(router, OPERATIONS.createUser, async ({ body }, { principal }) => userView(await users.create(body, principal)));

  on(router, OPERATIONS.changeUser, async ({ params, body }, { principal }) =>
    userView(await users.change(params.name, body, principal)),
  );

  on(router, OPERATIONS.removeUser, async ({ params }, { principal }) => {
    await users.remove(params.name, principal);
    return undefined;
  });

  return refuseOtherMethods(router);
}
