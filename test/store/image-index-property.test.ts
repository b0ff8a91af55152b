// The index of images is a matter of speed alone: whatever happens in whatever order, and however little memory it has,
// a reader with it answers as one without.
import assert from 'node:assert/strict';
import { hash, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Digest } from '../../server/domain/digest.ts';
import type { AppError } from '../../server/domain/errors.ts';
import type { RepositoryName } from '../../server/domain/repository-name.ts';
import type { Image } from '../../server/domain/slot.ts';
import { openWriter } from '../../server/store/database.ts';
import { openReads, type Reading } from '../../server/store/sqlite-store.ts';
import { ACT, append, fingerprint, newKey, newSignature, openTestStore, randomDigest } from './scene.ts';

const RUNS = 40;
const REPOSITORIES = ['quay.io/acme/app', 'quay.io/acme/app/part', 'docker.io/library/app'] as RepositoryName[];
const DIGESTS: Digest[] = [randomDigest(), randomDigest()];
/** Some of one digest in several repositories, and one that nobody signs. */
const IMAGES: Image[] = DIGESTS.flatMap((digest) => REPOSITORIES.map((repository) => ({ repository, digest })));
const NOBODYS: Image = { repository: 'quay.io/nobody/app' as RepositoryName, digest: DIGESTS[0] as Digest };
/** Before, between and behind those in the order in which slices are read. */
const FILLERS = ['docker.io/acme/app', 'docker.io/library/b', 'quay.io/acme/app/a', 'quay.io/other/app'];
const KEYS = ['A', 'B', 'C'].map(fingerprint);
/** The smallest table has 1,024 places of 8 bytes, and doubles when it is two thirds full. */
const BUDGETS = [0, 8_191, 8_192, 16_384, 32_768, 1024 * 1024];

type Step =
  | { readonly do: 'append'; readonly image: number; readonly key: number }
  | { readonly do: 'withdraw'; readonly which: number }
  | { readonly do: 'revoke'; readonly key: number }
  /** Many rows of other images, and some of these: as many slices, or a table that has to grow. */
  | { readonly do: 'fill'; readonly rows: number; readonly withdrawn: boolean }
  | { readonly do: 'learn'; readonly slices: number }
  | { readonly do: 'ask' };

const index = (below: number) => fc.nat(below - 1);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('append' as const), image: index(6), key: index(3) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('withdraw' as const), which: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('revoke' as const), key: index(3) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('fill' as const),
      rows: fc.constantFrom(1, 130, 499, 500, 501, 1_200),
      withdrawn: fc.boolean(),
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('learn' as const), slices: fc.constantFrom(1, 1, 2, 9) }) },
  { weight: 5, arbitrary: fc.constant({ do: 'ask' as const }) },
);

/** As the catalogue of a large store would hold them; `fill` is followed by an append, which tells readers. */
function createFill(path: string) {
  const db = openWriter(path);
  const insert = db.prepare(`
    INSERT INTO signatures (repository, digest, sha256, identity, bytes, signer, signing_key, reference, signed_at, notes,
                            stored_at, stored_by, withdrawn_at, withdrawn_reason)
    VALUES (@repository, @digest, @sha256, @identity, @bytes, @signer, @signer, @reference, 1, '[]', 1, '{}', @at, @why)`);
  const fill = db.transaction((rows: number, withdrawn: boolean) => {
    for (let row = 0; row < rows; row++) {
      const own = row % 60 < 3 ? IMAGES[Math.floor(row / 60) % IMAGES.length] : undefined;
      const repository = own?.repository ?? FILLERS[row % FILLERS.length];
      const digest = own?.digest ?? randomDigest();
      const signer = KEYS[row % KEYS.length];
      const bytes = randomBytes(40);
      const ended = withdrawn ? { at: 2, why: 'test' } : { at: null, why: null };
      const hashes = { sha256: hash('sha256', bytes, 'buffer'), identity: randomBytes(32) };
      insert.run({ repository, digest, bytes, signer, reference: `${repository}:v1`, ...hashes, ...ended });
    }
  });
  return { fill, close: () => db.close() };
}

function answers({ live }: Reading): unknown {
  live.changes();
  const bySlot = DIGESTS.flatMap((digest) =>
    [1, 2, 9].flatMap((number) =>
      ['', 'quay.io/acme/app', 'quay.io'].map((prefix) => {
        const repository = prefix === 'quay.io/acme/app' ? (prefix as RepositoryName) : null;
        return live.liveByDigest({ kind: 'digest', repository, prefix, digest, number } as never)?.sha256;
      }),
    ),
  );
  // One by one, too: there the index may know that there are fewer.
  const byNumber = (image: Image) => [1, 2, 3, 9].map((number) => live.live(image, number)[number - 1]?.sha256);
  return [
    ...[...IMAGES, NOBODYS].map((image) => [...live.live(image).map(({ sha256 }) => sha256), byNumber(image)]),
    bySlot,
  ];
}

function ifFull(error: AppError): null {
  if (error.code === 'IMAGE_FULL') return null;
  throw error;
}

test('a reader with an index of images answers as one without', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        maxBytes: fc.constantFrom(...BUDGETS),
        seed: fc.integer(),
        steps: fc.array(step, { minLength: 10, maxLength: 60 }),
      }),
      async ({ maxBytes, seed, steps }) => {
        const ends: (() => unknown)[] = [];
        const after = (end: () => unknown) => void ends.unshift(end);
        try {
          const { store, path } = await openTestStore({ after } as never);
          for (const key of KEYS) await store.putKey(newKey(key));
          const [indexed, plain] = [openReads(path, { maxBytes, seed }), openReads(path)];
          const { fill, close } = createFill(path);
          after(() => [indexed, plain].map((reading) => reading.close()));
          after(close);
          const standing: number[] = [];
          const revoked = new Set<number>();
          const add = async (image: number, key: number) => {
            if (revoked.has(key)) return;
            const { repository, digest } = IMAGES[image] as Image;
            const signer = KEYS[key] as (typeof KEYS)[number];
            const stored = await store.append(append(newSignature({ repository, digest, signer }))).catch(ifFull);
            if (stored) standing.push(stored.id);
          };

          for (const step of [
            ...steps,
            { do: 'ask' } as const,
            { do: 'learn', slices: 99 } as const,
            { do: 'ask' } as const,
          ])
            switch (step.do) {
              case 'append':
                await add(step.image, step.key);
                break;
              case 'withdraw': {
                const [id] = standing.splice(step.which % Math.max(1, standing.length), 1);
                if (id !== undefined) await store.withdraw({ ...ACT, id, reason: 'test' });
                break;
              }
              case 'revoke':
                if (revoked.has(step.key) || revoked.size === 2) break;
                revoked.add(step.key);
                await store.setKeyState({
                  ...ACT,
                  fingerprint: KEYS[step.key] as (typeof KEYS)[number],
                  to: 'revoked',
                  reason: 'test',
                });
                break;
              case 'fill':
                fill(step.rows, step.withdrawn);
                await add(0, [0, 1, 2].find((key) => !revoked.has(key)) as number);
                break;
              case 'learn':
                for (let slice = 0; slice < step.slices && indexed.live.learn(); slice++);
                break;
              case 'ask':
                assert.deepEqual(answers(indexed), answers(plain));
            }
        } finally {
          for (const end of ends) await end();
        }
      },
    ),
    { numRuns: RUNS },
  );
  t.diagnostic(`${RUNS} stores`);
});
