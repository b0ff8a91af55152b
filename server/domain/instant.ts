// A point in time: UTC milliseconds since 1970.

export type Instant = number & { readonly __brand: 'Instant' };

export function instantOf(date: Date): Instant {
  return date.getTime() as Instant;
}

export function formatInstant(instant: Instant): string {
  return new Date(instant).toISOString();
}
