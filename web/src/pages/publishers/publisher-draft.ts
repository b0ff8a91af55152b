// A publisher while somebody fills in the form, and what is still missing.
import type { Operations, Publisher } from '../../api/schema.ts';
import { createScopesDraft, readScopes, type ScopesDraft } from '../../parts/scopes-draft.ts';

export type Kind = Publisher['kind'];
export type ClaimRow = { readonly id: number; readonly name: string; readonly value: string };

export type PublisherDraft = {
  readonly name: string;
  readonly kind: Kind;
  readonly issuer: string;
  readonly claims: readonly ClaimRow[];
  readonly scopes: ScopesDraft;
  readonly keys: ReadonlySet<string>;
};

type Template = {
  readonly title: string;
  readonly issuer: string;
  readonly claims: readonly string[];
  readonly help: string;
};

/** What a form begins with; the server knows what must be there. */
export const TEMPLATES: Readonly<Record<Kind, Template>> = {
  github: {
    title: 'GitHub Actions',
    issuer: 'https://token.actions.githubusercontent.com',
    claims: ['repository_id', 'environment'],
    help: 'repository_id or repository_owner_id is needed: gh api repos/OWNER/NAME --jq .id prints it.',
  },
  gitlab: {
    title: 'GitLab CI',
    issuer: 'https://gitlab.com',
    claims: ['project_id', 'ref_protected'],
    help: 'project_id or namespace_id is needed; the page of a project shows it.',
  },
  kubernetes: {
    title: 'Kubernetes',
    issuer: '',
    claims: ['sub'],
    help: 'sub is system:serviceaccount:NAMESPACE:NAME.',
  },
  other: {
    title: 'Another issuer',
    issuer: '',
    claims: ['sub'],
    help: 'sub must be an id that the issuer never gives twice.',
  },
};

function draftOf(kind: Kind): Pick<PublisherDraft, 'kind' | 'issuer' | 'claims'> {
  const { issuer, claims } = TEMPLATES[kind];
  return { kind, issuer, claims: claims.map((name, id) => ({ id, name, value: '' })) };
}

export const FIRST_DRAFT: PublisherDraft = {
  name: '',
  ...draftOf('github'),
  scopes: createScopesDraft([]),
  keys: new Set(),
};

/** What was filled in under names that the new kind does not have is of no use there. */
export function withKind(draft: PublisherDraft, kind: Kind): PublisherDraft {
  return { ...draft, ...draftOf(kind) };
}

export function isComplete({ name, issuer, claims, scopes, keys }: PublisherDraft): boolean {
  const isBound = claims.some((row) => row.name.trim() !== '' && row.value.trim() !== '');
  return name.trim() !== '' && issuer.trim() !== '' && isBound && readScopes(scopes) !== null && keys.size > 0;
}

/** Rows without a value were offered and not wanted. */
export function toBody({
  name,
  kind,
  issuer,
  claims,
  scopes,
  keys,
}: PublisherDraft): Operations['addPublisher']['body'] {
  const bound = claims.filter((row) => row.value.trim() !== '').map((row) => [row.name.trim(), row.value.trim()]);
  return {
    name: name.trim(),
    kind,
    issuer: issuer.trim(),
    claims: Object.fromEntries(bound) as Record<string, string>,
    scopes: [...(readScopes(scopes) ?? [])],
    keys: [...keys],
  };
}
