// The uploading side of the API: one multipart request per batch, tried again while the fault may pass.
import { AppError } from '../../domain/errors.ts';
import { type Answer, codeOf, membersOf, type OnRetry, pause, post, problemOf, TRIES } from './answer.ts';
import { formatForm } from './form.ts';

export type Part = { readonly path: string; readonly target: string | null; readonly bytes: Uint8Array };

export type Problem = { readonly code: string; readonly detail: string; readonly status?: number };

export type PartResult =
  | {
      readonly status: 'stored' | 'exists';
      readonly url: string;
      readonly notes: readonly { code: string; text: string }[];
    }
  | { readonly status: 'refused'; readonly problem: Problem };

export type Client = { upload(parts: readonly Part[]): Promise<PartResult[]> };

type Options = {
  readonly server: string;
  /** Asked before each request: it may be another one by then. */
  readonly token: string | (() => Promise<string>);
  readonly onRetry?: OnRetry;
  readonly firstWaitMs?: number;
};

/** A server that takes longer for a batch is not there. */
const PATIENCE_MS = 120_000;

export function createClient({ server, token, onRetry = () => {}, firstWaitMs = 500 }: Options): Client {
  async function attempt(parts: readonly Part[]): Promise<Answer | string> {
    const { contentType, body } = formatForm(parts);
    const secret = typeof token === 'string' ? token : await token();
    const headers = { authorization: `Bearer ${secret}`, 'content-type': contentType };
    return post(`${server}/api/v1/signatures`, { headers, body, patienceMs: PATIENCE_MS });
  }

  async function persistently(parts: readonly Part[]): Promise<Answer> {
    for (let tries = 1; ; tries++) {
      const answer = await attempt(parts);
      const fault = typeof answer === 'string' ? answer : passing(answer, parts.length);
      if (fault === null) return answer as Answer;
      if (tries === TRIES)
        throw new AppError('SERVER_UNREACHABLE', `${server} did not take the upload after ${TRIES} tries: ${fault}`);
      await pause({ tries, firstWaitMs, why: fault, onRetry });
    }
  }

  async function once(parts: readonly Part[]): Promise<PartResult[]> {
    const { status, body } = await persistently(parts);
    const results = resultsOf(body);
    if (results?.length === parts.length) return results;
    // One oversized part makes the server refuse the whole form: find it, and let the others through.
    if (status === 413 && parts.length > 1) {
      const half = Math.ceil(parts.length / 2);
      return [...(await once(parts.slice(0, half))), ...(await once(parts.slice(half)))];
    }
    const problem = problemOf(body);
    // A proxy's own limit answers in HTML.
    if (status === 413)
      return [
        {
          status: 'refused',
          problem: problem ?? { code: 'REQUEST_TOO_LARGE', detail: 'too large for the server or a proxy before it' },
        },
      ];
    if (problem) throw new AppError(codeOf(problem.code), `${server} refused the upload: ${problem.detail}`);
    throw new AppError(
      'SERVER_UNREACHABLE',
      `${server} answered ${status}, and not as a store does; is --server the URL of the store?`,
    );
  }

  return {
    async upload(parts) {
      const results = await once(parts);
      // A fault of the store can hit one part of a form and is no verdict on the signature.
      for (let tries = 1; tries < TRIES; tries++) {
        const again = results.flatMap((result, index) => (isFault(result) ? [index] : []));
        if (again.length === 0) break;
        const why = `the store could not take ${again.length} of ${parts.length} signatures`;
        await pause({ tries, firstWaitMs, why, onRetry });
        const retried = await once(again.map((index) => parts[index] as Part));
        for (const [position, index] of again.entries()) results[index] = retried[position] as PartResult;
      }
      return results;
    },
  };
}

function isFault(result: PartResult): boolean {
  return result.status === 'refused' && ((result.problem.status ?? 0) >= 500 || result.problem.status === 429);
}

/** Why to try again, or null for an answer that stands: one with a result for every part does, whatever its status. */
function passing({ status, body }: Answer, parts: number): string | null {
  if (resultsOf(body)?.length === parts) return null;
  if (status === 429 || status >= 500)
    return `status ${status}${problemOf(body) ? `, ${problemOf(body)?.detail}` : ''}`;
  return null;
}

function resultsOf(body: unknown): PartResult[] | null {
  const { results } = membersOf(body);
  return Array.isArray(results) && results.every(isResult) ? results : null;
}

/** What is no answer of a store must not be counted as one that is neither stored nor refused. */
function isResult(untrusted: unknown): untrusted is PartResult {
  const { status, problem, notes } = membersOf(untrusted);
  if (status === 'refused') return areTexts(membersOf(problem), 'code', 'detail');
  const isServed = status === 'stored' || status === 'exists';
  return isServed && Array.isArray(notes) && notes.every((note) => areTexts(membersOf(note), 'code', 'text'));
}

function areTexts(untrusted: Record<string, unknown>, ...names: readonly string[]): boolean {
  return names.every((name) => typeof untrusted[name] === 'string');
}
