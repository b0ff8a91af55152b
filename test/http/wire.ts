// Requests as they go over the wire. node:http and not fetch, which adds `cache-control: no-cache` of its own and
// tidies up the very paths and bodies these tests are about.
import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import { assertContract } from './contract.ts';

export type Problem = {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
};

/** One element of `results` in the answer to an upload. */
export type Result = {
  readonly status: 'stored' | 'exists' | 'refused' | 'acceptable';
  readonly id: number;
  readonly repository: string;
  readonly digest: string;
  readonly number: number;
  readonly url: string;
  readonly signer: string;
  readonly notes: readonly { readonly code: string; readonly text: string }[];
  readonly problem?: Problem;
};

export type Answer = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
  /** The body as JSON; the caller says what it expects. */
  json<T>(): T;
};

export type Sent = {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Uint8Array;
};

/** One request on a connection of its own. `path` goes out as it is written. */
export function send(base: string, path: string, { method = 'GET', headers = {}, body }: Sent = {}): Promise<Answer> {
  // Left to itself, node:http sends the body of a DELETE without saying how long it is.
  const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
  const options = { ...placeOf(base), path, method, headers: { ...length, ...headers }, agent: false };
  return new Promise((resolve, reject) => {
    const outgoing = request(options, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => {
        const whole = Buffer.concat(chunks);
        const text = whole.toString('utf8');
        const { statusCode = 0, headers: received } = incoming;
        try {
          if (!/^HEAD$/.test(method)) assertContract(method, path, { status: statusCode, text });
        } catch (error) {
          return reject(error as Error);
        }
        resolve({ status: statusCode, headers: received, body: whole, text, json: <T>() => JSON.parse(text) as T });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** Of a URL, or `unix:` and a path. */
function placeOf(base: string): { hostname: string; port: string } | { socketPath: string } {
  if (base.startsWith('unix:')) return { socketPath: base.slice('unix:'.length) };
  const { hostname, port } = new URL(base);
  return { hostname: hostname.replace(/^\[(.*)\]$/, '$1'), port };
}

/** A whole request as text, for what node:http would refuse to send; resolves with all that comes back. */
export function sendRaw(base: string, text: string): Promise<string> {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(text));
    let received = '';
    socket.setEncoding('latin1');
    socket.on('data', (chunk) => {
      received += chunk;
    });
    socket.on('close', () => resolve(received));
    socket.on('error', reject);
  });
}

export function bearer(token: string): OutgoingHttpHeaders {
  return { authorization: `Bearer ${token}` };
}

export type Part = {
  readonly bytes: Uint8Array | string;
  readonly filename?: string;
  readonly name?: string;
};

const BOUNDARY = 'lookaside-test-boundary';

/** A multipart form as curl writes it: the request's headers and body. */
export function form(parts: readonly Part[]): { headers: OutgoingHttpHeaders; body: Buffer } {
  const pieces: Buffer[] = [];
  for (const { bytes, filename = 'signature-1', name = 'signature' } of parts) {
    const disposition = `Content-Disposition: form-data; name="${name}"; filename="${filename}"`;
    pieces.push(Buffer.from(`--${BOUNDARY}\r\n${disposition}\r\nContent-Type: application/octet-stream\r\n\r\n`));
    pieces.push(Buffer.from(bytes), Buffer.from('\r\n'));
  }
  const body = Buffer.concat([...pieces, Buffer.from(`--${BOUNDARY}--\r\n`)]);
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}`, 'content-length': body.length },
    body,
  };
}
