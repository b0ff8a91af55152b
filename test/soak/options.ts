// What `npm run soak` can be asked for.
import { parseArgs } from 'node:util';

export type Options = {
  readonly minutes: number;
  /** Requests for lookaside paths a second, hits and misses together. */
  readonly reads: number;
  /** Uploads a second, of which some are repeats and some must be refused. */
  readonly uploads: number;
  /** Signed before the load begins. */
  readonly images: number;
  /** LOOKASIDE_WORKERS of the server. */
  readonly workers: number;
  readonly json: boolean;
};

export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: 'string', default: '20' },
      reads: { type: 'string', default: '200' },
      uploads: { type: 'string', default: '10' },
      images: { type: 'string', default: '3000' },
      workers: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
    },
  });
  return {
    minutes: positive('minutes', values.minutes),
    reads: positive('reads', values.reads),
    uploads: positive('uploads', values.uploads),
    images: positive('images', values.images),
    workers: positive('workers', values.workers),
    json: values.json,
  };
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${name} takes a number above 0, not ${text}`);
  return value;
}
