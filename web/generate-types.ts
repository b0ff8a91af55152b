// Writes src/api/schema.ts: the types of the API, made from its OpenAPI document. `npm run build:types` runs it; a test
// fails when the file is out of step.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openApiDocument } from '../server/http/openapi.ts';

type Schema = {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly description?: string;
};
type Content = { readonly content?: Readonly<Record<string, { readonly schema?: Schema }>> };
type Call = {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters: readonly { name: string; in: string; required: boolean; schema: Schema }[];
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content>>;
};
type Document = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Call>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
};

export const TYPES_FILE = fileURLToPath(new URL('src/api/schema.ts', import.meta.url));

/** The whole text of schema.ts. */
export function generateTypes(): string {
  const { paths, components } = openApiDocument('') as unknown as Document;
  const calls = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, call]) => ({ path, method, call })),
  );
  return [
    '// Made from the OpenAPI document by `npm run build:types`; changed there, in server/http/contract/.',
    ...Object.entries(components.schemas).map(([name, schema]) => `export type ${name} = ${typeOf(schema)};\n`),
    'export interface Operations {',
    ...calls.map(({ call }) => `/** ${call.summary} */\n${call.operationId}: ${operationType(call)};`),
    '}\n',
    'export type OperationId = keyof Operations;\n',
    '/** Where each operation is, below /api/v1. */',
    'export const OPERATIONS: Readonly<Record<OperationId, { readonly method: string; readonly path: string }>> = {',
    ...calls.map(({ path, method, call }) => `${call.operationId}: { method: '${method}', path: '${path}' },`),
    '};\n',
  ].join('\n');
}

function operationType({ parameters, requestBody, responses }: Call): string {
  const answers = Object.entries(responses)
    .filter(([status]) => status !== 'default')
    .map(([, answer]) => bodyType(answer) ?? 'undefined');
  return `{
    params: ${parametersType(parameters.filter((parameter) => parameter.in === 'path'))};
    query: ${parametersType(parameters.filter((parameter) => parameter.in === 'query'))};
    body: ${requestBody ? inputType(requestBody) : 'undefined'};
    answer: ${[...new Set(answers)].join(' | ')};
  }`;
}

/** A call that takes JSON may take a file in its place. */
function inputType(body: Content): string {
  const takesFiles = Object.keys(body.content ?? {}).some((type) => type !== 'application/json');
  const type = bodyType(body) ?? 'never';
  return takesFiles && type !== 'never' ? `${type} | Blob` : type;
}

function bodyType({ content }: Content): string | null {
  if (!content) return null;
  const schema = content['application/json']?.schema;
  return schema ? typeOf(schema) : 'never';
}

function parametersType(parameters: Call['parameters']): string {
  if (parameters.length === 0) return 'Record<never, never>';
  // In an address all values are text; numbers and lists are written the same way.
  const members = parameters.map(({ name, required, schema }) => {
    const type = schema.type === 'string' && schema.enum ? typeOf(schema) : 'string | number | readonly string[]';
    return `readonly ${name}${required ? '' : '?'}: ${type}${required ? '' : ' | undefined'};`;
  });
  return `{ ${members.join(' ')} }`;
}

function typeOf(schema: Schema): string {
  const { $ref, anyOf, oneOf, items, properties, type } = schema;
  if ($ref) return $ref.replace('#/components/schemas/', '');
  if ('const' in schema) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const union = anyOf ?? oneOf;
  if (union) return union.map(typeOf).join(' | ');
  if (type === 'array') return items ? `readonly (${typeOf(items)})[]` : 'readonly unknown[]';
  if (type === 'object') return properties ? objectType(schema) : recordType(schema.additionalProperties);
  if (type === undefined) return 'unknown';
  return [type]
    .flat()
    .map((name) => (name === 'integer' ? 'number' : name))
    .join(' | ');
}

function objectType({ properties = {}, required = [] }: Schema): string {
  const members = Object.entries(properties).map(([name, member]) => {
    const comment = member.description ? `/** ${member.description} */ ` : '';
    return `${comment}readonly ${name}${required.includes(name) ? '' : '?'}: ${typeOf(member)};`;
  });
  return `{ ${members.join('\n')} }`;
}

function recordType(values: Schema | boolean | undefined): string {
  return `Readonly<Record<string, ${typeof values === 'object' ? typeOf(values) : 'unknown'}>>`;
}

if (import.meta.main) writeFileSync(TYPES_FILE, generateTypes());
