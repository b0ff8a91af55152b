// Where a key came from: a file or a paste, and whether it is one that must not be sent at all.
import type { Input } from '../../api/client.ts';

/** As the API takes it: text as JSON, a file as its bytes. */
export type KeyBody = { readonly key: string } | Blob;
export type Source = { readonly name: string | null; readonly body: KeyBody };

const KEY_FILE = 'application/pgp-keys';
const PRIVATE_ARMOR = /-----BEGIN PGP PRIVATE KEY BLOCK-----/;

/** The bytes as they are now: what is registered is what was looked at. Null for a private key. */
export async function readSource(file: File): Promise<Source | null> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (isPrivateFile(bytes)) return null;
  return { name: file.name, body: new Blob([bytes], { type: KEY_FILE }) };
}

export function isPrivateText(text: string): boolean {
  return PRIVATE_ARMOR.test(text);
}

/** The server refuses whatever this overlooks; but then it has travelled. */
function isPrivateFile(bytes: Uint8Array): boolean {
  return startsWithSecretKey(bytes[0] ?? 0) || isPrivateText(new TextDecoder('latin1').decode(bytes));
}

/** The first byte of a packet holds its kind: 5 is a secret key, in the old form of the byte and in the new one. */
function startsWithSecretKey(first: number): boolean {
  return first === 0xc5 || (first & 0xfc) === 0x94;
}

/** A file has its choices in the address, text has them beside it. */
export function sourceInput(
  { body }: Source,
  name: string | undefined,
  scopes: readonly string[] | undefined,
): Input<'registerKeys'> {
  if (body instanceof Blob)
    return {
      body,
      query: { ...(name === undefined ? {} : { name }), ...(scopes === undefined ? {} : { scope: scopes }) },
    };
  return {
    body: { ...body, ...(name === undefined ? {} : { name }), ...(scopes === undefined ? {} : { scopes }) },
  };
}
