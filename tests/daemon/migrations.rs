//! Migrations that are broken off: `kill -9` at any instant, several at once, and the same command again. In the end each case is over
//! exactly once, and the database holds the same rows as one in which nobody was disturbed.
//!
//! `FORLOEB_KILLS=500 cargo test migrations` kills more often; `FORLOEB_SEED=N` repeats a choice of instants.

use super::{
    house::{Daemon, House, TENANT, same_rows},
    kills::{Dice, from_env, kill},
};
use forloeb::store::Store;
use forloeb_core::{
    entry::{Entry, What},
    in_effect::in_effect,
};
use serde_json::{Value as Json, json};
use std::{
    process::Child,
    thread::sleep,
    time::{Duration, Instant},
};

const WALKER: &str = "processes/walker.yaml";

/// How often each migration is killed at least.
const KILLS: usize = 20;

/// As many as need several transactions.
const WALKERS: usize = 450;

/// A page of the store's audit that holds all.
const ALL: u32 = 10_000;

fn kills(normal: usize) -> usize {
    from_env("FORLOEB_KILLS").map_or(normal, |kills| kills as usize)
}

/// Walkers in both stages, late and on time, some of them held, some of them held before, some of them gone.
fn lines(walkers: usize) -> Vec<Json> {
    let id = |walker: usize| format!("w-{walker:03}");
    let (mut lines, mut later, mut last) = (Vec::new(), Vec::new(), Vec::new());
    for walker in 0..walkers {
        let id = id(walker);
        let walked =
            json!({ "case": id, "event": "walked", "by": "walker", "with": { "steps": walker } });
        lines.push(
            json!({ "start": "walker", "id": id, "set": { "name": format!("Wanda {walker}") } }),
        );
        for _ in 0..[0, 1, 3][walker % 3] {
            lines.push(walked.clone());
        }
        if walker % 4 == 1 {
            lines.push(json!({ "hold": id, "because": "ill", "by": "guide" }));
            later.push(json!({ "resume": id, "by": "guide" }));
        }
        if walker % 6 == 2 {
            later.push(json!({ "case": id, "event": "left_home", "by": "walker" }));
        }
        if walker % 7 == 3 {
            last.push(json!({ "hold": id, "because": "away", "by": "guide" }));
        }
        if walker % 50 == 49 {
            last.push(json!({ "case": id, "event": "arrived", "by": "guide" }));
        }
    }
    lines.push(json!({ "advance": "30 hours" }));
    lines.extend(later);
    lines.push(json!({ "advance": "30 hours" }));
    lines.extend(last);
    lines
}

/// A house with walkers under way.
pub(super) async fn peopled(walkers: usize) -> House {
    let house = House::new().await;
    house.lines("lines.ndjson", &lines(walkers));
    house.run(&["apply", "lines.ndjson"]);
    house
}

/// Another time, a stage and a task under other names, another task.
pub(super) fn next_spring(house: &House) {
    house.edit(WALKER, "strolling", "ambling");
    house.edit(WALKER, "buy_shoes", "get_boots");
    house.edit(WALKER, "within: 3 days", "within: 50 hours");
    house.edit(
        WALKER,
        "        rules: [together.tired]\n",
        "        rules: [together.tired]\n        tasks: { rest: { title: { en: Rest }, role: walker, due: 4 days } }\n",
    );
    house.edit(
        WALKER,
        "process: walker\n",
        "process: walker\nrenamed: { stages: { strolling: ambling }, tasks: { buy_shoes: get_boots } }\n",
    );
}

pub(super) const OVER: [&str; 6] = [
    "migrate",
    "walker",
    "--by",
    "guide:Gerda",
    "--because",
    "it is spring",
];
pub(super) const BACK: [&str; 7] = [
    "migrate",
    "walker",
    "--undo",
    "--by",
    "guide:Gerda",
    "--because",
    "too soon",
];

/// How often the entries that count of a history say that the case went over.
fn times_over(entries: &[Entry]) -> usize {
    let counts = in_effect(entries);
    let over = counts
        .iter()
        .filter(|entry| matches!(entry.what, What::Migrated { .. }));
    over.count()
}

/// Every open walker is over so often, and the others never.
pub(super) async fn are_over(house: &House, times: usize) {
    let store = house.store().await;
    for audited in store.audit(TENANT, None, ALL).await.unwrap() {
        let case = &audited.row.case;
        let wanted = match case.process == *"walker" && case.ended.is_none() {
            true => times,
            false => 0,
        };
        assert_eq!(times_over(&audited.entries), wanted, "{}", case.id);
    }
    store.close().await;
}

