// The costliest signatures that can be built within the limits: what a token that may upload can make a worker do. All but
// the first few are signed by a registered key, since nothing behind the cryptography is looked at before it holds.
import { deflateRawSync, deflateSync } from 'node:zlib';
import type { Instant } from '../../server/domain/instant.ts';
import type { Key } from '../../server/domain/key.ts';
import { LIMITS } from '../../server/domain/limits.ts';
import { parseScope } from '../../server/domain/scope.ts';
import { readKeyFile } from '../../server/openpgp/key-material.ts';
import { createVerify } from '../../server/openpgp/verify.ts';
import { examine } from '../../server/services/examine.ts';
import { claimTree, text, write } from '../fuzz/claim-tree.ts';
import { type Draft, plainDraft, writeDraft } from '../fuzz/draft.ts';
import { CLAIMED } from '../fuzz/mutants.ts';
import { createRandom } from '../fuzz/random.ts';
import { makeKeys, type PublicKey, type SigningKey, subpacket } from '../fuzz/signing-key.ts';
import { compressed, packet } from '../openpgp/packet-writing.ts';

/** Made first, and then measured. */
export type Case = { readonly what: string; prepare(): Promise<() => Promise<unknown>> };

const KiB = 1024;
/** Room for a signature around the text, below what a message may expand to. */
const TEXT = LIMITS.decompressedBytes - 4 * KiB;

/** A claim whose `optional` holds this as well. */
function claimWith(member: string): Buffer {
  const style = { space: false, escapes: 0, random: createRandom(1) };
  const claim = write(claimTree(CLAIMED), style);
  return Buffer.from(`${claim.slice(0, -2)},${write(text('more'), style)}:${member}}}`);
}

const many = (one: (index: number) => string, bytes: number) =>
  Array.from({ length: Math.floor(bytes / one(100_000).length) }, (_, index) => one(index)).join('');

const TEXTS: Readonly<Record<string, () => Buffer>> = {
  'an ordinary claim': () => claimWith('1'),
  'nothing but space': () => claimWith(' '.repeat(TEXT).concat('1')),
  'one long string': () => claimWith(`"${'x'.repeat(TEXT)}"`),
  'a string of escapes': () => claimWith(`"${'\\u0041'.repeat(TEXT / 6)}"`),
  'a string of escaped surrogates': () => claimWith(`"${'\\ud83d\\ude00'.repeat(TEXT / 12)}"`),
  'a long number': () => claimWith('9'.repeat(TEXT)),
  'a long fraction': () => claimWith(`0.${'3'.repeat(TEXT - 100)}e5`),
  'a long list': () => claimWith(`[${'1,'.repeat(TEXT / 2 - 1)}1]`),
  'a list of empty objects': () => claimWith(`[${'{},'.repeat(TEXT / 3 - 1)}{}]`),
  'very many members': () => claimWith(`{${many((index) => `"m${String(index).padStart(6, '0')}":1,`, TEXT)}"end":1}`),
  'members with long names, the last twice': () =>
    claimWith(`{${many((index) => `"${'n'.repeat(500)}${String(index).padStart(6, '0')}":1,`, TEXT)}"a":1,"a":2}`),
  'thirty levels, again and again': () => claimWith(`[${many(() => `${'['.repeat(28)}${']'.repeat(28)},`, TEXT)}1]`),
  'bytes that are no UTF-8 at the end': () => Buffer.concat([claimWith(' '.repeat(TEXT)), Buffer.of(0xff)]),
};

const EDITS: Readonly<Record<string, (draft: Draft) => void>> = {
  'ten thousand bytes of subpackets, twice': (draft) => {
    draft.hashed = Buffer.concat([draft.hashed, fill(9_960 - draft.hashed.length)]);
    draft.unhashed = Buffer.concat([draft.unhashed, fill(9_980 - draft.unhashed.length)]);
  },
  'three hundred notations': (draft) => {
    const notation = subpacket(
      20,
      Buffer.concat([Buffer.of(0x80, 0, 0, 0, 0, 8, 0, 8), Buffer.from('a@b.cdefvalue...')]),
    );
    draft.hashed = Buffer.concat([draft.hashed, ...Array.from({ length: 300 }, () => notation)]);
  },
  'a text signature of line ends': (draft) => {
    draft.type = 1;
    draft.payload = claimWith('\r\n'.repeat(TEXT / 2).concat('1'));
  },
  'a literal in parts of 512 bytes': (draft) => {
    draft.frames = ['new', 'parts-9', 'new'];
    draft.payload = claimWith(' '.repeat(TEXT).concat('1'));
  },
};

