// Which file it is, whatever it is called: a path can come to mean another one while the first is open.
import { statSync } from 'node:fs';

export type FileIdentity = { readonly device: number; readonly inode: number };

/** Of the file that the path means now; null: there is none. */
export function fileIdentity(path: string): FileIdentity | null {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats ? { device: stats.dev, inode: stats.ino } : null;
}

/** What is not there is no file, and not the same as another that is not. */
export function isSameFile(one: FileIdentity | null, other: FileIdentity | null): boolean {
  return one !== null && one.device === other?.device && one.inode === other.inode;
}
