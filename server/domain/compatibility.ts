// Compatibility notes: readers known to refuse a signature although it is valid (protocol.md §3). CI learns it
// from the upload's answer, not from a node at three in the morning.
import type { Claim } from './claim.ts';
import type { Note } from './signature.ts';

export type Traits = {
  readonly claim: Claim;
  readonly bySubkey: boolean;
  readonly algorithm: string;
  readonly hash: string;
  readonly bytes: number;
  readonly expires: string | null;
};

const NOTES: readonly { code: string; applies: (traits: Traits) => boolean; text: (traits: Traits) => string }[] = [
  {
    code: 'subkey',
    applies: (t) => t.bySubkey,
    text: () =>
      'signed with a subkey: podman, skopeo and CRI-O with containers/image before August 2025 accept only the primary key; sign with `--local-user FINGERPRINT!`',
  },
  {
    code: 'eddsa',
    applies: (t) => t.algorithm.startsWith('Ed'),
    text: () =>
      'signed with Ed25519: OpenShift release verification and builds with containers_image_openpgp read RSA and NIST ECDSA only',
  },
  {
    code: 'sha1',
    applies: (t) => t.hash === 'SHA1',
    text: () =>
      'signed over SHA-1: builds with Sequoia and systems with a strict crypto policy refuse it; use `--digest-algo SHA256`',
  },
  {
    code: 'name-only-reference',
    applies: (t) => t.claim.reference.tag === null && t.claim.reference.digest === null,
    text: () =>
      'the docker-reference has neither tag nor digest: only the identity rules matchRepository and exactRepository accept it',
  },
  {
    code: 'digest-reference',
    applies: (t) => t.claim.reference.tag === null && t.claim.reference.digest !== null,
    text: () =>
      'the docker-reference is by digest: under the default identity rule it holds for pulls by digest, not by tag',
  },
  {
    code: 'optional-members',
    applies: (t) => t.claim.otherOptional.length > 0,
    text: () => '`optional` has members besides creator and timestamp: OpenShift release verification refuses it',
  },
  {
    code: 'large',
    applies: (t) => t.bytes > 50 * 1024,
    text: () => 'larger than 50 KiB: OpenShift release verification does not intend to read it',
  },
  {
    code: 'expires',
    applies: (t) => t.expires !== null,
    text: (t) => `the signature itself expires at ${t.expires}; every runtime refuses it from then on`,
  },
];

export function compatibilityNotes(traits: Traits): Note[] {
  return NOTES.filter((note) => note.applies(traits)).map((note) => ({ code: note.code, text: note.text(traits) }));
}
