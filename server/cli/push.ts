// `lookaside push`: a staging tree or single files to a server, from CI or by hand. Re-running it is harmless.
import { AppError, quote, toAppError } from '../domain/errors.ts';
import type { AddCommand } from './context.ts';
import { type Client, createClient, type Part } from './push/client.ts';
import { addConnectionOptions, type ConnectionOptions, serverOf, tokenOf } from './push/connection.ts';
import { createReport, type Report } from './push/report.ts';
import type { Terminal } from './terminal.ts';
import { readSignatureFile } from './tree/file.ts';
import { parseRegistryPrefix } from './tree/registry.ts';
import { countSignatures, ELSEWHERE, type Found, findSignatures, isTree } from './tree/walk.ts';

type Options = ConnectionOptions & {
  readonly registry?: string;
  readonly dearmor?: true;
  readonly json?: true;
};

/** Signatures per request, and requests at once: enough to keep two verifying cores busy. */
export const BATCH = 50;
const BATCH_BYTES = 1024 * 1024;
const AT_ONCE = 4;

export const addPushCommand: AddCommand = (program, context) => {
  addConnectionOptions(
    program
      .command('push')
      .description('upload signatures: staging trees as skopeo and podman write them, or single files')
      .argument('<path...>', 'directories with <repository>@sha256=<hex>/signature-N below them, or signature files'),
  )
    .option(
      '--registry <host[/namespace]>',
      'where the images of a tree live: the tree itself does not name the registry',
    )
    .option('--dearmor', 'convert ASCII-armored signatures before sending')
    .option('--json', 'one JSON object a line for each file')
    .action(async (paths: string[], options: Options) => {
      const report = createReport(context.terminal, options.json === true);
      const { onRetry } = report;
      const server = serverOf(options, context.loadConfig());
      const client = createClient({ server, token: await tokenOf(options, context, onRetry), onRetry });
      await pushAll(paths, { options, client, report, terminal: context.terminal });
      if (report.counts.refused > 0) context.exitCode = 1;
    });
};

type Push = {
  readonly options: Options;
  readonly client: Client;
  readonly report: Report;
  readonly terminal: Terminal;
};

async function pushAll(paths: readonly string[], push: Push): Promise<void> {
  const { registry } = push.options;
  const prefix = registry === undefined ? null : parseRegistryPrefix(registry);
  if (prefix === null) await requireNoTree(paths);
  if (push.terminal.interactive) push.report.expect(await countSignatures(paths));
  const batches = createBatches(findSignatures(paths), { ...push, prefix });
  let failure: unknown = null;
  const lane = async () => {
    // Lanes share one generator: each takes the next batch when it is done with its last.
    for (let next = await batches.next(); !next.done && failure === null; next = await batches.next())
      await send(next.value, push).catch((error: unknown) => {
        failure ??= error;
      });
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
    // Only now, when the other lanes have reported what they had under way.
    if (failure !== null) throw failure;
  } finally {
    push.report.end();
  }
  const { stored, exists, refused } = push.report.counts;
  if (stored + exists + refused === 0)
    throw new AppError(
      'USAGE_INVALID',
      'found no signatures; a staging tree has <repository>@sha256=<hex>/signature-N below it',
    );
}

export async function send(parts: readonly Part[], { client, report }: Pick<Push, 'client' | 'report'>): Promise<void> {
  const results = await client.upload(parts);
  parts.forEach(({ path }, index) => {
    const result = results[index];
    if (result) report.result(path, result);
  });
}

async function* createBatches(
  files: AsyncIterable<Found>,
  push: Push & { readonly prefix: string | null },
): AsyncGenerator<Part[]> {
  let batch: Part[] = [];
  let bytes = 0;
  for await (const found of files) {
    if (found.kind === 'other') push.report.skip(found.path, ELSEWHERE[found.reason]);
    if (found.kind === 'unreadable') refuse(push, found.path, found.error);
    if (found.kind !== 'signature') continue;
    const part = await readPart(found, push);
    if (part === null) continue;
    if (batch.length === BATCH || bytes + part.bytes.length > BATCH_BYTES) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(part);
    bytes += part.bytes.length;
  }
  if (batch.length > 0) yield batch;
}

/** Null when the file was refused here and reported. */
async function readPart(
  { path, image }: Extract<Found, { kind: 'signature' }>,
  push: Push & { readonly prefix: string | null },
): Promise<Part | null> {
  try {
    const bytes = await readSignatureFile(path, push.options.dearmor === true);
    return { path, bytes, target: image === null ? null : `${push.prefix}/${image}` };
  } catch (thrown) {
    refuse(push, path, toAppError(thrown));
    return null;
  }
}

function refuse({ report }: Push, path: string, { code, message }: AppError): void {
  report.result(path, { status: 'refused', problem: { code, detail: message } });
}

/** A tree names its images below the registry, so without one they have no name. */
async function requireNoTree(paths: readonly string[]): Promise<void> {
  for (const path of paths)
    if (await isTree(path))
      throw new AppError(
        'USAGE_INVALID',
        `${quote(path)} does not name its registry: add --registry HOST[/NAMESPACE], as in --registry quay.io`,
      );
}
