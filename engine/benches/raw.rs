//! The baseline: a program that writes given rows with plain sqlx, as well as that can be done: one connection with the store's own
//! settings, prepared statements, many rows to a statement, one transaction to a batch.

use super::{
    Outcome,
    rows::{Cell, Kind, Run, Table},
};
use forloeb::store::{
    Store,
    sqlite::{Open, SqliteStore},
};
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, SqliteConnection, sqlite::SqliteConnectOptions,
};
use std::{collections::BTreeMap, path::Path};

/// Rows to a statement: few sizes, so that each statement is prepared once.
const SIZES: [usize; 4] = [64, 16, 4, 1];

/// Settings that the store makes for the connection that writes.
const SETTINGS: [&str; 8] = [
    "synchronous",
    "foreign_keys",
    "cache_size",
    "journal_size_limit",
    "wal_autocheckpoint",
    "mmap_size",
    "temp_store",
    "busy_timeout",
];

/// The baseline, over a database that the store has made.
#[derive(Debug)]
pub struct Raw {
    connection: SqliteConnection,
    tables: Vec<Table>,
    statements: BTreeMap<(usize, Kind, usize), &'static str>,
    most: usize,
}

impl Raw {
    /// Opens a database as the store does.
    pub async fn open(db: &Path, tables: &[Table]) -> Outcome<Self> {
        let store = SqliteStore::open(&db.display().to_string(), Open::Existing).await?;
        let mut settings = Vec::new();
        {
            let mut tx = store.begin().await?;
            for name in SETTINGS {
                let value: i64 = sqlx::query_scalar(AssertSqlSafe(format!("PRAGMA {name}")))
                    .fetch_one(&mut *tx.connection())
                    .await?;
                settings.push((name, value));
            }
        }
        store.close().await;
        let mut connection = SqliteConnectOptions::new()
            .filename(db)
            .disable_statement_logging()
            .statement_cache_capacity(1_000)
            .connect()
            .await?;
        for (name, value) in settings {
            sqlx::query(AssertSqlSafe(format!("PRAGMA {name} = {value}")))
                .execute(&mut connection)
                .await?;
        }
        Ok(Self {
            connection,
            tables: tables.to_vec(),
            statements: BTreeMap::new(),
            most: SIZES[0],
        })
    }

    /// Writes one row to a statement from now on, as a simple program does.
    #[must_use]
    pub fn one_by_one(mut self) -> Self {
        self.most = 1;
        self
    }

    /// Gives durability up, to furnish a database quickly. Never in what is measured.
    pub async fn careless(&mut self) -> Outcome<()> {
        sqlx::query("PRAGMA synchronous = OFF")
            .execute(&mut self.connection)
            .await?;
        Ok(())
    }

    /// Writes a batch, and commits it.
    pub async fn write(&mut self, batch: &[Run]) -> Outcome<()> {
        sqlx::query("BEGIN IMMEDIATE")
            .execute(&mut self.connection)
            .await?;
        let most = self.most;
        for run in batch {
            let mut rows = run.rows.as_slice();
            for size in SIZES.into_iter().filter(|size| *size <= most) {
                while let Some((now, later)) = rows.split_at_checked(size) {
                    self.statement(run, now).await?;
                    rows = later;
                }
            }
        }
        sqlx::query("COMMIT").execute(&mut self.connection).await?;
        Ok(())
    }

    async fn statement(&mut self, run: &Run, rows: &[Vec<Cell>]) -> Outcome<()> {
        let known = (run.table, run.kind, rows.len());
        let statement = match self.statements.get(&known) {
            Some(statement) => *statement,
            None => {
                let table = self.tables.get(run.table).ok_or("no such table")?;
                // A few dozen texts for the life of the program.
                let text: &'static str = Box::leak(sql(table, run.kind, rows.len()).into());
                self.statements.insert(known, text);
                text
            }
        };
        let mut query = sqlx::query(statement);
        for cell in rows.iter().flatten() {
            query = match cell {
                Cell::Null => query.bind(None::<i64>),
                Cell::Int(number) => query.bind(*number),
                Cell::Text(text) => query.bind(text.clone()),
                Cell::Blob(bytes) => query.bind(bytes.clone()),
            };
        }
        query.execute(&mut self.connection).await?;
        Ok(())
    }

    /// Closes the database, which folds its log into the file.
    pub async fn close(self) -> Outcome<()> {
        Ok(self.connection.close().await?)
    }
}

fn sql(table: &Table, kind: Kind, rows: usize) -> String {
    let name = &table.name;
    let all: Vec<&str> = table.columns.iter().map(String::as_str).collect();
    let key: Vec<&str> = table
        .key
        .iter()
        .filter_map(|at| all.get(*at).copied())
        .collect();
    let columns = if kind == Kind::Delete { &key } else { &all };
    let row = format!("({})", vec!["?"; columns.len()].join(", "));
    let values = vec![row; rows].join(", ");
    let listed = all.join(", ");
    match kind {
        Kind::Delete => format!(
            "DELETE FROM {name} WHERE ({}) IN (VALUES {values})",
            key.join(", ")
        ),
        Kind::Insert => format!("INSERT INTO {name} ({listed}) VALUES {values}"),
        Kind::Update => {
            let changing = table.changing.iter().filter_map(|at| all.get(*at));
            let sets: Vec<String> = changing
                .map(|column| format!("{column} = excluded.{column}"))
                .collect();
            let then = match sets.is_empty() {
                true => "NOTHING".to_owned(),
                false => format!("UPDATE SET {}", sets.join(", ")),
            };
            format!(
                "INSERT INTO {name} ({listed}) VALUES {values} ON CONFLICT ({}) DO {then}",
                key.join(", ")
            )
        }
    }
}
