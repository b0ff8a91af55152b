// Server processes on one database, and requests to them as a test of many at once needs them: a keep-alive
// connection each time, and the few facts of an answer.
import type { TestContext } from 'node:test';
import type { Environment } from '../../server/config.ts';
import { createSigner, type Signer } from './gpg-claims.ts';
import { type ServerProcess, serverProcess } from './processes.ts';
import { LOCAL, type TestStore, testStore } from './server.ts';

export const REPOSITORY = 'registry.example.com/acme/app';

export type Cluster = TestStore & {
  readonly servers: readonly ServerProcess[];
  /** Of the server whose turn it is. */
  url(turn: number): string;
  /** Starts one more process on the same database, on a port of its own unless one is given. */
  start(port?: string): Promise<ServerProcess>;
  readonly signer: Signer;
  /** May upload and withdraw. */
  readonly token: string;
  readonly admin: typeof LOCAL;
};

export async function createCluster(
  t: Pick<TestContext, 'after'>,
  processes: number,
  settings: Environment = {},
): Promise<Cluster> {
  const running: ServerProcess[] = [];
  // Registered before the directory is made, and so run before it is removed: a live server would write into it again.
  t.after(() => Promise.all(running.map((server) => server.end('SIGKILL'))));
  const store = await testStore(t);
  const signer = await createSigner();
  await store.registerKeys(signer.publicKey);
  const token = await store.createToken(['upload', 'withdraw']);
  async function start(port = '0'): Promise<ServerProcess> {
    const own = { LOOKASIDE_DATA_DIR: store.dataDir, LOOKASIDE_PORT: port };
    const server = await serverProcess(t, { ...settings, ...own });
    running.push(server);
    return server;
  }
  const servers = await Promise.all(Array.from({ length: processes }, () => start()));
  return {
    ...store,
    servers,
    start,
    signer,
    token,
    admin: LOCAL,
    url: (turn) => servers[turn % servers.length]?.url ?? '',
  };
}

/** What became of one upload; `code` of a refusal, `number` of a place. */
export type Posted = { readonly status: number; readonly number: number; readonly id: number; readonly code: string };

export async function postSignature(url: string, token: string, bytes: Buffer): Promise<Posted> {
  return upload('POST', `${url}/api/v1/signatures`, { token, bytes });
}

/** PUT to a number that the caller insists on. */
export async function putSignature(address: string, token: string, bytes: Buffer): Promise<Posted> {
  return upload('PUT', address, { token, bytes });
}

async function upload(
  method: 'POST' | 'PUT',
  address: string,
  { token, bytes }: { token: string; bytes: Buffer },
): Promise<Posted> {
  const response = await fetch(address, {
    method,
    body: new Uint8Array(bytes),
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' },
  });
  const body = (await response.json()) as { code?: string; results?: { number?: number; id?: number }[] };
  const [result] = body.results ?? [];
  return { status: response.status, number: result?.number ?? 0, id: result?.id ?? 0, code: body.code ?? '' };
}

export function slotUrl(url: string, digest: string, number: number): string {
  return `${url}/${REPOSITORY}@${digest.replace(':', '=')}/signature-${number}`;
}

/** The bytes at an address, or null for 404; anything else is what no runtime survives. */
export async function readSignature(address: string): Promise<Buffer | null> {
  const response = await fetch(address);
  const bytes = Buffer.from(await response.arrayBuffer());
  if (response.status === 404) return null;
  if (response.status !== 200) throw new Error(`${address} answered ${response.status}`);
  return bytes;
}

/** As runtimes read: from 1 until the first 404. */
export async function readList(url: string, digest: string): Promise<Buffer[]> {
  const list: Buffer[] = [];
  for (;;) {
    const bytes = await readSignature(slotUrl(url, digest, list.length + 1));
    if (bytes === null) return list;
    list.push(bytes);
  }
}
