//! What the engine writes, row by row: triggers in a copy of the database note every row that any statement touches.

use super::{
    Outcome,
    rows::{Kind, Op, Table, literals, quoted, tables},
};
use sqlx::{AssertSqlSafe, Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use std::path::Path;

/// A recorder beside a database.
#[derive(Debug)]
pub struct Recorder {
    connection: SqliteConnection,
    tables: Vec<Table>,
    /// From after which note up to which each batch goes.
    ends: Vec<(i64, i64)>,
    /// Up to which note all is said.
    through: i64,
}

impl Recorder {
    /// Begins to record what anybody writes to this database from now on.
    pub async fn begin(db: &Path) -> Outcome<Self> {
        let options = SqliteConnectOptions::new().filename(db);
        let mut connection = SqliteConnection::connect_with(&options).await?;
        let tables = tables(&mut connection).await?;
        let mut script = "CREATE TABLE bench_notes (n INTEGER PRIMARY KEY, tbl INTEGER, kind TEXT, cells TEXT, changed TEXT);\n".to_owned();
        for (at, table) in tables.iter().enumerate() {
            let all: Vec<&str> = table.columns.iter().map(String::as_str).collect();
            let key: Vec<&str> = table
                .key
                .iter()
                .filter_map(|at| all.get(*at).copied())
                .collect();
            for (kind, columns, side) in [
                ("INSERT", &all, "NEW."),
                ("UPDATE", &all, "NEW."),
                ("DELETE", &key, "OLD."),
            ] {
                let name = &table.name;
                let cells = quoted(columns, side);
                let changed: Vec<String> = match kind {
                    "UPDATE" => all
                        .iter()
                        .map(|column| format!("(OLD.\"{column}\" IS NOT NEW.\"{column}\")"))
                        .collect(),
                    _ => vec!["''".to_owned()],
                };
                let changed = changed.join(" || ");
                script.push_str(&format!(
                    "CREATE TRIGGER bench_{name}_{kind} AFTER {kind} ON \"{name}\" BEGIN \
                     INSERT INTO bench_notes (tbl, kind, cells, changed) VALUES ({at}, '{kind}', {cells}, {changed}); END;\n"
                ));
            }
        }
        sqlx::raw_sql(AssertSqlSafe(script))
            .execute(&mut connection)
            .await?;
        Ok(Self {
            connection,
            tables,
            ends: Vec::new(),
            through: 0,
        })
    }

    /// What was written since the last call was one batch.
    pub async fn batch(&mut self) -> Outcome<()> {
        let after = self.through;
        self.skip().await?;
        self.ends.push((after, self.through));
        Ok(())
    }

    /// What was written since the last call does not count.
    pub async fn skip(&mut self) -> Outcome<()> {
        self.through = sqlx::query_scalar("SELECT coalesce(max(n), 0) FROM bench_notes")
            .fetch_one(&mut self.connection)
            .await?;
        Ok(())
    }

    /// The batches, and the tables of which their rows are.
    pub async fn finish(mut self) -> Outcome<(Vec<Vec<Op>>, Vec<Table>)> {
        for (at, table) in self.tables.iter_mut().enumerate() {
            let changed: Vec<String> = sqlx::query_scalar(
                "SELECT DISTINCT changed FROM bench_notes WHERE tbl = $1 AND kind = 'UPDATE'",
            )
            .bind(i64::try_from(at)?)
            .fetch_all(&mut self.connection)
            .await?;
            let changes = |at: &usize| {
                let flags = changed.iter().filter_map(|flags| flags.as_bytes().get(*at));
                flags.into_iter().any(|flag| *flag == b'1')
            };
            table.changing.retain(changes);
        }
        let mut batches = Vec::new();
        for (after, end) in &self.ends {
            let notes: Vec<(i64, String, String)> = sqlx::query_as(
                "SELECT tbl, kind, cells FROM bench_notes WHERE n > $1 AND n <= $2 ORDER BY n",
            )
            .bind(after)
            .bind(end)
            .fetch_all(&mut self.connection)
            .await?;
            let mut ops = Vec::with_capacity(notes.len());
            for (table, kind, cells) in notes {
                ops.push(Op {
                    table: usize::try_from(table)?,
                    kind: Kind::named(&kind),
                    cells: literals(&cells)?,
                });
            }
            batches.push(ops);
        }
        self.connection.close().await?;
        Ok((batches, self.tables))
    }
}
