-- Pipelines that publish without a secret: they show a token that their CI system signed, and get a short-lived one.

CREATE TABLE publishers (
  id           TEXT PRIMARY KEY,
  name         TEXT NOT NULL UNIQUE,
  kind         TEXT NOT NULL CHECK (kind IN ('github', 'gitlab', 'kubernetes', 'other')),
  issuer       TEXT NOT NULL,                                  -- exactly as `iss` has it
  claims       TEXT NOT NULL CHECK (json_type(claims) = 'object'), -- name → exact value or pattern; all must match
  scopes       TEXT NOT NULL CHECK (json_type(scopes) = 'array'),
  keys         TEXT NOT NULL CHECK (json_type(keys) = 'array'), -- fingerprints of the keys whose signatures it may upload
  created_at   INTEGER NOT NULL,
  last_used_at INTEGER                                         -- of the last exchange; null: never
) STRICT;

CREATE INDEX publishers_by_issuer ON publishers (issuer);

-- ID tokens that were exchanged, until nobody would take them any more: each is good for one exchange.
CREATE TABLE spent_id_tokens (
  sha256     BLOB PRIMARY KEY CHECK (length(sha256) = 32), -- of issuer and jti, or of what was signed
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX spent_id_tokens_by_expiry ON spent_id_tokens (expires_at);

-- Of tokens that were given in exchange. They end with their publisher.
ALTER TABLE tokens ADD COLUMN publisher TEXT REFERENCES publishers (id) ON DELETE CASCADE;
-- Fingerprints of the keys whose signatures the token may upload; null: of all that are registered.
ALTER TABLE tokens ADD COLUMN keys TEXT CHECK (keys IS NULL OR json_type(keys) = 'array');

CREATE INDEX tokens_exchanged ON tokens (expires_at) WHERE publisher IS NOT NULL;
CREATE INDEX tokens_by_publisher ON tokens (publisher, created_at, id, name, scopes) WHERE publisher IS NOT NULL;

-- The list of tokens is of those that somebody made: the others come and go with every run of a pipeline.
DROP INDEX tokens_by_age;
CREATE INDEX tokens_by_age ON tokens (created_at, id, name, scopes) WHERE publisher IS NULL;
