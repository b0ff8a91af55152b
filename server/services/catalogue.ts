// What there is, at a glance: repositories, images, search, and the state of the store on one page.
import type { ErrorCode } from '../domain/errors.ts';
import { DAY_MS, type Instant } from '../domain/instant.ts';
import { type Principal, READ, requirePermission, requireRepository, requireScopes, SEE } from '../domain/principal.ts';
import type { RepositoryName } from '../domain/repository-name.ts';
import { EVERYTHING } from '../domain/scope.ts';
import type { World } from '../ops/world.ts';
import type { ExpiringKey } from '../store/key-port.ts';
import type {
  CatalogueImage,
  CatalogueRepository,
  Counts,
  DayCount,
  Page,
  Refusal,
  SearchHits,
  Slice,
  Store,
  StoredSignature,
  TextPage,
} from '../store/port.ts';
import type { Refusals } from './refusals.ts';

export type { CatalogueImage, CatalogueRepository } from '../store/port.ts';

export type Overview = Counts & {
  readonly days: readonly DayCount[];
  readonly refusals: readonly { readonly code: ErrorCode; readonly count: number }[];
  readonly expiringKeys: readonly ExpiringKey[];
  readonly lastUploads: readonly StoredSignature[];
  readonly lastRefusals: readonly Refusal[];
};

export type Catalogue = {
  repositories(
    q: string | undefined,
    page: TextPage,
    principal: Principal,
  ): Promise<Slice<CatalogueRepository, string>>;
  images(repository: RepositoryName, page: Page, principal: Principal): Promise<Slice<CatalogueImage>>;
  search(q: string, limit: number, principal: Principal): Promise<SearchHits>;
  overview(principal: Principal): Promise<Overview>;
};

const DAYS = 30;
/** How far ahead the end of a key is shown. */
const EXPIRING_MS = 90 * DAY_MS;
const LATEST = 8;

export function createCatalogue(store: Store, refusals: Refusals, world: World): Catalogue {
  return {
    async repositories(q, page, principal) {
      requirePermission(principal, ...READ);
      return store.listRepositories({ q, within: principal.scopes }, page);
    },

    async images(repository, page, principal) {
      requirePermission(principal, ...READ);
      requireRepository(principal, repository);
      return store.listImages(repository, page);
    },

    async search(q, limit, principal) {
      requirePermission(principal, ...READ);
      const all = principal.permissions.includes('admin') || principal.permissions.includes('view');
      return store.search({ q, limit, within: principal.scopes, all, now: world.now() });
    },

    async overview(principal) {
      requirePermission(principal, ...SEE);
      requireScopes(principal, [EVERYTHING]);
      const now = world.now();
      const page = { limit: LATEST, before: null };
      const [counts, days, expiringKeys, uploads, refused] = await Promise.all([
        store.counts(now),
        store.days(now, DAYS),
        store.listExpiringKeys((now + EXPIRING_MS) as Instant, now),
        store.listSignatures({ within: principal.scopes }, page),
        refusals.list({}, page, principal),
      ]);
      return { ...counts, ...days, expiringKeys, lastUploads: uploads.items, lastRefusals: refused.items };
    },
  };
}
