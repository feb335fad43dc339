//! Every SQL statement of the SQLite store. `$1` is the tenant throughout.
//!
//! Several ids that are asked for come as one JSON array. `jsonb_each` reads it once, where `json_each` would read each row again for
//! each column (a quarter slower). `CROSS JOIN` fixes the order of the loops: first what was asked for, then a search in the index.
//!
//! Rows that are written come as bound values, many in a statement: see `Rows`.

/// A statement over rows of bound values. Its parameters have no numbers: sqlx looks each number up among all of them.
#[derive(Clone, Copy, Debug)]
pub struct Rows {
    head: &'static str,
    row: &'static str,
    tail: &'static str,
}

impl Rows {
    /// Its text for so many rows.
    #[must_use]
    pub fn text(&self, rows: usize) -> String {
        let rows = vec![self.row; rows].join(",");
        format!("{}{rows}{}", self.head, self.tail)
    }
}

/// Cases by id, in the order in which they are asked for.
pub const LOAD: &str = "SELECT c.id, c.process, c.plan, c.seq, c.wake_us, c.state, \
    (SELECT o.body FROM occurrences AS o WHERE o.tenant = $1 AND o.case_id = c.id) \
    FROM jsonb_each($2) AS wanted CROSS JOIN cases AS c WHERE c.tenant = $1 AND c.id = wanted.value";

/// The same without what has happened to them.
pub const LOAD_THIN: &str = "SELECT c.id, c.process, c.plan, c.seq, c.wake_us, c.state, NULL \
    FROM jsonb_each($2) AS wanted CROSS JOIN cases AS c WHERE c.tenant = $1 AND c.id = wanted.value";

/// What is due, in the order in which it is gone through.
pub const DUE: &str = "SELECT wake_us, id FROM cases WHERE tenant = $1 AND wake_us <= $2 ORDER BY wake_us, id LIMIT $3";

/// The earliest wake.
pub const NEXT_WAKE: &str =
    "SELECT wake_us FROM cases WHERE tenant = $1 AND wake_us IS NOT NULL ORDER BY wake_us LIMIT 1";

/// Who links to these cases.
pub const READERS: &str = "SELECT l.other, l.link, c.plan, l.case_id FROM jsonb_each($2) AS wanted \
    CROSS JOIN links AS l CROSS JOIN cases AS c WHERE l.tenant = $1 AND l.other = wanted.value \
    AND c.tenant = $1 AND c.id = l.case_id ORDER BY l.other, l.link, l.case_id";

/// Inputs that are in the history already.
pub const RECORDED: &str = "SELECT h.case_id, h.input_key, c.process, h.first, h.seq, h.at_us, h.late_us, h.body \
    FROM jsonb_each($2) AS wanted CROSS JOIN history AS h CROSS JOIN cases AS c \
    WHERE h.tenant = $1 AND h.case_id = wanted.value->>0 AND h.input_key = wanted.value->>1 \
    AND c.tenant = $1 AND c.id = h.case_id ORDER BY h.case_id, h.first";

/// Sealed values.
pub const SEALED: &str = "SELECT s.case_id, s.seq, s.field, s.value FROM jsonb_each($2) AS wanted \
    CROSS JOIN sealed AS s WHERE s.tenant = $1 AND s.case_id = wanted.value->>0 AND s.seq = wanted.value->>1 \
    AND s.field = wanted.value->>2 AND s.value IS NOT NULL";

/// A person by name.
pub const PERSON: &str = "SELECT id FROM people WHERE tenant = $1 AND name = $2";

/// A new person gets the next number.
pub const ADD_PERSON: &str = "INSERT INTO people (tenant, id, name) \
    VALUES ($1, 1 + coalesce((SELECT max(id) FROM people WHERE tenant = $1), 0), $2) RETURNING id";

/// People who came in a transaction that does not need them.
pub const FORGET_PEOPLE: &str = "DELETE FROM people WHERE tenant = $1 \
    AND id IN (SELECT CAST(value AS INTEGER) FROM jsonb_each($2))";

/// People by id.
pub const NAMES: &str = "SELECT p.id, p.name FROM jsonb_each($2) AS wanted \
    CROSS JOIN people AS p WHERE p.tenant = $1 AND p.id = wanted.value AND p.name IS NOT NULL";

