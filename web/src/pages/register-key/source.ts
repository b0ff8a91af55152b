// Where a key came from: a file or a paste, and whether it is one that must not be sent at all.
import type { Input } from '../../api/client.ts';
import { isPrivateFile } from '../../parts/private-key.ts';

/** As the API takes it: text as JSON, a file as its bytes. */
export type KeyBody = { readonly key: string } | Blob;
export type Source = { readonly name: string | null; readonly body: KeyBody };

const KEY_FILE = 'application/pgp-keys';

/** The bytes as they are now: what is registered is what was looked at. Null for a private key. */
export async function readSource(file: File): Promise<Source | null> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (isPrivateFile(bytes)) return null;
  return { name: file.name, body: new Blob([bytes], { type: KEY_FILE }) };
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
