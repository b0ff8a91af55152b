// The Express application: everything but the read path, in the order requests meet it.
import express, { type Express, type RequestHandler } from 'express';
import helmet from 'helmet';
import { AppError } from '../domain/errors.ts';
import type { Log } from '../ops/log.ts';
import type { Metrics } from '../ops/metrics.ts';
import { createErrorEdge } from './error-edge.ts';
import { refuseOtherMethods } from './routing.ts';

/** TLS, and with it HSTS, is the proxy's to decide; nothing of the API is for a browser to run. */
const HEADERS = {
  strictTransportSecurity: false,
  contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
};

type Parts = {
  readonly trustProxy: number;
  /** Calls for everybody: signing in, the description of the API. */
  readonly openApi: readonly RequestHandler[];
  readonly requirePrincipal: RequestHandler;
  readonly api: readonly RequestHandler[];
  readonly ui: RequestHandler;
  readonly put: RequestHandler;
  /** Resolves when the database can be read and written. */
  readonly ready: () => Promise<void>;
  readonly metrics: Pick<Metrics, 'problem'>;
  readonly log: Log;
};

export function createApp(parts: Parts): Express {
  const { trustProxy, openApi, requirePrincipal, api, ui, put, ready, metrics, log } = parts;
  const app = express();
  app.set('trust proxy', trustProxy);
  app.set('etag', false);
  app.set('query parser', 'simple');
  app.use(helmet(HEADERS));

  const health = express.Router();
  health.get('/livez', (_req, res) => void res.set('cache-control', 'no-store').json({ status: 'live' }));
  health.get('/readyz', async (_req, res) => {
    await ready();
    res.set('cache-control', 'no-store').json({ status: 'ready' });
  });

  app.use(refuseOtherMethods(health));
  app.use('/api/v1', noStore, ...openApi, requirePrincipal, ...api);
  app.use(ui);
  app.use(noStore, put);
  app.use('/api', () => {
    throw new AppError('NOT_FOUND', 'there is no such call; GET /api/v1/openapi.json lists them all');
  });
  app.use(() => {
    throw new AppError('NOT_FOUND', 'there is nothing at this address');
  });
  app.use(createErrorEdge(log, metrics));
  return app;
}

/** Answers of the API are for whoever asked, at that moment. */
const noStore: RequestHandler = (_req, res, next) => {
  res.set('cache-control', 'no-store');
  next();
};
