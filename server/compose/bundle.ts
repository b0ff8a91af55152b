// What `lookaside bundle` works with: one moment of the store to make a bundle of, and the store that takes one.
import type { Config } from '../config.ts';
import type { BundleParts } from '../services/bundle/writing.ts';
import { createOpenPgpTasks } from '../services/openpgp-tasks.ts';
import { createLocalLists } from '../store/lists.ts';
import { MIGRATIONS } from '../store/migrate.ts';
import { openStore } from '../store/sqlite-store.ts';

export async function composeBundleSource({
  databasePath: path,
}: Config): Promise<BundleParts & { close(): Promise<void> }> {
  // Migrated, or refused, as every command does it.
  await (await openStore({ path, migrations: MIGRATIONS, writer: 'local', mustExist: true })).close();
  const { lists, close } = createLocalLists(path, { snapshot: true });
  return { snapshot: lists, armorKey: createOpenPgpTasks().armorKey, close };
}
