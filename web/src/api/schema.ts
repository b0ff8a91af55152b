// Made from the OpenAPI document by `npm run build:types`; changed there, in server/http/contract/.
export type Problem = { readonly type: string;
readonly title: string;
readonly status: number;
readonly code: ErrorCode;
readonly detail: string; };

export type ErrorCode = "REQUEST_MALFORMED" | "REQUEST_INVALID" | "CONTENT_TYPE_UNSUPPORTED" | "REQUEST_TOO_LARGE" | "NOT_FOUND" | "METHOD_NOT_ALLOWED" | "CREDENTIALS_MISSING" | "CREDENTIALS_INVALID" | "CREDENTIALS_EXPIRED" | "SIGN_IN_SLOWED" | "CREDENTIALS_SLOWED" | "ORIGIN_REFUSED" | "PERMISSION_MISSING" | "TOKEN_SCOPE" | "TOKEN_KEY" | "DIGEST_INVALID" | "REPOSITORY_INVALID" | "FINGERPRINT_INVALID" | "SCOPE_INVALID" | "TARGET_INVALID" | "SIGNATURE_TOO_LARGE" | "SIGNATURE_EMPTY" | "SIGNATURE_ARMORED" | "SIGNATURE_CLEARSIGNED" | "SIGNATURE_DETACHED" | "SIGNATURE_HTML" | "SIGNATURE_JSON" | "SIGNATURE_SIGSTORE" | "SIGNATURE_PREFIXED" | "SIGNATURE_UNRECOGNIZED" | "SIGNATURE_TRUNCATED" | "SIGNATURE_MALFORMED" | "SIGNATURE_TRAILING_DATA" | "SIGNATURE_SEVERAL_MESSAGES" | "SIGNATURE_SEVERAL_SIGNERS" | "SIGNATURE_NOT_ONE_PASS" | "SIGNATURE_UNSIGNED" | "SIGNATURE_ENCRYPTED" | "SIGNATURE_NESTED" | "SIGNATURE_EXPANDS" | "SIGNATURE_UNSUPPORTED" | "SIGNATURE_TOO_COSTLY" | "SIGNATURE_BAD" | "SIGNATURE_EXPIRED" | "SIGNATURE_WITHDRAWN" | "SIGNATURE_NOT_FOUND" | "CLAIM_INVALID" | "CLAIM_REFERENCE_INVALID" | "CLAIM_DIGEST_MISMATCH" | "CLAIM_REPOSITORY_MISMATCH" | "SLOT_TAKEN" | "SLOT_GAP" | "IMAGE_FULL" | "KEY_UNKNOWN" | "KEY_EXPIRED" | "KEY_RETIRED" | "KEY_REVOKED" | "KEY_UNUSABLE" | "KEY_SCOPE" | "KEY_PRIVATE" | "KEY_INVALID" | "KEY_UNSUPPORTED" | "KEY_TOO_LARGE" | "KEY_NOT_FOUND" | "KEY_STATE_CONFLICT" | "KEY_IN_USE" | "TOKEN_NOT_FOUND" | "PUBLISHER_INVALID" | "PUBLISHER_EXISTS" | "PUBLISHER_NOT_FOUND" | "PUBLISHER_UNMATCHED" | "PUBLISHER_AMBIGUOUS" | "ID_TOKEN_INVALID" | "ID_TOKEN_SPENT" | "ISSUER_UNAVAILABLE" | "AUDIENCE_UNKNOWN" | "ALIAS_INVALID" | "ALIAS_EXISTS" | "ALIAS_NOT_FOUND" | "REPOSITORY_HIDDEN" | "POLICY_INVALID" | "MANIFEST_INVALID" | "USER_NAME_INVALID" | "USER_NOT_FOUND" | "USER_EXISTS" | "USER_LAST_ADMIN" | "PASSWORD_WEAK" | "INTAKE_BUSY" | "STORE_BUSY" | "STORE_READ_ONLY" | "STORE_FULL" | "STORE_FAULT" | "STORE_CORRUPT" | "MIGRATION_INVALID" | "STORE_IN_USE" | "STORE_NOT_EMPTY" | "BACKUP_INVALID" | "AUDIT_BROKEN" | "CONFIG_INVALID" | "USAGE_INVALID" | "SERVER_UNREACHABLE" | "TOOL_MISSING" | "SIGNING_KEY_UNAVAILABLE" | "PASSPHRASE_WRONG" | "IMAGE_NOT_FOUND" | "REGISTRY_REFUSED" | "SIGNING_FAILED" | "TREE_CONFLICT" | "BUNDLE_INVALID" | "BUNDLE_UNEXPECTED" | "OUTPUT_FULL" | "OUTPUT_FAILED" | "INTERNAL";

export type Session = { readonly actor: Actor;
/** null for a token */ readonly role: "admin" | "viewer" | null;
readonly permissions: readonly ("upload" | "withdraw" | "read" | "admin" | "view")[];
readonly scopes: readonly (string)[];
readonly expiresAt: string | null;
readonly store: { readonly publicUrl: string;
readonly version: string;
readonly readAccess: "public" | "token";
/** what needs no token to be read all the same */ readonly publicScopes: readonly (string)[];
readonly defaultRegistry: string; }; };

