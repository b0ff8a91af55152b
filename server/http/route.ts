// From an operation to a route: the permission first, then the body, then the handler, whose answer the compiler holds
// to the operation's shape.
import type { Request, RequestHandler, Response, Router } from 'express';
import { z } from 'zod';
import { type Principal, requirePermission } from '../domain/principal.ts';
import type { AnswerBody, Input, Operation } from './contract/operation.ts';
import { parseRequest } from './contract/parse-request.ts';
import { principalOf } from './credentials.ts';
import { jsonBody, readJson } from './routing.ts';

/** Returned by a handler that has written the answer itself. */
export const SENT = { sent: true } as const;

export type Exchange = { readonly principal: Principal; readonly req: Request; readonly res: Response };

type Reply<O extends Operation> = AnswerBody<O> | (IsEmpty<O> extends true ? undefined : never) | typeof SENT;
type IsEmpty<O extends Operation> = [AnswerBody<O>] extends [never] ? true : false;

type Handler<O extends Operation> = (input: Input<O>, exchange: Exchange) => Promise<Reply<O>> | Reply<O>;

/** What is not asked for is refused: ignored, a wish such as `?scope=…` would look as if it had been granted. */
const NO_QUERY = z.strictObject({});
/** What takes something away grants nothing. */
const ANY_QUERY = z.unknown();

/** `reading` are middlewares for bodies that are not JSON. */
export function on<const O extends Operation>(
  router: Router,
  operation: O,
  handler: Handler<O>,
  ...reading: readonly RequestHandler[]
): void {
  const { method, path, needs, params, query, body, rawBody, answers } = operation;
  const status = Number(Object.keys(answers)[0]);

  const allowed: RequestHandler = (_req, res, next) => {
    if (needs !== 'anyone' && needs !== 'nobody') requirePermission(principalOf(res), ...needs);
    next();
  };
  const handle: RequestHandler = async (req, res) => {
    const input = {
      params: params && parseRequest(params, req.params),
      query: parseRequest(query ?? (method === 'delete' ? ANY_QUERY : NO_QUERY), req.query),
      body:
        body && (rawBody === undefined || req.is('application/json')) ? parseRequest(body, readJson(req)) : undefined,
    };
    res.status(status);
    const reply = await handler(input as Input<O>, { principal: principalOf(res), req, res });
    if (reply === SENT) return;
    if (reply === undefined) res.end();
    else res.json(reply);
  };
  router[method](path, allowed, ...(body ? [jsonBody] : []), ...reading, handle);
}
