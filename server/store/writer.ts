// Two ways to run the write operations: in a thread of its own (a server, where an fsync must not stop the event
// loop) or in place (a command, which has nothing else to do).
import { joinBytes } from '../domain/joined-bytes.ts';
import { openWriter } from './database.ts';
import { fileIdentity } from './file-identity.ts';
import { createOperations, type WriteName, type WriteRequest } from './operations.ts';
import type { Append, StoreWrites } from './port.ts';
import type { AppendRow } from './signature-writes.ts';
import { createThread } from './thread.ts';
import type { WriterData } from './writer-thread.ts';

export type Writer = { readonly writes: StoreWrites; close(): Promise<void> };

/** As an object, so that the compiler misses a name that is not here. */
const NAMES = Object.keys({
  append: 0,
  withdraw: 0,
  putKey: 0,
  setKeyState: 0,
  createToken: 0,
  revokeToken: 0,
  touchTokens: 0,
  addPublisher: 0,
  removePublisher: 0,
  exchangeToken: 0,
  addAlias: 0,
  removeAlias: 0,
  createUser: 0,
  createFirstUser: 0,
  changeUser: 0,
  removeUser: 0,
  createSession: 0,
  endSession: 0,
  recordRefusedSignIn: 0,
  touchSessions: 0,
  recordRefusals: 0,
  probe: 0,
} satisfies Record<WriteName, 0>) as WriteName[];

export function createLocalWriter(path: string): Writer {
  const db = openWriter(path);
  const run = createOperations(db);
  const writes = writesBy(async (request) => {
    const [result] = run([request]);
    if (result && 'error' in result) throw result.error;
    return result?.value;
  });
  return { writes, close: async () => void db.close() };
}

export function createThreadWriter(path: string): Writer {
  const workerData: WriterData = { path, file: fileIdentity(path) };
  const thread = createThread(new URL('./writer-thread.ts', import.meta.url), { workerData });
  const writes = writesBy((request) =>
    thread.send(request.name === 'append' ? { ...request, argument: slim(request.argument as Append) } : request),
  );
  return { writes, close: thread.close };
}

/**
 * What the writer stores of a signature, and no more: a message is copied whole, and with a view of some bytes all of the
 * memory that it is a view of.
 */
function slim({ signature, number, actor, at }: Append): AppendRow {
  const { repository, digest, bytes, sha256, examined } = signature;
  const { signer, signingKey, identity, signedAt, notes, claim } = examined;
  const { text } = claim.reference;
  return {
    signature: {
      repository,
      digest,
      bytes: alone(bytes),
      sha256: alone(sha256),
      examined: { signer, signingKey, identity: alone(identity), signedAt, notes, claim: { reference: { text } } },
    },
    number,
    actor,
    at,
  };
}

function alone(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : joinBytes([bytes]);
}

function writesBy(send: (request: WriteRequest) => Promise<unknown>): StoreWrites {
  const entries = NAMES.map((name) => [name, (argument: unknown) => send({ name, argument })]);
  return Object.fromEntries(entries) as unknown as StoreWrites;
}
