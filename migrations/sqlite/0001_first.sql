-- The database of forloeb. Every key begins with the tenant, so that nothing of one can be found through another.
-- Instants are microseconds since 1970 UTC (`_us`).

-- What `file` and the program know the database by: "frlb".
PRAGMA application_id = 1718774882;

-- One row: whose time it is. A virtual clock stands still until it is told to go on; a real one has no instant here.
CREATE TABLE database_clock (
    id     INTEGER PRIMARY KEY CHECK (id = 1),
    now_us INTEGER
) STRICT;

-- A database keeps the kind of its clock, and time never runs backwards.
CREATE TRIGGER clock_goes_on BEFORE UPDATE ON database_clock
WHEN OLD.now_us IS NULL OR NEW.now_us IS NULL OR NEW.now_us < OLD.now_us
BEGIN SELECT RAISE(ABORT, 'a virtual clock never goes back, and a real one is not set'); END;
CREATE TRIGGER clock_stays BEFORE DELETE ON database_clock
BEGIN SELECT RAISE(ABORT, 'a database keeps its clock'); END;

-- Plans, stored whole: what a case was pinned to can be read for ever.
CREATE TABLE plans (
    tenant  TEXT NOT NULL,
    id      TEXT NOT NULL,
    process TEXT NOT NULL,
    sources TEXT NOT NULL CHECK (json_type(sources) = 'object'), -- path -> text
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, id, process)
) STRICT;

CREATE TRIGGER plans_stay BEFORE UPDATE ON plans
BEGIN SELECT RAISE(ABORT, 'a plan never changes'); END;

-- The plan that new cases take.
CREATE TABLE active_plans (
    tenant   TEXT NOT NULL,
    process  TEXT NOT NULL,
    plan     TEXT NOT NULL,
    since_us INTEGER NOT NULL,
    PRIMARY KEY (tenant, process),
    FOREIGN KEY (tenant, plan, process) REFERENCES plans (tenant, id, process)
) STRICT, WITHOUT ROWID;

-- The state of each case: what folding its history gives.
CREATE TABLE cases (
    tenant  TEXT NOT NULL,
    id      TEXT NOT NULL,
    process TEXT NOT NULL,
    plan    TEXT NOT NULL,
    seq     INTEGER NOT NULL,
    wake_us INTEGER,
    status  TEXT NOT NULL CHECK (status IN ('open', 'held', 'ended')),
    outcome TEXT,
    overdue INTEGER NOT NULL CHECK (overdue IN (0, 1)), -- an open task or a running deadline is
    state   TEXT NOT NULL,
    PRIMARY KEY (tenant, id),
    -- A case is pinned to a stored plan of its own process.
    FOREIGN KEY (tenant, plan, process) REFERENCES plans (tenant, id, process),
    -- Its number is that of an entry: state without history cannot be committed.
    FOREIGN KEY (tenant, id, seq) REFERENCES history (tenant, case_id, seq) DEFERRABLE INITIALLY DEFERRED,
    -- Ended, and how, go together.
    CHECK ((status = 'ended') = (outcome IS NOT NULL)),
    -- What has ended never wakes.
    CHECK (status <> 'ended' OR wake_us IS NULL)
) STRICT;

-- The only timer there is: what is due is a range of this index, however many cases sleep.
CREATE INDEX cases_by_wake ON cases (tenant, wake_us, id) WHERE wake_us IS NOT NULL;
CREATE INDEX cases_by_process ON cases (tenant, process, id, status);
CREATE INDEX cases_overdue ON cases (tenant, id) WHERE overdue = 1;

-- The history of each case. Nothing in it is ever changed or deleted.
CREATE TABLE history (
    tenant      TEXT NOT NULL,
    case_id     TEXT NOT NULL,
    seq         INTEGER NOT NULL,
    at_us       INTEGER NOT NULL,
    recorded_us INTEGER NOT NULL,
    kind        TEXT NOT NULL,
    cause       INTEGER,
    input_key   TEXT,
    body        TEXT NOT NULL,
    PRIMARY KEY (tenant, case_id, seq),
    FOREIGN KEY (tenant, case_id) REFERENCES cases (tenant, id),
    -- Nothing is recorded before it happened.
    CHECK (recorded_us >= at_us),
    -- A cause comes before what it causes.
    CHECK (cause IS NULL OR (cause >= 1 AND cause < seq))
) STRICT, WITHOUT ROWID;

-- An input goes in once.
CREATE UNIQUE INDEX history_by_key ON history (tenant, case_id, input_key) WHERE input_key IS NOT NULL;

-- Entries are numbered from 1 without a gap.
CREATE TRIGGER history_is_contiguous BEFORE INSERT ON history
WHEN NEW.seq <> 1 + coalesce((SELECT max(seq) FROM history WHERE tenant = NEW.tenant AND case_id = NEW.case_id), 0)
BEGIN SELECT RAISE(ABORT, 'an entry follows the last one'); END;
CREATE TRIGGER history_never_changes BEFORE UPDATE ON history
BEGIN SELECT RAISE(ABORT, 'history never changes'); END;
CREATE TRIGGER history_is_kept BEFORE DELETE ON history
BEGIN SELECT RAISE(ABORT, 'history is kept'); END;

