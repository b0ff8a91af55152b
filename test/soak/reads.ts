// What runtimes do: walk the list of an image until the first 404, on a new connection or one that is kept. Each walk is
// held against the model.
import { openReadConnection, type ReadConnection } from '../concurrency/read-connection.ts';
import { randomDigest } from '../support/gpg-claims.ts';
import { hashOf, type ModelImage, pathOf, pick } from './model.ts';
import type { Pace } from './pace.ts';
import type { Scene } from './scene.ts';

/** Walks tried a second, for each request a second that is wanted: a walk is two requests at least. */
const TRIED = 0.5;
/** Of ten walks, those on new connections, and those of images that nobody signed. */
const [FRESH, UNSIGNED] = [0.5, 0.3];
const KEPT = 8;
/** Shorter than the server promises to keep one. */
const KEPT_MS = 60_000;

export function startReads(scene: Scene, pace: Pace, perSecond: number): { end(): void } {
  const { model, record, server } = scene;
  let kept: { readonly connection: ReadConnection; readonly since: number }[] = [];

  function takeKept(): ReadConnection | undefined {
    const oldest = performance.now() - KEPT_MS;
    for (const { connection, since } of kept) if (since < oldest) connection.end();
    kept = kept.filter(({ since }) => since >= oldest);
    return kept.shift()?.connection;
  }

  async function withConnection(use: (connection: ReadConnection) => Promise<void>): Promise<void> {
    const fresh = Math.random() < FRESH;
    const connection = (fresh ? undefined : takeKept()) ?? (await openReadConnection(server.url));
    await use(connection); // when it fails, nobody uses it again
    if (fresh || kept.length >= KEPT) connection.end();
    else kept.push({ connection, since: performance.now() });
  }

  const began = performance.now();
  let asked = 0;
  async function walk(): Promise<void> {
    if (asked > ((performance.now() - began) / 1000) * perSecond) return;
    const image = Math.random() < UNSIGNED ? unsigned() : pick(model.images);
    if (!image) return;
    asked += model.live(image).length + 1;
    await withConnection((connection) => walkImage(scene, image, connection));
  }

  pace.start(perSecond * TRIED, walk, 200);
  // What nobody should ask and somebody does: 404 as well, and no more than that.
  pace.start(2, () => ask('nonsense', odd()));
  async function ask(kind: string, path: string): Promise<void> {
    await withConnection(async (connection) => {
      const began = performance.now();
      const [answer] = await connection.ask(path);
      if (answer?.status === 404) record.done(kind, 404, performance.now() - began);
      else record.wrong(`${path} answered ${answer?.status}`);
    });
  }
  return { end: () => kept.forEach(({ connection }) => void connection.end()) };
}

export async function walkImage(
  { model, record }: Pick<Scene, 'model' | 'record'>,
  image: ModelImage,
  connection: ReadConnection,
): Promise<void> {
  const before = model.stamp(image);
  const expected = model.live(image).map(({ sha256 }) => sha256);
  const seen: string[] = [];
  for (let number = 1; ; number++) {
    const began = performance.now();
    const [answer] = await connection.ask(`${pathOf(image)}${number}`);
    const status = answer?.status ?? 0;
    if (status !== 200 && status !== 404) return record.wrong(`${pathOf(image)}${number} answered ${status}`);
    record.done('read', status, performance.now() - began);
    if (!answer || status === 404) break;
    seen.push(hashOf(answer.body));
  }
  const foreign = seen.find((hash) => !image.sent.has(hash));
  if (foreign) record.wrong(`${pathOf(image)} has bytes that nobody uploaded: ${foreign}`);
  const settled = before !== null && before === model.stamp(image);
  if (settled && seen.join() !== expected.join())
    record.wrong(`${pathOf(image)} has ${seen.length} signatures and not the ${expected.length} acknowledged ones`);
}

function unsigned(): ModelImage {
  const repository = 'registry.example.com/team-0/unsigned';
  return { repository, digest: randomDigest(), signatures: [], sent: new Set(), changes: 0, underWay: 0 };
}

function odd(): string {
  const paths = [
    '/favicon.ico',
    `/a/../b@${randomDigest().replace(':', '=')}/signature-1`,
    `/a@sha256=00/signature-1`,
    `/Upper@${randomDigest().replace(':', '=')}/signature-1?x=y`,
    `/${randomDigest().replace(':', '=')}/signature-1`,
  ];
  return paths[Math.floor(Math.random() * paths.length)] ?? '/';
}