/// The records of a case that hold its entries after `$3`, up to `$4`.
pub const HISTORY: &str = "SELECT c.process, h.first, h.seq, h.at_us, h.late_us, h.body \
    FROM cases AS c CROSS JOIN history AS h WHERE c.tenant = $1 AND c.id = $2 \
    AND h.tenant = $1 AND h.case_id = $2 AND h.seq > $3 AND h.first <= $4 ORDER BY h.seq";

/// Open cases of a process that go by a plan, or by another one, in the order of their ids after `$5`.
pub const VERSIONS: &str = "SELECT id FROM cases WHERE tenant = $1 AND process = $2 AND (plan = $3) = $4 AND id > $5 \
    AND status <> 'ended' ORDER BY id LIMIT $6";

/// Those of some cases whose history has an entry of a kind: `$3` is how such an entry begins.
pub const EVER: &str = "SELECT wanted.value FROM jsonb_each($2) AS wanted WHERE EXISTS (SELECT 1 FROM history AS h \
    WHERE h.tenant = $1 AND h.case_id = wanted.value AND instr(h.body, $3) > 0)";

/// New cases.
pub const INSERT_CASES: Rows = Rows {
    head: "INSERT INTO cases (tenant, id, process, plan, seq, wake_us, status, outcome, overdue, state) VALUES ",
    row: "(?,?,?,?,?,?,?,?,?,?)",
    tail: "",
};

/// New states of cases that are there; process and plan stay as they are. In the place of the plan stands the number of the state that
/// makes way: where the case is at another one, nothing happens. (`UPDATE .. FROM` lets SQLite go through all cases of the tenant; this
/// searches each.)
pub const UPDATE_CASES: Rows = Rows {
    head: "INSERT INTO cases (tenant, id, process, plan, seq, wake_us, status, outcome, overdue, state) VALUES ",
    row: "(?,?,'',?,?,?,?,?,?,?)",
    tail: " ON CONFLICT (tenant, id) DO UPDATE SET \
        seq = excluded.seq, wake_us = excluded.wake_us, status = excluded.status, outcome = excluded.outcome, \
        overdue = excluded.overdue, state = excluded.state WHERE cases.seq = CAST(excluded.plan AS INTEGER)",
};

/// The same for cases that go over to another plan, with that in its place, and the number of the state that makes way in the place of
/// the process.
pub const MOVE_CASES: Rows = Rows {
    head: "INSERT INTO cases (tenant, id, process, plan, seq, wake_us, status, outcome, overdue, state) VALUES ",
    row: "(?,?,?,?,?,?,?,?,?,?)",
    tail: " ON CONFLICT (tenant, id) DO UPDATE SET plan = excluded.plan, \
        seq = excluded.seq, wake_us = excluded.wake_us, status = excluded.status, outcome = excluded.outcome, \
        overdue = excluded.overdue, state = excluded.state WHERE cases.seq = CAST(excluded.process AS INTEGER)",
};

/// Of some cases, `(id, seq)`, one that is not at this number; 0 is for one that is not there.
pub const CONFLICT: &str = "SELECT wanted.value->>0 FROM jsonb_each($2) AS wanted \
    WHERE wanted.value->>1 <> coalesce((SELECT seq FROM cases WHERE tenant = $1 AND id = wanted.value->>0), 0) LIMIT 1";

/// What has happened to a case, anew.
pub const PUT_OCCURRENCES: Rows = Rows {
    head: "INSERT INTO occurrences (tenant, case_id, body) VALUES ",
    row: "(?,?,?)",
    tail: " ON CONFLICT DO UPDATE SET body = excluded.body",
};

/// New records.
pub const INSERT_HISTORY: Rows = Rows {
    head: "INSERT INTO history (tenant, case_id, seq, first, at_us, late_us, input_key, body) VALUES ",
    row: "(?,?,?,?,?,?,?,?)",
    tail: "",
};

/// New sealed values.
pub const INSERT_SEALED: Rows = Rows {
    head: "INSERT INTO sealed (tenant, case_id, seq, field, value) VALUES ",
    row: "(?,?,?,?,?)",
    tail: "",
};

/// Tasks that are no longer open.
pub const DELETE_TASKS: Rows = Rows {
    head: "DELETE FROM tasks WHERE (tenant, case_id, number) IN (VALUES ",
    row: "(?,?,?)",
    tail: ")",
};

/// Tasks that opened or changed.
pub const PUT_TASKS: Rows = Rows {
    head: "INSERT INTO tasks (tenant, case_id, number, name, role, due_us, overdue) VALUES ",
    row: "(?,?,?,?,?,?,?)",
    tail: " ON CONFLICT DO UPDATE SET \
        name = excluded.name, role = excluded.role, due_us = excluded.due_us, overdue = excluded.overdue",
};

