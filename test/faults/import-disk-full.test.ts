// A disk that runs full while a tree is imported: no verdict on the signatures, but an end that says so; and with room again
// the import goes on.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openReads } from '../../server/store/sqlite-store.ts';
import { randomDigest, stage } from '../support/gpg-claims.ts';
import { createFastSigner } from '../support/many-signatures.ts';
import { runCli } from '../support/processes.ts';
import { testStore } from '../support/server.ts';
import { tempDir } from '../support/temp-dir.ts';
import { needsMount, smallDisk } from './small-disk.ts';

const REGISTRY = 'registry.example.com';
/** The whole tree takes more, and a beginning of it does not. */
const MIB = 6;
const [IMAGES, PER_IMAGE] = [60, 50];
const TOTAL = IMAGES * PER_IMAGE;

test('an import that fills the disk', needsMount(), async (t) => {
  const signer = await createFastSigner();
  const tree = tempDir(t);
  for (let index = 0; index < IMAGES; index++) {
    const digest = randomDigest();
    const signed = Array.from({ length: PER_IMAGE }, (_, tag) =>
      signer.sign(`${REGISTRY}/app-${index}:v${tag}`, digest),
    );
    stage(tree, `app-${index}`, digest, signed);
  }
  const disk = smallDisk(t, 'tmpfs', MIB);
  const store = await testStore(t, { LOOKASIDE_DATA_DIR: disk.dataDir });
  await store.registerKeys(signer.publicKey);
  const take = () => runCli(['import', tree, '--registry', REGISTRY], { env: { LOOKASIDE_DATA_DIR: disk.dataDir } });
  const reading = openReads(store.config.databasePath);
  t.after(() => reading.close());

  await t.test('ends with 1, says that the disk is full, and how much was done', async () => {
    const { code, stdout, stderr } = await take();
    assert.equal(code, 1, stderr);
    assert.match(stderr, /^lookaside: the disk is full.*\(STORE_FULL\)$/m);
    assert.match(stderr, /^this was not all of it; run it again to go on$/m);
    const [, count = ''] = /^(\d+) stored, 0 already there, 0 stayed out$/m.exec(stdout) ?? [];
    assert.ok(Number(count) < TOTAL);
    assert.ok((await reading.reads.countLive()) >= Number(count));
  });
  await t.test('goes on when there is room', async () => {
    disk.grow(64);
    const { code, stdout, stderr } = await take();
    assert.equal(code, 0, stderr);
    const [, now, before] = /^(\d+) stored, (\d+) already there, 0 stayed out$/m.exec(stdout) ?? [];
    assert.equal(Number(now) + Number(before), TOTAL);
    assert.ok(Number(before) > 0, 'the disk was too small to begin with');
  });
});
