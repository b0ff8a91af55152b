// What `npm run bench` can be asked for.
import { parseArgs } from 'node:util';
import { AREAS, type Area } from './rows.ts';

const FULL = { sizes: '1000,100000,1000000', rounds: '5', seconds: '2' };
const QUICK = { sizes: '1000,100000', rounds: '3', seconds: '1' };

export type Options = {
  readonly areas: readonly Area[];
  readonly sizes: readonly number[];
  readonly rounds: number;
  readonly seconds: number;
  readonly quick: boolean;
  readonly json: boolean;
  readonly out: string | undefined;
  readonly data: string | undefined;
};

export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      /** About three minutes: fewer sizes and rounds, keys drawn uniformly, a smaller tree. */
      quick: { type: 'boolean', default: false },
      /** Signatures stored, separated by commas. */
      sizes: { type: 'string' },
      rounds: { type: 'string' },
      /** Of load in each turn. */
      seconds: { type: 'string' },
      only: { type: 'string', default: AREAS.join(',') },
      /** A folder that keeps what was made for the next run. */
      data: { type: 'string' },
      json: { type: 'boolean', default: false },
      /** A file for the result: JSON if its name ends so, and in a page with marks for it, the table between them. */
      out: { type: 'string' },
    },
  });
  const preset = values.quick ? QUICK : FULL;
  return {
    areas: values.only.split(',').map(areaOf),
    sizes: (values.sizes ?? preset.sizes).split(',').map(whole),
    rounds: whole(values.rounds ?? preset.rounds),
    seconds: whole(values.seconds ?? preset.seconds),
    quick: values.quick,
    json: values.json,
    out: values.out,
    data: values.data,
  };
}

function areaOf(text: string): Area {
  const area = AREAS.find((each) => each === text);
  if (!area) throw new Error(`--only takes ${AREAS.join(', ')}, not ${text}`);
  return area;
}

/** wrk knows no fractions of a second. */
function whole(text: string): number {
  if (!/^[1-9][0-9]{0,8}$/.test(text)) throw new Error(`${text} is not a whole number`);
  return Number(text);
}
