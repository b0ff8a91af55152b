// Every call of the API. docs/api.md explains them; GET /api/v1/openapi.json is made from this.
import { keys, sessions, tokens, users } from './admin-operations.ts';
import { aliases } from './alias-operations.ts';
import { configuration } from './config-operations.ts';
import type { Operation } from './operation.ts';
import { publishers } from './publisher-operations.ts';
import { records } from './record-operations.ts';
import { images, signatures } from './signature-operations.ts';
import { verdicts } from './verdict-operations.ts';

export const OPERATIONS = {
  ...sessions,
  ...signatures,
  ...images,
  ...verdicts,
  ...keys,
  ...tokens,
  ...publishers,
  ...aliases,
  ...configuration,
  ...users,
  ...records,
};
export type OperationId = keyof typeof OPERATIONS;

export function operationList(): [OperationId, Operation][] {
  return Object.entries(OPERATIONS) as [OperationId, Operation][];
}