/** Subpackets of two bytes: a length and a type. */
const fill = (bytes: number) => Buffer.concat(Array.from({ length: bytes >> 1 }, () => Buffer.of(1, 100)));

type Bytes = () => Buffer;

function unsigned(): Readonly<Record<string, Bytes>> {
  const bomb = () => compressed(Buffer.alloc(60 * 1024 * KiB));
  const layer = (contents: Uint8Array) => packet(8, Buffer.concat([Buffer.of(1), deflateRawSync(contents)]));
  const nested = (levels: number, inner: Buffer) =>
    Array.from({ length: levels }).reduce<Buffer>((bytes) => layer(bytes), inner);
  const parts = Buffer.from('e000'.repeat(30 * KiB), 'hex');
  return {
    'a bomb by ZIP': bomb,
    'a bomb by ZLIB': () => packet(8, Buffer.concat([Buffer.of(2), deflateSync(Buffer.alloc(60 * 1024 * KiB))])),
    'a bomb in four layers': () => nested(3, bomb()),
    'four layers, each as large as may be': () => nested(4, Buffer.alloc(LIMITS.decompressedBytes - 64)),
    'a hundred layers': () => nested(100, Buffer.from('x')),
    'sixty thousand empty packets': () => Buffer.from('c400'.repeat(30 * KiB), 'hex'),
    'a packet in sixty thousand parts': () => Buffer.concat([Buffer.of(0xc4), parts, Buffer.of(0)]),
    'very many packets, compressed': () => compressed(Buffer.from('c400'.repeat(LIMITS.decompressedBytes / 2), 'hex')),
  };
}

async function registered({ publicKey }: PublicKey): Promise<Key> {
  const [file] = (await readKeyFile(publicKey)).keys;
  if (!file) throw new Error('no key in the file');
  const { facts, material } = file;
  const active = { name: 'key', scopes: [parseScope('')], state: { state: 'active' }, revision: 1 } as const;
  return { ...facts, ...active, material } as unknown as Key;
}

/** Other keys that bear the id of this one, and itself at the end. */
function collided(key: Key, other: Key, count: number): Key[] {
  const keyId = key.signingKeys[0]?.keyId as Key['signingKeys'][number]['keyId'];
  const signingKeys = other.signingKeys.map((part) => ({ ...part, keyId }));
  const others = Array.from({ length: count - 1 }, (_, index) => {
    const fingerprint = `${String(index).padStart(24, '0')}${keyId}` as Key['fingerprint'];
    return { ...other, fingerprint, signingKeys };
  });
  return [...others, key];
}

export async function worstSignatures(): Promise<readonly Case[]> {
  const [rsa, ecdsa, edwards] = makeKeys('worst cases') as [PublicKey, PublicKey, PublicKey];
  const keys = await Promise.all([rsa, ecdsa, edwards].map(registered));
  const [key, other] = keys as [Key, Key];
  const verify = createVerify();
  const now = Date.UTC(2026, 0) as Instant;

  const written = (change: (draft: Draft) => void, by = rsa) => {
    const draft = plainDraft(by.signers[0] as SigningKey, claimWith('1'));
    change(draft);
    return writeDraft(draft);
  };
  const judged = (what: string, make: Bytes, candidates: readonly Key[]): Case => ({
    what,
    prepare: async () => {
      const bytes = make();
      return async () => examine(bytes, { findKeys: async () => candidates, verify, now });
    },
  });
  const anonymous = (draft: Draft) => void Object.assign(draft, { hashed: draft.hashed.subarray(-6) });
  return [
    ...Object.entries(unsigned()).map(([what, make]) => judged(what, make, [key])),
    ...Object.entries(TEXTS).map(([what, payload]) =>
      judged(what, () => written((draft) => void Object.assign(draft, { payload: payload() })), [key]),
    ),
    ...Object.entries(EDITS).map(([what, change]) => judged(what, () => written(change), [key])),
    judged('an ordinary one by ECDSA', () => written(() => {}, ecdsa), keys.slice(1, 2)),
    judged('an ordinary one by Ed25519', () => written(() => {}, edwards), keys.slice(2)),
    judged('two hundred keys with the id that it names', () => written(anonymous), collided(key, other, 200)),
  ];
}