export type Actor = { readonly kind: "token";
readonly id: string;
readonly name: string; } | { readonly kind: "user";
readonly name: string; } | { readonly kind: "local";
readonly name: string; };

export type UploadResult = { readonly status: "stored" | "exists";
readonly id: number;
readonly repository: string;
/** sha256:<64 hex> */ readonly digest: string;
readonly number: number;
readonly url: string;
/** 40 upper-case hex digits */ readonly signer: string;
readonly notes: readonly (Note)[]; } | { readonly status: "refused";
readonly problem: Problem; };

export type Note = { readonly code: string;
readonly text: string; };

export type Verdict = { readonly status: "acceptable";
readonly repository: string;
/** sha256:<64 hex> */ readonly digest: string;
/** 40 upper-case hex digits */ readonly signer: string;
readonly signerName: string;
/** 40 upper-case hex digits */ readonly signingKey: string;
readonly signedAt: string;
readonly reference: string;
readonly notes: readonly (Note)[];
readonly steps: readonly (Step)[];
readonly algorithm: string;
readonly hash: string; } | { readonly status: "exists";
readonly repository: string;
/** sha256:<64 hex> */ readonly digest: string;
/** 40 upper-case hex digits */ readonly signer: string;
readonly signerName: string;
/** 40 upper-case hex digits */ readonly signingKey: string;
readonly signedAt: string;
readonly reference: string;
readonly notes: readonly (Note)[];
readonly steps: readonly (Step)[];
readonly id: number;
readonly number: number | null; } | { readonly status: "refused";
readonly problem: Problem;
readonly steps: readonly (Step)[]; };

export type Step = { readonly step: "size" | "target" | "format" | "message" | "key" | "cryptography" | "claim" | "match" | "place";
readonly title: string;
readonly outcome: "passed" | "refused" | "not-reached"; };

export type Signature = { readonly id: number;
readonly repository: string;
/** sha256:<64 hex> */ readonly digest: string;
/** N in signature-N; null when it is not served */ readonly number: number | null;
/** where runtimes read it; null when it is not served */ readonly url: string | null;
readonly state: "live" | "withdrawn" | "revoked";
readonly sha256: string;
readonly bytes: number;
/** 40 upper-case hex digits */ readonly signer: string;
readonly signerName: string;
/** of the key, or of the subkey that signed where that is earlier */ readonly signerExpiresAt: string | null;
/** differs from signer when a subkey signed */ readonly signingKey: string;
/** docker-reference, as signed */ readonly reference: string;
readonly notes: readonly (Note)[];
readonly signedAt: string;
readonly storedAt: string;
readonly storedBy: Actor;
readonly withdrawnAt: string | null;
readonly withdrawnReason: string | null; };

export type SignatureDetail = { readonly id: number;
readonly repository: string;
/** sha256:<64 hex> */ readonly digest: string;
/** N in signature-N; null when it is not served */ readonly number: number | null;
/** where runtimes read it; null when it is not served */ readonly url: string | null;
readonly state: "live" | "withdrawn" | "revoked";
readonly sha256: string;
readonly bytes: number;
/** 40 upper-case hex digits */ readonly signer: string;
readonly signerName: string;
/** of the key, or of the subkey that signed where that is earlier */ readonly signerExpiresAt: string | null;
/** differs from signer when a subkey signed */ readonly signingKey: string;
/** docker-reference, as signed */ readonly reference: string;
readonly notes: readonly (Note)[];
readonly signedAt: string;
readonly storedAt: string;
readonly storedBy: Actor;
readonly withdrawnAt: string | null;
readonly withdrawnReason: string | null;
readonly key: { readonly name: string;
readonly userIds: readonly (string)[];
readonly state: "active" | "retired" | "revoked";
/** of the primary key */ readonly expiresAt: string | null;
/** of the key that signed */ readonly algorithm: string;
readonly signingKeyExpiresAt: string | null; };
/** whether the image would be unsigned without it */ readonly lastLive: boolean;
readonly claim: { readonly dockerReference: string;
/** sha256:<64 hex> */ readonly dockerManifestDigest: string;
readonly creator: string | null;
/** seconds, as the signer wrote it */ readonly timestamp: number | null;
readonly otherOptional: readonly (string)[]; };
/** the signed text */ readonly payload: string;
readonly packets: { readonly keyId: string;
readonly keyAlgorithm: number;
readonly hashAlgorithm: number;
readonly signatureType: number;
readonly list: readonly ({ readonly tag: number;
readonly name: string;
readonly bytes: number; })[]; };
/** shell commands that check it with skopeo; null when it is not served */ readonly check: string | null;
readonly history: readonly (AuditEvent)[]; };

export type AuditEvent = { readonly seq: number;
readonly at: string;
readonly actor: Actor;
readonly action: AuditAction;
readonly subject: string;
readonly detail: Readonly<Record<string, string | number | readonly (string)[] | null>>;
readonly previous: string;
readonly hash: string; };

