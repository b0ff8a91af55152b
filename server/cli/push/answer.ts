// What a server answered to a request of ours, or what kept it from answering, and how long to wait before the next try.
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, ERRORS, type ErrorCode } from '../../domain/errors.ts';
import { readBounded } from '../bounded-answer.ts';
import { printable } from '../terminal.ts';

export type Answer = { readonly status: number; readonly body: unknown };

/** Told about each wait before another try. */
export type OnRetry = (why: string, waitMs: number) => void;

export const TRIES = 6;
const MOST_WAIT_MS = 15_000;
const DETAIL_LENGTH = 1_000;
/** Of a batch it has some 30 KiB. */
const ANSWER_BYTES = 4 * 1024 * 1024;

type Wait = {
  readonly tries: number;
  readonly firstWaitMs: number;
  readonly why: string;
  readonly onRetry: OnRetry;
};

export async function pause({ tries, firstWaitMs, why, onRetry }: Wait): Promise<void> {
  // Half of the wait is chance, so that fifty jobs that failed together do not come back together.
  const wait = Math.min(MOST_WAIT_MS, firstWaitMs * 2 ** (tries - 1)) * (0.5 + Math.random() / 2);
  onRetry(why, wait);
  await sleep(wait);
}

type Request = {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer>;
  readonly patienceMs: number;
};

/** An answer, or what kept it away; throws what no other try would change. */
export async function post(url: string, { headers, body, patienceMs }: Request): Promise<Answer | string> {
  try {
    const signal = AbortSignal.timeout(patienceMs);
    // A login page is no answer, and neither a token nor an ID token is for another host.
    return await readAnswer(await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal }));
  } catch (error) {
    return describeFault(error, patienceMs);
  }
}

/** `body` is null where it is no JSON. */
async function readAnswer(response: Response): Promise<Answer> {
  const text = (await readBounded(response, ANSWER_BYTES))?.toString('utf8') ?? '';
  try {
    return { status: response.status, body: JSON.parse(text) as unknown };
  } catch {
    return { status: response.status, body: null };
  }
}

/** What went wrong on the way there. A port that fetch refuses, or no TLS, is thrown. */
export function describeFault(error: unknown, patienceMs: number): string {
  if (!(error instanceof Error)) throw error;
  if (error.name === 'TimeoutError') return `no answer within ${patienceMs / 1000} s`;
  const cause = error.cause instanceof Error ? error.cause : error;
  if ('code' in cause && String(cause.code).startsWith('ERR_SSL'))
    throw new AppError('SERVER_UNREACHABLE', 'the server does not speak TLS; is its URL http://?', { cause: error });
  if ('code' in cause && !String(cause.code).startsWith('UND_ERR_INVALID')) return String(cause.code);
  throw new AppError('SERVER_UNREACHABLE', 'the server cannot be asked; check its URL', { cause: error });
}

/** The server's own code, where this version knows it. */
export function codeOf(code: string): ErrorCode {
  return Object.hasOwn(ERRORS, code) ? (code as ErrorCode) : 'REQUEST_INVALID';
}

/** Of JSON that should be an object, and may be anything. */
export function membersOf(untrusted: unknown): Readonly<Record<string, unknown>> {
  return typeof untrusted === 'object' && untrusted !== null ? (untrusted as Record<string, unknown>) : {};
}

/** As it may stand in a line of ours: whoever answers may be anybody. */
export function problemOf(body: unknown): { code: string; detail: string } | null {
  const { code, detail } = membersOf(body);
  if (code === undefined || detail === undefined) return null;
  return { code: String(code), detail: printable(String(detail).slice(0, DETAIL_LENGTH)) };
}
