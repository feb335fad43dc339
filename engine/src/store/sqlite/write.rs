//! Writing a batch of changes, table by table.

use super::{
    super::{
        Change, Result, StoreError,
        derived::{Derived, check_seq, columns, difference},
        entries::{Record, micros, records, stored, to_json},
        state::state,
    },
    rows::put,
    statements as sql,
};
use forloeb_core::case::CaseId;
use sqlx::SqliteConnection;
use std::{collections::BTreeMap, sync::Arc};

pub(super) async fn write(
    connection: &mut SqliteConnection,
    tenant: &str,
    changes: &[Change],
) -> Result<()> {
    still_as_loaded(connection, tenant, changes).await?;
    let mut models = Models::default();
    let (mut new, mut old) = (Vec::new(), Vec::new());
    for change in changes {
        let case = &change.after.case;
        let before = Derived::of(change.before.as_deref())?;
        let after = Derived::of(Some(case))?;
        let row = case_row(change, after.overdue())?;
        match &change.before {
            None => new.push(row),
            Some(before) if (&before.process, &before.plan) != (&case.process, &case.plan) => {
                return Err(StoreError::Constraint(format!(
                    "case `{}` keeps its process and plan",
                    case.id
                )));
            }
            Some(_) => old.push(row),
        }
        models.collect(&case.id, before, after);
    }
    let tenant: Arc<str> = tenant.into();
    insert_cases(connection, &tenant, &new).await?;
    history(connection, &tenant, changes).await?;
    update_cases(connection, &tenant, &old).await?;
    sealed(connection, &tenant, changes).await?;
    models.turn(connection, &tenant).await
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
    let conflict: Option<String> = sqlx::query_scalar(sql::CONFLICT)
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

/// A row of `cases`.
struct CaseColumns<'a> {
    id: &'a str,
    process: &'a str,
    plan: &'a str,
    seq: i64,
    wake_us: Option<i64>,
    status: &'static str,
    outcome: Option<&'a str>,
    overdue: bool,
    state: String,
}

fn case_row(change: &Change, overdue: bool) -> Result<CaseColumns<'_>> {
    let case = &change.after.case;
    let last = change.entries.last().map(|entry| entry.seq);
    check_seq(case, last.unwrap_or_else(|| seq_before(change)))?;
    let (status, outcome) = columns(case);
    Ok(CaseColumns {
        id: &case.id,
        process: &case.process,
        plan: &case.plan,
        seq: stored(case.seq)?,
        wake_us: change.after.wake_at.map(micros).transpose()?,
        status,
        outcome,
        overdue,
        state: state(case)?,
    })
}

