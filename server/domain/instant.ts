// A point in time: UTC milliseconds since 1970.

export type Instant = number & { readonly __brand: 'Instant' };

export const DAY_MS = 24 * 60 * 60 * 1000;

export function instantOf(date: Date): Instant {
  return date.getTime() as Instant;
}

export function formatInstant(instant: Instant): string {
  return new Date(instant).toISOString();
}
