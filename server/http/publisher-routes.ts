// /api/v1/publishers, and the exchange of ID tokens: the one call by which somebody without a credential gets one.
import express, { Router } from 'express';
import { formatInstant } from '../domain/instant.ts';
import { LIMITS } from '../domain/limits.ts';
import type { CountFailedToken } from '../services/failed-tokens.ts';
import type { Exchange } from '../services/oidc/exchange.ts';
import type { Publishers } from '../services/oidc/publishers.ts';
import { publisherView, trialView } from '../services/oidc/views.ts';
import { clientOf } from './client-address.ts';
import { OPERATIONS } from './contract/operations.ts';
import { on } from './route.ts';
import { refuseOtherMethods } from './routing.ts';

type Parts = { readonly publishers: Publishers; readonly exchange: Exchange };

export function createPublisherRoutes({ publishers, exchange }: Parts): Router {
  const router = Router();

  on(router, OPERATIONS.listPublishers, async (_input, { principal }) => ({
    items: (await publishers.list(principal)).map(publisherView),
  }));

  on(router, OPERATIONS.addPublisher, async ({ body }, { principal }) =>
    publisherView(await publishers.add(body, principal)),
  );

  on(router, OPERATIONS.removePublisher, async ({ params }, { principal }) => {
    await publishers.remove(params.id, principal);
    return undefined;
  });

  on(router, OPERATIONS.testPublishers, async ({ body: { idToken, claims = {} } }, { principal }) => {
    const trials =
      idToken === undefined
        ? await exchange.tryClaims(claims, principal)
        : await exchange.tryIdToken(idToken, principal);
    return { items: trials.map(trialView) };
  });

  return refuseOtherMethods(router);
}

type OpenParts = Pick<Parts, 'exchange'> & { readonly countFailedToken: CountFailedToken };

/** Mounted before the check of who asks. */
export function createExchangeRoutes({ exchange, countFailedToken }: OpenParts): Router {
  const router = Router();
  router.post(OPERATIONS.exchangeIdToken.path, express.json({ limit: LIMITS.exchangeBodyBytes }));

  on(router, OPERATIONS.exchangeIdToken, async ({ body }, { req }) => {
    const { publisher, token, secret } = await exchange.exchange(body).catch((refusal: unknown) => {
      countFailedToken(refusal, clientOf(req));
      throw refusal;
    });
    return {
      token: secret,
      expiresAt: formatInstant(token.expiresAt ?? token.createdAt),
      expiresInSeconds: LIMITS.exchangedTokenMs / 1000,
      publisher: { id: publisher.id, name: publisher.name },
      scopes: [...publisher.scopes],
      keys: [...publisher.keys],
    };
  });

  return refuseOtherMethods(router);
}
