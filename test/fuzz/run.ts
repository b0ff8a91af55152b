// `npm run test:fuzz`: mutated signatures through a running server, skopeo as the judge. Options: --count N, --seed N,
// --minutes N (stops earlier), --sample N (one in so many refusals goes to skopeo), --save FOLDER (findings as files).
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fixture, testServer } from '../support/server.ts';
import { tempDir } from '../support/temp-dir.ts';
import { findTool } from '../support/tools.ts';
import { type Judged, keysOf, runCampaign } from './campaign.ts';
import { createSkopeo } from './skopeo.ts';
import { createTally } from './tally.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    minutes: { type: 'string', default: '240' },
    sample: { type: 'string', default: '50' },
    save: { type: 'string' },
  },
});
const seed = Number(values.seed);
const ends = Date.now() + Number(values.minutes) * 60_000;
const ending: (() => unknown)[] = [];
const t = { after: (work: () => unknown) => void ending.unshift(work) };
const say = (text: string) => void process.stdout.write(`${text}\n`);

function save(kind: string, judged: Judged): void {
  const { number, family, trace, verdict, skopeo, bytes } = judged;
  say(
    `${kind} ${number} ${JSON.stringify({ family, trace, code: verdict.problem?.code, detail: verdict.problem?.detail, reference: verdict.reference, skopeo: skopeo?.says })}`,
  );
  if (values.save === undefined) return;
  mkdirSync(values.save, { recursive: true });
  writeFileSync(join(values.save, `${kind}-${seed}-${number}.sig`), bytes);
}

async function main(): Promise<void> {
  for (const tool of ['skopeo', 'gpg'] as const)
    if (findTool(tool) === null) throw new Error(`${tool} is not installed`);
  say(`seed ${seed}`);
  const server = await testServer(t as Parameters<typeof testServer>[0]);
  const skopeo = await createSkopeo(
    tempDir(t as Parameters<typeof tempDir>[0]),
    keysOf(seed).all,
    fixture('manifests/app.json'),
  );
  const tally = createTally();
  const seen = { laxer: 0, unexplained: 0, faults: 0 };
  let judged = 0;
  const plan = { seed, count: Number(values.count), firstRefused: 200, oneRefusedIn: Number(values.sample) };
  await runCampaign(plan, server, skopeo, (one) => {
    tally.add(one);
    for (const kind of ['laxer', 'unexplained', 'faults'] as const)
      for (; seen[kind] < tally[kind].length; seen[kind]++) save(kind, tally[kind][seen[kind]] as Judged);
    judged++;
    if (judged % 5_000 === 0)
      say(`${judged} mutants, ${tally.laxer.length} laxer, ${tally.unexplained.length} unexplained`);
    return Date.now() < ends;
  });
  say(
    `\n${tally.report()}\n\nskopeo alone refuses: ${tally.laxer.length}; undocumented refusals: ${tally.unexplained.length}; faults: ${tally.faults.length}`,
  );
  process.exitCode = tally.laxer.length + tally.faults.length > 0 ? 1 : 0;
}

try {
  await main();
} finally {
  for (const work of ending) await work();
}
