// /api/v1/session: signing in and out, who am I, one's own password. Mounted before the check of who asks, since that is
// what two of the four decide.
import express, { type RequestHandler, type Response, Router } from 'express';
import { LIMITS } from '../domain/limits.ts';
import type { Principal } from '../domain/principal.ts';
import type { ActiveSession, Sessions } from '../services/sessions.ts';
import type { Tokens } from '../services/tokens.ts';
import { callerView } from '../services/user-views.ts';
import { clientOf } from './client-address.ts';
import { OPERATIONS } from './contract/operations.ts';
import { sessionOf } from './credentials.ts';
import { on } from './route.ts';
import { refuseOtherMethods } from './routing.ts';
import type { OriginGuard } from './same-origin.ts';
import { clearSessionCookies, hasSessionCookie, readSessionCookie, setSessionCookie } from './session-cookie.ts';

/** What a page needs to know about the store it is from. */
export type StoreFacts = {
  readonly publicUrl: string;
  readonly version: string;
  readonly readAccess: 'public' | 'token';
  readonly publicScopes: string[];
  readonly defaultRegistry: string;
};

type Parts = {
  readonly sessions: Sessions;
  readonly tokens: Tokens;
  readonly guard: OriginGuard;
  readonly requirePrincipal: RequestHandler;
  readonly storeFacts: () => StoreFacts;
};

export function createSessionRoutes({ requirePrincipal, ...parts }: Parts): Router {
  const router = Router();
  addSignIn(router, parts);
  addSignOut(router, parts);
  router.get(OPERATIONS.getSession.path, requirePrincipal);
  router.put(OPERATIONS.changeOwnPassword.path, requirePrincipal);
  addOwnRoutes(router, parts);
  return refuseOtherMethods(router);
}

type OpenParts = Omit<Parts, 'requirePrincipal'>;

function addSignIn(router: Router, { sessions, guard, storeFacts }: OpenParts): void {
  const { path } = OPERATIONS.signIn;
  // A foreign page could sign its visitor in as somebody else, who then works on the wrong account. Only a browser can
  // be made to do that, and browsers always send Origin with a POST: without it this is a program, which may.
  router.post(path, (req, _res, next) => {
    guard.requireOwnPage(req, 'no-objection');
    next();
  });
  router.post(path, express.json({ limit: LIMITS.signInBodyBytes }));

  on(router, OPERATIONS.signIn, async ({ body: { username, password } }, { req, res }) => {
    const secure = guard.isSecure(req);
    const { session, secret } = await sessions.signIn({ untrustedName: username, password, client: clientOf(req) });
    // Always a new secret: one that was planted in the browser beforehand must not become this person's.
    const former = readSessionCookie(req, secure);
    if (former !== null) await sessions.end(former);
    setSessionCookie(res, secret, secure);
    return { ...callerView(session.principal, standingOf(session)), store: storeFacts() };
  });
}

function addSignOut(router: Router, { sessions, guard }: OpenParts): void {
  on(router, OPERATIONS.signOut, async (_input, { req, res }) => {
    if (hasSessionCookie(req)) guard.requireOwnPage(req, 'proof');
    const secret = readSessionCookie(req, guard.isSecure(req));
    if (secret !== null) await sessions.end(secret);
    clearSessionCookies(req, res);
    return undefined;
  });
}

function addOwnRoutes(router: Router, { sessions, tokens, storeFacts }: OpenParts): void {
  /** People: until when they are signed in. Tokens: until when they are good. */
  async function standing(res: Response, { actor }: Principal) {
    const session = sessionOf(res);
    if (session !== null) return standingOf(session);
    return { role: null, expiresAt: actor.kind === 'token' ? await tokens.expiry(actor.id) : null };
  }

  on(router, OPERATIONS.getSession, async (_input, { principal, res }) => ({
    ...callerView(principal, await standing(res, principal)),
    store: storeFacts(),
  }));

  on(router, OPERATIONS.changeOwnPassword, async ({ body }, { principal, req, res }) => {
    await sessions.changeOwnPassword({ ...body, client: clientOf(req) }, principal);
    clearSessionCookies(req, res);
    return undefined;
  });
}

function standingOf({ user, expiresAt }: ActiveSession) {
  return { role: user.role, expiresAt };
}
