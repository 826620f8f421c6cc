-- Facts, one row each, in one global sequence. Nothing is ever changed or taken away: the triggers
-- refuse it here, and the hashes prove it to whoever goes round them.
CREATE TABLE fact (
  seq      INTEGER PRIMARY KEY CHECK (seq > 0),
  at       TEXT NOT NULL,
  actor    TEXT NOT NULL,
  type     TEXT NOT NULL,
  body     TEXT NOT NULL,
  previous TEXT NOT NULL CHECK (length(previous) = 64),
  hash     TEXT NOT NULL CHECK (length(hash) = 64)
) STRICT;

CREATE TRIGGER fact_is_never_changed BEFORE UPDATE ON fact
BEGIN
  SELECT RAISE(ABORT, 'a fact is never changed');
END;

CREATE TRIGGER fact_is_never_deleted BEFORE DELETE ON fact
BEGIN
  SELECT RAISE(ABORT, 'a fact is never deleted');
END;

CREATE TRIGGER fact_follows_the_last BEFORE INSERT ON fact
WHEN NEW.seq <> (SELECT COALESCE(MAX(seq), 0) + 1 FROM fact)
BEGIN
  SELECT RAISE(ABORT, 'a fact follows the last one without a gap');
END;
