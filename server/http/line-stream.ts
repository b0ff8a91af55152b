// Answers of any length, a page at a time: lines, to be kept in a file.
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import { AppError } from '../domain/errors.ts';
import { LIMITS } from '../domain/limits.ts';

export type LineStream = (
  res: Response,
  file: { readonly type: string; readonly name: string },
  pages: AsyncGenerator<string, void>,
) => Promise<void>;

/** `what` is being read by others, when too many do. */
export function createLineStream(what: string): LineStream {
  let open = 0;
  return async (res, { type, name }, pages) => {
    if (open >= LIMITS.exports)
      throw new AppError('STORE_BUSY', `${what} is being exported by others; try again when they are done`);
    open++;
    try {
      const first = await pages.next(); // what refuses the call does so before there is an answer
      async function* all() {
        if (!first.done) yield first.value;
        yield* pages;
      }
      res.type(type).set('content-disposition', `attachment; filename="${name}"`);
      // A client that stops reading must not keep its place for ever.
      res.setTimeout(LIMITS.exportIdleMs, () => res.destroy());
      await pipeline(Readable.from(all()), res);
    } finally {
      open--;
    }
  };
}
