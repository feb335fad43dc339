//! What `doctor` needs: the database's own checks, and each case with all that is stored of it, read at one instant.

use super::{
    super::{
        Audited, Result,
        derived::{Derived, columns},
        entries::number,
        shape::Names,
    },
    read::{case_row, history},
    statements,
};
use sqlx::{FromRow, SqliteConnection, sqlite::SqliteRow};

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

/// A row of `AUDIT_CASES`: `(id, process, plan, seq, wake_us, state, occurrences, status, outcome, overdue)`.
type Columns = (
    String,
    String,
    String,
    i64,
    Option<i64>,
    String,
    Option<String>,
    String,
    Option<String>,
    bool,
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
    for (id, process, plan, seq, wake_us, state, occurrences, status, outcome, overdue) in rows {
        let models = Models::read(connection, tenant, &id).await?;
        let entries = history(connection, tenant, &id, 0, number(seq)?).await?;
        let columns_read = (id, process, plan, seq, wake_us, state, occurrences);
        let row = case_row(columns_read, &Names::default())?;
        let (case, stored) = (&row.case, models.rows()?);
        let expected = Derived::of(Some(case))?;
        let checks = [
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
            entries,
            disagreements,
            row,
        });
    }
    Ok(page)
}

/// A row of `AUDIT_FINDINGS`.
type Hearing = (i64, String, bool, String, String, i64, Option<i64>);

/// What the read models hold of a case, as it was read.
struct Models {
    tasks: Vec<(i64, String, String, i64, bool)>,
    deadlines: Vec<(i64, String, i64, bool)>,
    findings: Vec<Hearing>,
    places: Vec<(String, String, i64)>,
    links: Vec<(String, String)>,
}

impl Models {
    async fn read(connection: &mut SqliteConnection, tenant: &str, id: &str) -> Result<Self> {
        async fn rows<R>(
            connection: &mut SqliteConnection,
            statement: &'static str,
            tenant: &str,
            id: &str,
        ) -> Result<Vec<R>>
        where
            R: for<'r> FromRow<'r, SqliteRow> + Send + Unpin,
        {
            let rows = sqlx::query_as(statement).bind(tenant).bind(id);
            Ok(rows.fetch_all(connection).await?)
        }
        Ok(Self {
            tasks: rows(connection, statements::AUDIT_TASKS, tenant, id).await?,
            deadlines: rows(connection, statements::AUDIT_DEADLINES, tenant, id).await?,
            findings: rows(connection, statements::AUDIT_FINDINGS, tenant, id).await?,
            places: rows(connection, statements::AUDIT_PLACES, tenant, id).await?,
            links: rows(connection, statements::AUDIT_LINKS, tenant, id).await?,
        })
    }

    fn rows(&self) -> Result<Derived<'_>> {
        let mut rows = Derived::default();
        for (item, name, role, due_us, overdue) in &self.tasks {
            let row = (&**name, &**role, *due_us, *overdue);
            rows.tasks.insert(number(*item)?, row);
        }
        for (item, name, due_us, overdue) in &self.deadlines {
            let row = (&**name, *due_us, *overdue);
            rows.deadlines.insert(number(*item)?, row);
        }
        for (item, role, leads, level, say, since_us, snoozed_us) in &self.findings {
            let row = (*leads, &**level, &**say, *since_us, *snoozed_us);
            rows.findings.insert((number(*item)?, role), row);
        }
        for (track, stage, since_us) in &self.places {
            rows.places.insert(track, (stage, *since_us));
        }
        for (link, other) in &self.links {
            rows.links.insert((link, other));
        }
        Ok(rows)
    }
}
