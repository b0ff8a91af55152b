// What a command that takes signatures in number works with: the pool of verification workers and a writer thread, as a
// server has them, beside a server that may be running on the same database.
import type { Config } from '../config.ts';
import type { Log } from '../ops/log.ts';
import { realWorld, type World } from '../ops/world.ts';
import { type BulkIntake, createBulkIntake } from '../services/bulk-intake.ts';
import { createIntake } from '../services/intake.ts';
import { createOpenPgpPool } from '../services/openpgp-pool.ts';
import { MIGRATIONS } from '../store/migrate.ts';
import { openStore } from '../store/sqlite-store.ts';

export type LocalBulkIntake = BulkIntake & { close(): Promise<void> };

/** The store must be there: one made now would know no key. */
export async function composeBulkIntake(config: Config, log: Log, world: World = realWorld): Promise<LocalBulkIntake> {
  const { databasePath, defaultRegistry, maxSignatureBytes } = config;
  const store = await openStore({ path: databasePath, migrations: MIGRATIONS, writer: 'thread', mustExist: true });
  const openPgp = createOpenPgpPool({ databasePath, observe: () => {}, log });
  const intake = createIntake({
    store,
    openPgp,
    defaultRegistry,
    maxSignatureBytes,
    // The report of the command has all of them; a tree of refused files would push those of uploads out of the pages.
    refusals: { note: () => {} },
    metrics: { upload: () => {} },
    inTurn: (step) => step(),
    log,
    world,
  });
  return {
    ...createBulkIntake(intake),
    async close() {
      await openPgp.close();
      await store.close();
    },
  };
}
