// A signed message before it is put together: every part in reach, so that one can be changed and the whole signed again.
import { deflateRawSync, deflateSync } from 'node:zlib';
import { bigEndian, oldPacket, packet, packetInParts } from '../openpgp/packet-writing.ts';
import { KEY_CREATED, type SigningKey, signatureBody, subpacket } from './signing-key.ts';

export type Framed = { tag: number; body: Buffer; frame: Frame };

/** How a packet says where it ends. */
export type Frame = 'new' | 'new-5' | 'old-1' | 'old-2' | 'old-4' | 'rest' | `parts-${number}`;
export const FRAMES: readonly Frame[] = [
  'new',
  'new-5',
  'old-1',
  'old-2',
  'old-4',
  'rest',
  'parts-0',
  'parts-4',
  'parts-9',
];

export type Draft = {
  key: SigningKey;
  payload: Buffer;
  type: number;
  hashAlgorithm: number;
  /** What the signature packet calls the algorithm; null: what it is. */
  algorithm: number | null;
  hashed: Buffer;
  unhashed: Buffer;
  literal: { format: number; name: Buffer; date: number };
  frames: Frame[];
  /** Compression algorithms, the innermost first, and how each layer is framed. */
  layers: { algorithm: number; frame: Frame }[];
  /** Applied in turn to what was put together. */
  edits: ((packets: Framed[]) => Framed[])[];
  /** What was done to it, for the report. */
  trace: string[];
};

const SIGNED_AT = 1_717_200_000;

/** As gpg writes it. */
export function plainDraft(key: SigningKey, payload: Buffer): Draft {
  const hashed = [subpacket(33, Buffer.concat([Buffer.of(4), key.fingerprint])), subpacket(2, bigEndian(SIGNED_AT, 4))];
  return {
    key,
    payload,
    type: 0,
    hashAlgorithm: 10,
    algorithm: null,
    hashed: Buffer.concat(hashed),
    unhashed: subpacket(16, key.keyId),
    literal: { format: 0x62, name: Buffer.alloc(0), date: KEY_CREATED },
    frames: ['old-1', 'new', 'old-2'],
    layers: [{ algorithm: 1, frame: 'rest' }],
    edits: [],
    trace: [],
  };
}

export function writeDraft(draft: Draft): Buffer {
  const { key, type, hashAlgorithm, literal, payload, hashed, unhashed } = draft;
  const algorithm = draft.algorithm ?? key.algorithm;
  const signature = signatureBody({ key, type, hashAlgorithm, content: payload, hashed, unhashed, algorithm });
  const onePass = Buffer.concat([Buffer.of(3, type, hashAlgorithm, algorithm), key.keyId, Buffer.of(1)]);
  const head = Buffer.concat([
    Buffer.of(literal.format, literal.name.length),
    literal.name,
    bigEndian(literal.date, 4),
  ]);
  const bodies = [onePass, Buffer.concat([head, payload]), signature];
  const packets = bodies.map((body, index) => ({
    tag: [4, 11, 2][index] ?? 0,
    body,
    frame: draft.frames[index] ?? 'new',
  }));
  return wrap(
    draft.edits.reduce((list, edit) => edit(list), packets),
    draft.layers,
  );
}

export function wrap(packets: readonly Framed[], layers: Draft['layers']): Buffer {
  return layers.reduce<Buffer>(
    (bytes, { algorithm, frame }) =>
      framePacket({ tag: 8, body: Buffer.concat([Buffer.of(algorithm), packed(algorithm, bytes)]), frame }),
    Buffer.concat(packets.map(framePacket)),
  );
}

function packed(algorithm: number, bytes: Buffer): Buffer {
  if (algorithm === 1) return deflateRawSync(bytes);
  return algorithm === 2 ? deflateSync(bytes) : bytes;
}

/** A frame that cannot hold this packet gives way to one that can. */
export function framePacket({ tag, body, frame }: Framed): Buffer {
  if (frame.startsWith('parts-')) return packetInParts(tag, body, Number(frame.slice(6)));
  if (frame === 'new-5') return Buffer.concat([Buffer.of(0xc0 | tag, 255), bigEndian(body.length, 4), body]);
  const octets = frame === 'rest' ? 0 : frame === 'old-1' && body.length < 256 ? 1 : frame === 'old-4' ? 4 : 2;
  if (frame === 'new' || tag > 15 || body.length > 65_535) return packet(tag, body);
  return oldPacket(tag, body, octets);
}
