// Metrics with closed label sets: outcomes, error codes and names of registered keys, never a repository, a digest or a
// path. Reads are counted in plain numbers and handed over at the scrape, because a labelled counter costs more than a
// cache hit; how long they take is measured for a few of them (read-timing.ts).
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import { ERRORS, type ErrorCode } from '../domain/errors.ts';
import { stepOf } from '../domain/intake-step.ts';
import { type Figure, watchFigures } from './figures.ts';
import { version } from './version.ts';

export const READ_OUTCOMES = ['hit', 'not_modified', 'miss', 'unauthorized', 'forbidden', 'fault'] as const;
export type ReadOutcome = (typeof READ_OUTCOMES)[number];
export type UploadOutcome = 'stored' | 'exists' | ErrorCode;
/** `slowed`: turned away before the password was looked at. */
export const SIGN_IN_OUTCOMES = ['accepted', 'refused', 'slowed'] as const;
export type SignInOutcome = (typeof SIGN_IN_OUTCOMES)[number];

export type Metrics = {
  readonly reads: Record<ReadOutcome, number>;
  /** Asks them at each scrape. */
  watch(figures: readonly Figure[]): void;
  readTook(seconds: number): void;
  upload(outcome: UploadOutcome): void;
  verification(seconds: number): void;
  signIn(outcome: SignInOutcome): void;
  /** The API has answered with an error. */
  problem(code: ErrorCode): void;
  render(): Promise<string>;
  readonly contentType: string;
};

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const reads = Object.fromEntries(READ_OUTCOMES.map((outcome) => [outcome, 0])) as Record<ReadOutcome, number>;
  const { uploads, problems, signIns } = counters(registry);
  const { readTime, verification } = histograms(registry);
  const watch = watchFigures(registry);
  watch([readsFigure(reads), BUILD]);
  return {
    reads,
    watch,
    readTook: (seconds) => readTime.observe(seconds),
    upload: (outcome) => uploads.inc({ outcome }),
    verification: (seconds) => verification.observe(seconds),
    signIn: (outcome) => signIns.inc({ outcome }),
    problem: (code) => problems.inc({ code }),
    render: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

/** What an upload can be refused for: what it is, and faults of ours. */
const UPLOAD_CODES = (Object.keys(ERRORS) as ErrorCode[]).filter(
  (code) => stepOf(code) !== null || /^(?:STORE_|INTAKE_|INTERNAL)/.test(code),
);

const BUILD: Figure = {
  name: 'lookaside_build_info',
  help: 'Always 1; the labels say which version runs, and on which Node.js.',
  labels: ['version', 'node'],
  read: () => [{ labels: { version: version(), node: process.versions.node }, value: 1 }],
};

function readsFigure(reads: Record<ReadOutcome, number>): Figure {
  return {
    name: 'lookaside_reads_total',
    help: 'Requests for lookaside paths by outcome; every fault failed a pull.',
    kind: 'counter',
    labels: ['outcome'],
    read: () => READ_OUTCOMES.map((outcome) => ({ labels: { outcome }, value: reads[outcome] })),
  };
}

function counters(registry: Registry) {
  const registers = [registry];
  const signIns = new Counter({
    name: 'lookaside_sign_ins_total',
    help: 'Attempts of people to sign in, or to change their password, by outcome; slowed: made to wait after too many failures.',
    labelNames: ['outcome'],
    registers,
  });
  // All are there from the start, so that the first one is an increase.
  for (const outcome of SIGN_IN_OUTCOMES) signIns.inc({ outcome }, 0);
  const uploads = new Counter({
    name: 'lookaside_uploads_total',
    help: 'Uploaded signatures by outcome: stored, exists, or the code of the refusal.',
    labelNames: ['outcome'],
    registers,
  });
  for (const outcome of ['stored', 'exists', ...UPLOAD_CODES]) uploads.inc({ outcome }, 0);
  return {
    signIns,
    uploads,
    problems: new Counter({
      name: 'lookaside_problems_total',
      help: 'Answers of the API that are errors, by code; refused uploads are in lookaside_uploads_total.',
      labelNames: ['code'],
      registers,
    }),
  };
}

function histograms(registry: Registry) {
  const registers = [registry];
  return {
    readTime: new Histogram({
      name: 'lookaside_read_seconds',
      help: 'Time to look up and prepare the answer to a read, without waiting before and sending after; a sample of the reads.',
      buckets: [0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.01, 0.05, 0.25, 1],
      registers,
    }),
    verification: new Histogram({
      name: 'lookaside_verification_seconds',
      help: 'Time from handing a signature to a worker to its verdict.',
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
      registers,
    }),
  };
}
