// A real docker-registry on a free port, with storage of its own.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { startService } from './processes.ts';
import { tempDir } from './temp-dir.ts';
import { findTool } from './tools.ts';

export type Registry = {
  /** `127.0.0.1:<port>`: the first component of every reference into it. */
  readonly host: string;
};

/** `settings` as its configuration has them, such as `auth`. */
export async function dockerRegistry(t: Pick<TestContext, 'after'>, settings: object = {}): Promise<Registry> {
  const dir = tempDir(t);
  const config = join(dir, 'config.yml');
  // JSON is YAML.
  writeFileSync(
    config,
    JSON.stringify({
      version: 0.1,
      log: { level: 'info', accesslog: { disabled: true } },
      storage: { filesystem: { rootdirectory: join(dir, 'storage') }, delete: { enabled: true } },
      http: { addr: '127.0.0.1:0' },
      ...settings,
    }),
  );
  const command = findTool('docker-registry') ?? 'docker-registry';
  const service = startService(t, command, ['serve', config]);
  const [, port] = await service.line(/listening on 127\.0\.0\.1:(\d+)/);
  return { host: `127.0.0.1:${port}` };
}
