// What the commands work with that take the database file as a whole. They open it themselves, each in its own way: it
// may be damaged, or not there.
import type { Config } from '../config.ts';
import { realWorld, type World } from '../ops/world.ts';
import { createBackup } from '../services/backup.ts';
import { createFsck } from '../services/fsck-repair.ts';
import { createRestore } from '../services/restore.ts';
import { MIGRATIONS } from '../store/migrate.ts';

export function composeUpkeep({ databasePath }: Config, world: World = realWorld) {
  const place = { path: databasePath, migrations: MIGRATIONS };
  return {
    backUp: createBackup(place, world),
    restore: createRestore(place, world),
    fsck: createFsck(place, world),
  };
}
