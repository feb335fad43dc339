//! Writing a batch of changes: each table once, all rows of it in one statement.

use super::{
    super::{
        Change, Result, StoreError,
        derived::{Derived, check_seq, columns, difference},
        entries::{BodyOut, micros, stored, to_json},
    },
    statements,
};
use forloeb_core::case::CaseId;
use serde::Serialize;
use sqlx::SqliteConnection;
use std::collections::BTreeMap;

/// Rows in one statement. More only cost memory.
const ROWS: usize = 2_000;

pub(super) async fn write(
    connection: &mut SqliteConnection,
    tenant: &str,
    changes: &[Change],
) -> Result<()> {
    let mut derived = Vec::with_capacity(changes.len());
    for change in changes {
        let before = Derived::of(change.before.as_deref())?;
        derived.push((before, Derived::of(Some(&change.after.case))?));
    }
    still_as_loaded(connection, tenant, changes).await?;
    cases(connection, tenant, changes, &derived).await?;
    history(connection, tenant, changes).await?;
    sealed(connection, tenant, changes).await?;
    read_models(connection, tenant, changes, &derived).await
}

fn seq_before(change: &Change) -> u64 {
    change.before.as_ref().map_or(0, |before| before.seq)
}

async fn still_as_loaded(
    connection: &mut SqliteConnection,
    tenant: &str,
    changes: &[Change],
) -> Result<()> {
    let mut loaded = BTreeMap::new();
    for change in changes {
        let id = &change.after.case.id;
        if loaded.insert(id, stored(seq_before(change))?).is_some() {
            return Err(StoreError::Constraint(format!(
                "case `{id}` stands twice in one batch"
            )));
        }
    }
    let loaded: Vec<_> = loaded.into_iter().collect();
    let conflict: Option<String> = sqlx::query_scalar(statements::CONFLICT)
        .bind(tenant)
        .bind(to_json(&loaded)?)
        .fetch_optional(connection)
        .await?;
    match conflict {
        Some(case) => Err(StoreError::Conflict {
            case: CaseId::from(case),
        }),
        None => Ok(()),
    }
}

async fn cases(
    connection: &mut SqliteConnection,
    tenant: &str,
    changes: &[Change],
    derived: &[(Derived, Derived)],
) -> Result<()> {
    let (mut new, mut old) = (Vec::new(), Vec::new());
    for (change, (_, rows)) in changes.iter().zip(derived) {
        let case = &change.after.case;
        let last = change.entries.last().map(|entry| entry.seq);
        check_seq(case, last.unwrap_or_else(|| seq_before(change)))?;
        let (status, outcome) = columns(case);
        let row = (
            &case.id,
            &case.process,
            &case.plan,
            stored(case.seq)?,
            change.after.wake_at.map(micros).transpose()?,
            status,
            outcome,
            rows.overdue(),
            case,
        );
        match change.before {
            None => new.push(row),
            Some(_) => old.push(row),
        }
    }
    put(connection, tenant, statements::INSERT_CASES, &new).await?;
    put(connection, tenant, statements::UPDATE_CASES, &old).await
}

async fn history(
    connection: &mut SqliteConnection,
    tenant: &str,
    changes: &[Change],
) -> Result<()> {
    let mut rows = Vec::new();
    for change in changes {
        for entry in &change.entries {
            rows.push((
                &change.after.case.id,
                stored(entry.seq)?,
                micros(entry.at)?,
                micros(entry.recorded)?,
                entry.what.kind(),
                entry.cause.map(stored).transpose()?,
                change.keys.get(&entry.seq),
                BodyOut::of(entry),
            ));
        }
    }
    put(connection, tenant, statements::INSERT_HISTORY, &rows).await
}

async fn sealed(connection: &mut SqliteConnection, tenant: &str, changes: &[Change]) -> Result<()> {
    let mut rows = Vec::new();
    for change in changes {
        for (key, value) in &change.sealed {
            rows.push((&change.after.case.id, stored(key.seq)?, &key.field, value));
        }
    }
    put(connection, tenant, statements::INSERT_SEALED, &rows).await
}

