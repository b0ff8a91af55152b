// `lookaside bundle load`: nothing of a bundle is used before all of it is found whole.
import type { Local } from '../../compose/local.ts';
import { AppError, quote } from '../../domain/errors.ts';
import { type Fingerprint, parseFingerprint } from '../../domain/fingerprint.ts';
import { localPrincipal } from '../../domain/principal.ts';
import { createLog } from '../../ops/log.ts';
import {
  type CheckedBundle,
  checkBundle,
  compareKeys,
  registerKeys,
  requireAcceptable,
  requireExpected,
  retireKeys,
  signaturesOf,
} from '../../services/bundle/loading.ts';
import { type BundleFile, openBundle } from '../../services/bundle/reading.ts';
import type { Context } from '../context.ts';
import { createReport } from '../import/report.ts';
import { takeAll } from '../import/taking.ts';
import { adviceOn } from './keys.ts';

type Options = {
  readonly expect?: string;
  readonly acceptKey?: readonly string[];
  readonly dryRun?: true;
  readonly json?: true;
};

export async function loadBundle(file: string, options: Options, context: Context): Promise<void> {
  if (file === '-')
    throw new AppError('USAGE_INVALID', 'a bundle is read twice, which standard input cannot be; give a file');
  const expected = options.expect === undefined ? null : parseHash(options.expect);
  const accepted = (options.acceptKey ?? []).map(parseFingerprint);
  const config = context.loadConfig();
  const bundle = openBundle(file);
  try {
    if (expected !== null) requireExpected(bundle, expected);
    const checked = checkBundle(bundle);
    const { composeLocal } = await import('../../compose/local.ts');
    // A key may be the first thing in a store, as it is with `key add`; a signature cannot.
    const mustExist = accepted.length === 0 || options.dryRun === true;
    const local = await composeLocal(config, createLog('silent'), { mustExist });
    try {
      await load(bundle, { checked, local, accepted, options, context });
    } finally {
      await local.close();
    }
  } finally {
    bundle.close();
  }
}

type Loading = {
  readonly checked: CheckedBundle;
  readonly local: Local;
  readonly accepted: readonly Fingerprint[];
  readonly options: Options;
  readonly context: Context;
};

async function load(bundle: BundleFile, { checked, local, accepted, options, context }: Loading): Promise<void> {
  const { terminal } = context;
  const [json, dryRun] = [options.json === true, options.dryRun === true];
  const on = { registry: local.keys, principal: localPrincipal(terminal.user) };
  await requireAcceptable(accepted, checked, on);
  const chosen = (await compareKeys(checked, on)).filter((key) => accepted.includes(key.fingerprint as Fingerprint));
  const report = createReport(terminal, { json, dryRun });
  const tell = (status: string, fingerprint: string) =>
    json ? terminal.out(JSON.stringify({ key: fingerprint, status })) : report.say(`${status} key ${fingerprint}`);
  if (options.expect === undefined && !json)
    report.say(
      `the SHA-256 of this bundle is ${bundle.sha256()}; --expect compares it with what \`bundle create\` printed`,
    );
  if (!dryRun) for (const { status, key } of await registerKeys(chosen, checked, on)) tell(status, key.fingerprint);
  const complete = await takeAll((stopped) => signaturesOf(bundle, stopped), {
    report,
    context,
    dryRun,
    expected: () => checked.facts.signatures,
  });
  if (!dryRun && complete) for (const fingerprint of await retireKeys(chosen, on)) tell('retired', fingerprint);
  for (const key of await compareKeys(checked, on)) {
    const advice = adviceOn(key);
    if (advice !== null && json) terminal.out(JSON.stringify({ key: key.fingerprint, advice }));
    else if (advice !== null) terminal.err(advice);
  }
  context.exitCode = report.counts.refused > 0 || !complete ? 1 : 0;
}

function parseHash(text: string): string {
  if (/^[0-9a-f]{64}$/.test(text)) return text;
  throw new AppError(
    'USAGE_INVALID',
    `--expect is ${quote(text)}; give the 64 hex digits that \`bundle create\` printed`,
  );
}
