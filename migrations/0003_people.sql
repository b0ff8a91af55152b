-- People who sign in, and where they are signed in. Machines have tokens, which are another table and another life.

CREATE TABLE users (
  name                TEXT PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 64),
  role                TEXT NOT NULL CHECK (role IN ('admin', 'viewer')),
  password            TEXT NOT NULL CHECK (password GLOB '$argon2id$*'), -- PHC string: algorithm, parameters, salt, hash
  created_at          INTEGER NOT NULL,
  password_changed_at INTEGER NOT NULL, -- not touched when the same password is hashed anew with better parameters
  last_sign_in_at     INTEGER           -- null: never
) STRICT;

-- Who may see and do what is not here: it is read from the user with every request, so that it changes at once.
CREATE TABLE sessions (
  sha256       BLOB PRIMARY KEY CHECK (length(sha256) = 32), -- of the secret in the cookie, which is stored nowhere
  user         TEXT NOT NULL REFERENCES users (name) ON DELETE CASCADE,
  created_at   INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL,        -- of a request; written about once a minute
  expires_at   INTEGER NOT NULL         -- whatever happens; the idle limit counts from last_seen_at
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_by_user ON sessions (user);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);
