// One case in a process of its own, so that its peak of memory is its own: prints CPU time and memory as JSON.
import { costOf, LIST, type List } from './cases.ts';

const [list = '', what = ''] = process.argv.slice(2);
const cases = await LIST[list as List]();
const [ordinary, found] = ['an ordinary', what].map((start) => cases.find((each) => each.what.startsWith(start)));
if (!ordinary || !found) throw new Error(`no case is called ${what}`);

// Code is compiled and keys are read by then, as in a worker that has been at it.
const usual = await ordinary.prepare();
for (let count = 0; count < 5; count++) await usual();
const run = await found.prepare();
const before = process.resourceUsage().maxRSS;
const cost = await costOf(run);
const peakMiB = (process.resourceUsage().maxRSS - before) / 1024;
process.stdout.write(JSON.stringify({ ...cost, peakMiB }));
