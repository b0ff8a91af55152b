// Tokens as they travel: `Authorization: Bearer lks_…`, or Basic with the token as password, which is the only way
// registries.d, Portieris and OpenShift can carry one (protocol.md §1.4, §5).
import type { RequestHandler, Response } from 'express';
import { AppError } from '../domain/errors.ts';
import type { Principal } from '../domain/principal.ts';
import type { Tokens } from '../services/tokens.ts';

export type Authenticate = (authorization: string | undefined) => Promise<Principal>;

/** Throws CREDENTIALS_*. */
export function createAuthenticate(tokens: Tokens): Authenticate {
  return async (authorization) => {
    const secret = readSecret(authorization);
    if (secret === null)
      throw new AppError(
        'CREDENTIALS_MISSING',
        'send a token: Authorization: Bearer lks_…, or as the password of Basic',
      );
    return tokens.authenticate(secret);
  };
}

/** In front of every call of the API: nobody's body is read, and no call looked for, before the caller is known. */
export function createRequirePrincipal(authenticate: Authenticate): RequestHandler {
  return async (req, res, next) => {
    res.locals.principal = await authenticate(req.headers.authorization);
    next();
  };
}

/** Whoever the request was authenticated as. */
export function principalOf(res: Response): Principal {
  return res.locals.principal as Principal;
}

/** The untrusted secret, or null where none is offered; an empty Basic user and password is how clients say nobody. */
function readSecret(authorization: string | undefined): string | null {
  const [, scheme = '', value = ''] = /^(\w+) +(\S+)$/.exec(authorization ?? '') ?? [];
  if (scheme.toLowerCase() === 'bearer') return value;
  if (scheme.toLowerCase() !== 'basic') return null;
  const pair = Buffer.from(value, 'base64').toString('utf8');
  return pair.slice(pair.indexOf(':') + 1) || null;
}
