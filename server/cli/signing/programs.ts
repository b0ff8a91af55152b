// The programs that sign, each run to its end. They get what they need from the environment and nothing of ours.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readlinkSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import type { Environment } from '../../config.ts';
import { AppError } from '../../domain/errors.ts';

export type Finished = {
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
};

export type RunOptions = { readonly input?: Uint8Array; readonly environment?: Environment };

export type Programs = {
  /** Throws TOOL_MISSING. */
  run(name: Program, args: readonly string[], options?: RunOptions): Promise<Finished>;
};

const PACKAGES = { skopeo: 'skopeo', gpg: 'gnupg' } as const;
export type Program = keyof typeof PACKAGES;

/** What programs say in a few lines; skopeo repeats what a registry answered, whatever its length. */
const SAID_BYTES = 64 * 1024;

/** Nobody answers a program that asks something where nobody is. */
const PATIENCE_MS = 5 * 60_000;

type Place = {
  /** Ends what runs. */
  readonly ended: AbortSignal;
  /** Whether a person is there, whom gpg may ask for a passphrase on the terminal. */
  readonly interactive: boolean;
  /** Variables of the pipeline that hold ID tokens. */
  readonly idTokenEnv?: readonly string[] | undefined;
};

export function createPrograms({ ended, interactive, idTokenEnv = [] }: Place): Programs {
  return {
    async run(name, args, { input, environment = {} } = {}) {
      const child = spawn(name, args, {
        // Their words are looked at below, so no other language; and tokens of the store are not for them.
        env: {
          ...terminalOf(interactive),
          ...withoutOurs(process.env, idTokenEnv),
          LC_ALL: 'C',
          LANGUAGE: '',
          ...environment,
        },
        stdio: [input ? 'pipe' : interactive ? 'inherit' : 'ignore', 'pipe', 'pipe'],
        signal: AbortSignal.any([ended, AbortSignal.timeout(PATIENCE_MS)]),
        killSignal: 'SIGKILL',
      });
      child.stdin?.on('error', () => {}); // it may have ended before it read all
      child.stdin?.end(input);
      const [stdout, stderr, [code]] = await Promise.all([
        buffer(child.stdout as NodeJS.ReadableStream),
        beginningOf(child.stderr as NodeJS.ReadableStream),
        once(child, 'close') as Promise<[number | null]>,
      ]).catch((cause: NodeJS.ErrnoException) => {
        if (cause.name === 'AbortError')
          throw new AppError('SIGNING_FAILED', `${name} has not ended within ${PATIENCE_MS / 60_000} minutes`, {
            cause,
          });
        if (cause.code !== 'ENOENT' && cause.code !== 'EACCES') throw cause;
        throw new AppError(
          'TOOL_MISSING',
          `${name} is not installed here, or is not on the PATH: install the package ${PACKAGES[name]}, or sign elsewhere and use \`lookaside push\``,
          { cause },
        );
      });
      return { code, stdout, stderr };
    },
  };
}

/** The rest is read, so that the program can end, and not kept. */
async function beginningOf(stream: NodeJS.ReadableStream): Promise<string> {
  const kept = Buffer.alloc(SAID_BYTES);
  let length = 0;
  for await (const chunk of stream) length += (chunk as Buffer).copy(kept, length);
  return kept.toString('utf8', 0, length);
}

/** For gpg, which would look for it on the standard output that we read. */
function terminalOf(interactive: boolean): Environment {
  try {
    const path = interactive ? readlinkSync('/proc/self/fd/0') : '';
    return path.startsWith('/dev/') ? { GPG_TTY: path } : {};
  } catch {
    return {}; // not Linux; whoever needs it sets it
  }
}

function withoutOurs(environment: Environment, idTokenEnv: readonly string[]): Environment {
  const ours = /^(?:LOOKASIDE_|ACTIONS_ID_TOKEN_)/;
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !ours.test(name) && !idTokenEnv.includes(name)),
  );
}
