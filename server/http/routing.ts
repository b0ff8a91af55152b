// What the routers share: JSON bodies that are taken for nothing else, and 405 where only the method is wrong.
import express, { type Request, type Router } from 'express';
import { AppError } from '../domain/errors.ts';
import { LIMITS } from '../domain/limits.ts';

/** To be mounted behind the check of permissions. */
export const jsonBody = express.json({ limit: LIMITS.jsonBodyBytes });

/** The parsed body. A body of another type is refused: ignored, it would look as if its wish had been granted. */
export function readJson(req: Request): unknown {
  if (req.is('application/json')) return req.body;
  throw new AppError('CONTENT_TYPE_UNSUPPORTED', "this call takes JSON: send -H 'content-type: application/json'");
}

/** Adds, after all routes of a router, a 405 with `Allow` for every other method of their paths. */
export function refuseOtherMethods(router: Router): Router {
  const allowed = new Map<string, Set<string>>();
  for (const { route } of router.stack) {
    if (!route) continue;
    const methods = allowed.get(route.path) ?? new Set();
    for (const { method } of route.stack) methods.add(method.toUpperCase());
    allowed.set(route.path, methods);
  }
  for (const [path, methods] of allowed)
    router.all(path, (req, res) => {
      const list = [...methods, ...(methods.has('GET') ? ['HEAD'] : [])].join(', ');
      res.set('allow', list);
      throw new AppError('METHOD_NOT_ALLOWED', `${req.method} is not for this address; it takes ${list}`);
    });
  return router;
}
