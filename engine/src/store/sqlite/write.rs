//! Writing a batch of changes, table by table: first every row is made ready (`draft`), then the tables take them (`write`).

use super::{
    super::{
        Change, Result, StoreError,
        derived::{Derived, check_seq, columns, difference},
        entries::{Record, micros, records, stored, to_json},
        state::{occurrences, same_occurrences, state},
    },
    rows::{Bound, Values, bound},
    statements as sql,
};
use forloeb_core::case::CaseId;
use sqlx::SqliteConnection;
use std::{collections::BTreeSet, sync::Arc};

/// Changes made ready to be written: every row that they come to, bound.
#[allow(
    missing_debug_implementations,
    reason = "it holds what people said, which no log may print"
)]
pub struct Draft {
    tenant: Arc<str>,
    /// The cases that start, and those that were there, each with the number that the database must have for it.
    starting: Vec<(CaseId, i64)>,
    loaded: Vec<(CaseId, i64)>,
    /// The same with the number that it then has.
    updated: Vec<(CaseId, i64)>,
    new: Bound,
    history: Bound,
    old: Bound,
    moved: Bound,
    occurrences: Bound,
    sealed: Bound,
    models: Vec<Bound>,
}

/// Makes changes ready.
pub(super) fn draft(tenant: &str, changes: &[Change]) -> Result<Draft> {
    let tenant: Arc<str> = tenant.into();
    let mut models = Models::default();
    let (mut new, mut old, mut moved) = (Vec::new(), Vec::new(), Vec::new());
    let (mut starting, mut loaded, mut updated) = (Vec::new(), Vec::new(), Vec::new());
    for change in changes {
        let case = &change.after.case;
        let before = Derived::of(change.before.as_deref())?;
        let after = Derived::of(Some(case))?;
        let row = case_row(change, after.overdue())?;
        match &change.before {
            None => {
                starting.push((case.id.clone(), 0));
                new.push(row);
            }
            Some(before) if before.process != case.process => {
                return Err(StoreError::Constraint(format!(
                    "case `{}` keeps its process",
                    case.id
                )));
            }
            Some(before) => {
                loaded.push((case.id.clone(), stored(before.seq)?));
                updated.push((case.id.clone(), row.seq));
                match before.plan == case.plan {
                    true => old.push(row),
                    false => moved.push(row),
                }
            }
        }
        models.collect(&case.id, before, after);
    }
    once_each(changes)?;
    Ok(Draft {
        new: insert_cases(&tenant, new)?,
        history: history(&tenant, changes)?,
        old: update_cases(&tenant, old)?,
        moved: move_cases(&tenant, moved)?,
        occurrences: put_occurrences(&tenant, changes)?,
        sealed: sealed(&tenant, changes)?,
        models: models.turn(&tenant)?,
        tenant,
        starting,
        loaded,
        updated,
    })
}

fn once_each(changes: &[Change]) -> Result<()> {
    let mut ids = BTreeSet::new();
    match changes
        .iter()
        .map(|change| &change.after.case.id)
        .find(|id| !ids.insert(*id))
    {
        Some(id) => Err(StoreError::Constraint(format!(
            "case `{id}` stands twice in one batch"
        ))),
        None => Ok(()),
    }
}

/// Writes a draft. Where a case that was there is not as it was loaded, a statement for it fails or does nothing, and only then it is asked
/// which one that is.
pub(super) async fn write(connection: &mut SqliteConnection, draft: Draft) -> Result<()> {
    let tenant = &*draft.tenant;
    if !draft.starting.is_empty() {
        no_conflict(connection, tenant, &draft.starting).await?;
        draft.new.put(connection).await?;
    }
    // A history goes on from its last entry, or the database refuses it.
    if let Err(refused) = draft.history.put(connection).await {
        if matches!(refused, StoreError::Constraint(_)) {
            no_conflict(connection, tenant, &draft.loaded).await?;
        }
        return Err(refused);
    }
    // A state takes the place of the one that was loaded, or of none. (A history that is not there has been refused.)
    let updated = draft.old.put(connection).await?;
    if !(draft.moved.put(connection).await? && updated) {
        no_conflict(connection, tenant, &draft.updated).await?;
    }
    draft.occurrences.put(connection).await?;
    draft.sealed.put(connection).await?;
    for model in draft.models {
        model.put(connection).await?;
    }
    Ok(())
}

