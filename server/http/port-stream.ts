// A connection carried between threads: a stream whose bytes go through a message port. Node.js cannot give a socket to
// another thread, but its HTTP server takes any duplex stream for one.
import { Duplex } from 'node:stream';
import type { MessagePort } from 'node:worker_threads';
import { joinBytes } from '../domain/joined-bytes.ts';

/** Bytes; `more`: they were consumed, send the next; `end`: there are no more. */
type Message = Uint8Array<ArrayBuffer> | 'more' | 'end';

/** With what node:http and its callers ask of a socket, and would do without in silence, or not at all. */
export type PortStream = Duplex & {
  /** Tells by `timeout` that no byte has come or gone for so long. 0: never. */
  setTimeout(ms: number, callback?: () => void): PortStream;
  /** When everything is written. */
  destroySoon(): void;
};

/**
 * One piece is under way at a time, so that a slow reader on one side slows down the writer on the other. As with TCP,
 * what was written before the other side closed is still there to be read, and what is written after that is lost.
 */
export function createPortStream(port: MessagePort): PortStream {
  let consumed: (() => void) | null = null;
  let owing = false;
  let ended = false;
  let closed = false;
  let idle: NodeJS.Timeout | undefined;

  function send(pieces: readonly Uint8Array[], done: () => void): void {
    if (closed) return done();
    consumed = done;
    idle?.refresh();
    const bytes = joinBytes(pieces); // given away, and so no view of anything else
    port.postMessage(bytes satisfies Message, [bytes.buffer]);
  }

  const duplex = new Duplex({
    read() {
      if (!owing) return;
      owing = false;
      port.postMessage('more' satisfies Message);
    },
    write: (bytes: Buffer, _encoding, done) => send([bytes], done),
    writev: (pieces, done) =>
      send(
        pieces.map(({ chunk }) => chunk as Buffer),
        done,
      ),
    final(done) {
      port.postMessage('end' satisfies Message);
      done();
    },
    destroy(error, done) {
      clearTimeout(idle);
      port.close();
      done(error);
    },
  });
  const destroy = () => void duplex.destroy();

  function end(): void {
    if (!ended) duplex.push(null);
    ended = true;
  }

  function sent(): void {
    const done = consumed;
    consumed = null;
    done?.();
  }

  port.on('message', (message: Message) => {
    idle?.refresh();
    if (message === 'more') return sent();
    if (message === 'end') return end();
    owing = true;
    duplex.push(Buffer.from(message.buffer, message.byteOffset, message.byteLength));
  });
  port.on('close', () => {
    closed = true;
    sent();
    const unread = ended ? !duplex.readableEnded : duplex.readableLength > 0;
    if (!unread) return destroy();
    duplex.once('end', destroy);
    end();
  });

  const stream: PortStream = Object.assign(duplex, {
    setTimeout(ms: number, callback?: () => void) {
      clearTimeout(idle);
      idle = ms > 0 ? setTimeout(() => duplex.emit('timeout'), ms).unref() : undefined;
      if (callback) duplex.once('timeout', callback);
      return stream;
    },
    destroySoon() {
      if (duplex.writable) duplex.end();
      if (duplex.writableFinished) destroy();
      else duplex.once('finish', destroy);
    },
  });
  return stream;
}
