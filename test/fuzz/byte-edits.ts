// Changes to the bytes of real signatures, and to the packets they are made of: nothing is signed again.

import { decompress } from '../../server/openpgp/decompress.ts';
import { readPackets, TAG } from '../../server/openpgp/packets.ts';
import { type Draft, FRAMES, type Framed, wrap } from './draft.ts';
import { editDraft } from './draft-edits.ts';
import type { Random } from './random.ts';

export type Mutant = { readonly bytes: Buffer; readonly trace: readonly string[] };

/** Flips, insertions, removals, repetitions, truncation, or the end of another. */
export function editBytes(original: Buffer, others: readonly Buffer[], random: Random): Mutant {
  let bytes = original;
  const trace: string[] = [];
  for (let count = 1 + random.below(3); count > 0; count--) {
    const at = random.below(bytes.length + 1);
    const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
    const edits: Record<string, () => Buffer> = {
      'bit flipped': () =>
        Buffer.concat([before, Buffer.of((after[0] ?? 0) ^ (1 << random.below(8))), after.subarray(1)]),
      'byte replaced': () => Buffer.concat([before, random.bytes(1), after.subarray(1)]),
      'bytes put in': () => Buffer.concat([before, random.bytes(1 + random.below(4)), after]),
      'bytes left out': () => Buffer.concat([before, after.subarray(1 + random.below(4))]),
      'bytes repeated': () => Buffer.concat([before, after.subarray(0, 1 + random.below(40)), after]),
      'cut short': () => before,
      'end of another': () => Buffer.concat([before, random.pick(others).subarray(at)]),
      'something behind it': () =>
        Buffer.concat([bytes, random.chance(0.5) ? random.pick(others) : random.bytes(1 + random.below(5))]),
    };
    const name = random.pick(Object.keys(edits));
    bytes = Buffer.from(edits[name]?.() ?? bytes);
    trace.push(name);
  }
  return { bytes, trace };
}

/** What a signature is made of, without its layers; null for what has no packets. */
export function unwrapped(bytes: Buffer): Framed[] | null {
  try {
    let packets = readPackets(bytes);
    while (packets[0]?.tag === TAG.compressed) packets = readPackets(decompress(packets[0].body));
    return packets.map(({ tag, body }) => ({ tag, body: Buffer.from(body), frame: 'new' as const }));
  } catch {
    return null;
  }
}

/** The packets of a real signature under other headers, in other layers, in another order, or changed where nobody signs. */
export function editPackets(packets: readonly Framed[], draft: Draft, random: Random): Mutant {
  for (let count = 1 + random.below(2); count > 0; count--) editDraft(draft, random);
  const framed = packets.map((packet) => ({
    ...packet,
    frame: random.chance(0.5) ? packet.frame : random.pick(FRAMES),
  }));
  return {
    bytes: wrap(
      draft.edits.reduce((list, edit) => edit(list), framed),
      draft.layers,
    ),
    trace: draft.trace,
  };
}