/// Deadlines that run no longer.
pub const DELETE_DEADLINES: Rows = Rows {
    head: "DELETE FROM deadlines WHERE (tenant, case_id, number) IN (VALUES ",
    row: "(?,?,?)",
    tail: ")",
};

/// Deadlines that started or changed.
pub const PUT_DEADLINES: Rows = Rows {
    head: "INSERT INTO deadlines (tenant, case_id, number, name, due_us, overdue) VALUES ",
    row: "(?,?,?,?,?,?)",
    tail: " ON CONFLICT DO UPDATE SET \
        name = excluded.name, due_us = excluded.due_us, overdue = excluded.overdue",
};

/// Findings that a role is told no longer.
pub const DELETE_FINDINGS: Rows = Rows {
    head: "DELETE FROM findings WHERE (tenant, case_id, number, role) IN (VALUES ",
    row: "(?,?,?,?)",
    tail: ")",
};

/// Findings that opened or changed.
pub const PUT_FINDINGS: Rows = Rows {
    head: "INSERT INTO findings (tenant, case_id, number, role, leads, level, say, since_us, snoozed_us) VALUES ",
    row: "(?,?,?,?,?,?,?,?,?)",
    tail: " ON CONFLICT (tenant, case_id, number, role) DO UPDATE SET \
        leads = excluded.leads, level = excluded.level, say = excluded.say, since_us = excluded.since_us, \
        snoozed_us = excluded.snoozed_us",
};

/// Tracks on which a case is no longer.
pub const DELETE_PLACES: Rows = Rows {
    head: "DELETE FROM places WHERE (tenant, case_id, track) IN (VALUES ",
    row: "(?,?,?)",
    tail: ")",
};

/// Stages that were entered.
pub const PUT_PLACES: Rows = Rows {
    head: "INSERT INTO places (tenant, case_id, track, stage, since_us) VALUES ",
    row: "(?,?,?,?,?)",
    tail: " ON CONFLICT DO UPDATE SET stage = excluded.stage, since_us = excluded.since_us",
};

/// Links that are gone.
pub const DELETE_LINKS: Rows = Rows {
    head: "DELETE FROM links WHERE (tenant, case_id, link, other) IN (VALUES ",
    row: "(?,?,?,?)",
    tail: ")",
};

/// New links.
pub const PUT_LINKS: Rows = Rows {
    head: "INSERT INTO links (tenant, case_id, link, other) VALUES ",
    row: "(?,?,?,?)",
    tail: "",
};

/// A plan; the first of its id stays.
pub const PUT_PLAN: &str = "INSERT INTO plans (tenant, id, process, sources) VALUES ($1, $2, $3, $4) ON CONFLICT (tenant, id) DO NOTHING";

/// A plan by id.
pub const PLAN: &str = "SELECT process, sources FROM plans WHERE tenant = $1 AND id = $2";

/// The plans that are stored.
pub const PLANS: &str = "SELECT id, process FROM plans WHERE tenant = $1 ORDER BY process, id";

/// Puts a plan in force.
pub const ACTIVATE: &str = "INSERT INTO active_plans (tenant, process, plan, since_us) VALUES ($1, $2, $3, $4) \
    ON CONFLICT (tenant, process) DO UPDATE SET plan = excluded.plan, since_us = excluded.since_us WHERE plan <> excluded.plan";

/// The plans in force.
pub const ACTIVE: &str = "SELECT process, plan FROM active_plans WHERE tenant = $1";

/// Who has a plan.
pub const TENANTS: &str = "SELECT DISTINCT tenant FROM plans ORDER BY tenant";

/// Whose time it is.
pub const CLOCK: &str = "SELECT now_us FROM database_clock";

/// Whose time it is, and a number that is another one when another connection has committed since.
pub const AS_OF: &str = "SELECT now_us, data_version FROM database_clock, pragma_data_version";

/// Settles the kind of clock of a new database.
pub const MAKE_CLOCK: &str = "INSERT INTO database_clock (id, now_us) VALUES (1, $1)";

/// Sets a virtual clock.
pub const SET_CLOCK: &str = "UPDATE database_clock SET now_us = $1";

