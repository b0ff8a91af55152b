// The front of the server: sockets, and plain reads answered on them. Runtimes send nothing else, and node:http costs
// several times what such an answer does. Whatever is not plain (plain-get.ts), or arrives in pieces, goes with its
// connection to node:http, as if it had come there, and stays there.
import type { Server } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createReadPlainGet } from './plain-get.ts';
import type { PlainReads } from './plain-reads.ts';

export type Front = {
  /** Gives a connection, or what stands for one, to the server behind. */
  behind(connection: Duplex): void;
  /** Ends connections on which nothing is under way. */
  endIdle(): void;
  endAll(): void;
};

/** Requests that may be answered after one look at what was committed. */
const TOGETHER = 64;

/** Takes the connections of a server, and gives it those that are not for here. */
export function putInFront(server: Server | TlsServer, reads: PlainReads, idleMs: number): Front {
  const event = 'setSecureContext' in server ? 'secureConnection' : 'connection';
  const listeners = server.listeners(event) as ((this: Server | TlsServer, connection: Duplex) => void)[];
  const behind = (connection: Duplex): void => {
    for (const listener of listeners) listener.call(server, connection);
  };
  const front = createFront({ reads, idleMs, behind, polled: event === 'connection' });
  server.removeAllListeners(event);
  server.on(event, front.accept);
  return { ...front, behind };
}

type Parts = {
  readonly reads: PlainReads;
  readonly idleMs: number;
  /** Takes a connection over, paused, with what was read of it put back. */
  readonly behind: (socket: Socket) => void;
  /** Whether bytes come straight from the event loop's poll, and not through TLS. */
  readonly polled: boolean;
};

export function createFront({
  reads,
  idleMs,
  behind,
  polled,
}: Parts): Omit<Front, 'behind'> & { accept(socket: Socket): void } {
  const readPlainGet = createReadPlainGet();
  const refresh = polled ? refreshTogether(reads) : () => reads.refresh();
  const open = new Set<Socket>();

  /** Answers what is plain, in order; returns where in the text that ends. */
  function answer(text: string, write: (answers: string, close: boolean) => void): number {
    let answers = '';
    let at = 0;
    while (at < text.length) {
      const request = readPlainGet(text, at);
      const answered = request && reads.answer(request);
      if (!answered) break;
      answers += answered;
      at = request.end;
      if (!request.close) continue;
      write(answers, true);
      return text.length; // what a client sends after that is not looked at
    }
    if (answers !== '') write(answers, false);
    return at;
  }

  function accept(socket: Socket): void {
    const write = (answers: string, close: boolean): void => {
      if (close) {
        socket.off('data', onData).end(answers, 'latin1');
        socket.destroySoon();
      } else if (!socket.write(answers, 'latin1')) {
        // Whoever asks faster than they read waits, and not in our memory.
        socket.pause();
        socket.once('drain', () => socket.resume());
      }
    };
    const onData = (bytes: Buffer): void => {
      const text = bytes.toString('latin1');
      let done = 0;
      try {
        refresh();
        done = answer(text, write);
      } catch {
        // A fault of the store is told and logged in one place, which is behind.
      }
      if (done < text.length) handOver(bytes.subarray(done));
    };
    const onEnd = () => socket.end();
    const onGone = () => socket.destroy();
    const onClose = () => open.delete(socket);

    function handOver(rest: Buffer): void {
      open.delete(socket);
      socket.off('data', onData).off('end', onEnd).off('error', onGone).off('timeout', onGone).off('close', onClose);
      socket.setTimeout(0);
      socket.pause();
      socket.unshift(rest);
      behind(socket);
      socket.resume();
    }

    open.add(socket);
    socket.setTimeout(idleMs);
    socket.on('data', onData).on('end', onEnd).on('error', onGone).on('timeout', onGone).on('close', onClose);
  }

  return {
    accept,
    endIdle() {
      for (const socket of open) if (socket.writableLength === 0) socket.destroy();
    },
    endAll() {
      for (const socket of open) socket.destroy();
    },
  };
}

/**
 * One look at the store for all requests that one poll of the event loop delivers. They had all arrived when the poll
 * returned, and the first of them is looked at after that, so whatever was committed before any of them was sent is
 * seen. Immediates run once the poll is done: with the next one, the store is looked at again. Since a poll that is
 * full is repeated before that, a number of requests is the limit, too.
 */
function refreshTogether(reads: PlainReads): () => void {
  let left = 0;
  const pollIsDone = () => {
    left = 0;
  };
  return () => {
    if (left > 0) {
      left--;
      return;
    }
    reads.refresh();
    left = TOGETHER;
    setImmediate(pollIsDone);
  };
}
