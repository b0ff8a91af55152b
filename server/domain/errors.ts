// The one error class and the closed list of what can go wrong. A code is for machines and never changes its
// meaning; the message is for people and says what to do. The HTTP status of each code is http/error-status.ts;
// docs/errors.md explains each one, and a test holds the two lists equal.

export const ERRORS = {
  REQUEST_MALFORMED: 'the request cannot be read',
  REQUEST_INVALID: 'a parameter or member of the request is not allowed',
  CONTENT_TYPE_UNSUPPORTED: 'the request body has a content type this call does not take',
  REQUEST_TOO_LARGE: 'the request is larger than this call takes',
  NOT_FOUND: 'there is nothing at this address',
  METHOD_NOT_ALLOWED: 'this address does not take this method',

  CREDENTIALS_MISSING: 'this call needs a token, or somebody signed in',
  CREDENTIALS_INVALID: 'the token is not one of this store or has been revoked, or name and password do not match',
  CREDENTIALS_EXPIRED: 'the token or the session has expired',
  SIGN_IN_SLOWED: 'too many failed attempts to sign in',
  CREDENTIALS_SLOWED: 'too many requests from one address with tokens that are none',
  ORIGIN_REFUSED: 'the request comes from the page of another site',
  PERMISSION_MISSING: 'the token or the role lacks the permission for this call',
  TOKEN_SCOPE: 'the repository or scope lies outside the scopes of the token',
  TOKEN_KEY: 'the signature is by a key that the token is not for',

  DIGEST_INVALID: 'not a digest of the form sha256:<64 hex>',
  REPOSITORY_INVALID: 'not a repository name',
  FINGERPRINT_INVALID: 'not an OpenPGP fingerprint',
  SCOPE_INVALID: 'not a scope',
  TARGET_INVALID: 'not a lookaside path',

  SIGNATURE_TOO_LARGE: 'the signature is larger than this store takes',
  SIGNATURE_EMPTY: 'the signature has no bytes',
  SIGNATURE_ARMORED: 'ASCII-armored; runtimes read only binary signatures',
  SIGNATURE_CLEARSIGNED: 'a clear-signed text, which runtimes do not read',
  SIGNATURE_DETACHED: 'a detached signature, without the claim it signs',
  SIGNATURE_HTML: 'an HTML page, not a signature',
  SIGNATURE_JSON: 'JSON, not a signature',
  SIGNATURE_SIGSTORE: 'a sigstore signature, which this store does not verify yet',
  SIGNATURE_PREFIXED: 'a signature behind a format prefix that older runtimes do not read',
  SIGNATURE_UNRECOGNIZED: 'not an OpenPGP signed message',
  SIGNATURE_TRUNCATED: 'the signature ends before it is complete',
  SIGNATURE_MALFORMED: 'the OpenPGP packets contradict each other or the standard',
  SIGNATURE_TRAILING_DATA: 'there are bytes after the signature',
  SIGNATURE_SEVERAL_MESSAGES: 'more than one OpenPGP message',
  SIGNATURE_SEVERAL_SIGNERS: 'signed more than once in one message',
  SIGNATURE_NOT_ONE_PASS: 'an old-style message without a one-pass signature packet',
  SIGNATURE_UNSIGNED: 'an OpenPGP message that nobody signed',
  SIGNATURE_ENCRYPTED: 'an encrypted message',
  SIGNATURE_NESTED: 'compressed more often than any signer does',
  SIGNATURE_EXPANDS: 'expands to more than any claim needs',
  SIGNATURE_UNSUPPORTED: 'uses a version, algorithm or critical extension that runtimes refuse',
  SIGNATURE_TOO_COSTLY: 'verification took longer than a signature may take',
  SIGNATURE_BAD: 'the cryptographic check failed',
  SIGNATURE_EXPIRED: 'the signature itself has expired',
  SIGNATURE_WITHDRAWN: 'the signature was withdrawn from this store',
  SIGNATURE_NOT_FOUND: 'no signature has this id',

  CLAIM_INVALID: 'the signed claim is not a strict simple-signing claim',
  CLAIM_REFERENCE_INVALID: 'the docker-reference of the claim is not an image reference',
  CLAIM_DIGEST_MISMATCH: 'the claim is for another digest than the target',
  CLAIM_REPOSITORY_MISMATCH: 'the claim is for another repository than the target',

  SLOT_TAKEN: 'another signature has this number',
  SLOT_GAP: 'this number would leave a gap, which hides later signatures from runtimes',
  IMAGE_FULL: 'the image has as many signatures as runtimes will read',

  KEY_UNKNOWN: 'signed by a key that is not registered',
  KEY_EXPIRED: 'signed by a key that has expired',
  KEY_RETIRED: 'signed by a key that is retired',
  KEY_REVOKED: 'signed by a key that is revoked',
  KEY_UNUSABLE: 'signed by a key that may not sign',
  KEY_SCOPE: 'the repository lies outside the scopes of the signing key',
  KEY_PRIVATE: 'a private key was handed in; it was not stored',
  KEY_INVALID: 'not an OpenPGP public key',
  KEY_UNSUPPORTED: 'a public key whose signatures runtimes or this store refuse',
  KEY_TOO_LARGE: 'the key material is larger than this store takes',
  KEY_NOT_FOUND: 'no registered key has this fingerprint',
  KEY_STATE_CONFLICT: 'the state of the key does not allow this change',
  KEY_IN_USE: 'images depend on the key',
  TOKEN_NOT_FOUND: 'no token has this id',
  PUBLISHER_INVALID: 'not a publisher that can be trusted',
  PUBLISHER_EXISTS: 'a publisher has this name already',
  PUBLISHER_NOT_FOUND: 'there is no such publisher',
  PUBLISHER_UNMATCHED: 'no publisher of this store is the pipeline of the ID token',
  PUBLISHER_AMBIGUOUS: 'several publishers match the ID token',
  ID_TOKEN_INVALID: 'not an ID token that this store takes',
  ID_TOKEN_SPENT: 'the ID token was exchanged before',
  ISSUER_UNAVAILABLE: 'the keys of the issuer cannot be had',
  AUDIENCE_UNKNOWN: 'the store does not know its public URL, which ID tokens are made for',
  ALIAS_INVALID: 'not an alias',
  ALIAS_EXISTS: 'the path is an alias already',
  ALIAS_NOT_FOUND: 'there is no such alias',
  REPOSITORY_HIDDEN: 'an alias has taken the address of the repository',
  POLICY_INVALID: 'not a policy.json that runtimes read',
  MANIFEST_INVALID: 'not the manifest of an image',
  USER_NAME_INVALID: 'not a user name',
  USER_NOT_FOUND: 'no user has this name',
  USER_EXISTS: 'a user has this name already',
  USER_LAST_ADMIN: 'without this user there would be no admin',
  PASSWORD_WEAK: 'the password is too short or too long',

  INTAKE_BUSY: 'more uploads are waiting for verification than this server queues',
  STORE_BUSY: 'the database is locked by another process',
  STORE_READ_ONLY: 'the database cannot be written',
  STORE_FULL: 'the disk is full',
  STORE_FAULT: 'the database failed',
  STORE_CORRUPT: 'the database is damaged',
  MIGRATION_INVALID: 'the database was made by another version of the software',
  STORE_IN_USE: 'another process has the database open',
  STORE_NOT_EMPTY: 'there is a store already',
  BACKUP_INVALID: 'the file is not a backup that can be restored',
  AUDIT_BROKEN: 'the audit log has been changed',

  CONFIG_INVALID: 'a setting is wrong',
  USAGE_INVALID: 'a command was called with wrong arguments',
  SERVER_UNREACHABLE: 'the server cannot be reached',
  TOOL_MISSING: 'a program that a command runs is missing or too old',
  SIGNING_KEY_UNAVAILABLE: 'the private key to sign with is not there, or cannot sign',
  PASSPHRASE_WRONG: 'the passphrase of the private key is wrong or missing',
  IMAGE_NOT_FOUND: 'the registry does not have the image',
  REGISTRY_REFUSED: 'the registry does not let the image be read',
  SIGNING_FAILED: 'no signature was made',
  TREE_CONFLICT: 'something is in the way of an export',
  BUNDLE_INVALID: 'not a whole bundle',
  BUNDLE_UNEXPECTED: 'not the bundle that was expected',
  OUTPUT_FULL: 'no space is left for what a command writes',
  OUTPUT_FAILED: 'what a command writes cannot be written',
  INTERNAL: 'a fault of this program',
} as const;

