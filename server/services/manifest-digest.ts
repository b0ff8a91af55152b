// What a registry and runtimes call a manifest by, as its bytes say.
import { hash } from 'node:crypto';
import type { Digest } from '../domain/digest.ts';

export function digestOf(manifest: Uint8Array): Digest {
  return `sha256:${hash('sha256', manifest)}` as Digest;
}
