// Where a pipeline gets what its CI system says about it. GitHub makes one whenever it is asked; others put one, or
// several, into the environment, or one into a file that they replace before it expires.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Environment } from '../../config.ts';
import { AppError, quote } from '../../domain/errors.ts';

export type IdTokens = {
  /** One that was not exchanged yet, as far as is known here. */
  take(): Promise<string>;
  /** The one that was taken last has been exchanged. */
  spent(): void;
};

type Place = {
  readonly audience: string;
  /** Names of variables, in the order in which they are used. */
  readonly variables: readonly string[];
  /** LOOKASIDE_ID_TOKEN, or what its file holds now. */
  readonly configured: () => string | null;
  readonly environment: Environment;
};

const TRIES = 3;
const WAIT_MS = 1_000;
const REQUEST_MS = 30_000;

export function findIdTokens(place: Place): IdTokens {
  if (place.variables.length > 0) return inVariables(place);
  if (place.configured() !== null) return configured(place);
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: secret } = place.environment;
  if (url && secret) return fromGithub(url, secret, place.audience);
  throw new AppError('USAGE_INVALID', `no ID token was found; ${howToGetOne(place)}`);
}

function howToGetOne({ environment, audience }: Place): string {
  if (environment.GITHUB_ACTIONS) return 'give the job `permissions: { id-token: write }`';
  if (environment.GITLAB_CI) return `give the job \`id_tokens: { LOOKASIDE_ID_TOKEN: { aud: ${quote(audience)} } }\``;
  return `set LOOKASIDE_ID_TOKEN, or LOOKASIDE_ID_TOKEN_FILE, to one for the audience ${quote(audience)} (docs/ci.md)`;
}

function inVariables({ variables, environment }: Place): IdTokens {
  let next = 0;
  return {
    async take() {
      const name = variables[next];
      if (name === undefined)
        throw new AppError(
          'USAGE_INVALID',
          `the push takes longer than a token lives, and ${variables.join(', ')} were exchanged: add one more to \`id_tokens\` of the job, and --id-token-env for it`,
        );
      const idToken = environment[name]?.trim();
      if (!idToken) throw new AppError('USAGE_INVALID', `the variable ${quote(name)} holds no ID token`);
      return idToken;
    },
    spent: () => void next++,
  };
}

function configured({ configured: read }: Place): IdTokens {
  let former: string | null = null;
  let taken: string | null = null;
  return {
    async take() {
      taken = read();
      if (taken !== null && taken !== former) return taken;
      throw new AppError(
        'USAGE_INVALID',
        'the push takes longer than a token lives, and the ID token in LOOKASIDE_ID_TOKEN was exchanged: name several with --id-token-env, or push less at a time',
      );
    },
    spent: () => {
      former = taken;
    },
  };
}

function fromGithub(address: string, secret: string, audience: string): IdTokens {
  const url = new URL(address);
  url.searchParams.set('audience', audience);
  async function ask(): Promise<string> {
    const response = await fetch(url, {
      headers: { authorization: `Bearer ${secret}`, accept: 'application/json' },
      redirect: 'manual',
      signal: AbortSignal.timeout(REQUEST_MS),
    });
    const { value } = (await response.json()) as { value?: unknown };
    if (response.status === 200 && typeof value === 'string') return value;
    throw new Error(`status ${response.status}`);
  }
  return {
    async take() {
      for (let tries = 1; ; tries++) {
        try {
          return await ask();
        } catch (cause) {
          // What it says may hold the secret of the request.
          if (tries === TRIES)
            throw new AppError('SERVER_UNREACHABLE', 'GitHub gave no ID token; run the job again', { cause });
          await sleep(WAIT_MS * tries);
        }
      }
    },
    spent: () => {},
  };
}