/// Cases in the order of their ids. `$2` after this id, `$3` statuses, `$4` limit.
pub const CASES: &str = "SELECT id, process, plan, seq, wake_us, state, \
    (SELECT o.body FROM occurrences AS o WHERE o.tenant = $1 AND o.case_id = cases.id) FROM cases WHERE tenant = $1 AND id > $2 \
    AND status IN (SELECT value FROM json_each($3)) ORDER BY id LIMIT $4";

/// The same of one process, `$5`.
pub const CASES_OF_PROCESS: &str = "SELECT id, process, plan, seq, wake_us, state, \
    (SELECT o.body FROM occurrences AS o WHERE o.tenant = $1 AND o.case_id = cases.id) FROM cases INDEXED BY cases_by_process \
    WHERE tenant = $1 AND process = $5 AND id > $2 AND status IN (SELECT value FROM json_each($3)) ORDER BY id LIMIT $4";

/// The same of what is overdue, `$5` a process or null.
pub const CASES_OVERDUE: &str = "SELECT id, process, plan, seq, wake_us, state, \
    (SELECT o.body FROM occurrences AS o WHERE o.tenant = $1 AND o.case_id = cases.id) FROM cases INDEXED BY cases_overdue \
    WHERE tenant = $1 AND overdue = 1 AND id > $2 AND status IN (SELECT value FROM json_each($3)) \
    AND ($5 IS NULL OR process = $5) ORDER BY id LIMIT $4";

/// The same of a stage, `$6`; `$7` whether it must be overdue.
pub const CASES_IN_STAGE: &str = "SELECT c.id, c.process, c.plan, c.seq, c.wake_us, c.state, \
    (SELECT o.body FROM occurrences AS o WHERE o.tenant = $1 AND o.case_id = c.id) FROM \
    (SELECT DISTINCT case_id FROM places WHERE tenant = $1 AND stage = $6 AND case_id > $2) AS p \
    CROSS JOIN cases AS c WHERE c.tenant = $1 AND c.id = p.case_id AND c.status IN (SELECT value FROM json_each($3)) \
    AND ($5 IS NULL OR c.process = $5) AND c.overdue >= $7 ORDER BY p.case_id LIMIT $4";

/// Open tasks by due instant. `$2 $3 $4` the place before, `$5` limit.
pub const TASKS: &str = "SELECT t.case_id, c.process, c.plan, t.number, c.state->>'started', c.state->'tasks'->CAST(t.number AS TEXT) \
    FROM tasks AS t INDEXED BY tasks_by_due CROSS JOIN cases AS c \
    WHERE t.tenant = $1 AND (t.due_us, t.case_id, t.number) > ($2, $3, $4) AND c.tenant = $1 AND c.id = t.case_id \
    ORDER BY t.due_us, t.case_id, t.number LIMIT $5";

/// The same of a role, `$6`; `$7` whether overdue.
pub const TASKS_OF_ROLE: &str = "SELECT t.case_id, c.process, c.plan, t.number, c.state->>'started', c.state->'tasks'->CAST(t.number AS TEXT) \
    FROM tasks AS t INDEXED BY tasks_by_role CROSS JOIN cases AS c \
    WHERE t.tenant = $1 AND t.role = $6 AND (t.due_us, t.case_id, t.number) > ($2, $3, $4) AND t.overdue >= $7 \
    AND c.tenant = $1 AND c.id = t.case_id ORDER BY t.due_us, t.case_id, t.number LIMIT $5";

/// The same of what is overdue, `$6` a role or null.
pub const TASKS_OVERDUE: &str = "SELECT t.case_id, c.process, c.plan, t.number, c.state->>'started', c.state->'tasks'->CAST(t.number AS TEXT) \
    FROM tasks AS t INDEXED BY tasks_overdue CROSS JOIN cases AS c \
    WHERE t.tenant = $1 AND t.overdue = 1 AND (t.due_us, t.case_id, t.number) > ($2, $3, $4) \
    AND ($6 IS NULL OR t.role = $6) \
    AND c.tenant = $1 AND c.id = t.case_id ORDER BY t.due_us, t.case_id, t.number LIMIT $5";

/// The same of one case, `$8`.
pub const TASKS_OF_CASE: &str = "SELECT t.case_id, c.process, c.plan, t.number, c.state->>'started', c.state->'tasks'->CAST(t.number AS TEXT) \
    FROM tasks AS t CROSS JOIN cases AS c \
    WHERE t.tenant = $1 AND t.case_id = $8 AND (t.due_us, t.case_id, t.number) > ($2, $3, $4) \
    AND ($6 IS NULL OR t.role = $6) AND t.overdue >= $7 \
    AND c.tenant = $1 AND c.id = $8 ORDER BY t.due_us, t.case_id, t.number LIMIT $5";

