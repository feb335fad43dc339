//! Bringing forward what earlier forms of the database held, in the transaction of the migrations: an entry a row, and states as the
//! core's own serde writes them, until migration 2; occurrences within states, until migration 3.

use super::{
    super::{
        Environment, Result, StoreError,
        entries::{instant, json, number, records},
        state::{occurrences, state},
    },
    write::{occurrences_of, records_of},
};
use forloeb_core::{
    case::Case,
    entry::{Actor, Entry, What},
    fold,
    ground::Ground,
};
use serde::Deserialize;
use sqlx::SqliteConnection;
use std::{collections::BTreeMap, path::Path, sync::Arc};

const LEFT_TO_DO: &str = "SELECT count(*) FROM sqlite_schema WHERE name = 'entries_before'";
const CASES: &str = "SELECT tenant, id FROM cases ORDER BY tenant, id";
const STATE: &str = "SELECT state FROM cases WHERE tenant = $1 AND id = $2";
const SET_STATE: &str = "UPDATE cases SET state = $3 WHERE tenant = $1 AND id = $2";
const ENTRIES: &str = "SELECT seq, at_us, recorded_us, cause, input_key, body FROM entries_before \
    WHERE tenant = $1 AND case_id = $2 ORDER BY seq";
const DANGLING: &str = "SELECT \"table\" FROM pragma_foreign_key_check LIMIT 1";

/// What of an entry had no column of its own.
#[derive(Deserialize)]
struct Body {
    ground: Option<Ground>,
    by: Option<Actor>,
    on_behalf_of: Option<Actor>,
    what: What,
}

/// A row of `ENTRIES`.
type Row = (i64, i64, i64, Option<i64>, Option<String>, String);

const OCCURRENCES_APART: &str = "\
    INSERT INTO occurrences SELECT tenant, id, state->'events' FROM cases WHERE json_type(state, '$.events') = 'object'; \
    UPDATE cases SET state = json_remove(state, '$.events') WHERE json_type(state, '$.events') = 'object';";

/// Brings all forward that the migrations leave to the program.
pub(super) async fn forward(connection: &mut SqliteConnection, path: &Path) -> Result<()> {
    records_and_states(connection, path).await?;
    sqlx::raw_sql(OCCURRENCES_APART).execute(connection).await?;
    Ok(())
}

/// Writes the old entries as records, and the states anew.
async fn records_and_states(connection: &mut SqliteConnection, path: &Path) -> Result<()> {
    let left: i64 = sqlx::query_scalar(LEFT_TO_DO)
        .fetch_one(&mut *connection)
        .await?;
    if left == 0 {
        return Ok(());
    }
    let cases: Vec<(String, String)> = sqlx::query_as(CASES).fetch_all(&mut *connection).await?;
    for (tenant, id) in cases {
        case(connection, &tenant.into(), &id).await?;
    }
    sqlx::raw_sql("DROP TABLE entries_before")
        .execute(&mut *connection)
        .await?;
    let dangling: Option<String> = sqlx::query_scalar(DANGLING)
        .fetch_optional(connection)
        .await?;
    match dangling {
        None => Ok(()),
        Some(table) => Err(Environment::Migration {
            path: path.to_path_buf(),
            why: format!("a row of `{table}` leads to nothing"),
        }
        .into()),
    }
}

async fn case(connection: &mut SqliteConnection, tenant: &Arc<str>, id: &str) -> Result<()> {
    let rows: Vec<Row> = sqlx::query_as(ENTRIES)
        .bind(&**tenant)
        .bind(id)
        .fetch_all(&mut *connection)
        .await?;
    let (mut entries, mut keys) = (Vec::new(), BTreeMap::new());
    for (seq, at_us, recorded_us, cause, key, body) in rows {
        let body: Body = json(&body, || format!("entry {seq} of case `{id}`"))?;
        let seq = number(seq)?;
        keys.extend(key.map(|key| (seq, key)));
        entries.push(Entry {
            seq,
            at: instant(at_us)?,
            recorded: instant(recorded_us)?,
            cause: cause.map(number).transpose()?,
            ground: body.ground,
            by: body.by,
            on_behalf_of: body.on_behalf_of,
            again: None,
            what: body.what,
        });
    }
    let before: String = sqlx::query_scalar(STATE)
        .bind(&**tenant)
        .bind(id)
        .fetch_one(&mut *connection)
        .await?;
    let mut case: Case = json(&before, || format!("the state of case `{id}`"))?;
    // States did not say it then.
    if let Some(told) = fold::fold(&case.id, &entries) {
        case.circled = told.circled;
    }
    let records = records(&case.process, 0, &entries, &keys)?.into_iter();
    let rows = records.map(|record| (&case.id, record)).collect();
    records_of(tenant, rows)?.put(connection).await?;
    if !case.events.is_empty() {
        let happened = vec![(&case.id, occurrences(&case)?)];
        occurrences_of(tenant, happened)?.put(connection).await?;
    }
    sqlx::query(SET_STATE)
        .bind(&**tenant)
        .bind(id)
        .bind(state(&case)?)
        .execute(connection)
        .await
        .map_err(StoreError::from)?;
    Ok(())
}