/// Only what is no longer the same is touched: most steps leave most rows alone.
async fn read_models(
    connection: &mut SqliteConnection,
    tenant: &str,
    changes: &[Change],
    derived: &[(Derived, Derived)],
) -> Result<()> {
    use statements as sql;
    let mut rows = Rows::default();
    for (change, (before, after)) in changes.iter().zip(derived) {
        rows.collect(&change.after.case.id, before, after);
    }
    let Rows {
        tasks,
        deadlines,
        findings,
        places,
        links,
    } = rows;
    turn(connection, tenant, sql::DELETE_TASKS, sql::PUT_TASKS, tasks).await?;
    let (delete, put) = (sql::DELETE_DEADLINES, sql::PUT_DEADLINES);
    turn(connection, tenant, delete, put, deadlines).await?;
    let (delete, put) = (sql::DELETE_FINDINGS, sql::PUT_FINDINGS);
    turn(connection, tenant, delete, put, findings).await?;
    turn(
        connection,
        tenant,
        sql::DELETE_PLACES,
        sql::PUT_PLACES,
        places,
    )
    .await?;
    turn(connection, tenant, sql::DELETE_LINKS, sql::PUT_LINKS, links).await
}

/// What goes from a read model, by key, and what comes or is no longer the same.
struct Turn<K, R> {
    gone: Vec<K>,
    come: Vec<R>,
}

impl<K, R> Default for Turn<K, R> {
    fn default() -> Self {
        Self {
            gone: Vec::new(),
            come: Vec::new(),
        }
    }
}

/// What goes goes first, so that what comes finds its place free.
async fn turn<K: Serialize, R: Serialize>(
    connection: &mut SqliteConnection,
    tenant: &str,
    delete: &'static str,
    insert: &'static str,
    rows: Turn<K, R>,
) -> Result<()> {
    put(connection, tenant, delete, &rows.gone).await?;
    put(connection, tenant, insert, &rows.come).await
}

/// `(case, number)`
type Number<'a> = (&'a str, u64);
/// `(case, number, name, role, due_us, overdue)`
type Task<'a> = (&'a str, u64, &'a str, &'a str, i64, bool);
/// `(case, number, name, due_us, overdue)`
type Deadline<'a> = (&'a str, u64, &'a str, i64, bool);
/// `(case, number, role)`
type Hearer<'a> = (&'a str, u64, &'a str);
/// `(case, number, role, leads, level, say, since_us, snoozed_us)`
#[rustfmt::skip]
type Finding<'a> = (&'a str, u64, &'a str, bool, &'a str, &'a str, i64, Option<i64>);
/// `(case, track)`
type Track<'a> = (&'a str, &'a str);
/// `(case, track, stage, since_us)`
type Place<'a> = (&'a str, &'a str, &'a str, i64);
/// `(case, link, other)`
type Link<'a> = (&'a str, &'a str, &'a str);

/// What turns in each read model.
#[derive(Default)]
struct Rows<'a> {
    tasks: Turn<Number<'a>, Task<'a>>,
    deadlines: Turn<Number<'a>, Deadline<'a>>,
    findings: Turn<Hearer<'a>, Finding<'a>>,
    places: Turn<Track<'a>, Place<'a>>,
    links: Turn<Link<'a>, Link<'a>>,
}

impl<'a> Rows<'a> {
    fn collect(&mut self, id: &'a str, before: &'a Derived, after: &'a Derived) {
        let (gone, come) = difference(&before.tasks, &after.tasks);
        self.tasks.gone.extend(gone.map(|n| (id, *n)));
        for (n, (name, role, due, overdue)) in come {
            self.tasks.come.push((id, *n, name, role, *due, *overdue));
        }

        let (gone, come) = difference(&before.deadlines, &after.deadlines);
        self.deadlines.gone.extend(gone.map(|n| (id, *n)));
        for (n, (name, due, overdue)) in come {
            self.deadlines.come.push((id, *n, name, *due, *overdue));
        }

        let (gone, come) = difference(&before.findings, &after.findings);
        self.findings
            .gone
            .extend(gone.map(|(n, role)| (id, *n, &**role)));
        for ((n, role), (leads, level, say, since, snoozed)) in come {
            let row = (id, *n, &**role, *leads, &**level, &**say, *since, *snoozed);
            self.findings.come.push(row);
        }

        let (gone, come) = difference(&before.places, &after.places);
        self.places.gone.extend(gone.map(|track| (id, &**track)));
        for (track, (stage, since)) in come {
            self.places.come.push((id, track, stage, *since));
        }

        let row = |(link, other): &'a (String, String)| (id, &**link, &**other);
        let gone = before.links.difference(&after.links);
        self.links.gone.extend(gone.map(row));
        let come = after.links.difference(&before.links);
        self.links.come.extend(come.map(row));
    }
}

/// Hands rows to a statement as JSON arrays.
async fn put<R: Serialize>(
    connection: &mut SqliteConnection,
    tenant: &str,
    statement: &'static str,
    rows: &[R],
) -> Result<()> {
    for rows in rows.chunks(ROWS) {
        sqlx::query(statement)
            .bind(tenant)
            .bind(to_json(&rows)?)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}
