// YAML as people write it, for what generators build: text is quoted wherever a reader could take it for anything else.

export type Yaml = string | number | boolean | readonly Yaml[] | { readonly [name: string]: Yaml };

/** Begins with a letter and holds nothing that YAML gives a meaning to. */
const PLAIN = /^[A-Za-z][A-Za-z0-9._/-]*$/;
const WORDS = /^(?:true|false|yes|no|on|off|null|y|n)$/i;

/** A document, ending with a newline. */
export function yamlText(value: Yaml): string {
  return `${lines(value).join('\n')}\n`;
}

export function yamlDocuments(values: readonly Yaml[]): string {
  return values.map(yamlText).join('---\n');
}

function lines(value: Yaml): string[] {
  if (typeof value !== 'object') return [scalar(value)];
  if (isList(value)) return value.length === 0 ? ['[]'] : value.flatMap((item) => hung('- ', lines(item)));
  const members = Object.entries(value);
  return members.length === 0 ? ['{}'] : members.flatMap(([name, item]) => member(scalar(name), item));
}

function member(name: string, value: Yaml): string[] {
  const [first = '', ...more] = lines(value);
  const isShort = typeof value !== 'object' || Object.keys(value).length === 0;
  return isShort ? [`${name}: ${first}`] : [`${name}:`, ...[first, ...more].map((line) => `  ${line}`)];
}

function hung(mark: string, [first = '', ...more]: readonly string[]): string[] {
  return [`${mark}${first}`, ...more.map((line) => `  ${line}`)];
}

/** A string of JSON is one of YAML. */
function scalar(value: string | number | boolean): string {
  return typeof value !== 'string' || (PLAIN.test(value) && !WORDS.test(value)) ? String(value) : JSON.stringify(value);
}

function isList(value: object): value is readonly Yaml[] {
  return Array.isArray(value);
}
