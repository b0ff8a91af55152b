// Changes to the subpackets of a signature, in the area that is signed or in the one that is not.
import { bigEndian } from '../openpgp/packet-writing.ts';
import type { Draft } from './draft.ts';
import type { Random } from './random.ts';
import { KEY_CREATED, subpacket } from './signing-key.ts';

/** All that RFC 4880 and its successors number, and some that nobody does. */
const TYPES = [...Array.from({ length: 40 }, (_, type) => type), 60, 100, 101, 110, 126, 127];
const CREATED = 2;
const EXPIRES = 3;
const ISSUER = 16;
const NOTATION = 20;
const ISSUER_FINGERPRINT = 33;

const MOMENTS = [0, 1, KEY_CREATED - 1, KEY_CREATED, 1_717_200_000, 1_900_000_000, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1];
const LIFETIMES = [0, 1, 86_400, 1_000_000_000, 2_500_000_000, 2_577_767_295, 2_577_767_296, 2 ** 31, 2 ** 32 - 1];

type Made = (random: Random, draft: Draft) => Buffer;

const SUBPACKETS: Readonly<Record<string, Made>> = {
  'any type': (random) => subpacket(someType(random), random.bytes(random.pick([0, 1, 4, 5, 8, 21, 22, 200]))),
  flag: (random) =>
    subpacket(critical(random.pick([4, 7, 9, 25, 27, 30, 11, 21, 22, 34]), random), random.bytes(random.below(5))),
  created: (random) =>
    subpacket(critical(CREATED, random), bigEndian(random.pick(MOMENTS), random.pick([4, 4, 4, 3, 5, 8]))),
  expires: (random) =>
    subpacket(critical(EXPIRES, random), bigEndian(random.pick(LIFETIMES), random.pick([4, 4, 4, 3, 5, 0]))),
  issuer: (random, { key }) => subpacket(critical(ISSUER, random), someIssuer(key.keyId, random)),
  'issuer fingerprint': (random, { key }) =>
    subpacket(
      critical(ISSUER_FINGERPRINT, random),
      Buffer.concat([Buffer.of(random.pick([4, 4, 4, 5, 6, 0])), someIssuer(key.fingerprint, random)]),
    ),
  notation: (random) => subpacket(critical(NOTATION, random), notation(random)),
  text: (random) =>
    subpacket(
      critical(random.pick([6, 24, 26, 28]), random),
      Buffer.from(random.pick(['', 'x', 'https://example.com', 'a\0b', 'é'.repeat(90)])),
    ),
  embedded: (random, draft) =>
    subpacket(critical(32, random), Buffer.concat([Buffer.of(4, 0, draft.key.algorithm, 10), random.bytes(20)])),
  empty: (random) => random.pick([Buffer.of(0), Buffer.of(255, 0, 0, 0, 0), Buffer.of(192, 0), Buffer.of(1, 0)]),
  'beyond its area': (random) =>
    Buffer.concat([
      random.pick([Buffer.of(190), Buffer.of(223, 255), Buffer.of(255, 255, 255, 255, 255)]),
      random.bytes(3),
    ]),
};

function someType(random: Random): number {
  return critical(random.pick(TYPES), random);
}

function critical(type: number, random: Random): number {
  return random.chance(0.25) ? type | 0x80 : type;
}

function someIssuer(own: Buffer, random: Random): Buffer {
  const other = Buffer.from(own);
  if (random.chance(0.5)) other.set(random.bytes(1), random.below(own.length));
  return random.chance(0.8) ? other : other.subarray(random.below(3));
}

/** RFC 4880 §5.2.3.16: flags, two lengths, name and value. */
function notation(random: Random): Buffer {
  const name = Buffer.from(
    random.pick(['', 'x@example.com', 'preferred-email-encoding@pgp.com', 'manu', 'é@é', 'a\0b@c']),
  );
  const value = Buffer.from(random.pick(['', 'x', 'y'.repeat(150), '\0']));
  const lie = random.chance(0.1) ? random.below(9) : 0;
  const lengths = Buffer.concat([bigEndian(name.length + lie, 2), bigEndian(value.length, 2)]);
  return Buffer.concat([
    random.pick([Buffer.of(0x80, 0, 0, 0), Buffer.of(0, 0, 0, 0), Buffer.of(0x7f, 1, 2, 3)]),
    lengths,
    name,
    value,
  ]);
}

/** The same subpackets with lengths in the five octets that fit any. */
function longLengths(area: Buffer): Buffer {
  return Buffer.concat(split(area).map((one) => Buffer.concat([Buffer.of(255), bigEndian(one.length, 4), one])));
}

/** Contents of the subpackets of a well-formed area, type first. */
function split(area: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < area.length; ) {
    const first = area[at] ?? 0;
    const octets = first < 192 ? 1 : first < 255 ? 2 : 5;
    if (at + octets > area.length) break;
    const length =
      octets === 1
        ? first
        : octets === 2
          ? ((first - 192) << 8) + area.readUInt8(at + 1) + 192
          : area.readUInt32BE(at + 1);
    found.push(area.subarray(at + octets, at + octets + length));
    at += octets + length;
  }
  return found;
}

export function editSubpackets(draft: Draft, random: Random): void {
  const where = random.chance(0.6) ? 'hashed' : 'unhashed';
  const area = draft[where];
  const kind = random.below(10);
  const note = (what: string) => void draft.trace.push(`${where}: ${what}`);
  if (kind === 0) {
    draft[where] = longLengths(area);
    note('long lengths');
  } else if (kind === 1) {
    const parts = split(area);
    parts.splice(random.below(parts.length), 1);
    draft[where] = Buffer.concat(parts.map((one) => subpacket(one[0] ?? 0, one.subarray(1))));
    note('one removed');
  } else if (kind === 2) {
    const count = random.pick([50, 500, 1_200, 1_800]);
    draft[where] = Buffer.concat([
      area,
      ...Array.from({ length: count }, () => subpacket(random.pick([100, 26, 21, 0]), random.bytes(3))),
    ]);
    note('very many');
  } else {
    const name = random.pick(Object.keys(SUBPACKETS));
    const made = SUBPACKETS[name]?.(random, draft) ?? Buffer.alloc(0);
    draft[where] = random.chance(0.5) ? Buffer.concat([area, made]) : Buffer.concat([made, area]);
    note(name === 'any type' ? `type ${(split(made)[0]?.[0] ?? 0) & 0x7f}` : name);
  }
}
