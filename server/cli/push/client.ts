// The uploading side of the API: one multipart request per batch, tried again while the fault may pass.
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, ERRORS, type ErrorCode } from '../../domain/errors.ts';
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
  readonly token: string;
  /** Told about each wait before another try. */
  readonly onRetry?: (why: string, waitMs: number) => void;
  readonly firstWaitMs?: number;
};

const TRIES = 6;
const MOST_WAIT_MS = 15_000;
/** A server that takes longer for a batch is not there. */
const REQUEST_MS = 120_000;

export function createClient({ server, token, onRetry = () => {}, firstWaitMs = 500 }: Options): Client {
  async function attempt(parts: readonly Part[]): Promise<Answer> {
    const { contentType, body } = formatForm(parts);
    const response = await fetch(`${server}/api/v1/signatures`, {
      method: 'POST',
      body,
      headers: { authorization: `Bearer ${token}`, 'content-type': contentType },
      redirect: 'manual', // a login page is no answer, and a token is not for another host
      signal: AbortSignal.timeout(REQUEST_MS),
    });
    return { status: response.status, body: await readJson(response) };
  }

  async function pause(tries: number, why: string): Promise<void> {
    // Half of the wait is chance, so that fifty jobs that failed together do not come back together.
    const wait = Math.min(MOST_WAIT_MS, firstWaitMs * 2 ** (tries - 1)) * (0.5 + Math.random() / 2);
    onRetry(why, wait);
    await sleep(wait);
  }

  async function persistently(parts: readonly Part[]): Promise<Answer> {
    for (let tries = 1; ; tries++) {
      const answer = await attempt(parts).catch((error: unknown) => describeFault(error));
      const fault = typeof answer === 'string' ? answer : passing(answer, parts.length);
      if (fault === null) return answer as Answer;
      if (tries === TRIES)
        throw new AppError('SERVER_UNREACHABLE', `${server} did not take the upload after ${TRIES} tries: ${fault}`);
      await pause(tries, fault);
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
      `${server} answered ${status} and no JSON; is --server the URL of the store?`,
    );
  }

  return {
    async upload(parts) {
      const results = await once(parts);
      // A fault of the store can hit one part of a form and is no verdict on the signature.
      for (let tries = 1; tries < TRIES; tries++) {
        const again = results.flatMap((result, index) => (isFault(result) ? [index] : []));
        if (again.length === 0) break;
        await pause(tries, `the store could not take ${again.length} of ${parts.length} signatures`);
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

type Answer = { readonly status: number; readonly body: unknown };

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/** Why to try again, or null for an answer that stands: one with a result for every part does, whatever its status. */
function passing({ status, body }: Answer, parts: number): string | null {
  if (resultsOf(body)?.length === parts) return null;
  if (status === 429 || status >= 500)
    return `status ${status}${problemOf(body) ? `, ${problemOf(body)?.detail}` : ''}`;
  return null;
}

/** What went wrong on the way there; throws what no other try would change, such as a port that fetch refuses. */
function describeFault(error: unknown): string {
  if (!(error instanceof Error)) throw error;
  if (error.name === 'TimeoutError') return `no answer within ${REQUEST_MS / 1000} s`;
  const cause = error.cause instanceof Error ? error.cause : error;
  if ('code' in cause && String(cause.code).startsWith('ERR_SSL'))
    throw new AppError('SERVER_UNREACHABLE', 'the server does not speak TLS; is its URL http://?', { cause: error });
  if ('code' in cause && !String(cause.code).startsWith('UND_ERR_INVALID')) return String(cause.code);
  throw new AppError('SERVER_UNREACHABLE', 'the server cannot be asked; check its URL', { cause: error });
}

/** The server's own code, where this version knows it. */
function codeOf(code: string): ErrorCode {
  return Object.hasOwn(ERRORS, code) ? (code as ErrorCode) : 'REQUEST_INVALID';
}

function resultsOf(body: unknown): PartResult[] | null {
  const results = typeof body === 'object' && body !== null && 'results' in body ? body.results : null;
  return Array.isArray(results) ? (results as PartResult[]) : null;
}

function problemOf(body: unknown): { code: string; detail: string } | null {
  if (typeof body !== 'object' || body === null || !('code' in body) || !('detail' in body)) return null;
  return { code: String(body.code), detail: String(body.detail) };
}
