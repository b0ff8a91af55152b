// What `lookaside export` works with: the store, read beside a server that may be running, and the tree it writes into.
import type { Config } from '../config.ts';
import { AppError } from '../domain/errors.ts';
import { createTreeExport, type TreeExport } from '../services/tree-export.ts';
import { fileIdentity, isSameFile } from '../store/file-identity.ts';
import { MIGRATIONS } from '../store/migrate.ts';
import { openStore } from '../store/sqlite-store.ts';

export type LocalTreeExport = Omit<TreeExport, 'close'> & { close(): Promise<void> };

/** The store must be there: one made now would empty the tree. */
export async function composeTreeExport(
  { databasePath: path }: Config,
  directory: string,
  stopping?: AbortSignal,
): Promise<LocalTreeExport> {
  const store = await openStore({ path, migrations: MIGRATIONS, writer: 'local', mustExist: true });
  const opened = fileIdentity(path);
  const tree = await openExport();

  async function openExport(): Promise<TreeExport> {
    try {
      return createTreeExport(store, directory, { stopping });
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  /** What is open would never change again, and the tree with it. */
  function requireSameStore(): void {
    if (isSameFile(fileIdentity(path), opened)) return;
    throw new AppError('STORE_FAULT', 'the database was moved or replaced, as `restore` does; start the export again');
  }

  return {
    run: tree.run,
    async update(events) {
      requireSameStore();
      return tree.update(events);
    },
    async close() {
      tree.close();
      await store.close();
    },
  };
}
