//! Whether two databases hold the same rows: what makes a baseline honest.

use super::{
    Outcome,
    rows::{quoted, tables},
};
use sha2::{Digest, Sha256};
use sqlx::{AssertSqlSafe, Connection, Row, SqliteConnection, sqlite::SqliteConnectOptions};
use std::path::Path;

/// Fails where two databases differ, and names the table.
pub async fn must_be_same(one: &Path, other: &Path) -> Outcome<()> {
    let (one, other) = (digests(one).await?, digests(other).await?);
    for (one, other) in one.iter().zip(&other) {
        if one != other {
            return Err(format!(
                "the baseline did not write the rows that the engine wrote: {one:?}, {other:?}"
            )
            .into());
        }
    }
    Ok(())
}

/// The name, the number of rows, and a hash of each table.
async fn digests(db: &Path) -> Outcome<Vec<(String, u64, String)>> {
    let options = SqliteConnectOptions::new().filename(db);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    let mut digests = Vec::new();
    for table in tables(&mut connection).await? {
        let columns: Vec<&str> = table.columns.iter().map(String::as_str).collect();
        let key: Vec<&str> = table
            .key
            .iter()
            .filter_map(|at| columns.get(*at).copied())
            .collect();
        let select = format!(
            "SELECT {} FROM {} ORDER BY {}",
            quoted(&columns, ""),
            table.name,
            key.join(", ")
        );
        let mut hash = Sha256::new();
        let mut rows = 0;
        // A page at a time would need a key of one column; a database in a bench fits in memory.
        for row in sqlx::query(AssertSqlSafe(select))
            .fetch_all(&mut connection)
            .await?
        {
            hash.update(row.get::<String, _>(0));
            hash.update("\n");
            rows += 1;
        }
        digests.push((table.name, rows, format!("{:x}", hash.finalize())));
    }
    connection.close().await?;
    Ok(digests)
}
