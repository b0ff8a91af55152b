// The front of the server: sockets, and plain reads answered on them. Runtimes send nothing else, and node:http costs
// several times what such an answer does. Whatever is not plain (plain-get.ts), or arrives in pieces, goes with its
// connection to node:http, as if it had come there, and stays there.
import type { Server } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import type { Duplex } from 'node:stream';
import { createReadPlainGet, type PlainGet } from './plain-get.ts';
import type { PlainReads } from './plain-reads.ts';

export type Front = {
  /** Gives a connection, or what stands for one, to the server behind. */
  behind(connection: Duplex): void;
  /** Ends connections on which nothing is under way. */
  endIdle(): void;
  endAll(): void;
};

/** Of answers to requests in a row, before it is seen whether the client takes them: characters. */
const ENOUGH = 64 * 1024;

/** A connection that was made just now is about to be used. */
const FRESH_MS = 1_000;

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
  /** With the time each was accepted. */
  const open = new Map<Socket, number>();

  /** The answer to the request at a place of a text. Null: not for here. */
  function answerTo(request: PlainGet, at: number, alone: boolean): string | null {
    try {
      if (at === 0) refresh(alone);
      return reads.answer(request);
    } catch {
      return null; // a fault of the store is told and logged in one place, which is behind
    }
  }

  /** Answers what is plain, in order, as long as the client takes it; returns where in the text that ends. */
  function answer(text: string, waited: boolean, write: (answers: string, close: boolean) => boolean): number {
    let answers = '';
    let at = 0;
    while (at < text.length) {
      const request = readPlainGet(text, at);
      const answered = request && answerTo(request, at, !waited && request.end === text.length);
      if (!answered) break;
      answers += answered;
      at = request.end;
      if (request.close) {
        write(answers, true);
        return text.length; // what a client sends after that is not looked at
      }
      if (answers.length < ENOUGH) continue;
      if (!write(answers, false)) return at;
      answers = '';
    }
    if (answers !== '') write(answers, false);
    return at;
  }

  function accept(socket: Socket): void {
    let waiting = false;
    /** What comes next may have been in memory, and come between two polls. */
    let waited = false;
    const write = (answers: string, close: boolean): boolean => {
      if (close) {
        socket.off('data', onData).write(answers, 'latin1');
        // Nearly always the system has it all by now. Then closing says that this was the last, and saves saying so
        // twice; TLS has a word of its own for it.
        if (polled && socket.writableLength === 0) socket.destroy();
        else socket.end().destroySoon();
      } else if (!socket.write(answers, 'latin1')) {
        // Whoever asks faster than they read waits, and not in our memory.
        waiting = true;
        socket.pause();
        socket.once('drain', goOn);
      }
      return !waiting;
    };
    const goOn = () => {
      waiting = false;
      waited = true;
      socket.resume();
    };
    const onData = (bytes: Buffer): void => {
      const text = bytes.toString('latin1');
      const done = answer(text, waited, write);
      if (socket.readableLength === 0) waited = false;
      if (done === text.length) return;
      const rest = bytes.subarray(done);
      if (waiting) socket.unshift(rest);
      else handOver(rest);
    };
    const onEnd = () => {
      if (polled && socket.writableLength === 0) socket.destroy();
      else socket.end();
    };
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

    open.set(socket, performance.now());
    socket.setTimeout(idleMs);
    socket.on('data', onData).on('end', onEnd).on('error', onGone).on('timeout', onGone).on('close', onClose);
  }

  return {
    accept,
    endIdle() {
      const past = performance.now() - FRESH_MS;
      for (const [socket, acceptedAt] of open) {
        const fresh = acceptedAt > past && socket.bytesRead === 0;
        if (!fresh && socket.writableLength === 0) socket.destroy();
      }
    },
    endAll() {
      for (const socket of open.keys()) socket.destroy();
    },
  };
}

/**
 * One look at the store for many connections: for all requests that come alone in one poll of the event loop. Each had
 * begun to arrive when the poll returned, and the store is looked at after that, so whatever was acknowledged before it
 * was sent is seen. Of requests in a row, those after the first may have been sent while earlier ones of the same poll
 * were answered; for them the store is looked at anew, now that all are here.
 */
function refreshTogether(reads: PlainReads): (alone: boolean) => void {
  let seen = Number.NaN;
  return (alone) => {
    const poll = performance.nodeTiming.uvMetricsInfo.events; // so many before this poll: of no other poll the same
    if (alone && poll === seen) return;
    seen = Number.NaN;
    reads.refresh();
    if (alone) seen = poll;
  };
}