/// Fails with the first of these cases that the database does not have at this number.
async fn no_conflict(
    connection: &mut SqliteConnection,
    tenant: &str,
    numbers: &[(CaseId, i64)],
) -> Result<()> {
    let conflict: Option<String> = sqlx::query_scalar(sql::CONFLICT)
        .bind(tenant)
        .bind(to_json(&numbers)?)
        .fetch_optional(connection)
        .await?;
    match conflict {
        Some(case) => Err(StoreError::Conflict {
            case: CaseId::from(case),
        }),
        None => Ok(()),
    }
}

fn seq_before(change: &Change) -> u64 {
    change.before.as_ref().map_or(0, |before| before.seq)
}

/// A row of `cases`.
struct CaseColumns<'a> {
    id: &'a CaseId,
    process: &'a str,
    plan: &'a str,
    seq: i64,
    wake_us: Option<i64>,
    status: &'static str,
    outcome: Option<&'a str>,
    overdue: bool,
    /// The number of the state whose place it takes.
    before: i64,
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
        before: stored(seq_before(change))?,
        state: state(case)?,
    })
}

fn insert_cases(tenant: &Arc<str>, rows: Vec<CaseColumns<'_>>) -> Result<Bound> {
    bound(sql::INSERT_CASES, rows, |row, to| {
        to.and(tenant.clone())?.and(row.id.shared())?;
        to.and(row.process)?.and(row.plan)?;
        to.and(row.seq)?.and(row.wake_us)?;
        to.and(row.status)?.and(row.outcome)?;
        to.and(row.overdue)?.and(row.state)?;
        Ok(())
    })
}

fn update_cases(tenant: &Arc<str>, rows: Vec<CaseColumns<'_>>) -> Result<Bound> {
    bound(sql::UPDATE_CASES, rows, |row, to| {
        to.and(tenant.clone())?.and(row.id.shared())?;
        to.and(row.before.to_string())?;
        to.and(row.seq)?.and(row.wake_us)?;
        to.and(row.status)?.and(row.outcome)?;
        to.and(row.overdue)?.and(row.state)?;
        Ok(())
    })
}

fn move_cases(tenant: &Arc<str>, rows: Vec<CaseColumns<'_>>) -> Result<Bound> {
    bound(sql::MOVE_CASES, rows, |row, to| {
        to.and(tenant.clone())?.and(row.id.shared())?;
        to.and(row.before.to_string())?.and(row.plan)?;
        to.and(row.seq)?.and(row.wake_us)?;
        to.and(row.status)?.and(row.outcome)?;
        to.and(row.overdue)?.and(row.state)?;
        Ok(())
    })
}

fn put_occurrences(tenant: &Arc<str>, changes: &[Change]) -> Result<Bound> {
    let mut rows = Vec::new();
    for change in changes {
        let case = &*change.after.case;
        let same = match &change.before {
            Some(before) => same_occurrences(before, case),
            None => case.events.is_empty(),
        };
        if !same {
            rows.push((&case.id, occurrences(case)?));
        }
    }
    occurrences_of(tenant, rows)
}

/// What has happened to cases.
pub(super) fn occurrences_of(tenant: &Arc<str>, rows: Vec<(&CaseId, String)>) -> Result<Bound> {
    bound(sql::PUT_OCCURRENCES, rows, |(id, body), to| {
        to.and(tenant.clone())?.and(id.shared())?.and(body)?;
        Ok(())
    })
}

fn history(tenant: &Arc<str>, changes: &[Change]) -> Result<Bound> {
    let mut rows = Vec::new();
    for change in changes {
        let case = &change.after.case;
        let before = seq_before(change);
        let records = records(&case.process, before, &change.entries, &change.keys)?;
        rows.extend(records.into_iter().map(|record| (&case.id, record)));
    }
    records_of(tenant, rows)
}

