// What makes a file survive a power cut: its bytes are synced before its name appears, and then the directory that has the name.
import { closeSync, fsyncSync, openSync } from 'node:fs';

export function syncFile(path: string): void {
  sync(path);
}

/** Without this, a rename may be undone by a power cut. */
export function syncDirectory(path: string): void {
  sync(path);
}

function sync(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
