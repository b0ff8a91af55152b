// A curl command for a call, ready to be filled in: capitals stand for values, $TOKEN is the token.
import { type Content, nameOf, type Operation, type Schema, type Schemas } from './document.ts';
import { choicesOf } from './type-text.ts';

export function curlExample(operation: Operation, origin: string, schemas: Schemas): string {
  const { method, path, parameters, requestBody, responses, security } = operation;
  const query = parameters.filter((parameter) => parameter.in === 'query' && parameter.required);
  const search = query.map(({ name }) => `${name}=${name.toUpperCase()}`).join('&');
  const place = path.replace(/\{(\w+)\}/g, (_, name: string) => name.toUpperCase());
  const url = `'${origin}${place}${search === '' ? '' : `?${search}`}'`;
  const isFile = Object.values(responses).some(({ content }) => content !== undefined && !isJson(content));
  return [
    `curl -fsS${method === 'GET' ? '' : ` -X ${method}`}`,
    security?.length === 0 ? null : '-H "Authorization: Bearer $TOKEN"',
    ...(requestBody === undefined ? [] : bodyOptions(requestBody.content, schemas)),
    isFile ? '-o FILE' : null,
    url,
  ]
    .filter((part) => part !== null)
    .join(' \\\n  ');
}

/** Answers with a fault are JSON too, so it is enough to look at one type. */
function isJson(content: Content): boolean {
  return Object.keys(content).some((type) => type.endsWith('json'));
}

/** A file where one is taken, since that is what there is at hand. */
function bodyOptions(content: Content, schemas: Schemas): readonly string[] {
  const types = Object.keys(content);
  if (types.includes('multipart/form-data')) return ["-F 'signature=@signature-1'"];
  const [file] = types.filter((type) => type !== 'application/json');
  if (file !== undefined) return [`-H 'Content-Type: ${file}'`, '--data-binary @FILE'];
  const schema = content['application/json']?.schema;
  if (schema === undefined) return [];
  const body = JSON.stringify(exampleOf(schema, schemas, '', 0));
  return ["-H 'Content-Type: application/json'", `-d '${body.replaceAll("'", "'\\''")}'`];
}

const DEEPEST = 4;

/** What must be there; of what may be left out, the first member where nothing else is left. */
function exampleOf(schema: Schema, schemas: Schemas, name: string, depth: number): unknown {
  const referred = nameOf(schema);
  const target = referred === null ? schema : (schemas[referred] ?? {});
  if (depth > DEEPEST) return null;
  if (target.const !== undefined) return target.const;
  if (target.enum !== undefined) return target.enum[0];
  const [choice] = choicesOf(target);
  if (choice !== undefined) return exampleOf(choice, schemas, name, depth + 1);
  if (target.type === 'array') return target.items ? [exampleOf(target.items, schemas, name, depth + 1)] : [];
  if (target.type === 'object') {
    const members = Object.entries(target.properties ?? {});
    const required = members.filter(([member]) => target.required?.includes(member));
    const shown = required.length > 0 ? required : members.slice(0, 1);
    return Object.fromEntries(shown.map(([member, value]) => [member, exampleOf(value, schemas, member, depth + 1)]));
  }
  if (target.type === 'integer' || target.type === 'number') return 1;
  if (target.type === 'boolean') return true;
  return name.toUpperCase();
}
