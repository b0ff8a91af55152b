// What real skopeo is compared with: one registry, our server, keys in all the states that matter, and images with signatures
// of every kind. Some images are stored under the name they are pulled by, others under the name of an original.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { createRandom } from '../fuzz/random.ts';
import { type GpgHome, gpgHome, type PublicKey } from '../support/gpg.ts';
import { claim } from '../support/gpg-claims.ts';
import { createNode, type Node } from '../support/policy-node.ts';
import { must, runTool } from '../support/processes.ts';
import { dockerRegistry } from '../support/registry.ts';
import { type TestServer, testServer } from '../support/server.ts';
import { tempDir } from '../support/temp-dir.ts';

export const ORIGINAL = 'quay.io';
/** Of a copy of a key as a policy has it; what signed is the same. */
export type KeyCopy = { readonly name: string; readonly file: string; readonly bytes: Uint8Array };
export type SignedImage = {
  /** `<host>/mirror/app3` */
  readonly pulled: string;
  readonly stored: string;
  readonly digest: string;
};

export type VerdictScene = {
  readonly host: string;
  readonly server: TestServer;
  readonly node: Node;
  readonly copies: readonly KeyCopy[];
  readonly images: readonly SignedImage[];
};

const IMAGES = 20;

export async function createVerdictScene(t: Pick<TestContext, 'after'>, seed: number): Promise<VerdictScene> {
  const gpg = gpgHome(t);
  const [registry, server] = await Promise.all([dockerRegistry(t), testServer(t)]);
  const { host } = registry;
  const signers = await makeKeys(gpg);
  await server.registerKeys(...signers.map(({ publicKey }) => publicKey));
  const token = await server.createToken(['upload']);
  const random = createRandom(seed);
  const images: SignedImage[] = [];
  for (let index = 0; index < IMAGES; index++) {
    const mirrored = index % 3 === 0;
    const path = `${mirrored ? 'mirror' : 'acme'}/app${index}`;
    const pulled = `${host}/${path}`;
    const stored = mirrored ? `${ORIGINAL}/${path}` : pulled;
    const digest = await pushManifest(host, path, index);
    const names = [`${stored}:v1`, `${stored}:v2`, `${stored}@${digest}`, stored];
    for (let count = index === 0 ? 0 : 1 + random.below(3); count > 0; count--) {
      const bytes = await gpg.sign(random.pick(signers), claim(random.pick(names), digest));
      await upload(server, token, bytes);
    }
    images.push({ pulled, stored, digest });
  }
  const copies = await makeCopies(t, gpg, signers);
  const registries = {
    [host]: { lookaside: `${server.url}/${host}` },
    [`${host}/mirror`]: { lookaside: `${server.url}/${ORIGINAL}` },
  };
  return { host, server, node: createNode(t, { registries }), copies, images };
}

type Signer = PublicKey & { readonly name: string };

async function makeKeys(gpg: GpgHome): Promise<Signer[]> {
  const keys: Signer[] = [];
  for (const [name, algorithm] of [
    ['first', 'rsa2048'],
    ['second', 'rsa2048'],
    ['modern', 'ed25519'],
    ['parted', 'rsa2048'],
  ] as const)
    keys.push({ name, ...(await gpg.generate(name, algorithm)) });
  const parted = keys[3] as Signer;
  // From now on gpg signs with the subkey.
  await must(
    runTool('gpg', [...QUIET, '--quick-add-key', parted.fingerprint, 'rsa2048', 'sign', 'never'], { env: gpg.env }),
  );
  return [...keys.slice(0, 3), { ...parted, publicKey: await exported(gpg, parted) }];
}

const QUIET = ['--batch', '--no-tty', '--quiet', '--passphrase', ''];

async function exported(gpg: GpgHome, { fingerprint }: PublicKey, ...options: readonly string[]): Promise<Buffer> {
  return (await must(runTool('gpg', [...QUIET, ...options, '--export', fingerprint], { env: gpg.env }))).stdoutBytes;
}

/** As they are, and of the first two also what they may become: expired, revoked. */
async function makeCopies(t: Pick<TestContext, 'after'>, gpg: GpgHome, signers: readonly Signer[]): Promise<KeyCopy[]> {
  const dir = tempDir(t);
  const [first, second] = signers as [Signer, Signer];
  const copies: KeyCopy[] = [];
  const add = (name: string, bytes: Uint8Array) => {
    const file = join(dir, `${name}.gpg`);
    writeFileSync(file, bytes);
    copies.push({ name, file, bytes });
  };
  for (const { name, publicKey } of signers) add(name, publicKey);
  const armored = [await exported(gpg, first, '--armor'), await exported(gpg, second, '--armor')];
  add('armored', armored[0] as Buffer);
  add('two-blocks', Buffer.concat(armored)); // as `cat one.asc other.asc` leaves them
  await must(runTool('gpg', [...QUIET, '--quick-set-expire', first.fingerprint, 'seconds=1'], { env: gpg.env }));
  add('expired', await exported(gpg, first));
  const certificate = join(gpg.dir, 'openpgp-revocs.d', `${second.fingerprint}.rev`);
  await revoke(gpg, certificate);
  add('revoked', await exported(gpg, second));
  return copies;
}

/** gpg keeps a certificate of revocation beside each key, guarded by a colon. */
async function revoke(gpg: GpgHome, certificate: string) {
  const input = readFileSync(certificate, 'utf8').replace(/^:(-----BEGIN)/m, '$1');
  return must(runTool('gpg', [...QUIET, '--import'], { env: gpg.env, input }));
}

async function upload(server: TestServer, token: string, bytes: Uint8Array): Promise<void> {
  const answer = await fetch(`${server.url}/api/v1/signatures`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' },
    body: bytes as Uint8Array<ArrayBuffer>,
  });
  if (!answer.ok) throw new Error(await answer.text());
}

const MEDIA = 'application/vnd.oci.image';
const sha256 = (bytes: Uint8Array) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** An image without layers, under the tags v1 and v2; returns its digest. */
async function pushManifest(host: string, path: string, index: number): Promise<string> {
  const base = `http://${host}/v2/${path}`;
  const blob = Buffer.from(
    JSON.stringify({ architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: [] } }),
  );
  const begun = await fetch(`${base}/blobs/uploads/`, { method: 'POST' });
  const place = new URL(begun.headers.get('location') ?? '', base);
  place.searchParams.set('digest', sha256(blob));
  await fetch(place, { method: 'PUT', headers: { 'content-type': 'application/octet-stream' }, body: blob });
  const config = { mediaType: `${MEDIA}.config.v1+json`, digest: sha256(blob), size: blob.length };
  const manifest = {
    schemaVersion: 2,
    mediaType: `${MEDIA}.manifest.v1+json`,
    config,
    layers: [],
    annotations: { index: `${index}` },
  };
  const body = Buffer.from(JSON.stringify(manifest));
  for (const tag of ['v1', 'v2']) {
    const headers = { 'content-type': manifest.mediaType };
    const answer = await fetch(`${base}/manifests/${tag}`, { method: 'PUT', headers, body });
    if (!answer.ok) throw new Error(await answer.text());
  }
  return sha256(body);
}
