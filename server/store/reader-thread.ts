// Entry point of the reader thread: lists, search and counts of a server, away from the event loop that serves reads.
import { parentPort, workerData } from 'node:worker_threads';
import { toFailure } from '../domain/errors.ts';
import { type Db, FEW_PAGES_KIB, openReader, storeError } from './database.ts';
import { createLists, type Lists } from './lists.ts';
import type { ThreadMessage, ThreadReply } from './thread.ts';

if (parentPort) serve(parentPort, String(workerData));

function serve(port: NonNullable<typeof parentPort>, path: string): void {
  let opened: { readonly db: Db; readonly lists: Lists } | null = null;

  port.on('message', (message: ThreadMessage) => {
    if (message === 'close') {
      opened?.db.close();
      port.close();
      return;
    }
    for (const request of message) port.postMessage([answer(request)]);
  });

  function answer({ id, name, argument }: Exclude<ThreadMessage, 'close'>[number]): ThreadReply {
    try {
      // Opened by the first request and not at the start, so that a fault of the store is an answer and no dead thread.
      opened ??= open(path);
      const read = opened.lists[name as keyof Lists] as (...args: unknown[]) => unknown;
      return { id, value: read(...(argument as unknown[])) };
    } catch (error) {
      return { id, failure: toFailure(storeError(error)) };
    }
  }
}

function open(path: string): { db: Db; lists: Lists } {
  const db = openReader(path, FEW_PAGES_KIB);
  try {
    return { db, lists: createLists(db) };
  } catch (error) {
    db.close(); // the next request opens another
    throw error;
  }
}
