// Entry point of the writer thread: the only connection of a server that writes. Requests that arrive while a
// commit is being synced wait in the port, and then share the next one (group commit): each is answered only after
// the commit that holds it is durable.
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { toFailure } from '../domain/errors.ts';
import { type Db, openWriter, requireSameFile, storeError } from './database.ts';
import type { FileIdentity } from './file-identity.ts';
import { createOperations, type WriteRequest, type WriteResult } from './operations.ts';
import type { ThreadMessage, ThreadReply } from './thread.ts';

/** Keeps a batch, and with it the wait of the first in it, short. */
const BATCH = 256;

export type WriterData = { readonly path: string; readonly file: FileIdentity | null };

if (parentPort) serve(parentPort, workerData as WriterData);

function serve(port: NonNullable<typeof parentPort>, { path, file }: WriterData): void {
  let opened: { readonly db: Db; readonly run: ReturnType<typeof createOperations> } | null = null;

  function run(requests: readonly WriteRequest[]): WriteResult[] {
    try {
      requireSameFile(path, file);
      opened ??= open(path);
      return opened.run(requests);
    } catch (error) {
      // The next batch tries to open it again: a full or read-only disk may be neither by then.
      return requests.map(() => ({ error }));
    }
  }

  port.on('message', (first: Message) => {
    const requests: Request[] = [];
    let closing = false;
    for (let message: Message | undefined = first; message; message = receive(port)) {
      closing = message === 'close';
      if (message !== 'close') requests.push(...message);
      if (closing || requests.length >= BATCH) break;
    }
    if (requests.length > 0)
      port.postMessage(
        run(requests).map((result, index): ThreadReply => ({ id: requests[index]?.id ?? -1, ...wire(result) })),
      );
    if (closing) {
      opened?.db.close();
      port.close();
    }
  });
}

type Message = ThreadMessage<WriteRequest>;
type Request = Exclude<Message, 'close'>[number];

function receive(port: NonNullable<typeof parentPort>): Message | undefined {
  return receiveMessageOnPort(port)?.message as Message | undefined;
}

function open(path: string) {
  const db = openWriter(path);
  return { db, run: createOperations(db) };
}

function wire(result: WriteResult): Omit<ThreadReply, 'id'> {
  return 'error' in result ? { failure: toFailure(storeError(result.error)) } : { value: result.value };
}
