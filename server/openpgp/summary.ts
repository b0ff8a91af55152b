// The packets of a stored signature in the order readers meet them, for people.
import { decompress } from './decompress.ts';
import { readPackets, TAG } from './packets.ts';

export type PacketSummary = { readonly tag: number; readonly name: string; readonly bytes: number };

const NAMES: Readonly<Record<number, string>> = {
  [TAG.compressed]: 'compressed data',
  [TAG.onePass]: 'one-pass signature',
  [TAG.literal]: 'literal data',
  [TAG.signature]: 'signature',
};

/** Of bytes that `inspect` found well-formed; layers of compression stand before what they hold. */
export function summarize(bytes: Uint8Array): PacketSummary[] {
  return readPackets(bytes).flatMap(({ tag, body }) => [
    { tag, name: NAMES[tag] ?? `tag ${tag}`, bytes: body.length },
    ...(tag === TAG.compressed ? summarize(decompress(body)) : []),
  ]);
}
