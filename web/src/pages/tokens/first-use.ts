// The lines that somebody with a new token pastes first.
import type { NewToken } from '../../api/schema.ts';

const SOME_REGISTRY = 'registry.example.com';

/** What a token may do decides what it is tried with. */
export function formatFirstUse({ secret, permissions, scopes }: NewToken, publicUrl: string): string {
  return `export LOOKASIDE_TOKEN=${secret}\n${formatCommand(permissions, scopes, publicUrl)}`;
}

function formatCommand(permissions: NewToken['permissions'], scopes: NewToken['scopes'], publicUrl: string): string {
  if (permissions.includes('upload'))
    return `lookaside push sigs/ --server ${publicUrl} --registry ${findRegistry(scopes)}`;
  const call = permissions.includes('read') ? 'signatures' : 'session';
  return `curl -f -H "Authorization: Bearer $LOOKASIDE_TOKEN" ${publicUrl}/api/v1/${call}`;
}

/** The registry that the first scope names; a wildcard or everything names none. */
function findRegistry(scopes: readonly string[]): string {
  const named = scopes.find((scope) => scope !== '' && !scope.startsWith('*.'));
  return named?.split('/', 1)[0] ?? SOME_REGISTRY;
}