export type AuditAction = "signature.stored" | "signature.withdrawn" | "key.registered" | "key.updated" | "key.retired" | "key.reactivated" | "key.revoked" | "token.created" | "token.exchanged" | "token.revoked" | "publisher.added" | "publisher.removed" | "alias.added" | "alias.removed" | "user.created" | "user.role_changed" | "user.password_changed" | "user.removed" | "session.created" | "session.refused" | "session.ended" | "store.restored" | "store.repaired";

export type Repository = { readonly name: string;
readonly images: number;
readonly signatures: number;
readonly live: number;
readonly lastStoredAt: string; };

export type Image = { readonly repository: string;
/** sha256:<64 hex> */ readonly digest: string;
readonly id: number;
/** live or not */ readonly signatures: number;
readonly live: number;
/** docker-references of its signatures, at most ten */ readonly references: readonly (string)[];
/** of its live signatures */ readonly signers: readonly ({ /** 40 upper-case hex digits */ readonly fingerprint: string;
readonly name: string;
readonly expiresAt: string | null; })[];
readonly firstStoredAt: string;
readonly lastStoredAt: string; };

export type RuntimeVerdict = { /** what is pulled, written in full */ readonly image: string;
/** the repository whose signatures count */ readonly storedAs: string;
readonly digest: string;
readonly basis: { readonly kind: "policy" | "keys" | "registered-keys";
/** of the policy; null: its default */ readonly scope: string | null; };
readonly signatures: readonly ({ readonly id: number;
readonly number: number;
/** 40 upper-case hex digits */ readonly signer: string;
readonly signerName: string;
/** docker-reference, as signed */ readonly reference: string;
/** which of the plain signedIdentity kinds take the name */ readonly identities: readonly (string)[]; })[];
readonly readers: readonly (ReaderVerdict)[];
/** of an index; null where none was handed over */ readonly platforms: readonly ({ readonly name: string;
readonly digest: string;
readonly signatures: readonly ({ readonly id: number;
readonly number: number;
/** 40 upper-case hex digits */ readonly signer: string;
readonly signerName: string;
/** docker-reference, as signed */ readonly reference: string;
/** which of the plain signedIdentity kinds take the name */ readonly identities: readonly (string)[]; })[];
readonly readers: readonly (ReaderVerdict)[]; })[] | null;
readonly notes: readonly (string)[]; };

export type ReaderVerdict = { readonly reader: "gpgme" | "gpgme-older" | "openpgp" | "portieris" | "cvo";
readonly name: string;
/** unknown: nobody here can know, because of keys that are not here, or of sigstore */ readonly outcome: "accepted" | "refused" | "unknown";
/** N of the signature-N by which it was accepted */ readonly number: number | null;
/** signedIdentity of the requirement that decides */ readonly identity: string | null;
/** what decides; compare this */ readonly code: string;
readonly why: string;
/** what to do about it */ readonly advice: string | null;
/** of the policy, in order */ readonly requirements: readonly ({ readonly type: "insecureAcceptAnything" | "reject" | "signedBy" | "signedBaseLayer" | "sigstoreSigned";
/** its signedIdentity */ readonly identity: string | null;
readonly outcome: "accepted" | "refused" | "unknown";
readonly code: string;
readonly why: string;
/** one for each signature, in order */ readonly decisions: readonly ({ readonly number: number;
readonly accepted: boolean;
readonly code: string;
readonly why: string; })[]; })[]; };

export type KeyWithServed = { /** 40 upper-case hex digits */ readonly fingerprint: string;
readonly userIds: readonly (string)[];
readonly createdAt: string;
readonly expiresAt: string | null;
readonly signingKeys: readonly (SigningKey)[];
readonly name: string;
readonly state: "active" | "retired" | "revoked";
readonly stateSince: string | null;
readonly stateReason: string | null;
readonly scopes: readonly (string)[];
readonly registeredAt: string;
readonly updatedAt: string;
readonly served: Served; };

export type SigningKey = { /** 40 upper-case hex digits */ readonly fingerprint: string;
readonly keyId: string;
readonly primary: boolean;
readonly algorithm: string;
readonly createdAt: string;
readonly expiresAt: string | null;
readonly revoked: boolean;
/** why runtimes refuse what it signs */ readonly unusable: string | null; };

export type Served = { /** live signatures it made */ readonly signatures: number;
/** images that have one of them */ readonly images: number;
/** of those, images without a live signature of another key that lives at least as long: unsigned when this key ends */ readonly onlyImages: number; };

export type Key = { /** 40 upper-case hex digits */ readonly fingerprint: string;
readonly userIds: readonly (string)[];
readonly createdAt: string;
readonly expiresAt: string | null;
readonly signingKeys: readonly (SigningKey)[];
readonly name: string;
readonly state: "active" | "retired" | "revoked";
readonly stateSince: string | null;
readonly stateReason: string | null;
readonly scopes: readonly (string)[];
readonly registeredAt: string;
readonly updatedAt: string; };

export type KeyPreview = { readonly keys: readonly ({ /** 40 upper-case hex digits */ readonly fingerprint: string;
readonly userIds: readonly (string)[];
readonly createdAt: string;
readonly expiresAt: string | null;
readonly signingKeys: readonly (SigningKey)[];
/** reason, when the key says it is revoked */ readonly revocation: string | null;
/** the key as it is registered now */ readonly registered: Key | null; })[];
readonly revocations: readonly ({ readonly issuer: string;
readonly registered: Key | null; })[]; };

