// The three servers on the same signatures, each as an operator would set it up for speed: one process for requests,
// nothing logged, connections kept as long as the client likes.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Certificate } from './certificate.ts';
import { type Dataset, directoryOf, imageOf } from './dataset.ts';
import { freePort, type Peer, SERVER_CORE, startPeer } from './peers.ts';

const LAUNCH = fileURLToPath(new URL('../server/launch.js', import.meta.url));
/** As the first line of launch.js has it. */
export const OURS = [
  '/usr/bin/env',
  'MALLOC_ARENA_MAX=2',
  process.execPath,
  '--max-semi-space-size=4',
  '--max-old-space-size=512',
  '--v8-pool-size=1',
  LAUNCH,
];
const FIRST = `/${directoryOf(imageOf(0))}/signature-1`;

export type Place = {
  /** For configurations and process ids. */
  readonly folder: string;
  readonly dataset: Pick<Dataset, 'dataDir' | 'tree'>;
  /** With it, the server speaks TLS. */
  readonly certificate?: Certificate;
};

export async function startAll(place: Place): Promise<Peer[]> {
  const started: Peer[] = [];
  try {
    for (const start of [startOurs, startNginx, startApache]) started.push(await start(place));
    return started;
  } catch (error) {
    for (const peer of started) await peer.stop();
    throw error;
  }
}

export type OursOptions = {
  readonly cores?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** That is there. */
  readonly path?: string;
};

export async function startOurs(
  place: Place,
  { cores = SERVER_CORE, env, path = FIRST }: OursOptions = {},
): Promise<Peer> {
  const { dataset, certificate } = place;
  const port = await freePort();
  const tls = certificate ? { LOOKASIDE_TLS_CERT: certificate.cert, LOOKASIDE_TLS_KEY: certificate.key } : {};
  return startPeer({
    name: 'lookaside',
    url: urlOf(port, certificate),
    command: [...OURS, 'serve'],
    path,
    env: {
      LOOKASIDE_DATA_DIR: dataset.dataDir,
      LOOKASIDE_PORT: String(port),
      LOOKASIDE_METRICS_PORT: '0',
      LOOKASIDE_LOG_LEVEL: 'silent',
      LOOKASIDE_ADMIN_PASSWORD: 'of nobody, for a bench',
      ...tls,
      ...env,
    },
    cores,
  });
}

export async function startNginx({ folder, dataset, certificate }: Place, cores = SERVER_CORE): Promise<Peer> {
  const port = await freePort();
  const file = join(folder, `nginx-${port}`);
  const tls = certificate
    ? `ssl_certificate ${certificate.cert}; ssl_certificate_key ${certificate.key}; ssl_protocols TLSv1.3;`
    : '';
  writeFileSync(
    `${file}.conf`,
    `worker_processes 1; daemon off; pid ${file}.pid; error_log ${file}.log crit;
     events { worker_connections 1024; }
     http {
       sendfile on; access_log off; log_not_found off; keepalive_requests 1000000000;
       default_type application/octet-stream;
       server { listen 127.0.0.1:${port}${certificate ? ' ssl' : ''}; ${tls} root ${dataset.tree}; }
     }`,
  );
  const command = ['nginx', '-c', `${file}.conf`];
  return startPeer({ name: 'nginx', url: urlOf(port, certificate), command, path: FIRST, cores });
}

export async function startApache({ folder, dataset, certificate }: Place): Promise<Peer> {
  const port = await freePort();
  const file = join(folder, `apache-${port}`);
  const modules = '/usr/lib/apache2/modules';
  const tls = certificate
    ? `LoadModule ssl_module ${modules}/mod_ssl.so
       SSLEngine on
       SSLProtocol -all +TLSv1.3
       SSLCertificateFile ${certificate.cert}
       SSLCertificateKeyFile ${certificate.key}`
    : '';
  writeFileSync(
    `${file}.conf`,
    `ServerName localhost
     Listen 127.0.0.1:${port}
     PidFile ${file}.pid
     ErrorLog ${file}.log
     LogLevel crit
     LoadModule mpm_event_module ${modules}/mod_mpm_event.so
     LoadModule authz_core_module ${modules}/mod_authz_core.so
     StartServers 1
     ServerLimit 1
     ThreadsPerChild 25
     MaxRequestWorkers 25
     KeepAlive On
     MaxKeepAliveRequests 0
     KeepAliveTimeout 75
     ${tls}
     DocumentRoot ${dataset.tree}
     <Directory ${dataset.tree}>
       Require all granted
     </Directory>`,
  );
  const command = ['apache2', '-f', `${file}.conf`, '-DFOREGROUND'];
  return startPeer({ name: 'apache', url: urlOf(port, certificate), command, path: FIRST });
}

function urlOf(port: number, certificate?: Certificate): string {
  return `${certificate ? 'https' : 'http'}://127.0.0.1:${port}`;
}
