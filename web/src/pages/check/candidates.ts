// What is to be checked: files and pasted text, as bytes, and what can be said about them without asking the store.
import type { UploadResult, Verdict } from '../../api/schema.ts';
import { isPrivateFile } from '../../parts/private-key.ts';

/** LIMITS of the server: parts of one form, and the most that its settings allow for one signature. */
export const MAX_CANDIDATES = 256;
const MAX_BYTES = 4 * 1024 * 1024;

export type Candidate = {
  readonly id: number;
  /** Of the file, or “Pasted text”. */
  readonly name: string;
  readonly bytes: Blob;
  /** Why it is not sent to the store at all. */
  readonly fault?: string;
  /** What it was last checked against, and is uploaded to. */
  readonly target: string | null;
  /** Undefined while it is not known. */
  readonly verdict?: Verdict | undefined;
  readonly upload?: UploadResult | undefined;
};

/** Somebody took one file for the other. */
export const PRIVATE =
  'This is a private key, not a signature. It belongs on the machine that signs, and nowhere else.';

let last = 0;

export function createCandidate(name: string, bytes: Blob, fault?: string): Candidate {
  last += 1;
  return { id: last, name, bytes, target: null, ...(fault === undefined ? {} : { fault }) };
}

/** Reads it now: what is checked and what is uploaded later are the same bytes, whatever happens to the file. */
export async function readFile(file: File): Promise<Candidate> {
  if (file.size > MAX_BYTES)
    return createCandidate(
      file.name,
      new Blob(),
      'The file is larger than 4 MiB, more than any store takes. A signature has a few hundred bytes.',
    );
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    return isPrivateFile(bytes)
      ? createCandidate(file.name, new Blob(), PRIVATE)
      : createCandidate(file.name, new Blob([bytes]));
  } catch {
    return createCandidate(
      file.name,
      new Blob(),
      'The file cannot be read. If it is a folder, choose the files in it.',
    );
  }
}

export function isAcceptable({ verdict, upload }: Candidate): boolean {
  return verdict?.status === 'acceptable' && upload === undefined;
}
