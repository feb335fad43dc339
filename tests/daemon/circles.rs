//! Cases that read each other, and a clock that jumps.

use super::house::{House, TENANT, hours, monday};
use forloeb::store::{Clock, Store};
use sqlx::{Connection, SqliteConnection};

/// One dancer goes where the other is, the other goes where the first is not: they would turn for ever.
#[tokio::test]
async fn cases_that_wake_each_other_for_ever_are_stopped() {
    let house = House::furnished("tests/daemon/dance", Clock::Virtual(monday())).await;
    for (id, kind) in [("d-1", "mirror"), ("d-2", "contrary")] {
        house.run(&[
            "case",
            "start",
            "dancer",
            "--id",
            id,
            "--set",
            &format!("kind={kind}"),
        ]);
    }
    house.run(&["case", "link", "d-1", "partner", "d-2"]);
    let told = house.ends(&["case", "link", "d-2", "partner", "d-1"], 0);
    let log = String::from_utf8(told.stderr).unwrap();
    assert!(log.contains("wake each other in a circle"), "{log}");
    // They can be spoken to, and others get their turn.
    house.run(&["case", "event", "d-1", "stopped", "--by", "leader"]);
    house.run(&["clock", "advance", "3 days"]);
    house.run(&["doctor"]);
}

/// Where many begin to turn when time passes, the daemon still comes to an end.
#[tokio::test]
async fn a_tick_comes_to_an_end_when_many_turn() {
    let house = House::furnished("tests/daemon/dance", Clock::Virtual(monday())).await;
    let mut lines = Vec::new();
    for number in 0..60 {
        let kind = if number % 2 == 0 {
            "late_mirror"
        } else {
            "contrary"
        };
        lines.push(serde_json::json!({ "start": "dancer", "id": format!("d-{number:02}"), "set": { "kind": kind } }));
    }
    for number in 0..60 {
        let other = format!("d-{:02}", number ^ 1);
        lines.push(serde_json::json!({ "link": "partner", "case": format!("d-{number:02}"), "to": other, "by": "leader" }));
    }
    house.lines("dance.ndjson", &lines);
    house.run(&["apply", "dance.ndjson"]);
    house.let_pass(monday() + hours(3 * 24)).await;
    house.run(&["tick"]);
    house.run(&["doctor"]);
}

/// A machine's clock that is set back does not take a case back: its time stands still until the clock has caught up.
#[tokio::test]
async fn time_never_runs_backwards_for_a_case() {
    let house = House::new().await;
    house.run(&["case", "start", "club", "--id", "c-1"]);
    house.run(&["case", "start", "walker", "--id", "w-1"]);
    house.run(&["case", "link", "w-1", "club", "c-1"]);
    house.run(&["clock", "advance", "4 days"]);
    let store = house.store().await;
    let before = store.history(TENANT, "w-1", 0, 1_000).await.unwrap();
    let last = before.last().unwrap();
    // Only somebody who breaks in can set a database's clock back; a machine's anybody can.
    let mut connection = SqliteConnection::connect(&house.url()).await.unwrap();
    for sql in [
        "DROP TRIGGER clock_goes_on",
        "UPDATE database_clock SET now_us = now_us - 2 * 86400000000",
    ] {
        sqlx::query(sql).execute(&mut connection).await.unwrap();
    }
    connection.close().await.unwrap();
    house.run(&[
        "case", "event", "w-1", "walked", "--by", "walker", "--with", "steps=5",
    ]);
    house.run(&["tick"]);
    house.run(&["clock", "advance", "3 days"]);
    house.run(&["doctor"]);
    for id in ["w-1", "c-1"] {
        let entries = store.history(TENANT, id, 0, 1_000).await.unwrap();
        assert!(entries.is_sorted_by_key(|entry| entry.at), "{entries:#?}");
    }
    let entries = store.history(TENANT, "w-1", 0, 1_000).await.unwrap();
    let walk = &entries[before.len()];
    assert_eq!((walk.what.kind(), walk.at), ("reported", last.at));
}
