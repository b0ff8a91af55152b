// Real processes: any program with an environment of its own, our command line, and our server. What a test starts
// it ends by the child's own handle. Hooks of a test run in the order they are registered, so each helper registers
// the end of a process before it makes the directory the process works in.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Environment } from '../../server/config.ts';
import { findTool, type Tool } from './tools.ts';

/** The command line of our program, without a command. */
export const CLI: readonly string[] = [
  process.execPath,
  fileURLToPath(new URL('../../server/launch.js', import.meta.url)),
];
const [NODE = '', LAUNCH = ''] = CLI;
/** The same as its first line starts it, with what bounds its memory. */
export const LAUNCHED: readonly string[] = [
  ...firstLine(LAUNCH).map((word) => (word === 'node' ? NODE : word)),
  LAUNCH,
];
/** A start that takes longer has failed; it takes under a second on an idle machine. */
const START_MS = 30_000;

export type Exit = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  /** The same unread, for programs that write binary output. */
  readonly stdoutBytes: Buffer;
  readonly stderr: string;
};

export type RunOptions = {
  readonly env?: Environment;
  readonly input?: string | Uint8Array;
  readonly cwd?: string;
  readonly timeoutMs?: number;
};

function firstLine(script: string): string[] {
  const [, words] = /^#!\/usr\/bin\/env -S (.*)/.exec(readFileSync(script, 'utf8')) ?? [];
  if (words === undefined) throw new Error(`${script} does not say how it is started`);
  return ['/usr/bin/env', ...words.split(' ')];
}

/** Nothing of the tester's own settings, keys or proxies reaches a child. */
export function cleanEnv(extra: Environment = {}): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LANG: 'C.UTF-8', HOME: '/nonexistent', ...extra };
}

/** Runs to the end, whatever the exit code; killed when it takes too long. */
export async function run(
  command: string,
  args: readonly string[],
  { env = {}, input = '', cwd, timeoutMs = 60_000 }: RunOptions = {},
): Promise<Exit> {
  const child = spawn(command, args, {
    env: cleanEnv(env),
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
    ...(cwd === undefined ? {} : { cwd }),
  });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  child.stdin.on('error', () => {}); // a program that reads nothing may be gone before the input is written
  child.stdin.end(input);
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  const stdoutBytes = Buffer.concat(stdout);
  return { code, signal, stdout: stdoutBytes.toString(), stdoutBytes, stderr: Buffer.concat(stderr).toString() };
}

export function runTool(tool: Tool, args: readonly string[], options: RunOptions = {}): Promise<Exit> {
  const path = findTool(tool);
  if (path === null) throw new Error(`${tool} is not installed; guard the test with needs('${tool}')`);
  return run(path, args, options);
}

/** The same for steps that prepare a test: anything but success is an error with the program's own words. */
export async function must<E extends Exit>(running: Promise<E>): Promise<E> {
  const exit = await running;
  if (exit.code !== 0) throw new Error(`exit ${exit.code ?? exit.signal}: ${exit.stderr || exit.stdout}`);
  return exit;
}

/** `lookaside …`, as an operator or a pipeline runs it. */
export function runCli(args: readonly string[], options: RunOptions = {}): Promise<Exit> {
  return run(NODE, [LAUNCH, ...args], options);
}

export type Service = {
  readonly pid: number;
  /** Resolves with the first line that has a match, also one already written. */
  line(pattern: RegExp): Promise<RegExpExecArray>;
  /** Sends the signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
};

/** A program that runs until it is told to end; at the latest with the test. */
export function startService(
  t: Pick<TestContext, 'after'>,
  command: string,
  args: readonly string[],
  env: Environment = {},
): Service {
  const child = spawn(command, args, { env: cleanEnv(env), stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = once(child, 'close').then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as NodeJS.Signals | null,
  }));
  const lines = collectLines(child);

  async function end(signal: NodeJS.Signals) {
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), START_MS);
    return exited.finally(() => clearTimeout(timer));
  }
  t.after(() => end('SIGKILL'));

  return {
    pid: child.pid ?? -1,
    end,
    async line(pattern) {
      const ended = exited.then(({ code, signal }) => {
        throw new Error(`${command} ended (${code ?? signal}) before ${pattern}:\n${lines.text()}`);
      });
      return Promise.race([ended, lines.find(pattern)]);
    },
  };
}

/** Reads both streams to their end: a pipe nobody empties would stop the program. */
function collectLines(child: ChildProcessByStdio<null, Readable, Readable>) {
  const seen: string[] = [];
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', (line) => {
      seen.push(line);
      for (const look of waiting) look();
    });

  function find(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => settle(() => reject(new Error(`no ${pattern} in:\n${seen.join('\n')}`))),
        START_MS,
      );
      timer.unref(); // when the program has ended, nobody waits any more
      const settle = (how: () => void) => {
        clearTimeout(timer);
        waiting.delete(look);
        how();
      };
      const look = () => {
        const match = seen.map((line) => pattern.exec(line)).find((found) => found !== null);
        if (match) settle(() => resolve(match));
      };
      waiting.add(look);
      look();
    });
  }
  return { find, text: () => seen.join('\n') };
}

export type ServerProcess = Service & { readonly url: string };

/** `lookaside serve` as a process of its own, on a free port. `LOOKASIDE_DATA_DIR` must be among the settings. */
export async function serverProcess(t: Pick<TestContext, 'after'>, settings: Environment): Promise<ServerProcess> {
  const env = { LOOKASIDE_PORT: '0', LOOKASIDE_METRICS_PORT: '0', LOOKASIDE_LOG_LEVEL: 'info', ...settings };
  const [command = '', ...args] = [...LAUNCHED, 'serve'];
  const service = startService(t, command, args, env);
  const { input } = await service.line(/"event":"server.started"/);
  return { ...service, url: (JSON.parse(input) as { url: string }).url };
}
