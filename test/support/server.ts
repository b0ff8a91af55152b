// A real server on a free loopback port with a database of its own, and what tests do first: keys and tokens.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { composeLocal, type Local } from '../../server/compose/local.ts';
import { type RunningServer, startServer } from '../../server/compose.ts';
import { type Config, type Environment, loadConfig } from '../../server/config.ts';
import { localPrincipal, type Permission } from '../../server/domain/principal.ts';
import { parseScope } from '../../server/domain/scope.ts';
import { createLog, type Log } from '../../server/ops/log.ts';
import { realWorld, type World } from '../../server/ops/world.ts';
import { tempDir } from './temp-dir.ts';

export const FIXTURES = fileURLToPath(new URL('../fixtures/', import.meta.url));

export function fixture(name: string): Buffer {
  return readFileSync(FIXTURES + name);
}

export type TestStore = {
  readonly config: Config;
  readonly dataDir: string;
  /** Registers fixture keys (`rsa2048`) or key bytes, as the local user; returns fingerprints. */
  registerKeys(...keys: readonly (string | Uint8Array)[]): Promise<string[]>;
  /** The secret of a new token. */
  createToken(
    permissions: readonly Permission[],
    scopes?: readonly string[],
    lifetimeMs?: number | null,
  ): Promise<string>;
  /** The services commands use, on the same database; closed with the test. */
  readonly local: Local;
};

export const LOCAL = localPrincipal('tester');
/** A page that holds whatever a test has. */
export const ALL = { limit: 1_000, after: null } as const;
const SILENT = createLog('silent');

export async function testStore(
  t: Pick<TestContext, 'after'>,
  settings: Environment = {},
  world: World = realWorld,
): Promise<TestStore> {
  const dataDir = settings.LOOKASIDE_DATA_DIR ?? tempDir(t);
  const config = loadConfig({
    LOOKASIDE_PORT: '0',
    LOOKASIDE_METRICS_PORT: '0',
    LOOKASIDE_LOG_LEVEL: 'silent',
    ...settings,
    LOOKASIDE_DATA_DIR: dataDir,
  });
  const local = await composeLocal(config, SILENT, { world });
  t.after(() => local.close());
  return {
    config,
    dataDir,
    local,
    async registerKeys(...keys) {
      const fingerprints: string[] = [];
      for (const key of keys) {
        const bytes = typeof key === 'string' ? fixture(`keys/${key}.asc`) : key;
        for (const { key: registered } of await local.keys.register(bytes, {}, LOCAL))
          fingerprints.push(registered.fingerprint);
      }
      return fingerprints;
    },
    async createToken(permissions, scopes = [], lifetimeMs = null) {
      const request = { name: 'test', permissions, scopes: scopes.map(parseScope), lifetimeMs };
      return (await local.tokens.create(request, LOCAL)).secret;
    },
  };
}

/**
 * What `prepare` makes of a store in a directory that is given (LOOKASIDE_DATA_DIR), closed afterwards: then a server has
 * its database for itself, and recovers it after a kill.
 */
export async function preparedStore<R>(
  settings: Environment,
  prepare: (store: TestStore) => Promise<R>,
): Promise<R & Pick<TestStore, 'config'>> {
  const ends: (() => unknown)[] = [];
  const store = await testStore({ after: (end) => void ends.push(end as () => unknown) }, settings);
  try {
    return { ...(await prepare(store)), config: store.config };
  } finally {
    for (const end of ends) await end();
  }
}

export type TestServer = TestStore & RunningServer;

/** Started, stopped with the test. `settings` are LOOKASIDE_* names; the log is silent unless one is handed in. */
export async function testServer(
  t: Pick<TestContext, 'after'>,
  settings: Environment = {},
  { log = SILENT, world = realWorld }: { log?: Log; world?: World } = {},
): Promise<TestServer> {
  const store = await testStore(t, settings, world);
  const server = await startServer(store.config, log, world);
  t.after(() => server.stop());
  return { ...store, ...server };
}

/** Digest of fixtures/manifests/app.json: the image that the corpus signs. */
export const CORPUS_DIGEST_HEX = createHash('sha256').update(fixture('manifests/app.json')).digest('hex');
