//! `kill -9` at any instant: nothing is lost, and nothing is done twice.
//!
//! Two programs at a time (the daemon and `apply`, or the daemon and `clock set`) work on one database and are killed at random
//! instants, started again, killed again. In the end the database holds the same rows as one that nobody disturbed.
//!
//! `FORLOEB_KILLS=500 cargo test kills` kills more often; `FORLOEB_SEED=N` repeats a choice of instants.

use super::house::{Daemon, House, TENANT, hours, monday, same_rows};
use forloeb::store::Store;
use forloeb_core::entry::{Entry, What};
use serde_json::{Value as Json, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    process::Child,
    thread::sleep,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

/// How many kills there are at least.
const KILLS: usize = 50;

const WALKERS: usize = 40;

/// Days between two rounds of work.
const DAYS: i64 = 2;

pub(super) fn from_env(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Random numbers from a seed (splitmix64).
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn seeded() -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let seed = from_env("FORLOEB_SEED").unwrap_or(now.as_micros() as u64);
        println!("FORLOEB_SEED={seed}");
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut number = self.0;
        number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        number ^ (number >> 31)
    }

    /// An instant in a span.
    pub(super) fn within(&mut self, span: Duration) -> Duration {
        span.mul_f64((self.next() % 10_000) as f64 / 10_000.0)
    }
}

/// The lines of a round; the first starts the cases. Each has a key, so that a file can be given again and again, and one is refused.
fn round(number: usize) -> Vec<Json> {
    let mut lines = Vec::new();
    if number == 0 {
        for club in 0..3 {
            lines.push(json!({ "start": "club", "id": format!("c-{club}"), "key": "start" }));
        }
    }
    for walker in 0..WALKERS {
        let id = format!("w-{walker:03}");
        if number == 0 {
            let name = format!("Wanda {walker}");
            lines.push(
                json!({ "start": "walker", "id": id, "set": { "name": name }, "key": "start" }),
            );
            lines.push(json!({ "link": "club", "case": id, "to": format!("c-{}", walker % 3), "by": "leader", "key": "join" }));
        } else if !(walker + number).is_multiple_of(3) {
            let (by, key) = (format!("walker:Wanda {walker}"), format!("walk-{number}"));
            let with = json!({ "steps": number * 100 + walker, "notes": "secret" });
            lines
                .push(json!({ "case": id, "event": "walked", "by": by, "with": with, "key": key }));
        }
        if (walker * 7 + number).is_multiple_of(29) {
            lines.push(json!({ "case": id, "event": "left_home", "by": "leader:Bodil", "key": format!("bad-{number}") }));
            lines.push(json!({ "case": id, "event": "left_home", "by": "walker", "key": format!("left-{number}") }));
        }
    }
    lines
}

fn clock_after(round: usize) -> jiff::Timestamp {
    monday() + hours(24 * DAYS * (round as i64 + 1))
}

/// Kills a program unless it has ended. Says whether it was killed.
pub(super) fn kill(child: &mut Child) -> bool {
    child.kill().unwrap();
    child.wait().unwrap().code().is_none()
}

/// Who is killed, when, and how often that has happened.
struct Killer {
    dice: Dice,
    kills: usize,
    /// How long work takes that nobody disturbs.
    span: Duration,
}

impl Killer {
    /// Runs a program beside the daemon, and kills both at random instants.
    fn disturb(&mut self, house: &House, args: &[&str]) {
        let mut daemon = Daemon::spawn(house.program(&["run", "--poll", "0.01"]));
        let mut work = house.program(args).spawn().unwrap();
        let (first, second) = (self.dice.within(self.span), self.dice.within(self.span));
        sleep(first.min(second));
        let (one, other) = match first < second {
            true => (&mut work, &mut daemon.child),
            false => (&mut daemon.child, &mut work),
        };
        self.kills += usize::from(kill(one));
        sleep(first.abs_diff(second));
        self.kills += usize::from(kill(other));
    }
}

/// Does one round: the clock moves (all at once, as a real one does while everybody is away, or going through what is due), then inputs
/// come. Disturbed, both are tried again until they have been.
async fn live(house: &House, number: usize, killer: &mut Option<(Killer, usize)>) {
    let file = format!("round-{number}.ndjson");
    house.lines(&file, &round(number));
    let apply = ["apply", file.as_str()];
    if let Some((killer, goal)) = killer {
        while killer.kills < *goal {
            killer.disturb(house, &apply);
        }
    }
    let refused = house.program(&apply).output().unwrap().status.code();
    assert!(matches!(refused, Some(0 | 1)));
    let to = clock_after(number);
    let text = to.to_string();
    let set = ["clock", "set", text.as_str()];
    if number.is_multiple_of(2) {
        if let Some((killer, _)) = killer {
            for _ in 0..2 {
                killer.disturb(house, &set);
            }
        }
        house.run(&set);
    } else {
        house.let_pass(to).await;
    }
}

