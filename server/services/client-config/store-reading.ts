// What configuration is made from, out of the store: all keys, and the registries that have signatures.
import { AppError } from '../../domain/errors.ts';
import type { Instant } from '../../domain/instant.ts';
import { LIMITS } from '../../domain/limits.ts';
import { EVERYTHING } from '../../domain/scope.ts';
import type { Store } from '../../store/port.ts';
import { pagesOf } from '../pages.ts';
import type { KnownKey } from './trust.ts';

type Lists = Pick<Store, 'listKeys' | 'listRepositories'>;

/** All of them, or none: a policy without some of the keys would refuse images that are signed. */
export async function knownKeys(store: Lists, now: Instant): Promise<KnownKey[]> {
  const keys: KnownKey[] = [];
  const filter = { within: [EVERYTHING] };
  const pages = pagesOf((after: string | null) => store.listKeys(filter, { limit: LIMITS.pageRows, after }, now));
  for await (const page of pages) {
    keys.push(...page);
    if (keys.length > LIMITS.configKeys)
      throw new AppError(
        'REQUEST_INVALID',
        `the store has more than ${LIMITS.configKeys} keys, which is more than a policy is made of`,
      );
  }
  return keys;
}

/** From each registry the first repository: names are in order, so the next one is behind everything that begins so. */
export async function knownRegistries(store: Lists): Promise<string[]> {
  const registries: string[] = [];
  let after: string | null = null;
  while (registries.length < LIMITS.configRegistries) {
    const page: Awaited<ReturnType<Lists['listRepositories']>> = await store.listRepositories(
      { within: [EVERYTHING] },
      { limit: 1, after },
    );
    const [first] = page.items;
    if (first === undefined) break;
    const registry = first.name.split('/', 1)[0] as string;
    registries.push(registry);
    after = `${registry}0`; // the character behind the slash
  }
  return registries;
}
