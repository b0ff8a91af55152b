// Armored signatures to binary, for those who move trees of them: the server itself never serves or stores armor.
import { unarmor } from 'openpgp';
import { AppError } from '../domain/errors.ts';
import { OPENPGP } from './settings.ts';

/** The binary message of an armored one; other bytes as they are. Throws SIGNATURE_MALFORMED for damaged armor. */
export async function dearmor(bytes: Uint8Array): Promise<Uint8Array> {
  const text = Buffer.from(bytes).toString('latin1');
  if (!/^\s*-----BEGIN PGP MESSAGE-----/.test(text)) return bytes;
  if (text.split('-----BEGIN PGP').length > 2)
    throw new AppError('SIGNATURE_MALFORMED', 'several armored messages in one file; give each a file of its own');
  try {
    const { data } = await unarmor(text.trimStart(), OPENPGP);
    return data as Uint8Array;
  } catch (cause) {
    throw new AppError('SIGNATURE_MALFORMED', 'the ASCII armor is damaged; sign again without --armor', { cause });
  }
}
