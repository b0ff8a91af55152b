// Each kind of configuration, from what was wished for and what the store knows.
import type { AliasTable } from '../../domain/alias.ts';
import { type ConfigKind, NODE_ROLES, type Wishes } from '../../domain/client-config.ts';
import { AppError } from '../../domain/errors.ts';
import type { Instant } from '../../domain/instant.ts';
import { LIMITS } from '../../domain/limits.ts';
import { type Scope, scopesContain } from '../../domain/scope.ts';
import type { Store } from '../../store/port.ts';
import { CRIO_NOTES, crioNamespaces } from './crio-namespaces.ts';
import { type ConfigFile, type Generated, POLICY_JSON, PRIVATE, READABLE } from './file.ts';
import { MACHINE_CONFIG_NOTES, machineConfigOf } from './machine-config.ts';
import { installerOf } from './node-installer.ts';
import { keyFiles, policyOf, policyText } from './policy.ts';
import { mergePolicy } from './policy-merge.ts';
import { portierisNotes, portierisOf } from './portieris.ts';
import { type CredentialsFor, mirrorNotes, placesOf, registriesD, wildcardNotes } from './registries-d.ts';
import { releaseSignatures } from './release-reading.ts';
import { SIGNATURE_STORES_NOTES, signatureConfigMaps, signatureStores } from './release-signatures.ts';
import { type Entry, entriesOf, type KnownKey, mirrorEntriesOf, trustNotes } from './trust.ts';

export type Known = {
  readonly store: Pick<Store, 'live'>;
  readonly armor: (material: Uint8Array) => Promise<string>;
  readonly now: Instant;
  readonly keys: readonly KnownKey[];
  readonly registries: readonly string[];
  readonly aliases: AliasTable | null;
  readonly credentialsFor: CredentialsFor;
  /** In its place stands a word. */
  readonly tokenIsMissing: boolean;
  /** Throws where nobody has said it. */
  readonly url: () => string;
};

type Generator = (wishes: Wishes, known: Known) => Promise<Generated>;

export const GENERATORS: Readonly<Record<ConfigKind, Generator>> = {
  'registries.d': async (wishes, known) => {
    const { file, notes } = sections(wishes, known);
    return { files: [file], notes };
  },

  policy: async (wishes, known) => {
    const { file, notes } = policy(wishes, known);
    return { files: [file], notes };
  },

  keyring: async ({ keys = 'paths', ...wishes }, known) => {
    if (keys === 'data') throw new AppError('REQUEST_INVALID', 'keys are data of a policy, or files: path or paths');
    const entries = entriesFor(wishes, known);
    return { files: await keyFiles(entries, keys, known.armor), notes: trustNotes(entries, known.now) };
  },

  installer: async (wishes, known) => {
    const { files, notes, places } = await node(wishes, known);
    const merge =
      'the policy.json of the node is replaced as a whole (the former one is kept beside); give it as the existing one to keep what is there';
    return { files: [installerOf(files, places)], notes: wishes.existing === undefined ? [...notes, merge] : notes };
  },

  'machine-config': async (wishes, known) => {
    const { files, notes } = await node(wishes, known);
    for (const file of files) requireToken(file, known);
    return {
      files: [machineConfigOf(files, wishes.roles ?? NODE_ROLES)],
      notes: [...notes, ...MACHINE_CONFIG_NOTES],
    };
  },

  portieris: async (wishes, known) => {
    const { identity, namespace = null } = wishes;
    const entries = entriesFor(wishes, known);
    const places = placesFor(wishes, known);
    const { armor, credentialsFor } = known;
    const file = await portierisOf({ url: known.url(), entries, places, identity, credentialsFor, namespace, armor });
    requireToken(file, known);
    const notes = [...mirrorNotes(wishes.mirrors ?? [], known.aliases), ...trustNotes(entries, known.now)];
    return { files: [file], notes: [...notes, ...portierisNotes({ entries, namespace })] };
  },

  'signature-stores': async ({ releases = [] }, known) => {
    if (releases.length === 0)
      throw new AppError(
        'REQUEST_INVALID',
        'name the repositories of the releases, such as quay.io/openshift-release-dev',
      );
    const file = signatureStores(known.url(), releases, known.credentialsFor);
    return { files: [file], notes: [...SIGNATURE_STORES_NOTES, ...tokenNotes(file, known)] };
  },

  'signature-configmaps': async ({ images = [] }, { store }) => ({
    files: [signatureConfigMaps(releaseSignatures(store, images))],
    notes: ['made from what is served now: make them anew when a release is signed again or a signature withdrawn'],
  }),

  'crio-namespaces': async (wishes, known) => {
    const { namespaces = [], identity, default: fallback = 'reject', mirrors = [] } = wishes;
    if (namespaces.length === 0)
      throw new AppError('REQUEST_INVALID', 'name the namespaces, such as team-a, or team-b=quay.io/acme');
    const entries = ({ scopes }: { scopes: Wishes['scopes'] }) => entriesFor({ scopes, mirrors }, known);
    requireSize(namespaces.flatMap(entries));
    const files = crioNamespaces({ namespaces, entriesFor: entries, identity, fallback });
    return { files, notes: [...trustNotes(namespaces.flatMap(entries), known.now), ...CRIO_NOTES] };
  },
};

