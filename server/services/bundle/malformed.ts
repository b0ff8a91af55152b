// The one refusal of everything that is not a whole bundle.
import { AppError } from '../../domain/errors.ts';

export function malformed(why: string): AppError {
  return new AppError('BUNDLE_INVALID', `not a whole bundle of \`lookaside bundle create\`: ${why}`);
}
