// One call of the API, described once: the router validates requests with it, the compiler holds answers to it, and
// the OpenAPI document and the web client's types are generated from it.
import type { z } from 'zod';
import type { Right } from '../../domain/principal.ts';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** A body that is not JSON: its content types, and what it holds, in words. */
export type RawBody = { readonly types: readonly string[]; readonly description: string };

export type Answer = {
  readonly description: string;
  /** None: an answer without a body. */
  readonly schema?: z.ZodType;
  /** Content type of a body that is not JSON. */
  readonly type?: string;
};

export type Operation = {
  readonly method: Method;
  /** Below /api/v1, as Express writes it: `/keys/:fingerprint`. */
  readonly path: `/${string}`;
  readonly tag:
    | 'Sessions'
    | 'Signatures'
    | 'Images'
    | 'Keys'
    | 'Tokens'
    | 'Publishers'
    | 'Aliases'
    | 'Configuration'
    | 'Users'
    | 'Audit log'
    | 'Overview'
    | 'API';
  readonly summary: string;
  /** Any one of these; `anyone` signed in or with a token; `nobody` need be. Decided before the body is read. */
  readonly needs: readonly Right[] | 'anyone' | 'nobody';
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  /** Read by the handler itself, beside or in place of JSON. */
  readonly rawBody?: RawBody;
  readonly answers: Readonly<Record<number, Answer>>;
};

type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined;

/** What a handler is given: the request, parsed and allowed. */
export type Input<O extends Operation> = {
  readonly params: Parsed<O['params']>;
  readonly query: Parsed<O['query']>;
  readonly body: Parsed<O['body']>;
};

type BodyOf<A> = A extends { readonly schema: infer S extends z.ZodType } ? z.input<S> : never;

/** The JSON bodies an operation may answer with. */
export type AnswerBody<O extends Operation> = BodyOf<O['answers'][keyof O['answers']]>;

/** Keeps the literal types of a description. */
export function operation<const O extends Operation>(description: O): O {
  return description;
}

/** An answer without a body. */
export const DONE = { description: 'done' } as const;
