//! The life of a daemon: it starts, wakes what is due when it is due, follows what others write, and stops when it is told to.

use super::house::{House, hours, monday};
use forloeb::store::{Clock, Store};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value as Json;

#[tokio::test]
async fn it_wakes_what_is_due_at_its_instant_and_stops() {
    let house = House::furnished("tests/daemon/programme", Clock::Real).await;
    house.run(&["case", "start", "walker", "--id", "w-1"]);
    let mut daemon = house.daemon();
    // Half an hour is over in a moment.
    let left = Timestamp::now() - SignedDuration::from_secs(30 * 60 - 1);
    house.run(&[
        "case",
        "event",
        "w-1",
        "left_home",
        "--by",
        "walker",
        "--at",
        &left.to_string(),
    ]);
    let woke = daemon.wait_for("woke what was due");
    assert_eq!((&woke["woken"], &woke["changed"]), (&1.into(), &1.into()));
    let (code, logged) = daemon.end_with("TERM");
    assert_eq!(code, Some(0));
    let last = &logged.last().unwrap()["message"];
    assert_eq!(last, "stopped; what was in hand is finished");
    let findings: Json = serde_json::from_str(&house.run(&["finding", "list", "--json"])).unwrap();
    assert!(findings.to_string().contains("not home yet"), "{findings}");
    let waited = house
        .number("SELECT late_us FROM history WHERE body LIKE '%[\"finding_opened\",%' ORDER BY seq DESC LIMIT 1")
        .await;
    assert!(waited >= 0);
    house.run(&["doctor"]);
}

#[tokio::test]
async fn it_stops_at_once_when_nothing_is_in_hand() {
    let house = House::new().await;
    for signal in ["TERM", "INT"] {
        let mut command = house.program(&["run", "--poll", "60"]);
        command.env("FORLOEB_LOG", "info");
        let mut daemon = super::house::Daemon::spawn(command);
        daemon.wait_for("keeping promises");
        assert_eq!(daemon.end_with(signal).0, Some(0), "{signal}");
    }
}

/// A daemon on a virtual clock lives in the time that others set.
#[tokio::test]
async fn it_follows_a_virtual_clock_that_others_move() {
    let house = House::new().await;
    house.run(&["case", "start", "walker", "--id", "w-1"]);
    let mut daemon = house.daemon();
    house.let_pass(monday() + hours(5 * 24)).await;
    daemon.wait_for("woke what was due");
    house.run(&["clock", "advance", "1 week"]);
    house.let_pass(monday() + hours(40 * 24)).await;
    daemon.wait_for("woke what was due");
    assert_eq!(daemon.end_with("TERM").0, Some(0));
    assert!(
        house
            .store()
            .await
            .next_wake("main")
            .await
            .unwrap()
            .unwrap()
            > monday() + hours(40 * 24)
    );
    house.run(&["doctor"]);
}

/// Logs are JSON where nobody looks on, and hold no names and nothing confidential, whatever happens.
#[tokio::test]
async fn it_logs_no_names_and_nothing_confidential() {
    let house = House::new().await;
    let (name, guide, note) = ("Wanda Kanariegul", "Gert Kanarieblaa", "kanarie-fortroligt");
    house.run(&[
        "case",
        "start",
        "walker",
        "--id",
        "w-1",
        "--set",
        &format!("name={name}"),
    ]);
    let mut command = house.program(&["run", "--poll", "0.02"]);
    command.env("FORLOEB_LOG", "trace");
    let mut daemon = super::house::Daemon::spawn(command);
    daemon.wait_for("keeping promises");
    let (by, notes) = (format!("guide:{guide}"), format!("notes={note}"));
    house.run(&[
        "case", "event", "w-1", "walked", "--by", &by, "--with", "steps=7", "--with", &notes,
    ]);
    house.ends(&["case", "event", "w-1", "left_home", "--by", &by], 1);
    house.let_pass(monday() + hours(9 * 24)).await;
    daemon.wait_for("woke what was due");
    let (code, logged) = daemon.end_with("INT");
    assert_eq!(code, Some(0));
    let text: String = logged.iter().map(Json::to_string).collect();
    assert!(logged.iter().all(Json::is_object), "{text}");
    for canary in [name, guide, note, "Kanarie", "kanarie"] {
        assert!(!text.contains(canary), "{canary} stands in {text}");
    }
}

/// One tick with many due goes through all of them, in several transactions, and tells of the first.
#[tokio::test]
async fn a_tick_with_two_thousand_due() {
    let house = House::new().await;
    let starts: Vec<Json> = (0..2_000)
        .map(|number| serde_json::json!({ "start": "walker", "id": format!("w-{number:04}") }))
        .collect();
    house.lines("starts.ndjson", &starts);
    house.run(&["apply", "starts.ndjson"]);
    house.let_pass(monday() + hours(2 * 24 + 1)).await;
    let told: Json = serde_json::from_str(&house.run(&["tick", "--json"])).unwrap();
    assert_eq!(told["cases"], 2_000);
    assert_eq!(told["told"].as_array().unwrap().len(), 20);
    // Across cases too, the order is that of the due instants.
    let out_of_order =
        "SELECT count(*) FROM cases WHERE wake_us <= (SELECT now_us FROM database_clock)";
    assert_eq!(house.number(out_of_order).await, 0);
    let again: Json = serde_json::from_str(&house.run(&["tick", "--json"])).unwrap();
    assert_eq!(again["cases"], 0);
}

/// Whoever stops a long advance finds a clock that stands where the work stands, and can go on.
#[tokio::test]
async fn an_interrupted_advance_goes_on_where_it_stood() {
    let (house, undisturbed) = (House::new().await, House::new().await);
    let starts: Vec<Json> = (0..700)
        .map(|number| serde_json::json!({ "start": "walker", "id": format!("w-{number:04}") }))
        .collect();
    let to = ["clock", "set", "2026-08-13T06:00:00Z"];
    for house in [&house, &undisturbed] {
        house.lines("starts.ndjson", &starts);
        house.run(&["apply", "starts.ndjson"]);
    }
    let watch = house.store().await;
    let before = watch.changes().await.unwrap();
    let mut advance = house.program(&to).spawn().unwrap();
    // As soon as the first part of it is in the database.
    while watch.changes().await.unwrap() == before {
        tokio::task::yield_now().await;
    }
    super::house::send("INT", &advance);
    assert_eq!(advance.wait().unwrap().code(), None);
    let Clock::Virtual(stands) = watch.clock().await.unwrap() else {
        panic!("the clock is virtual");
    };
    assert!(stands > monday() && stands < "2026-08-13T06:00:00Z".parse().unwrap());
    watch.close().await;
    house.run(&["doctor"]);
    house.run(&to);
    undisturbed.run(&to);
    super::house::same_rows(&house, &undisturbed).await;
}
