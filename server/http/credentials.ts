// Who asks. Machines send a token: `Authorization: Bearer lks_…`, or Basic with the token as password, which is the only
// way registries.d, Portieris and OpenShift can carry one (protocol.md §1.4, §5). People send the cookie of a session.
import type { Request, RequestHandler, Response } from 'express';
import { AppError } from '../domain/errors.ts';
import type { Principal } from '../domain/principal.ts';
import type { CountFailedToken } from '../services/failed-tokens.ts';
import type { ActiveSession, Sessions } from '../services/sessions.ts';
import type { Tokens } from '../services/tokens.ts';
import { clientOf } from './client-address.ts';
import { readCredential } from './credential.ts';
import type { OriginGuard } from './same-origin.ts';
import { readSessionCookie } from './session-cookie.ts';

export type Authenticate = (authorization: string | undefined) => Promise<Principal>;

/** Tokens alone, as runtimes and uploads use them. Throws CREDENTIALS_*. */
export function createAuthenticate(tokens: Tokens): Authenticate {
  return async (authorization) => {
    const credential = readCredential(authorization);
    if (credential === null)
      throw new AppError(
        'CREDENTIALS_MISSING',
        'send a token: Authorization: Bearer lks_…, or as the password of Basic',
      );
    return tokens.authenticate(credential.secret);
  };
}

/** The same for a request of the API, where wrong tokens are counted by address; never for reads of signatures. */
export type AuthenticateRequest = (req: Request) => Promise<Principal>;

export function createAuthenticateRequest(
  authenticate: Authenticate,
  countFailedToken: CountFailedToken,
): AuthenticateRequest {
  return async (req) => {
    try {
      return await authenticate(req.headers.authorization);
    } catch (refusal) {
      countFailedToken(refusal, clientOf(req));
      throw refusal;
    }
  };
}

type Parts = { readonly authenticate: AuthenticateRequest; readonly sessions: Sessions; readonly guard: OriginGuard };

/**
 * In front of every call of the API: nobody's body is read, and no call looked for, before the caller is known. A token
 * comes first: whoever sends one means it, while a cookie is sent by itself.
 */
export function createRequirePrincipal({ authenticate, sessions, guard }: Parts): RequestHandler {
  async function callerOf(req: Request): Promise<{ principal: Principal; session: ActiveSession | null }> {
    const { authorization } = req.headers;
    const credential = readCredential(authorization);
    const cookie = authorization === undefined ? readSessionCookie(req, guard.isSecure(req)) : null;
    if (cookie === null) {
      // Browsers remember Basic and send it by themselves, as they do with a cookie; programs pass.
      if (credential?.scheme === 'basic') guard.requireOwnPage(req, 'no-objection');
      return { principal: await authenticate(req), session: null };
    }
    guard.requireOwnPage(req, 'proof');
    const session = await sessions.authenticate(cookie);
    return { principal: session.principal, session };
  }

  return async (req, res, next) => {
    const { principal, session } = await callerOf(req);
    res.locals.principal = principal;
    res.locals.session = session;
    next();
  };
}

/** Whoever the request was authenticated as. */
export function principalOf(res: Response): Principal {
  return res.locals.principal as Principal;
}

/** The session by which they were; null for a token. */
export function sessionOf(res: Response): ActiveSession | null {
  return res.locals.session as ActiveSession | null;
}
