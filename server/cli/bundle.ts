// `lookaside bundle`: a store in one file for a site without a network, and from there into another store.
import type { Command } from 'commander';
import { createBundle } from './bundle/create.ts';
import { loadBundle } from './bundle/load.ts';
import type { AddCommand, Context } from './context.ts';
import { repeated } from './context.ts';

export const addBundleCommands: AddCommand = (program, context) => {
  const bundle = program
    .command('bundle')
    .description('carry signatures and public keys to a site without a network, in one file');
  addCreate(bundle, context);
  addLoad(bundle, context);
};

function addCreate(bundle: Command, context: Context): void {
  bundle
    .command('create')
    .description('write all live signatures and all registered keys into one tar file, and print its SHA-256')
    .argument('<file>', '- for standard output')
    .option('--force', 'replace the file if it is there')
    .option('--json', 'as JSON')
    .action((file: string, options: { force?: true; json?: true }) => createBundle(file, options, context));
}

function addLoad(bundle: Command, context: Context): void {
  bundle
    .command('load')
    .description('check a bundle as a whole, then take its signatures into the store, each one verified')
    .argument('<file>')
    .option('--expect <sha256>', 'what `bundle create` printed; another bundle is refused')
    .option('--accept-key <fingerprint>', 'register or update this key from the bundle; repeatable', repeated)
    .option('--dry-run', 'check and verify everything, store and register nothing')
    .option('--json', 'one JSON object a line for each key and signature, and one at the end')
    .action((file: string, options: Parameters<typeof loadBundle>[1]) => loadBundle(file, options, context));
}
