// The step from a request's text to values.
import type { z } from 'zod';
import { AppError } from '../../domain/errors.ts';

/** The parsed value. Throws REQUEST_INVALID naming each wrong member; codes of the domain's parsers pass through. */
export function parseRequest<T extends z.ZodType>(schema: T, value: unknown, what = 'request'): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issues = result.error.issues.map((issue) => `${issue.path.join('.') || what}: ${issue.message}`);
  throw new AppError('REQUEST_INVALID', issues.join('; '));
}