/// Records of cases.
pub(super) fn records_of(tenant: &Arc<str>, rows: Vec<(&CaseId, Record<'_>)>) -> Result<Bound> {
    bound(sql::INSERT_HISTORY, rows, |(id, record), to| {
        to.and(tenant.clone())?.and(id.shared())?;
        to.and(record.last)?.and(record.first)?;
        to.and(record.at_us)?.and(record.late_us)?;
        to.and(record.key)?.and(record.body)?;
        Ok(())
    })
}

fn sealed(tenant: &Arc<str>, changes: &[Change]) -> Result<Bound> {
    let mut rows = Vec::new();
    for change in changes {
        for (key, value) in &change.sealed {
            rows.push((&change.after.case.id, key, value));
        }
    }
    bound(sql::INSERT_SEALED, rows, |(id, key, value), to| {
        to.and(tenant.clone())?.and(id.shared())?;
        to.and(stored(key.seq)?)?.and(&*key.field)?;
        to.and(to_json(value)?)?;
        Ok(())
    })
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
type Number<'a> = (&'a CaseId, u64);
/// `(case, number, name, role, due_us, overdue)`
type Task<'a> = (&'a CaseId, u64, &'a str, &'a str, i64, bool);
/// `(case, number, name, due_us, overdue)`
type Deadline<'a> = (&'a CaseId, u64, &'a str, i64, bool);
/// `(case, number, role)`
type Hearer<'a> = (&'a CaseId, u64, &'a str);
/// `(case, number, role, leads, level, say, since_us, snoozed_us)`
#[rustfmt::skip]
type Finding<'a> = (&'a CaseId, u64, &'a str, bool, &'a str, &'a str, i64, Option<i64>);
/// `(case, track)`
type Track<'a> = (&'a CaseId, &'a str);
/// `(case, track, stage, since_us)`
type Place<'a> = (&'a CaseId, &'a str, &'a str, i64);
/// `(case, link, other)`
type Link<'a> = (&'a CaseId, &'a str, &'a str);

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
    fn collect(&mut self, id: &'a CaseId, before: Derived<'a>, after: Derived<'a>) {
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
    fn turn(self, tenant: &Arc<str>) -> Result<Vec<Bound>> {
        let key = |id: &CaseId, to: &mut Values| {
            to.and(tenant.clone())?.and(id.shared())?;
            Result::Ok(())
        };
        let number = |(id, n): Number<'a>, to: &mut Values| {
            key(id, to)?;
            to.and(stored(n)?)?;
            Result::Ok(())
        };
        let link = |(id, link, other): Link<'a>, to: &mut Values| {
            key(id, to)?;
            to.and(link)?.and(other)?;
            Result::Ok(())
        };
        Ok(vec![
            bound(sql::DELETE_TASKS, self.tasks.gone, number)?,
            bound(sql::PUT_TASKS, self.tasks.come, |row, to| {
                let (id, n, name, role, due_us, overdue) = row;
                number((id, n), to)?;
                to.and(name)?.and(role)?.and(due_us)?.and(overdue)?;
                Ok(())
            })?,
            bound(sql::DELETE_DEADLINES, self.deadlines.gone, number)?,
            bound(sql::PUT_DEADLINES, self.deadlines.come, |row, to| {
                let (id, n, name, due_us, overdue) = row;
                number((id, n), to)?;
                to.and(name)?.and(due_us)?.and(overdue)?;
                Ok(())
            })?,
            bound(sql::DELETE_FINDINGS, self.findings.gone, |row, to| {
                let (id, n, role) = row;
                number((id, n), to)?;
                to.and(role)?;
                Ok(())
            })?,
            bound(sql::PUT_FINDINGS, self.findings.come, |row, to| {
                let (id, n, role, leads, level, say, since_us, snoozed_us) = row;
                number((id, n), to)?;
                to.and(role)?.and(leads)?.and(level)?.and(say)?;
                to.and(since_us)?.and(snoozed_us)?;
                Ok(())
            })?,
            bound(sql::DELETE_PLACES, self.places.gone, |(id, track), to| {
                key(id, to)?;
                to.and(track)?;
                Ok(())
            })?,
            bound(sql::PUT_PLACES, self.places.come, |row, to| {
                let (id, track, stage, since_us) = row;
                key(id, to)?;
                to.and(track)?.and(stage)?.and(since_us)?;
                Ok(())
            })?,
            bound(sql::DELETE_LINKS, self.links.gone, link)?,
            bound(sql::PUT_LINKS, self.links.come, link)?,
        ])
    }
}
