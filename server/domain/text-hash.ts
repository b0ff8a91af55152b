// A fast hash of texts for tables in memory: 32 bits, by a seed that nobody outside knows, since strangers choose the
// texts. Not for anything that must not collide.

/** Continues from a seed, or from the hash of what comes before. */
export function hashText(text: string, seed: number): number {
  let state = seed;
  for (let at = 0; at < text.length; at++) state = Math.imul(state ^ text.charCodeAt(at), 0x5bd1e995) ^ (state >>> 15);
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return state ^ (state >>> 16);
}
