//! Migrations and corrections as people get them wrong: what is not there, what was done before, what somebody else does at the same time.

use super::{
    house::{House, TENANT, same_rows},
    migrations::{BACK, OVER, are_over, next_spring, peopled},
};
use forloeb::store::Store;
use serde_json::{Value as Json, json};
use std::{
    process::{Child, Output},
    time::Instant,
};

fn refused(house: &House, args: &[&str], code: i32, says: &str) {
    let output = house.ends(args, code);
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains(says), "{args:?}: {told}");
}

/// The same by the one who leads a club.
fn correct_club(entry: &str) -> Vec<&str> {
    let decided = ["--because", "it was the wrong one", "--by", "leader"];
    [&["case", "correct", "c-1", entry][..], &decided].concat()
}

fn correct<'w>(case: &'w str, entry: &'w str) -> Vec<&'w str> {
    let decided = ["--because", "it was the wrong one", "--by", "guide:Gerda"];
    [&["case", "correct", case, entry][..], &decided].concat()
}

/// The numbers of the entries of a case, by what they say.
async fn entries(house: &House, tenant: &str, case: &str) -> Vec<(u64, String)> {
    let store = house.store().await;
    let history = store.history(tenant, case, 0, 100_000).await;
    store.close().await;
    let entries = history.unwrap().into_iter();
    entries
        .map(|entry| (entry.seq, entry.what.kind().to_owned()))
        .collect()
}

async fn number(house: &House, case: &str, kind: &str) -> String {
    let entries = entries(house, TENANT, case).await;
    let found = entries.iter().rev().find(|(_, what)| what == kind);
    found
        .unwrap_or_else(|| panic!("{kind} of {entries:?}"))
        .0
        .to_string()
}

fn ended(children: Vec<Child>) -> Vec<Output> {
    let outputs = children.into_iter().map(Child::wait_with_output);
    outputs.collect::<Result<_, _>>().unwrap()
}

#[tokio::test]
async fn who_migrates_at_the_same_time_migrates_each_case_once() {
    let house = peopled(420).await;
    next_spring(&house);
    let undisturbed = house.again();
    for command in [&OVER[..], &BACK[..]] {
        undisturbed.run(command);
        // Beside a daemon that puts the same version in force, and lets nobody follow by itself.
        let daemon = house.daemon();
        let rows = house.rows().await;
        house.run(&["migrate", "walker", "--preview"]);
        assert!(rows == house.rows().await, "a preview moves nothing");
        let both = (0..2)
            .map(|_| house.program(command).spawn().unwrap())
            .collect();
        for output in ended(both) {
            assert!(output.status.success(), "{output:?}");
        }
        assert_eq!(daemon.end_with("TERM").0, Some(0));
        are_over(&house, usize::from(command.len() == OVER.len())).await;
        same_rows(&house, &undisturbed).await;
    }
    house.run(&["doctor"]);
}

#[tokio::test]
async fn what_is_not_there_is_told() {
    let house = peopled(4).await;
    let said = ["--by", "guide", "--because", "so"];
    let typed = |process: &'static str| [&["migrate", process][..], &said].concat();
    refused(&house, &typed("waker"), 2, "did you mean `walker`?");
    refused(
        &house,
        &["migrate", "waker", "--preview"],
        2,
        "there is no process `waker`",
    );
    house.run(&["migrate", "walker", "--preview", "--undo"]);
    refused(
        &house,
        &[&typed("walker")[..], &["--tenant", "nowhere"]].concat(),
        2,
        "nowhere",
    );
    refused(
        &house,
        &["migrate", "walker", "--by", "king", "--because", "so"],
        1,
        "has no role `king`",
    );
    // Nobody is anywhere else: there is nothing to do, and nothing to take back.
    let count = "SELECT count(*) FROM history";
    let before = house.number(count).await;
    house.run(&typed("walker"));
    house.run(&[&typed("walker")[..], &["--undo"]].concat());
    assert_eq!(house.number(count).await, before);
    house.run(&["doctor"]);
}

#[tokio::test]
async fn an_entry_is_corrected_once_whoever_asks() {
    let house = peopled(8).await;
    let walked = number(&house, "w-001", "reported").await;
    let both = (0..2)
        .map(|_| house.program(&correct("w-001", &walked)).spawn().unwrap())
        .collect();
    let mut codes: Vec<_> = ended(both)
        .iter()
        .map(|output| output.status.code())
        .collect();
    codes.sort();
    assert_eq!(codes, [Some(0), Some(1)]);
    refused(
        &house,
        &correct("w-001", &walked),
        1,
        "does not count any more",
    );

    // Delivered again, it changes nothing; a key of another input is told.
    let walked = number(&house, "w-002", "reported").await;
    let keyed = [&correct("w-002", &walked)[..], &["--key", "c-1"]].concat();
    house.run(&keyed);
    let rows = house.rows().await;
    house.run(&keyed);
    assert!(rows == house.rows().await, "it was taken in before");
    let other = number(&house, "w-002", "started").await;
    let keyed = [&correct("w-002", &other)[..], &["--key", "c-1"]].concat();
    refused(&house, &keyed, 1, "was given for another input");
    assert!(rows == house.rows().await, "the key has been used");
    house.run(&["doctor"]);
}

