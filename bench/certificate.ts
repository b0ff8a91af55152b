// A certificate on P-256, which most servers have by now: its handshake costs a server a tenth of one by RSA.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

export type Certificate = { readonly cert: string; readonly key: string };

export function makeCertificate(folder: string): Certificate {
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key, '-out', cert];
  const { status, stderr } = spawnSync('openssl', ['req', '-x509', ...made, '-days', '30', ...names]);
  if (status !== 0) throw new Error(`openssl made no certificate: ${stderr}`);
  return { cert, key };
}
