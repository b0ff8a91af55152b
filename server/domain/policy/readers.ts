// Who decides whether an image may run, as far as they decide differently (protocol.md §3.2, §5, §6).
import type { Note } from '../signature.ts';

export const READERS = {
  gpgme: 'podman, skopeo, buildah, CRI-O (GPGME builds, containers/image since August 2025)',
  'gpgme-older': 'the same with containers/image before August 2025',
  openpgp: 'builds with containers_image_openpgp',
  portieris: 'Portieris',
  cvo: "OpenShift's release verification",
} as const;

export type ReaderId = keyof typeof READERS;
export const READER_IDS = Object.keys(READERS) as ReaderId[];

/** Who refuses a signature that has a compatibility note. The other notes are about names, which policies decide. */
const REFUSED_BY: Readonly<Record<string, readonly ReaderId[]>> = {
  subkey: ['gpgme-older', 'openpgp', 'portieris'],
  eddsa: ['openpgp', 'portieris', 'cvo'],
  'optional-members': ['cvo'],
};

/** What a reader has against a signature that is valid. */
export function findObjection(reader: ReaderId, notes: readonly Note[]): Note | null {
  return notes.find(({ code }) => REFUSED_BY[code]?.includes(reader)) ?? null;
}

/**
 * The others are on golang.org/x/crypto, which does not look whether a key has expired, and reads keyrings in a way of its
 * own (openpgp/simple-keyring.ts).
 */
export function isOnGnuPg(reader: ReaderId): boolean {
  return reader === 'gpgme' || reader === 'gpgme-older';
}
