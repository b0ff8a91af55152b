// The states that keys can be filtered by.
import type { Operations } from '../../api/schema.ts';

type State = NonNullable<Operations['listKeys']['query']['state']>;

export const STATE_CHOICES: readonly { readonly value: State; readonly label: string }[] = [
  { value: 'active', label: 'Active' },
  { value: 'expired', label: 'Expired' },
  { value: 'retired', label: 'Retired' },
  { value: 'revoked', label: 'Revoked' },
];

/** Of the address, where anything can stand. */
export function parseState(untrusted: string | undefined): State | undefined {
  return STATE_CHOICES.find(({ value }) => value === untrusted)?.value;
}
