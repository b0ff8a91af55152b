// Every number a stranger can reach, with the reason for it.
import { AppError } from './errors.ts';
import { DAY_MS } from './instant.ts';

export const LIMITS = {
  /** Largest signature the setting LOOKASIDE_MAX_SIGNATURE_BYTES may allow: readers stop at 4 MiB. */
  signatureBytesCeiling: 4 * 1024 * 1024,
  /**
   * Largest literal after decompression. Claims are under 1 KiB; a bomb of a few KiB stops here. A form may have 256 of
   * them, and what is read of each goes from a worker to the main thread: at 1 MiB that made reads wait for half a second.
   */
  decompressedBytes: 128 * 1024,
  /** Compression layers. Signers make none or one; GnuPG would follow 32. */
  compressionLayers: 4,
  /** Packets read from one layer before giving up; a signed message has three. */
  packets: 64,
  /** A runtime that finds 128 signatures rejects them all (protocol.md §1.3). */
  signaturesPerImage: 127,
  /** OpenShift's release verification asks for signature-1 to signature-9 (protocol.md §6). */
  signaturesByDigest: 9,
  /** Parts of one multipart upload; `push` sends 50. */
  signaturesPerRequest: 256,
  /** Nesting of JSON inside a claim; real ones nest three deep. */
  jsonDepth: 32,
  /** Names of members of a claim's `optional` that are told of; a claim may have fifty thousand. */
  optionalNames: 100,
  /** From arrival to verdict. A verification takes about 2 ms; a worker busy for this long is ended and replaced. */
  verifyMs: 15_000,
  /** Uploads waiting for a worker before 503: about ten seconds of work for one core. */
  verifyQueue: 4_096,
  /** Memory of one verification worker beyond which it is ended. */
  verifyHeapMb: 128,
  /** How long tokens live: what is granted unasked, and the most. */
  tokenLifetimeMs: 90 * DAY_MS,
  tokenLifetimeCeilingMs: 3650 * DAY_MS,
  /** One key file. Distribution keyrings of dozens of keys are under 200 KiB. */
  keyFileBytes: 1024 * 1024,
  keysPerFile: 200,
  userIdsPerKey: 250,
  subkeysPerKey: 50,
  /** Signatures that a key makes over itself, each of which is checked: 250 user ids, renewed three times. */
  selfSignaturesPerKey: 1_000,
  /** The packet of a key that signs: RSA of 8192 bits has 1,036. */
  keyPacketBytes: 1_100,
  /** A lookaside path as the target of an upload: a repository of 255 characters, a digest, a number. */
  targetLength: 512,
  /** Names of keys and tokens, reasons, in characters. */
  nameLength: 200,
  reasonLength: 1_000,
  scopesPerGrant: 200,
  /** JSON bodies of the API: names, scopes, reasons, one armored key file. */
  jsonBodyBytes: 2 * 1024 * 1024,
  pageRows: 1_000,
  /** Rows a list looks at for one page before it answers with what it has: bounds every query, whatever the filter. */
  scannedRows: 4_000,
  /** Lists waiting for the reader thread before 503: a second or two of its work, and what a shutdown waits for. */
  listsWaiting: 64,
  /** Exports of the audit log at a time, and how long one may stand still: each holds rows in memory. */
  exports: 2,
  exportIdleMs: 60_000,
  /** What is typed into the search field. */
  searchLength: 300,
  /** Passwords of people, in characters. */
  passwordShortest: 8,
  passwordLength: 1_000,
  /** Passwords hashed at a time, 32 MiB each: two of the four threads that Node.js has for such work. */
  passwordHashes: 2,
  /** Waiting for one of them before 429: less than a second of work. */
  passwordHashesWaiting: 40,
  /** Accounts, and addresses, whose failed attempts to sign in are remembered. */
  signInCounts: 10_000,
  /** Of a user name and a password in JSON, every character escaped. */
  signInBodyBytes: 16 * 1024,
  /** A session ends after this time without a request, and after this time in any case. */
  sessionIdleMs: 30 * 60 * 1000,
  sessionLifetimeMs: 12 * 60 * 60 * 1000,
  /** Connections at a time, however many files the process may have open: 150 MiB of memory, more over TLS. */
  connections: 50_000,
  /** Of the files the process may have open, those that connections never take: some ten for each thread there can be. */
  filesKept: 256,
  /** Trusted publishers: all of an issuer are compared with each of its tokens. */
  publishers: 500,
  claimsPerPublisher: 30,
  keysPerPublisher: 50,
  issuerLength: 300,
  /** A claim of an ID token that is compared, and the value or pattern it is compared with. */
  claimLength: 1_000,
  /** One ID token; those of GitHub have about 2 KiB. */
  idTokenLength: 16 * 1024,
  /** JSON around one ID token. */
  exchangeBodyBytes: 32 * 1024,
  /** From `iat` to `exp`: GitLab gives a token for as long as a job may take. */
  idTokenLifetimeMs: DAY_MS,
  /** What the clocks of issuer and store may differ. */
  clockSkewMs: 60_000,
  /** What is given in exchange for an ID token. */
  exchangedTokenMs: 15 * 60 * 1000,
  /** The keys of an issuer, and the document that says where they are. Real ones have under 20 KiB and four keys. */
  issuerDocumentBytes: 256 * 1024,
  issuerKeys: 100,
  /** One request to an issuer, from the look-up of its name to the last byte. */
  issuerRequestMs: 5_000,
  /** Aliases: each thread that answers reads holds them all. */
  aliases: 1_000,
  aliasPathLength: 128,
  /** As long as the name of a repository. */
  aliasTargetLength: 255,
  /** Verdicts on images are worked out one after the other, in one verification worker; who may wait before 503. */
  verdictsWaiting: 20,
  /** Requirements of one scope of a policy, each with keys of its own, that a verdict is asked about. */
  verdictKeyrings: 20,
  /** Files of keys handed over with a policy. */
  verdictKeyFiles: 50,
  /** Images in one index. The largest of real ones have some twenty, attestations counted. */
  indexManifests: 100,
  /** A manifest, as runtimes take it. */
  manifestBytes: 4 * 1024 * 1024,
  /** What the configuration of a client is made of: more keys are in no policy that anybody reads. */
  configKeys: 1_000,
  configRegistries: 200,
  configEntries: 2_000,
  /** Of all entries together; an entry holds each key that counts in it, of about 2 KiB. */
  configKeyBytes: 4 * 1024 * 1024,
  /** Namespaces, mirrors and images that one call names. */
  configNames: 100,
  /** A policy.json that is merged with; one with fifty keys in it has 200 KiB. */
  policyBytes: 1024 * 1024,
  /** Refused uploads kept for people to look at; the counts by day stay. */
  refusalsKept: 10_000,
} as const;

/** Names and reasons: something, and not a book. */
export function requireText(what: string, text: string, most: number): void {
  if (text.trim() === '') throw new AppError('REQUEST_INVALID', `${what} is missing`);
  if (text.length > most)
    throw new AppError('REQUEST_INVALID', `${what} has ${text.length} characters; up to ${most} are taken`);
}
