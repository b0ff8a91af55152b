// A bundle on its way into a store. It is read to its end before anything of it is used; its signatures go through intake
// like any upload; and of its keys only those are registered whose fingerprints the operator has named: a bundle that could
// bring its own keys would vouch for itself.
import { AppError, quote, toAppError } from '../../domain/errors.ts';
import type { Fingerprint } from '../../domain/fingerprint.ts';
import type { Key } from '../../domain/key.ts';
import type { Principal } from '../../domain/principal.ts';
import { parseScope } from '../../domain/scope.ts';
import { formatImage } from '../../domain/slot.ts';
import type { Entry } from '../bulk-intake.ts';
import type { KeyRegistry, Registration } from '../key-registry.ts';
import { type BundledKey, type Facts, formatPath, parseFacts } from './contents.ts';
import { malformed } from './malformed.ts';
import type { BundleFile } from './reading.ts';

export type CheckedBundle = {
  readonly facts: Facts;
  /** As they are in the bundle, armored. */
  readonly keys: ReadonlyMap<string, Buffer>;
};

/** Of all key files together: they are kept in memory. */
const KEYS_BYTES = 64 * 1024 * 1024;

/** Throws BUNDLE_INVALID for whatever is not whole. */
export function checkBundle(bundle: BundleFile, onSignature: () => void = () => {}): CheckedBundle {
  let facts: Facts | null = null;
  const keys = new Map<string, Buffer>();
  let [keyBytes, signatures] = [0, 0];
  for (const { part, bytes } of bundle.contents()) {
    if (part.kind === 'facts') facts = parseFacts(bytes);
    else if (part.kind === 'key') {
      keyBytes += bytes.length + 1;
      if (keyBytes > KEYS_BYTES) throw malformed('its keys are larger than those of any store');
      keys.set(part.fingerprint, bytes);
    } else {
      signatures++;
      onSignature();
    }
  }
  if (facts === null || signatures !== facts.signatures)
    throw malformed('it has another number of signatures than it says');
  if (facts.keys.map(({ fingerprint }) => fingerprint).join() !== [...keys.keys()].join())
    throw malformed('it has other keys than it says');
  return { facts, keys };
}

/** Throws BUNDLE_UNEXPECTED. */
export function requireExpected(bundle: BundleFile, expected: string): void {
  const sha256 = bundle.sha256();
  if (sha256 === expected) return;
  throw new AppError(
    'BUNDLE_UNEXPECTED',
    `this is another bundle: its SHA-256 is ${sha256}, and ${expected} was expected; nothing was stored`,
  );
}

/** For a bundle that was checked. */
export async function* signaturesOf(
  bundle: BundleFile,
  stopped: () => boolean,
): AsyncGenerator<Entry & { readonly path: string }> {
  try {
    for (const { part, bytes } of bundle.contents()) {
      if (stopped()) return;
      if (part.kind === 'signature') yield { path: formatPath(part), bytes, target: formatImage(part.image) };
    }
  } catch (cause) {
    throw new AppError('BUNDLE_INVALID', 'the file was changed while it was loaded; load it again', { cause });
  }
}

export type KeyComparison = BundledKey & {
  /** As it is registered here; null: it is not. */
  readonly here: Key | null;
};

type Registering = {
  readonly registry: Pick<KeyRegistry, 'get' | 'preview' | 'register' | 'change'>;
  readonly principal: Principal;
};

export async function compareKeys(
  { facts }: CheckedBundle,
  { registry, principal }: Registering,
): Promise<KeyComparison[]> {
  const compared: KeyComparison[] = [];
  for (const key of facts.keys) {
    const here = await registry.get(key.fingerprint as Fingerprint, principal).catch((error: unknown) => {
      if (toAppError(error).code === 'KEY_NOT_FOUND') return null;
      throw error;
    });
    compared.push({ ...key, here });
  }
  return compared;
}

/** Before anything is stored: every accepted key is in the bundle, is what its name says, and may sign. */
export async function requireAcceptable(
  accepted: readonly Fingerprint[],
  { facts, keys }: CheckedBundle,
  { registry, principal }: Registering,
): Promise<void> {
  for (const fingerprint of accepted) {
    const bundled = facts.keys.find((key) => key.fingerprint === fingerprint);
    const material = keys.get(fingerprint);
    if (!bundled || !material) throw new AppError('USAGE_INVALID', `the bundle has no key ${fingerprint}`);
    if (bundled.state === 'revoked')
      throw new AppError(
        'USAGE_INVALID',
        `key ${fingerprint} is revoked where the bundle was made (${quote(bundled.reason ?? '')}) and is not accepted from it`,
      );
    for (const scope of bundled.scopes) parseScope(scope);
    const { keys: found, revocations } = await registry.preview(material, principal);
    if (found.length !== 1 || revocations.length > 0 || found[0]?.facts.fingerprint !== fingerprint)
      throw malformed(`the file of key ${fingerprint} holds something else`);
  }
}

/** A key that is registered here keeps its name, its scopes and its state, and gains what is newer in the bundle's copy. */
export async function registerKeys(
  accepted: readonly KeyComparison[],
  { keys }: CheckedBundle,
  { registry, principal }: Registering,
): Promise<Registration[]> {
  const results: Registration[] = [];
  for (const { fingerprint, name, scopes, here } of accepted) {
    const request = here === null ? { name, scopes: scopes.map(parseScope) } : {};
    results.push(...(await registry.register(keys.get(fingerprint) ?? Buffer.alloc(0), request, principal)));
  }
  return results;
}

/** Those that were new here and are retired there: their signatures are in, and no others are to follow. */
export async function retireKeys(
  accepted: readonly KeyComparison[],
  { registry, principal }: Registering,
): Promise<Fingerprint[]> {
  const retired = accepted.filter(({ here, state }) => here === null && state === 'retired');
  for (const { fingerprint } of retired)
    await registry.change(fingerprint as Fingerprint, { state: 'retired', force: true }, principal);
  return retired.map(({ fingerprint }) => fingerprint as Fingerprint);
}
