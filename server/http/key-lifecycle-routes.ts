// The end of keys below /api/v1/keys: which expire, what depends on one, what its successor has yet to sign.
import { Router } from 'express';
import { DAY_MS } from '../domain/instant.ts';
import { type KeyImage, type KeyLifecycle, toSigningLines } from '../services/key-lifecycle.ts';
import { expiringKeyView, keyImageView } from '../services/views.ts';
import { OPERATIONS } from './contract/operations.ts';
import { createLineStream } from './line-stream.ts';
import { on, SENT } from './route.ts';
import { refuseOtherMethods } from './routing.ts';

/** To be mounted before /keys/:fingerprint, which `expiring` is not. */
export function createKeyLifecycleRoutes({ lifecycle }: { readonly lifecycle: KeyLifecycle }): Router {
  const router = Router();
  const stream = createLineStream('a list of what is to be signed');

  on(router, OPERATIONS.listExpiringKeys, async ({ query: { within } }, { principal }) => ({
    items: (await lifecycle.expiring(within * DAY_MS, principal)).map(expiringKeyView),
  }));

  on(
    router,
    OPERATIONS.getKeyImpact,
    async ({ params: { fingerprint }, query: { end, limit, cursor } }, { principal }) => {
      const page = { limit, after: cursor ?? null };
      const impact = await lifecycle.impact({ fingerprint, end }, page, principal);
      return { ...impact, items: impact.items.map(keyImageView) };
    },
  );

  on(router, OPERATIONS.getKeyRotation, async ({ params, query: { to, limit, cursor } }, { principal }) => {
    const keys = { old: params.fingerprint, successor: to };
    const rotation = await lifecycle.rotation(keys, { limit, after: cursor ?? null }, principal);
    return { ...rotation, items: rotation.items.map(keyImageView), uncovered: [...rotation.uncovered] };
  });

  on(router, OPERATIONS.getKeyRotationList, async ({ params, query: { to } }, { principal, res }) => {
    const pages = lifecycle.rotationList({ old: params.fingerprint, successor: to }, principal);
    await stream(res, { type: 'text/plain', name: 'to-sign.txt' }, linesOf(pages));
    return SENT;
  });

  return refuseOtherMethods(router);
}

async function* linesOf(pages: AsyncGenerator<readonly KeyImage[], void>): AsyncGenerator<string, void> {
  for await (const images of pages)
    yield toSigningLines(images)
      .map((line) => `${line}\n`)
      .join('');
}
