// The real nginx with one site of its own, in the foreground, writing nothing outside of its folder.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { startService } from './processes.ts';
import { findTool } from './tools.ts';

/** `site` is what stands in `http`. Errors go to `error.log` in the folder. */
export function startNginx(t: TestContext, folder: string, site: string): void {
  const kept = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${folder}/${kind};`,
  );
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  const conf = join(folder, 'nginx.conf');
  writeFileSync(
    conf,
    `daemon off; ${user} master_process off; pid ${folder}/pid; error_log ${folder}/error.log;
     events {} http { access_log off; ${kept.join(' ')} ${site} }`,
  );
  startService(t, findTool('nginx') ?? '', ['-c', conf, '-p', folder]);
}
