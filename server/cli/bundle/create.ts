// `lookaside bundle create`: one moment of the store as one file.
import { once } from 'node:events';
import { AppError, quote } from '../../domain/errors.ts';
import { realWorld } from '../../ops/world.ts';
import type { BundleParts, WrittenBundle } from '../../services/bundle/writing.ts';
import type { Context } from '../context.ts';
import { counted } from '../count.ts';
import { createProgress } from '../progress.ts';

type Options = { readonly force?: true; readonly json?: true };

export async function createBundle(file: string, { force, json }: Options, context: Context): Promise<void> {
  const { terminal } = context;
  const toStdout = file === '-';
  if (toStdout && process.stdout.isTTY)
    throw new AppError('USAGE_INVALID', 'a bundle is not for a terminal; redirect standard output, or give a file');
  const { composeBundleSource } = await import('../../compose/bundle.ts');
  const { writeBundle } = await import('../../services/bundle/writing.ts');
  const { writeBundleFile } = await import('../../services/bundle/file.ts');
  const source = await composeBundleSource(context.loadConfig());
  const progress = createProgress(terminal, json === true);
  const make = (parts: BundleParts, write: (bytes: Buffer) => Promise<void> | void) =>
    writeBundle(parts, write, { expect: progress.expect, step: progress.step });
  try {
    const written = toStdout
      ? await make(source, writeStdout)
      : await writeBundleFile({ file, force: force === true }, realWorld, (write) => make(source, write));
    progress.end();
    const say = toStdout ? terminal.err : terminal.out;
    if (json) return say(JSON.stringify({ file, ...written }));
    terminal.err(summaryOf(file, written));
    say(written.sha256);
  } finally {
    progress.end();
    await source.close();
  }
}

async function writeStdout(bytes: Buffer): Promise<void> {
  if (!process.stdout.write(bytes)) await once(process.stdout, 'drain');
}

function summaryOf(file: string, { facts, bytes }: WrittenBundle): string {
  const { signatures, images, keys, audit } = facts;
  const what = `${counted(signatures, 'signature')} of ${counted(images, 'image')} and ${counted(keys.length, 'key')}`;
  const where = file === '-' ? 'standard output' : quote(file);
  return `${what} are in ${where} (${bytes} bytes), as of row ${audit.seq} of the audit log; its SHA-256, for \`bundle load --expect\`:`;
}
