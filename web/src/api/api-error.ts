// What went wrong with a request, as the server's problem document says it.

/** `NETWORK` when there was no answer, `UNEXPECTED` when it was no problem document; else a code of docs/errors.md. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  /** Of a 429 or 503: when it makes sense to try again. */
  readonly retryAfterSeconds: number | null;
  /** The whole body of the answer: an upload that was refused still lists its parts. */
  readonly body: unknown;

  constructor(problem: Problem, options?: ErrorOptions) {
    super(`${problem.code}: ${problem.detail}`, options);
    this.status = problem.status;
    this.code = problem.code;
    this.detail = problem.detail;
    this.retryAfterSeconds = problem.retryAfterSeconds ?? null;
    this.body = problem.body;
  }

  /** No answer, or the server's own fault: these pass. A refusal stays a refusal. */
  get isFault(): boolean {
    return this.status === 0 || this.status >= 500;
  }
}

type Problem = {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly retryAfterSeconds?: number | null;
  readonly body?: unknown;
};

const text = (value: unknown, key: string): string | undefined => {
  if (typeof value !== 'object' || value === null) return undefined;
  const member: unknown = Reflect.get(value, key);
  return typeof member === 'string' ? member : undefined;
};

/** A proxy in between may answer with a page of its own, so nothing about the body is taken for granted. */
export async function readProblem(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => null);
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return new ApiError({
    status: response.status,
    code: text(body, 'code') ?? 'UNEXPECTED',
    detail: text(body, 'detail') ?? text(body, 'title') ?? `the server answered ${response.status}`,
    retryAfterSeconds: Number.isFinite(seconds) ? seconds : null,
    body,
  });
}
