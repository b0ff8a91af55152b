// People who sign in. Machines have tokens.
import { AppError, quote } from './errors.ts';
import type { Instant } from './instant.ts';
import { LIMITS } from './limits.ts';

/** An admin may do everything; a viewer sees everything and changes nothing. */
export const ROLES = ['admin', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

export type UserName = string & { readonly __brand: 'UserName' };

export type User = {
  readonly name: UserName;
  readonly role: Role;
  readonly createdAt: Instant;
  readonly passwordChangedAt: Instant;
  readonly lastSignInAt: Instant | null;
};

/** What people can tell apart at sight and type anywhere: lower-case letters, digits, `.`, `_`, `-` and `@`. */
export function parseUserName(text: string): UserName {
  if (/^[a-z0-9](?:[a-z0-9._@-]{0,62}[a-z0-9])?$/.test(text)) return text as UserName;
  throw new AppError(
    'USER_NAME_INVALID',
    `${quote(text)} is not a user name: 1 to 64 characters of a-z, 0-9, ".", "_", "-", "@", beginning and ending with a letter or digit`,
  );
}

/** Stands in the audit log for a name that is no user's. Parentheses are in no user's name, so it can be nobody's. */
export const NOBODY = '(unknown)';

/** Long enough to withstand guessing (NIST SP 800-63B §3.1.1.2); what it consists of is its owner's affair. */
export function requirePassword(text: string): void {
  const { length } = [...text];
  if (length < LIMITS.passwordShortest)
    throw new AppError(
      'PASSWORD_WEAK',
      `the password has ${length} characters; at least ${LIMITS.passwordShortest} are needed`,
    );
  if (text.length > LIMITS.passwordLength)
    throw new AppError('PASSWORD_WEAK', `the password has more than ${LIMITS.passwordLength} characters`);
}
