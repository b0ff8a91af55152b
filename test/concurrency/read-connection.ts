// A connection that is kept alive and asks fast: requests leave in one segment, answers are read as they come.
import { once } from 'node:events';
import { connect } from 'node:net';

export type Answer = { readonly status: number; readonly body: Buffer };

export type ReadConnection = {
  ask(...paths: readonly string[]): Promise<Answer[]>;
  end(): void;
};

export async function openReadConnection(url: string): Promise<ReadConnection> {
  const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  let received: Buffer = Buffer.alloc(0);
  let wake = () => {};
  let fail = (_: Error) => {};
  let ended: Error | null = null;
  const end = (error: Error) => {
    ended ??= error;
    fail(ended);
  };
  socket.on('error', end);
  socket.on('close', () => end(new Error('the server has closed a connection')));
  socket.on('data', (bytes: Buffer) => {
    received = received.length === 0 ? bytes : Buffer.concat([received, bytes]);
    wake();
  });

  function take(): Answer | null {
    const bodyAt = received.indexOf('\r\n\r\n') + 4;
    if (bodyAt < 4) return null;
    const head = received.toString('latin1', 0, bodyAt);
    const end = bodyAt + Number(/^Content-Length: (\d+)\r$/m.exec(head)?.[1]);
    if (received.length < end) return null;
    const body = received.subarray(bodyAt, end);
    received = received.subarray(end);
    return { status: Number(head.slice(9, 12)), body };
  }

  async function next(): Promise<Answer> {
    for (;;) {
      const answer = take();
      if (answer) return answer;
      if (ended) throw ended;
      await new Promise<void>((resolve, reject) => {
        wake = resolve;
        fail = reject;
      });
    }
  }

  return {
    async ask(...paths) {
      socket.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`).join(''));
      const answers: Answer[] = [];
      while (answers.length < paths.length) answers.push(await next());
      return answers;
    },
    end: () => socket.destroy(),
  };
}
