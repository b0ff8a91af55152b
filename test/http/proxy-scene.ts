// A real proxy with the configuration of deploy/ in front of a real server, and what must be the same through it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Environment } from '../../server/config.ts';
import { freePort } from '../support/free-port.ts';
import { type PeopleScene, peopleScene } from '../support/people.ts';
import { tempDir } from '../support/temp-dir.ts';
import type { Sent } from './wire.ts';

export type Proxied = PeopleScene & {
  readonly port: number;
  readonly token: string;
  /** Through the proxy, from another address of this machine than its own. */
  ask(path: string, sent?: Sent): Promise<Answered>;
};
export type Answered = Pick<IncomingMessage, 'headers'> & { readonly status: number; readonly body: Buffer };

/** Where clients come from; the proxy itself comes to the store from 127.0.0.1. */
export const CLIENT = '127.0.0.9';
/** What clients call the store. */
export const NAME = 'sigs.example.com';

export type Certificate = { readonly cert: string; readonly key: string };

export function newCertificate(folder: string): Certificate {
  const [cert, key] = [join(folder, 'proxy.crt'), join(folder, 'proxy.key')];
  const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key, '-out', cert];
  const subject = ['-subj', `/CN=${NAME}`, '-addext', `subjectAltName=DNS:${NAME}`];
  execFileSync('openssl', ['req', '-x509', '-days', '2', ...made, ...subject], { stdio: 'pipe' });
  return { cert, key };
}

/** An example of deploy/ with each of these texts replaced; each must be there. */
export function example(file: string, replaced: Readonly<Record<string, string>>): string {
  let text = readFileSync(fileURLToPath(new URL(`../../deploy/${file}`, import.meta.url)), 'utf8');
  for (const [from, to] of Object.entries(replaced)) {
    assert.ok(text.includes(from), `${file} has no ${from}`);
    text = text.replaceAll(from, to);
  }
  return text;
}

/** What a proxy is started with. */
export type Front = {
  /** Of the store: an address and a port, or `unix:` and a path. */
  readonly place: string;
  readonly folder: string;
  readonly certificate: Certificate;
  readonly port: number;
};

export async function proxied(
  t: TestContext,
  start: (front: Front) => void,
  settings: Environment = {},
): Promise<Proxied> {
  const store = await peopleScene(t, { LOOKASIDE_TRUST_PROXY: '1', ...settings });
  await store.registerKeys('rsa2048', 'ed25519');
  const token = await store.createToken(['upload', 'read', 'admin']);
  const folder = tempDir(t);
  const port = await freePort();
  const place = store.url.replace(/^http:\/\//, '');
  start({ place, folder, certificate: newCertificate(folder), port });
  await reachable(port);
  return { ...store, port, token, ask: (path, sent = {}) => ask(port, path, sent) };
}

async function reachable(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const reached = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
      socket.on('connect', () => socket.destroy());
    });
    if (reached) return;
    await sleep(50);
  }
  throw new Error('the proxy does not listen');
}

function ask(port: number, path: string, { method = 'GET', headers = {}, body }: Sent): Promise<Answered> {
  const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
  const options = {
    host: '127.0.0.1',
    localAddress: CLIENT,
    servername: NAME,
    port,
    path,
    method,
    headers: { host: `${NAME}:${port}`, ...length, ...headers },
    rejectUnauthorized: false,
    agent: false,
  };
  return new Promise((resolve, reject) => {
    let answered = false;
    const outgoing = request(options, (incoming) => {
      answered = true;
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => {
        const { statusCode = 0, headers: received } = incoming;
        resolve({ status: statusCode, headers: received, body: Buffer.concat(chunks) });
        outgoing.destroy();
      });
    });
    // An early answer may come before all was sent, and the connection end while we still do.
    outgoing.on('error', (error) => {
      if (!answered) reject(error);
    });
    outgoing.end(body);
  });
}
