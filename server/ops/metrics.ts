// Metrics with closed label sets: outcomes and error codes, never a repository, a digest or a path. Reads are
// counted in plain numbers and handed over at the scrape, because a labelled counter costs more than a cache hit.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { ErrorCode } from '../domain/errors.ts';

export const READ_OUTCOMES = ['hit', 'not_modified', 'miss', 'unauthorized', 'forbidden', 'fault'] as const;
export type ReadOutcome = (typeof READ_OUTCOMES)[number];
export type UploadOutcome = 'stored' | 'exists' | ErrorCode;

/** Asked at each scrape. */
export type Figures = {
  readonly liveSignatures: () => Promise<number>;
  readonly keysByState: () => Promise<Readonly<Record<string, number>>>;
  readonly queueLength: () => number;
};

export type Metrics = {
  readonly reads: Record<ReadOutcome, number>;
  upload(outcome: UploadOutcome): void;
  verification(seconds: number): void;
  render(): Promise<string>;
  readonly contentType: string;
};

export function createMetrics(figures: Figures): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const reads = Object.fromEntries(READ_OUTCOMES.map((outcome) => [outcome, 0])) as Record<ReadOutcome, number>;
  const registers = [registry];

  new Counter({
    name: 'lookaside_reads_total',
    help: 'Requests for lookaside paths by outcome; every fault failed a pull.',
    labelNames: ['outcome'],
    registers,
    collect() {
      this.reset();
      for (const outcome of READ_OUTCOMES) this.inc({ outcome }, reads[outcome]);
    },
  });
  const uploads = new Counter({
    name: 'lookaside_uploads_total',
    help: 'Uploaded signatures by outcome: stored, exists, or the code of the refusal.',
    labelNames: ['outcome'],
    registers,
  });
  const verification = new Histogram({
    name: 'lookaside_verification_seconds',
    help: 'Time from handing a signature to a worker to its verdict.',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
    registers,
  });
  new Gauge({
    name: 'lookaside_verification_queue',
    help: 'Signatures waiting for a verification worker.',
    registers,
    collect() {
      this.set(figures.queueLength());
    },
  });
  storeGauges(registers, figures);
  return {
    reads,
    upload: (outcome) => uploads.inc({ outcome }),
    verification: (seconds) => verification.observe(seconds),
    render: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

function storeGauges(registers: Registry[], { liveSignatures, keysByState }: Figures): void {
  new Gauge({
    name: 'lookaside_live_signatures',
    help: 'Signatures being served.',
    registers,
    async collect() {
      this.set(await liveSignatures().catch(() => Number.NaN)); // a broken store must not take the other figures along
    },
  });
  new Gauge({
    name: 'lookaside_keys',
    help: 'Registered keys by state.',
    labelNames: ['state'],
    registers,
    async collect() {
      const counts = await keysByState().catch(() => ({}));
      this.reset();
      for (const [state, count] of Object.entries(counts)) this.set({ state }, count);
    },
  });
}