#[tokio::test]
async fn killed_programs_lose_nothing_and_do_nothing_twice() {
    let goal = from_env("FORLOEB_KILLS").map_or(KILLS, |kills| kills as usize);
    let rounds = 6.max(goal / 25);
    let (undisturbed, house) = (House::new().await, House::new().await);
    let began = Instant::now();
    for number in 0..rounds {
        live(&undisturbed, number, &mut None).await;
    }
    undisturbed.run(&["tick"]);
    let killer = Killer {
        dice: Dice::seeded(),
        kills: 0,
        span: began.elapsed() / (2 * rounds as u32),
    };
    let mut killer = Some((killer, 0));
    for number in 0..rounds {
        if let Some((_, until)) = &mut killer {
            *until = goal * (number + 1) / rounds;
        }
        live(&house, number, &mut killer).await;
    }
    house.run(&["tick"]);
    let kills = killer.map_or(0, |(killer, _)| killer.kills);
    println!("{kills} kills in {rounds} rounds, {:?}", began.elapsed());
    assert!(kills >= goal);
    same_rows(&house, &undisturbed).await;
    house.run(&["doctor"]);
}

/// What was given from outside, in order: the inputs of a history without their instants.
fn given(entries: &[Entry]) -> Vec<String> {
    entries
        .iter()
        .filter_map(|entry| match &entry.what {
            What::Started { process, .. } => Some(format!("start {process}")),
            What::Reported { event, with, .. } => {
                let steps = with.get("steps").map(ToString::to_string);
                Some(format!("{event} {steps:?} {:?}", entry.by))
            }
            _ => None,
        })
        .collect()
}

/// The clock moves while inputs come, and everybody is killed again and again: when an input comes is chance, that it comes once is not.
#[tokio::test]
async fn nothing_is_lost_when_time_passes_meanwhile() {
    let (undisturbed, house) = (House::new().await, House::new().await);
    let rounds = 3;
    let lines: Vec<Json> = (0..rounds).flat_map(round).collect();
    for house in [&undisturbed, &house] {
        house.lines("all.ndjson", &lines);
    }
    let began = Instant::now();
    undisturbed.ends(&["apply", "all.ndjson"], 1);
    let mut dice = Dice::seeded();
    let span = began.elapsed();
    let mut kills = 0;
    while kills < 12 {
        let mut daemon = Daemon::spawn(house.program(&["run", "--poll", "0.01"]));
        let mut apply = house.program(&["apply", "all.ndjson"]).spawn().unwrap();
        let mut advance = house
            .program(&["clock", "advance", "3 days"])
            .spawn()
            .unwrap();
        for victim in [&mut advance, &mut apply, &mut daemon.child] {
            sleep(dice.within(span) / 2);
            kills += usize::from(kill(victim));
        }
    }
    house.ends(&["apply", "all.ndjson"], 1);
    house.run(&["tick"]);
    let mut inputs = [BTreeMap::new(), BTreeMap::new()];
    for (house, inputs) in [&undisturbed, &house].into_iter().zip(&mut inputs) {
        let store = house.store().await;
        for audited in store.audit(TENANT, None, 1_000).await.unwrap() {
            let mut reported = given(&audited.entries);
            // Which member's walk a club hears of first is chance as well.
            if audited.row.case.process.as_str() == "club" {
                reported.sort();
            }
            inputs.insert(audited.row.case.id.clone(), reported);
        }
    }
    assert_eq!(inputs[0], inputs[1]);
    // No rung is reached twice and no work recurs twice.
    let store = house.store().await;
    for audited in store.audit(TENANT, None, 1_000).await.unwrap() {
        let mut once = BTreeSet::new();
        for entry in &audited.entries {
            let again = match &entry.what {
                What::RungReached { deadline, rung } => !once.insert(format!("{deadline} {rung}")),
                What::Recurred {
                    recurring,
                    occurrence,
                } => !once.insert(format!("{recurring} {occurrence}")),
                _ => false,
            };
            assert!(!again, "{entry:?}");
        }
    }
    house.run(&["doctor"]);
}
