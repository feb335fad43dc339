//! Handing rows to a statement: bound value by value, many rows at a time.

use super::{super::Result, statements::Rows};
use sqlx::Arguments;
use sqlx::{AssertSqlSafe, Encode, Sqlite, SqliteConnection, Type, sqlite::SqliteArguments};

/// How many rows a statement takes at a time. Few sizes, so that each is prepared once and found again.
const AT_A_TIME: [usize; 8] = [128, 64, 32, 16, 8, 4, 2, 1];

/// The values of some rows.
#[derive(Default)]
pub(super) struct Values(SqliteArguments);

impl Values {
    /// Adds a value.
    pub(super) fn and<'t>(
        &mut self,
        value: impl Encode<'t, Sqlite> + Type<Sqlite>,
    ) -> Result<&mut Self> {
        self.0.add(value).map_err(sqlx::Error::Encode)?;
        Ok(self)
    }
}

/// Runs the statement for all rows; `bind` gives the values of one.
pub(super) async fn put<R>(
    connection: &mut SqliteConnection,
    statement: Rows,
    rows: &[R],
    bind: impl Fn(&R, &mut Values) -> Result<()>,
) -> Result<()> {
    let mut rest = rows;
    for size in AT_A_TIME {
        while rest.len() >= size {
            let (now, later) = rest.split_at(size);
            let mut values = Values::default();
            for row in now {
                bind(row, &mut values)?;
            }
            sqlx::query_with(AssertSqlSafe(statement.text(size)), values.0)
                .execute(&mut *connection)
                .await?;
            rest = later;
        }
    }
    Ok(())
}
