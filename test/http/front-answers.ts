// Connections as bytes, for tests of the front: what goes out is written here to the letter, what comes back is taken
// apart strictly, and whether the connection was kept open is asked of it.
import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';

export type RawAnswer = {
  readonly status: number;
  /** `Name: value` in the order of the alphabet; the time of the answer is checked and left out. */
  readonly fields: readonly string[];
  /** One character each byte. */
  readonly body: string;
};

export type Exchange = {
  readonly answers: readonly RawAnswer[];
  /** Whether a further request on the connection got its answer. */
  readonly after: 'open' | 'closed';
  readonly raw: string;
};

const NOW = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/;
const LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+): ([!-~](?:[ -~]*[!-~])?)$/;

/** All answers in what a connection has sent. Throws for anything that is not the whole of some answers. */
export function readAnswers(text: string): RawAnswer[] {
  const answers: RawAnswer[] = [];
  for (let at = 0; at < text.length; ) {
    const headEnd = text.indexOf('\r\n\r\n', at);
    assert.ok(headEnd >= 0, `no end of a head in ${JSON.stringify(text.slice(at, at + 200))}`);
    const [statusLine = '', ...lines] = text.slice(at, headEnd).split('\r\n');
    const status = Number(/^HTTP\/1\.1 ([1-5]\d\d) [A-Z][A-Za-z -]+$/.exec(statusLine)?.[1]);
    assert.ok(status, `no status line: ${JSON.stringify(statusLine)}`);
    const fields = new Map<string, string>();
    for (const line of lines) {
      const [, name = '', value = ''] = LINE.exec(line) ?? assert.fail(`no field: ${JSON.stringify(line)}`);
      assert.ok(!fields.has(name), `${name} twice`);
      fields.set(name, name === 'Date' ? requireNow(value) : value);
    }
    const bodyAt = headEnd + 4;
    const end = fields.has('Transfer-Encoding')
      ? chunksEnd(text, bodyAt)
      : bodyAt + bodyLength(text, bodyAt, fields.get('Content-Length'));
    assert.ok(end <= text.length, `a body of ${fields.get('Content-Length')} bytes was cut short`);
    answers.push({ status, fields: listed(fields), body: text.slice(bodyAt, end) });
    at = end;
  }
  return answers;
}

function listed(fields: ReadonlyMap<string, string>): string[] {
  return [...fields].map(([name, value]) => `${name}: ${value}`).sort();
}

function requireNow(value: string): string {
  assert.match(value, NOW);
  assert.ok(Math.abs(Date.parse(value) - Date.now()) < 2_500, `${value} is not the time`);
  return '<now>';
}

/** The answer to a HEAD announces a body that does not come; no body here begins as an answer does. */
function bodyLength(text: string, at: number, announced: string | undefined): number {
  if (at === text.length || text.startsWith('HTTP/1.1 ', at)) return 0;
  return announced === undefined ? text.length - at : Number(announced);
}

/** Of a body in chunks, which here never has trailers. */
function chunksEnd(text: string, at: number): number {
  const size = /([0-9a-f]+)\r\n/y;
  size.lastIndex = at;
  const length = Number.parseInt(
    size.exec(text)?.[1] ?? assert.fail(`no chunk in ${JSON.stringify(text.slice(at))}`),
    16,
  );
  const end = size.lastIndex + length + '\r\n'.length;
  return length === 0 ? end : chunksEnd(text, end);
}

/** Its answer names its target where there is an application that echoes, and is like no other where there is not. */
const PROBE = 'GET /livez?probe HTTP/1.1\r\nHost: probe\r\nConnection: close\r\n\r\n';
const PROBED = /"url":"\/livez\?probe"|^{"status":"live"}$/;

type Exchanging = (port: number, ...segments: readonly (string | Buffer)[]) => Promise<Exchange>;

/**
 * Sends segments, each in a packet of its own, and then, once something came back or nothing did for a while, one more
 * request and the end. Resolves when the server has ended, too.
 */
export const exchange: Exchanging = (port, ...segments) => exchangeWithin(40, port, segments);

/** For requests to which there is an answer, but one that takes a machine that is busy its time. */
export const exchangePatiently: Exchanging = (port, ...segments) => exchangeWithin(5_000, port, segments);

/** `silenceMs` is how long a server is waited for that may be waiting itself. */
function exchangeWithin(silenceMs: number, port: number, segments: readonly (string | Buffer)[]): Promise<Exchange> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
    let raw = '';
    let silence: NodeJS.Timeout | undefined;
    const probe = () => {
      clearTimeout(silence);
      silence = undefined;
      socket.end(PROBE, 'latin1');
    };
    const overdue = setTimeout(() => {
      socket.destroy();
      reject(new Error(`not closed after ten seconds; received ${JSON.stringify(raw.slice(0, 400))}`));
    }, 10_000);
    socket.setEncoding('latin1');
    socket.on('connect', () => {
      void sendSegments(socket, segments).then(() => {
        if (raw === '' && !socket.destroyed) silence = setTimeout(probe, silenceMs);
        else if (!socket.writableEnded) probe();
      });
    });
    socket.on('data', (chunk: string) => {
      raw += chunk;
      if (silence) probe();
    });
    socket.on('error', () => {}); // what came before it is what counts
    socket.on('end', () => socket.end());
    socket.on('close', () => {
      clearTimeout(silence);
      clearTimeout(overdue);
      try {
        resolve(withoutProbe(raw));
      } catch (error) {
        reject(error as Error);
      }
    });
  });
}

async function sendSegments(socket: Socket, segments: readonly (string | Buffer)[]): Promise<void> {
  for (const [index, segment] of segments.entries()) {
    if (index > 0) await new Promise((resolve) => setTimeout(resolve, 2));
    if (socket.destroyed) return;
    await new Promise((resolve) => socket.write(segment as string, 'latin1', resolve));
  }
}

function withoutProbe(raw: string): Exchange {
  const answers = readAnswers(raw);
  const last = answers.at(-1);
  const probed = last?.status === 200 && PROBED.test(last.body);
  return probed ? { answers: answers.slice(0, -1), after: 'open', raw } : { answers, after: 'closed', raw };
}

/**
 * Where something that is no request follows others in one segment, node:http ends the connection, and whether it has
 * come to writing the answers before depends on what was done when. The front has written its own.
 */
export function assertSame(actual: Exchange, expected: Exchange, text: string): void {
  assert.equal(actual.after, expected.after, text);
  const ended = endedAmongSome(actual, expected);
  const length = ended ? Math.min(actual.answers.length, expected.answers.length) : undefined;
  assert.deepEqual(actual.answers.slice(0, length), expected.answers.slice(0, length), text);
}

export function endedAmongSome(one: Exchange, other: Exchange): boolean {
  return one.after === 'closed' && Math.max(one.answers.length, other.answers.length) > 1;
}