export type ExpiringKey = { /** 40 upper-case hex digits */ readonly fingerprint: string;
readonly userIds: readonly (string)[];
readonly createdAt: string;
readonly expiresAt: string | null;
readonly signingKeys: readonly (SigningKey)[];
readonly name: string;
readonly state: "active" | "retired" | "revoked";
readonly stateSince: string | null;
readonly stateReason: string | null;
readonly scopes: readonly (string)[];
readonly registeredAt: string;
readonly updatedAt: string;
readonly served: Served;
/** subkeys that sign and end before the key does, soonest first */ readonly endingSubkeys: readonly ({ /** 40 upper-case hex digits */ readonly fingerprint: string;
readonly expiresAt: string;
readonly served: Served; })[]; };

export type KeyImpact = { readonly items: readonly (KeyImage)[];
/** cursor of the page after; a page can be short, even empty, and have one */ readonly next: string | null;
/** live signatures it made */ readonly signatures: number;
/** images that have one of them */ readonly images: number;
/** of those, images without a live signature of another key that is good then: the items */ readonly onlyImages: number; };

export type KeyImage = { readonly repository: string;
/** sha256:<64 hex> */ readonly digest: string;
/** what to sign it as */ readonly references: readonly (string)[]; };

export type KeyRotation = { readonly items: readonly (KeyImage)[];
/** cursor of the page after; a page can be short, even empty, and have one */ readonly next: string | null;
/** with a live signature of the old key */ readonly images: number;
/** of those, without any of the successor */ readonly unsigned: number;
/** scopes of the old key that the successor may not sign for */ readonly uncovered: readonly (string)[]; };

export type Token = { readonly id: string;
readonly name: string;
readonly permissions: readonly ("upload" | "withdraw" | "read" | "admin")[];
readonly scopes: readonly (string)[];
readonly createdAt: string;
readonly expiresAt: string | null;
readonly lastUsedAt: string | null;
readonly revokedAt: string | null;
/** whose signatures it may upload; null: of all registered keys */ readonly keys: readonly (string)[] | null;
/** id of the publisher that was given it for an ID token */ readonly publisher: string | null; };

export type NewToken = { readonly id: string;
readonly name: string;
readonly permissions: readonly ("upload" | "withdraw" | "read" | "admin")[];
readonly scopes: readonly (string)[];
readonly createdAt: string;
readonly expiresAt: string | null;
readonly lastUsedAt: string | null;
readonly revokedAt: string | null;
/** whose signatures it may upload; null: of all registered keys */ readonly keys: readonly (string)[] | null;
/** id of the publisher that was given it for an ID token */ readonly publisher: string | null;
readonly secret: string; };

export type Publisher = { readonly id: string;
readonly name: string;
readonly kind: "github" | "gitlab" | "kubernetes" | "other";
readonly issuer: string;
/** claim → exact value, or pattern: `*` anything but /, `**` anything */ readonly claims: Readonly<Record<string, string>>;
readonly scopes: readonly (string)[];
/** whose signatures it may upload */ readonly keys: readonly (string)[];
readonly createdAt: string;
/** of its last exchange */ readonly lastUsedAt: string | null;
/** what may be meant, and is worth another look */ readonly advice: string | null; };

export type PublisherTrials = { readonly items: readonly ({ readonly publisher: Publisher;
readonly matches: boolean;
readonly mismatches: readonly ({ readonly claim: string;
readonly wanted: string;
readonly found: string | null; })[]; })[]; };

export type Exchanged = { /** a token of this store, for uploads, and for reads within its scopes */ readonly token: string;
readonly expiresAt: string;
readonly expiresInSeconds: number;
readonly publisher: { readonly id: string;
readonly name: string; };
readonly scopes: readonly (string)[];
readonly keys: readonly (string)[]; };

export type Alias = { readonly id: number;
readonly path: string;
/** a registry, or what names of its repositories begin with */ readonly target: string;
readonly createdAt: string;
/** what may not have been meant */ readonly warnings: readonly (string)[]; };

export type ClientConfig = { readonly kind: "registries.d" | "policy" | "keyring" | "installer" | "machine-config" | "portieris" | "signature-stores" | "signature-configmaps" | "crio-namespaces";
readonly files: readonly ({ /** where it belongs on the client; a mere name where it is for another program */ readonly path: string;
readonly content: string;
/** permissions; 384 (0600) where it holds a secret */ readonly mode: number; })[];
/** what to know before it is used */ readonly notes: readonly (string)[]; };

export type User = { readonly name: string;
readonly role: "admin" | "viewer";
readonly createdAt: string;
readonly passwordChangedAt: string;
readonly lastSignInAt: string | null; };

export type AuditStatus = { readonly head: { readonly seq: number;
readonly hash: string; };
readonly state: "checking" | "intact" | "broken";
/** rows of the chain checked so far by this server */ readonly checkedTo: number;
readonly problem: string | null; };

export type Refusal = { readonly id: number;
readonly at: string;
readonly actor: Actor;
readonly code: ErrorCode;
readonly title: string;
/** what the uploader was told */ readonly detail: string;
/** as the uploader wrote it */ readonly target: string | null; };

