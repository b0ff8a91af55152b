// The edge: every error of the API ends here and becomes a problem document. A stranger's words stay in the log.
import type { ErrorRequestHandler, Request, Response } from 'express';
import { AppError, describeCause, toAppError } from '../domain/errors.ts';
import type { Log } from '../ops/log.ts';
import type { Metrics } from '../ops/metrics.ts';
import { PROBLEM_TYPE, type Problem, toProblem } from './problem.ts';
import { hasSessionCookie } from './session-cookie.ts';

export function createErrorEdge(log: Log, metrics: Pick<Metrics, 'problem'>): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  return (thrown: unknown, req: Request, res: Response, _next) => {
    const error = toAppError(fromExpress(thrown));
    const problem = toProblem(error);
    metrics.problem(error.code);
    const level = problem.status >= 500 ? 'error' : 'info';
    // The message is for the caller: it may quote what they sent.
    const cause = level === 'error' ? describeCause(error.cause) : undefined;
    log[level]('request.failed', { method: req.method, status: problem.status, code: error.code, cause });
    if (res.headersSent) return void res.destroy();
    if (error.retryAfterSeconds !== null) res.set('retry-after', String(error.retryAfterSeconds));
    sendProblem(req, res, problem);
  };
}

export function sendProblem(
  req: Request,
  res: Response,
  problem: Problem & { readonly results?: readonly unknown[] },
): void {
  if (problem.status === 401 && !isFromPage(req))
    res.set('www-authenticate', 'Basic realm="lookaside", Bearer realm="lookaside"');
  if (problem.status === 413) stopListening(req);
  res.status(problem.status).set('cache-control', 'no-store').type(PROBLEM_TYPE).send(JSON.stringify(problem));
}

/**
 * A script in a page, or somebody signing in: asked for Basic, the browser would open a dialog of its own above ours.
 * Over plain HTTP browsers do not say what a request is for; that of our own pages names problem documents.
 */
function isFromPage(req: Request): boolean {
  const { accept = '' } = req.headers;
  return (
    req.headers['sec-fetch-dest'] === 'empty' ||
    accept.includes(PROBLEM_TYPE) ||
    hasSessionCookie(req) ||
    (req.method === 'POST' && req.originalUrl.startsWith('/api/v1/session'))
  );
}

/** What body parsers of Express throw, by their documented `type`. */
const PARSER_ERRORS: Record<string, AppError> = {
  'entity.too.large': new AppError('REQUEST_TOO_LARGE', 'the request body is larger than this call takes'),
  'entity.parse.failed': new AppError('REQUEST_MALFORMED', 'the request body is not JSON'),
  'encoding.unsupported': new AppError('CONTENT_TYPE_UNSUPPORTED', 'send the body without content-encoding'),
  'charset.unsupported': new AppError('CONTENT_TYPE_UNSUPPORTED', 'send JSON in UTF-8'),
  'request.aborted': new AppError('REQUEST_MALFORMED', 'the request ended before its body was complete'),
  'request.size.invalid': new AppError('REQUEST_MALFORMED', 'the body is not as long as its content-length says'),
};

/** What reading a request throws when its connection ends. */
const ABORTED = new Set(['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET', 'ABORT_ERR']);

function fromExpress(thrown: unknown): unknown {
  if (thrown instanceof URIError) return new AppError('REQUEST_MALFORMED', 'the address holds a broken percent escape');
  if (thrown instanceof Error && 'code' in thrown && ABORTED.has(String(thrown.code)))
    return new AppError('REQUEST_MALFORMED', 'the request ended before its body was complete');
  const type = thrown instanceof Error && 'type' in thrown ? String(thrown.type) : '';
  return PARSER_ERRORS[type] ?? thrown;
}

/** Bytes and time we go on reading after a 413, so that a client still sending gets to see the answer. */
const LINGER_BYTES = 1024 * 1024;
const LINGER_MS = 5_000;

function stopListening(req: Request): void {
  let left = LINGER_BYTES;
  const timer = setTimeout(() => req.destroy(), LINGER_MS).unref();
  req.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) req.destroy();
  });
  req.on('close', () => clearTimeout(timer));
  req.resume();
}
