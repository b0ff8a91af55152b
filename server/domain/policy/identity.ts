// signedIdentity: under which name an image may have been signed to be accepted as the one that is pulled. Each kind as
// containers/image decides it (protocol.md §3.5): `intended` is what the user asked for, `signed` the docker-reference.
import { quote } from '../errors.ts';
import { formatReference, isNameOnly, type Reference, readReference } from '../reference.ts';
import { isPathComponent, isRegistryHost } from '../repository-name.ts';
import type { Json } from '../strict-json.ts';
import { exactMembers, member, policyInvalid } from './members.ts';

/** Those that depend on nothing but the two references. */
export const PLAIN_IDENTITIES = ['matchExact', 'matchRepoDigestOrExact', 'matchRepository'] as const;

export type SignedIdentity =
  | { readonly type: (typeof PLAIN_IDENTITIES)[number] }
  | { readonly type: 'exactReference'; readonly dockerReference: string }
  | { readonly type: 'exactRepository'; readonly dockerRepository: string }
  | { readonly type: 'remapIdentity'; readonly prefix: string; readonly signedPrefix: string };

/** Where a requirement says nothing. */
export const DEFAULT_IDENTITY: SignedIdentity = { type: 'matchRepoDigestOrExact' };

/** Throws POLICY_INVALID. */
export function parseIdentity(value: Json, path: string): SignedIdentity {
  const type = member(value, 'type', path);
  switch (type) {
    case 'matchExact':
    case 'matchRepoDigestOrExact':
    case 'matchRepository':
      exactMembers(value, path, ['type']);
      return { type };
    case 'exactReference': {
      const [, dockerReference] = exactMembers(value, path, ['type', 'dockerReference']);
      const reference = readReference(dockerReference);
      if (reference === null || isNameOnly(reference))
        throw policyInvalid(path, `dockerReference ${quote(dockerReference)} is not a reference with a tag or digest`);
      return { type, dockerReference };
    }
    case 'exactRepository': {
      const [, dockerRepository] = exactMembers(value, path, ['type', 'dockerRepository']);
      if (readReference(dockerRepository) === null)
        throw policyInvalid(path, `dockerRepository ${quote(dockerRepository)} is not a repository`);
      return { type, dockerRepository };
    }
    case 'remapIdentity': {
      const [, prefix, signedPrefix] = exactMembers(value, path, ['type', 'prefix', 'signedPrefix']);
      for (const text of [prefix, signedPrefix])
        if (!isRemapPrefix(text)) throw policyInvalid(path, `prefix ${quote(text)} is not host[:port][/namespace]`);
      return { type, prefix, signedPrefix };
    }
    default:
      throw policyInvalid(path, `${quote(type)} is not a kind of signedIdentity`);
  }
}

function isRemapPrefix(text: string): boolean {
  const [host = '', ...components] = text.split('/');
  return isRegistryHost(host) && components.every(isPathComponent);
}

export function identityAccepts(identity: SignedIdentity, intended: Reference, signed: Reference): boolean {
  switch (identity.type) {
    case 'matchExact':
      return sameExactly(intended, signed);
    case 'matchRepoDigestOrExact':
      return repoDigestOrExact(intended, signed);
    case 'matchRepository':
      return intended.repository === signed.repository;
    case 'exactReference':
      return sameExactly(readReference(identity.dockerReference), signed);
    case 'exactRepository':
      return readReference(identity.dockerRepository)?.repository === signed.repository;
    case 'remapIdentity':
      return repoDigestOrExact(remapped(intended, identity), signed);
  }
}

function sameExactly(intended: Reference | null, signed: Reference): boolean {
  if (intended === null || isNameOnly(intended) || isNameOnly(signed)) return false;
  return formatReference(intended) === formatReference(signed);
}

/** The default: by digest the names decide, because the digest itself is compared with the manifest. */
function repoDigestOrExact(intended: Reference | null, signed: Reference): boolean {
  if (intended === null || isNameOnly(signed)) return false;
  if (intended.tag !== null) return formatReference(intended) === formatReference(signed);
  return intended.digest !== null && intended.repository === signed.repository;
}

/** Null where the prefix leads to a name that is not written in full, which matches nothing. */
function remapped(intended: Reference, { prefix, signedPrefix }: { prefix: string; signedPrefix: string }) {
  const name: string = intended.repository;
  if (name !== prefix && !name.startsWith(`${prefix}/`)) return intended;
  const text = signedPrefix + formatReference(intended).slice(prefix.length);
  const reference = readReference(text);
  return reference !== null && formatReference(reference) === text ? reference : null;
}

/** As it stands in messages. */
export function formatIdentity(identity: SignedIdentity): string {
  switch (identity.type) {
    case 'exactReference':
      return `exactReference ${identity.dockerReference}`;
    case 'exactRepository':
      return `exactRepository ${identity.dockerRepository}`;
    case 'remapIdentity':
      return `remapIdentity ${identity.prefix} to ${identity.signedPrefix}`;
    default:
      return identity.type;
  }
}
