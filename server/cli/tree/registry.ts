// `--registry HOST[/NAMESPACE]`: what stands before every path of a tree, which itself does not name the registry.
import { AppError, quote } from '../../domain/errors.ts';
import { DOCKER_HUB, looksLikeRegistry, parseRepository } from '../../domain/repository-name.ts';

/** Checked here, since the store would refuse every single file of the tree. */
export function parseRegistryPrefix(registry: string): string {
  const prefix = registry.replace(/\/+$/, '');
  // A password may stand anywhere but in a name.
  const named = prefix.replace(/^[a-z]*:?\/\/+/i, '').replace(/^.*@|[?#].*/gs, '');
  if (named !== prefix)
    throw new AppError('USAGE_INVALID', `what --registry was given is a URL; it is a name: ${quote(named)}`);
  const [host = ''] = prefix.split('/');
  if (!looksLikeRegistry(host))
    throw new AppError(
      'USAGE_INVALID',
      `--registry ${quote(registry)} starts with no registry host; for Docker Hub it is docker.io`,
    );
  parseRepository(`${prefix}/x`, DOCKER_HUB);
  return prefix;
}
