// Where the server listens, out of its settings, and what has to be known for that.
import type { Config } from '../config.ts';
import { AppError } from '../domain/errors.ts';
import type { Place, Taken } from '../http/listening.ts';

/** Of the store and of its metrics. */
export function placesOf({ host, port, metricsHost, metricsPort, socket, handed, workers }: Config): [Place, Place] {
  const store = socket ?? { host, port, setting: 'LOOKASIDE_PORT', shared: workers > 1 };
  const metrics = { host: metricsHost, port: metricsPort, setting: 'LOOKASIDE_METRICS_PORT' };
  return [
    handed.store === null ? store : { fd: handed.store },
    handed.metrics === null ? metrics : { fd: handed.metrics },
  ];
}

/** Answers name the addresses of signatures, and clients cannot reach a file of this machine. */
export function requirePublicUrl({ publicUrl }: Config, { port, url }: Taken): void {
  if (port === null && publicUrl === null)
    throw new AppError('CONFIG_INVALID', `${url} is for a proxy; set LOOKASIDE_PUBLIC_URL to what clients reach`);
}