export type Overview = { readonly signatures: { readonly live: number;
readonly withdrawn: number;
readonly revoked: number; };
readonly images: { readonly signed: number;
readonly total: number; };
readonly repositories: number;
readonly keys: { readonly active: number;
readonly expired: number;
readonly retired: number;
readonly revoked: number; };
/** oldest first */ readonly days: readonly ({ readonly day: string;
readonly stored: number;
readonly refused: number; })[];
/** in those days, most first */ readonly refusals: readonly ({ readonly code: ErrorCode;
readonly title: string;
readonly count: number; })[];
/** expired or expiring within 90 days, they or subkeys of theirs, active or with something that is served; soonest first */ readonly expiringKeys: readonly (ExpiringKey)[];
readonly lastUploads: readonly (Signature)[];
readonly lastRefusals: readonly (Refusal)[]; };

export type SearchResults = { readonly repositories: readonly (Repository)[];
readonly images: readonly (Image)[];
/** whose docker-reference has the tag */ readonly signatures: readonly (Signature)[];
readonly keys: readonly (Key)[];
readonly tokens: readonly (Token)[]; };

export interface Operations {
/** who am I */
getSession: {
    params: Record<never, never>;
    query: Record<never, never>;
    body: undefined;
    answer: Session;
  };
/** sign in; the session is a cookie */
signIn: {
    params: Record<never, never>;
    query: Record<never, never>;
    body: { readonly username: string;
readonly password: string; };
    answer: Session;
  };
/** sign out */
signOut: {
    params: Record<never, never>;
    query: Record<never, never>;
    body: undefined;
    answer: undefined;
  };
/** change your own password; ends all your sessions */
changeOwnPassword: {
    params: Record<never, never>;
    query: Record<never, never>;
    body: { readonly current: string;
readonly password: string; };
    answer: undefined;
  };
/** upload signatures */
uploadSignatures: {
    params: Record<never, never>;
    query: { readonly target?: string | number | readonly string[] | undefined; };
    body: never;
    answer: { readonly results: readonly (UploadResult)[]; };
  };
/** signatures, newest first */
listSignatures: {
    params: Record<never, never>;
    query: { readonly limit?: string | number | readonly string[] | undefined; readonly cursor?: string | number | readonly string[] | undefined; readonly repository?: string | number | readonly string[] | undefined; readonly digest?: string | number | readonly string[] | undefined; readonly signer?: string | number | readonly string[] | undefined; readonly state?: "live" | "withdrawn" | "revoked" | undefined; readonly storedBy?: string | number | readonly string[] | undefined; readonly q?: string | number | readonly string[] | undefined; };
    body: undefined;
    answer: { readonly items: readonly (Signature)[];
/** cursor of the page after; a page can be short, even empty, and have one */ readonly next: string | null; };
  };
/** the verdict, nothing stored */
verifySignatures: {
    params: Record<never, never>;
    query: { readonly target?: string | number | readonly string[] | undefined; };
    body: never;
    answer: { readonly results: readonly (Verdict)[]; };
  };
/** one signature, taken apart */
getSignature: {
    params: { readonly id: string | number | readonly string[]; };
    query: Record<never, never>;
    body: undefined;
    answer: SignatureDetail;
  };
/** withdraw: it is served no more */
withdrawSignature: {
    params: { readonly id: string | number | readonly string[]; };
    query: Record<never, never>;
    body: { readonly reason: string; };
    answer: undefined;
  };
/** its bytes, as a download */
getBlob: {
    params: { readonly id: string | number | readonly string[]; };
    query: Record<never, never>;
    body: undefined;
    answer: never;
  };
/** repositories, by name */
listRepositories: {
    params: Record<never, never>;
    query: { readonly limit?: string | number | readonly string[] | undefined; readonly cursor?: string | number | readonly string[] | undefined; readonly q?: string | number | readonly string[] | undefined; };
    body: undefined;
    answer: { readonly items: readonly (Repository)[];
/** cursor of the page after; a page can be short, even empty, and have one */ readonly next: string | null; };
  };
/** images of a repository, newest first */
listImages: {
    params: Record<never, never>;
    query: { readonly limit?: string | number | readonly string[] | undefined; readonly cursor?: string | number | readonly string[] | undefined; readonly repository: string | number | readonly string[]; };
    body: undefined;
    answer: { readonly items: readonly (Image)[];
/** cursor of the page after; a page can be short, even empty, and have one */ readonly next: string | null; };
  };
/** whether runtimes would accept an image from this store */
judgeImage: {
    params: Record<never, never>;
    query: Record<never, never>;
    body: { /** as a runtime pulls it */ readonly image: string;
/** what a tag stands for */ readonly digest?: string;
/** the repository to which the lookaside of the runtime leads, if not to its name */ readonly storedAs?: string;
/** a policy.json, as text; otherwise one that asks for keys */ readonly policy?: string;
/** files that the policy names, by path; without a policy: one of these must have signed */ readonly keys?: readonly ({ readonly path: string;
/** ASCII-armored, or binary in base64 */ readonly key: string; })[];
/** as the registry has it, byte for byte; of an index, for its platforms */ readonly manifest?: string; };
    answer: RuntimeVerdict;
  };
/** keys, newest first */
listKeys: {
    params: Record<never, never>;
    query: { readonly limit?: string | number | readonly string[] | undefined; readonly cursor?: string | number | readonly string[] | undefined; readonly state?: "active" | "expired" | "retired" | "revoked" | undefined; readonly q?: string | number | readonly string[] | undefined; };
    body: undefined;
    answer: { readonly items: readonly (KeyWithServed)[];
/** cursor of the page after; a page can be short, even empty, and have one */ readonly next: string | null; };
  };
/** register keys, or newer copies of them */
registerKeys: {
    params: Record<never, never>;
    query: { readonly name?: string | number | readonly string[] | undefined; readonly scope?: string | number | readonly string[] | undefined; };
    body: { readonly key: string;
readonly name?: string;
readonly scopes?: readonly (string)[]; } | Blob;
    answer: { readonly results: readonly ({ readonly status: "registered" | "updated" | "unchanged";
readonly key: Key; })[]; };
  };
/** what a key file holds, nothing stored */
previewKeys: {
    params: Record<never, never>;
    query: Record<never, never>;
    body: { readonly key: string; } | Blob;
    answer: KeyPreview;
  };
/** keys that expire soon or have expired, or subkeys of theirs, and what depends on them, soonest first */
listExpiringKeys: {
    params: Record<never, never>;
    query: { readonly within?: string | number | readonly string[] | undefined; };
    body: undefined;
    answer: { readonly items: readonly (ExpiringKey)[]; };
  };
/** one key, and what depends on it */
getKey: {
    params: { readonly fingerprint: string | number | readonly string[]; };
    query: Record<never, never>;
    body: undefined;
    answer: KeyWithServed;
  };
/** rename, change scopes, retire, revoke */
changeKey: {
    params: { readonly fingerprint: string | number | readonly string[]; };
    query: Record<never, never>;
    body: { readonly name?: string;
readonly scopes?: readonly (string)[];
readonly state?: "active" | "retired" | "revoked";
readonly reason?: string;
/** retire it while images depend on it */ readonly force?: boolean; };
    answer: Key;
  };
/** the public key, as a download */
getKeyMaterial: {
    params: { readonly fingerprint: string | number | readonly string[]; };
    query: { readonly format?: "armored" | "binary" | undefined; };
    body: undefined;
    answer: never;
  };
/** what ends with a key, and a page of the images that no other key has signed */
getKeyImpact: {
    params: { readonly fingerprint: string | number | readonly string[]; };
    query: { readonly limit?: string | number | readonly string[] | undefined; readonly cursor?: string | number | readonly string[] | undefined; readonly end?: "now" | "expiry" | undefined; };
    body: undefined;
    answer: KeyImpact;
  };
/** what a key signed and its successor has yet to sign */
getKeyRotation: {
    params: { readonly fingerprint: string | number | readonly string[]; };
    query: { readonly limit?: string | number | readonly string[] | undefined; readonly cursor?: string | number | readonly string[] | undefined; readonly to: string | number | readonly string[]; };
    body: undefined;
    answer: KeyRotation;
  };
/** all of it as lines, `<repository>@<digest> <reference to sign as>` */
getKeyRotationList: {
    params: { readonly fingerprint: string | number | readonly string[]; };
    query: { readonly to: string | number | readonly string[]; };
    body: undefined;
    answer: never;
  };
/** tokens, newest first, without secrets */
listTokens: {
    params: Record<never, never>;
    query: { readonly limit?: string | number | readonly string[] | undefined; readonly cursor?: string | number | readonly string[] | undefined; readonly q?: string | number | readonly string[] | undefined; readonly publisher?: string | number | readonly string[] | undefined; };
    body: undefined;
    answer: { readonly items: readonly (Token)[];
/** cursor of the page after; a page can be short, even empty, and have one */ readonly next: string | null; };
  };
/** create a token; the secret is here only */
createToken: {
    params: Record<never, never>;
    query: Record<never, never>;
    body: { readonly name: string;
readonly permissions: readonly ("upload" | "withdraw" | "read" | "admin")[];
readonly scopes?: readonly (string)[];
readonly expiresInDays?: number | null; };
    answer: NewToken;
  };
/** revoke a token, at once */
revokeToken: {
    params: { readonly id: string | number | readonly string[]; };
    query: Record<never, never>;
    body: undefined;
    answer: undefined;
  };
/** pipelines that publish without a secret */
listPublishers: {
    params: Record<never, never>;
    query: Record<never, never>;
    body: undefined;
    answer: { readonly items: readonly (Publisher)[]; };
  };
/** trust a pipeline, by what its CI system says of it */
addPublisher: {
    params: Record<never, never>;
    query: Record<never, never>;
    body: { readonly name: string;
readonly kind: "github" | "gitlab" | "kubernetes" | "other";
/** exactly as `iss` has it; null: github.com or gitlab.com */ readonly issuer?: string | null;
readonly claims: Readonly<Record<string, string>>;
readonly scopes: readonly (string)[];
readonly keys: readonly (string)[]; };
    answer: Publisher;
  };
/** trust it no more; its tokens end at once */
removePublisher: {
    params: { readonly id: string | number | readonly string[]; };
    query: Record<never, never>;
    body: undefined;
    answer: undefined;
  };
/** which publishers an ID token or its claims match, and why not */
testPublishers: {
    params: Record<never, never>;
    query: Record<never, never>;
    body: { /** verified, and not spent */ readonly idToken?: string;
/** believed as they are */ readonly claims?: Readonly<Record<string, unknown>>; };
    answer: PublisherTrials;
  };
/** an ID token of a CI system for a token of 15 minutes */
exchangeIdToken: {
    params: Record<never, never>;
    query: Record<never, never>;
    body: { readonly idToken: string;
/** name of one, where several match */ readonly publisher?: string | null; };
    answer: Exchanged;
  };
/** paths that stand for repositories */
listAliases: {
    params: Record<never, never>;
    query: Record<never, never>;
    body: undefined;
    answer: { readonly items: readonly (Alias)[]; };
  };
/** let a path stand for a registry or for repositories of one, from the next request on */
addAlias: {
    params: Record<never, never>;
    query: Record<never, never>;
    body: { /** `/sigstore`, `/mirror.example.com/hub` */ readonly path: string;
/** `docker.io`, `quay.io/acme` */ readonly target: string;
/** one with this path, in one step */ readonly replace?: boolean; };
    answer: Alias;
  };
/** let a path mean again what it says */
removeAlias: {
    params: { readonly id: string | number | readonly string[]; };
    query: Record<never, never>;
    body: undefined;
    answer: undefined;
  };
/** files that configure clients, made from what the store knows */
generateConfig: {
    params: Record<never, never>;
    query: Record<never, never>;
    body: { readonly kind: "registries.d" | "policy" | "keyring" | "installer" | "machine-config" | "portieris" | "signature-stores" | "signature-configmaps" | "crio-namespaces";
/** where clients reach the store; else its public URL */ readonly url?: string;
/** registries, or places in one, with a section; else all that the store knows */ readonly registries?: readonly (string)[];
/** scopes with an entry; else all scopes of registered keys */ readonly scopes?: readonly (string)[];
/** signedIdentity: `matchRepository`, `exactRepository=quay.io/acme/app`, … */ readonly identity?: string;
/** for everything else; `reject` unless said */ readonly default?: "reject" | "insecureAcceptAnything";
/** within the policy, a keyring for each scope, or a file for each key */ readonly keys?: "data" | "path" | "paths";
/** also for containers/image before 5.22 */ readonly legacy?: boolean;
/** `mirror.example.com/hub=docker.io` */ readonly mirrors?: readonly (string)[];
/** secret of a token for reading */ readonly readToken?: string;
/** policy.json to merge with */ readonly existing?: string;
/** entries of it that differ */ readonly replace?: boolean;
readonly roles?: readonly ("worker" | "master")[];
/** of the workloads; else the whole cluster */ readonly namespace?: string;
/** `team-a`, `team-b=quay.io/acme` */ readonly namespaces?: readonly (string)[];
/** repositories of OpenShift releases, or what they have in common */ readonly releases?: readonly (string)[];
/** of releases, `REPOSITORY@sha256:HEX` */ readonly images?: readonly (string)[]; };
    answer: ClientConfig;
  };
/** people who may sign in */
listUsers: {
    params: Record<never, never>;
    query: Record<never, never>;
    body: undefined;
    answer: { readonly items: readonly (User)[]; };
  };
/** add somebody */
createUser: {
    params: Record<never, never>;
    query: Record<never, never>;
    body: { readonly name: string;
readonly role: "admin" | "viewer";
readonly password: string; };
    answer: User;
  };
/** change role or password; a new password ends their sessions */
changeUser: {
    params: { readonly name: string | number | readonly string[]; };
    query: Record<never, never>;
    body: { readonly role?: "admin" | "viewer";
readonly password?: string; };
    answer: User;
  };
/** remove somebody, at once */
removeUser: {
    params: { readonly name: string | number | readonly string[]; };
    query: Record<never, never>;
    body: undefined;
    answer: undefined;
  };
/** events, newest first */
listAudit: {
    params: Record<never, never>;
    query: { readonly subject?: string | number | readonly string[] | undefined; readonly action?: "signature.stored" | "signature.withdrawn" | "key.registered" | "key.updated" | "key.retired" | "key.reactivated" | "key.revoked" | "token.created" | "token.exchanged" | "token.revoked" | "publisher.added" | "publisher.removed" | "alias.added" | "alias.removed" | "user.created" | "user.role_changed" | "user.password_changed" | "user.removed" | "session.created" | "session.refused" | "session.ended" | "store.restored" | "store.repaired" | undefined; readonly actor?: string | number | readonly string[] | undefined; readonly since?: string | number | readonly string[] | undefined; readonly until?: string | number | readonly string[] | undefined; readonly limit?: string | number | readonly string[] | undefined; readonly cursor?: string | number | readonly string[] | undefined; };
    body: undefined;
    answer: { readonly items: readonly (AuditEvent)[];
/** cursor of the page after; a page can be short, even empty, and have one */ readonly next: string | null;
readonly chain: AuditStatus; };
  };
/** events as JSON lines, oldest first */
exportAudit: {
    params: Record<never, never>;
    query: { readonly subject?: string | number | readonly string[] | undefined; readonly action?: "signature.stored" | "signature.withdrawn" | "key.registered" | "key.updated" | "key.retired" | "key.reactivated" | "key.revoked" | "token.created" | "token.exchanged" | "token.revoked" | "publisher.added" | "publisher.removed" | "alias.added" | "alias.removed" | "user.created" | "user.role_changed" | "user.password_changed" | "user.removed" | "session.created" | "session.refused" | "session.ended" | "store.restored" | "store.repaired" | undefined; readonly actor?: string | number | readonly string[] | undefined; readonly since?: string | number | readonly string[] | undefined; readonly until?: string | number | readonly string[] | undefined; };
    body: undefined;
    answer: never;
  };
/** whether the hash chain holds */
getAuditStatus: {
    params: Record<never, never>;
    query: Record<never, never>;
    body: undefined;
    answer: AuditStatus;
  };
/** refused uploads, newest first */
listRefusals: {
    params: Record<never, never>;
    query: { readonly limit?: string | number | readonly string[] | undefined; readonly cursor?: string | number | readonly string[] | undefined; readonly code?: string | number | readonly string[] | undefined; readonly actor?: string | number | readonly string[] | undefined; };
    body: undefined;
    answer: { readonly items: readonly (Refusal)[];
/** cursor of the page after; a page can be short, even empty, and have one */ readonly next: string | null; };
  };
/** the state of the store on one page */
getOverview: {
    params: Record<never, never>;
    query: Record<never, never>;
    body: undefined;
    answer: Overview;
  };
/** by repository, digest, tag, fingerprint, key id, or the name of a signer or token */
search: {
    params: Record<never, never>;
    query: { readonly q: string | number | readonly string[]; readonly limit?: string | number | readonly string[] | undefined; };
    body: undefined;
    answer: SearchResults;
  };
/** this document */
getOpenApi: {
    params: Record<never, never>;
    query: Record<never, never>;
    body: undefined;
    answer: { readonly openapi: string; };
  };
}