async fn insert_cases(
    connection: &mut SqliteConnection,
    tenant: &Arc<str>,
    rows: &[CaseColumns<'_>],
) -> Result<()> {
    put(connection, sql::INSERT_CASES, rows, |row, to| {
        to.and(tenant.clone())?.and(row.id)?;
        to.and(row.process)?.and(row.plan)?;
        to.and(row.seq)?.and(row.wake_us)?;
        to.and(row.status)?.and(row.outcome)?;
        to.and(row.overdue)?.and(&*row.state)?;
        Ok(())
    })
    .await
}

async fn update_cases(
    connection: &mut SqliteConnection,
    tenant: &Arc<str>,
    rows: &[CaseColumns<'_>],
) -> Result<()> {
    put(connection, sql::UPDATE_CASES, rows, |row, to| {
        to.and(tenant.clone())?.and(row.id)?;
        to.and(row.seq)?.and(row.wake_us)?;
        to.and(row.status)?.and(row.outcome)?;
        to.and(row.overdue)?.and(&*row.state)?;
        Ok(())
    })
    .await
}

async fn history(
    connection: &mut SqliteConnection,
    tenant: &Arc<str>,
    changes: &[Change],
) -> Result<()> {
    let mut rows = Vec::new();
    for change in changes {
        let case = &change.after.case;
        let before = seq_before(change);
        let records = records(&case.process, before, &change.entries, &change.keys)?;
        rows.extend(records.into_iter().map(|record| (&*case.id, record)));
    }
    put_records(connection, tenant, &rows).await
}

/// Writes records of cases.
pub(super) async fn put_records(
    connection: &mut SqliteConnection,
    tenant: &Arc<str>,
    rows: &[(&str, Record<'_>)],
) -> Result<()> {
    put(connection, sql::INSERT_HISTORY, rows, |(id, record), to| {
        to.and(tenant.clone())?.and(*id)?;
        to.and(record.last)?.and(record.first)?;
        to.and(record.at_us)?.and(record.late_us)?;
        to.and(record.key)?.and(&*record.body)?;
        Ok(())
    })
    .await
}

async fn sealed(
    connection: &mut SqliteConnection,
    tenant: &Arc<str>,
    changes: &[Change],
) -> Result<()> {
    let mut rows = Vec::new();
    for change in changes {
        for (key, value) in &change.sealed {
            rows.push((&*change.after.case.id, key, value));
        }
    }
    put(
        connection,
        sql::INSERT_SEALED,
        &rows,
        |(id, key, value), to| {
            to.and(tenant.clone())?.and(*id)?;
            to.and(stored(key.seq)?)?.and(&*key.field)?;
            to.and(to_json(value)?)?;
            Ok(())
        },
    )
    .await
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

/// What turns in each read model. Only what is no longer the same is touched: most steps leave most rows alone.
#[derive(Default)]
struct Models<'a> {
    tasks: Turn<Number<'a>, Task<'a>>,
    deadlines: Turn<Number<'a>, Deadline<'a>>,
    findings: Turn<Hearer<'a>, Finding<'a>>,
    places: Turn<Track<'a>, Place<'a>>,
    links: Turn<Link<'a>, Link<'a>>,
}

impl<'a> Models<'a> {
    fn collect(&mut self, id: &'a str, before: Derived<'a>, after: Derived<'a>) {
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
        let hearers = gone.map(|(n, role)| (id, *n, *role));
        self.findings.gone.extend(hearers);
        for ((n, role), (leads, level, say, since, snoozed)) in come {
            let row = (id, *n, *role, *leads, *level, *say, *since, *snoozed);
            self.findings.come.push(row);
        }

        let (gone, come) = difference(&before.places, &after.places);
        self.places.gone.extend(gone.map(|track| (id, *track)));
        for (track, (stage, since)) in come {
            self.places.come.push((id, track, stage, *since));
        }

        let row = |(link, other): &(&'a str, &'a str)| (id, *link, *other);
        let gone = before.links.difference(&after.links);
        self.links.gone.extend(gone.map(row));
        let come = after.links.difference(&before.links);
        self.links.come.extend(come.map(row));
    }

    /// What goes goes first, so that what comes finds its place free.
    async fn turn(self, connection: &mut SqliteConnection, tenant: &Arc<str>) -> Result<()> {
        let gone = self.tasks.gone;
        put(connection, sql::DELETE_TASKS, &gone, |(id, n), to| {
            to.and(tenant.clone())?.and(*id)?.and(stored(*n)?)?;
            Ok(())
        })
        .await?;
        let come = self.tasks.come;
        put(connection, sql::PUT_TASKS, &come, |row, to| {
            let (id, n, name, role, due_us, overdue) = *row;
            to.and(tenant.clone())?.and(id)?.and(stored(n)?)?;
            to.and(name)?.and(role)?.and(due_us)?.and(overdue)?;
            Ok(())
        })
        .await?;

        let gone = self.deadlines.gone;
        put(connection, sql::DELETE_DEADLINES, &gone, |(id, n), to| {
            to.and(tenant.clone())?.and(*id)?.and(stored(*n)?)?;
            Ok(())
        })
        .await?;
        let come = self.deadlines.come;
        put(connection, sql::PUT_DEADLINES, &come, |row, to| {
            let (id, n, name, due_us, overdue) = *row;
            to.and(tenant.clone())?.and(id)?.and(stored(n)?)?;
            to.and(name)?.and(due_us)?.and(overdue)?;
            Ok(())
        })
        .await?;

        let gone = self.findings.gone;
        put(connection, sql::DELETE_FINDINGS, &gone, |row, to| {
            let (id, n, role) = *row;
            to.and(tenant.clone())?
                .and(id)?
                .and(stored(n)?)?
                .and(role)?;
            Ok(())
        })
        .await?;
        let come = self.findings.come;
        put(connection, sql::PUT_FINDINGS, &come, |row, to| {
            let (id, n, role, leads, level, say, since_us, snoozed_us) = *row;
            to.and(tenant.clone())?.and(id)?.and(stored(n)?)?;
            to.and(role)?.and(leads)?.and(level)?.and(say)?;
            to.and(since_us)?.and(snoozed_us)?;
            Ok(())
        })
        .await?;

        let gone = self.places.gone;
        put(connection, sql::DELETE_PLACES, &gone, |(id, track), to| {
            to.and(tenant.clone())?.and(*id)?.and(*track)?;
            Ok(())
        })
        .await?;
        let come = self.places.come;
        put(connection, sql::PUT_PLACES, &come, |row, to| {
            let (id, track, stage, since_us) = *row;
            to.and(tenant.clone())?.and(id)?.and(track)?;
            to.and(stage)?.and(since_us)?;
            Ok(())
        })
        .await?;

        for (statement, rows) in [
            (sql::DELETE_LINKS, self.links.gone),
            (sql::PUT_LINKS, self.links.come),
        ] {
            put(connection, statement, &rows, |row, to| {
                let (id, link, other) = *row;
                to.and(tenant.clone())?.and(id)?.and(link)?.and(other)?;
                Ok(())
            })
            .await?;
        }
        Ok(())
    }
}
