//! Reading cases, their histories and what belongs to them, on whichever connection: a reader's, or that of a transaction.

use super::{
    super::{
        CaseRow, Clock, PlanSources, ReadLog, Reader, Recorded, Result, SealedAt, StoreError,
        entries::{entries, instant, json, number, stored, to_json},
        shape::Names,
        state::{Columns, case},
    },
    statements,
};
use forloeb_core::{
    case::CaseId,
    entry::{Actor, Entry},
    name::Name,
    value::{SealedKey, Value},
};
use jiff::Timestamp;
use sqlx::SqliteConnection;
use std::{collections::BTreeMap, sync::Arc};

/// A row of `(id, process, plan, seq, wake_us, state, occurrences)`.
pub(super) type CaseColumns = (
    String,
    String,
    String,
    i64,
    Option<i64>,
    String,
    Option<String>,
);

/// A case of such a row; `names` are those of the rows before it.
pub(super) fn case_row(row: CaseColumns, names: &Names) -> Result<CaseRow> {
    let (id, process, plan, seq, wake_us, state, occurrences) = row;
    let columns = Columns {
        id: id.into(),
        process: names.name(&process),
        plan: names.name(&plan),
        seq: number(seq)?,
        names,
    };
    Ok(CaseRow {
        case: Arc::new(case(columns, &state, occurrences.as_deref())?),
        wake_at: wake_us.map(instant).transpose()?,
    })
}

/// The cases of such rows.
pub(super) fn case_rows(rows: Vec<CaseColumns>) -> Result<Vec<CaseRow>> {
    let names = Names::default();
    rows.into_iter().map(|row| case_row(row, &names)).collect()
}

/// Cases by id, with a statement that gives such rows.
pub(super) async fn load(
    connection: &mut SqliteConnection,
    statement: &'static str,
    tenant: &str,
    ids: &[CaseId],
) -> Result<Vec<CaseRow>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut wanted: Vec<&CaseId> = ids.iter().collect();
    wanted.sort_unstable();
    wanted.dedup();
    let rows = sqlx::query_as(statement)
        .bind(tenant)
        .bind(to_json(&wanted)?)
        .fetch_all(connection)
        .await?;
    case_rows(rows)
}

pub(super) async fn due(
    connection: &mut SqliteConnection,
    tenant: &str,
    until: Timestamp,
    limit: u32,
) -> Result<Vec<(Timestamp, CaseId)>> {
    let rows: Vec<(i64, String)> = sqlx::query_as(statements::DUE)
        .bind(tenant)
        // Cut down to whole microseconds: what wakes later within the same one is not due yet.
        .bind(until.as_microsecond())
        .bind(limit)
        .fetch_all(connection)
        .await?;
    rows.into_iter()
        .map(|(wake_us, id)| Ok((instant(wake_us)?, id.into())))
        .collect()
}

pub(super) async fn next_wake(
    connection: &mut SqliteConnection,
    tenant: &str,
) -> Result<Option<Timestamp>> {
    let wake_us: Option<i64> = sqlx::query_scalar(statements::NEXT_WAKE)
        .bind(tenant)
        .fetch_optional(connection)
        .await?;
    wake_us.map(instant).transpose()
}

pub(super) async fn readers(
    connection: &mut SqliteConnection,
    tenant: &str,
    targets: &[CaseId],
) -> Result<Vec<Reader>> {
    if targets.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(String, String, String, String)> = sqlx::query_as(statements::READERS)
        .bind(tenant)
        .bind(to_json(&targets)?)
        .fetch_all(connection)
        .await?;
    let reader = |(target, link, plan, case): (String, String, String, String)| Reader {
        target: target.into(),
        link: link.into(),
        plan: plan.into(),
        case: case.into(),
    };
    Ok(rows.into_iter().map(reader).collect())
}

pub(super) async fn recorded(
    connection: &mut SqliteConnection,
    tenant: &str,
    keys: &[(CaseId, String)],
) -> Result<Vec<Recorded>> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<KeyedRecord> = sqlx::query_as(statements::RECORDED)
        .bind(tenant)
        .bind(to_json(&keys)?)
        .fetch_all(connection)
        .await?;
    let mut found = Vec::new();
    for (case, key, process, first, last, at_us, late_us, body) in rows {
        // A key is that of the first entry of its record.
        let entries = entries(&case, (process, first, last, at_us, late_us, body))?;
        found.extend(entries.into_iter().next().map(|entry| Recorded {
            case: case.into(),
            key,
            entry,
        }));
    }
    Ok(found)
}

/// A row of `(case, key, process, first, last, at_us, late_us, body)`.
type KeyedRecord = (String, String, String, i64, i64, i64, i64, String);

