-- The catalogue: what people list, search and count, kept by triggers in the transaction of the change itself, so
-- that no question about a million signatures has to look at them all. "Standing" is a signature that is not
-- withdrawn; whether it is live depends on its key as well, which is asked when counting, so that revoking a key
-- stays a change of one row.

-- The tag of the docker-reference: what follows the last ":" of its last component, without a digest.
ALTER TABLE signatures ADD COLUMN tag TEXT GENERATED ALWAYS AS (
  CASE WHEN instr(replace(substr(reference, 1, instr(reference || '@', '@') - 1),
                          rtrim(substr(reference, 1, instr(reference || '@', '@') - 1),
                                replace(substr(reference, 1, instr(reference || '@', '@') - 1), '/', '')), ''), ':') > 0
       THEN replace(substr(reference, 1, instr(reference || '@', '@') - 1),
                    rtrim(substr(reference, 1, instr(reference || '@', '@') - 1),
                          replace(substr(reference, 1, instr(reference || '@', '@') - 1), ':', '')), '')
  END) VIRTUAL;

-- A token's id, or the name of a person: what `stored by` is asked for.
ALTER TABLE signatures ADD COLUMN uploader TEXT GENERATED ALWAYS AS (coalesce(stored_by ->> 'id', stored_by ->> 'name')) VIRTUAL;

-- As it was, and with what decides whether a signature is live: counting those of an image reads no rows.
DROP INDEX signatures_by_image;
CREATE INDEX signatures_by_image ON signatures (repository, digest, id, signer, signing_key, withdrawn_at)
  WHERE withdrawn_at IS NULL;

CREATE INDEX signatures_of_repository ON signatures (repository, id);
CREATE INDEX signatures_by_tag ON signatures (tag, id DESC) WHERE tag IS NOT NULL;
CREATE INDEX signatures_by_name_and_tag ON signatures (repository, tag, id DESC) WHERE tag IS NOT NULL;
CREATE INDEX signatures_by_uploader ON signatures (uploader, id);
CREATE INDEX signatures_withdrawn ON signatures (id) WHERE withdrawn_at IS NOT NULL;
-- What the two hot indexes leave out: a list of all is both merged, and an upload does not pay for it.
CREATE INDEX signatures_of_image ON signatures (repository, digest, id) WHERE withdrawn_at IS NOT NULL;
CREATE INDEX signatures_of_digest ON signatures (digest, id) WHERE withdrawn_at IS NOT NULL;

CREATE TABLE repositories (
  id             INTEGER PRIMARY KEY,
  name           TEXT NOT NULL UNIQUE,
  images         INTEGER NOT NULL,
  signatures     INTEGER NOT NULL,        -- standing or not
  last_stored_at INTEGER NOT NULL
) STRICT;

-- Each name, in lower case, from each place where a word begins: "quay.io/acme/app" under itself, "io/acme/app",
-- "acme/app", "app". A search is a range of this, however many names there are.
CREATE TABLE repository_words (
  word       TEXT NOT NULL,
  repository INTEGER NOT NULL REFERENCES repositories (id),
  PRIMARY KEY (word, repository)
) STRICT, WITHOUT ROWID;

-- Which keys the standing signatures of an image are by. Images are many, different sets of keys are few.
CREATE TABLE signer_sets (
  id      INTEGER PRIMARY KEY,
  members TEXT NOT NULL UNIQUE,           -- "<signer>/<signing key>", sorted, separated by spaces
  images  INTEGER NOT NULL
) STRICT;

CREATE TABLE images (
  id              INTEGER PRIMARY KEY,
  repository      INTEGER NOT NULL REFERENCES repositories (id),
  digest          TEXT NOT NULL,
  signatures      INTEGER NOT NULL,       -- standing or not
  signers         INTEGER REFERENCES signer_sets (id),
  first_stored_at INTEGER NOT NULL,
  last_stored_at  INTEGER NOT NULL,
  UNIQUE (repository, digest)
) STRICT;

CREATE INDEX images_of_repository ON images (repository, id);
CREATE INDEX images_by_digest ON images (digest, id);

