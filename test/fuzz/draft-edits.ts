// Changes to a message that is signed afterwards, or that change only what nobody signs: all of them keep the mathematics
// right, so that what is looked at behind it is reached.
import { bigEndian } from '../openpgp/packet-writing.ts';
import { type Draft, FRAMES, type Framed } from './draft.ts';
import type { Random } from './random.ts';
import { editSubpackets } from './subpacket-edits.ts';

/** Members of the draft with what they become. */
type Edit = (draft: Draft, random: Random) => Partial<Draft>;

const EDITS: Readonly<Record<string, Edit>> = {
  'signature type': (_, random) => ({ type: random.pick([0, 1, 1, 1, 2, 0x10, 0x1f, 0x40, 0x50, 0xff]) }),
  hash: (_, random) => ({ hashAlgorithm: random.pick([1, 2, 2, 3, 8, 9, 10, 11, 0, 4, 12, 14, 99]) }),
  algorithm: (_, random) => ({ algorithm: random.pick([1, 2, 3, 17, 19, 22, 27, 0, 100]) }),
  'literal format': ({ literal }, random) => ({
    literal: { ...literal, format: random.pick([...Buffer.from('btuml1B\0')]) },
  }),
  'literal name': ({ literal }, random) => ({ literal: { ...literal, name: random.pick(LITERAL_NAMES) } }),
  'literal date': ({ literal }, random) => ({
    literal: { ...literal, date: random.pick([0, 1, 2 ** 31, 2 ** 32 - 1]) },
  }),
  'line ends': ({ payload }, random) => {
    const ends = random.pick(['\n', '\r\n', '\r', '\n\r', ' \n', '\t\r\n']);
    const whole = Buffer.from(payload.toString('latin1').replaceAll(',', `,${ends}`), 'latin1');
    return { payload: random.chance(0.3) ? Buffer.concat([whole, Buffer.from(ends)]) : whole };
  },
  'text signature': ({ payload, literal }, random) => ({
    type: 1,
    literal: { ...literal, format: random.pick([...Buffer.from('btu')]) },
    payload: Buffer.from(
      payload.toString('latin1').replaceAll(',', random.pick([',', ',\r\n', ', \r\n', ',\t\r\n', ',\n'])),
      'latin1',
    ),
  }),
  frames: ({ frames }, random) => ({ frames: frames.map(() => random.pick(FRAMES)) }),
  compression: (_, random) => {
    const layer = () => ({ algorithm: random.pick([0, 1, 1, 1, 2, 2, 3, 9]), frame: random.pick(FRAMES) });
    return { layers: Array.from({ length: random.pick([0, 0, 1, 1, 2, 3, 4, 5, 6]) }, layer) };
  },
  'one-pass packet': (draft, random) => inPackets(draft, 4, (body) => spoilt(body, random)),
  'literal header': (draft, random) => inPackets(draft, 11, (body) => withByte(body, random.below(6), random)),
  'signature version': (draft, random) =>
    inPackets(draft, 2, (body) => Buffer.concat([Buffer.of(random.pick([2, 3, 5, 6])), body.subarray(1)])),
  'digest start': (draft, random) =>
    inPackets(draft, 2, (body) => atNumbers(body, (numbers) => withByte(numbers, random.below(2), random))),
  numbers: (draft, random) =>
    inPackets(draft, 2, (body) => atNumbers(body, (numbers) => spoiltNumbers(numbers, random))),
  'packets arranged': ({ edits }, random) => ({ edits: [...edits, (packets) => arranged(packets, random)] }),
};

const LITERAL_NAMES = ['_CONSOLE', '../../etc/passwd', 'x'.repeat(255), '\0', 'a\nb\x1b[2J', 'é'].map((name) =>
  Buffer.from(name),
);

export function editDraft(draft: Draft, random: Random): void {
  if (random.chance(0.4)) return editSubpackets(draft, random);
  const name = random.pick(Object.keys(EDITS));
  Object.assign(draft, EDITS[name]?.(draft, random));
  draft.trace.push(name);
}

function inPackets({ edits }: Draft, tag: number, change: (body: Buffer) => Buffer): Partial<Draft> {
  const edit = (packets: Framed[]) =>
    packets.map((packet) => (packet.tag === tag ? { ...packet, body: change(packet.body) } : packet));
  return { edits: [...edits, edit] };
}

