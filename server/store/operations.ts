// The write operations by name, synchronous, as they run wherever the writing connection lives: in the writer
// thread of a server, or in the process of a command. Each runs as one transaction (house rule: nothing is awaited
// inside), several may share a commit.
import { toAppError } from '../domain/errors.ts';
import { createAliasWrites } from './alias-rows.ts';
import { createAuditAppend } from './audit-log.ts';
import { type Db, storeError } from './database.ts';
import { createKeyReads } from './key-rows.ts';
import { createKeyWrites } from './key-writes.ts';
import type { StoreWrites } from './port.ts';
import { createPublisherWrites } from './publisher-rows.ts';
import { createRefusalWrites } from './refusal-rows.ts';
import { createSessionWrites } from './session-rows.ts';
import { createSignatureWrites } from './signature-writes.ts';
import { createTokenWrites } from './token-rows.ts';
import { createUserWrites } from './user-rows.ts';

export type WriteName = keyof StoreWrites;
export type WriteRequest = { readonly name: WriteName; readonly argument: unknown };
export type WriteResult = { readonly value: unknown } | { readonly error: unknown };

/** What each write takes and gives, without the promise around it. */
type Operations = {
  [N in WriteName]: (argument: Parameters<StoreWrites[N]>[0]) => Awaited<ReturnType<StoreWrites[N]>>;
};

export function createOperations(db: Db): (requests: readonly WriteRequest[]) => WriteResult[] {
  const audit = createAuditAppend(db);
  const keyReads = createKeyReads(db);
  const signatures = createSignatureWrites(db, audit, keyReads);
  const keys = createKeyWrites(db, audit, keyReads);
  const tokens = createTokenWrites(db, audit);
  const publishers = createPublisherWrites(db, { audit, tokens });
  const aliases = createAliasWrites(db, audit);
  const users = createUserWrites(db, audit);
  const sessions = createSessionWrites(db, audit);
  const refusals = createRefusalWrites(db);
  const beat = db.prepare('UPDATE probe SET beat = beat + 1');
  const operations: Operations = {
    append: signatures.append,
    withdraw: signatures.withdraw,
    putKey: keys.put,
    setKeyState: keys.setState,
    createToken: tokens.create,
    revokeToken: tokens.revoke,
    touchTokens: tokens.touch,
    addPublisher: publishers.add,
    removePublisher: publishers.remove,
    exchangeToken: publishers.exchange,
    addAlias: aliases.add,
    removeAlias: aliases.remove,
    createUser: users.create,
    createFirstUser: users.createFirst,
    changeUser: users.change,
    removeUser: users.remove,
    createSession: sessions.create,
    endSession: sessions.end,
    recordRefusedSignIn: sessions.recordRefused,
    touchSessions: sessions.touch,
    recordRefusals: refusals.record,
    probe: () => void beat.run(),
  };

  /** Inside the shared transaction each request is a savepoint: one refusal does not take its neighbours along. */
  const one = db.transaction((request: WriteRequest) => operations[request.name](request.argument as never));
  const all = db.transaction((requests: readonly WriteRequest[]) =>
    requests.map((request): WriteResult => {
      try {
        return { value: one(request) };
      } catch (error) {
        // SQLite ends the whole transaction by itself on a full disk or a failed write.
        if (!db.inTransaction) throw error;
        return { error: storeError(error) };
      }
    }),
  );

  return (requests) => {
    signatures.forgetKeys();
    try {
      return all.immediate(requests);
    } catch (error) {
      const failed = storeError(error);
      return requests.map(() => ({ error: toAppError(failed) }));
    }
  };
}
