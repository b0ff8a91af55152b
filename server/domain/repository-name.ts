// A registry-qualified repository: `docker.io/library/nginx`, `127.0.0.1:5000/acme/app`. The grammar and the
// normalisation are Docker's, as containers/image applies them (protocol.md §1.1, §3.5): runtimes compare the
// normalised names, so two spellings of one repository must become one name here.
import { AppError, quote } from './errors.ts';

export type RepositoryName = string & { readonly __brand: 'RepositoryName' };
/** `host[:port]` of a registry. */
export type Registry = string & { readonly __brand: 'Registry' };

export const DOCKER_HUB = 'docker.io' as Registry;

const HOST =
  /^(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*(?::[0-9]+)?$/;
const COMPONENT = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/;
const NAME_LENGTH = 255;

export function isRegistryHost(text: string): boolean {
  return HOST.test(text);
}

export function isPathComponent(text: string): boolean {
  return COMPONENT.test(text);
}

/** Whether the first component of a name is a registry, by Docker's rule. */
export function looksLikeRegistry(component: string): boolean {
  return component.includes('.') || component.includes(':') || component === 'localhost';
}

export function parseRegistry(text: string): Registry {
  if (!isRegistryHost(text) || !looksLikeRegistry(text))
    throw new AppError('REPOSITORY_INVALID', `${quote(text)} is not a registry host such as quay.io or localhost:5000`);
  return canonicalRegistry(text);
}

/** The normalised name, or null for text that is no repository. On the read path nonsense is a normal miss. */
export function readRepository(text: string, defaultRegistry: Registry): RepositoryName | null {
  const { registry, path } = splitRegistry(text, defaultRegistry);
  const full = registry === DOCKER_HUB && !path.includes('/') ? `library/${path}` : path;
  const name = `${registry}/${full}`;
  if (name.length > NAME_LENGTH || !isRegistryHost(registry)) return null;
  for (const component of full.split('/')) if (!isPathComponent(component)) return null;
  return name as RepositoryName;
}

export function parseRepository(text: string, defaultRegistry: Registry = DOCKER_HUB): RepositoryName {
  const name = readRepository(text, defaultRegistry);
  if (name === null)
    throw new AppError('REPOSITORY_INVALID', `${quote(text)} is not a repository name such as quay.io/acme/app`);
  return name;
}

export function splitRegistry(text: string, defaultRegistry: Registry): { registry: Registry; path: string } {
  const slash = text.indexOf('/');
  const first = text.slice(0, Math.max(slash, 0));
  if (!looksLikeRegistry(first)) return { registry: defaultRegistry, path: text };
  return { registry: canonicalRegistry(first), path: text.slice(slash + 1) };
}

function canonicalRegistry(host: string): Registry {
  return (host === 'index.docker.io' ? DOCKER_HUB : host) as Registry;
}
