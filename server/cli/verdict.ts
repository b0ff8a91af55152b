// `lookaside verdict`: would a runtime accept this image from this store, and why.
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { parseDigest } from '../domain/digest.ts';
import { AppError, quote } from '../domain/errors.ts';
import { keyPathsOf, parsePolicy, sectionFor } from '../domain/policy/policy.ts';
import { parsePullReference } from '../domain/policy/pull-reference.ts';
import { READER_IDS, type ReaderId } from '../domain/policy/readers.ts';
import { parseRepository } from '../domain/repository-name.ts';
import type { KeyFile } from '../services/runtime-verdict.ts';
import { type AddCommand, type Context, repeated, withStore } from './context.ts';
import { readGiven, readGivenText } from './given-file.ts';
import { describeVerdict } from './verdict/description.ts';
import { fetchManifest } from './verdict/registry-manifest.ts';

type Options = {
  digest?: string;
  policy?: string;
  key?: readonly string[];
  root?: string;
  manifest?: string;
  fetch?: true;
  plainHttp?: true;
  storedAs?: string;
  for: string;
  json?: true;
};

export const addVerdictCommand: AddCommand = (program: Command, context: Context) => {
  program
    .command('verdict')
    .description('would runtimes accept an image from this store: who, because of which signature, and if not, why')
    .argument('<image>', 'as a runtime pulls it: name:tag, or name@sha256:<hex>')
    .option('--digest <digest>', 'what the tag stands for; otherwise what was signed as the tag last')
    .option('--policy <file>', 'the policy.json of the runtime; - for standard input; otherwise one that asks for keys')
    .option(
      '--key <file>',
      'without --policy: one of these keys must have signed, and not any registered one',
      repeated,
    )
    .option('--root <dir>', 'where the key files that the policy names lie, as in a copy of a node')
    .option('--manifest <file>', 'the manifest as the registry has it; of an index, all platforms are looked at')
    .option('--fetch', 'get the manifest from the registry of the image, without credentials')
    .option('--plain-http', 'with --fetch: without TLS')
    .option(
      '--stored-as <repository>',
      'where the lookaside of the runtime leads to, if not to the name that is pulled',
    )
    .option('--for <reader>', `whose verdict the exit code tells: ${READER_IDS.join(', ')}`, 'gpgme')
    .option('--json', 'as JSON')
    .action((image: string, options: Options) => judge(image, options, context));
};

async function judge(image: string, options: Options, context: Context): Promise<void> {
  const { terminal } = context;
  const decisive = readerOf(options.for);
  const pull = parsePullReference(image);
  const policy = options.policy === undefined ? null : await readGivenText(options.policy, 'policy');
  const question = {
    image,
    digest: options.digest === undefined ? null : parseDigest(options.digest),
    storedAs: options.storedAs === undefined ? null : parseRepository(options.storedAs),
    policy,
    keys: policy === null ? await readKeys(options.key ?? []) : await keysOfPolicy(policy, image, options),
    manifest: await manifestOf(options, () => fetchManifest(pull.reference, { plainHttp: options.plainHttp === true })),
  };
  const verdict = await withStore(context, ({ verdicts, principal }) => verdicts.judge(question, principal));
  if (verdict.readers.find(({ reader }) => reader === decisive)?.outcome !== 'accepted') context.exitCode = 1;
  if (options.json) return terminal.out(JSON.stringify(verdict, null, 2));
  for (const line of describeVerdict(verdict)) terminal.out(line);
}

function readerOf(text: string): ReaderId {
  const reader = READER_IDS.find((id) => id === text);
  if (!reader) throw new AppError('USAGE_INVALID', `${quote(text)} is not one of ${READER_IDS.join(', ')}`);
  return reader;
}

function readKeys(files: readonly string[]): Promise<KeyFile[]> {
  return Promise.all(files.map(async (file) => ({ path: file, bytes: await readGiven(file, 'key file') })));
}

/** A key file that is not on this machine makes the verdict unknown, which says which one. */
async function keysOfPolicy(policy: string, image: string, { root, key }: Options): Promise<KeyFile[]> {
  if (key) throw new AppError('USAGE_INVALID', 'a policy names its keys itself; leave --key or --policy out');
  const paths = keyPathsOf(sectionFor(parsePolicy(policy), parsePullReference(image)));
  const files = paths.map(async (path) => {
    const bytes = await readFile(root === undefined ? resolve(path) : join(root, path)).catch(() => null);
    return bytes === null ? [] : [{ path, bytes }];
  });
  return (await Promise.all(files)).flat();
}

async function manifestOf({ manifest, fetch }: Options, get: () => Promise<Uint8Array>): Promise<Uint8Array | null> {
  if (manifest !== undefined && fetch) throw new AppError('USAGE_INVALID', 'either --manifest or --fetch, not both');
  if (manifest !== undefined) return readGiven(manifest, 'manifest');
  return fetch ? get() : null;
}
