// What skopeo's words mean, and what to do about it. It has no codes: what is not known here is handed on as it was said.
import { AppError } from '../../domain/errors.ts';
import { printable } from '../terminal.ts';
import type { Programs } from './programs.ts';

/** At the beginning, where no registry has a say. */
const UNKNOWN_OPTION = /^(?:unknown (?:flag|command|shorthand flag)|flag provided but not defined)/i;
const ABSENT = /manifest unknown|name unknown|name[ _]unknown|repository name not known|StatusCode: 404|status 404/i;
const REFUSED =
  /unauthorized|authentication required|\bdenied\b|forbidden|invalid username\/password|StatusCode: 40[13]|status(?: code)? 40[13]/i;
const NO_TLS = /server gave HTTP response to HTTPS client|first record does not look like a TLS handshake/;
const BAD_TLS = /x509|certificate/;
const LOCKED = /Inappropriate ioctl|No pinentry|No such device|Operation cancelled|Timeout/i;

/** Throws TOOL_MISSING for a skopeo that is older than what is asked of it. */
export async function requireKnownOptions(stderr: string, programs: Programs): Promise<void> {
  const words = wordsOf(stderr);
  if (!UNKNOWN_OPTION.test(words)) return;
  const { stdout } = await programs.run('skopeo', ['--version']);
  const version = printable(stdout.toString().trim()) || 'this skopeo';
  throw new AppError('TOOL_MISSING', `${version} is too old: 1.6.0 or newer is needed (${words})`);
}

export function registryFault(reference: string, stderr: string): AppError {
  const words = wordsOf(stderr);
  const host = reference.split('/', 1)[0];
  if (ABSENT.test(words))
    return new AppError(
      'IMAGE_NOT_FOUND',
      `${reference} is not in its registry: push it before it is signed (${words})`,
    );
  if (REFUSED.test(words))
    return new AppError(
      'REGISTRY_REFUSED',
      `the registry does not let us read ${reference}: \`skopeo login ${host}\`, or give --authfile FILE; some say the same of an image that is not there (${words})`,
    );
  if (NO_TLS.test(words))
    return new AppError('SERVER_UNREACHABLE', `${host} does not speak TLS; is it one for --insecure-registry?`);
  const hint = BAD_TLS.test(words) ? `; its authority belongs into /etc/containers/certs.d/${host}/ca.crt` : '';
  return new AppError('SERVER_UNREACHABLE', `no manifest of ${reference} from its registry: ${words}${hint}`);
}

type Signing = {
  readonly fingerprint: string;
  /** Whether one was given. */
  readonly passphrase: boolean;
  readonly stderr: string;
};

export function signingFault({ fingerprint, passphrase, stderr }: Signing): AppError {
  const words = wordsOf(stderr);
  if (/Bad passphrase/i.test(words))
    return new AppError(
      'PASSPHRASE_WRONG',
      passphrase
        ? `the passphrase does not open the private key ${fingerprint}; its file holds it in its first line`
        : `the private key ${fingerprint} was not opened with the passphrase that was typed`,
    );
  if (LOCKED.test(words))
    return new AppError(
      'PASSPHRASE_WRONG',
      `the private key ${fingerprint} wants a passphrase, and gpg could not ask for it: give --passphrase-file FILE (${words})`,
    );
  return new AppError('SIGNING_FAILED', `skopeo made no signature with ${fingerprint}: ${words || 'it was ended'}`);
}

/** The last thing it said, out of its log line, which may have no end, without the name that our own message has. */
function wordsOf(stderr: string): string {
  const last = stderr.trim().split('\n').at(-1) ?? '';
  const [, quoted] = /\bmsg="((?:[^"\\]|\\.)*)/.exec(last) ?? [];
  const words = (unquoted(quoted) ?? last).replace(/^Error [a-z ]+(?:"[^"]*")?: /, '');
  return printable(words).slice(0, 500);
}

/** What stood between quotes: Go quotes nearly as JSON does. */
function unquoted(text: string | undefined): string | null {
  if (text === undefined) return null;
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch {
    return text;
  }
}
