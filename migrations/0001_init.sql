-- Times are UTC milliseconds. Lists (scopes, user ids, …) are JSON arrays: they are read and written whole.

CREATE TABLE keys (
  fingerprint   TEXT PRIMARY KEY CHECK (length(fingerprint) = 40), -- of the primary key, upper-case hex
  name          TEXT NOT NULL,
  state         TEXT NOT NULL CHECK (state IN ('active', 'retired', 'revoked')),
  state_at      INTEGER,                -- since when retired or revoked
  state_reason  TEXT,
  scopes        TEXT NOT NULL CHECK (json_valid(scopes)),
  material      BLOB NOT NULL,          -- binary public key: self-signatures and revocations only
  user_ids      TEXT NOT NULL CHECK (json_valid(user_ids)),
  signing_keys  TEXT NOT NULL CHECK (json_valid(signing_keys)),
  revoked_parts TEXT NOT NULL,          -- fingerprints of revoked subkeys, separated by spaces: what they signed is not served
  created_at    INTEGER NOT NULL,
  expires_at    INTEGER,
  registered_at INTEGER NOT NULL,
  updated_at    INTEGER NOT NULL,
  revision      INTEGER NOT NULL        -- grows with every change: caches and concurrent updates compare it
) STRICT;

-- Every primary key and subkey under its 64-bit id, which is all that a signature must name. Ids can collide.
CREATE TABLE key_ids (
  key_id      TEXT NOT NULL CHECK (length(key_id) = 16),
  fingerprint TEXT NOT NULL REFERENCES keys (fingerprint),
  PRIMARY KEY (key_id, fingerprint)
) STRICT, WITHOUT ROWID;

CREATE TABLE signatures (
  id               INTEGER PRIMARY KEY AUTOINCREMENT, -- order of acceptance, never reused: the order readers see
  repository       TEXT NOT NULL,
  digest           TEXT NOT NULL,                     -- of the image manifest, "sha256:…"
  sha256           BLOB NOT NULL UNIQUE CHECK (length(sha256) = 32), -- of bytes: the same upload twice is one signature
  identity         BLOB NOT NULL UNIQUE CHECK (length(identity) = 32), -- of the signature, whatever its encoding
  bytes            BLOB NOT NULL,                     -- exactly as received, never re-encoded
  signer           TEXT NOT NULL REFERENCES keys (fingerprint),
  signing_key      TEXT NOT NULL,                     -- fingerprint of the primary key or the subkey that signed
  reference        TEXT NOT NULL,                     -- docker-reference of the claim, as signed
  signed_at        INTEGER NOT NULL,
  notes            TEXT NOT NULL CHECK (json_valid(notes)),
  stored_at        INTEGER NOT NULL,
  stored_by        TEXT NOT NULL CHECK (json_valid(stored_by)),
  withdrawn_at     INTEGER,                           -- null: live, unless its signer is revoked
  withdrawn_reason TEXT,
  CHECK ((withdrawn_at IS NULL) = (withdrawn_reason IS NULL))
) STRICT;

-- The hot read: the n-th live signature of an image, without a sort.
CREATE INDEX signatures_by_image ON signatures (repository, digest, id) WHERE withdrawn_at IS NULL;
CREATE INDEX signatures_by_digest ON signatures (digest, id) WHERE withdrawn_at IS NULL;
CREATE INDEX signatures_by_signer ON signatures (signer, id);
CREATE INDEX signatures_live_by_signer ON signatures (signer, signing_key) WHERE withdrawn_at IS NULL;

CREATE TABLE tokens (
  id           TEXT PRIMARY KEY,
  name         TEXT NOT NULL,
  sha256       BLOB NOT NULL UNIQUE CHECK (length(sha256) = 32), -- of the secret, which is stored nowhere
  permissions  TEXT NOT NULL CHECK (json_valid(permissions)),
  scopes       TEXT NOT NULL CHECK (json_valid(scopes)),
  created_at   INTEGER NOT NULL,
  expires_at   INTEGER,
  last_used_at INTEGER,
  revoked_at   INTEGER
) STRICT;

-- Who did what. Each row's hash covers the row and the hash before it; audit_head holds the last one, so that a
-- log cut short is found as well as one edited. Also the feed by which caches learn what changed.
CREATE TABLE audit (
  seq      INTEGER PRIMARY KEY,
  at       INTEGER NOT NULL,
  actor    TEXT NOT NULL CHECK (json_valid(actor)),
  action   TEXT NOT NULL,
  subject  TEXT NOT NULL,
  detail   TEXT NOT NULL CHECK (json_valid(detail)),
  previous BLOB NOT NULL CHECK (length(previous) = 32),
  hash     BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

CREATE INDEX audit_by_subject ON audit (subject, seq);

CREATE TABLE audit_head (
  one  INTEGER PRIMARY KEY CHECK (one = 1),
  seq  INTEGER NOT NULL,
  hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

INSERT INTO audit_head (one, seq, hash) VALUES (1, 0, zeroblob(32));

-- What a readiness probe writes: it must change a byte, or SQLite writes nothing and a full disk goes unnoticed.
CREATE TABLE probe (
  one  INTEGER PRIMARY KEY CHECK (one = 1),
  beat INTEGER NOT NULL
) STRICT;

INSERT INTO probe (one, beat) VALUES (1, 0);
