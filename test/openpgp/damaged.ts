import fc from 'fast-check';

/** Something real with some bytes replaced, left out or put in. */
export function damaged(originals: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const edit = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    remove: fc.nat({ max: 4 }),
    insert: fc.uint8Array({ maxLength: 4 }),
  });
  return fc.tuple(fc.constantFrom(...originals), fc.array(edit, { minLength: 1, maxLength: 4 })).map(([bytes, edits]) =>
    edits.reduce<Uint8Array>((result, { at, remove, insert }) => {
      const start = Math.floor(at * result.length);
      return Buffer.concat([result.subarray(0, start), insert, result.subarray(start + remove)]);
    }, bytes),
  );
}
