// Directories, level by level: `recursive` of mkdir asks for ever where a file system answers every level with ENOENT, as
// /proc does.
import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** With those above it that are missing. Throws what the system says. */
export function makeDirectories(path: string, mode: number): void {
  if (isDirectory(path)) return;
  makeDirectories(dirname(path), mode);
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    if (!isDirectory(path)) throw error; // or another process was faster
  }
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
