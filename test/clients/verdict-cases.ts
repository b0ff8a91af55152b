// Policies as people write them, and as they should not: made by chance, from a seed, so that a failure can be repeated.
import type { Random } from '../fuzz/random.ts';
import { ORIGINAL, type SignedImage, type VerdictScene } from './verdict-scene.ts';

export type VerdictCase = {
  readonly image: SignedImage;
  /** What is pulled. */
  readonly reference: string;
  readonly policy: string;
};

type Json = Record<string, unknown>;

export function makeCase(scene: VerdictScene, random: Random): VerdictCase {
  const image = random.pick(scene.images);
  const tag = random.pick(['v1', 'v2']);
  const reference = random.chance(0.4) ? `${image.pulled}@${image.digest}` : `${image.pulled}:${tag}`;
  const given = { scene, random, image, reference };
  const count = random.chance(0.25) ? 2 : 1;
  const requirements = Array.from({ length: count }, () => requirement(given));
  const policy = place(requirements, given);
  return { image, reference, policy: random.chance(0.08) ? spoilt(policy, random) : JSON.stringify(policy) };
}

type Given = {
  readonly scene: VerdictScene;
  readonly random: Random;
  readonly image: SignedImage;
  readonly reference: string;
};

function requirement(given: Given): Json {
  const { random } = given;
  if (random.chance(0.04)) return { type: 'reject' };
  if (random.chance(0.06)) return { type: 'insecureAcceptAnything' };
  if (random.chance(0.02)) return { type: 'signedBaseLayer', baseLayerIdentity: { type: 'matchExact' } };
  const keyType = random.chance(0.03) ? 'X509Certificates' : 'GPGKeys';
  const identity = random.chance(0.15) ? {} : { signedIdentity: signedIdentity(given) };
  return { type: 'signedBy', keyType, ...keys(given), ...identity };
}

function keys({ scene, random }: Given): Json {
  if (random.chance(0.03)) return { keyData: random.pick(['', 'YWJj']) };
  const count = random.pick([1, 1, 2, 4, 8]);
  // Most policies have good keys; what has expired or is revoked refuses whatever stands beside it.
  const good = scene.copies.filter(({ name }) => name !== 'expired' && name !== 'revoked');
  const copies = Array.from({ length: count }, () => random.pick(random.chance(0.08) ? scene.copies : good));
  if (count === 1 && random.chance(0.5)) return { keyPath: copies[0]?.file };
  if (random.chance(0.3)) return { keyPaths: copies.map(({ file }) => file) };
  const binary = copies.filter(({ name }) => name !== 'armored' && name !== 'two-blocks').map(({ bytes }) => bytes);
  const [first = new Uint8Array()] = copies.map(({ bytes }) => bytes);
  return { keyData: (binary.length > 0 ? Buffer.concat(binary) : Buffer.from(first)).toString('base64') };
}

function signedIdentity({ random, image, reference, scene }: Given): Json {
  const plain = ['matchExact', 'matchRepoDigestOrExact', 'matchRepository'] as const;
  if (random.chance(0.5)) return { type: random.pick(plain) };
  const other = random.pick([image.stored, image.pulled, `${ORIGINAL}/acme/other`]);
  const names = [`${other}:v1`, `${other}:v2`, `${other}@${image.digest}`, reference];
  if (random.chance(0.3)) return { type: 'exactReference', dockerReference: random.pick(names) };
  if (random.chance(0.3))
    return { type: 'exactRepository', dockerRepository: random.pick([other, names[0], 'busybox']) };
  const prefix = random.pick([scene.host, `${scene.host}/mirror`, `${scene.host}/mir`, image.pulled, 'quay.io']);
  const signedPrefix = random.pick([ORIGINAL, `${ORIGINAL}/mirror`, image.stored, scene.host, 'short']);
  return { type: 'remapIdentity', prefix, signedPrefix };
}

/** At one of the places where runtimes look, with other requirements at places before or behind it. */
function place(requirements: readonly Json[], { random, image, reference, scene }: Given): Json {
  const [host = '', ns = ''] = image.pulled.split('/');
  const scopes = [reference, image.pulled, `${host}/${ns}`, host, '*.0.0.1', '*.0.1', '*.1', ''];
  const decoy = () => [{ type: random.pick(['reject', 'insecureAcceptAnything']) }];
  const docker: Record<string, readonly Json[]> = {};
  for (const scope of [...scopes, '127.0.0.1', `${scene.host}/ac`, '*.1.0.0'])
    if (random.chance(0.2)) docker[scope] = decoy();
  const scope = random.pick([...scopes, null]);
  if (scope !== null) {
    for (const before of scopes.slice(0, scopes.indexOf(scope))) if (random.chance(0.9)) delete docker[before];
    docker[scope] = requirements;
  } else for (const before of scopes) if (random.chance(0.95)) delete docker[before];
  const fallback = scope === null ? requirements : decoy();
  const others = random.chance(0.1) ? { atomic: { '': decoy() } } : {};
  return { default: fallback, ...(random.chance(0.1) && scope === null ? {} : { transports: { docker, ...others } }) };
}

/** With a mistake that runtimes do not forgive, or one that they do. */
function spoilt(policy: Json, random: Random): string {
  const text = JSON.stringify(policy);
  return random.pick([
    () => JSON.stringify({ ...policy, comment: 'by the admin' }),
    () => JSON.stringify({ ...policy, default: [] }),
    () => JSON.stringify({ transports: policy.transports ?? {} }),
    () => text.replace('"type":', '"type":"reject","type":'),
    () => text.replace('"type":"signedBy"', '"type":"signedby"'),
    () => text.replace('"keyType":"GPGKeys"', '"keyType":"GPGKey"'),
    () => text.replace('"signedIdentity":', '"signedidentity":'),
    () => text.replace('"type":"matchExact"', '"type":"matchExact","prefix":"quay.io"'),
    () => text.replace('"default":', '"default":[{"type":"reject"}],"default":'),
    () => text.replace('"keyType":', '"keyPath":"/nowhere","keyType":'),
    () => `${text} {}`,
    () => text.slice(0, -1),
    () => `\n\t${text}\n`,
    () => JSON.stringify({ ...policy, transports: null }),
  ])();
}
