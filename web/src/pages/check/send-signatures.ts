// Sends signatures as a form. One that is too large makes the store refuse the whole form, so the form is split until
// it stands alone.
import { ApiError } from '../../api/api-error.ts';
import type { Problem } from '../../api/schema.ts';

const PLAIN_NAME = 'signature'; // neither `@` nor `/`: the store takes no target from it

type Part = { readonly bytes: Blob; readonly target: string | null };

/** The file name of a part is its target; the names of people's files are not sent. */
export function createForm(parts: readonly Part[]): FormData {
  const form = new FormData();
  for (const { bytes, target } of parts) form.append('signature', bytes, target ?? PLAIN_NAME);
  return form;
}

type Refused<Result> = (problem: Problem) => Result;

/** One result for each signature, in order. Rejects with what concerns none of them: no answer, no session. */
export async function sendInParts<Result>(
  parts: readonly Part[],
  send: (parts: readonly Part[]) => Promise<readonly Result[]>,
  refused: Refused<Result>,
): Promise<readonly Result[]> {
  try {
    return await send(parts);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 413) throw error;
    if (parts.length === 1) return [refused(toProblem(error))];
    const middle = Math.ceil(parts.length / 2);
    const first = await sendInParts(parts.slice(0, middle), send, refused);
    return [...first, ...(await sendInParts(parts.slice(middle), send, refused))];
  }
}

function toProblem({ status, code, detail }: ApiError): Problem {
  return { type: '', title: detail, status, code: code as Problem['code'], detail };
}
