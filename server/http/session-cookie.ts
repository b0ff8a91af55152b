// The session cookie. No script can read it, no other site can have it sent, and over TLS its name makes browsers refuse
// it from sibling domains and from plain HTTP (`__Host-`). It ends with the browser; the server ends it earlier.
import type { Request, Response } from 'express';

const NAME = 'lookaside_session';
const SECURE_NAME = `__Host-${NAME}`;
const ATTRIBUTES = 'Path=/; HttpOnly; SameSite=Strict';

/**
 * The untrusted secret, or null. Once TLS is known, the plain name is not read: a sibling domain, or whoever can answer
 * for us over plain HTTP, may set it and so sign a victim in as somebody else. Two values are none, for the same reason.
 */
export function readSessionCookie(req: Request, secure: boolean): string | null {
  const names = secure ? [SECURE_NAME] : [SECURE_NAME, NAME];
  for (const name of names) {
    const values = new Set(valuesOf(req, name));
    if (values.size > 0) return values.size === 1 ? ([...values][0] ?? null) : null;
  }
  return null;
}

export function hasSessionCookie(req: Request): boolean {
  return [SECURE_NAME, NAME].some((name) => valuesOf(req, name).length > 0);
}

export function setSessionCookie(res: Response, secret: string, secure: boolean): void {
  res.append(
    'set-cookie',
    secure ? `${SECURE_NAME}=${secret}; ${ATTRIBUTES}; Secure` : `${NAME}=${secret}; ${ATTRIBUTES}`,
  );
}

/** Those the browser sent: another name would be news to it. */
export function clearSessionCookies(req: Request, res: Response): void {
  if (valuesOf(req, NAME).length > 0) res.append('set-cookie', `${NAME}=; ${ATTRIBUTES}; Max-Age=0`);
  if (valuesOf(req, SECURE_NAME).length > 0)
    res.append('set-cookie', `${SECURE_NAME}=; ${ATTRIBUTES}; Secure; Max-Age=0`);
}

function valuesOf({ headers }: Request, name: string): string[] {
  const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim());
  return pairs.filter((pair) => pair.startsWith(`${name}=`)).map((pair) => pair.slice(name.length + 1));
}
