// The catalogue twice: as the store keeps it, and counted anew from the tables `signatures` and `keys` in the plainest way.
import type Database from 'better-sqlite3';
import type { Instant } from '../../server/domain/instant.ts';

type Db = Database.Database;

export type SignatureRow = {
  readonly id: number;
  readonly repository: string;
  readonly digest: string;
  readonly signer: string;
  readonly signing_key: string;
  readonly reference: string;
  readonly stored_at: number;
  readonly stored_by: string;
  readonly withdrawn_at: number | null;
};

export type KeyRow = {
  readonly fingerprint: string;
  readonly name: string;
  readonly state: string;
  readonly revoked_parts: string;
  readonly expires_at: number | null;
};

export type Tables = { readonly signatures: readonly SignatureRow[]; readonly keys: ReadonlyMap<string, KeyRow> };

export function readTables(db: Db): Tables {
  const signatures = db.prepare<[], SignatureRow>('SELECT * FROM signatures ORDER BY id').all();
  const keys = db.prepare<[], KeyRow>('SELECT * FROM keys').all();
  return { signatures, keys: new Map(keys.map((row) => [row.fingerprint, row])) };
}

export function stateOf({ keys }: Tables, row: SignatureRow): 'live' | 'withdrawn' | 'revoked' {
  if (row.withdrawn_at !== null) return 'withdrawn';
  const key = keys.get(row.signer);
  const revoked = key?.state === 'revoked' || key?.revoked_parts.split(' ').includes(row.signing_key);
  return revoked ? 'revoked' : 'live';
}

/** In the order of their first row. */
export function groupBy<Row>(rows: readonly Row[], nameOf: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(nameOf(row), [...(groups.get(nameOf(row)) ?? []), row]);
  return groups;
}

const imageOf = ({ repository, digest }: SignatureRow) => `${repository}@${digest}`;
const memberOf = ({ signer, signing_key }: SignatureRow) => `${signer}/${signing_key}`;
const dayOf = ({ stored_at }: SignatureRow) => new Date(stored_at).toISOString().slice(0, 10);
const standing = (rows: readonly SignatureRow[]) => rows.filter(({ withdrawn_at }) => withdrawn_at === null);
const stored = (rows: readonly SignatureRow[]) => rows.map(({ stored_at }) => stored_at);
const membersOf = (rows: readonly SignatureRow[]) => [...new Set(standing(rows).map(memberOf))].sort().join(' ');
const sorted = (lines: Iterable<string>) => [...lines].sort();

/** Each count of the catalogue as a line of text, the ids left out. */
export type Catalogue = Readonly<Record<string, readonly string[]>>;

export function keptCatalogue(db: Db): Catalogue {
  const lines = (sql: string) => sorted(db.prepare<[], string>(sql).pluck().all());
  return {
    repositories: lines(`SELECT concat_ws('|', name, images, signatures, last_stored_at) FROM repositories`),
    words: lines(`SELECT concat_ws('|', word, name) FROM repository_words JOIN repositories ON id = repository`),
    images: lines(`
      SELECT concat_ws('|', r.name, i.digest, i.signatures, i.first_stored_at, i.last_stored_at, s.members)
        FROM images i JOIN repositories r ON r.id = i.repository JOIN signer_sets s ON s.id = i.signers`),
    sets: lines(`SELECT concat_ws('|', members, images) FROM signer_sets WHERE images <> 0`),
    repositorySigners: lines(
      `SELECT concat_ws('|', repository, signer, signing_key, standing) FROM repository_signers`,
    ),
    signers: lines(`SELECT concat_ws('|', signer, signing_key, signatures, standing) FROM signers`),
    totals: lines('SELECT CAST(repositories AS TEXT) FROM totals'),
    days: lines(`SELECT concat_ws('|', day, stored) FROM upload_days`),
  };
}

