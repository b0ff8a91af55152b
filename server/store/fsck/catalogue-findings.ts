// The catalogue of migrations/0002 against what it counts, and the limit of each image. Images come in pages, each a short
// read; the other tables are counted in one statement each, some seconds for a million signatures.
import type { Finding } from '../../domain/finding.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { Db } from '../database.ts';
import { LIVE } from '../live-rows.ts';
import type { Step } from './integrity.ts';

/** What a table holds, and the same counted anew; the first column names the row. */
type Pair = { readonly table: string; readonly kept: string; readonly counted: string };

const PAIRS: readonly Pair[] = [
  {
    table: 'repositories',
    kept: 'SELECT name, images, signatures, last_stored_at FROM repositories',
    counted: 'SELECT repository, count(DISTINCT digest), count(*), max(stored_at) FROM signatures GROUP BY repository',
  },
  {
    table: 'repository_words',
    kept: 'SELECT word, name FROM repository_words LEFT JOIN repositories ON id = repository',
    counted: `SELECT substr(lower(name), n), name FROM repositories, positions
       WHERE n <= length(name) AND (n = 1 OR substr(name, n - 1, 1) IN ('/', '.', '-', '_', ':'))
         AND substr(name, n, 1) NOT IN ('/', '.', '-', '_', ':')`,
  },
  {
    table: 'signer_sets',
    kept: 'SELECT members, images FROM signer_sets WHERE images <> 0',
    counted: 'SELECT s.members, count(*) FROM images i JOIN signer_sets s ON s.id = i.signers GROUP BY s.id',
  },
  {
    table: 'repository_signers',
    kept: 'SELECT repository, signer, signing_key, standing FROM repository_signers',
    counted: `SELECT repository, signer, signing_key, sum(withdrawn_at IS NULL) FROM signatures
       GROUP BY repository, signer, signing_key`,
  },
  {
    table: 'signers',
    kept: 'SELECT signer, signing_key, signatures, standing FROM signers',
    counted: `SELECT signer, signing_key, count(*), sum(withdrawn_at IS NULL) FROM signatures GROUP BY signer, signing_key`,
  },
  {
    table: 'totals',
    kept: "SELECT 'repositories', repositories FROM totals",
    counted: "SELECT 'repositories', count(*) FROM repositories",
  },
  {
    table: 'upload_days',
    kept: 'SELECT day, stored FROM upload_days',
    counted: "SELECT date(stored_at / 1000, 'unixepoch'), count(*) FROM signatures GROUP BY 1",
  },
  {
    table: 'audit_times',
    kept: 'SELECT thousand, earliest, latest FROM audit_times',
    counted: 'SELECT seq / 1000, min(at), max(at) FROM audit GROUP BY 1',
  },
  {
    table: 'positions',
    kept: 'SELECT n FROM positions',
    counted: 'WITH RECURSIVE up (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < 512) SELECT n FROM up',
  },
];

/** One finding for each table, with one row as an example. */
export function* catalogueFindings(db: Db, step: Step): Generator<Finding> {
  for (const [index, { table, kept, counted }] of PAIRS.entries()) {
    step(table, index, PAIRS.length);
    const differing = (one: string, other: string) =>
      db.prepare<[], string | number>(`SELECT * FROM (${one}) EXCEPT SELECT * FROM (${other}) LIMIT 1`).pluck().get();
    const differs = db.transaction(() => differing(kept, counted) ?? differing(counted, kept));
    const row = differs();
    if (row !== undefined) yield wrong(table, `it is not what the signatures add up to, as for ${row}`);
  }
}

/** Images, or signatures, in one read. */
const PAGE = 1_000;

/** By the two indexes that hold those that stand and those that are withdrawn. */
const STORED = [' ', ' NOT ']
  .map(
    (not) =>
      `SELECT stored_at FROM signatures WHERE repository = r.name AND digest = i.digest AND withdrawn_at IS${not}NULL`,
  )
  .join(' UNION ALL ');

const MEMBERS = `
  SELECT coalesce(group_concat(member, ' '), '') FROM
    (SELECT DISTINCT s.signer || '/' || s.signing_key AS member FROM signatures s
      WHERE s.repository = r.name AND s.digest = i.digest AND s.withdrawn_at IS NULL ORDER BY member)`;

/** `next` is the id to go on from, or null at the end. */
export type FindingPage = { readonly findings: readonly Finding[]; readonly next: number | null };

/** Each image with its signatures. */
export function createImagesCheck(db: Db): (after: number) => FindingPage {
  const images = db.prepare<[number], { id: number; name: string | null; digest: string; right: 0 | 1 }>(`
    SELECT i.id, r.name, i.digest,
           ((i.signatures, i.first_stored_at, i.last_stored_at) IS
              (SELECT count(*), min(stored_at), max(stored_at) FROM (${STORED}))
            AND (SELECT members FROM signer_sets WHERE id = i.signers) IS (${MEMBERS})) AS right
      FROM images i LEFT JOIN repositories r ON r.id = i.repository WHERE i.id > ? ORDER BY i.id LIMIT ${PAGE}`);
  return (after) => {
    const rows = images.all(after);
    const first = rows.find(({ right }) => right === 0);
    const problem = `the image ${first?.name}@${first?.digest} is not what its signatures add up to`;
    return { findings: first ? [wrong('images', problem)] : [], next: rows.at(-1)?.id ?? null };
  };
}

/** Each signature, whether the catalogue has its image. */
export function createListedCheck(db: Db): (after: number) => FindingPage {
  const page = db.prepare<[number], { id: number; listed: 0 | 1 }>(`
    SELECT s.id, EXISTS (SELECT 1 FROM repositories r JOIN images i ON i.repository = r.id
                          WHERE r.name = s.repository AND i.digest = s.digest) AS listed
      FROM signatures s WHERE s.id > ? ORDER BY s.id LIMIT ${PAGE}`);
  return (after) => {
    const rows = page.all(after);
    const first = rows.find(({ listed }) => listed === 0);
    const findings = first ? [wrong('images', `the image of signature ${first.id} is not in it`)] : [];
    return { findings, next: rows.at(-1)?.id ?? null };
  };
}

/** Runtimes refuse an image with more. Their numbers need no check: they are counted, not stored. */
export function* fullImages(db: Db): Generator<Finding> {
  const images = db.prepare<[number], { repository: string; digest: string; live: number }>(`
    SELECT s.repository, s.digest, count(*) AS live FROM signatures s JOIN keys k ON k.fingerprint = s.signer
     WHERE ${LIVE} GROUP BY s.repository, s.digest HAVING count(*) > ?`);
  for (const { repository, digest, live } of images.iterate(LIMITS.signaturesPerImage))
    yield { code: 'image.full', subject: `${repository}@${digest}`, problem: `it has ${live} live signatures` };
}

function wrong(table: string, problem: string): Finding {
  return { code: 'catalogue.wrong', subject: table, problem };
}
