// The part of OpenAPI 3.1 that our own document uses, and its operations as a list.
import type { Answer } from '../../api/client.ts';

export type Schema = {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly default?: unknown;
};

export type Content = Readonly<Record<string, { readonly schema?: Schema }>>;

export type Parameter = {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required: boolean;
  readonly description?: string;
  readonly schema: Schema;
};

type Call = {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description: string;
  readonly security?: readonly unknown[];
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly description?: string; readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>;
};

export type Operation = Call & { readonly method: string; readonly path: string; readonly tag: string };

type OpenApi = {
  readonly info: { readonly version: string };
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Call>>>>;
  readonly components: { readonly schemas: Schemas };
};

export type Schemas = Readonly<Record<string, Schema>>;

export type Reference = {
  readonly version: string;
  readonly operations: readonly Operation[];
  readonly schemas: Schemas;
};

/** The server made it from the descriptions that it validates requests with, so its form is taken for granted. */
export function readDocument(answer: Answer<'getOpenApi'>): Reference {
  const { info, servers, paths, components } = answer as unknown as OpenApi;
  const base = servers[0]?.url ?? '';
  const operations = Object.entries(paths).flatMap(([path, calls]) =>
    Object.entries(calls).map(([method, call]) => ({
      ...call,
      method: method.toUpperCase(),
      path: base + path,
      tag: call.tags[0] ?? '',
    })),
  );
  return { version: info.version, operations, schemas: components.schemas };
}

const REFERENCE = '#/components/schemas/';

/** The name of what a schema refers to; null when it is described in place. */
export function nameOf({ $ref }: Schema): string | null {
  return $ref?.startsWith(REFERENCE) === true ? $ref.slice(REFERENCE.length) : null;
}

/** Whether each word stands somewhere in what is known about the call. */
export function matches({ method, path, summary, operationId, tag }: Operation, q: string): boolean {
  const text = `${method} ${path} ${summary} ${operationId} ${tag}`.toLowerCase();
  return q
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** What the caller has to be; the server names the permissions. */
export function needsOf({ description }: Operation): string {
  if (description === 'Needs: nobody.') return 'Needs no credentials.';
  return description === 'Needs: anyone.' ? 'Needs a session or any token.' : description;
}
