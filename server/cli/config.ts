// `lookaside config …`: configuration of clients, printed or written below a directory, from the local database.
import { chmod, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { CONFIG_KINDS, type ConfigKind, WISHES_OF } from '../domain/client-config.ts';
import { AppError, quote, reasonOf } from '../domain/errors.ts';
import { makeDirectories } from '../ops/make-directories.ts';
import type { ConfigFile, Generated } from '../services/client-config/client-config.ts';
import { type ConfigOptions, OPTIONS_OF, wishesOf } from './config/options.ts';
import { type AddCommand, type Context, withStore } from './context.ts';
import type { Terminal } from './terminal.ts';

const WHAT: Readonly<Record<ConfigKind, string>> = {
  'registries.d': 'where podman, skopeo, buildah and CRI-O read signatures',
  policy: 'policy.json: which keys a signature must be of',
  keyring: 'the public keys as files',
  installer: 'a shell script that puts all of this on a node',
  'machine-config': 'the same as MachineConfigs of OpenShift',
  portieris: 'a policy of Portieris with its Secrets',
  'signature-stores': 'the stores that OpenShift verifies its releases with',
  'signature-configmaps': 'signatures of OpenShift releases, as ConfigMaps',
  'crio-namespaces': 'policies of CRI-O for the pods of single namespaces',
};

export const addConfigCommands: AddCommand = (program, context) => {
  const config = program.command('config').description('make the configuration of clients from what the store knows');
  for (const kind of CONFIG_KINDS) addKind(config, kind, context);
};

function addKind(config: Command, kind: ConfigKind, context: Context): void {
  const command = config.command(kind).description(WHAT[kind]);
  for (const wish of WISHES_OF[kind]) OPTIONS_OF[wish](command);
  command
    .option('--output <directory>', 'write the files below this directory, in place of printing')
    .option('--json', 'one object: files and notes')
    .action(async ({ output, json, ...options }: ConfigOptions & { output?: string; json?: true }) => {
      const wishes = await wishesOf(options);
      const generated = await withStore(context, ({ clientConfig, principal }) =>
        clientConfig.generate(kind, wishes, principal),
      );
      if (json) return context.terminal.out(JSON.stringify({ kind, ...generated }, null, 2));
      for (const note of generated.notes) context.terminal.err(`note: ${note}`);
      if (output === undefined) print(kind, generated, context.terminal);
      else for (const file of generated.files) context.terminal.out(await write(output, file));
    });
}

function print(kind: ConfigKind, { files }: Generated, terminal: Terminal): void {
  const [file, ...more] = files;
  if (file === undefined || more.length > 0)
    throw new AppError(
      'USAGE_INVALID',
      `${kind} is ${files.length} files here; --output DIRECTORY writes them below it`,
    );
  terminal.out(file.content.replace(/\n$/, ''));
}

async function write(directory: string, file: ConfigFile): Promise<string> {
  const target = join(directory, file.path);
  try {
    await replace(target, file);
  } catch (cause) {
    throw new AppError('OUTPUT_FAILED', `${quote(target)} cannot be written: ${reasonOf(cause)}`, { cause });
  }
  return target;
}

/** Beside and renamed: a client never reads half of it, and a secret is never in a file that others may read. */
async function replace(target: string, { content, mode }: ConfigFile): Promise<void> {
  const beside = `${target}.new-${process.pid}`;
  makeDirectories(dirname(target), 0o777);
  await writeFile(beside, content, { mode: 0o600, flag: 'wx' });
  await chmod(beside, mode);
  await rename(beside, target);
}
