// Bytes that go to another thread.
/**
 * Pieces one after the other, in memory of their own. A message between threads copies, or gives away, all of the memory
 * that bytes are a view of; a small buffer of Node.js is a view of a pool with much else in it.
 */
export function joinBytes(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
