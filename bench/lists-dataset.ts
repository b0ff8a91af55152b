// A store to make lists slow with: rows written directly, as dataset.ts does, in the shapes that are hardest to list.
// They are written before there is a catalogue, which the migrations then make: faster than a trigger per row.
import { createHash, randomBytes } from 'node:crypto';
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { AUDIT_ACTIONS } from '../server/domain/audit-event.ts';
import type { Actor } from '../server/domain/principal.ts';
import { migrate } from '../server/store/migrate.ts';
import { openStore } from '../server/store/sqlite-store.ts';

export const MIGRATIONS = fileURLToPath(new URL('../migrations', import.meta.url));
export const NOW = Date.UTC(2026, 0, 1);
const DAY_MS = 24 * 60 * 60 * 1000;
const YEARS_MS = 3 * 365 * DAY_MS;

/** One repository with a fifth as many images as there are signatures. */
export const HUGE = 'quay.io/acme/huge';
/** All of its images have as many live signatures as there may be. */
export const CROWD = 'registry.example.com:5000/release/crowd';
/** One image with as many live signatures as there may be, and many times more that were withdrawn. */
export const SCARRED = { repository: 'ghcr.io/acme/scarred', digest: `sha256:${'5c'.repeat(32)}` };
export const RARE_TAG = 'once-only';
export const RARE = { action: 'user.removed', actor: 'rarely', subject: 'somebody' } as const;

const [LIVE, WITHDRAWN] = [127, 2_000];
const SIGNERS = 40;
const UPLOADERS = 60;
const [IDLE_KEYS, IDLE_TOKENS, REFUSALS] = [10_000, 10_000, 10_000];
const TAGS = 5_000;
const HOSTS = ['quay.io', 'ghcr.io', 'docker.io', 'registry.example.com:5000', 'eu-west.registry.corp.example'];
const TEAMS = ['acme', 'platform', 'data-science', 'a', 'web', 'payments'];

export const fingerprintOf = (key: number, part = 'key'): string =>
  createHash('sha1').update(`${part} ${key}`).digest('hex').toUpperCase();
const subkeyOf = (key: number): string => fingerprintOf(key, 'subkey');
export const tokenIdOf = (token: number): string => token.toString(16).padStart(12, '0');
/** Keys by what is special about them; the rest of the first SIGNERS are active and do not expire. */
export const KEYS = { revoked: 0, subkeyRevoked: 1, expiring: 2, expired: 3, retired: 4, busy: 7, idle: SIGNERS + 1 };
export const repositoryOf = (index: number): string =>
  `${HOSTS[index % HOSTS.length]}/${TEAMS[index % TEAMS.length]}/app-${index}`;

const uploader = (index: number): Actor => ({ kind: 'token', id: tokenIdOf(index), name: `ci-${index}` });
const ACTORS: readonly Actor[] = [
  ...Array.from({ length: UPLOADERS }, (_, index) => uploader(index)),
  { kind: 'user', name: 'alice' },
  { kind: 'user', name: 'bob' },
  { kind: 'local', name: 'root' },
];

/** The same on every run: a slow query can be asked again. */
function createDice(seed = 42): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

type Stored = { repository: string; digest: string; key: number; tag: string; withdrawn: boolean };

const digestOf = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;

/** In order of acceptance; the second and third signature of an image come some time after the first. */
function* signatures(count: number): Generator<Stored> {
  const roll = createDice();
  const late: Stored[] = [];
  const repositories = Math.max(20, Math.min(20_000, Math.round(count / 50)));
  const crowd = Math.ceil(count / 8 / LIVE);
  const scars = Math.min(LIVE + WITHDRAWN, Math.ceil(count / 20));
  const step = Math.ceil(count / scars);
  const signer = () => (roll(20) === 0 ? KEYS.revoked : 1 + roll(SIGNERS - 1));
  const tag = () => (roll(3) === 0 ? 'latest' : `v${1 + roll(TAGS)}`);
  const withdrawn = () => roll(50) === 0;
  for (let index = 0; index < count; index++) {
    if (index % step === 0) {
      yield { ...SCARRED, key: signer(), tag: tag(), withdrawn: index / step < scars - LIVE };
      continue;
    }
    if (late.length > 5_000 || (late.length > 0 && index + late.length >= count)) {
      yield late.splice(roll(late.length), 1)[0] as Stored;
      continue;
    }
    const kind = roll(8);
    if (kind === 0) {
      const digest = digestOf(`crowd ${roll(crowd)}`);
      yield { repository: CROWD, digest, key: signer(), tag: tag(), withdrawn: false };
      continue;
    }
    const repository = kind < 4 ? HUGE : repositoryOf(roll(repositories));
    const image = { repository, digest: digestOf(`image ${index}`), tag: index === 1 ? RARE_TAG : tag() };
    const first = signer();
    yield { ...image, key: first, withdrawn: withdrawn() };
    for (let other = roll(3); other > 0; other--)
      late.push({ ...image, key: (first + other * 3) % SIGNERS, withdrawn: withdrawn() });
  }
}