#[tokio::test]
async fn every_kind_of_entry_can_be_put_right_or_says_why_not() {
    let house = peopled(8).await;
    house.run(&["case", "start", "club", "--id", "c-1"]);
    house.run(&["case", "link", "w-002", "club", "c-1", "--by", "guide"]);
    house.run(&[
        "case", "event", "w-002", "walked", "--by", "walker", "--with", "steps=7",
    ]);
    // What was told is corrected where it was told.
    let told = number(&house, "c-1", "reported").await;
    refused(&house, &correct_club(&told), 1, "was told by `w-002`");
    let walked = number(&house, "w-002", "reported").await;
    let page = house.run(&correct("w-002", &walked));
    assert!(page.contains("c-1"), "{page}");
    assert_eq!(
        entries(&house, TENANT, "c-1").await.last().unwrap().1,
        "corrected"
    );

    // A task done, a hold, its end, a link.
    house.run(&["task", "done", "w-000/buy_shoes", "--by", "walker"]);
    house.run(&correct(
        "w-000",
        &number(&house, "w-000", "task_done").await,
    ));
    assert!(house.run(&["case", "show", "w-000"]).contains("Buy shoes"));
    house.run(&["case", "hold", "w-000", "--because", "ill", "--by", "guide"]);
    house.run(&correct("w-000", &number(&house, "w-000", "held").await));
    refused(
        &house,
        &["case", "resume", "w-000", "--by", "guide"],
        1,
        "not on hold",
    );
    let linked = number(&house, "w-002", "linked").await;
    house.run(&correct("w-002", &linked));
    assert!(
        !house
            .run(&["case", "show", "c-1", "--json"])
            .contains("w-002")
    );

    // What came by itself, what follows from another, what is not there, and what is none of anybody's.
    let finding = number(&house, "w-000", "finding_opened").await;
    refused(
        &house,
        &correct("w-000", &finding),
        1,
        "follows from another",
    );
    refused(&house, &correct("w-000", "999"), 1, "has no entry 999");
    refused(
        &house,
        &correct("w-999", "1"),
        1,
        "there is no case `w-999`",
    );
    refused(&house, &correct("w-000", "-1"), 2, "");
    refused(&house, &correct("w-000", "18446744073709551616"), 2, "");
    refused(&house, &correct("w-000", "0"), 1, "has no entry 0");

    // A case that has ended goes on without what ended it.
    house.run(&["case", "event", "w-001", "arrived", "--by", "guide"]);
    let arrived = number(&house, "w-001", "reported").await;
    refused(
        &house,
        &[
            "case", "event", "w-001", "walked", "--by", "walker", "--with", "steps=1",
        ],
        1,
        "has ended",
    );
    house.run(&correct("w-001", &arrived));
    house.run(&[
        "case", "event", "w-001", "walked", "--by", "walker", "--with", "steps=1",
    ]);
    house.run(&["doctor"]);
}

#[tokio::test]
async fn nobody_corrects_or_migrates_what_is_another_tenants() {
    let house = House::bare(
        "tests/daemon/programme",
        forloeb::store::Clock::Virtual(super::house::monday()),
    )
    .await;
    std::fs::write(
        house.path("forloeb.toml"),
        "[tenants.north]\n[tenants.south]\n",
    )
    .unwrap();
    for tenant in ["north", "south"] {
        house.run(&["activate", "--tenant", tenant]);
    }
    house.run(&[
        "case", "start", "walker", "--id", "w-1", "--tenant", "north",
    ]);
    let rows = house.rows().await;
    let south = ["--tenant", "south"];
    refused(
        &house,
        &[&correct("w-1", "1")[..], &south].concat(),
        1,
        "there is no case `w-1`",
    );
    next_spring(&house);
    house.run(&[&OVER[..], &south].concat());
    let moved = house
        .number("SELECT count(*) FROM history WHERE body LIKE '%migrated%'")
        .await;
    assert_eq!(moved, 0);
    let of_north = |rows: &[String]| {
        rows.iter()
            .filter(|row| row.contains("north"))
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(of_north(&rows), of_north(&house.rows().await));
}

/// What is computed anew is as long as the history; a long one must not take long.
#[tokio::test]
async fn a_history_of_a_thousand_entries_is_corrected_and_migrated_in_a_moment() {
    let house = peopled(2).await;
    let walks = |number: usize| json!({ "case": "w-000", "event": "walked", "by": "walker", "with": { "steps": number }, "key": format!("walk-{number}") });
    let lines: Vec<Json> = (0..500).map(walks).collect();
    house.lines("walks.ndjson", &lines);
    house.run(&["apply", "walks.ndjson"]);
    let first = entries(&house, TENANT, "w-000").await;
    assert!(first.len() > 1_000, "{}", first.len());
    let walked = first
        .iter()
        .find(|(_, what)| what == "reported")
        .unwrap()
        .0
        .to_string();
    let began = Instant::now();
    house.run(&correct("w-000", &walked));
    next_spring(&house);
    house.run(&OVER);
    house.run(&BACK);
    let took = began.elapsed();
    println!("{took:?}");
    assert!(took.as_secs() < 30, "{took:?}");
    house.run(&["doctor"]);
}
