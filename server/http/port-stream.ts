// A connection carried between threads: a stream whose bytes go through a message port. Node.js cannot give a socket to
// another thread, but its HTTP server takes any duplex stream for one.
import { Duplex } from 'node:stream';
import type { MessagePort } from 'node:worker_threads';

/** Bytes; `more`: they were consumed, send the next; `end`: there are no more. */
type Message = Uint8Array | 'more' | 'end';

/** One piece is under way at a time, so that a slow reader on one side slows down the writer on the other. */
export function createPortStream(port: MessagePort): Duplex {
  let consumed: (() => void) | null = null;
  let owing = false;
  const send = (message: Message) => port.postMessage(message);
  const stream = new Duplex({
    read() {
      if (!owing) return;
      owing = false;
      send('more');
    },
    write(bytes: Buffer, _encoding, done) {
      consumed = done;
      send(bytes);
    },
    final(done) {
      send('end');
      done();
    },
    destroy(error, done) {
      port.close();
      done(error);
    },
  });
  port.on('message', (message: Message) => {
    if (message === 'more') {
      const done = consumed;
      consumed = null;
      done?.();
    } else if (message === 'end') {
      stream.push(null);
    } else {
      owing = true;
      stream.push(Buffer.from(message.buffer, message.byteOffset, message.byteLength));
    }
  });
  port.on('close', () => stream.destroy());
  return stream;
}
