// Which field an error of the API belongs to.
import type { ApiError } from '../../api/api-error.ts';
import type { Faults } from '../../parts/use-faults.ts';

export type UserField = 'name' | 'role' | 'password';

const FIELDS: Readonly<Record<string, UserField>> = {
  USER_EXISTS: 'name',
  USER_NAME_INVALID: 'name',
  USER_LAST_ADMIN: 'role',
  PASSWORD_WEAK: 'password',
};

/** None when the error is not about one of the fields of this form. */
export const faultsIn =
  (...fields: readonly UserField[]) =>
  ({ code, detail }: ApiError): Faults<UserField> => {
    const field = FIELDS[code];
    return field !== undefined && fields.includes(field) ? { [field]: detail } : {};
  };
