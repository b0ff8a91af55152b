// Keys of every kind an admin meets, made by GnuPG, and signatures of any day: GnuPG is told another time where it
// matters, since the date is inside what it makes.
import type { TestContext } from 'node:test';
import { gpgHome } from '../support/gpg.ts';
import { claim } from '../support/gpg-claims.ts';
import { must, runTool } from '../support/processes.ts';

export const DAY_MS = 24 * 60 * 60 * 1000;

export type KeyWish = {
  readonly userId: string;
  readonly algorithm?: 'rsa2048' | 'ed25519';
  /** The primary only certifies, and a subkey of the algorithm signs. */
  readonly hasSubkey?: boolean;
  readonly createdAt: number;
  readonly expiresAt?: number;
};

export type GpgKey = {
  readonly fingerprint: string;
  /** As `gpg --armor --export` prints it. */
  readonly armored: string;
  /** As `gpg --armor --export-secret-keys` prints it: what must never be handed in. */
  exportPrivate(): Promise<string>;
  /** A simple signature, binary as skopeo makes it unless `options` say otherwise. */
  sign(reference: string, digest: string, how?: SigningWish): Promise<Buffer>;
};

export type SigningWish = {
  readonly at?: number;
  readonly options?: readonly string[];
  /** In place of the claim. */
  readonly payload?: string;
};

export type GpgKeys = { generate(wish: KeyWish): Promise<GpgKey> };

export function gpgKeys(t: Pick<TestContext, 'after'>): GpgKeys {
  const home = gpgHome(t);

  async function gpg(args: readonly string[], at: number | undefined, input = ''): Promise<Buffer> {
    const time = at === undefined ? [] : ['--faked-system-time', String(Math.floor(at / 1000))];
    const options = ['--batch', '--no-tty', '--passphrase', '', '--allow-freeform-uid', ...time];
    return (await must(runTool('gpg', [...options, ...args], { env: home.env, input }))).stdoutBytes;
  }

  return {
    async generate({ userId, algorithm = 'ed25519', hasSubkey = false, createdAt, expiresAt }) {
      // GnuPG takes a time of day for an expiry only in this form, and in UTC.
      const expiry = expiresAt === undefined ? 'never' : isoBasic(expiresAt);
      const usage = hasSubkey ? 'cert' : 'sign';
      const make = ['--status-fd', '1', '--quick-generate-key', userId, algorithm, usage, expiry];
      const status = (await gpg(make, createdAt)).toString();
      const fingerprint = /KEY_CREATED P ([0-9A-F]{40})/.exec(status)?.[1];
      if (!fingerprint) throw new Error(`gpg made no key: ${status}`);
      if (hasSubkey) await gpg(['--quick-add-key', fingerprint, algorithm, 'sign', expiry], createdAt);
      return {
        fingerprint,
        armored: (await gpg(['--armor', '--export', fingerprint], undefined)).toString(),
        exportPrivate: async () => (await gpg(['--armor', '--export-secret-keys', fingerprint], undefined)).toString(),
        sign: (reference, digest, { at, options = [], payload = claim(reference, digest) } = {}) =>
          gpg(['--local-user', fingerprint, ...options, '--sign'], at, payload),
      };
    },
  };
}

function isoBasic(at: number): string {
  return new Date(at).toISOString().replace(/[-:]|\..*/g, '');
}
