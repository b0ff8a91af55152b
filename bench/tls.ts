// The load over TLS. wrk would resume its sessions, which runtimes cannot: a pull is a new process or a new transport,
// with a full handshake. So the client is our own, in a process of its own; it is slower than a server, which does
// not matter for CPU time per request, but makes the throughput that of the client.
import { once } from 'node:events';
import { connect } from 'node:tls';
import { runChild } from './children.ts';
import type { Run } from './compare.ts';
import type { Peer } from './peers.ts';
import type { TlsJob, TlsResult } from './tls-client.ts';

const LOAD_CORE = '1';
const LANES = 16;
/** What today's runtimes and all the peers have in common; without it, ours would take a post-quantum hybrid. */
const CURVE = 'X25519';

export const runTlsLoad: Run = async (url, { load, keys, seconds }) => {
  const job: TlsJob = {
    port: Number(new URL(url).port),
    requests: load === 'pull' ? 2 : 1,
    keys,
    seconds,
    lanes: LANES,
    curve: CURVE,
  };
  const result = await runChild<TlsResult>('tls-client.ts', job, LOAD_CORE);
  if (result.resumed > 0) throw new Error(`${result.resumed} of ${result.connections} handshakes were resumed`);
  if (result.requests !== result.connections * job.requests)
    throw new Error(`${result.requests} requests over ${result.connections} connections`);
  return result;
};

/** The same version, cipher and curve for all, or the handshakes are not the same work. */
export async function requireTlsAlike(peers: readonly Peer[]): Promise<void> {
  const agreed = await Promise.all(peers.map(({ url }) => agreement(Number(new URL(url).port))));
  if (new Set(agreed).size > 1) throw new Error(`the peers do not agree on TLS: ${agreed.join('; ')}`);
}

async function agreement(port: number): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false, ecdhCurve: CURVE });
  await once(socket, 'secureConnect');
  const { name, type } = socket.getEphemeralKeyInfo() as { name?: string; type?: string };
  const facts = [socket.getProtocol(), socket.getCipher().name, type, name].join(' ');
  socket.destroy();
  return facts;
}