function fillKeys(db: Database.Database): void {
  const insert = db.prepare(`
    INSERT INTO keys (fingerprint, name, state, state_at, state_reason, scopes, material, user_ids, signing_keys, revoked_parts,
                      created_at, expires_at, registered_at, updated_at, revision)
    VALUES (@fingerprint, @name, @state, @at, @reason, @scopes, @material, @userIds, @parts, @revokedParts, 0, @end, @at, @at, 1)`);
  const roll = createDice(7);
  for (let key = 0; key < SIGNERS + IDLE_KEYS; key++) {
    const [fingerprint, subkey] = [fingerprintOf(key), subkeyOf(key)];
    const state = key === KEYS.revoked ? 'revoked' : key === KEYS.retired ? 'retired' : 'active';
    const fixed = { [KEYS.expiring]: NOW + 30 * DAY_MS, [KEYS.expired]: NOW - DAY_MS }[key];
    const end = fixed ?? (key >= SIGNERS && roll(3) === 0 ? NOW + (roll(2_000) - 200) * DAY_MS : null);
    const part = { primary: true, algorithm: 'RSA 4096', createdAt: 0, expiresAt: end, revoked: false, unusable: null };
    const parts = [fingerprint, subkey].map((each) => ({ ...part, fingerprint: each, keyId: each.slice(-16) }));
    insert.run({
      fingerprint,
      name: `${TEAMS[key % TEAMS.length]} release ${key}`,
      state,
      at: NOW - YEARS_MS + key * 1_000,
      reason: state === 'active' ? null : 'rolled',
      scopes: JSON.stringify(key % 3 === 0 ? [''] : [repositoryOf(key)]),
      material: randomBytes(1_800),
      userIds: JSON.stringify([`Release ${key} <release-${key}@example.com>`, `Team <team-${key}@example.org>`]),
      parts: JSON.stringify(parts),
      revokedParts: key === KEYS.subkeyRevoked ? subkey : '',
      end,
    });
  }
}

function fillTokens(db: Database.Database): void {
  const insert = db.prepare(`
    INSERT INTO tokens (id, name, sha256, permissions, scopes, created_at) VALUES (?, ?, ?, '["upload"]', ?, ?)`);
  for (let token = 0; token < UPLOADERS + IDLE_TOKENS; token++) {
    const scopes = JSON.stringify(token % 3 === 0 ? [''] : [repositoryOf(token), 'quay.io/acme']);
    insert.run(tokenIdOf(token), `ci-${token}`, randomBytes(32), scopes, NOW - YEARS_MS + token * 1_000);
  }
}

function fillSignatures(db: Database.Database, count: number): void {
  const insert = db.prepare(`
    INSERT INTO signatures (repository, digest, sha256, identity, bytes, signer, signing_key, reference, signed_at, notes,
                            stored_at, stored_by, withdrawn_at, withdrawn_reason)
    VALUES (@repository, @digest, @sha256, @identity, @bytes, @signer, @signingKey, @reference, @at, '[]', @at, @by, @end, @reason)`);
  const roll = createDice(3);
  let index = 0;
  for (const { repository, digest, key, tag, withdrawn } of signatures(count)) {
    const at = NOW - YEARS_MS + Math.floor((index / count) * YEARS_MS);
    insert.run({
      repository,
      digest,
      sha256: randomBytes(32),
      identity: randomBytes(32),
      bytes: randomBytes(560),
      signer: fingerprintOf(key),
      signingKey: key === KEYS.subkeyRevoked && index % 2 === 0 ? subkeyOf(key) : fingerprintOf(key),
      reference: `${repository}:${tag}`,
      at,
      by: JSON.stringify(index === 3 ? ACTORS.at(-1) : ACTORS[roll(ACTORS.length - 1)]),
      end: withdrawn ? at + DAY_MS : null,
      reason: withdrawn ? 'rebuilt' : null,
    });
    index++;
  }
}

