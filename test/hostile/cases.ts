// All worst cases, by what they are of, and what one costs.
import { AppError } from '../../server/domain/errors.ts';
import { worstKeys } from './worst-keys.ts';
import { type Case, worstSignatures } from './worst-signatures.ts';

export const LIST = { signatures: worstSignatures, keys: worstKeys } satisfies Record<
  string,
  () => Promise<readonly Case[]>
>;
export type List = keyof typeof LIST;

export type Cost = { readonly answer: string; readonly cpuMs: number };

/** CPU time of the process, which other programs do not lengthen. */
export async function costOf(run: () => Promise<unknown>): Promise<Cost> {
  const before = process.cpuUsage();
  let answer = 'accepted';
  try {
    await run();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    answer = error.code;
  }
  const { user, system } = process.cpuUsage(before);
  return { answer, cpuMs: (user + system) / 1000 };
}
