// `lookaside sign-and-push`: signatures of an image that is in a registry already, and of everything its index names, made by
// skopeo in a private directory and uploaded. Running it again adds nothing.
import { existsSync } from 'node:fs';
import { digestHex } from '../domain/digest.ts';
import { AppError, quote } from '../domain/errors.ts';
import { parseImageReference } from '../domain/policy/pull-reference.ts';
import { formatReference, isNameOnly, type Reference } from '../domain/reference.ts';
import { type AddCommand, type Context, repeated } from './context.ts';
import { counted } from './count.ts';
import { readGiven } from './given-file.ts';
import { createClient, type Part } from './push/client.ts';
import { addConnectionOptions, type ConnectionOptions, serverOf, tokenOf } from './push/connection.ts';
import { createReport } from './push/report.ts';
import { BATCH, send } from './push.ts';
import { findManifests, type Manifest } from './signing/image.ts';
import { createPrograms } from './signing/programs.ts';
import { createServedReader, type ServedReader } from './signing/served-signatures.ts';
import { takeSigningKey } from './signing/signing-key.ts';
import { createSkopeo, type RegistryOptions, type Skopeo } from './signing/skopeo.ts';
import { type Workspace, withWorkspace } from './signing/workspace.ts';

type Options = ConnectionOptions &
  RegistryOptions & {
    readonly signBy?: string;
    readonly keyFile?: string;
    readonly passphraseFile?: string;
    readonly signIdentity?: readonly string[];
    readonly json?: true;
  };

export const addSignAndPushCommand: AddCommand = (program, context) => {
  const command = program
    .command('sign-and-push')
    .description('sign an image in a registry, with every image of an index, and upload the signatures')
    .argument('<image>', 'name:tag, or better name:tag@sha256:<hex>, which is the same whatever becomes of the tag')
    .option('--sign-by <fingerprint>', 'the key to sign with')
    .option(
      '--key-file <file>',
      'a private key for this one time, - for standard input; otherwise one of the GnuPG home',
    )
    .option('--passphrase-file <file>', 'file with the passphrase of the key in its first line, - for standard input')
    .option('--sign-identity <reference>', 'what the signatures name instead of the image; repeatable', repeated)
    .option('--authfile <file>', 'credentials for the registry (default: those of `skopeo login`)')
    .option('--insecure-registry', 'the registry has no TLS, or a certificate that nobody vouches for');
  addConnectionOptions(command)
    .option('--json', 'one JSON object a line for each signature')
    .action((image: string, options: Options) =>
      withWorkspace((workspace) => signAndPush(image, options, { context, workspace })),
    );
};

type Place = { readonly context: Context; readonly workspace: Workspace };

async function signAndPush(text: string, options: Options, { context, workspace }: Place): Promise<void> {
  const { terminal } = context;
  if ([options.keyFile, options.passphraseFile, options.tokenFile].filter((file) => file === '-').length > 1)
    throw new AppError('USAGE_INVALID', 'standard input has one file: give only one of them as -');
  if (options.authfile !== undefined && !existsSync(options.authfile))
    // without a word skopeo would go on without it
    throw new AppError(
      'USAGE_INVALID',
      `there is no file ${quote(options.authfile)} with credentials for the registry`,
    );
  const image = withTag(parseImageReference(text));
  const identities = (options.signIdentity ?? [text]).map(parseImageReference).map(withTag).map(identityOf);
  const report = createReport(terminal, options.json === true);
  const { onRetry } = report;
  const store = {
    server: serverOf(options, context.loadConfig()),
    token: await tokenOf(options, context, onRetry),
  };
  const onUnread = (why: string) => report.say(`not known what the store has, so all is signed: ${why}`);
  const served = createServedReader({ ...store, onUnread });
  const { interactive } = terminal;
  const programs = createPrograms({ ended: workspace.ended, interactive, idTokenEnv: options.idTokenEnv });
  const key = await takeSigningKey(options, programs, workspace);
  const { passphraseFile } = options;
  const passphrase = passphraseFile === undefined ? null : await readGiven(passphraseFile, 'passphrase file');
  const skopeo = createSkopeo({ programs, workspace, key, passphrase });
  const manifests = await findManifests(image, (reference) => skopeo.fetchManifest(reference, options));
  report.say(describe(image, manifests, key.fingerprint));
  const made: (Part | Found)[] = [];
  for (const identity of identities)
    for (const manifest of manifests) made.push(await sign(identity, manifest, { skopeo, served }));
  report.expect(made.length); // not before, for gpg may ask for a passphrase where the bar is
  try {
    for (const each of made)
      if ('url' in each) report.result(each.path, { status: 'exists', url: each.url, notes: [] });
    const parts = made.filter((each) => 'bytes' in each);
    const client = createClient({ ...store, onRetry });
    for (let from = 0; from < parts.length; from += BATCH)
      await send(parts.slice(from, from + BATCH), { client, report });
  } finally {
    report.end();
  }
  if (report.counts.refused > 0) context.exitCode = 1;
}

type Making = { readonly skopeo: Skopeo; readonly served: ServedReader };
/** What the store serves already. */
type Found = { readonly path: string; readonly url: string };

async function sign(identity: Reference, manifest: Manifest, { skopeo, served }: Making): Promise<Part | Found> {
  const reference = formatReference(identity);
  const path = manifest.part === null ? reference : `${reference} (${manifest.part})`;
  const { repository } = identity;
  for (const { url, bytes } of await served.read({ repository, digest: manifest.digest }))
    if (await skopeo.verify(manifest.bytes, reference, bytes)) return { path, url };
  const bytes = await skopeo.sign(manifest.bytes, reference);
  return { path, target: `${repository}@sha256=${digestHex(manifest.digest)}`, bytes };
}

function withTag(reference: Reference): Reference {
  return isNameOnly(reference) ? { ...reference, tag: 'latest' } : reference;
}

/** Where there is a tag, runtimes take a signature of it for pulls by digest too, and one by digest for no pull of the tag. */
function identityOf(reference: Reference): Reference {
  return reference.tag === null ? reference : { ...reference, digest: null };
}

function describe(image: Reference, [top, ...others]: readonly Manifest[], fingerprint: string): string {
  const what = top?.part === null ? '' : `, an index of ${counted(others.length, 'image')}`;
  return `${formatReference({ ...image, digest: null })} is ${top?.digest}${what}; signing with ${fingerprint}`;
}