/// Running deadlines by due instant. `$2 $3 $4` the place before, `$5` limit.
pub const DEADLINES: &str = "SELECT d.case_id, c.process, c.plan, d.number, c.state->>'started', c.state->'deadlines'->CAST(d.number AS TEXT) \
    FROM deadlines AS d INDEXED BY deadlines_by_due CROSS JOIN cases AS c \
    WHERE d.tenant = $1 AND (d.due_us, d.case_id, d.number) > ($2, $3, $4) AND c.tenant = $1 AND c.id = d.case_id \
    ORDER BY d.due_us, d.case_id, d.number LIMIT $5";

/// The same of what is overdue.
pub const DEADLINES_OVERDUE: &str = "SELECT d.case_id, c.process, c.plan, d.number, c.state->>'started', c.state->'deadlines'->CAST(d.number AS TEXT) \
    FROM deadlines AS d INDEXED BY deadlines_overdue CROSS JOIN cases AS c \
    WHERE d.tenant = $1 AND d.overdue = 1 AND (d.due_us, d.case_id, d.number) > ($2, $3, $4) \
    AND c.tenant = $1 AND c.id = d.case_id ORDER BY d.due_us, d.case_id, d.number LIMIT $5";

/// The same of one case, `$6`; `$7` whether overdue.
pub const DEADLINES_OF_CASE: &str = "SELECT d.case_id, c.process, c.plan, d.number, c.state->>'started', c.state->'deadlines'->CAST(d.number AS TEXT) \
    FROM deadlines AS d CROSS JOIN cases AS c \
    WHERE d.tenant = $1 AND d.case_id = $6 AND (d.due_us, d.case_id, d.number) > ($2, $3, $4) AND d.overdue >= $7 \
    AND c.tenant = $1 AND c.id = $6 ORDER BY d.due_us, d.case_id, d.number LIMIT $5";

/// Open findings, escalations first. `$2 $3 $4 $5` the place before, `$6` limit, `$7` a level or null, `$8` not snoozed at, or null.
pub const FINDINGS: &str = "SELECT f.case_id, c.process, c.plan, f.number, c.state->>'started', c.state->'findings'->CAST(f.number AS TEXT) \
    FROM findings AS f INDEXED BY findings_lead CROSS JOIN cases AS c \
    WHERE f.tenant = $1 AND f.leads = 1 AND (f.level, f.since_us, f.case_id, f.number) > ($2, $3, $4, $5) \
    AND ($7 IS NULL OR f.level = $7) AND ($8 IS NULL OR f.snoozed_us IS NULL OR f.snoozed_us <= $8) \
    AND c.tenant = $1 AND c.id = f.case_id ORDER BY f.level, f.since_us, f.case_id, f.number LIMIT $6";

/// The same of what a role is told, `$9`.
pub const FINDINGS_OF_ROLE: &str = "SELECT f.case_id, c.process, c.plan, f.number, c.state->>'started', c.state->'findings'->CAST(f.number AS TEXT) \
    FROM findings AS f INDEXED BY findings_by_role CROSS JOIN cases AS c \
    WHERE f.tenant = $1 AND f.role = $9 AND (f.level, f.since_us, f.case_id, f.number) > ($2, $3, $4, $5) \
    AND ($7 IS NULL OR f.level = $7) AND ($8 IS NULL OR f.snoozed_us IS NULL OR f.snoozed_us <= $8) \
    AND c.tenant = $1 AND c.id = f.case_id ORDER BY f.level, f.since_us, f.case_id, f.number LIMIT $6";

/// The same of one case, `$10`, and, where it is not null, of what role `$9` is told.
pub const FINDINGS_OF_CASE: &str = "SELECT f.case_id, c.process, c.plan, f.number, c.state->>'started', c.state->'findings'->CAST(f.number AS TEXT) \
    FROM findings AS f CROSS JOIN cases AS c \
    WHERE f.tenant = $1 AND f.case_id = $10 AND (f.level, f.since_us, f.case_id, f.number) > ($2, $3, $4, $5) \
    AND ($9 IS NULL AND f.leads = 1 OR f.role = $9) \
    AND ($7 IS NULL OR f.level = $7) AND ($8 IS NULL OR f.snoozed_us IS NULL OR f.snoozed_us <= $8) \
    AND c.tenant = $1 AND c.id = $10 ORDER BY f.level, f.since_us, f.case_id, f.number LIMIT $6";