function tokenNotes({ mode }: ConfigFile, { tokenIsMissing }: Known): string[] {
  if (!tokenIsMissing || mode !== PRIVATE) return [];
  return [
    'reading this store needs a token, in whose place TOKEN stands: `lookaside token create --name nodes --allow read`',
  ];
}

/** In base64 nobody can put it in afterwards. */
function requireToken({ mode }: ConfigFile, { tokenIsMissing }: Known): void {
  if (tokenIsMissing && mode === PRIVATE)
    throw new AppError(
      'REQUEST_INVALID',
      'reading this store needs a token, and this holds it in base64: give one with the permission read',
    );
}

/** Every entry holds all keys that count in it, so that many scopes and many keys make more than any client reads. */
function requireSize(entries: readonly Entry[]): void {
  const bytes = entries.flatMap(({ keys }) => keys).reduce((sum, { material }) => sum + material.length, 0);
  if (entries.length > LIMITS.configEntries || bytes > LIMITS.configKeyBytes)
    throw new AppError(
      'REQUEST_INVALID',
      `${entries.length} entries with ${bytes} bytes of keys are more than a client reads; name some of the scopes`,
    );
}

function entriesFor({ scopes = [], mirrors = [] }: Wishes, { keys }: Known): Entry[] {
  const mirrored = mirrorEntriesOf(keys, mirrors);
  const taken = new Set(mirrored.map(({ scope }) => scope));
  const entries = [...entriesOf(keys, scopes).filter(({ scope }) => !taken.has(scope)), ...mirrored];
  requireSize(entries);
  return entries;
}

function placesFor({ registries, scopes }: Wishes, known: Known): readonly Scope[] {
  if (registries) return registries;
  if (!scopes) return placesOf(scopesOf(known), known.registries, known.credentialsFor);
  // Whoever asks for some has no use for the others, and would have to find a token for them.
  const asked = known.registries.filter((registry) => scopesContain(scopes, registry as Scope));
  return placesOf(scopes, asked, known.credentialsFor);
}

const scopesOf = ({ keys }: Known) => keys.flatMap(({ scopes }) => scopes);

function sections(wishes: Wishes, known: Known) {
  const { mirrors = [], legacy = false } = wishes;
  const places = placesFor(wishes, known);
  const { credentialsFor } = known;
  const file = registriesD({ url: known.url(), places, mirrors, credentialsFor, legacy });
  const scopes = wishes.scopes ?? scopesOf(known);
  const notes = [
    ...(wishes.registries ? [] : wildcardNotes(scopes, places)),
    ...mirrorNotes(mirrors, known.aliases),
    ...tokenNotes(file, known),
  ];
  return { file, notes, places: [...places, ...mirrors.map(({ mirror }) => mirror)] };
}

function policy(wishes: Wishes, known: Known): { file: ConfigFile; notes: readonly string[]; entries: Entry[] } {
  const { identity, default: fallback = 'reject', keys: keyForm = 'data', existing, replace = false } = wishes;
  const entries = entriesFor(wishes, known);
  if (entries.length === 0)
    throw new AppError('REQUEST_INVALID', 'no key is registered yet; `lookaside key add` registers one');
  const ours = policyOf({ entries, identity, fallback, keyForm });
  const merged = existing === undefined ? { policy: ours, notes: [] } : mergePolicy(existing, ours, replace);
  const notes = [...merged.notes, ...trustNotes(entries, known.now)];
  return { file: { path: POLICY_JSON, content: policyText(merged.policy), mode: READABLE }, notes, entries };
}

/** Keys before the policy that names them. */
async function node(wishes: Wishes, known: Known) {
  const where = sections(wishes, known);
  const which = policy(wishes, known);
  const keys = await keyFiles(which.entries, wishes.keys ?? 'data', known.armor);
  return { files: [...keys, where.file, which.file], notes: [...where.notes, ...which.notes], places: where.places };
}
