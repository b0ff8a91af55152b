// The private key to sign with: in the GnuPG home of whoever calls, or from a file, in a home of its own.
import type { Environment } from '../../config.ts';
import { AppError, quote } from '../../domain/errors.ts';
import { type Fingerprint, parseFingerprint } from '../../domain/fingerprint.ts';
import { readGiven } from '../given-file.ts';
import { printable } from '../terminal.ts';
import type { Programs } from './programs.ts';
import type { Workspace } from './workspace.ts';

export type SigningKey = {
  readonly fingerprint: Fingerprint;
  /** And those of its subkeys: what signatures are by, to programs that look no further. */
  readonly fingerprints: readonly Fingerprint[];
  /** Where it is, for programs. */
  readonly environment: Environment;
};

type Wanted = { readonly signBy?: string; readonly keyFile?: string };

/** Throws SIGNING_KEY_UNAVAILABLE, TOOL_MISSING. */
export async function takeSigningKey(
  { signBy, keyFile }: Wanted,
  programs: Programs,
  workspace: Workspace,
): Promise<SigningKey> {
  const wanted = signBy === undefined ? null : parseFingerprint(signBy);
  if (keyFile !== undefined) {
    const environment = { GNUPGHOME: workspace.gnupgHome() };
    const imported = await importKeys(keyFile, programs, environment);
    return lookUp(wanted ?? onlyOne(imported, keyFile), { programs, environment, place: quote(keyFile) });
  }
  if (wanted === null)
    throw new AppError('USAGE_INVALID', 'which key? give --sign-by FINGERPRINT, or --key-file FILE with a private key');
  const home = process.env.GNUPGHOME;
  return lookUp(wanted, { programs, environment: {}, place: home ? `GNUPGHOME=${home}` : 'the GnuPG home' });
}

/** The tenth number: private keys that it found in the file, whether it took them or not. */
const READ_PRIVATE = /^\[GNUPG:\] IMPORT_RES (?:\d+ ){9}[1-9]/m;

async function importKeys(file: string, programs: Programs, environment: Environment): Promise<Fingerprint[]> {
  const input = await readGiven(file, 'private key');
  const args = ['--batch', '--no-tty', '--status-fd', '1', '--import'];
  const { stdout, stderr } = await programs.run('gpg', args, { input, environment });
  const imported = stdout.toString().matchAll(/^\[GNUPG:\] IMPORT_OK (\d+) ([0-9A-F]{40})$/gm);
  const PRIVATE = 16;
  const found = [...imported].filter(([, flags]) => (Number(flags) & PRIVATE) !== 0);
  if (found.length === 0 && READ_PRIVATE.test(stdout.toString()))
    throw unavailable(
      `gpg did not take the private key of ${quote(file)}: ${agentFault(stderr)}; its agent cannot start where the path of the temporary directory (XDG_RUNTIME_DIR, else TMPDIR) is long`,
    );
  if (found.length === 0)
    throw unavailable(
      `${quote(file)} holds no private key; \`gpg --export-secret-keys --armor FINGERPRINT\` writes one`,
    );
  return [...new Set(found.map(([, , fingerprint = '']) => parseFingerprint(fingerprint)))];
}

function agentFault(stderr: string): string {
  const line = stderr.split('\n').find((line) => /\bagent\b/.test(line)) ?? '';
  return printable(line.replace(/^gpg: /, '')) || 'it does not say why';
}

function onlyOne(fingerprints: readonly Fingerprint[], file: string): Fingerprint {
  const [only, ...others] = fingerprints;
  if (only !== undefined && others.length === 0) return only;
  throw new AppError('USAGE_INVALID', `${quote(file)} holds several keys: say which with --sign-by FINGERPRINT`);
}

type Place = { readonly programs: Programs; readonly environment: Environment; readonly place: string };

async function lookUp(wanted: Fingerprint, { programs, environment, place }: Place): Promise<SigningKey> {
  const args = ['--batch', '--no-tty', '--with-colons', '--fixed-list-mode', '--list-secret-keys', wanted];
  const { stdout } = await programs.run('gpg', args, { environment });
  const records = stdout
    .toString()
    .split('\n')
    .map((line) => line.split(':'));
  const [, validity, , , , , expires, , , , , abilities = ''] = records.find(([type]) => type === 'sec') ?? [];
  const fingerprints = records.flatMap(([type, ...fields]) => (type === 'fpr' ? [fields[8] as Fingerprint] : []));
  const [fingerprint] = fingerprints;
  if (fingerprint === undefined)
    throw unavailable(
      `there is no private key ${wanted} in ${place}; \`gpg --list-secret-keys\` lists what is there, --key-file FILE brings one`,
    );
  if (validity === 'r') throw unavailable(`the key ${fingerprint} is revoked`);
  if (validity === 'e') throw unavailable(`the key ${fingerprint} has expired${on(expires)}; sign with its successor`);
  // In capitals what the key can do as a whole, with its subkeys.
  if (!abilities.includes('S'))
    throw unavailable(
      `the key ${fingerprint} cannot sign: it was made for something else, or its subkey that signs has expired`,
    );
  return { fingerprint, fingerprints, environment };
}

function on(seconds: string | undefined): string {
  return seconds ? ` on ${new Date(Number(seconds) * 1000).toISOString().slice(0, 10)}` : '';
}

function unavailable(message: string): AppError {
  return new AppError('SIGNING_KEY_UNAVAILABLE', message);
}
