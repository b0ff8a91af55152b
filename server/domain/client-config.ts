// What can be asked for when a client's configuration is made: kinds of files, and the wishes each kind listens to.
import { AppError, quote } from './errors.ts';
import { PLAIN_IDENTITIES, type SignedIdentity } from './policy/identity.ts';
import { parseReference } from './reference.ts';
import { parseRepository } from './repository-name.ts';
import { parseScope, type Scope } from './scope.ts';

export const CONFIG_KINDS = [
  'registries.d',
  'policy',
  'keyring',
  'installer',
  'machine-config',
  'portieris',
  'signature-stores',
  'signature-configmaps',
  'crio-namespaces',
] as const;
export type ConfigKind = (typeof CONFIG_KINDS)[number];

export const POLICY_DEFAULTS = ['reject', 'insecureAcceptAnything'] as const;
export const KEY_FORMS = ['data', 'path', 'paths'] as const;
export const NODE_ROLES = ['worker', 'master'] as const;

/** Images are pulled from `mirror` that were signed as those of `original`. */
export type Mirror = { readonly mirror: Scope; readonly original: Scope };

/** A CRI-O policy of its own for the pods of a namespace; without scopes it is that of everybody. */
export type NamespacePolicy = { readonly namespace: string; readonly scopes: readonly Scope[] };

export type Wishes = {
  /** Where clients reach the store; else what the store knows of that. */
  readonly url?: string | undefined;
  /** Registries or scopes with a section in registries.d; else all that the store knows. */
  readonly registries?: readonly Scope[] | undefined;
  /** Only these scopes have an entry in the policy; else all scopes of registered keys. */
  readonly scopes?: readonly Scope[] | undefined;
  readonly identity?: SignedIdentity | undefined;
  readonly default?: (typeof POLICY_DEFAULTS)[number] | undefined;
  /** Whether keys stand in the policy, in a keyring for each scope, or in a file each. */
  readonly keys?: (typeof KEY_FORMS)[number] | undefined;
  /** Also for containers/image before 5.22. */
  readonly legacy?: boolean | undefined;
  readonly mirrors?: readonly Mirror[] | undefined;
  /** Secret of a token for reading, where that needs one. */
  readonly readToken?: string | undefined;
  /** The policy.json that is there. */
  readonly existing?: string | undefined;
  /** Entries of it that differ are replaced. */
  readonly replace?: boolean | undefined;
  readonly roles?: readonly (typeof NODE_ROLES)[number][] | undefined;
  /** Of the workloads; else a policy of the whole cluster. */
  readonly namespace?: string | undefined;
  readonly namespaces?: readonly NamespacePolicy[] | undefined;
  /** Repositories of OpenShift releases, or what they have in common. */
  readonly releases?: readonly Scope[] | undefined;
  /** Of releases, `REPOSITORY@sha256:HEX`. */
  readonly images?: readonly string[] | undefined;
};
export type Wish = keyof Wishes;

const SECTIONS = ['url', 'registries', 'legacy', 'readToken'] as const;
const POLICY = ['scopes', 'identity', 'default', 'keys', 'existing', 'replace'] as const;
const NODE = [...SECTIONS, ...POLICY, 'mirrors'] as const;

export const WISHES_OF: Readonly<Record<ConfigKind, readonly Wish[]>> = {
  'registries.d': [...SECTIONS, 'mirrors'],
  policy: [...POLICY, 'mirrors'],
  keyring: ['scopes', 'keys', 'mirrors'],
  installer: NODE,
  'machine-config': [...NODE, 'roles'],
  portieris: ['url', 'registries', 'scopes', 'identity', 'mirrors', 'readToken', 'namespace'],
  'signature-stores': ['url', 'releases', 'readToken'],
  'signature-configmaps': ['images'],
  'crio-namespaces': ['namespaces', 'identity', 'default', 'mirrors'],
};

/** A wish that is not listened to would look as if it had been granted. */
export function requireWishes(kind: ConfigKind, wishes: Wishes): void {
  const given = (Object.keys(wishes) as Wish[]).filter((wish) => wishes[wish] !== undefined);
  const useless = given.find((wish) => !WISHES_OF[kind].includes(wish));
  if (useless !== undefined)
    throw new AppError('REQUEST_INVALID', `${kind} has no use for ${useless}; it takes ${WISHES_OF[kind].join(', ')}`);
}

/** `matchRepository`, or with a value `exactRepository=quay.io/acme/app`. */
export function parseIdentity(text: string): SignedIdentity {
  const [type = '', value] = text.split(/=(.*)/s, 2);
  const plain = PLAIN_IDENTITIES.find((each) => each === type);
  if (plain !== undefined && value === undefined) return { type: plain };
  if (type === 'exactRepository' && value) return { type, dockerRepository: parseRepository(value) };
  if (type === 'exactReference' && value) {
    const { tag, digest } = parseReference(value);
    if (tag !== null || digest !== null) return { type, dockerReference: value };
  }
  throw new AppError(
    'REQUEST_INVALID',
    `${quote(text)} is no signedIdentity; it is ${PLAIN_IDENTITIES.join(', ')}, exactRepository=REPOSITORY, or ` +
      'exactReference=REPOSITORY:TAG',
  );
}

/** `mirror.example.com/hub=docker.io` */
export function parseMirror(text: string): Mirror {
  const [mirror, original, ...more] = text.split('=').map((side) => parsePlace(side));
  if (!mirror || !original || more.length > 0 || mirror === original)
    throw new AppError('REQUEST_INVALID', `${quote(text)} is not a mirror as in mirror.example.com/hub=docker.io`);
  return { mirror, original };
}

/** A scope that is a place in one registry. */
export function parsePlace(text: string): Scope {
  const scope = parseScope(text);
  if (scope === '' || scope.startsWith('*'))
    throw new AppError('SCOPE_INVALID', `${quote(text)} is not a registry or a place in one, such as quay.io/acme`);
  return scope;
}

/** A name of Kubernetes: also part of a file's name. */
export function parseNamespace(text: string): string {
  if (!/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(text))
    throw new AppError('REQUEST_INVALID', `${quote(text)} is not the name of a namespace`);
  return text;
}

/** `team-a`, or `team-a=quay.io/acme,docker.io/library`. */
export function parseNamespacePolicy(text: string): NamespacePolicy {
  const [namespace = '', scopes] = text.split(/=(.*)/s, 2);
  return {
    namespace: parseNamespace(namespace),
    scopes: scopes === undefined ? [] : scopes.split(',').map(parseScope),
  };
}

export function registryOf(scope: Scope): string {
  return scope.split('/', 1)[0] as string;
}
