//! Rows on their way to a table: bound value by value, many to a statement. Making them ready needs no database.

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

/// Rows for a statement, with their values.
pub(super) struct Bound {
    statement: Rows,
    /// How many rows there are, and the values of so many at a time.
    runs: Vec<(usize, SqliteArguments)>,
}

/// Binds the values of rows; `bind` gives those of one.
pub(super) fn bound<R>(
    statement: Rows,
    rows: Vec<R>,
    bind: impl Fn(R, &mut Values) -> Result<()>,
) -> Result<Bound> {
    let (mut left, mut rows) = (rows.len(), rows.into_iter());
    let mut runs = Vec::new();
    for size in AT_A_TIME {
        while left >= size {
            let mut values = Values::default();
            for row in rows.by_ref().take(size) {
                bind(row, &mut values)?;
            }
            runs.push((size, values.0));
            left -= size;
        }
    }
    Ok(Bound { statement, runs })
}

impl Bound {
    /// Runs the statement for all rows. Whether it did something for each.
    pub(super) async fn put(self, connection: &mut SqliteConnection) -> Result<bool> {
        let mut each = true;
        for (rows, values) in self.runs {
            let text = AssertSqlSafe(self.statement.text(rows));
            let done = sqlx::query_with(text, values);
            let done = done.execute(&mut *connection).await?;
            each &= done.rows_affected() == rows as u64;
        }
        Ok(each)
    }
}
