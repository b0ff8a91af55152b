// The read path on the wire: GET and HEAD of a lookaside path, straight on node:http, before Express and all it
// stands for. Exactly 200 or 404 (304 to who asks conditionally): runtimes stop at 404 and fail on anything else, so a
// miss is 404 whatever its reason, and a fault of the store is never one.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { toAppError } from '../domain/errors.ts';
import type { ReadAccess } from '../domain/read-access.ts';
import type { Registry } from '../domain/repository-name.ts';
import { readLookasidePath } from '../domain/slot.ts';
import type { Log } from '../ops/log.ts';
import type { Metrics, ReadOutcome } from '../ops/metrics.ts';
import { createReadTiming } from '../ops/read-timing.ts';
import type { Lookaside } from '../services/lookaside.ts';
import type { Authenticate } from './credentials.ts';
import { STATUS } from './error-status.ts';
import { isPublic, requireRead } from './may-read.ts';
import { contentFields, etagOf, MISS, type ReadAnswers } from './read-answer.ts';

type Parts = ReadAccess & {
  readonly lookaside: Lookaside;
  readonly answers: ReadAnswers;
  readonly defaultRegistry: Registry;
  readonly authenticate: Authenticate;
  readonly metrics: Pick<Metrics, 'reads' | 'readTook'>;
  readonly log: Log;
};

/** True when the request was for the read path and is answered; false leaves it to the rest of the server. */
export type LookasideHandler = (req: IncomingMessage, res: ServerResponse) => boolean;

/** Addresses of other parts, unless they happen to read as a slot: a repository may be called api/v1. */
const RESERVED = /^\/(?:$|livez$|readyz$|api(?:\/|$)|ui(?:\/|$))/;

export function createLookasideHandler(parts: Parts): LookasideHandler {
  const { lookaside, answers, defaultRegistry, publicScopes, metrics, log } = parts;
  const timing = createReadTiming(metrics.readTook);

  function count(outcome: ReadOutcome): void {
    metrics.reads[outcome]++;
  }

  function serve(req: IncomingMessage, res: ServerResponse, path: string, look: Lookaside['lookUp']): void {
    timing.begin(Math.floor(performance.now() / 1000));
    const found = look(path);
    timing.end();
    if (!found) {
      count('miss');
      res.writeHead(404, MISS.flat()).end();
      return;
    }
    const validators = answers.validators(found);
    if (isFresh(req, etagOf(found.sha256), found.storedAt)) {
      count('not_modified');
      res.writeHead(304, validators.flat()).end();
      return;
    }
    count('hit');
    res.writeHead(200, [...contentFields(found.content.length), ...validators].flat());
    if (req.method === 'HEAD') res.end();
    else res.end(found.content, 'latin1');
  }

  function fail(res: ServerResponse, thrown: unknown): void {
    const error = toAppError(thrown);
    const status = STATUS[error.code];
    const outcome = status === 401 ? 'unauthorized' : status === 403 ? 'forbidden' : 'fault';
    count(outcome);
    if (outcome !== 'fault') log.info('read.refused', { code: error.code });
    if (outcome === 'fault') log.error('read.failed', { code: error.code, cause: String(error.cause ?? error) });
    const challenge = status === 401 ? ['WWW-Authenticate', 'Basic realm="lookaside"'] : [];
    // A fault is 5xx whatever its code says elsewhere: 404 would tell the runtime that the image is unsigned.
    res.writeHead(outcome === 'fault' ? Math.max(status, 500) : status, [...MISS.flat(), ...challenge]).end();
  }

  async function servePrivately(req: IncomingMessage, res: ServerResponse, path: string): Promise<void> {
    try {
      lookaside.refresh();
      if (!isPublic(publicScopes, lookaside.parse(path))) {
        const principal = await parts.authenticate(req.headers.authorization);
        lookaside.refresh(); // what is looked for is what the token was asked about
        requireRead(principal, lookaside.parse(path));
      }
      serve(req, res, path, lookaside.lookUp);
    } catch (error) {
      fail(res, error);
    }
  }

  return (req, res) => {
    const path = pathOf(req.url ?? '/');
    if (RESERVED.test(path) && readLookasidePath(path, defaultRegistry) === null) return false;
    if (req.method !== 'GET' && req.method !== 'HEAD') {
      if (req.method === 'PUT') return false;
      res.writeHead(405, ['Allow', 'GET, HEAD, PUT', ...MISS.flat()]).end();
      return true;
    }
    if (parts.readAccess === 'token') void servePrivately(req, res, path);
    else
      try {
        serve(req, res, path, lookaside.find);
      } catch (error) {
        fail(res, error);
      }
    return true;
  };
}

/** The path of a request target, which a proxy may send in absolute form (RFC 9112 §3.2.2). */
export function pathOf(url: string): string {
  const query = url.indexOf('?');
  const target = query < 0 ? url : url.slice(0, query);
  return target.startsWith('/') ? target : target.replace(/^https?:\/\/[^/]*/i, '') || '/';
}

/** RFC 9110 §13.1: If-None-Match decides where it is given, If-Modified-Since otherwise. */
function isFresh({ headers }: IncomingMessage, etag: string, storedAt: number): boolean {
  const tags = headers['if-none-match'];
  if (tags !== undefined) return tags.split(',').some((tag) => ['*', etag].includes(tag.trim().replace(/^W\//, '')));
  const since = headers['if-modified-since'];
  return since !== undefined && Math.floor(storedAt / 1000) * 1000 <= Date.parse(since);
}
