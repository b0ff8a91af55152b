// What a killed server has left, read from a copy of its files: the recovery is left to the next server. Everything here
// must hold whenever the process ended.
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { keptCatalogue, readTables, recountCatalogue, stateOf } from '../store/recount.ts';
import { type Change, isDone } from './changes-load.ts';

type Db = Database.Database;

/** As the database has it; of a change that nobody acknowledged this is the only one who knows. */
export type DeadStore = {
  readonly live: ReadonlyMap<string, readonly Buffer[]>;
  /** Throws unless each acknowledged change is there; tells how many of the others are, and are not. */
  requireAcknowledged(changes: readonly Change[]): { readonly done: number; readonly undone: number };
  close(): void;
};

export function openDeadStore(databasePath: string, folder: string, whole: boolean): DeadStore {
  const copy = join(folder, 'copy.db');
  for (const suffix of ['', '-wal', '-shm']) rmSync(copy + suffix, { force: true });
  for (const suffix of ['', '-wal'])
    if (existsSync(databasePath + suffix)) copyFileSync(databasePath + suffix, copy + suffix);
  const db = new Database(copy);
  requireSound(db, whole);
  const { signatures, keys } = readTables(db);
  const bytesOf = db.prepare<[number], Buffer>('SELECT bytes FROM signatures WHERE id = ?').pluck();
  const live = new Map<string, Buffer[]>();
  for (const row of signatures) {
    if (stateOf({ signatures, keys }, row) !== 'live') continue;
    live.set(row.digest, [...(live.get(row.digest) ?? []), bytesOf.get(row.id) as Buffer]);
  }

  const uploadOf = db.prepare<[Buffer], number>('SELECT id FROM signatures WHERE bytes = ?').pluck();
  const withdrawn = db
    .prepare<[number], number>('SELECT withdrawn_at IS NOT NULL FROM signatures WHERE id = ?')
    .pluck();
  const tokenNamed = db.prepare<[string], number>('SELECT count(*) FROM tokens WHERE name = ?').pluck();
  const revoked = db.prepare<[string], number>('SELECT revoked_at IS NOT NULL FROM tokens WHERE id = ?').pluck();
  function isThere(change: Change): boolean {
    switch (change.kind) {
      case 'upload':
        return change.id === null ? uploadOf.get(change.bytes) !== undefined : uploadOf.get(change.bytes) === change.id;
      case 'withdrawal':
        return withdrawn.get(change.id) === 1;
      case 'revocation':
        return keys.get(change.fingerprint)?.state === 'revoked';
      case 'token':
        return tokenNamed.get(change.name) === 1;
      case 'token revocation':
        return revoked.get(change.id) === 1;
    }
  }

  return {
    live,
    requireAcknowledged(changes) {
      for (const change of changes)
        if (isDone(change)) assert.ok(isThere(change), `lost although acknowledged: ${describe(change)}`);
      const open = changes.filter((change) => !isDone(change));
      const done = open.filter(isThere).length;
      return { done, undone: open.length - done };
    },
    close: () => void db.close(),
  };
}

/** Each state in a table, and the event of the audit log that it was committed with. */
const PAIRS: readonly (readonly [action: string, states: string])[] = [
  ['signature.stored', 'SELECT id FROM signatures'],
  ['signature.withdrawn', 'SELECT id FROM signatures WHERE withdrawn_at IS NOT NULL'],
  ['key.registered', 'SELECT fingerprint FROM keys'],
  ['key.revoked', `SELECT fingerprint FROM keys WHERE state = 'revoked'`],
  ['token.created', 'SELECT id FROM tokens'],
  ['token.revoked', 'SELECT id FROM tokens WHERE revoked_at IS NOT NULL'],
];

function requireSound(db: Db, whole: boolean): void {
  assert.equal(db.pragma('integrity_check', { simple: true }), 'ok');
  assert.deepEqual(db.pragma('foreign_key_check'), []);
  for (const [action, states] of PAIRS) {
    const subject = action.startsWith('signature.') ? "detail ->> 'id'" : 'subject';
    const told = db.prepare<[string], unknown>(`SELECT ${subject} FROM audit WHERE action = ?`).pluck().all(action);
    const kept = db.prepare<[], unknown>(states).pluck().all();
    assert.deepEqual(told.map(String).sort(), kept.map(String).sort(), `${action} and the rows it is about`);
  }
  if (whole) assert.deepEqual(keptCatalogue(db), recountCatalogue(readTables(db)));
}

function describe(change: Change): string {
  return JSON.stringify(change, (name, value) => (name === 'bytes' || name === 'secret' ? '…' : value));
}
