// The admin pages: files that `npm run build` made in web/dist, below /ui/. Every address there that is no file is a page
// of the application, which finds its own way. Files with a hash in their name never change.
import { existsSync } from 'node:fs';
import { type RequestHandler, Router } from 'express';
import helmet from 'helmet';
import sirv from 'sirv';

/** Nothing but our own files, no script or style inside a page, no frame around it. */
const POLICY = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", 'data:'],
    fontSrc: ["'self'"],
    connectSrc: ["'self'"],
    formAction: ["'self'"],
    baseUri: ["'none'"],
    frameAncestors: ["'none'"],
  },
};

const NOT_BUILT = 'The pages are not built. In a checkout, run: npm run build\n';

/** `folder` is web/dist. */
export function createUi(folder: string): RequestHandler {
  const router = Router({ strict: true }); // or /ui/ would be sent to itself
  // A person who types the address of the store means the pages; no runtime asks for "/".
  router.get('/', (req, res, next) => {
    if (req.accepts(['json', 'html']) === 'html') res.redirect(302, '/ui/');
    else next();
  });
  router.get('/ui', (_req, res) => res.redirect(308, '/ui/'));
  if (existsSync(folder)) router.use('/ui', helmet({ ...OTHERS, contentSecurityPolicy: POLICY }), filesIn(folder));
  else router.get(/^\/ui\//, (_req, res) => void res.status(503).type('text').send(NOT_BUILT));
  return router;
}

/** TLS, and with it HSTS, is the proxy's to decide. */
const OTHERS = { strictTransportSecurity: false, referrerPolicy: { policy: 'same-origin' } } as const;

function filesIn(folder: string): RequestHandler {
  return sirv(folder, {
    single: true,
    etag: true,
    gzip: true,
    brotli: true,
    setHeaders(res, path) {
      res.setHeader('cache-control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
}
