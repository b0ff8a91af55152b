// What to do about the keys of a bundle that are not here as they are where it was made. Nothing of it is done unasked: a
// bundle that could register keys would vouch for itself, and one that could revoke them could stop every pull.

import type { Instant } from '../../domain/instant.ts';
import { expiredAt } from '../../domain/key.ts';
import type { KeyComparison } from '../../services/bundle/loading.ts';
import { printable } from '../terminal.ts';

/** One line, or null where there is nothing to do. */
export function adviceOn({ fingerprint, name, state, reason, scopes, here }: KeyComparison): string | null {
  const key = `key ${fingerprint} (${printable(name)})`;
  if (here === null) {
    if (state === 'revoked') return null; // nothing that it signed is in the bundle
    const scope = scopes.map((each) => each || 'everything').join(', ');
    return `${key}, ${state} there for ${printable(scope)}, is not registered here, and what it signed stays out. Compare the fingerprint with its owner's, then register it with \`lookaside key add\`, or load again with --accept-key ${fingerprint}`;
  }
  const now = here.state.state;
  if (state === 'revoked' && now !== 'revoked')
    return `${key} is revoked where the bundle was made: ${printable(reason ?? '')}. It is ${now} here; to revoke it: \`lookaside key revoke ${fingerprint} --reason REASON\``;
  if (state === 'retired' && now === 'active')
    return `${key} is retired where the bundle was made and active here; to retire it: \`lookaside key retire ${fingerprint}\``;
  if (state === 'active' && now === 'active' && expiredAt(here.expiresAt, Date.now() as Instant))
    return `${key} has expired as it is registered here; if the bundle has a newer copy, --accept-key ${fingerprint} takes it over`;
  return null;
}
