// The verdict of the real skopeo on one signature: `skopeo standalone-verify`, with GnuPG homes that know all the keys.
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanEnv, must, runTool } from '../support/processes.ts';
import { findTool } from '../support/tools.ts';

export type Question = {
  readonly bytes: Uint8Array;
  /** What the claim names, which skopeo compares once both are written in one way. */
  readonly reference: string;
  /** The key or subkey that signed. */
  readonly fingerprint: string;
};
export type Answer = { readonly accepted: boolean; readonly says: string };
export type AskSkopeo = (question: Question) => Promise<Answer>;

/** Longer than gpg takes for any of them; who waits longer than this is a finding. */
const PATIENCE_MS = 60_000;

/** Of what readers take for OpenPGP: compressed, one-pass signature, signature. */
const FIRST_BYTES = new Set(Buffer.from('a0a1a2a3c8909192c488898a8bc2', 'hex'));

/** As many at a time as there are homes: GnuPG locks what it writes. */
export async function createSkopeo(
  folder: string,
  keys: readonly Uint8Array[],
  manifest: Uint8Array,
): Promise<AskSkopeo[]> {
  writeFileSync(join(folder, 'manifest.json'), manifest);
  return Promise.all([0, 1].map((index) => createHome(folder, `home-${index}`, keys)));
}

async function createHome(folder: string, name: string, keys: readonly Uint8Array[]): Promise<AskSkopeo> {
  const home = join(folder, name);
  mkdirSync(home, { mode: 0o700 });
  writeFileSync(join(home, 'gpg.conf'), 'no-auto-check-trustdb\n');
  for (const key of keys)
    await must(runTool('gpg', ['--batch', '--quiet', '--import'], { env: { GNUPGHOME: home }, input: key }));
  const skopeo = findTool('skopeo') ?? 'skopeo';
  const [manifest, file] = [join(folder, 'manifest.json'), join(home, 'signature')];
  const env = cleanEnv({ GNUPGHOME: home, HOME: home });

  return async ({ bytes, reference, fingerprint }) => {
    // No argument of a program can hold it, and no reference does.
    if (reference.includes('\0')) return { accepted: false, says: 'a NUL in the reference' };
    // `standalone-verify` does not look at it; whoever reads from a store does (docs/protocol.md §3.1).
    if (!FIRST_BYTES.has(bytes[0] ?? -1)) return { accepted: false, says: 'a first byte that readers do not know' };
    writeFileSync(file, bytes);
    const args = ['standalone-verify', '--', manifest, reference, fingerprint, file];
    return new Promise((resolve, reject) => {
      const child = spawn(skopeo, args, {
        env,
        stdio: ['ignore', 'ignore', 'pipe'],
        timeout: PATIENCE_MS,
        killSignal: 'SIGKILL',
      });
      let words = '';
      child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
        words += chunk;
      });
      child.on('error', reject);
      child.on('close', (code) => {
        if (code === null) reject(new Error(`skopeo took more than ${PATIENCE_MS} ms`));
        else resolve({ accepted: code === 0, says: /msg="?(.*?)"?\n?$/.exec(words)?.[1] ?? words });
      });
    });
  };
}
