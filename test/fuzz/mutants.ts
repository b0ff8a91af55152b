// Mutants of signatures: real ones changed from outside, and ones of our own keys changed before they are signed, which is
// how a hostile signer, or another signing program, would reach what stands behind the cryptography.
import { CORPUS } from '../openpgp/corpus.ts';
import { CORPUS_DIGEST_HEX, fixture } from '../support/server.ts';
import { editBytes, editPackets, type Mutant, unwrapped } from './byte-edits.ts';
import { editClaim } from './claim-edits.ts';
import { type Draft, plainDraft, writeDraft } from './draft.ts';
import { editDraft } from './draft-edits.ts';
import type { Random } from './random.ts';
import type { SigningKey } from './signing-key.ts';

export const REFERENCE = 'registry.example.com/acme/app:v1';
export const CLAIMED = { reference: REFERENCE, digest: `sha256:${CORPUS_DIGEST_HEX}` };

/** Those of the corpus that a store and skopeo agree to accept, and the ones that come close. */
const REAL = CORPUS.filter(
  ({ expect, skopeo, name }) => (expect === 'accepted' || skopeo === 'accepted') && !name.startsWith('bomb'),
);

type Real = { readonly name: string; readonly bytes: Buffer; readonly packets: ReturnType<typeof unwrapped> };

export const FAMILIES = ['bytes', 'packets', 'claim', 'signed', 'both'] as const;
export type Family = (typeof FAMILIES)[number];
export type FamilyMutant = Mutant & { readonly family: Family };

/** A claim costs a refusal late, so most of the work goes where most of the code is. */
const SHARES: readonly Family[] = [
  'bytes',
  'packets',
  'packets',
  'claim',
  'claim',
  'claim',
  'claim',
  'signed',
  'signed',
  'both',
];

export function createMutants(signers: readonly SigningKey[], random: Random): () => FamilyMutant {
  const real: Real[] = REAL.map(({ name, file }) => {
    const bytes = fixture(file);
    return { name, bytes, packets: unwrapped(bytes) };
  });
  const others = real.map(({ bytes }) => bytes);
  // RSA first: it is what most signatures are of.
  const signer = () => random.pick([signers[0] ?? random.pick(signers), ...signers]);

  const families: Record<Family, () => Mutant> = {
    bytes: () => {
      const { name, bytes } = random.pick(real);
      return named(name, editBytes(bytes, others, random));
    },
    packets: () => {
      const { name, packets, bytes } = random.pick(real);
      const draft = plainDraft(signer(), Buffer.alloc(0));
      return named(name, packets ? editPackets(packets, draft, random) : editBytes(bytes, others, random));
    },
    claim: () => written(claimed(signer(), random)),
    signed: () => written(edited(plainDraft(signer(), PLAIN), random)),
    both: () => written(edited(claimed(signer(), random), random)),
  };
  return () => {
    const family = random.pick(SHARES);
    return { family, ...families[family]() };
  };
}

function named(name: string, { bytes, trace }: Mutant): Mutant {
  return { bytes, trace: [name, ...trace] };
}

const PLAIN = Buffer.from(
  JSON.stringify({
    critical: {
      identity: { 'docker-reference': CLAIMED.reference },
      image: { 'docker-manifest-digest': CLAIMED.digest },
      type: 'atomic container signature',
    },
    optional: { creator: 'atomic 5.23.1', timestamp: 1_717_200_000 },
  }),
);

function claimed(key: SigningKey, random: Random): Draft {
  const { payload, trace } = editClaim(CLAIMED, random);
  const draft = plainDraft(key, payload);
  draft.trace.push(...trace);
  return draft;
}

function edited(draft: Draft, random: Random): Draft {
  for (let count = random.pick([1, 1, 1, 2, 3]); count > 0; count--) editDraft(draft, random);
  return draft;
}

function written(draft: Draft): Mutant {
  return { bytes: writeDraft(draft), trace: draft.trace };
}
