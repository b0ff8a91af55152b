// A token while somebody fills in the form, and what is still missing.
import type { Operations } from '../../api/schema.ts';
import { MAX_NAME } from '../../parts/name-field.tsx';
import type { TokenPermission } from '../../parts/scopes.tsx';
import { createScopesDraft, readScopes, type ScopesDraft } from '../../parts/scopes-draft.ts';

export type Lifetime = '30' | '90' | '365' | 'custom' | 'never';

export type TokenDraft = {
  readonly name: string;
  readonly permissions: ReadonlySet<TokenPermission>;
  readonly scopes: ScopesDraft;
  readonly lifetime: Lifetime;
  readonly customDays: string;
};

export type TokenFaults = {
  readonly name?: string;
  readonly permissions?: string;
  readonly scopes?: string;
  readonly days?: string;
};

type TokenBody = Operations['createToken']['body'];

const MOST_DAYS = 3650; // LIMITS of the server

/** The least that a pipeline needs; for which repositories has to be said. */
export const FIRST_DRAFT: TokenDraft = {
  name: '',
  permissions: new Set<TokenPermission>(['upload']),
  scopes: createScopesDraft([]),
  lifetime: '90',
  customDays: '',
};

/** Null: never. Undefined: no number of days. */
export function readDays({ lifetime, customDays }: TokenDraft): number | null | undefined {
  if (lifetime === 'never') return null;
  const days = Number(lifetime === 'custom' ? customDays : lifetime);
  return Number.isInteger(days) && days >= 1 && days <= MOST_DAYS ? days : undefined;
}

export function findFaults(draft: TokenDraft): TokenFaults {
  return {
    ...(draft.name.trim() === '' ? { name: 'Say what it is for.' } : {}),
    ...(draft.name.length > MAX_NAME ? { name: `Up to ${MAX_NAME} characters.` } : {}),
    ...(draft.permissions.size === 0 ? { permissions: 'Choose at least one.' } : {}),
    ...(readScopes(draft.scopes) === null ? { scopes: 'Write at least one scope, or choose everything.' } : {}),
    ...(readDays(draft) === undefined ? { days: `A whole number of days, from 1 to ${MOST_DAYS}.` } : {}),
  };
}

/** Of a draft without faults. */
export function toBody(draft: TokenDraft): TokenBody {
  return {
    name: draft.name.trim(),
    permissions: [...draft.permissions],
    scopes: readScopes(draft.scopes) ?? [],
    expiresInDays: readDays(draft) ?? null,
  };
}