-- How many signatures each key made, in each repository and in all.
CREATE TABLE repository_signers (
  repository  TEXT NOT NULL,
  signer      TEXT NOT NULL,
  signing_key TEXT NOT NULL,
  standing    INTEGER NOT NULL,
  PRIMARY KEY (repository, signer, signing_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE signers (
  signer      TEXT NOT NULL REFERENCES keys (fingerprint),
  signing_key TEXT NOT NULL,
  signatures  INTEGER NOT NULL,           -- standing or not
  standing    INTEGER NOT NULL,
  PRIMARY KEY (signer, signing_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE totals (
  one          INTEGER PRIMARY KEY CHECK (one = 1),
  repositories INTEGER NOT NULL
) STRICT;

CREATE TABLE upload_days (
  day    TEXT PRIMARY KEY,                -- in UTC, "2026-01-31"
  stored INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Refused uploads. Not part of the audit log, since nothing changed: the latest are kept, and the counts by day.
CREATE TABLE refusals (
  id     INTEGER PRIMARY KEY AUTOINCREMENT,
  at     INTEGER NOT NULL,
  actor  TEXT NOT NULL CHECK (json_valid(actor)),
  code   TEXT NOT NULL,
  detail TEXT NOT NULL,                   -- what the uploader was told
  target TEXT                             -- as the uploader wrote it
) STRICT;

CREATE TABLE refusal_days (
  day   TEXT NOT NULL,
  code  TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (day, code)
) STRICT, WITHOUT ROWID;

-- With all that a search looks at, so that it need not read past the material of every key.
CREATE INDEX keys_by_age ON keys (registered_at, fingerprint, state, expires_at, name, user_ids, signing_keys, scopes);
CREATE INDEX keys_by_state ON keys (state, expires_at);
CREATE INDEX tokens_by_age ON tokens (created_at, id, name, scopes);
CREATE INDEX audit_by_action ON audit (action, seq);
CREATE INDEX audit_by_actor_name ON audit (actor ->> 'name', seq);
CREATE INDEX audit_by_actor_id ON audit (actor ->> 'id', seq);

-- Earliest and latest time in each thousand rows of the audit log: where a window of time begins and ends. Rows are not
-- quite in the order of time, since clocks are set, and since a change waits for its turn after it was asked for.
CREATE TABLE audit_times (
  thousand INTEGER PRIMARY KEY,           -- seq / 1000
  earliest INTEGER NOT NULL,
  latest   INTEGER NOT NULL
) STRICT;

-- 1, 2, 3, …: where words can begin. Triggers know no loops.
CREATE TABLE positions (n INTEGER PRIMARY KEY) STRICT;
INSERT INTO positions WITH RECURSIVE up (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < 512) SELECT n FROM up;

INSERT INTO totals (one, repositories) VALUES (1, 0);

CREATE TRIGGER repository_added AFTER INSERT ON repositories BEGIN
  UPDATE totals SET repositories = repositories + 1;
  INSERT INTO repository_words (word, repository)
    SELECT substr(lower(new.name), n), new.id FROM positions
     WHERE n <= length(new.name) AND (n = 1 OR substr(new.name, n - 1, 1) IN ('/', '.', '-', '_', ':'))
       AND substr(new.name, n, 1) NOT IN ('/', '.', '-', '_', ':');
END;

CREATE TRIGGER image_added AFTER INSERT ON images BEGIN
  UPDATE repositories SET images = images + 1 WHERE id = new.repository;
END;

-- Whose set was looked for and not found: most images are signed by the same keys as others before them.
CREATE TRIGGER image_signed_anew AFTER UPDATE OF signers ON images WHEN new.signers IS NULL BEGIN
  INSERT INTO signer_sets (members, images) SELECT coalesce(group_concat(member, ' '), ''), 0 FROM
    (SELECT DISTINCT signer || '/' || signing_key AS member FROM signatures
      WHERE repository = (SELECT name FROM repositories WHERE id = new.repository) AND digest = new.digest
        AND withdrawn_at IS NULL ORDER BY member);
  UPDATE images SET signers = last_insert_rowid() WHERE id = new.id;
END;

CREATE TRIGGER image_signed_by AFTER UPDATE OF signers ON images BEGIN
  UPDATE signer_sets SET images = images - 1 WHERE id = old.signers;
  UPDATE signer_sets SET images = images + 1 WHERE id = new.signers;
END;

CREATE TRIGGER audited AFTER INSERT ON audit BEGIN
  INSERT INTO audit_times (thousand, earliest, latest) VALUES (new.seq / 1000, new.at, new.at)
    ON CONFLICT (thousand) DO UPDATE SET earliest = min(earliest, excluded.earliest), latest = max(latest, excluded.latest);
END;

CREATE TRIGGER signature_stored AFTER INSERT ON signatures BEGIN
  INSERT INTO repositories (name, images, signatures, last_stored_at) VALUES (new.repository, 0, 1, new.stored_at)
    ON CONFLICT (name) DO UPDATE SET
      signatures = signatures + 1, last_stored_at = max(last_stored_at, excluded.last_stored_at);
  INSERT INTO images (repository, digest, signatures, first_stored_at, last_stored_at)
    SELECT id, new.digest, 1, new.stored_at, new.stored_at FROM repositories WHERE name = new.repository
    ON CONFLICT (repository, digest) DO UPDATE SET
      signatures = signatures + 1, first_stored_at = min(first_stored_at, excluded.first_stored_at),
      last_stored_at = max(last_stored_at, excluded.last_stored_at);
  INSERT INTO repository_signers (repository, signer, signing_key, standing)
    VALUES (new.repository, new.signer, new.signing_key, new.withdrawn_at IS NULL)
    ON CONFLICT DO UPDATE SET standing = standing + excluded.standing;
  INSERT INTO signers (signer, signing_key, signatures, standing)
    VALUES (new.signer, new.signing_key, 1, new.withdrawn_at IS NULL)
    ON CONFLICT DO UPDATE SET signatures = signatures + 1, standing = standing + excluded.standing;
  INSERT INTO upload_days (day, stored) VALUES (date(new.stored_at / 1000, 'unixepoch'), 1)
    ON CONFLICT (day) DO UPDATE SET stored = stored + 1;
  UPDATE images SET signers = (SELECT id FROM signer_sets WHERE members =
    (SELECT coalesce(group_concat(member, ' '), '') FROM
      (SELECT DISTINCT signer || '/' || signing_key AS member FROM signatures
        WHERE repository = new.repository AND digest = new.digest AND withdrawn_at IS NULL ORDER BY member)))
   WHERE repository = (SELECT id FROM repositories WHERE name = new.repository) AND digest = new.digest
     AND (signers IS NULL OR NOT EXISTS (
       SELECT 1 FROM signatures WHERE repository = new.repository AND digest = new.digest AND withdrawn_at IS NULL
          AND signer = new.signer AND signing_key = new.signing_key AND id < new.id));
END;

CREATE TRIGGER signature_withdrawn AFTER UPDATE OF withdrawn_at ON signatures
  WHEN (old.withdrawn_at IS NULL) <> (new.withdrawn_at IS NULL) BEGIN
  UPDATE repository_signers SET standing = standing + iif(new.withdrawn_at IS NULL, 1, -1)
   WHERE repository = new.repository AND signer = new.signer AND signing_key = new.signing_key;
  UPDATE signers SET standing = standing + iif(new.withdrawn_at IS NULL, 1, -1)
   WHERE signer = new.signer AND signing_key = new.signing_key;
  UPDATE images SET signers = (SELECT id FROM signer_sets WHERE members =
    (SELECT coalesce(group_concat(member, ' '), '') FROM
      (SELECT DISTINCT signer || '/' || signing_key AS member FROM signatures
        WHERE repository = new.repository AND digest = new.digest AND withdrawn_at IS NULL ORDER BY member)))
   WHERE repository = (SELECT id FROM repositories WHERE name = new.repository) AND digest = new.digest;
END;

-- What was stored before there was a catalogue.
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
CREATE TEMP TABLE image_members (image INTEGER PRIMARY KEY, members TEXT NOT NULL) STRICT;
INSERT INTO image_members (image, members)
  SELECT i.id, coalesce((SELECT group_concat(member, ' ') FROM
    (SELECT DISTINCT s.signer || '/' || s.signing_key AS member FROM signatures s
      WHERE s.repository = r.name AND s.digest = i.digest AND s.withdrawn_at IS NULL ORDER BY member)), '')
    FROM images i JOIN repositories r ON r.id = i.repository;
INSERT INTO signer_sets (members, images) SELECT DISTINCT members, 0 FROM image_members;
UPDATE images SET signers = (SELECT s.id FROM image_members m JOIN signer_sets s ON s.members = m.members WHERE m.image = images.id);
DROP TABLE image_members;
