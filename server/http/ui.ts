// The admin pages: files that `npm run build` made in web/dist, below /ui/. Every address there that is no file is a page
// of the application, which finds its own way. Files with a hash in their name never change.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Request, type RequestHandler, type Response, Router } from 'express';
import helmet from 'helmet';
import { type PageFile, readPageFiles } from './page-files.ts';

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

/** TLS, and with it HSTS, is the proxy's to decide. */
const OTHERS = { strictTransportSecurity: false, referrerPolicy: { policy: 'same-origin' } } as const;

const NOT_BUILT = 'The pages are not built. In a checkout, run: npm run build\n';

/** `folder` is web/dist. */
export function createUi(folder: string): RequestHandler {
  // A person who types the address of the store means the pages; no runtime asks for "/".
  const router = Router({ strict: true });
  router.get('/', (req, res, next) => {
    if (req.accepts(['json', 'html']) === 'html') res.redirect(302, '/ui/');
    else next();
  });
  router.get('/ui', (_req, res) => res.redirect(308, '/ui/'));
  // GET and HEAD alone: a repository may be called ui/…, and an upload to it must not be answered by a page.
  const files = onceBuilt(folder);
  const headers = helmet({ ...OTHERS, contentSecurityPolicy: POLICY });
  router.get(/^\/ui\//, headers, (req, res, next) => {
    const built = files();
    if (!built) return void res.status(503).type('text').send(NOT_BUILT);
    const name = req.path.slice('/ui/'.length);
    const file = built.get(name) ?? (isPage(name) ? built.get('index.html') : undefined);
    if (file) serve(file, req, res);
    else next();
  });
  return router;
}

/** Read by the first who asks, since a store that only serves has no use for them; null while there are none. */
function onceBuilt(folder: string): () => ReadonlyMap<string, PageFile> | null {
  let files: ReadonlyMap<string, PageFile> | null = null;
  return () => {
    if (files === null && existsSync(join(folder, 'index.html'))) files = readPageFiles(folder);
    return files;
  };
}

/** What looks like a file and is none is missing; everything else is an address within the application. */
function isPage(name: string): boolean {
  return !name.startsWith('assets/') && !/\.\w+$/.test(name);
}

function serve(file: PageFile, req: Request, res: Response): void {
  // By our own preference, the smallest first: browsers name all of theirs as equal, and gzip before the others.
  const encoding = [...file.encoded.keys()].find((each) => req.acceptsEncodings(each));
  const body = (encoding && file.encoded.get(encoding)) || file.bytes;
  res.set({
    'content-type': file.type,
    'cache-control': file.neverChanges ? 'public, max-age=31536000, immutable' : 'no-cache',
    vary: 'accept-encoding',
    etag: body.etag,
  });
  if (body.encoding !== null) res.set('content-encoding', body.encoding);
  if (req.fresh) return void res.status(304).end();
  res.set('content-length', String(body.content.length));
  if (req.method === 'HEAD') res.end();
  else res.end(body.content);
}
