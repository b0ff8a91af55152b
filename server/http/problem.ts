// Errors as RFC 9457 problem details. `code` is what programs compare; `detail` is for people.
import { type AppError, ERRORS, type ErrorCode } from '../domain/errors.ts';
import { STATUS } from './error-status.ts';

export type Problem = {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ErrorCode;
  readonly detail: string;
};

export const PROBLEM_TYPE = 'application/problem+json';

export function toProblem(error: AppError): Problem {
  const { code, message } = error;
  return { type: `urn:lookaside:error:${code}`, title: ERRORS[code], status: STATUS[code], code, detail: message };
}
