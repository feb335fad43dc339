//! Several programs on one database, and inputs that share a commit: nothing is lost, nothing is done twice, what is refused leaves no trace.

use super::house::House;
use forloeb::turn::{Request, Who};
use forloeb_core::input::{Input, Raw};
use serde_json::{Value as Json, json};
use sqlx::{Connection, SqliteConnection};
use std::process::Child;

#[tokio::test]
async fn programs_that_write_at_once_lose_nothing() {
    let house = House::new().await;
    house.run(&["case", "start", "club", "--id", "c-1"]);
    for id in ["w-0", "w-1"] {
        house.run(&["case", "start", "walker", "--id", id]);
        house.run(&["case", "link", id, "club", "c-1"]);
    }
    let mut daemon = house.daemon();
    let events: Vec<Child> = (0..12)
        .map(|number| {
            let (id, steps) = (format!("w-{}", number % 2), format!("steps={number}"));
            let args = [
                "case", "event", &id, "walked", "--by", "walker", "--with", &steps,
            ];
            house.program(&args).spawn().unwrap()
        })
        .collect();
    for event in events {
        let output = event.wait_with_output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }
    house.run(&["clock", "advance", "2 days"]);
    house
        .let_pass("2026-08-20T06:00:00Z".parse().unwrap())
        .await;
    daemon.wait_for("woke what was due");
    assert_eq!(daemon.end_with("TERM").0, Some(0));
    let told = "SELECT count(*) FROM history WHERE case_id = 'c-1' AND body LIKE '%member_walked%'";
    assert_eq!(house.number(told).await, 12);
    house.run(&["doctor"]);
}

/// Lines that come together share a commit, and a bad one leaves the others in.
#[tokio::test]
async fn lines_share_commits_and_a_bad_one_leaves_the_others_in() {
    let house = House::new().await;
    let mut lines: Vec<Json> = (0..2_500)
        .map(|number| json!({ "start": "walker", "id": format!("w-{number:04}") }))
        .collect();
    lines[7] = json!({ "case": "w-0001", "event": "arrived", "by": "walker:Bodil Navnloes" });
    lines[1_700] = json!({ "start": "wanker" });
    lines[2_400] =
        json!({ "case": "w-0002", "event": "walked", "by": "guide:Gert", "with": { "steps": 3 } });
    house.lines("lines.ndjson", &lines);
    // Whoever reads keeps the log from starting anew, so that its transactions can be counted.
    let mut reader = SqliteConnection::connect(&house.url()).await.unwrap();
    let mut reading = reader.begin().await.unwrap();
    sqlx::query("SELECT count(*) FROM cases")
        .execute(&mut *reading)
        .await
        .unwrap();
    house.run(&["case", "start", "walker", "--id", "w-a"]);
    let before = house.commits();
    house.run(&["case", "start", "walker", "--id", "w-b"]);
    assert_eq!(house.commits() - before, 1);
    let before = house.commits();
    let output = house.ends(&["apply", "lines.ndjson", "--json"], 1);
    assert_eq!(house.commits() - before, 2, "for 2,500 lines");
    reading.rollback().await.unwrap();
    reader.close().await.unwrap();
    let applied: Json = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(applied["accepted"], 2_498);
    let refused: Vec<u64> = applied["refused"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line["line"].as_u64().unwrap())
        .collect();
    assert_eq!(refused, [8, 1_701]);
    assert_eq!(house.number("SELECT count(*) FROM cases").await, 2_499);
    // Whoever was refused is not known, whoever was not is the first.
    assert_eq!(house.number("SELECT count(*) FROM people").await, 1);
    assert_eq!(
        house
            .number("SELECT id FROM people WHERE name = 'Gert'")
            .await,
        1
    );
    house.run(&["doctor"]);
}

fn request(case: Option<&str>, input: Input, by: Option<&str>, key: Option<&str>) -> Request {
    Request {
        case: case.map(Into::into),
        process: matches!(input, Input::Start { .. }).then(|| "walker".into()),
        input,
        by: by.map(|name| Who {
            role: "guide".into(),
            name: Some(name.to_owned()),
        }),
        on_behalf_of: None,
        key: key.map(str::to_owned),
    }
}

fn start() -> Input {
    Input::Start { facts: Raw::new() }
}

fn walked(steps: u64) -> Input {
    Input::Report {
        event: "walked".into(),
        with: [("steps".into(), json!(steps))].into(),
        happened: None,
        from: None,
    }
}

/// On a clock that stands still, too, every case that starts without an id gets its own.
#[tokio::test]
async fn cases_without_an_id_get_their_own() {
    let house = House::new().await;
    let mut ids = std::collections::BTreeSet::new();
    for count in [1, 1, 5, 40, 1, 3] {
        // Another program each time, as far as ids go.
        let engine = house.engine().await;
        let requests = (0..count)
            .map(|_| request(None, start(), None, None))
            .collect();
        for answer in engine.submit(requests).await.unwrap() {
            assert!(ids.insert(answer.unwrap().case));
        }
        engine.store().close().await;
    }
    assert_eq!(ids.len(), 51);
}

/// A start without an id is known again by its key.
#[tokio::test]
async fn a_start_with_a_key_and_no_id_goes_in_once() {
    let house = House::new().await;
    let engine = house.engine().await;
    let once = || request(None, start(), Some("Gert"), Some("start-1"));
    let answers = engine.submit(vec![once(), once()]).await.unwrap();
    let first = answers[0].as_ref().unwrap().case.clone();
    assert_eq!(answers[1].as_ref().unwrap().case, first);
    let again = engine
        .submit(vec![once()])
        .await
        .unwrap()
        .remove(0)
        .unwrap();
    assert_eq!(again.case, first);
    assert!(again.entries.is_empty());
    let other = request(None, start(), None, Some("start-2"));
    let other = engine.submit(vec![other]).await.unwrap().remove(0).unwrap();
    assert_ne!(other.case, first);
    assert_eq!(house.number("SELECT count(*) FROM cases").await, 2);
}

/// What is refused in the middle of a batch leaves the case as the request before it left it, keys and wake included.
#[tokio::test]
async fn a_refusal_puts_back_what_it_had_done() {
    let (house, without) = (House::new().await, House::new().await);
    let good = |number: u64| {
        let key = format!("walk-{number}");
        request(Some("w-1"), walked(number), Some("Gert"), Some(&key))
    };
    let bad = || {
        let event = Input::Report {
            event: "came_home".into(),
            with: [].into(),
            happened: None,
            from: None,
        };
        request(Some("w-1"), event, Some("Refused"), Some("walk-9"))
    };
    let begin = || request(Some("w-1"), start(), None, None);
    let engine = house.engine().await;
    let answers = engine
        .submit(vec![
            begin(),
            good(1),
            bad(),
            good(1),
            good(2),
            bad(),
            good(2),
        ])
        .await
        .unwrap();
    let fine: Vec<bool> = answers.iter().map(Result::is_ok).collect();
    assert_eq!(fine, [true, true, false, true, true, false, true]);
    without
        .engine()
        .await
        .submit(vec![begin(), good(1), good(2)])
        .await
        .unwrap();
    super::house::same_rows(&house, &without).await;
}
