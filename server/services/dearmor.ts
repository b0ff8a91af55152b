// For the commands, which do not touch the OpenPGP room themselves, and load openpgp.js when there is armor to undo.

/** The binary message of an armored one; other bytes as they are. Throws SIGNATURE_MALFORMED for damaged armor. */
export async function dearmor(bytes: Uint8Array): Promise<Uint8Array> {
  const read = await import('../openpgp/dearmor.ts');
  return read.dearmor(bytes);
}
