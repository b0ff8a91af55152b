// How many files and connections this process may have open at a time. Node.js cannot ask the system, but Linux tells.
import { readFileSync } from 'node:fs';

/** Null where it is not known, or unlimited. */
export function openFilesLimit(): number | null {
  try {
    const limit = /^Max open files +(\d+) /m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return limit === undefined ? null : Number(limit);
  } catch {
    return null; // not Linux, or no /proc
  }
}
