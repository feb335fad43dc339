//! The whole story on the built program: one town runs the shipped programme as its own, another one runs the plain one beside it, one
//! daemon serves both; next spring the base changes, and each sees exactly what that means for it before anything moves.
//!
//! `FORLOEB_PEOPLE=500 cargo test spring` goes through it with so many young people; a normal run takes fewer.

use super::{
    house::{House, monday},
    kills::from_env,
    standing::{deadlines, is_over, journeys, stages, standing},
    towns::{ROUNDS, lines},
};
use forloeb::store::Clock;
use forloeb_core::case::Case;
use serde_json::{Value as Json, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

const TOWNS: [&str; 2] = ["roskilde", "fredericia"];

const FILE: &str = "
[tenants.roskilde]
title = \"Roskilde Kommune\"
overlays = [\"roskilde\"]
[tenants.fredericia]
title = \"Fredericia Kommune\"
";

/// Two towns in one database.
async fn two() -> House {
    let house = House::bare(".", Clock::Virtual(monday())).await;
    fs::write(house.path("forloeb.toml"), FILE).unwrap();
    house
}

/// Two weeks pass in both towns.
fn live(house: &House, people: usize) {
    for (round, pause) in ROUNDS.iter().enumerate() {
        let file = format!("round-{round}.ndjson");
        house.lines(&file, &lines(round, people));
        for town in TOWNS {
            house.run(&["apply", &file, "--tenant", town]);
        }
        house.run(&["clock", "advance", pause]);
    }
}

/// What a designer edits in the base: two other times, a stage under another name, a new task, other words.
fn edit_the_base(house: &House) {
    const BASE: &str = "processes/nextwork.yaml";
    house.edit(BASE, "start_within: 2 weeks ", "start_within: 3 weeks ");
    house.edit(BASE, "wish_within: 7 days", "wish_within: 4 days");
    house.edit(BASE, "moving_on", "going_on");
    house.edit(
        BASE,
        "process: nextwork\n",
        "process: nextwork\nrenamed: { stages: { moving_on: going_on } }\n",
    );
    house.edit(
        BASE,
        "          first_talk:\n",
        "          say_hello:\n            title: { da: Hils på kollegerne, en: Say hello to the colleagues }\n            role: participant\n            due: 3 days\n            done_when: { event: done_well }\n          first_talk:\n",
    );
    house.edit(
        BASE,
        "Er der et sted, du har lyst til at prøve?",
        "Hvor har du lyst til at prøve dig selv af?",
    );
}

/// The overlay, mended by what the message says.
fn mend_the_overlay(house: &House, says: &str) {
    let write = says
        .split("write `")
        .nth(1)
        .and_then(|rest| rest.split('`').next());
    house.edit(
        "processes/overlays/roskilde.yaml",
        "was: 2 weeks",
        write.unwrap(),
    );
}

/// What is handed in while everybody migrates: a word from each young person, and later from those who come back.
fn meanwhile(people: usize) -> Vec<Json> {
    let word = |person: usize| {
        let (id, by) = (
            format!("p-{person:03}"),
            format!("participant:Ung {person}"),
        );
        json!({ "case": id, "event": "checked_in", "by": by, "with": { "wellbeing": 6 }, "key": "meanwhile" })
    };
    (0..people).map(word).collect()
}

fn come_back(cases: &BTreeMap<String, Case>) -> Vec<Json> {
    let held = cases.values().filter(|case| case.hold.is_some());
    held.map(|case| json!({ "resume": case.id, "by": "consultant:Mette Holm", "key": "back" }))
        .collect()
}

fn migrate<'w>(town: &'w str, how: &[&'w str]) -> Vec<&'w str> {
    let words = ["migrate", "nextwork", "--tenant", town, "--json"];
    let decided = [
        "--by",
        "project_leader:Karen Lund",
        "--because",
        "det nye forår",
    ];
    match how {
        ["--preview"] => [&words[..], how].concat(),
        _ => [&words[..], how, &decided].concat(),
    }
}

fn outcomes(page: &str) -> Json {
    serde_json::from_str::<Json>(page).unwrap()["outcomes"].clone()
}

#[tokio::test]
async fn next_spring_the_base_changes() {
    let people = from_env("FORLOEB_PEOPLE").map_or(88, |people| people as usize) / TOWNS.len();
    let house = two().await;
    live(&house, people);
    // One to which nothing of it ever happens, and one that goes by the new version from its first day.
    let stayed = house.again();
    let fresh = two().await;
    edit_the_base(&fresh);
    mend_the_overlay(&fresh, "write `was: 3 weeks`");
    live(&fresh, people);
    let mut before = BTreeMap::new();
    for town in TOWNS {
        before.insert(town, journeys(&house, town).await);
        let here: BTreeSet<String> = before[town]
            .values()
            .flat_map(|case| stages(case).into_values())
            .collect();
        let all = if town == "roskilde" { 18 } else { 17 };
        assert_eq!(here.len(), all, "everybody is somewhere: {here:?}");
        assert!(before[town].values().all(|case| case.ended.is_none()));
        assert_eq!(before[town].len(), people);
    }

    // The base changes under a running daemon: who has the plain one has the new version for new cases, the other is told.
    let mut daemon = house.daemon();
    edit_the_base(&house);
    assert_eq!(
        daemon.wait_for("in force for new cases")["tenant"],
        "fredericia"
    );
    daemon.wait_for("the programme has errors and is not put in force; the one before stays (`forloeb check` shows them)");
    let rows = house.rows().await;
    let refused = house.ends(&migrate("roskilde", &["--preview"]), 1);
    let says = String::from_utf8([refused.stdout, refused.stderr].concat()).unwrap();
    for part in [
        "the process then: 2 weeks",
        "the process now: 3 weeks",
        "yours: 10 working days",
    ] {
        assert!(says.contains(part), "{says}");
    }
    house.run(&migrate("fredericia", &["--preview"]));
    house.ends(&migrate("roskilde", &[]), 1);
    assert!(rows == house.rows().await, "nothing has moved");
    mend_the_overlay(&house, &says);
    assert_eq!(
        daemon.wait_for("in force for new cases")["tenant"],
        "roskilde"
    );

    // Each sees what it means for it, and nothing moves.
    let rows = house.rows().await;
    let mut previews = BTreeMap::new();
    for town in TOWNS {
        let preview = house.run(&migrate(town, &["--preview"]));
        assert_eq!(outcomes(&preview), json!({ "safe": people }));
        previews.insert(town, preview);
    }
    assert!(rows == house.rows().await, "nothing has moved");
    // The promise of Roskilde is its own; what changes for it is the wish.
    assert!(previews["fredericia"].contains("\"placement_start\""));
    assert!(!previews["roskilde"].contains("\"placement_start\""));
    assert!(previews["roskilde"].contains("\"own_wish\""));

    // Both go over while everybody hands something in.
    house.lines("meanwhile.ndjson", &meanwhile(people));
    let mut handed_in = Vec::new();
    for town in TOWNS {
        handed_in.push(
            house
                .program(&["apply", "meanwhile.ndjson", "--tenant", town])
                .spawn()
                .unwrap(),
        );
    }
    for town in TOWNS {
        let done = house.run(&migrate(town, &[]));
        assert_eq!(outcomes(&done), json!({ "safe": people }));
    }
    for apply in handed_in {
        let output = apply.wait_with_output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }
    let back = come_back(&before["fredericia"]);
    for other in [&stayed, &fresh] {
        other.lines("meanwhile.ndjson", &meanwhile(people));
        for town in TOWNS {
            other.run(&["apply", "meanwhile.ndjson", "--tenant", town]);
        }
    }
    for town in TOWNS {
        is_over(
            town,
            &before[town],
            &journeys(&house, town).await,
            &journeys(&fresh, town).await,
        );
        let told = format!(
            "SELECT count(*) FROM history WHERE tenant = '{town}' AND input_key = 'meanwhile'"
        );
        assert_eq!(
            house.number(told.leak()).await,
            people as i64,
            "no event is lost, and none is doubled"
        );
    }

    // Those who were on hold come back, and have the time that remained, as the new version counts it.
    for house in [&house, &stayed, &fresh] {
        house.lines("back.ndjson", &back);
        for town in TOWNS {
            house.run(&["apply", "back.ndjson", "--tenant", town]);
        }
        house.run(&["clock", "advance", "30 hours"]);
    }
    for town in TOWNS {
        let (ours, theirs) = (journeys(&house, town).await, journeys(&fresh, town).await);
        for (id, case) in &ours {
            assert_eq!(deadlines(case), deadlines(&theirs[id]), "{town} {id}");
        }
    }

    // Roskilde thinks better of it.
    let undone = house.run(&migrate("roskilde", &["--undo"]));
    assert_eq!(outcomes(&undone), json!({ "safe": people }));
    let (ours, theirs) = (
        journeys(&house, "roskilde").await,
        journeys(&stayed, "roskilde").await,
    );
    for (id, case) in &ours {
        assert_eq!(standing(case), standing(&theirs[id]), "{id}");
        assert_eq!(case.plan, before["roskilde"][id].plan);
    }
    let theirs = journeys(&fresh, "fredericia").await;
    for (id, case) in &journeys(&house, "fredericia").await {
        assert_eq!(
            deadlines(case),
            deadlines(&theirs[id]),
            "the other town stays with it: {id}"
        );
    }
    house.run(&["doctor"]);
    let (code, logged) = daemon.end_with("TERM");
    assert_eq!(code, Some(0), "one daemon, all the time");
    assert!(
        logged.iter().all(|line| line["level"] != "ERROR"),
        "{logged:?}"
    );
}
