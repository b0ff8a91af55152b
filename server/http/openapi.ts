// The OpenAPI 3.1 document, made from the operations and their zod schemas: it cannot say anything else than what
// requests are validated with.
import { z } from 'zod';
import type { Operation } from './contract/operation.ts';
import { type OperationId, operationList } from './contract/operations.ts';
import { Problem } from './contract/shapes.ts';
import { PROBLEM_TYPE } from './problem.ts';

type Json = Record<string, unknown>;

/** `schemas` collects what has a name, to be referred to. */
type Collected = { readonly schemas: Record<string, unknown> };

export function openApiDocument(version: string): Json {
  const collected: Collected = { schemas: {} };
  const paths: Record<string, Json> = {};
  const problem = schemaOf(Problem, 'output', collected);
  for (const [id, operation] of operationList()) {
    const path = operation.path.replace(/:(\w+)/g, '{$1}');
    const described = describe(id, operation, collected);
    described.responses = { ...(described.responses as Json), default: problemAnswer(problem) };
    paths[path] = { ...paths[path], [operation.method]: described };
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Lookaside',
      version,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      description: 'The HTTP signature store for container images. Times are ISO 8601 in UTC; errors are RFC 9457.',
    },
    servers: [{ url: '/api/v1' }],
    security: [{ token: [] }, { tokenAsPassword: [] }, { session: [] }],
    paths,
    components: {
      schemas: collected.schemas,
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'lks_…' },
        tokenAsPassword: { type: 'http', scheme: 'basic', description: 'the token as the password' },
        session: { type: 'apiKey', in: 'cookie', name: 'lookaside_session' },
      },
    },
  };
}

function describe(id: OperationId, operation: Operation, collected: Collected): Json {
  const { tag, summary, needs, params, query } = operation;
  const needed = Array.isArray(needs) ? needs.filter((right) => right !== 'view').join(' or ') : needs;
  const viewers = Array.isArray(needs) && needs.includes('view') ? ', or the role viewer' : '';
  return {
    operationId: id,
    tags: [tag],
    summary,
    description: `Needs: ${needed}${viewers}.`,
    ...(needs === 'nobody' ? { security: [] } : {}),
    parameters: [...parameters(params, 'path', collected), ...parameters(query, 'query', collected)],
    ...requestBody(operation, collected),
    responses: Object.fromEntries(
      Object.entries(operation.answers).map(([status, { description, schema, type }]) => {
        if (schema) return [status, { description, content: json(schemaOf(schema, 'output', collected)) }];
        return [status, { description, ...(type ? { content: { [type]: {} } } : {}) }];
      }),
    ),
  };
}

function requestBody({ body, rawBody }: Operation, collected: Collected): Json {
  if (!body && !rawBody) return {};
  const content = {
    ...(body ? json(schemaOf(body, 'input', collected)) : {}),
    ...Object.fromEntries((rawBody?.types ?? []).map((type) => [type, {}])),
  };
  return { requestBody: { required: true, ...(rawBody ? { description: rawBody.description } : {}), content } };
}

function parameters(schema: z.ZodType | undefined, place: 'path' | 'query', collected: Collected): Json[] {
  if (!schema) return [];
  const { properties, required } = schemaOf(schema, 'input', collected) as {
    properties: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...property }]) => ({
    name,
    in: place,
    required: required?.includes(name) ?? false,
    ...(description ? { description } : {}),
    schema: property,
  }));
}

function problemAnswer(schema: Json): Json {
  return { description: 'a problem', content: { [PROBLEM_TYPE]: { schema } } };
}

function json(schema: Json): Json {
  return { 'application/json': { schema } };
}

const LOCAL = '#/$defs/';

function schemaOf(schema: z.ZodType, io: 'input' | 'output', { schemas }: Collected): Json {
  const { $schema: _, $defs, ...own } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json;
  const named = refer({ ...($defs as Json | undefined) }) as Json;
  for (const [name, definition] of Object.entries(named)) schemas[name] = withoutId(definition as Json);
  const { id } = own;
  if (typeof id !== 'string') return refer(own) as Json;
  schemas[id] = withoutId(refer(own) as Json);
  return { $ref: `#/components/schemas/${id}` };
}

function withoutId({ id: _, ...definition }: Json): Json {
  return definition;
}

/** References to a document's own definitions become references to the components. */
function refer(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(refer);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, member]) => [
    name,
    name === '$ref' ? String(member).replace(LOCAL, '#/components/schemas/') : refer(member),
  ]);
  return Object.fromEntries(entries);
}
