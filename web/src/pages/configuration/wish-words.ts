// What each wish is called, what it is for, and in what kind of field it is written.
import type { Kind, Wish } from './kinds.ts';

export type Choice = { readonly value: string; readonly label: string };
export type Words = { readonly label: string; readonly help?: string };
type FieldOf = Words &
  (
    | { readonly as: 'text' | 'secret' | 'lines' | 'check' }
    | { readonly as: 'choice'; readonly choices: readonly Choice[] }
  );

export const FIELDS: Readonly<Record<Wish, FieldOf>> = {
  url: { as: 'text', label: 'Address of the store', help: 'Where clients reach it, if not at its public URL.' },
  registries: {
    as: 'lines',
    label: 'Registries',
    help: 'One a line, such as quay.io/acme. Empty: all that the store knows.',
  },
  scopes: { as: 'lines', label: 'Scopes', help: 'One a line. Empty: those of all registered keys.' },
  identity: {
    as: 'text',
    label: 'signedIdentity',
    help: 'matchRepository, matchExact, exactRepository=quay.io/acme/app, … Empty: matchRepoDigestOrExact.',
  },
  default: {
    as: 'choice',
    label: 'Everything else',
    choices: [
      { value: '', label: 'is refused (reject)' },
      { value: 'insecureAcceptAnything', label: 'is accepted (insecureAcceptAnything)' },
    ],
  },
  keys: {
    as: 'choice',
    label: 'Keys',
    choices: [
      { value: '', label: 'as usual' },
      { value: 'path', label: 'one file for each scope (keyPath)' },
      { value: 'paths', label: 'one file for each key (keyPaths)' },
    ],
  },
  legacy: { as: 'check', label: 'Also for containers/image before 5.22 (2022)' },
  mirrors: { as: 'lines', label: 'Mirrors', help: 'One a line, as in mirror.example.com/hub=docker.io.' },
  readToken: {
    as: 'secret',
    label: 'Token for reading',
    help: 'Where reading this store needs one. It is not stored.',
  },
  existing: {
    as: 'lines',
    label: 'The policy.json that is there',
    help: 'Pasted as a whole: it is added to, and what is there stays.',
  },
  replace: { as: 'check', label: 'Replace its entries that differ' },
  roles: {
    as: 'choice',
    label: 'Nodes',
    choices: [
      { value: '', label: 'workers and control plane' },
      { value: 'worker', label: 'workers' },
      { value: 'master', label: 'control plane' },
    ],
  },
  namespace: { as: 'text', label: 'Namespace', help: 'Of the workloads. Empty: a policy of the whole cluster.' },
  namespaces: {
    as: 'lines',
    label: 'Namespaces',
    help: 'One a line: team-a, or with scopes team-b=quay.io/acme,docker.io.',
  },
  releases: {
    as: 'lines',
    label: 'Repositories of releases',
    help: 'One a line, such as quay.io/openshift-release-dev/ocp-release.',
  },
  images: { as: 'lines', label: 'Releases', help: 'One a line: REPOSITORY@sha256:HEX.' },
};

/** What a policy holds unless told otherwise, and keys as files cannot be. */
export const AS_USUAL: Partial<Record<Kind, string>> = { keyring: 'one file for each key' };
