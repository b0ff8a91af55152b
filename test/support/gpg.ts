// A GnuPG home that goes with the test, and keys made in it the way pipelines make theirs.
import type { TestContext } from 'node:test';
import type { Environment } from '../../server/config.ts';
import { must, run, runTool } from './processes.ts';
import { tempDir } from './temp-dir.ts';

export type PublicKey = {
  readonly fingerprint: string;
  /** Binary, as policies and `key add` take it. */
  readonly publicKey: Uint8Array;
};

export type GpgHome = {
  readonly dir: string;
  /** What skopeo and podman need to sign with these keys. */
  readonly env: Environment;
  generate(name: string, algorithm?: 'rsa2048' | 'ed25519'): Promise<PublicKey>;
  /** As careful people have it: the primary key only certifies, and a subkey signs for a month. */
  generateWithSubkey(name: string): Promise<PublicKey & { readonly subkey: string }>;
  /** One signed message as `gpg --sign` writes it; `options` such as `--armor`. */
  sign(key: PublicKey, payload: string, options?: readonly string[]): Promise<Uint8Array>;
};

export function gpgHome(t: Pick<TestContext, 'after'>): GpgHome {
  let dir = '';
  // The agent would outlive the test; it is addressed by its home, so nobody else's agent is touched.
  t.after(() => run('gpgconf', ['--homedir', dir, '--kill', 'all']));
  dir = tempDir(t);
  const env = { GNUPGHOME: dir };

  async function gpg(args: readonly string[], input = ''): Promise<Buffer> {
    const options = ['--batch', '--no-tty', '--passphrase', ''];
    return (await must(runTool('gpg', [...options, ...args], { env, input }))).stdoutBytes;
  }

  return {
    dir,
    env,
    async generate(name, algorithm = 'rsa2048') {
      const userId = `${name} <${name}@example.com>`;
      const status = await gpg(['--status-fd', '1', '--quick-generate-key', userId, algorithm, 'sign', 'never']);
      const fingerprint = /KEY_CREATED P ([0-9A-F]{40})/.exec(status.toString())?.[1];
      if (!fingerprint) throw new Error(`gpg made no key: ${status.toString()}`);
      return { fingerprint, publicKey: await gpg(['--export', fingerprint]) };
    },
    async generateWithSubkey(name) {
      await gpg(['--quick-generate-key', `${name} <${name}@example.com>`, 'rsa2048', 'cert', 'never']);
      const listed = async () => {
        const lines = (await gpg(['--with-colons', '--list-keys', name])).toString().split('\n');
        return lines.filter((line) => line.startsWith('fpr:')).map((line) => line.split(':')[9] ?? '');
      };
      const [fingerprint = ''] = await listed();
      await gpg(['--quick-add-key', fingerprint, 'rsa2048', 'sign', '30d']);
      const [, subkey = ''] = await listed();
      return { fingerprint, subkey, publicKey: await gpg(['--export', fingerprint]) };
    },
    sign: ({ fingerprint }, payload, options = []) => gpg(['--local-user', fingerprint, ...options, '--sign'], payload),
  };
}
