-- Paths that stand for a registry or for repositories of one: mirrors, and bases that clients were given years ago.
CREATE TABLE aliases (
  id         INTEGER PRIMARY KEY AUTOINCREMENT, -- never reused, and rows are not changed: count and highest id tell a state of the table
  path       TEXT NOT NULL UNIQUE CHECK (path LIKE '/_%'),
  target     TEXT NOT NULL,                     -- a registry, or what names of its repositories begin with
  created_at INTEGER NOT NULL
) STRICT;
