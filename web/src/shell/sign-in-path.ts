// The way to the sign-in page and back to where one was.

const BASE = '/ui';

/** Where to sign in, given the place that asked for it. */
export function signInPath(pathname: string, search: string): string {
  const inside = pathname.startsWith(BASE) ? pathname.slice(BASE.length) || '/' : pathname;
  const place = inside + search;
  return place === '/' || inside === '/sign-in' ? '/sign-in' : `/sign-in?return=${encodeURIComponent(place)}`;
}

/** The same for somebody whose session has just ended. */
export function sessionEndedPath(pathname: string, search: string): string {
  const path = signInPath(pathname, search);
  return `${path}${path.includes('?') ? '&' : '?'}ended`;
}

/** After a change of password, which ends all sessions of that person. */
export const CHANGED_PATH = '/sign-in?changed';

/** Only a path of ours: `//elsewhere` and `/\elsewhere` lead a browser to another site. */
export function parseReturn(untrusted: string | null): string {
  return untrusted !== null && /^\/(?![/\\])/.test(untrusted) ? untrusted : '/';
}
