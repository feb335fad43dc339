-- One row of history for each step instead of one for each entry, and states that say less in more. What the rows hold is brought
-- over by `engine/src/store/sqlite/forward.rs`, in the same transaction, since only the program can read it; it drops `entries_before`.

-- The old table goes aside, and what leads to `history` leads to the new one.
PRAGMA legacy_alter_table = ON;
ALTER TABLE history RENAME TO entries_before;
PRAGMA legacy_alter_table = OFF;
DROP INDEX history_by_key;
DROP TRIGGER history_is_contiguous;
DROP TRIGGER history_never_changes;
DROP TRIGGER history_is_kept;

-- The history of each case, in records of what one step wrote. Nothing in it is ever changed or deleted.
CREATE TABLE history (
    tenant    TEXT NOT NULL,
    case_id   TEXT NOT NULL,
    seq       INTEGER NOT NULL, -- the number of its last entry
    first     INTEGER NOT NULL, -- that of its first one
    at_us     INTEGER NOT NULL, -- when its entries were due, or came
    late_us   INTEGER NOT NULL, -- how much later than that they were recorded
    input_key TEXT,             -- of the input that its first entry recorded
    body      TEXT NOT NULL,    -- see `engine/src/store/entries.rs`
    PRIMARY KEY (tenant, case_id, seq),
    FOREIGN KEY (tenant, case_id) REFERENCES cases (tenant, id),
    CHECK (first <= seq),
    -- Nothing is recorded before it happened.
    CHECK (late_us >= 0)
) STRICT, WITHOUT ROWID;

-- An input goes in once.
CREATE UNIQUE INDEX history_by_key ON history (tenant, case_id, input_key) WHERE input_key IS NOT NULL;

-- Entries are numbered from 1 without a gap.
CREATE TRIGGER history_is_contiguous BEFORE INSERT ON history
WHEN NEW.first <> 1 + coalesce((SELECT max(seq) FROM history WHERE tenant = NEW.tenant AND case_id = NEW.case_id), 0)
BEGIN SELECT RAISE(ABORT, 'an entry follows the last one'); END;
CREATE TRIGGER history_never_changes BEFORE UPDATE ON history
BEGIN SELECT RAISE(ABORT, 'history never changes'); END;
CREATE TRIGGER history_is_kept BEFORE DELETE ON history
BEGIN SELECT RAISE(ABORT, 'history is kept'); END;

-- Without the status, which would have an entry of it written anew for each step.
DROP INDEX cases_by_process;
CREATE INDEX cases_by_process ON cases (tenant, process, id);

-- Sealed values led to the row of their entry, and lead to the case now: since numbers have no gap, it has that entry.
CREATE TABLE sealed_values (
    tenant  TEXT NOT NULL,
    case_id TEXT NOT NULL,
    seq     INTEGER NOT NULL,
    field   TEXT NOT NULL,
    value   TEXT, -- null once it is erased
    PRIMARY KEY (tenant, case_id, seq, field),
    FOREIGN KEY (tenant, case_id) REFERENCES cases (tenant, id)
) STRICT, WITHOUT ROWID;
INSERT INTO sealed_values SELECT tenant, case_id, seq, field, value FROM sealed;
DROP TABLE sealed;
ALTER TABLE sealed_values RENAME TO sealed;

-- Some entry brought it.
CREATE TRIGGER sealed_by_an_entry BEFORE INSERT ON sealed
WHEN NOT EXISTS (SELECT 1 FROM cases WHERE tenant = NEW.tenant AND id = NEW.case_id AND seq >= NEW.seq AND NEW.seq >= 1)
BEGIN SELECT RAISE(ABORT, 'an entry brings a sealed value'); END;
