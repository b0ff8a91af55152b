// The index of hints by which reads find rows: it may name too many, and never one too few.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Digest } from '../../server/domain/digest.ts';
import type { RepositoryName } from '../../server/domain/repository-name.ts';
import type { Image } from '../../server/domain/slot.ts';
import { openReader, openWriter } from '../../server/store/database.ts';
import { createImageIndex } from '../../server/store/image-index.ts';
import { tempDir } from '../support/temp-dir.ts';
import { randomDigest } from './scene.ts';

const PLENTY = 1024 * 1024;

/** A table with the columns that the index looks at, and a writer for it. */
function openRows(t: Parameters<typeof tempDir>[0], maxBytes = PLENTY) {
  const path = join(tempDir(t), 'rows.db');
  const writer = openWriter(path);
  writer.exec(`
    CREATE TABLE signatures (id INTEGER PRIMARY KEY, repository TEXT, digest TEXT, withdrawn_at INTEGER);
    CREATE INDEX signatures_by_image ON signatures (repository, digest, id) WHERE withdrawn_at IS NULL`);
  const insert = writer.prepare('INSERT INTO signatures (id, repository, digest) VALUES (?, ?, ?)');
  const reader = openReader(path);
  t.after(() => {
    reader.close();
    writer.close();
  });
  let id = 0;
  const add = ({ repository, digest }: Image, at = ++id): number => {
    insert.run(at, repository, digest);
    return at;
  };
  return { add, index: createImageIndex(reader, { maxBytes, seed: 42 }) };
}

function newImage(): Image {
  return { repository: 'quay.io/acme/app' as RepositoryName, digest: randomDigest() as Digest };
}

function learnAll(index: ReturnType<typeof createImageIndex>): number {
  let slices = 1;
  while (index.learn()) slices++;
  return slices;
}

test('an index of images', async (t) => {
  await t.test('leaves every question to the database until it has read all rows', (t) => {
    const { add, index } = openRows(t);
    const images = Array.from({ length: 1_200 }, newImage);
    for (const image of images) add(image);
    assert.equal(index.find(newImage()), null);
    assert.equal(index.learn(), true);
    assert.equal(index.find(newImage()), null);
    assert.ok(learnAll(index) > 1);
    assert.deepEqual(index.find(newImage()), []);
  });
  await t.test('names the rows of an image in the order of acceptance', (t) => {
    const { add, index } = openRows(t);
    const image = newImage();
    const rows = [add(image), add(newImage()) && add(image), add(image)];
    learnAll(index);
    assert.deepEqual(index.find(image), rows);
  });
  await t.test('has what was added while it was being read, before and behind where it was', (t) => {
    const { add, index } = openRows(t);
    const images = Array.from({ length: 1_500 }, newImage).sort((a, b) => (a.digest < b.digest ? -1 : 1));
    const rows = new Map(images.filter((_, at) => at > 0 && at < 1_499).map((image) => [image, add(image)]));
    index.learn();
    for (const at of [0, 1_499]) rows.set(images[at] as Image, add(images[at] as Image));
    learnAll(index);
    for (const [image, row] of rows) assert.deepEqual(index.find(image), [row]);
  });
  await t.test('has what was added later once it was told, however much that is', (t) => {
    const { add, index } = openRows(t);
    learnAll(index);
    const images = Array.from({ length: 3_000 }, newImage);
    const rows = images.map((image) => add(image));
    index.outdated();
    images.forEach((image, at) => void assert.deepEqual(index.find(image), [rows[at]]));
    assert.deepEqual(index.find(newImage()), []);
  });
  await t.test('gives up where the memory it may have is too small, at the start or later', (t) => {
    for (const maxBytes of [0, 8_191]) {
      const { add, index } = openRows(t, maxBytes);
      add(newImage());
      assert.equal(index.learn(), false);
      assert.equal(index.find(newImage()), null);
    }
    const { add, index } = openRows(t, 8_192);
    learnAll(index);
    assert.deepEqual(index.find(newImage()), []);
    for (let count = 0; count < 1_000; count++) add(newImage());
    index.outdated();
    assert.equal(index.find(newImage()), null);
    const large = openRows(t, 8_192);
    for (let count = 0; count < 1_000; count++) large.add(newImage());
    assert.equal(large.index.learn(), false);
    assert.equal(large.index.find(newImage()), null);
  });
  await t.test('leaves an image with very many rows, and rows beyond its numbers, to the database', (t) => {
    const { add, index } = openRows(t);
    const [crowded, last] = [newImage(), newImage()];
    for (let count = 0; count < 128; count++) add(crowded);
    learnAll(index);
    assert.equal(index.find(crowded)?.length, 128);
    add(crowded);
    index.outdated();
    assert.equal(index.find(crowded), null);
    add(last, 2 ** 31);
    index.outdated();
    assert.equal(index.find(last), null);
  });
});
