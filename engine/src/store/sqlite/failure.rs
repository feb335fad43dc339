//! Turns the errors of SQLite into those of the store.

use super::super::{Environment, StoreError};

// Primary result codes of SQLite, https://www.sqlite.org/rescode.html
const BUSY: i32 = 5;
const READONLY: i32 = 8;
const IOERR: i32 = 10;
const CORRUPT: i32 = 11;
const FULL: i32 = 13;
const CANTOPEN: i32 = 14;
const CONSTRAINT: i32 = 19;
const NOTADB: i32 = 26;

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let sqlx::Error::Database(database) = &error else {
            return match error {
                sqlx::Error::PoolTimedOut => Environment::Busy.into(),
                sqlx::Error::ColumnDecode { index, source } => Self::Unreadable {
                    what: format!("column {index}"),
                    detail: source.to_string(),
                },
                other => Environment::Failed(other.to_string()).into(),
            };
        };
        let message = database.message().to_string();
        match primary_code(database.as_ref()) {
            Some(BUSY) => Environment::Busy.into(),
            Some(READONLY) => Environment::ReadOnly.into(),
            Some(CORRUPT | NOTADB) => Environment::Damaged(message).into(),
            Some(IOERR) => Environment::Disk(message).into(),
            Some(FULL) => Environment::Full.into(),
            Some(CANTOPEN) => Environment::CannotOpen(message).into(),
            Some(CONSTRAINT) => Self::Constraint(message),
            _ => Environment::Failed(message).into(),
        }
    }
}

/// Whether the file is something else than an SQLite database.
pub(super) fn not_a_database(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Database(database) if primary_code(database.as_ref()) == Some(NOTADB))
}

fn primary_code(error: &dyn sqlx::error::DatabaseError) -> Option<i32> {
    let extended: i32 = error.code()?.parse().ok()?;
    Some(extended & 0xff)
}
