//! What `doctor` needs: the database's own checks, and each case with all that is stored of it, read at one instant.

use super::{
    super::{
        Audited, Result,
        derived::{Derived, columns},
        entries::number,
    },
    read::{case_row, history},
    statements,
};
use sqlx::SqliteConnection;

pub(super) async fn integrity(connection: &mut SqliteConnection) -> Result<Vec<String>> {
    let mut wrong: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check")
        .fetch_all(&mut *connection)
        .await?;
    wrong.retain(|line| line != "ok");
    let dangling: Vec<(String, Option<i64>, String)> =
        sqlx::query_as("SELECT \"table\", rowid, parent FROM pragma_foreign_key_check")
            .fetch_all(connection)
            .await?;
    wrong.extend(dangling.into_iter().map(|(table, row, parent)| {
        let row = row.map_or(String::new(), |row| format!(" {row}"));
        format!("row{row} of `{table}` leads to nothing in `{parent}`")
    }));
    Ok(wrong)
}

/// All columns of a case, in the order of `AUDIT_CASES`.
type Columns = (
    String,
    String,
    String,
    i64,
    Option<i64>,
    String,
    Option<String>,
    bool,
    String,
);

pub(super) async fn audit(
    connection: &mut SqliteConnection,
    tenant: &str,
    after: &str,
    limit: u32,
) -> Result<Vec<Audited>> {
    let rows: Vec<Columns> = sqlx::query_as(statements::AUDIT_CASES)
        .bind(tenant)
        .bind(after)
        .bind(limit)
        .fetch_all(&mut *connection)
        .await?;
    let mut page = Vec::with_capacity(rows.len());
    for (id, process, plan, seq, wake_us, status, outcome, overdue, state) in rows {
        let row = case_row((state, wake_us))?;
        let case = &row.case;
        let expected = Derived::of(Some(case))?;
        let stored = models(connection, tenant, &id).await?;
        let checks = [
            ("id", id == *case.id),
            ("process", process == *case.process),
            ("plan", plan == *case.plan),
            ("number", number(seq)? == case.seq),
            (
                "status and outcome",
                (&*status, outcome.as_deref()) == columns(case),
            ),
            ("overdue mark", overdue == expected.overdue()),
            ("tasks", stored.tasks == expected.tasks),
            ("deadlines", stored.deadlines == expected.deadlines),
            ("findings", stored.findings == expected.findings),
            ("places", stored.places == expected.places),
            ("links", stored.links == expected.links),
        ];
        let wrong = checks.iter().filter(|(_, same)| !same);
        let disagreements = wrong
            .map(|(what, _)| format!("its stored {what} does not follow from its state"))
            .collect();
        page.push(Audited {
            entries: history(connection, tenant, &id, 0, -1).await?,
            disagreements,
            row,
        });
    }
    Ok(page)
}

/// A row of `AUDIT_FINDINGS`.
type Hearing = (i64, String, bool, String, String, i64, Option<i64>);

/// What the read models hold of a case.
async fn models(connection: &mut SqliteConnection, tenant: &str, id: &str) -> Result<Derived> {
    let mut rows = Derived::default();
    let tasks: Vec<(i64, String, String, i64, bool)> = sqlx::query_as(statements::AUDIT_TASKS)
        .bind(tenant)
        .bind(id)
        .fetch_all(&mut *connection)
        .await?;
    for (item, name, role, due_us, overdue) in tasks {
        rows.tasks
            .insert(number(item)?, (name, role, due_us, overdue));
    }
    let deadlines: Vec<(i64, String, i64, bool)> = sqlx::query_as(statements::AUDIT_DEADLINES)
        .bind(tenant)
        .bind(id)
        .fetch_all(&mut *connection)
        .await?;
    for (item, name, due_us, overdue) in deadlines {
        rows.deadlines
            .insert(number(item)?, (name, due_us, overdue));
    }
    let findings: Vec<Hearing> = sqlx::query_as(statements::AUDIT_FINDINGS)
        .bind(tenant)
        .bind(id)
        .fetch_all(&mut *connection)
        .await?;
    for (item, role, leads, level, say, since_us, snoozed_us) in findings {
        rows.findings.insert(
            (number(item)?, role),
            (leads, level, say, since_us, snoozed_us),
        );
    }
    let places: Vec<(String, String, i64)> = sqlx::query_as(statements::AUDIT_PLACES)
        .bind(tenant)
        .bind(id)
        .fetch_all(&mut *connection)
        .await?;
    for (track, stage, since_us) in places {
        rows.places.insert(track, (stage, since_us));
    }
    let links: Vec<(String, String)> = sqlx::query_as(statements::AUDIT_LINKS)
        .bind(tenant)
        .bind(id)
        .fetch_all(&mut *connection)
        .await?;
    rows.links.extend(links);
    Ok(rows)
}
