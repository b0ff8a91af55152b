// One typed door to the HTTP API: an operation's name and its input in, its answer or an ApiError out.
import { ApiError, readProblem } from './api-error.ts';
import { OPERATIONS, type OperationId, type Operations } from './schema.ts';

export type Answer<Id extends OperationId> = Operations[Id]['answer'];

type Nothing = Record<never, never>;

/** A part that may be left out when all its members may. */
type Part<Name extends string, T> = Nothing extends T ? { [Key in Name]?: T } : { [Key in Name]: T };
/** `never` stands for a body that is no JSON: files. */
type BodyPart<T> = [T] extends [never]
  ? { body: FormData | Blob }
  : [T] extends [undefined]
    ? { body?: undefined }
    : { body: T };

export type Input<Id extends OperationId> = Part<'params', Operations[Id]['params']> &
  Part<'query', Operations[Id]['query']> &
  BodyPart<Operations[Id]['body']> & { signal?: AbortSignal };
/** The input may be left out when nothing in it is required. */
export type Arguments<Id extends OperationId> = Nothing extends Input<Id> ? [input?: Input<Id>] : [input: Input<Id>];

type AnyInput = { params?: object; query?: object; body?: unknown; signal?: AbortSignal };

const API = '/api/v1';

/** The address of an operation, for links that download. */
export function address<Id extends OperationId>(id: Id, ...[input]: Arguments<Id>): string {
  const { params = {}, query = {} } = (input ?? {}) as AnyInput;
  const path = OPERATIONS[id].path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(Reflect.get(params, name))),
  );
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    for (const each of Array.isArray(value) ? value : [value])
      if (each !== undefined && each !== null) search.append(name, String(each));
  return `${API}${path}${search.size > 0 ? `?${search}` : ''}`;
}

export async function call<Id extends OperationId>(id: Id, ...args: Arguments<Id>): Promise<Answer<Id>> {
  const { body, signal } = (args[0] ?? {}) as AnyInput;
  const headers = new Headers({ accept: 'application/json, application/problem+json' });
  const raw = body instanceof FormData || body instanceof Blob;
  if (body !== undefined && !raw) headers.set('content-type', 'application/json');
  const request: RequestInit = { method: OPERATIONS[id].method.toUpperCase(), headers, credentials: 'same-origin' };
  if (body !== undefined) request.body = raw ? body : JSON.stringify(body);
  if (signal !== undefined) request.signal = signal;
  const response = await send(address(id, ...args), request);
  if (!response.ok) throw await readProblem(response);
  if (response.status === 204) return undefined as Answer<Id>;
  return (await response.json()) as Answer<Id>; // the one place where the server's word is taken for the type
}

async function send(url: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url, request);
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new ApiError({ status: 0, code: 'NETWORK', detail: 'the server cannot be reached' }, { cause });
  }
}
