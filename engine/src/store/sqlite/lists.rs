//! The lists that people ask for, page by page. Each combination of filters has the statement whose index fits it.

use super::{
    super::{
        CaseFilter, CaseRow, Counts, Cursor, DeadlineFilter, DeadlineLine, FindingFilter,
        FindingLine, Result, Status, TaskFilter, TaskLine,
        derived::{NEVER_US, level_word},
        entries::{micros, number, stored, to_json},
        shape::Shape,
        state::item,
    },
    read::case_rows,
    statements,
};
use forloeb_core::name::Name;
use sqlx::SqliteConnection;

pub(super) async fn cases(
    connection: &mut SqliteConnection,
    tenant: &str,
    filter: &CaseFilter,
) -> Result<Vec<CaseRow>> {
    let statement = match filter {
        CaseFilter { stage: Some(_), .. } => statements::CASES_IN_STAGE,
        CaseFilter { overdue: true, .. } => statements::CASES_OVERDUE,
        CaseFilter {
            process: Some(_), ..
        } => statements::CASES_OF_PROCESS,
        _ => statements::CASES,
    };
    let every = [Status::Open, Status::Held, Status::Ended];
    let status = match filter.status.as_slice() {
        [] => &every,
        some => some,
    };
    let words: Vec<&str> = status.iter().map(|status| status.word()).collect();
    let rows = sqlx::query_as(statement)
        .bind(tenant)
        .bind(filter.after.as_deref().unwrap_or(""))
        .bind(to_json(&words)?)
        .bind(filter.limit)
        .bind(filter.process.as_deref())
        .bind(filter.stage.as_deref())
        .bind(filter.overdue)
        .fetch_all(connection)
        .await?;
    case_rows(rows)
}

/// The place after which a page begins, as the statements compare it: `(instant, case, number)`.
fn place(after: Option<&Cursor>) -> Result<(i64, &str, i64)> {
    Ok(match after {
        None => (i64::MIN, "", 0),
        Some(cursor) => {
            let at = cursor.at.map(micros).transpose()?;
            (at.unwrap_or(NEVER_US), &cursor.case, stored(cursor.number)?)
        }
    })
}

/// A row `(case, process, plan, number, when the case started, what its state says of the item)`.
type Line = (String, String, String, i64, Option<i64>, Option<String>);

/// A line's keys and its item, which the state of the case holds under the number.
fn line<T: Shape>(row: Line, kind: &str) -> Result<(Name, Name, Name, u64, T)> {
    let (case, process, plan, place, started, text) = row;
    let read = item((started, text), || {
        format!("{kind} {place} of case `{case}`")
    })?;
    Ok((
        case.into(),
        process.into(),
        plan.into(),
        number(place)?,
        read,
    ))
}

pub(super) async fn tasks(
    connection: &mut SqliteConnection,
    tenant: &str,
    filter: &TaskFilter,
) -> Result<Vec<TaskLine>> {
    let statement = match filter {
        TaskFilter { case: Some(_), .. } => statements::TASKS_OF_CASE,
        TaskFilter { overdue: true, .. } => statements::TASKS_OVERDUE,
        TaskFilter { role: Some(_), .. } => statements::TASKS_OF_ROLE,
        _ => statements::TASKS,
    };
    let (at, case, item) = place(filter.after.as_ref())?;
    let rows: Vec<Line> = sqlx::query_as(statement)
        .bind(tenant)
        .bind(at)
        .bind(case)
        .bind(item)
        .bind(filter.limit)
        .bind(filter.role.as_deref())
        .bind(filter.overdue)
        .bind(filter.case.as_deref())
        .fetch_all(connection)
        .await?;
    rows.into_iter()
        .map(|row| {
            let (case, process, plan, number, task) = line(row, "task")?;
            Ok(TaskLine {
                case,
                process,
                plan,
                number,
                task,
            })
        })
        .collect()
}

pub(super) async fn deadlines(
    connection: &mut SqliteConnection,
    tenant: &str,
    filter: &DeadlineFilter,
) -> Result<Vec<DeadlineLine>> {
    let statement = match filter {
        DeadlineFilter { case: Some(_), .. } => statements::DEADLINES_OF_CASE,
        DeadlineFilter { overdue: true, .. } => statements::DEADLINES_OVERDUE,
        _ => statements::DEADLINES,
    };
    let (at, case, item) = place(filter.after.as_ref())?;
    let rows: Vec<Line> = sqlx::query_as(statement)
        .bind(tenant)
        .bind(at)
        .bind(case)
        .bind(item)
        .bind(filter.limit)
        .bind(filter.case.as_deref())
        .bind(filter.overdue)
        .fetch_all(connection)
        .await?;
    rows.into_iter()
        .map(|row| {
            let (case, process, plan, number, deadline) = line(row, "deadline")?;
            Ok(DeadlineLine {
                case,
                process,
                plan,
                number,
                deadline,
            })
        })
        .collect()
}

pub(super) async fn findings(
    connection: &mut SqliteConnection,
    tenant: &str,
    filter: &FindingFilter,
) -> Result<Vec<FindingLine>> {
    let statement = match filter {
        FindingFilter { case: Some(_), .. } => statements::FINDINGS_OF_CASE,
        FindingFilter { to: Some(_), .. } => statements::FINDINGS_OF_ROLE,
        _ => statements::FINDINGS,
    };
    let level = filter.after.as_ref().and_then(|cursor| cursor.level);
    let (at, case, item) = place(filter.after.as_ref())?;
    let rows: Vec<Line> = sqlx::query_as(statement)
        .bind(tenant)
        .bind(level.map_or("", level_word))
        .bind(at)
        .bind(case)
        .bind(item)
        .bind(filter.limit)
        .bind(filter.level.map(level_word))
        .bind(filter.unsnoozed_at.map(micros).transpose()?)
        .bind(filter.to.as_deref())
        .bind(filter.case.as_deref())
        .fetch_all(connection)
        .await?;
    rows.into_iter()
        .map(|row| {
            let (case, process, plan, number, finding) = line(row, "finding")?;
            Ok(FindingLine {
                case,
                process,
                plan,
                number,
                finding,
            })
        })
        .collect()
}

pub(super) async fn counts(connection: &mut SqliteConnection, tenant: &str) -> Result<Counts> {
    let row: (i64, i64, i64, i64, i64, i64, i64) = sqlx::query_as(statements::COUNTS)
        .bind(tenant)
        .fetch_one(connection)
        .await?;
    Ok(Counts {
        open: number(row.0)?,
        held: number(row.1)?,
        ended: number(row.2)?,
        entries: number(row.3)?,
        tasks: number(row.4)?,
        findings: number(row.5)?,
        plans: number(row.6)?,
    })
}
