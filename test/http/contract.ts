// Every JSON answer that a test gets is held to the contract: the status and the shape of its operation.
import assert from 'node:assert/strict';
import type { Operation } from '../../server/http/contract/operation.ts';
import { operationList } from '../../server/http/contract/operations.ts';

const PREFIX = '/api/v1';

type Known = { readonly operation: Operation; readonly pattern: RegExp };

const KNOWN: readonly Known[] = operationList().map(([, operation]) => ({
  operation,
  pattern: new RegExp(`^${operation.path.replace(/:\w+/g, '[^/]+').replace('.', '\\.')}$`),
}));

/** Fixed paths before those with parameters, as the router has them. */
export function operationOf(method: string, path: string): Operation | undefined {
  if (!path.startsWith(PREFIX)) return undefined;
  const [local = ''] = path.slice(PREFIX.length).split('?');
  const fitting = KNOWN.filter(
    ({ operation, pattern }) => operation.method === method.toLowerCase() && pattern.test(local),
  );
  return fitting.find(({ operation }) => operation.path === local)?.operation ?? fitting[0]?.operation;
}

export function assertContract(method: string, path: string, answer: { status: number; text: string }): void {
  const operation = operationOf(method, path);
  if (!operation || answer.status >= 400) return;
  const described = operation.answers[answer.status];
  assert.ok(described, `${method} ${path} answered ${answer.status}, which its description does not have`);
  if (!described.schema) return;
  const { error } = described.schema.safeParse(JSON.parse(answer.text));
  assert.equal(error, undefined, `${method} ${path} is not in the shape of its description: ${error?.message}`);
}
