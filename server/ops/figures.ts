// Figures that are asked for at each scrape. One that cannot be told, or not soon enough, must not take the others along:
// a store in trouble is when they are needed most.
import { Counter, Gauge, type Registry } from 'prom-client';

export type Sample = { readonly labels: Readonly<Record<string, string>>; readonly value: number };
/** A number, or one for each set of labels. */
export type Reading = number | readonly Sample[];

export type Figure = {
  readonly name: string;
  readonly help: string;
  /** `counter`: it only grows, until the next start. */
  readonly kind?: 'counter';
  readonly labels?: readonly string[];
  readonly read: () => Reading | Promise<Reading>;
};

/** A scrape is given up by Prometheus after ten seconds; whoever waits for a list longer than this waits in vain. */
const WAIT_MS = 3_000;

/** Returns what adds figures to those that are asked. */
export function watchFigures(registry: Registry, waitMs = WAIT_MS): (figures: readonly Figure[]) => void {
  const registers = [registry];
  const failures = new Counter({
    name: 'lookaside_metrics_failures_total',
    help: 'Figures that could not be told at a scrape, by metric; meanwhile its value is NaN, or it has none.',
    labelNames: ['metric'],
    registers,
  });

  async function collect(metric: Gauge | Counter, { name, kind, labels = [], read }: Figure): Promise<void> {
    try {
      const reading = await soon(read, waitMs);
      metric.reset();
      show(metric, reading);
    } catch {
      failures.inc({ metric: name });
      if (kind === 'counter') return; // it stays what it was: less would look like another start
      metric.reset();
      if (labels.length === 0) show(metric, Number.NaN);
    }
  }

  return (figures) => {
    for (const figure of figures) {
      const { name, help, kind, labels = [] } = figure;
      failures.inc({ metric: name }, 0); // there from the start, so that the first one is an increase
      const options = { name, help, labelNames: labels, registers };
      const metric: Gauge | Counter = kind === 'counter' ? new Counter(options) : new Gauge(options);
      Object.assign(metric, { collect: () => collect(metric, figure) });
    }
  };
}

function show(metric: Gauge | Counter, reading: Reading): void {
  const samples = typeof reading === 'number' ? [{ labels: {}, value: reading }] : reading;
  for (const { labels, value } of samples)
    if (metric instanceof Gauge) metric.set(labels, value);
    else metric.inc(labels, value);
}

function soon<T>(read: () => T | Promise<T>, waitMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('too late')), waitMs).unref();
    new Promise<T>((told) => told(read())).then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
