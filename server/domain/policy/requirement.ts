// One requirement of a policy.json. Those about sigstore are read, so that their mistakes are found, and not decided: this
// store knows nothing about such signatures.
import { quote } from '../errors.ts';
import type { Json, JsonObject } from '../strict-json.ts';
import { DEFAULT_IDENTITY, parseIdentity, type SignedIdentity } from './identity.ts';
import { exactMembers, member, objectAt, policyInvalid, requireKnown, textAt } from './members.ts';

export type KeySource =
  | { readonly kind: 'paths'; readonly paths: readonly string[] }
  /** In base64. */
  | { readonly kind: 'content'; readonly base64: string };

export type SignedBy = {
  readonly type: 'signedBy';
  readonly keyType: string;
  readonly keys: KeySource;
  readonly identity: SignedIdentity;
};

export type Requirement =
  | { readonly type: 'insecureAcceptAnything' | 'reject' | 'signedBaseLayer' | 'sigstoreSigned' }
  | SignedBy;

const KEY_TYPES = ['GPGKeys', 'signedByGPGKeys', 'X509Certificates', 'signedByX509CAs'];
/** The only one that runtimes implement. */
export const GPG_KEYS = 'GPGKeys';

const SIGSTORE_KEYS = ['keyPath', 'keyPaths', 'keyData', 'keyDatas', 'fulcio', 'pki'];
const SIGSTORE_REKOR = ['rekorPublicKeyPath', 'rekorPublicKeyPaths', 'rekorPublicKeyData', 'rekorPublicKeyDatas'];

/** Throws POLICY_INVALID. */
export function parseRequirement(value: Json, path: string): Requirement {
  const type = member(value, 'type', path);
  switch (type) {
    case 'insecureAcceptAnything':
    case 'reject':
      exactMembers(value, path, ['type']);
      return { type };
    case 'signedBy':
      return parseSignedBy(objectAt(value, path), path);
    case 'signedBaseLayer':
      requireKnown(objectAt(value, path), path, ['type', 'baseLayerIdentity']);
      parseIdentity(objectAt(value, path).get('baseLayerIdentity') ?? null, `${path}.baseLayerIdentity`);
      return { type };
    case 'sigstoreSigned':
      requireSigstore(objectAt(value, path), path);
      return { type };
    default:
      throw policyInvalid(path, `${quote(type)} is not a type of requirement`);
  }
}

function parseSignedBy(members: JsonObject, path: string): SignedBy {
  requireKnown(members, path, ['type', 'keyType', 'keyPath', 'keyPaths', 'keyData', 'signedIdentity']);
  const keyType = textAt(members.get('keyType'), `${path}.keyType`);
  if (!KEY_TYPES.includes(keyType)) throw policyInvalid(path, `keyType ${quote(keyType)}: it is ${GPG_KEYS}`);
  const keys = parseKeys(members, path);
  return { type: 'signedBy', keyType, keys, identity: identityOf(members, path) };
}

function parseKeys(members: JsonObject, path: string): KeySource {
  const given = ['keyPath', 'keyPaths', 'keyData'].filter((name) => members.has(name));
  const [name = ''] = given;
  if (given.length !== 1) throw policyInvalid(path, 'must have exactly one of keyPath, keyPaths and keyData');
  const value = members.get(name);
  const at = `${path}.${name}`;
  if (name === 'keyPaths') {
    if (!Array.isArray(value)) throw policyInvalid(at, 'must be an array');
    return { kind: 'paths', paths: value.map((item, index) => textAt(item, `${at}[${index}]`)) };
  }
  const text = textAt(value, at);
  if (name === 'keyData') return { kind: 'content', base64: base64(text, at) };
  if (text === '') throw policyInvalid(at, 'must not be empty');
  return { kind: 'paths', paths: [text] };
}

/** As Go reads it: line breaks are left out, padding must be there. */
function base64(text: string, path: string): string {
  const plain = text.replace(/[\r\n]/g, '');
  if (plain.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(plain)) throw policyInvalid(path, 'is not base64');
  return plain;
}

function identityOf(members: JsonObject, path: string): SignedIdentity {
  if (!members.has('signedIdentity')) return DEFAULT_IDENTITY;
  return parseIdentity(members.get('signedIdentity') ?? null, `${path}.signedIdentity`);
}

function requireSigstore(members: JsonObject, path: string): void {
  requireKnown(members, path, ['type', ...SIGSTORE_KEYS, ...SIGSTORE_REKOR, 'signedIdentity']);
  if (SIGSTORE_KEYS.filter((name) => members.has(name)).length !== 1)
    throw policyInvalid(path, `must have exactly one of ${SIGSTORE_KEYS.join(', ')}`);
  identityOf(members, path);
}
