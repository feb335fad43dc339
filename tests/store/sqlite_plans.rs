//! How SQLite goes about each hot statement: it searches, and never goes through a table.

use super::place::{Place, SqlitePlace, TENANT, furnished, minute};
use super::story::{Story, written};
use forloeb::store::{Clock, Store, sqlite::statements};
use sqlx::{AssertSqlSafe, Row};
use std::time::{Duration, Instant};

async fn plan(place: &SqlitePlace, statement: &str) -> Vec<String> {
    sqlx::query(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}")))
        .fetch_all(&mut place.connection().await)
        .await
        .unwrap_or_else(|error| panic!("{statement}\n{error}"))
        .iter()
        .map(|row| row.get("detail"))
        .collect()
}

#[tokio::test]
async fn hot_statements_search() {
    let place = SqlitePlace::make(Clock::Real).await;
    let mut wrong = Vec::new();
    for statement in statements::HOT {
        let plan = plan(&place, statement).await;
        // What is asked for comes as a list, and that alone is gone through.
        let goes_through = |step: &&String| {
            step.contains("SCAN")
                && !["json_each", "wanted", "new", "p", "CONSTANT ROW"]
                    .iter()
                    .any(|list| step.starts_with(&format!("SCAN {list}")))
        };
        // An index that is searched by the tenant alone is as bad where more is asked.
        let only_tenant = |step: &&String| step.ends_with("(tenant=?)") && !by_tenant(statement);
        wrong.extend(
            plan.iter()
                .filter(|step| goes_through(step) || only_tenant(step))
                .map(|step| format!("{statement}\n  {step}")),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Statements that want the first of a tenant's rows, or all of a few.
fn by_tenant(statement: &str) -> bool {
    [statements::ACTIVE, statements::NEXT_WAKE].contains(&statement)
}