function fillAudit(db: Database.Database, count: number): void {
  const insert = db.prepare(`
    INSERT INTO audit (seq, at, actor, action, subject, detail, previous, hash)
    VALUES (@seq, @at, @actor, @action, @subject, @detail, @previous, @hash)`);
  const roll = createDice(5);
  const usual = AUDIT_ACTIONS.filter((action) => action !== RARE.action);
  let previous: Buffer = Buffer.alloc(32);
  for (let seq = 1; seq <= count; seq++) {
    const rare = seq === 2;
    const at = NOW - YEARS_MS + Math.floor((seq / count) * YEARS_MS);
    const actor = JSON.stringify(rare ? { kind: 'user', name: RARE.actor } : ACTORS[roll(ACTORS.length)]);
    const action = rare ? RARE.action : roll(4) > 0 ? 'signature.stored' : usual[roll(usual.length)];
    const image = roll(5) === 0 ? `${SCARRED.repository}@sha256=${'5c'.repeat(32)}` : `${repositoryOf(roll(20_000))}@x`;
    const subject = rare ? RARE.subject : image;
    const detail = JSON.stringify({
      id: seq,
      number: 1,
      sha256: 'ab'.repeat(32),
      signer: fingerprintOf(roll(SIGNERS)),
    });
    const text = JSON.stringify([seq, at, actor, action, subject, detail]);
    const hash = createHash('sha256').update(previous).update(text).digest();
    insert.run({ seq, at, actor, action, subject, detail, previous, hash });
    previous = hash;
  }
  db.prepare('UPDATE audit_head SET seq = ?, hash = ?').run(count, previous);
}

function fillRefusals(db: Database.Database): void {
  const insert = db.prepare('INSERT INTO refusals (at, actor, code, detail, target) VALUES (?, ?, ?, ?, ?)');
  const count = db.prepare(`
    INSERT INTO refusal_days (day, code, count) VALUES (date(? / 1000, 'unixepoch'), ?, 1)
      ON CONFLICT (day, code) DO UPDATE SET count = count + 1`);
  for (let index = 0; index < REFUSALS; index++) {
    const at = NOW - (REFUSALS - index) * 60_000;
    const code = index === 0 ? 'IMAGE_FULL' : ['KEY_UNKNOWN', 'SIGNATURE_BAD', 'CLAIM_INVALID'][index % 3];
    const actor = JSON.stringify(ACTORS[index % UPLOADERS]);
    insert.run(at, actor, code, 'as the uploader was told, in a sentence or two', `${HUGE}@sha256=${'0'.repeat(64)}`);
    count.run(at, code);
  }
}

/** Makes the store and returns the path of its database. */
export async function makeListStore(folder: string, count: number): Promise<string> {
  const path = join(folder, 'lookaside.db');
  const first = join(folder, 'migrations');
  mkdirSync(first, { recursive: true });
  cpSync(join(MIGRATIONS, '0001_init.sql'), join(first, '0001_init.sql'));
  const db = new Database(path);
  for (const pragma of ['journal_mode = OFF', 'synchronous = OFF', 'cache_size = -2000000']) db.pragma(pragma);
  migrate(db, first);
  db.transaction(() => {
    fillKeys(db);
    fillTokens(db);
    fillSignatures(db, count);
    fillAudit(db, count);
  })();
  db.close();
  await (await openStore({ path, migrations: MIGRATIONS, writer: 'local' })).close();
  const filled = new Database(path);
  filled.transaction(() => fillRefusals(filled))();
  filled.close();
  return path;
}
