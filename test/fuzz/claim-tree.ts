// Claims as trees that keep what JSON.stringify would lose: the order of members, members that come twice, numbers and
// strings as they were written.
import type { Random } from './random.ts';

/** `raw` stands in the text as it is. */
export type Node =
  | { kind: 'object'; members: { name: Node; value: Node }[] }
  | { kind: 'array'; items: Node[] }
  | { kind: 'text'; text: string }
  | { kind: 'raw'; raw: string };

export type Claimed = { readonly reference: string; readonly digest: string };

export const text = (value: string): Node => ({ kind: 'text', text: value });
export const raw = (value: string): Node => ({ kind: 'raw', raw: value });
export const object = (...members: [string, Node][]): Node => ({
  kind: 'object',
  members: members.map(([name, value]) => ({ name: text(name), value })),
});

export function claimTree({ reference, digest }: Claimed): Node {
  return object(
    [
      'critical',
      object(
        ['identity', object(['docker-reference', text(reference)])],
        ['image', object(['docker-manifest-digest', text(digest)])],
        ['type', text('atomic container signature')],
      ),
    ],
    ['optional', object(['creator', text('atomic 5.23.1')], ['timestamp', raw('1717200000')])],
  );
}

/** Every node of the tree, the root included. */
export function nodesOf(node: Node): Node[] {
  if (node.kind === 'object') return [node, ...node.members.flatMap(({ value }) => nodesOf(value))];
  if (node.kind === 'array') return [node, ...node.items.flatMap(nodesOf)];
  return [node];
}

export type Style = { readonly space: boolean; readonly escapes: number; readonly random: Random };

const SPACES = [
  '',
  ' ',
  '\t',
  '\n',
  '\r',
  '\r\n',
  '   ',
  '\u00a0',
  '\ufeff',
  '\f',
  '\v',
  '\u2028',
  '\0',
  '//x\n',
  '/**/',
  ' '.repeat(500),
];

/** Mostly spaces that JSON has; now and then one that it has not. */
const gap = ({ space, random }: Style) => (space ? random.pick(random.chance(0.97) ? SPACES.slice(0, 7) : SPACES) : '');

export function write(node: Node, style: Style): string {
  const between = () => gap(style);
  if (node.kind === 'raw') return node.raw;
  if (node.kind === 'text') return quoted(node.text, style);
  if (node.kind === 'array')
    return `[${node.items.map((item) => between() + write(item, style) + between()).join(',')}]`;
  const members = node.members.map(
    ({ name, value }) => `${between()}${write(name, style)}${between()}:${between()}${write(value, style)}${between()}`,
  );
  return `${between()}{${members.join(',')}}${between()}`;
}

function quoted(value: string, { escapes, random }: Style): string {
  if (escapes === 0) return JSON.stringify(value);
  const unit = (code: number) => {
    const hex = code.toString(16).padStart(4, '0');
    return `\\u${random.chance(0.5) ? hex : hex.toUpperCase()}`;
  };
  const written = Array.from({ length: value.length }, (_, at) => {
    if (random.chance(escapes)) return unit(value.charCodeAt(at));
    return value[at] === '/' && random.chance(escapes) ? '\\/' : JSON.stringify(value[at]).slice(1, -1);
  });
  return `"${written.join('')}"`;
}
