// The three servers under comparison, each on one core: ours, nginx and Apache httpd on the same tree, with what an
// operator would switch off for speed (access logs) switched off.
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Dataset } from './dataset.ts';

export type Peer = { readonly name: string; readonly url: string; readonly process: ChildProcess };

const LAUNCH = fileURLToPath(new URL('../server/launch.js', import.meta.url));
const SERVER_CORE = '0';

export async function startPeers(folder: string, dataset: Dataset): Promise<Peer[]> {
  return [await startOurs(dataset), await startNginx(folder, dataset), await startApache(folder, dataset)];
}

async function startOurs({ dataDir }: Dataset): Promise<Peer> {
  const port = await freePort();
  const env = {
    ...process.env,
    LOOKASIDE_DATA_DIR: dataDir,
    LOOKASIDE_PORT: String(port),
    LOOKASIDE_METRICS_PORT: '0',
    LOOKASIDE_LOG_LEVEL: 'silent',
  };
  return start(
    'lookaside',
    port,
    [process.execPath, '--max-semi-space-size=4', '--v8-pool-size=1', LAUNCH, 'serve'],
    env,
  );
}

async function startNginx(folder: string, { tree }: Dataset): Promise<Peer> {
  const port = await freePort();
  const file = join(folder, 'nginx.conf');
  writeFileSync(
    file,
    `worker_processes 1; daemon off; pid ${folder}/nginx.pid; error_log ${folder}/nginx.log crit;
     events { worker_connections 1024; }
     http {
       sendfile on; access_log off; log_not_found off; keepalive_requests 1000000000;
       default_type application/octet-stream;
       server { listen 127.0.0.1:${port}; root ${tree}; }
     }`,
  );
  return start('nginx', port, ['nginx', '-c', file]);
}

async function startApache(folder: string, { tree }: Dataset): Promise<Peer> {
  const port = await freePort();
  const file = join(folder, 'apache.conf');
  const modules = '/usr/lib/apache2/modules';
  writeFileSync(
    file,
    `ServerName localhost
     Listen 127.0.0.1:${port}
     PidFile ${folder}/apache.pid
     ErrorLog ${folder}/apache.log
     LogLevel crit
     LoadModule mpm_event_module ${modules}/mod_mpm_event.so
     LoadModule authz_core_module ${modules}/mod_authz_core.so
     StartServers 1
     ServerLimit 1
     ThreadsPerChild 25
     MaxRequestWorkers 25
     KeepAlive On
     MaxKeepAliveRequests 0
     DocumentRoot ${tree}
     <Directory ${tree}>
       Require all granted
     </Directory>`,
  );
  return start('apache', port, ['apache2', '-f', file, '-DFOREGROUND']);
}

async function start(name: string, port: number, command: readonly string[], env = process.env): Promise<Peer> {
  const child = spawn('taskset', ['-c', SERVER_CORE, ...command], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < 200; tries++) {
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}`);
    const answers = await fetch(url).then(
      () => true,
      () => false,
    );
    if (answers) return { name, url, process: child };
    await sleep(50);
  }
  throw new Error(`${name} does not answer on ${url}`);
}

export async function stopPeers(peers: readonly Peer[]): Promise<void> {
  for (const { process: child } of peers) {
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await exited;
  }
}

/** CPU time of a process and its children so far, in microseconds (utime + stime of /proc). */
export function cpuTime({ process: child }: Peer): number {
  return processes(child.pid ?? 0).reduce((sum, pid) => sum + ticks(pid), 0) * 10_000;
}

/** Resident memory of a process and its children, in MiB. */
export function memory({ process: child }: Peer): number {
  const pages = processes(child.pid ?? 0).map((pid) =>
    Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]),
  );
  return (pages.reduce((sum, count) => sum + count, 0) * 4096) / 2 ** 20;
}

function ticks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return Number(fields[11]) + Number(fields[12]);
}

function processes(parent: number): number[] {
  const children = readdirSync(`/proc/${parent}/task`).flatMap((task) =>
    readFileSync(`/proc/${parent}/task/${task}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number),
  );
  return [parent, ...children.flatMap(processes)];
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
