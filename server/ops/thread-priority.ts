// Threads that should use what the read path leaves over. POSIX has one priority for a process, Linux one for each thread,
// under the number by which /proc knows it; elsewhere nothing changes.
import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';

/** Of -20 to 19: about a third of the share of a thread at 0. */
const NICENESS = 5;

/** The calling thread lets others go first from now on, wherever the system can do that. */
export function giveWay(): void {
  try {
    const thread = Number(/\d+$/.exec(readlinkSync('/proc/thread-self'))?.[0]);
    if (Number.isInteger(thread) && thread > 0) setPriority(thread, NICENESS);
  } catch {
    // Not Linux, or no /proc: the threads share as equals.
  }
}