function withByte(body: Buffer, at: number, random: Random): Buffer {
  const copy = Buffer.from(body);
  if (at < copy.length) copy[at] = random.chance(0.5) ? random.below(256) : (copy[at] ?? 0) ^ (1 << random.below(8));
  return copy;
}

function spoilt(body: Buffer, random: Random): Buffer {
  const changed = withByte(body, random.below(body.length), random);
  if (random.chance(0.8)) return changed;
  return random.chance(0.5) ? Buffer.concat([changed, random.bytes(1)]) : changed.subarray(0, -1);
}

/** Changes what follows the two areas of subpackets: the start of the digest, and the numbers. */
function atNumbers(body: Buffer, change: (rest: Buffer) => Buffer): Buffer {
  if (body.length < 8) return body;
  const unhashed = 6 + body.readUInt16BE(4);
  if (unhashed + 2 > body.length) return body;
  const at = unhashed + 2 + body.readUInt16BE(unhashed);
  return Buffer.concat([body.subarray(0, at), change(body.subarray(at))]);
}

const ORDER_P256 = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** The numbers in another writing, or others in their place: the other s of ECDSA holds as well. */
function spoiltNumbers(rest: Buffer, random: Random): Buffer {
  const [start, numbers] = [rest.subarray(0, 2), rest.subarray(2)];
  if (numbers.length < 4) return withByte(rest, random.below(rest.length), random);
  const bits = numbers.readUInt16BE();
  const first = numbers.subarray(2, 2 + Math.ceil(bits / 8));
  const second = numbers.subarray(2 + first.length);
  const kind = random.below(8);
  if (kind === 0) return Buffer.concat([start, bigEndian(bits + 8, 2), Buffer.of(0), first, second]);
  if (kind === 1) return Buffer.concat([start, bigEndian(bits + random.pick([-9, -8, -1, 1, 7, 8]), 2), first, second]);
  if (kind === 2) return Buffer.concat([rest, random.bytes(random.pick([1, 2, 40]))]);
  if (kind === 3) return Buffer.concat([start, second, numbers.subarray(0, 2 + first.length)]);
  if (kind === 4) return Buffer.concat([start, bigEndian(0, 2), second]);
  if (kind === 5 && second.length >= 34)
    return Buffer.concat([start, numbers.subarray(0, 2 + first.length), otherS(second)]);
  if (kind === 6) return rest.subarray(0, rest.length - random.below(rest.length - 2));
  return Buffer.concat([start, withByte(numbers, random.below(numbers.length), random)]);
}

function otherS(number: Buffer): Buffer {
  const s = BigInt(`0x${number.subarray(2).toString('hex') || '0'}`);
  const other = (((ORDER_P256 - s) % ORDER_P256) + ORDER_P256) % ORDER_P256;
  const bytes = Buffer.from(other.toString(16).padStart(64, '0'), 'hex');
  return Buffer.concat([
    bigEndian(other.toString(2).length, 2),
    bytes.subarray(bytes.findIndex((octet) => octet !== 0)),
  ]);
}

/** Markers, trust, padding, private ones, and those that make another message of it. */
const FOREIGN = [10, 12, 21, 60, 63, 13, 11, 4, 2, 8, 1, 18, 6, 0, 14, 17, 20];

function arranged(packets: Framed[], random: Random): Framed[] {
  const list = [...packets];
  const at = random.below(list.length + 1);
  const one = list[Math.min(at, list.length - 1)];
  const kind = random.below(6);
  if (!one) return list;
  if (kind === 0) list.splice(at, 1);
  else if (kind === 1) list.splice(at, 0, one);
  else if (kind === 2) list.sort(() => random.below(3) - 1);
  else if (kind === 3) list.push(...packets);
  else if (kind === 4) list.splice(at, 0, { tag: 8, body: Buffer.concat([Buffer.of(0), one.body]), frame: 'new' });
  else
    list.splice(at, 0, {
      tag: random.pick(FOREIGN),
      body: random.pick([Buffer.from('PGP'), Buffer.alloc(0), random.bytes(9), one.body]),
      frame: random.pick(FRAMES),
    });
  return list;
}
