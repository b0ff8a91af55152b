// What skopeo does here: it gets manifests from a registry, with the credentials that people gave it, and makes signatures.
// Nothing else of an image moves, and nothing is written to the registry.
import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../domain/errors.ts';
import { LIMITS } from '../../domain/limits.ts';
import { readUntrustedClaim } from '../../services/untrusted-claim.ts';
import type { Finished, Programs } from './programs.ts';
import type { SigningKey } from './signing-key.ts';
import { registryFault, requireKnownOptions, signingFault } from './skopeo-faults.ts';
import type { Workspace } from './workspace.ts';

export type RegistryOptions = { readonly authfile?: string; readonly insecureRegistry?: true };

export type Skopeo = {
  /** As the registry has it; `reference` with a tag or a digest. */
  fetchManifest(reference: string, options: RegistryOptions): Promise<Buffer>;
  /** A signature that says that `reference` is this manifest. */
  sign(manifest: Uint8Array, reference: string): Promise<Buffer>;
  /** Whether the key has said so with this signature. */
  verify(manifest: Uint8Array, reference: string, signature: Uint8Array): Promise<boolean>;
};

type Parts = {
  readonly programs: Programs;
  readonly workspace: Workspace;
  readonly key: SigningKey;
  /** Null: the key needs none, or the agent knows it, or asks for it. */
  readonly passphrase: Uint8Array | null;
};

/** Without what ends it: skopeo would take the first half of an end of line of Windows for a part of it. */
function firstLine(bytes: Uint8Array): Uint8Array {
  const end = bytes.findIndex((byte) => byte === 0x0a || byte === 0x0d);
  return end < 0 ? bytes : bytes.subarray(0, end);
}

export function createSkopeo({ programs, workspace, key, passphrase }: Parts): Skopeo {
  const file = (name: string, bytes: Uint8Array): string => {
    const path = join(workspace.dir, name);
    writeFileSync(path, bytes, { mode: 0o600 });
    return path;
  };
  const secret = passphrase === null ? [] : ['--passphrase-file', file('passphrase', firstLine(passphrase))];

  async function skopeo(args: readonly string[]): Promise<Finished> {
    const finished = await programs.run('skopeo', args, { environment: key.environment });
    if (finished.code !== 0) await requireKnownOptions(finished.stderr, programs);
    return finished;
  }

  return {
    async fetchManifest(reference, { authfile, insecureRegistry }) {
      const options = [
        ...(authfile === undefined ? [] : ['--authfile', authfile]),
        ...(insecureRegistry ? ['--tls-verify=false'] : []),
      ];
      const inspect = ['--command-timeout', '2m', 'inspect', '--raw', '--retry-times', '2'];
      const { code, stdout, stderr } = await skopeo([...inspect, ...options, `docker://${reference}`]);
      if (code !== 0) throw registryFault(reference, stderr);
      if (stdout.length <= LIMITS.manifestBytes) return stdout;
      throw new AppError(
        'MANIFEST_INVALID',
        `the manifest of ${reference} has more than ${LIMITS.manifestBytes} bytes`,
      );
    },

    async sign(manifest, reference) {
      const output = join(workspace.dir, 'signature');
      const what = [file('manifest', manifest), reference, key.fingerprint];
      const { code, stderr } = await skopeo(['standalone-sign', ...secret, '--output', output, ...what]);
      if (code !== 0) throw signingFault({ fingerprint: key.fingerprint, passphrase: passphrase !== null, stderr });
      return readFile(output);
    },

    async verify(manifest, reference, signature) {
      const claim = readUntrustedClaim(signature);
      const fingerprint = key.fingerprints.find((each) => claim && each.endsWith(claim.keyId));
      // A moment for each of many tags is a long time.
      if (claim?.reference !== reference || fingerprint === undefined) return false;
      const files = [file('manifest', manifest), file('served', signature)] as const;
      const { code } = await skopeo(['standalone-verify', files[0], reference, fingerprint, files[1]]);
      return code === 0;
    },
  };
}
