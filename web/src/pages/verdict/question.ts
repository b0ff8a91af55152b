// What is asked, as people fill it in, and as the API takes it.
import type { Operations } from '../../api/schema.ts';
import { isPrivateFile } from '../../parts/private-key.ts';

export type KeyFile = { readonly name: string; readonly base64: string };

export type Question = {
  readonly image: string;
  readonly digest: string;
  readonly storedAs: string;
  readonly policy: string;
  readonly manifest: string;
  readonly keys: readonly KeyFile[];
};

type Body = Operations['judgeImage']['body'];

export function toBody({ image, digest, storedAs, policy, manifest, keys }: Question): Body {
  return {
    image: image.trim(),
    ...(digest.trim() === '' ? {} : { digest: digest.trim() }),
    ...(storedAs.trim() === '' ? {} : { storedAs: storedAs.trim() }),
    ...(policy.trim() === '' ? {} : { policy }),
    ...(manifest === '' ? {} : { manifest }),
    keys: keys.flatMap(({ name, base64 }) => pathsFor(name, policy).map((path) => ({ path, key: base64 }))),
  };
}

/** Key files have no paths in a browser: they are those in the policy that are called so. */
export function pathsFor(name: string, policy: string): readonly string[] {
  const paths = pathsOf(policy).filter((path) => path.split('/').at(-1) === name);
  return paths.length > 0 ? paths : [name];
}

/** Those that the policy names and nobody has handed over yet. */
export function missingPaths({ policy, keys }: Question): readonly string[] {
  const there = new Set(keys.flatMap(({ name }) => pathsFor(name, policy)));
  return pathsOf(policy).filter((path) => !there.has(path));
}

function pathsOf(policy: string): readonly string[] {
  const found = new Set<string>();
  try {
    JSON.parse(policy, (name, value: unknown) => {
      if (name === 'keyPath' && typeof value === 'string') found.add(value);
      if (name === 'keyPaths' && Array.isArray(value)) for (const each of value) found.add(String(each));
      return value;
    });
  } catch {
    // The store says what is wrong with it.
  }
  return [...found];
}

const MAX_BYTES = 1024 * 1024; // LIMITS of the server

/** What is not sent says why. */
export async function readKeyFile(file: File): Promise<KeyFile | { readonly fault: string }> {
  if (file.size > MAX_BYTES) return { fault: `${file.name} is larger than any file of public keys.` };
  const bytes = await file.arrayBuffer().then(
    (buffer) => new Uint8Array(buffer),
    () => null,
  );
  if (bytes === null) return { fault: `${file.name} cannot be read. If it is a folder, choose the files in it.` };
  if (isPrivateFile(bytes)) return { fault: `${file.name} is a private key. It was not sent; export its public half.` };
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return { name: file.name, base64: btoa(binary) };
}
