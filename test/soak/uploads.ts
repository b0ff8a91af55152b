// What pipelines do: upload, several at a time, in every form there is; again what is there already; and what must be
// refused. Whatever is acknowledged is read back at once, on another connection.
import { openReadConnection } from '../concurrency/read-connection.ts';
import { form, type Result } from '../http/wire.ts';
import { randomDigest } from '../support/gpg-claims.ts';
import { fixture } from '../support/server.ts';
import { hashOf, type ModelImage, type ModelKey, pathOf, pick } from './model.ts';
import type { Pace } from './pace.ts';
import { walkImage } from './reads.ts';
import { RAW_TYPE, type Scene, teamOf } from './scene.ts';

/** Signatures of one image here, well below where the store refuses more. */
const MOST_SIGNATURES = 8;
const REPOSITORIES = 50;

export function startUploads(scene: Scene, pace: Pace, perSecond: number): void {
  pace.start(perSecond * 0.8, () => uploadNew(scene));
  pace.start(perSecond * 0.1, () => uploadAgain(scene));
  pace.start(perSecond * 0.1, () => uploadRefused(scene));
}

export async function uploadNew(scene: Scene): Promise<void> {
  const { model } = scene;
  const active = model.keys.filter(({ state }) => state === 'active');
  const key = active[Math.floor(Math.random() * active.length)];
  const team = Math.floor(Math.random() * scene.uploaders.length);
  const image = imageFor(scene, team);
  if (!key || !image) return;
  const count = Math.random() < 0.2 ? 3 : 1;
  const signatures = Array.from({ length: count }, () =>
    key.signer.sign(`${image.repository}:v${Math.random()}`, image.digest),
  );
  for (const bytes of signatures) image.sent.add(hashOf(bytes));
  await model.changing(image, () => send(scene, { image, key, signatures, token: scene.uploaders[team] ?? '' }));
  const connection = await openReadConnection(scene.server.url);
  await walkImage(scene, image, connection);
  connection.end();
}

type Sending = {
  readonly image: ModelImage;
  readonly key: ModelKey;
  readonly signatures: readonly Buffer[];
  readonly token: string;
};

/** 422 is right where a key was retired or revoked meanwhile. */
async function send(scene: Scene, { image, key, signatures, token }: Sending): Promise<void> {
  const { model } = scene;
  const keysBefore = model.keyStamp();
  const raw = signatures.length === 1;
  const body = raw ? { headers: RAW_TYPE, body: signatures[0] ?? '' } : form(signatures.map((bytes) => ({ bytes })));
  const answer = await scene.call(raw ? 'upload' : 'upload of three', '/api/v1/signatures', {
    method: 'POST',
    token,
    ...body,
    expected: [201, 422],
  });
  if (!answer) return;
  const { results = [] } = answer.json<{ results?: Result[] }>();
  for (const [index, result] of results.entries()) {
    const bytes = signatures[index];
    if (result.status === 'stored' && bytes) model.stored(image, { id: result.id, bytes, key });
    else if (keysBefore !== null && keysBefore === model.keyStamp())
      scene.record.wrong(`an upload was ${result.status}: ${result.problem?.code}`);
  }
}

function imageFor({ model }: Scene, team: number): ModelImage | undefined {
  const name = teamOf(team);
  if (model.images.length === 0 || Math.random() < 0.6)
    return model.addImage(`${name}/app-${Math.floor(Math.random() * REPOSITORIES)}`, randomDigest());
  for (let tries = 0; tries < 20; tries++) {
    const image = model.images[Math.floor(Math.random() * model.images.length)];
    if (image?.repository.startsWith(`${name}/`) && image.signatures.length < MOST_SIGNATURES) return image;
  }
  return undefined;
}

async function uploadAgain(scene: Scene): Promise<void> {
  const { model } = scene;
  const image = pick(model.images);
  const [signature] = image ? model.live(image) : [];
  if (!image || !signature) return;
  const before = model.stamp(image);
  const team = scene.uploaders.findIndex((_, index) => image.repository.startsWith(`${teamOf(index)}/`));
  const answer = await scene.call('repeat', '/api/v1/signatures', {
    method: 'POST',
    token: scene.uploaders[team] ?? '',
    headers: RAW_TYPE,
    body: signature.bytes,
    expected: [200, 409, 422], // withdrawn or revoked meanwhile
  });
  if (answer && answer.status !== 200 && before !== null && before === model.stamp(image))
    scene.record.wrong(`a repeat was answered ${answer.text}`);
}

/** Each must be refused with its own status, and store nothing. */
async function uploadRefused(scene: Scene): Promise<void> {
  const [digest, token = ''] = [randomDigest(), scene.uploaders[0]];
  const active = scene.model.keys.find(({ state }) => state === 'active');
  if (!active) return;
  const good = active.signer.sign(`${teamOf(0)}/refused:v1`, digest);
  const broken = Buffer.from(good);
  broken[broken.length - 10] = (broken[broken.length - 10] ?? 0) ^ 1;
  // 422: the key was retired meanwhile. 429: too many tokens that are none came from here.
  const cases: readonly [kind: string, body: Uint8Array | string, token: string, ...expected: number[]][] = [
    ['refused: damaged', broken, token, 422],
    ['refused: armored', fixture('signatures/armored.sig'), token, 422],
    ['refused: stranger', fixture('signatures/rsa2048.sig'), token, 422],
    ['refused: another scope', active.signer.sign(`${teamOf(1)}/refused:v1`, digest), token, 403, 422],
    ['refused: no token', good, `lks_${'A'.repeat(49)}AAAAAA`, 401, 429],
    ['refused: too large', Buffer.alloc(100_000), token, 413],
  ];
  const one = cases[Math.floor(Math.random() * cases.length)];
  if (!one) return;
  const [kind, body, by, ...expected] = one;
  await scene.call(kind, '/api/v1/signatures', {
    method: 'POST',
    token: by,
    headers: RAW_TYPE,
    body,
    expected,
  });
  const path = pathOf({ repository: `${teamOf(0)}/refused`, digest });
  await scene.call('refused, read', `${path}1`, { expected: [404] });
}
