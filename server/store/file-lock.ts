// A lock on a file that ends with the process, however that ends: one that SQLite takes on an empty database, and gives
// back through the kernel. Node.js itself has none.
import Database from 'better-sqlite3';
import { storeError } from './database.ts';

/** Null while another process holds it; otherwise what gives it back. The file must be there and stays empty. */
export function lockFile(path: string): (() => void) | null {
  const db = new Database(path, { fileMustExist: true, timeout: 0 });
  try {
    db.pragma('journal_mode = MEMORY'); // no second file: nothing is written
    db.exec('BEGIN IMMEDIATE');
    return () => db.close();
  } catch (error) {
    db.close();
    const failed = storeError(error);
    if (failed.code === 'STORE_BUSY') return null;
    throw failed;
  }
}
