// Claims that are nearly right: changes to the tree of one, to its spelling, and to its text.
import { type Claimed, claimTree, type Node, nodesOf, object, text, write } from './claim-tree.ts';
import { NAMES, NUMBERS, someNode, someText } from './claim-values.ts';
import type { Random } from './random.ts';
import { someReference } from './references.ts';

type Edit = (root: Node, random: Random, claimed: Claimed) => void;

const objectsOf = (root: Node) => nodesOf(root).filter((node) => node.kind === 'object');
const replace = (node: Node, by: Node) => void Object.assign(node, { members: [], items: [], text: '', raw: '' }, by);

function textsOf(root: Node, pattern: RegExp): Node[] {
  return nodesOf(root).filter((node) => node.kind === 'text' && pattern.test(node.text));
}

/** By the name they have in the report. */
const EDITS: Readonly<Record<string, Edit>> = {
  'member removed': (root, random) => {
    const members = random.pick(objectsOf(root)).members;
    members.splice(random.below(members.length), 1);
  },
  'member twice': (root, random) => {
    const members = random.pick(objectsOf(root)).members;
    const one = members[random.below(members.length)];
    if (one)
      members.splice(random.below(members.length + 1), 0, {
        ...one,
        value: random.chance(0.5) ? one.value : someNode(random),
      });
  },
  'member added': (root, random) => {
    const members = random.pick(objectsOf(root)).members;
    members.splice(random.below(members.length + 1), 0, { name: text(random.pick(NAMES)), value: someNode(random) });
  },
  'optional member': (root, random) => {
    const last = objectsOf(root).at(-1);
    last?.members.push({
      name: text(random.chance(0.5) ? random.pick(NAMES) : someText(random)),
      value: someNode(random),
    });
  },
  'member renamed': (root, random) => {
    const one = random.pick(random.pick(objectsOf(root)).members);
    if (one) one.name = text(random.pick(NAMES));
  },
  'members in another order': (root, random) => {
    const { members } = random.pick(objectsOf(root));
    members.sort(() => random.below(3) - 1);
  },
  'value replaced': (root, random) => replace(random.pick(nodesOf(root)), someNode(random)),
  'value wrapped': (root, random) => {
    const node = random.pick(nodesOf(root));
    const inner = { ...node } as Node;
    replace(node, random.chance(0.5) ? { kind: 'array', items: [inner] } : object([random.pick(NAMES), inner]));
  },
  timestamp: (root, random) => {
    for (const node of nodesOf(root))
      if (node.kind === 'raw' && node.raw === '1717200000') node.raw = random.pick(NUMBERS);
  },
  creator: (root, random) => {
    for (const node of textsOf(root, /^atomic 5/))
      replace(node, random.chance(0.7) ? text(someText(random)) : someNode(random));
  },
  reference: (root, random, { reference }) => {
    for (const node of textsOf(root, /^registry\./)) replace(node, text(someReference(random, reference)));
  },
  digest: (root, random, { digest }) => {
    const hex = digest.slice(7);
    const others = [
      digest.toUpperCase(),
      `SHA256:${hex}`,
      hex,
      ` ${digest}`,
      `${digest} `,
      `${digest}\n`,
      `${digest}0`,
      digest.slice(0, -1),
      `sha256:${hex.toUpperCase()}`,
      `sha512:${hex}${hex}`,
      `sha384:${hex}${hex.slice(32)}`,
      `sha256+b64:${hex}`,
      `sha256::${hex}`,
      `sha256:${'0'.repeat(64)}`,
      `sha256:${hex}@`,
      '',
      `sha256=${hex}`,
      `ｓha256:${hex}`,
    ];
    for (const node of textsOf(root, /^sha256:/)) replace(node, text(random.pick(others)));
  },
  type: (root, random) => {
    const others = [
      'Atomic container signature',
      'atomic container signature ',
      'atomic  container signature',
      'cosign container image signature',
      '',
      'atomic container ſignature',
      'atomic container signature\0',
    ];
    for (const node of textsOf(root, /^atomic container/)) replace(node, text(random.pick(others)));
  },
};

export type EditedClaim = { readonly payload: Buffer; readonly trace: readonly string[] };

export function editClaim(claimed: Claimed, random: Random): EditedClaim {
  const root = claimTree(claimed);
  const trace: string[] = [];
  for (let count = random.pick([0, 1, 1, 1, 1, 2, 2, 3]); count > 0; count--) {
    const name = random.pick(Object.keys(EDITS));
    if (objectsOf(root).length > 0) EDITS[name]?.(root, random, claimed);
    trace.push(name);
  }
  const style = { space: random.chance(0.2), escapes: random.pick([0, 0, 0.02, 0.5]), random };
  if (style.space) trace.push('space');
  if (style.escapes > 0) trace.push('escapes');
  const written = write(root, style);
  return random.chance(0.2) ? overwrite(written, random, trace) : { payload: Buffer.from(written), trace };
}

const LETTERS = [...'{}[]:,"\\/-+.eE019 \t\n\rntfu\0\u00a0\ufeff\u2028'];

/** Some characters, or bytes that are no UTF-8, put over the text. */
function overwrite(written: string, random: Random, trace: string[]): EditedClaim {
  const bytes = Buffer.from(written);
  const at = random.pick([0, bytes.length, random.below(bytes.length + 1), random.below(bytes.length + 1)]);
  const invalid = random.chance(0.3);
  const put = invalid
    ? Buffer.from(random.pick(['ff', 'c080', 'eda080', 'f4908080', 'c3', 'e28080'.slice(0, 4), 'fe', '80']), 'hex')
    : Buffer.from(random.pick(LETTERS));
  trace.push(invalid ? 'bytes that are no UTF-8' : 'text overwritten');
  const cut = random.pick([0, 0, 1, 3]);
  return { payload: Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + cut)]), trace };
}