/// Logs a read of personal data.
pub const LOG_READ: &str =
    "INSERT INTO reads (tenant, at_us, role, person, why, cases) VALUES ($1, $2, $3, $4, $5, $6)";

/// Reads of personal data of one case. Asked rarely, by people, so the log is gone through.
pub const READS: &str = "SELECT at_us, role, person, why, cases FROM reads WHERE tenant = $1 \
    AND EXISTS (SELECT 1 FROM json_each(cases) WHERE value = $2) ORDER BY at_us, id";

/// How much there is. The number of a case is that of its last entry, and there is no gap.
pub const COUNTS: &str = "SELECT \
    (SELECT count(*) FROM cases WHERE tenant = $1 AND status = 'open'), \
    (SELECT count(*) FROM cases WHERE tenant = $1 AND status = 'held'), \
    (SELECT count(*) FROM cases WHERE tenant = $1 AND status = 'ended'), \
    (SELECT coalesce(sum(seq), 0) FROM cases WHERE tenant = $1), \
    (SELECT count(*) FROM tasks WHERE tenant = $1), \
    (SELECT count(*) FROM findings WHERE tenant = $1 AND leads = 1), \
    (SELECT count(*) FROM plans WHERE tenant = $1)";

/// A page of cases with all their columns.
pub const AUDIT_CASES: &str = "SELECT id, process, plan, seq, wake_us, state, \
    (SELECT o.body FROM occurrences AS o WHERE o.tenant = $1 AND o.case_id = cases.id), status, outcome, overdue FROM cases \
    WHERE tenant = $1 AND id > $2 ORDER BY id LIMIT $3";

/// The rows of a case in each read model.
pub const AUDIT_TASKS: &str =
    "SELECT number, name, role, due_us, overdue FROM tasks WHERE tenant = $1 AND case_id = $2";
/// See `AUDIT_TASKS`.
pub const AUDIT_DEADLINES: &str =
    "SELECT number, name, due_us, overdue FROM deadlines WHERE tenant = $1 AND case_id = $2";
/// See `AUDIT_TASKS`.
pub const AUDIT_FINDINGS: &str = "SELECT number, role, leads, level, say, since_us, snoozed_us FROM findings \
    WHERE tenant = $1 AND case_id = $2";
/// See `AUDIT_TASKS`.
pub const AUDIT_PLACES: &str =
    "SELECT track, stage, since_us FROM places WHERE tenant = $1 AND case_id = $2";
/// See `AUDIT_TASKS`.
pub const AUDIT_LINKS: &str = "SELECT link, other FROM links WHERE tenant = $1 AND case_id = $2";

/// The statements whose cost must not grow with the number of cases: each searches an index.
pub const HOT: &[&str] = &[
    LOAD,
    LOAD_THIN,
    DUE,
    NEXT_WAKE,
    READERS,
    RECORDED,
    SEALED,
    PERSON,
    NAMES,
    HISTORY,
    CONFLICT,
    PLAN,
    ACTIVE,
    CASES,
    CASES_OF_PROCESS,
    CASES_OVERDUE,
    CASES_IN_STAGE,
    TASKS,
    TASKS_OF_ROLE,
    TASKS_OVERDUE,
    TASKS_OF_CASE,
    DEADLINES,
    DEADLINES_OVERDUE,
    DEADLINES_OF_CASE,
    FINDINGS,
    FINDINGS_OF_ROLE,
    FINDINGS_OF_CASE,
    AUDIT_CASES,
    AUDIT_TASKS,
    AUDIT_DEADLINES,
    AUDIT_FINDINGS,
    AUDIT_PLACES,
    AUDIT_LINKS,
];

/// Those of them that take rows.
pub const HOT_ROWS: &[Rows] = &[
    INSERT_CASES,
    UPDATE_CASES,
    MOVE_CASES,
    PUT_OCCURRENCES,
    INSERT_HISTORY,
    INSERT_SEALED,
    DELETE_TASKS,
    PUT_TASKS,
    DELETE_DEADLINES,
    PUT_DEADLINES,
    DELETE_FINDINGS,
    PUT_FINDINGS,
    DELETE_PLACES,
    PUT_PLACES,
    DELETE_LINKS,
    PUT_LINKS,
];