export function recountCatalogue({ signatures }: Tables): Catalogue {
  const repositories = groupBy(signatures, ({ repository }) => repository);
  const images = groupBy(signatures, imageOf);
  const line = (...cells: readonly (string | number)[]) => cells.join('|');
  const over = <T>(groups: Map<string, T[]>, lineOf: (rows: T[], name: string) => string) =>
    sorted([...groups].map(([name, rows]) => lineOf(rows, name)));
  return {
    repositories: over(repositories, (rows, name) =>
      line(name, new Set(rows.map(({ digest }) => digest)).size, rows.length, Math.max(...stored(rows))),
    ),
    words: sorted([...repositories.keys()].flatMap((name) => wordsOf(name).map((word) => line(word, name)))),
    images: over(images, (rows, image) =>
      line(...image.split('@'), rows.length, Math.min(...stored(rows)), Math.max(...stored(rows)), membersOf(rows)),
    ),
    sets: over(groupBy([...images.values()], membersOf), (set, members) => line(members, set.length)),
    repositorySigners: over(
      groupBy(signatures, (row) => line(row.repository, row.signer, row.signing_key)),
      (rows, name) => line(name, standing(rows).length),
    ),
    signers: over(
      groupBy(signatures, (row) => line(row.signer, row.signing_key)),
      (rows, name) => line(name, rows.length, standing(rows).length),
    ),
    totals: [String(repositories.size)],
    days: over(groupBy(signatures, dayOf), (rows, day) => line(day, rows.length)),
  };
}

/** "quay.io/a-b": itself, "io/a-b", "a-b", "b". */
export function wordsOf(name: string): string[] {
  const begins = [...name].map(
    (character, index) => /[^/._:-]/.test(character) && /^$|[/._:-]/.test(name.charAt(index - 1)),
  );
  return begins.flatMap((is, index) => (is ? [name.slice(index).toLowerCase()] : []));
}

/** What depends on a key: images are lost for runtimes when no other live signature lasts as long as the key. */
export function recountServed(tables: Tables, fingerprint: string, now: Instant) {
  const live = tables.signatures.filter((row) => stateOf(tables, row) === 'live');
  const by = (signer: string) => live.filter((row) => row.signer === signer);
  const images = new Set(by(fingerprint).map(imageOf));
  const until = Math.max(tables.keys.get(fingerprint)?.expires_at ?? now, now);
  const lasts = ({ expires_at }: KeyRow) => expires_at === null || expires_at > until;
  const others = [...tables.keys.values()].filter((key) => key.fingerprint !== fingerprint && lasts(key));
  const kept = new Set(others.flatMap((key) => by(key.fingerprint).map(imageOf)));
  return {
    signatures: by(fingerprint).length,
    images: images.size,
    onlyImages: [...images].filter((image) => !kept.has(image)).length,
  };
}

/** Images that a key signed and no other that is good at an instant; with the references that it signed. */
export function recountAlone(tables: Tables, fingerprint: string, at: Instant): string[] {
  const others = liveBy(
    tables,
    (key) => key.fingerprint !== fingerprint && !(key.expires_at !== null && key.expires_at <= at),
  );
  const kept = new Set(others.map(imageOf));
  return linesOf(liveBy(tables, (key) => key.fingerprint === fingerprint).filter((row) => !kept.has(imageOf(row))));
}

/** What one key signed and another did not. */
export function recountUnsigned(tables: Tables, fingerprint: string, successor: string): string[] {
  const done = new Set(linesOf(liveBy(tables, (key) => key.fingerprint === successor)));
  return linesOf(liveBy(tables, (key) => key.fingerprint === fingerprint)).filter((line) => !done.has(line));
}

function liveBy(tables: Tables, wanted: (key: KeyRow) => boolean): SignatureRow[] {
  return tables.signatures.filter((row) => {
    const key = tables.keys.get(row.signer);
    return key !== undefined && wanted(key) && stateOf(tables, row) === 'live';
  });
}

/** "<image> <reference>", each once, sorted. */
function linesOf(rows: readonly SignatureRow[]): string[] {
  return sorted([...new Set(rows.map((row) => `${imageOf(row)} ${row.reference}`))]);
}

export function recountOverview(tables: Tables, now: Instant) {
  const { signatures, keys } = tables;
  const inState = (state: string) => signatures.filter((row) => stateOf(tables, row) === state);
  const keysIn = (condition: string) =>
    [...keys.values()].filter(({ state, expires_at }) => {
      const expired = state === 'active' && expires_at !== null && expires_at <= now;
      return (expired ? 'expired' : state) === condition;
    }).length;
  return {
    signatures: {
      live: inState('live').length,
      withdrawn: inState('withdrawn').length,
      revoked: inState('revoked').length,
    },
    images: { signed: new Set(inState('live').map(imageOf)).size, total: new Set(signatures.map(imageOf)).size },
    repositories: new Set(signatures.map(({ repository }) => repository)).size,
    keys: {
      active: keysIn('active'),
      expired: keysIn('expired'),
      retired: keysIn('retired'),
      revoked: keysIn('revoked'),
    },
  };
}