/// How many walkers are over.
async fn over(house: &House) -> i64 {
    house
        .number("SELECT count(*) FROM cases WHERE process = 'walker' AND plan = (SELECT plan FROM active_plans WHERE process = 'walker')")
        .await
}

/// Who kills a program at random instants.
struct Killer {
    dice: Dice,
    kills: usize,
    /// Kills that some had gone over before, and others had not.
    midway: usize,
}

impl Killer {
    /// Kills a program at an instant of this span. Says whether it had come to its end.
    async fn kill(&mut self, house: &House, child: &mut Child, span: Duration, all: i64) -> bool {
        sleep(self.dice.within(span));
        let killed = kill(child);
        self.kills += usize::from(killed);
        self.midway += usize::from(killed && (1..all).contains(&over(house).await));
        !killed
    }
}

/// Runs a command again and again until it comes to its end, killed on the way, in copies of a house, until there were enough kills. The
/// rows are as in the one where nobody disturbed it. Gives that.
async fn killed_and_taken_up(house: &House, command: &[&str], times: usize, goal: usize) -> House {
    let undisturbed = house.again();
    let began = Instant::now();
    undisturbed.run(command);
    let span = began.elapsed();
    are_over(&undisturbed, times).await;
    let all = house
        .number("SELECT count(*) FROM cases WHERE process = 'walker' AND status <> 'ended'")
        .await;
    let mut killer = Killer {
        dice: Dice::seeded(),
        kills: 0,
        midway: 0,
    };
    let mut attempts = 0;
    while killer.kills < goal {
        let disturbed = house.again();
        loop {
            attempts += 1;
            let mut child = disturbed.program(command).spawn().unwrap();
            if killer.kill(&disturbed, &mut child, span, all).await {
                break;
            }
        }
        disturbed.run(command);
        are_over(&disturbed, times).await;
        same_rows(&disturbed, &undisturbed).await;
    }
    println!(
        "{} kills in {attempts} attempts, {} of them midway, {:?}",
        killer.kills,
        killer.midway,
        began.elapsed()
    );
    assert!(killer.midway > 0);
    // The others have the same rows.
    undisturbed.run(&["doctor"]);
    undisturbed
}

#[tokio::test]
async fn a_migration_and_its_undoing_are_killed_and_taken_up() {
    let house = peopled(WALKERS).await;
    next_spring(&house);
    let over = killed_and_taken_up(&house, &OVER, 1, kills(KILLS)).await;
    over.run(&["clock", "advance", "20 hours"]);
    killed_and_taken_up(&over, &BACK, 0, kills(KILLS / 2)).await;
}

/// Another text, which touches no promise: open cases follow by themselves.
fn reworded(house: &House) {
    house.edit(WALKER, "is not home yet.", "has not come home yet.");
    house.edit(
        WALKER,
        "process: walker\n",
        "process: walker\nadopt: when_safe\n",
    );
}

#[tokio::test]
async fn a_daemon_that_lets_cases_follow_is_killed_and_goes_on() {
    let house = peopled(WALKERS).await;
    reworded(&house);
    let undisturbed = house.again();
    let began = Instant::now();
    let mut daemon = Daemon::spawn(undisturbed.program(&["run", "--poll", "0.01"]));
    let went = daemon.wait_for("its open cases went over");
    let span = began.elapsed();
    let all = over(&undisturbed).await;
    assert_eq!(went["cases"], all);
    assert_eq!(daemon.end_with("TERM").0, Some(0));
    are_over(&undisturbed, 1).await;
    let mut killer = Killer {
        dice: Dice::seeded(),
        kills: 0,
        midway: 0,
    };
    while killer.kills < kills(KILLS / 3) {
        let disturbed = house.again();
        // One that is all over may be killed once more.
        for _ in 0..4 {
            let mut daemon = Daemon::spawn(disturbed.program(&["run", "--poll", "0.01"]));
            killer.kill(&disturbed, &mut daemon.child, span, all).await;
        }
        let daemon = disturbed.daemon();
        assert_eq!(daemon.end_with("TERM").0, Some(0));
        are_over(&disturbed, 1).await;
        same_rows(&disturbed, &undisturbed).await;
    }
    println!(
        "{} kills, {} of them midway, {:?}",
        killer.kills,
        killer.midway,
        began.elapsed()
    );
    undisturbed.run(&["doctor"]);
}
