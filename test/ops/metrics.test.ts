// The metrics of a real server: every one is documented, and tells what it says.
import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { newCertificate } from '../http/proxy-scene.ts';
import { IMAGE, scene, stored } from '../http/scene.ts';
import { send } from '../http/wire.ts';
import { peopleScene } from '../support/people.ts';
import { LOCAL, testServer } from '../support/server.ts';
import { tempDir } from '../support/temp-dir.ts';
import { needs } from '../support/tools.ts';

const OPERATIONS = readFileSync(fileURLToPath(new URL('../../docs/operations.md', import.meta.url)), 'utf8');

type Scrape = { readonly text: string; value(line: string): number | undefined };

async function scrapeOf(metricsUrl: string): Promise<Scrape> {
  const answer = await send(metricsUrl, '/metrics');
  assert.equal(answer.status, 200, answer.text);
  const lines = answer.text.split('\n');
  return {
    text: answer.text,
    value(start) {
      const line = lines.find((each) => each.startsWith(`${start} `));
      return line === undefined ? undefined : Number(line.slice(start.length + 1));
    },
  };
}

/** Name, type and labels of each, as the table has it, or a scrape. */
const documented = [...OPERATIONS.matchAll(/^\| `(lookaside_\w+)` \| (\w+) \| ([^|]*)\|/gm)].map(
  ([, name, type, labels = '']) => `${name} ${type} ${labels.replace(/[` ]/g, '')}`,
);

function told({ text }: Scrape): string[] {
  return [...text.matchAll(/^# TYPE (lookaside_\w+) (\w+)\n(?:\w+(?:\{(.*)\})? .*$)?/gm)].map(
    ([, name, type, labels = '']) => {
      const names = [...labels.matchAll(/(\w+)="/g)].map(([, label]) => label).filter((label) => label !== 'le');
      return `${name} ${type} ${names.join(',')}`;
    },
  );
}

test('the table in docs/operations.md', needs('openssl'), async (t) => {
  const { cert, key } = newCertificate(tempDir(t));
  const server = await testServer(t, { LOOKASIDE_TLS_CERT: cert, LOOKASIDE_TLS_KEY: key, LOOKASIDE_WORKERS: '2' });
  await server.registerKeys('extend-after');
  const scrape = await scrapeOf(server.metricsUrl);
  await t.test('has every metric with its type and labels, and no other', () => {
    const missing = 'lookaside_problems_total counter code'; // without a value until there was one
    const expected = told(scrape).map((each) => (each.startsWith('lookaside_problems_total') ? missing : each));
    assert.ok(expected.length > 25);
    assert.deepEqual([...documented].sort(), expected.sort());
  });
  await t.test('is right about the certificate and the threads', () => {
    const left = (scrape.value('lookaside_tls_certificate_expiry_timestamp_seconds') ?? 0) - Date.now() / 1000;
    assert.ok(left > 86_400 && left < 3 * 86_400, String(left));
    assert.equal(scrape.value('lookaside_read_workers'), 1);
  });
});

test('the metrics of keys', async (t) => {
  const store = await scene(t);
  const [fingerprint = ''] = await store.registerKeys('extend-after');
  await store.registerKeys('expired');
  const key = (await store.local.keys.list({}, { limit: 100, after: null }, LOCAL)).items.find(
    (each) => each.fingerprint === fingerprint,
  );
  const of = (metric: string) => `lookaside_key_${metric}{name="${key?.name}",key_id="${fingerprint.slice(-16)}"}`;

  await t.test('say when a key ends, and what ends with it', async () => {
    await stored(store, 'extended-key');
    const { value } = await scrapeOf(store.metricsUrl);
    assert.equal(value(of('expiry_timestamp_seconds')), (key?.expiresAt ?? 0) / 1000);
    assert.deepEqual([value(of('images')), value(of('only_images'))], [1, 1]);
  });
  await t.test('know the signatures of others', async () => {
    await stored(store, 'rsa2048');
    await sleep(2_100); // they are asked for once in two seconds
    const { value } = await scrapeOf(store.metricsUrl);
    assert.deepEqual([value(of('images')), value(of('only_images'))], [1, 0]);
  });
  await t.test('are told of no key that has ended and made nothing', async () => {
    const { text } = await scrapeOf(store.metricsUrl);
    assert.equal(text.match(/^lookaside_key_expiry_timestamp_seconds\{/gm)?.length, 1);
    assert.equal(text.match(/^lookaside_key_images\{/gm)?.length, 5);
  });
});

test('the metrics of the store', async (t) => {
  const store = await scene(t);
  await stored(store, 'rsa2048');
  for (let read = 0; read < 3; read++) await store.get(`/${IMAGE}/signature-1`);
  const { value } = await scrapeOf(store.metricsUrl);
  await t.test('know its files, and the disk they are on', () => {
    assert.equal(value('lookaside_database_bytes'), statSync(store.config.databasePath).size);
    assert.ok((value('lookaside_database_wal_bytes') ?? 0) > 0);
    const [free = 0, all = 0] = [value('lookaside_disk_free_bytes'), value('lookaside_disk_bytes')];
    assert.ok(free > 0 && free < all);
  });
  await t.test('count the rows of the audit log, and know of no backup', async () => {
    const rows = (await store.local.audit.list({}, { limit: 100, before: null }, LOCAL)).items.length;
    assert.equal(value('lookaside_audit_rows'), rows);
    assert.equal(value('lookaside_last_backup_timestamp_seconds'), 0);
  });
  await t.test('know what was in memory for reads', () => {
    assert.equal(value('lookaside_cache_reads_total{result="hit"}'), 2);
    assert.equal(value('lookaside_cache_reads_total{result="miss"}'), 1);
    assert.equal(value('lookaside_cache_images'), 1);
    assert.ok((value('lookaside_cache_bytes') ?? 0) > 32 * 1024 * 1024);
    assert.ok((value('lookaside_read_seconds_count') ?? 0) >= 1);
  });
  await t.test('count the errors of the API', async () => {
    await store.get('/api/v1/keys');
    assert.equal((await scrapeOf(store.metricsUrl)).value('lookaside_problems_total{code="CREDENTIALS_MISSING"}'), 1);
  });
  await t.test('say when it cannot be written, and go on', async () => {
    const other = new Database(store.config.databasePath);
    t.after(() => other.close());
    assert.equal(value('lookaside_store_writable'), 1);
    await sleep(1_100); // how long a verdict holds
    other.exec('BEGIN IMMEDIATE');
    const begun = performance.now();
    const locked = await scrapeOf(store.metricsUrl);
    other.exec('ROLLBACK');
    assert.ok(performance.now() - begun < 5_000);
    assert.equal(locked.value('lookaside_store_writable'), 0);
    assert.equal(locked.value('lookaside_live_signatures'), 1);
  });
});

test('people who sign in are counted by how that ended', async (t) => {
  const store = await peopleScene(t);
  await store.signIn();
  for (let attempt = 0; attempt < 7; attempt++) await store.signIn('admin', 'wrong password');
  const { value } = await scrapeOf(store.metricsUrl);
  const outcomes = ['accepted', 'refused', 'slowed'].map((outcome) =>
    value(`lookaside_sign_ins_total{outcome="${outcome}"}`),
  );
  assert.deepEqual(outcomes, [1, 5, 2]);
});