-- Confidential and personal values, apart from the history so that they can be erased without breaking it.
CREATE TABLE sealed (
    tenant  TEXT NOT NULL,
    case_id TEXT NOT NULL,
    seq     INTEGER NOT NULL,
    field   TEXT NOT NULL,
    value   TEXT, -- null once it is erased
    PRIMARY KEY (tenant, case_id, seq, field),
    -- Some entry brought it.
    FOREIGN KEY (tenant, case_id, seq) REFERENCES history (tenant, case_id, seq) DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;

-- The names of those who act: the history holds their numbers only.
CREATE TABLE people (
    tenant TEXT NOT NULL,
    id     INTEGER NOT NULL CHECK (id >= 1),
    name   TEXT, -- null once it is erased
    PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;

-- One name is one person.
CREATE UNIQUE INDEX people_by_name ON people (tenant, name) WHERE name IS NOT NULL;

-- Who has looked at personal data, when, and why.
CREATE TABLE reads (
    id     INTEGER PRIMARY KEY,
    tenant TEXT NOT NULL,
    at_us  INTEGER NOT NULL,
    role   TEXT NOT NULL,
    person INTEGER,
    why    TEXT NOT NULL,
    cases  TEXT NOT NULL CHECK (json_type(cases) = 'array'),
    FOREIGN KEY (tenant, person) REFERENCES people (tenant, id)
) STRICT;

CREATE INDEX reads_by_time ON reads (tenant, at_us, id);
CREATE TRIGGER reads_never_change BEFORE UPDATE ON reads
BEGIN SELECT RAISE(ABORT, 'the log of reads never changes'); END;
CREATE TRIGGER reads_are_kept BEFORE DELETE ON reads
BEGIN SELECT RAISE(ABORT, 'the log of reads is kept'); END;

-- Read models: they follow from the state, are written with it, and only choose and order; what is shown is read from the state.
-- Each row belongs to a case that exists.

-- Open tasks.
CREATE TABLE tasks (
    tenant  TEXT NOT NULL,
    case_id TEXT NOT NULL,
    number  INTEGER NOT NULL,
    name    TEXT NOT NULL,
    role    TEXT NOT NULL,
    due_us  INTEGER NOT NULL, -- the largest integer where there is no due date, so that those come last
    overdue INTEGER NOT NULL CHECK (overdue IN (0, 1)),
    PRIMARY KEY (tenant, case_id, number),
    FOREIGN KEY (tenant, case_id) REFERENCES cases (tenant, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX tasks_by_due ON tasks (tenant, due_us, case_id, number);
CREATE INDEX tasks_by_role ON tasks (tenant, role, due_us, case_id, number);
CREATE INDEX tasks_overdue ON tasks (tenant, due_us, case_id, number, role) WHERE overdue = 1;

-- Running deadlines.
CREATE TABLE deadlines (
    tenant  TEXT NOT NULL,
    case_id TEXT NOT NULL,
    number  INTEGER NOT NULL,
    name    TEXT NOT NULL,
    due_us  INTEGER NOT NULL,
    overdue INTEGER NOT NULL CHECK (overdue IN (0, 1)),
    PRIMARY KEY (tenant, case_id, number),
    FOREIGN KEY (tenant, case_id) REFERENCES cases (tenant, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX deadlines_by_due ON deadlines (tenant, due_us, case_id, number);
CREATE INDEX deadlines_overdue ON deadlines (tenant, due_us, case_id, number) WHERE overdue = 1;

-- Open findings, one row for each role that is told; one of them leads, and stands for the finding where no role is asked for.
CREATE TABLE findings (
    tenant     TEXT NOT NULL,
    case_id    TEXT NOT NULL,
    number     INTEGER NOT NULL,
    role       TEXT NOT NULL,
    leads      INTEGER NOT NULL CHECK (leads IN (0, 1)),
    level      TEXT NOT NULL CHECK (level IN ('escalation', 'nudge')), -- escalations sort first
    say        TEXT NOT NULL,
    since_us   INTEGER NOT NULL,
    snoozed_us INTEGER,
    PRIMARY KEY (tenant, case_id, number, role),
    FOREIGN KEY (tenant, case_id) REFERENCES cases (tenant, id)
) STRICT, WITHOUT ROWID;

-- Not unique: when the order of the hearers changes, two rows lead until the batch is written. `doctor` sees that one does.
CREATE INDEX findings_lead ON findings (tenant, level, since_us, case_id, number) WHERE leads = 1;
CREATE INDEX findings_by_role ON findings (tenant, role, level, since_us, case_id, number);

-- Where each open case is, on each track.
CREATE TABLE places (
    tenant   TEXT NOT NULL,
    case_id  TEXT NOT NULL,
    track    TEXT NOT NULL,
    stage    TEXT NOT NULL,
    since_us INTEGER NOT NULL,
    PRIMARY KEY (tenant, case_id, track),
    FOREIGN KEY (tenant, case_id) REFERENCES cases (tenant, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX places_by_stage ON places (tenant, stage, case_id);

-- Which cases link to which.
CREATE TABLE links (
    tenant  TEXT NOT NULL,
    case_id TEXT NOT NULL,
    link    TEXT NOT NULL,
    other   TEXT NOT NULL,
    PRIMARY KEY (tenant, case_id, link, other),
    FOREIGN KEY (tenant, case_id) REFERENCES cases (tenant, id),
    -- A link leads to a case; both may be new in the same transaction.
    FOREIGN KEY (tenant, other) REFERENCES cases (tenant, id) DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;

CREATE INDEX links_by_other ON links (tenant, other, link, case_id);