pub(super) async fn sealed(
    connection: &mut SqliteConnection,
    tenant: &str,
    keys: &[SealedAt],
) -> Result<BTreeMap<SealedAt, Value>> {
    if keys.is_empty() {
        return Ok(BTreeMap::new());
    }
    let wanted: Vec<_> = keys
        .iter()
        .map(|at| (&at.case, at.key.seq, &at.key.field))
        .collect();
    let rows: Vec<(String, i64, String, String)> = sqlx::query_as(statements::SEALED)
        .bind(tenant)
        .bind(to_json(&wanted)?)
        .fetch_all(connection)
        .await?;
    rows.into_iter()
        .map(|(case, seq, field, value)| {
            // The value itself must not reach an error text.
            let value = serde_json::from_str(&value).map_err(|_| StoreError::Unreadable {
                what: format!("sealed value `{field}` of case `{case}`"),
                detail: "it has another shape".to_string(),
            })?;
            let key = SealedKey {
                seq: number(seq)?,
                field: field.into(),
            };
            let case = case.into();
            Ok((SealedAt { case, key }, value))
        })
        .collect()
}

pub(super) async fn names(
    connection: &mut SqliteConnection,
    tenant: &str,
    people: &[Name],
) -> Result<BTreeMap<Name, String>> {
    let wanted: Vec<i64> = people.iter().filter_map(|id| id.parse().ok()).collect();
    if wanted.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows: Vec<(i64, String)> = sqlx::query_as(statements::NAMES)
        .bind(tenant)
        .bind(to_json(&wanted)?)
        .fetch_all(connection)
        .await?;
    Ok(rows
        .into_iter()
        .map(|(id, name)| (id.to_string().into(), name))
        .collect())
}

/// Entries after number `after`, up to number `until`.
pub(super) async fn history(
    connection: &mut SqliteConnection,
    tenant: &str,
    id: &str,
    after: u64,
    until: u64,
) -> Result<Vec<Entry>> {
    let rows = sqlx::query_as(statements::HISTORY)
        .bind(tenant)
        .bind(id)
        .bind(stored(after)?)
        .bind(stored(until)?)
        .fetch_all(connection)
        .await?;
    let mut found = Vec::new();
    for row in rows {
        let entries = entries(id, row)?;
        let asked = |entry: &Entry| entry.seq > after && entry.seq <= until;
        found.extend(entries.into_iter().filter(asked));
    }
    Ok(found)
}

pub(super) async fn plan(
    connection: &mut SqliteConnection,
    tenant: &str,
    id: &str,
) -> Result<Option<PlanSources>> {
    let row: Option<(String, String)> = sqlx::query_as(statements::PLAN)
        .bind(tenant)
        .bind(id)
        .fetch_optional(connection)
        .await?;
    row.map(|(process, sources)| {
        Ok(PlanSources {
            id: id.into(),
            process: process.into(),
            sources: json(&sources, || format!("plan `{id}`"))?,
        })
    })
    .transpose()
}

pub(super) async fn active(
    connection: &mut SqliteConnection,
    tenant: &str,
) -> Result<BTreeMap<Name, Name>> {
    let rows: Vec<(String, String)> = sqlx::query_as(statements::ACTIVE)
        .bind(tenant)
        .fetch_all(connection)
        .await?;
    Ok(rows
        .into_iter()
        .map(|(process, plan)| (process.into(), plan.into()))
        .collect())
}

pub(super) async fn clock(connection: &mut SqliteConnection) -> Result<Clock> {
    let now_us: Option<i64> = sqlx::query_scalar(statements::CLOCK)
        .fetch_one(connection)
        .await?;
    clock_of(now_us)
}

pub(super) fn clock_of(now_us: Option<i64>) -> Result<Clock> {
    Ok(match now_us {
        None => Clock::Real,
        Some(now_us) => Clock::Virtual(instant(now_us)?),
    })
}

pub(super) async fn reads(
    connection: &mut SqliteConnection,
    tenant: &str,
    id: &str,
) -> Result<Vec<ReadLog>> {
    let rows: Vec<(i64, String, Option<i64>, String, String)> = sqlx::query_as(statements::READS)
        .bind(tenant)
        .bind(id)
        .fetch_all(connection)
        .await?;
    rows.into_iter()
        .map(|(at_us, role, person, why, cases)| {
            Ok(ReadLog {
                at: instant(at_us)?,
                by: Actor {
                    role: role.into(),
                    person: person.map(|id| id.to_string().into()),
                },
                why,
                cases: json(&cases, || "the log of reads".to_string())?,
            })
        })
        .collect()
}
