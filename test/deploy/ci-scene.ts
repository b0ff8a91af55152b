// A CI system for the templates in deploy/ci: it fills in their variables as GitHub, GitLab and Tekton do, runs the shell of
// their steps, and vouches for the job, which is a trusted publisher of the store.
import { randomUUID } from 'node:crypto';
import { symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Environment } from '../../server/config.ts';
import { parseFingerprint } from '../../server/domain/fingerprint.ts';
import { parseScope } from '../../server/domain/scope.ts';
import { type SigningScene, signingScene } from '../clients/signing-scene.ts';
import { jwt, testIssuer } from '../support/issuer.ts';
import { CLI, type Exit, must, run, runTool } from '../support/processes.ts';
import { LOCAL } from '../support/server.ts';
import { tempDir } from '../support/temp-dir.ts';

export type CiScene = SigningScene & {
  /** For a new job each. */
  idToken(): string;
  /** The private key of the scene, armored. */
  readonly privateKey: string;
  /** Runs the shell of a step, with `lookaside` on its PATH. */
  step(shell: readonly string[], script: string, env: Environment): Promise<Exit>;
  /** The path of a new file with this in it. */
  file(content: string): string;
};

const PUBLIC_URL = 'https://sigs.example.com';

export async function ciScene(t: TestContext): Promise<CiScene> {
  const issuer = await testIssuer(t);
  const scene = await signingScene(t, { LOOKASIDE_PUBLIC_URL: PUBLIC_URL, ...issuer.settings });
  const claims = { sub: 'system:serviceaccount:ci:signer' };
  const scopes = [parseScope(scene.registry.host)];
  const keys = [parseFingerprint(scene.key.fingerprint)];
  const publisher = { name: 'ci', kind: 'kubernetes', issuer: issuer.url, claims, scopes, keys } as const;
  await scene.server.local.publishers.add(publisher, LOCAL);
  const exported = ['--batch', '--armor', '--export-secret-keys', scene.key.fingerprint];
  const programs = tempDir(t);
  symlinkSync(CLI[1] ?? '', join(programs, 'lookaside'));
  const { LOOKASIDE_TOKEN: _, GNUPGHOME: __, ...environment } = scene.environment;
  const PATH = [programs, dirname(process.execPath), process.env.PATH].join(delimiter);
  const files = tempDir(t);
  return {
    ...scene,
    privateKey: (await must(runTool('gpg', exported, { env: scene.gpg.env }))).stdout,
    idToken() {
      const at = Math.floor(Date.now() / 1000);
      const times = { jti: randomUUID(), iat: at, exp: at + 300 };
      return jwt({ iss: issuer.url, aud: PUBLIC_URL, ...claims, ...times }, issuer.key());
    },
    step: ([command = 'sh', ...options], script, env) =>
      run(command, [...options, '-c', script], { env: { ...environment, PATH, ...env } }),
    file(content) {
      const path = join(files, randomUUID());
      writeFileSync(path, content);
      return path;
    },
  };
}

/** Puts values in place of `${{ inputs.x }}` and `$(params.x)`; what has none is an error. */
export function filledIn(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{\{ ([\w.-]+) \}\}|\$\(([\w.-]+)\)/g, (whole, one?: string, other?: string) => {
    const value = values[one ?? other ?? ''];
    if (value === undefined) throw new Error(`nothing is known of ${whole}`);
    return value;
  });
}