export type OperationId = keyof Operations;

/** Where each operation is, below /api/v1. */
export const OPERATIONS: Readonly<Record<OperationId, { readonly method: string; readonly path: string }>> = {
getSession: { method: 'get', path: '/session' },
signIn: { method: 'post', path: '/session' },
signOut: { method: 'delete', path: '/session' },
changeOwnPassword: { method: 'put', path: '/session/password' },
uploadSignatures: { method: 'post', path: '/signatures' },
listSignatures: { method: 'get', path: '/signatures' },
verifySignatures: { method: 'post', path: '/verify' },
getSignature: { method: 'get', path: '/signatures/{id}' },
withdrawSignature: { method: 'delete', path: '/signatures/{id}' },
getBlob: { method: 'get', path: '/signatures/{id}/blob' },
listRepositories: { method: 'get', path: '/repositories' },
listImages: { method: 'get', path: '/images' },
judgeImage: { method: 'post', path: '/verdict' },
listKeys: { method: 'get', path: '/keys' },
registerKeys: { method: 'post', path: '/keys' },
previewKeys: { method: 'post', path: '/keys/preview' },
listExpiringKeys: { method: 'get', path: '/keys/expiring' },
getKey: { method: 'get', path: '/keys/{fingerprint}' },
changeKey: { method: 'patch', path: '/keys/{fingerprint}' },
getKeyMaterial: { method: 'get', path: '/keys/{fingerprint}/material' },
getKeyImpact: { method: 'get', path: '/keys/{fingerprint}/impact' },
getKeyRotation: { method: 'get', path: '/keys/{fingerprint}/rotation' },
getKeyRotationList: { method: 'get', path: '/keys/{fingerprint}/rotation/list' },
listTokens: { method: 'get', path: '/tokens' },
createToken: { method: 'post', path: '/tokens' },
revokeToken: { method: 'delete', path: '/tokens/{id}' },
listPublishers: { method: 'get', path: '/publishers' },
addPublisher: { method: 'post', path: '/publishers' },
removePublisher: { method: 'delete', path: '/publishers/{id}' },
testPublishers: { method: 'post', path: '/publishers/test' },
exchangeIdToken: { method: 'post', path: '/oidc/exchange' },
listAliases: { method: 'get', path: '/aliases' },
addAlias: { method: 'post', path: '/aliases' },
removeAlias: { method: 'delete', path: '/aliases/{id}' },
generateConfig: { method: 'post', path: '/config' },
listUsers: { method: 'get', path: '/users' },
createUser: { method: 'post', path: '/users' },
changeUser: { method: 'patch', path: '/users/{name}' },
removeUser: { method: 'delete', path: '/users/{name}' },
listAudit: { method: 'get', path: '/audit' },
exportAudit: { method: 'get', path: '/audit/export' },
getAuditStatus: { method: 'get', path: '/audit/status' },
listRefusals: { method: 'get', path: '/refusals' },
getOverview: { method: 'get', path: '/overview' },
search: { method: 'get', path: '/search' },
getOpenApi: { method: 'get', path: '/openapi.json' },
};
