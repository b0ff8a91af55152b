// Whether a request comes from a page of our own. A browser sends the session cookie along with whatever some page asks
// of us; SameSite=Strict stops other sites, and this stops them again, as well as neighbours on a sibling domain, whom
// SameSite does not count as other. What is looked at is set by the browser itself and out of reach of any page.
import type { Request } from 'express';
import { AppError, quote } from '../domain/errors.ts';

/**
 * What a request must bring. `proof`: something that says it is from a page of our own. `no-objection`: nothing that
 * says otherwise, so that programs, which send no such header, pass.
 */
export type Evidence = 'proof' | 'no-objection';

export type OriginGuard = {
  /** Throws ORIGIN_REFUSED. */
  requireOwnPage(req: Request, evidence: Evidence): void;
  /** Whether whoever asks is known to have come over TLS. */
  isSecure(req: Request): boolean;
};

/** `publicUrl` is LOOKASIDE_PUBLIC_URL, where it is set. */
export function createOriginGuard(publicUrl: string | null): OriginGuard {
  const publicOrigin = publicUrl === null ? null : new URL(publicUrl).origin;

  /** Whether it came over TLS as the proxy says that we trust, or to the address that is published with https. */
  function cameByTls(req: Request): boolean {
    return req.secure || (publicOrigin?.startsWith('https:') === true && originOf('https', req) === publicOrigin);
  }

  /** The scheme counts where we know it; a proxy that ends TLS need not tell us about it. */
  function isOwn(origin: string, req: Request): boolean {
    const schemes = cameByTls(req) ? ['https'] : ['https', 'http'];
    return origin === publicOrigin || schemes.some((scheme) => originOf(scheme, req) === origin);
  }

  /** The browser may know better than we do: a proxy can hide from us what we are called. */
  function isOwnPage(origin: string, req: Request): boolean {
    return isOwn(origin, req) || siteOf(req) === 'same-origin';
  }

  return {
    requireOwnPage(req, evidence) {
      const { origin } = req.headers;
      const site = siteOf(req);
      if (site !== undefined && site !== 'same-origin' && !(site === 'none' && isReading(req)))
        throw refused('the request comes from a page of another site');
      // Of a sandboxed frame, a file, a redirect: nobody's page is not ours.
      if (origin === 'null') throw refused('the request comes from a page without an address');
      if (origin !== undefined && !isOwnPage(origin, req))
        throw refused(
          `the request comes from ${quote(origin)}, which is another address than this store knows for itself; ` +
            'if it is right, set LOOKASIDE_PUBLIC_URL to it',
        );
      if (evidence === 'proof' && origin === undefined && site === undefined && !isReading(req))
        throw refused('a change by cookie needs the header Origin, as browsers send it; programs use a token instead');
    },

    isSecure(req) {
      const { origin } = req.headers;
      return cameByTls(req) || (origin?.startsWith('https:') === true && isOwnPage(origin, req));
    },
  };
}

function siteOf({ headers }: Request): string | undefined {
  const site = headers['sec-fetch-site'];
  return Array.isArray(site) ? site.join() : site;
}

/** Changes nothing, and browsers send no Origin along. */
function isReading({ method }: Request): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** Written as browsers write it, without a default port; null where the Host is none. */
function originOf(scheme: string, req: Request): string | null {
  const url = URL.parse(`${scheme}://${req.host}`);
  return url === null ? null : url.origin;
}

function refused(message: string): AppError {
  return new AppError('ORIGIN_REFUSED', message);
}