export type ErrorCode = keyof typeof ERRORS;

export type AppErrorOptions = ErrorOptions & {
  /** Where trying again is of use, and only then. */
  readonly retryAfterSeconds?: number;
};

export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly retryAfterSeconds: number | null;

  constructor(code: ErrorCode, message: string, { retryAfterSeconds, ...options }: AppErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds ?? null;
  }
}

/** The error as it stands, or INTERNAL around a stranger, whose words stay in `cause` and in the log. */
export function toAppError(thrown: unknown): AppError {
  return thrown instanceof AppError ? thrown : new AppError('INTERNAL', 'internal error', { cause: thrown });
}

/** A cause in its own words, for people on the machine where it happened. */
export function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

/** A cause as the log keeps it. */
export function describeCause(cause: unknown): string | null {
  if (cause === undefined || cause === null) return null;
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}

/** An error on its way between threads, where it would lose its class. */
export type Failure = { readonly code: ErrorCode; readonly message: string; readonly cause: string | null };

export function toFailure({ code, message, cause }: AppError): Failure {
  return { code, message, cause: describeCause(cause) };
}

export function fromFailure({ code, message, cause }: Failure): AppError {
  return new AppError(code, message, cause === null ? {} : { cause });
}

/** Text from outside, as it may stand in a message: quoted, escaped, short. */
export function quote(untrustedText: string): string {
  return JSON.stringify(untrustedText.length > 200 ? `${untrustedText.slice(0, 200)}…` : untrustedText);
}

/** A URL as it may stand in a message: it may carry secrets in its user part and query, and lack its scheme. */
export function quoteUrl(untrustedText: string): string {
  return quote(untrustedText.replace(/^([a-z]*:?\/\/)?.*@/is, '$1***@').replace(/([?#]).*/s, '$1***'));
}
