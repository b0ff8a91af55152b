// What to do about a refusal, by its code.
const UNSIGNED = 'sign the image and upload the signature with `lookaside push`';

const ADVICE: Readonly<Record<string, string>> = {
  unsigned: UNSIGNED,
  'unsigned-platforms':
    'sign with `skopeo copy --all --sign-by`, which signs the index and every platform, and upload all of it',
  reject: 'give the image a scope of its own in policy.json with a signedBy requirement',
  unimplemented: 'use signedBy with keyType GPGKeys',
  sigstore: 'ask the runtime itself: `skopeo --policy FILE copy docker://IMAGE dir:DIR`',
  'keys-unknown': 'hand the key files over with the policy, or put them into it as keyData',
  identity:
    'sign it under the name it is pulled by (`--sign-identity`), or choose a signedIdentity that takes this one: matchRepoDigestOrExact does for pulls by digest, matchRepository for every tag',
  digest: UNSIGNED,
  KEY_UNKNOWN: 'add the key to the keyring of the scope, or sign with a key that is in it',
  KEY_EXPIRED: 'extend the key and hand its newer copy to the machines, or sign with another key',
  KEY_UNSUPPORTED: 'give these machines a file of RSA and NIST ECDSA keys alone: binary, or one armored block',
  KEY_REVOKED: 'sign with another key',
  SIGNATURE_EXPIRED: 'sign again, without an end',
  subkey: 'sign with the primary key (`--local-user FINGERPRINT!`), or update the runtime',
  eddsa: 'sign with an RSA key as well',
  'optional-members': 'sign with skopeo or podman, which write creator and timestamp only',
  number: 'withdraw signatures that nobody needs, so that it is among the first nine',
};

export function adviceFor(code: string): string | null {
  return ADVICE[code] ?? null;
}
