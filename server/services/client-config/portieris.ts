// Portieris: an admission policy, with the Secrets it names. Its store is a setting of each entry and a base is for one
// registry, so every entry is of one registry; a keyring of several keys is satisfied by any of them.
import { createHash } from 'node:crypto';
import { registryOf } from '../../domain/client-config.ts';
import type { SignedIdentity } from '../../domain/policy/identity.ts';
import { EVERYTHING, type Scope, scopesContain } from '../../domain/scope.ts';
import { type ConfigFile, PRIVATE, READABLE } from './file.ts';
import { type CredentialsFor, mirrorBase, noRegistry } from './registries-d.ts';
import { type Entry, identityOf, keyringOf } from './trust.ts';
import { type Yaml, yamlDocuments } from './yaml-text.ts';

type Members = { readonly [name: string]: Yaml };

export type PortierisWishes = {
  readonly url: string;
  readonly entries: readonly Entry[];
  /** Those that wildcards and "everything" stand for. */
  readonly places: readonly Scope[];
  readonly identity: SignedIdentity | undefined;
  readonly credentialsFor: CredentialsFor;
  /** Null: for the cluster. */
  readonly namespace: string | null;
  readonly armor: (material: Uint8Array) => Promise<string>;
};

const STORE_SECRET = 'lookaside-store';
const NAMES: Partial<Record<SignedIdentity['type'], string>> = {
  exactReference: 'matchExactReference',
  exactRepository: 'matchExactRepository',
};

export async function portierisOf(wishes: PortierisWishes): Promise<ConfigFile> {
  const { credentialsFor, namespace } = wishes;
  const metadata = (name: string) => ({ name, ...(namespace ? { namespace } : {}) });
  const secrets = new Map<string, Members>();
  const repositories: Members[] = [];
  for (const entry of inRegistries(wishes)) {
    const credentials = credentialsFor(placeOf(entry));
    if (credentials && entry.keys.length > 0)
      secrets.set(STORE_SECRET, { username: credentials.user, password: credentials.password });
    const keySecret = secretName(entry);
    if (entry.keys.length > 0) secrets.set(keySecret, { key: await wishes.armor(keyringOf(entry.keys)) });
    for (const name of patternsOf(entry.scope))
      repositories.push({ name, policy: { simple: simpleOf(entry, keySecret, wishes) } });
  }
  if (repositories.length === 0) throw noRegistry();
  const policy = {
    apiVersion: 'portieris.cloud.ibm.com/v1',
    kind: namespace ? 'ImagePolicy' : 'ClusterImagePolicy',
    metadata: metadata('lookaside'),
    spec: { repositories },
  };
  const documents = [...secrets].map(([name, values]) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: metadata(name),
    type: 'Opaque',
    data: Object.fromEntries(Object.entries(values).map(([key, text]) => [key, base64(String(text))])),
  }));
  return {
    path: 'lookaside-portieris.yaml',
    content: yamlDocuments([...documents, policy]),
    mode: secrets.has(STORE_SECRET) ? PRIVATE : READABLE,
  };
}

/** The more specific entry wins here too. */
function inRegistries({ entries, places }: PortierisWishes): Entry[] {
  const named = new Map(entries.map((entry) => [entry.scope, entry]));
  const general = entries.filter(({ scope }) => scope === EVERYTHING || scope.startsWith('*.'));
  for (const entry of general.sort((one, other) => other.scope.length - one.scope.length))
    for (const registry of new Set(places.map((place) => registryOf(place) as Scope)))
      if (!named.has(registry) && scopesContain([entry.scope], registry))
        named.set(registry, { ...entry, scope: registry });
  return [...named.values()].filter((entry) => !general.includes(entry));
}

/** A namespace, or a repository of that name: which one a scope is nobody knows. */
function patternsOf(scope: Scope): string[] {
  return scope.includes('/') ? [scope, `${scope}/*`] : [`${scope}/*`];
}

function simpleOf(entry: Entry, keySecret: string, { url, identity, credentialsFor }: PortierisWishes): Members {
  if (entry.keys.length === 0) return { requirements: [{ type: 'reject' }] };
  const wished = identityOf(entry, identity);
  const signedIdentity = wished && { ...wished, type: NAMES[wished.type] ?? wished.type };
  const base = entry.mirror ? mirrorBase(entry.mirror).base : registryOf(entry.scope);
  return {
    storeURL: `${url}/${base}`,
    ...(credentialsFor(placeOf(entry)) ? { storeSecret: STORE_SECRET } : {}),
    requirements: [{ type: 'signedBy', keySecret, ...(signedIdentity ? { signedIdentity } : {}) }],
  };
}

/** Where the store has it. */
const placeOf = ({ scope, mirror }: Entry): string => mirror?.original ?? scope;

/** By all its keys, so that entries with the same ones share a Secret and no others do; key ids can be made alike. */
function secretName({ keys }: Entry): string {
  const fingerprints = keys.map(({ fingerprint }) => fingerprint.toLowerCase());
  const name =
    fingerprints.length === 1 ? fingerprints[0] : createHash('sha256').update(fingerprints.join()).digest('hex');
  return `lookaside-${name}`;
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

export function portierisNotes({ entries, namespace }: Pick<PortierisWishes, 'entries' | 'namespace'>): string[] {
  return [
    'Portieris looks at the index of a multi-platform image: sign it too (`skopeo copy --all --sign-by`)',
    'an image that no entry matches is denied; add an entry "*" for what shall run unsigned',
    ...(namespace ? [] : ['Portieris looks for the Secrets in the namespace of the workload: apply them in each one']),
    ...(entries.some(({ keys }) => keys.length > 0)
      ? ['Portieris may be built without GnuPG: then it reads RSA and NIST ECDSA keys, and no Ed25519']
      : []),
  ];
}
