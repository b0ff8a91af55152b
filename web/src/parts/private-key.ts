// Private keys are recognized before they leave this machine. The server refuses whatever this overlooks; but then it has
// travelled.

const PRIVATE_ARMOR = /-----BEGIN PGP PRIVATE KEY BLOCK-----/;

export function isPrivateText(text: string): boolean {
  return PRIVATE_ARMOR.test(text);
}

export function isPrivateFile(bytes: Uint8Array): boolean {
  return startsWithSecretKey(bytes[0] ?? 0) || isPrivateText(new TextDecoder('latin1').decode(bytes));
}

/** The first byte of a packet holds its kind: 5 is a secret key, in the old form of the byte and in the new one. */
function startsWithSecretKey(first: number): boolean {
  return first === 0xc5 || (first & 0xfc) === 0x94;
}
