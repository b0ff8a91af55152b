// What `fsck --repair` does: nothing but making anew what follows from what is there. Each repair is one transaction with
// its own event in the audit log.
import type { Finding } from '../../domain/finding.ts';
import { createAuditAppend } from '../audit-log.ts';
import type { Db } from '../database.ts';
import type { Act } from '../port.ts';
import { expectedSchema } from './schema.ts';

/** In this order: the catalogue is made by triggers, and read by indexes. */
const ORDER = ['schema.missing', 'index.wrong', 'catalogue.wrong'] as const;

/** What was done, one line each. */
export function repair(
  db: Db,
  findings: readonly Finding[],
  { migrations, ...act }: Act & { migrations: string },
): string[] {
  const append = createAuditAppend(db);
  const schema = expectedSchema(migrations);
  const done = new Set<string>();
  for (const code of ORDER)
    for (const { subject } of findings.filter((finding) => finding.code === code)) {
      const [what, work] = workOf(db, { code, subject, sql: schema.get(subject)?.sql ?? '' });
      if (done.has(what)) continue;
      db.transaction(() => {
        work();
        append({ ...act, action: 'store.repaired', subject: 'store', detail: { what } });
      }).immediate();
      done.add(what);
    }
  return [...done];
}

type Wanted = { readonly code: (typeof ORDER)[number]; readonly subject: string; readonly sql: string };

function workOf(db: Db, { code, subject, sql }: Wanted): [what: string, work: () => void] {
  switch (code) {
    case 'schema.missing':
      return [`made ${subject} anew`, () => db.exec(sql)];
    case 'index.wrong':
      return [`rebuilt the index ${subject}`, () => db.exec(`REINDEX "${subject.replaceAll('"', '""')}"`)];
    case 'catalogue.wrong':
      return ['counted the catalogue anew', () => db.exec(COUNT_ANEW)];
  }
}

/** As migrations/0002 counts what was stored before it; its triggers fill the words, the totals and the sets. */
const COUNT_ANEW = `
  DELETE FROM images;
  DELETE FROM repository_words;
  DELETE FROM repositories;
  DELETE FROM signer_sets;
  DELETE FROM repository_signers;
  DELETE FROM signers;
  DELETE FROM upload_days;
  DELETE FROM audit_times;
  DELETE FROM positions;
  INSERT INTO positions WITH RECURSIVE up (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < 512) SELECT n FROM up;
  UPDATE totals SET repositories = 0;
  INSERT INTO audit_times (thousand, earliest, latest) SELECT seq / 1000, min(at), max(at) FROM audit GROUP BY 1;
  INSERT INTO repositories (name, images, signatures, last_stored_at)
    SELECT repository, 0, count(*), max(stored_at) FROM signatures GROUP BY repository;
  INSERT INTO images (repository, digest, signatures, first_stored_at, last_stored_at)
    SELECT r.id, s.digest, count(*), min(s.stored_at), max(s.stored_at)
      FROM signatures s JOIN repositories r ON r.name = s.repository GROUP BY r.id, s.digest ORDER BY min(s.id);
  INSERT INTO repository_signers (repository, signer, signing_key, standing)
    SELECT repository, signer, signing_key, sum(withdrawn_at IS NULL) FROM signatures GROUP BY repository, signer, signing_key;
  INSERT INTO signers (signer, signing_key, signatures, standing)
    SELECT signer, signing_key, count(*), sum(withdrawn_at IS NULL) FROM signatures GROUP BY signer, signing_key;
  INSERT INTO upload_days (day, stored)
    SELECT date(stored_at / 1000, 'unixepoch'), count(*) FROM signatures GROUP BY 1;
  DROP TABLE IF EXISTS temp.image_members;
  CREATE TEMP TABLE image_members (image INTEGER PRIMARY KEY, members TEXT NOT NULL) STRICT;
  INSERT INTO image_members (image, members)
    SELECT i.id, coalesce((SELECT group_concat(member, ' ') FROM
      (SELECT DISTINCT s.signer || '/' || s.signing_key AS member FROM signatures s
        WHERE s.repository = r.name AND s.digest = i.digest AND s.withdrawn_at IS NULL ORDER BY member)), '')
      FROM images i JOIN repositories r ON r.id = i.repository;
  INSERT INTO signer_sets (members, images) SELECT DISTINCT members, 0 FROM image_members;
  UPDATE images SET signers =
    (SELECT s.id FROM image_members m JOIN signer_sets s ON s.members = m.members WHERE m.image = images.id);
  DROP TABLE image_members;`;
