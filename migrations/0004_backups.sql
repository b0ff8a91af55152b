-- When the store was last backed up, which its operator wants to see the age of. Not an event of the audit log: a backup
-- changes nothing, and one an hour would be most of the log. In a backup itself, this is that backup.
CREATE TABLE last_backup (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  at  INTEGER NOT NULL                  -- when it was begun: everything acknowledged before is in it
) STRICT;
