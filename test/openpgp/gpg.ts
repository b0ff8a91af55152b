// Any gpg command on a test's own GnuPG home, unattended.
import type { GpgHome } from '../support/gpg.ts';
import { must, runTool } from '../support/processes.ts';

const UNATTENDED = ['--no-tty', '--yes', '--pinentry-mode', 'loopback', '--passphrase', '', '--trust-model', 'always'];

export async function gpg(home: GpgHome, args: readonly string[], input: string | Uint8Array = ''): Promise<Buffer> {
  return (await must(runTool('gpg', ['--batch', ...UNATTENDED, ...args], { env: home.env, input }))).stdoutBytes;
}

/** The interactive commands: one answer a line. */
export async function gpgDialogue(home: GpgHome, args: readonly string[], answers: readonly string[]): Promise<Buffer> {
  const input = answers.map((answer) => `${answer}\n`).join('');
  return (await must(runTool('gpg', [...UNATTENDED, '--command-fd', '0', ...args], { env: home.env, input })))
    .stdoutBytes;
}

/** A certificate that revokes the key as compromised, armored. */
export function revocationOf(home: GpgHome, fingerprint: string): Promise<Buffer> {
  return gpgDialogue(home, ['--armor', '--gen-revoke', fingerprint], ['y', '1', 'stolen', '', 'y']);
}
