// The client's side of the exchange: a token of the store for what the CI system says, and another one before it ends.
import { AppError } from '../../domain/errors.ts';
import { TOKEN_SHAPE } from '../../domain/principal.ts';
import { codeOf, membersOf, type OnRetry, pause, post, problemOf, TRIES } from './answer.ts';
import type { IdTokens } from './id-tokens.ts';

export type Given = {
  readonly token: string;
  readonly expiresInSeconds: number;
  readonly publisher: { readonly id: string; readonly name: string };
};

type Options = {
  readonly server: string;
  readonly idTokens: IdTokens;
  readonly publisher: string | null;
  readonly onRetry?: OnRetry;
  readonly firstWaitMs?: number;
  readonly patienceMs?: number;
};

/** The server may have to ask the issuer for its keys first. */
const PATIENCE_MS = 30_000;
/** Before its end a token is not begun with: an upload may take a while to arrive. */
const RESERVE_MS = 3 * 60 * 1000;

export async function exchange(options: Options): Promise<Given> {
  const { server, idTokens, publisher, onRetry = () => {}, firstWaitMs = 500, patienceMs = PATIENCE_MS } = options;
  for (let tries = 1; ; tries++) {
    const idToken = await idTokens.take();
    const answer = await post(`${server}/api/v1/oidc/exchange`, {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ idToken, publisher }),
      patienceMs,
    });
    const why = typeof answer === 'string' ? answer : `status ${answer.status}`;
    if (typeof answer !== 'string') {
      const given = givenBy(answer.body);
      if (answer.status === 200 && given) {
        idTokens.spent();
        return given;
      }
      const problem = problemOf(answer.body);
      if (problem && answer.status < 500 && answer.status !== 429)
        throw new AppError(codeOf(problem.code), `${server} gave no token: ${problem.detail}`);
    }
    if (tries === TRIES)
      throw new AppError('SERVER_UNREACHABLE', `${server} gave no token after ${TRIES} tries: ${why}`);
    await pause({ tries, firstWaitMs, why, onRetry });
  }
}

/** Nothing but a token is handed on: scripts put it into variables and files that a second line would add to. */
function givenBy(body: unknown): Given | null {
  const { token, expiresInSeconds, publisher } = membersOf(body);
  if (typeof token !== 'string' || !TOKEN_SHAPE.test(token)) return null;
  if (!Number.isFinite(expiresInSeconds) || typeof membersOf(publisher).name !== 'string') return null;
  return body as Given;
}

/** Asked before each request: the same token for as long as it lives, then another one, once for all who ask. */
export function createRenewingToken(options: Options, now: () => number = Date.now): () => Promise<string> {
  let until = Number.NEGATIVE_INFINITY;
  let current: Promise<string> | null = null;
  async function renew(): Promise<string> {
    const { token, expiresInSeconds } = await exchange(options);
    until = now() + expiresInSeconds * 1000 - RESERVE_MS;
    return token;
  }
  return () => {
    if (current !== null && now() < until) return current;
    until = Number.POSITIVE_INFINITY; // until the answer is there
    current = renew();
    return current;
  };
}
