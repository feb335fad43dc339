//! How SQLite goes about each hot statement: it searches, and never goes through a table.

use super::place::{Place, SqlitePlace, TENANT, furnished, minute};
use super::story::{Story, written};
use forloeb::store::{Clock, Store, Tx, sqlite::statements};
use sqlx::{AssertSqlSafe, Row};

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
    let rows = statements::HOT_ROWS.iter().map(|rows| rows.text(2));
    let one = statements::HOT.iter().map(|text| (*text).to_string());
    for statement in one.chain(rows) {
        let plan = plan(&place, &statement).await;
        // What is asked for comes as a list, and that alone is gone through.
        let goes_through = |step: &&String| {
            step.contains("SCAN")
                && ![
                    "json_each",
                    "jsonb_each",
                    "wanted",
                    "new",
                    "p",
                    "CONSTANT ROW",
                    "2 CONSTANT ROWS",
                    "2-ROW VALUES CLAUSE",
                ]
                .iter()
                .any(|list| step.starts_with(&format!("SCAN {list}")))
        };
        // An index that is searched by the tenant alone is as bad where more is asked.
        let only_tenant = |step: &&String| step.ends_with("(tenant=?)") && !by_tenant(&statement);
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

/// The answers stay right, and the plans the same, when ten thousand sleep and SQLite knows it.
#[tokio::test]
async fn ten_thousand_sleeping_cases_are_not_gone_through() {
    let (place, store) = furnished::<SqlitePlace>(&[TENANT]).await;
    let empty: Vec<_> = plans_of_a_tick(&place).await;
    let sleeping = |n: i64| Story::new(&format!("p-{n:05}")).waking(minute(1_000 + n));
    let mut stories: Vec<Story> = (0..10_000).map(sleeping).collect();
    stories.push(Story::new("q").waking(minute(7)));
    written(&store, &mut stories).await;
    place.sql("ANALYZE").await.unwrap();

    assert_eq!(plans_of_a_tick(&place).await, empty);
    assert_eq!(store.next_wake(TENANT).await.unwrap(), Some(minute(7)));
    let mut tx = store.begin().await.unwrap();
    let due = tx.due(TENANT, minute(999), 100).await.unwrap();
    assert_eq!(due, [(minute(7), "q".into())]);
}

/// One step for each statement: a range of the one index of wakes.
async fn plans_of_a_tick(place: &SqlitePlace) -> Vec<Vec<String>> {
    let mut plans = Vec::new();
    for statement in [statements::DUE, statements::NEXT_WAKE] {
        let plan = plan(place, statement).await;
        assert_eq!(plan.len(), 1, "{plan:?}");
        assert!(
            plan[0].starts_with("SEARCH cases USING COVERING INDEX cases_by_wake"),
            "{plan:?}"
        );
        plans.push(plan);
    }
    plans
}
