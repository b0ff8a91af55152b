// Which files of keys stand behind a question: those that a policy names or holds, those handed over, or the registered ones.
import type { KeySource, Requirement } from '../domain/policy/requirement.ts';
import type { KeyringFiles } from './keyring-check.ts';

/** A file of keys, under the path by which a policy names it. */
export type KeyFile = { readonly path: string; readonly bytes: Uint8Array };

/** Files of one keyring, or why they are not known. */
export type DemandedKeys = KeyringFiles & { readonly unknown: string | null };

type Asked = { readonly policy: string | null; readonly keys: readonly KeyFile[] };

/** One for each requirement in order, empty where it has none, and one for who asks for the keys of a release. */
export function keyringFiles(
  { policy, keys }: Asked,
  requirements: readonly Requirement[],
  registered: readonly Uint8Array[],
): DemandedKeys[] {
  const handedOver = policy === null && keys.length > 0 ? keys.map(({ bytes }) => bytes) : null;
  const known = { unknown: null, files: handedOver ?? registered, areReal: handedOver !== null };
  const demanded = requirements.map((requirement) => {
    if (requirement.type !== 'signedBy') return { unknown: null, files: [], areReal: false };
    return policy === null ? known : filesOf(requirement.keys, keys);
  });
  return [...demanded, known];
}

function filesOf(source: KeySource, keys: readonly KeyFile[]): DemandedKeys {
  if (source.kind === 'content') return { unknown: null, files: [Buffer.from(source.base64, 'base64')], areReal: true };
  const found = source.paths.map((path) => keys.find((file) => file.path === path)?.bytes ?? path);
  const missing = found.find((file) => typeof file === 'string');
  return {
    unknown: missing === undefined ? null : `its key file ${missing} is not here`,
    files: found.filter((file) => typeof file !== 'string'),
    areReal: true,
  };
}
