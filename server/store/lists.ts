// What people look at, by name and synchronous, as it runs wherever its connection lives: in the reader thread of a
// server, or in the process of a command.
import { LIMITS } from '../domain/limits.ts';
import { createRepositoriesAt } from './alias-rows.ts';
import { createAuditReads } from './audit-log.ts';
import { createCatalogueReads } from './catalogue-rows.ts';
import { type Db, openReader, storeError } from './database.ts';
import { createKeyEnds } from './key-ends.ts';
import { createKeyImages } from './key-images.ts';
import { createKeyLists } from './key-lists.ts';
import { createLivePages } from './live-pages.ts';
import { createOverviewReads } from './overview.ts';
import type { StoreLists } from './port.ts';
import { createRefusalReads } from './refusal-rows.ts';
import { createSearch } from './search.ts';
import { createSignatureReads } from './signature-rows.ts';
import { createThread } from './thread.ts';
import { createTokenLists } from './token-rows.ts';

type ListName = keyof StoreLists;

/** The same without promises. */
export type Lists = { [N in ListName]: (...args: Parameters<StoreLists[N]>) => Awaited<ReturnType<StoreLists[N]>> };

export function createLists(db: Db): Lists {
  const signatures = createSignatureReads(db);
  const catalogue = createCatalogueReads(db);
  const keys = createKeyLists(db);
  const keyEnds = createKeyEnds(db);
  const keyImages = createKeyImages(db);
  const tokens = createTokenLists(db);
  const audit = createAuditReads(db);
  const refusals = createRefusalReads(db);
  const overview = createOverviewReads(db);
  const lists: Lists = {
    listSignatures: signatures.list,
    listRepositories: catalogue.listRepositories,
    listImages: catalogue.listImages,
    listLive: createLivePages(db),
    listKeys: keys.list,
    listExpiringKeys: keyEnds.expiring,
    listKeysByEnd: keyEnds.byEnd,
    served: keys.served,
    impact: keys.impact,
    countUnsigned: keyImages.countUnsigned,
    listKeyImages: keyImages.list,
    listTokens: tokens.list,
    listAudit: audit.list,
    exportAudit: audit.after,
    auditHead: audit.head,
    auditHash: audit.hashAt,
    verifyAudit: audit.verify,
    listRefusals: refusals.list,
    search: createSearch(db, signatures),
    repositoriesAt: createRepositoriesAt(db),
    counts: overview.counts,
    days: overview.days,
  };
  // One snapshot for the several queries of a list: what is committed between two of them is not half in the answer.
  const reads = Object.entries<(...args: never[]) => unknown>(lists);
  return Object.fromEntries(reads.map(([name, read]) => [name, db.transaction(read)])) as unknown as Lists;
}

/** As an object, so that the compiler misses a name that is not here. */
const NAMES = Object.keys({
  listSignatures: 0,
  listRepositories: 0,
  listImages: 0,
  listLive: 0,
  listKeys: 0,
  listExpiringKeys: 0,
  listKeysByEnd: 0,
  served: 0,
  impact: 0,
  countUnsigned: 0,
  listKeyImages: 0,
  listTokens: 0,
  listAudit: 0,
  exportAudit: 0,
  auditHead: 0,
  auditHash: 0,
  repositoriesAt: 0,
  verifyAudit: 0,
  listRefusals: 0,
  search: 0,
  counts: 0,
  days: 0,
} satisfies Record<ListName, 0>) as ListName[];

export type ListReader = { readonly lists: StoreLists; close(): Promise<void> };

/**
 * `snapshot`: all as they are now, whatever is committed before this is closed. What SQLite needs for that it keeps in the
 * write-ahead log, which grows meanwhile.
 */
export function createLocalLists(path: string, { snapshot = false } = {}): ListReader {
  const db = openReader(path);
  const lists = createLists(db);
  if (snapshot) {
    db.exec('BEGIN');
    lists.auditHead(); // a transaction sees what there is at its first read
  }
  const answer = async (name: ListName, args: unknown[]) => {
    try {
      return (lists[name] as (...args: unknown[]) => unknown)(...args);
    } catch (error) {
      throw storeError(error);
    }
  };
  return { lists: listsBy(answer), close: async () => void db.close() };
}

export function createThreadLists(path: string): ListReader {
  const options = { workerData: path, most: LIMITS.listsWaiting };
  const thread = createThread(new URL('./reader-thread.ts', import.meta.url), options);
  return { lists: listsBy((name, argument) => thread.send({ name, argument })), close: thread.close };
}

function listsBy(answer: (name: ListName, args: unknown[]) => Promise<unknown>): StoreLists {
  const entries = NAMES.map((name) => [name, (...args: unknown[]) => answer(name, args)]);
  return Object.fromEntries(entries) as unknown as StoreLists;
}
