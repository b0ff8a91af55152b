// A store with something of everything, made once by a real server, and copies of it to spoil.
import { closeSync, copyFileSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import Database from 'better-sqlite3';
import type { Finding } from '../../server/domain/finding.ts';
import type { Fingerprint } from '../../server/domain/fingerprint.ts';
import { parseScope } from '../../server/domain/scope.ts';
import { realWorld } from '../../server/ops/world.ts';
import { createBackup } from '../../server/services/backup.ts';
import { checkStore, type Verdict } from '../../server/services/fsck.ts';
import { MIGRATIONS } from '../../server/store/migrate.ts';
import { scene, stored } from '../http/scene.ts';
import { LOCAL } from '../support/server.ts';
import { tempDir } from '../support/temp-dir.ts';

type Test = Pick<TestContext, 'after'>;

export const QUIET = { onFinding: () => {}, onProgress: () => {} };

/**
 * Path of a backup of it: signature 1 is live, 2 withdrawn, 3 of a key that has retired since, 4 of one that was revoked;
 * a valid and a revoked token, an expired key, one with a revoked subkey, the first admin.
 */
export async function filledStore(t: Test): Promise<string> {
  const store = await scene(t);
  const { local, config } = store;
  const results = await stored(store, 'rsa2048', 'rsa4096', 'ed25519', 'ecdsa-p256');
  const [, , retired, revoked] = results.map(({ signer }) => signer as Fingerprint);
  await local.signatures.withdraw(2, 'signed the wrong build', LOCAL);
  await store.registerKeys('expired', 'revoked-subkey');
  await local.keys.change(retired as Fingerprint, { state: 'retired' }, LOCAL);
  await local.keys.change(revoked as Fingerprint, { state: 'revoked', reason: 'lost' }, LOCAL);
  const request = { name: 'old', permissions: ['upload'], scopes: [parseScope('')], lifetimeMs: null } as const;
  await local.tokens.revoke((await local.tokens.create(request, LOCAL)).token.id, LOCAL);
  const file = join(tempDir(t), 'filled.db');
  await createBackup(placeOf(config.databasePath), realWorld)({ file, force: false, onProgress: () => {} });
  return file;
}

export function placeOf(path: string) {
  return { path, migrations: MIGRATIONS };
}

/** A directory with a copy as its store. */
export function copyOf(t: Test, file: string): { path: string; dataDir: string } {
  const dataDir = tempDir(t);
  const path = join(dataDir, 'lookaside.db');
  copyFileSync(file, path);
  return { path, dataDir };
}

/** With everything allowed that somebody with the file can do. */
export function spoil(path: string, ...statements: readonly string[]): void {
  const db = new Database(path);
  db.unsafeMode(true);
  for (const pragma of ['foreign_keys = OFF', 'ignore_check_constraints = ON', 'writable_schema = ON'])
    db.pragma(pragma);
  for (const sql of statements) db.exec(sql);
  db.close();
}

/** The first page of a table or index, as a bad sector would. */
export function overwrite(path: string, name: string): void {
  const db = new Database(path);
  const root = db.prepare<[string], number>('SELECT rootpage FROM sqlite_schema WHERE name = ?').pluck().get(name) ?? 0;
  db.close();
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(4096, 0xff), 0, 4096, (root - 1) * 4096);
  closeSync(file);
}

export async function findingsOf(path: string): Promise<{ found: Finding[]; verdict: Verdict }> {
  const found: Finding[] = [];
  const onFinding = (finding: Finding) => void found.push(finding);
  const verdict = await checkStore(placeOf(path), { ...QUIET, onFinding });
  return { found, verdict };
}
