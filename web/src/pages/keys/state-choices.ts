// The states that keys can be filtered by.
import type { Key } from '../../api/schema.ts';

type State = Key['state'];

export const STATE_CHOICES: readonly { readonly value: State; readonly label: string }[] = [
  { value: 'active', label: 'Active' },
  { value: 'retired', label: 'Retired' },
  { value: 'revoked', label: 'Revoked' },
];

/** Of the address, where anything can stand. */
export function parseState(untrusted: string | undefined): State | undefined {
  return STATE_CHOICES.find(({ value }) => value === untrusted)?.value;
}
