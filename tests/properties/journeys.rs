//! Random journeys: what happens when, read against the plans of a programme, so that every event, task and link gets its turn.

use crate::world::{Deed, Pace, World, programme};
use forloeb::{
    diagnostic::Source,
    language::programme::{Ready, load, read_folder},
};
use forloeb_core::{
    case::CaseId,
    entry::{Actor, Entry},
    input::{Given, Input, Raw, Which},
    name::Name,
    plan::{Plan, Target},
    value::Kind,
};
use jiff::{SignedDuration, Timestamp, civil::Date};
use proptest::{
    prelude::*,
    test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner},
};
use rust_decimal::prelude::ToPrimitive;
use serde_json::json;
use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    path::Path,
    sync::Arc,
};

pub(super) const QUARTER: SignedDuration = SignedDuration::from_mins(15);

/// A programme, the cases that a journey begins with, and the days on which it may begin.
#[derive(Debug)]
pub(super) struct Stage {
    pub(super) plans: BTreeMap<Name, Ready>,
    pub(super) cast: &'static [(&'static str, &'static str)],
    begins: &'static [&'static str],
}

const DENSE: [&str; 5] = [
    "processes/calendars/town.yaml",
    "processes/club.yaml",
    "processes/walk.yaml",
    "rules/clubs.rhai",
    "rules/judgement.rhai",
];

/// The plans of the dense programme, once its texts have been edited.
pub(super) fn dense_plans(edit: impl Fn(&str, String) -> String) -> BTreeMap<Name, Ready> {
    let texts = DENSE.map(|path| (path, edit(path, include_dense(path).to_owned())));
    let files: Vec<(&str, &str)> = texts.iter().map(|(path, text)| (*path, &**text)).collect();
    programme(&files)
}

/// The dense programme. Its journeys begin where clocks, months, settings and closed days change.
pub(super) fn dense() -> Stage {
    Stage {
        plans: dense_plans(|_, text| text),
        // Ids on both sides of those that they read, since cases of one instant go in the order of their ids.
        cast: &[
            ("ada", "walk"),
            ("club-1", "club"),
            ("eve", "walk"),
            ("zoo", "club"),
            ("zoe", "walk"),
        ],
        begins: &[
            "2026-03-27T06:00Z",
            "2026-03-28T20:45Z",
            "2026-10-23T11:30Z",
            "2026-12-22T09:15Z",
            "2026-02-01T15:00Z",
        ],
    }
}

/// The rule of walkers that reads another walker.
const READS_ANOTHER: &str = "  - judgement.buddy_is_close\n";

/// A file of the dense programme, when nobody's rules read another walker.
pub(super) fn without_reading(_: &str, text: String) -> String {
    text.replace(READS_ANOTHER, "")
}

/// The dense programme without clubs, and nobody's rules read another case.
pub(super) fn alone() -> Stage {
    Stage {
        plans: dense_plans(without_reading),
        cast: &[("ada", "walk"), ("eve", "walk"), ("zoe", "walk")],
        ..dense()
    }
}

fn include_dense(path: &str) -> &'static str {
    match path {
        "processes/calendars/town.yaml" => include_str!("dense/processes/calendars/town.yaml"),
        "processes/club.yaml" => include_str!("dense/processes/club.yaml"),
        "processes/walk.yaml" => include_str!("dense/processes/walk.yaml"),
        "rules/clubs.rhai" => include_str!("dense/rules/clubs.rhai"),
        _ => include_str!("dense/rules/judgement.rhai"),
    }
}

/// The programme that is shipped. Its `missed: once` is made `all`, since a late case makes up for less than a timely one otherwise.
pub(super) fn shipped() -> Stage {
    let mut sources = read_folder(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    for source in &mut sources {
        let text = source.text.replace("missed: once", "missed: all");
        *source = Arc::new(Source {
            path: source.path.clone(),
            text: text.replace(
                "    on_closed: next_working_day\n    task:",
                "    on_closed: next_working_day\n    missed: all\n    task:",
            ),
        });
    }
    let loaded = load(&sources);
    assert!(!loaded.has_errors(), "{:?}", loaded.diagnostics);
    Stage {
        plans: loaded.plans.into_iter().collect(),
        cast: &[
            ("bakery", "company"),
            ("g-1", "peer_group"),
            ("anna", "nextwork"),
            ("bo", "nextwork"),
            ("workshop", "company"),
            ("zara", "nextwork"),
        ],
        begins: &[
            "2026-03-23T08:00Z",
            "2026-10-19T10:15Z",
            "2026-12-14T09:00Z",
        ],
    }
}

/// A journey as numbers: how long to wait, and dice that say what happens then.
#[derive(Clone, Debug)]
pub(super) struct Journey {
    begins: usize,
    moves: Vec<(u32, u64)>,
    days_after: i64,
}

/// How long journeys are and how far apart things happen.
#[derive(Clone, Copy, Debug)]
pub(super) struct Size {
    pub(super) moves: usize,
    /// The longest pause, in quarters of an hour.
    pub(super) longest_pause: u32,
    /// How long it goes on by itself after the last of them.
    pub(super) days_after: i64,
}

pub(super) fn journeys(size: Size) -> impl Strategy<Value = Journey> {
    let pause = prop_oneof![
        2 => Just(0_u32),
        4 => 1..=12_u32,
        4 => 1..=96_u32,
        1 => 1..=size.longest_pause,
    ];
    let moves = prop::collection::vec((pause, any::<u64>()), 1..=size.moves);
    (any::<u8>(), moves).prop_map(move |(begins, moves)| Journey {
        begins: usize::from(begins),
        moves,
        days_after: size.days_after,
    })
}

/// An input with the instant at which it came.
#[derive(Clone, Debug)]
pub(super) struct Delivered {
    pub(super) at: Timestamp,
    pub(super) deed: Deed,
    /// Whether it was accepted when everything was timely.
    pub(super) accepted: bool,
}

/// A journey that has been gone through once, timely.
#[derive(Debug)]
pub(super) struct Gone {
    pub(super) inputs: Vec<Delivered>,
    pub(super) begins: Timestamp,
    pub(super) ends: Timestamp,
    pub(super) world: World,
}

/// Goes through a journey, making each number an input that fits where the cases then are.
pub(super) fn go(stage: &Stage, journey: &Journey) -> Gone {
    let begins: Timestamp = stage.begins[journey.begins % stage.begins.len()]
        .parse()
        .unwrap();
    let mut world = World::new(&stage.plans, begins);
    let mut inputs: Vec<Delivered> = Vec::new();
    let mut deliver =
        |world: &mut World, input: Input, by: Option<Actor>, case: CaseId, process| {
            let given = Given {
                input,
                by,
                on_behalf_of: None,
                key: Some(format!("k{}", inputs.len())),
            };
            let deed = Deed {
                case,
                process,
                given,
            };
            let accepted = world.give(&deed).is_ok();
            inputs.push(Delivered {
                at: world.now,
                deed,
                accepted,
            });
        };
    for (id, process) in stage.cast {
        let facts = Raw::new();
        let process = Some(Name::from(*process));
        deliver(
            &mut world,
            Input::Start { facts },
            None,
            (*id).into(),
            process,
        );
    }
    for (pause, number) in &journey.moves {
        let at = world.now + QUARTER * i32::try_from(*pause).unwrap();
        world.go_to(at, Pace::Timely);
        let mut dice = Dice(*number);
        if let Some((case, input, by)) = choose(&world, &mut dice) {
            deliver(&mut world, input, by, case, None);
        }
    }
    let ends = world.now + SignedDuration::from_hours(24 * journey.days_after);
    world.go_to(ends, Pace::Timely);
    Gone {
        inputs,
        begins,
        ends,
        world,
    }
}

/// A row of numbers from one.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        (mixed % sides.max(1) as u64) as usize
    }

    fn one_in(&mut self, many: usize) -> bool {
        self.roll(many) == 0
    }

    fn pick<T: Clone>(&mut self, from: impl IntoIterator<Item = T>) -> Option<T> {
        let all: Vec<T> = from.into_iter().collect();
        all.get(self.roll(all.len())).cloned()
    }
}

/// What happens to which case, and who does it.
fn choose(world: &World, dice: &mut Dice) -> Option<(CaseId, Input, Option<Actor>)> {
    let open = world
        .cases
        .values()
        .filter(|known| known.case.ended.is_none());
    // Now and then something is done to a case that is closed, and refused.
    let known = match dice.one_in(20) {
        true => dice.pick(world.cases.values())?,
        false => dice.pick(open)?,
    };
    let plan = &known.ready.plan;
    let case = &known.case;
    let because = "so it is".to_owned();
    let input = match dice.roll(100) {
        0..55 => return report(world, &case.id, plan, dice),
        55..70 => {
            let able = case.tasks.iter().filter(|(_, state)| {
                let task = plan.task_of(state);
                state.done.is_none()
                    && task.is_some_and(|task| task.done_when.is_none() || !task.fills.is_empty())
            });
            let (number, state) = dice.pick(able)?;
            let fills = plan.task_of(state)?.fills.clone();
            let set = fills
                .into_iter()
                .filter_map(|fact| {
                    let kind = &plan.facts.get(&fact)?.kind;
                    Some((fact, value(world, &case.id, kind, dice)?))
                })
                .collect();
            Input::Finish {
                task: Which::Number(*number),
                set,
            }
        }
        70..80 => {
            let (link, declared) = dice.pick(&plan.links)?;
            let to = dice.pick(cases_of(world, &declared.to))?;
            Input::Link {
                link: link.clone(),
                to,
                from: None,
            }
        }
        80..85 => {
            let (link, cases) = dice.pick(&case.links)?;
            Input::Unlink {
                link: link.clone(),
                to: dice.pick(cases)?.clone(),
                from: None,
            }
        }
        85..92 => {
            if case.hold.is_some() {
                Input::Resume
            } else {
                let long = [2, 10, 96, 300][dice.roll(4)];
                let until = world.now + QUARTER * i32::try_from(1 + dice.roll(long)).unwrap();
                Input::Hold {
                    until: (!dice.one_in(3)).then_some(until),
                    because,
                }
            }
        }
        92..96 => Input::Acknowledge {
            finding: Which::Number(*dice.pick(case.findings.keys())?),
            because,
        },
        _ => Input::Snooze {
            finding: Which::Number(*dice.pick(case.findings.keys())?),
            until: world.now + QUARTER * i32::try_from(1 + dice.roll(300)).unwrap(),
            because,
        },
    };
    let by = dice.pick(plan.roles.keys()).map(actor);
    let by = match &input {
        Input::Finish {
            task: Which::Number(number),
            ..
        } => case.tasks.get(number).map(|state| actor(&state.role)),
        _ => by,
    };
    Some((case.id.clone(), input, by))
}

fn actor(role: &Name) -> Actor {
    Actor {
        role: role.clone(),
        person: None,
    }
}

fn cases_of(world: &World, process: &str) -> Vec<CaseId> {
    let cases = world.cases.values();
    cases
        .filter(|known| known.case.process == *process)
        .map(|known| known.case.id.clone())
        .collect()
}

fn report(
    world: &World,
    id: &CaseId,
    plan: &Plan,
    dice: &mut Dice,
) -> Option<(CaseId, Input, Option<Actor>)> {
    let ends = ending_events(plan);
    let told_only = dice.one_in(30);
    let may = plan.events.iter().filter(|(name, event)| {
        (told_only || !event.by.is_empty()) && (!ends.contains(*name) || dice_allows_end(dice.0))
    });
    let (name, event) = {
        let may: Vec<_> = may.collect();
        dice.pick(may)?
    };
    let mut with = Raw::new();
    for (field, declared) in &event.with {
        if declared.optional && dice.one_in(2) {
            continue;
        }
        if let Some(value) = value(world, id, &declared.fact.kind, dice) {
            with.insert(field.clone(), value);
        }
    }
    let back = QUARTER * i32::try_from(dice.roll(400)).unwrap();
    let input = Input::Report {
        event: name.clone(),
        with,
        happened: dice.one_in(5).then_some(world.now - back),
        from: None,
    };
    let by = dice.pick(&event.by).map(actor);
    Some((id.clone(), input, by))
}

/// Journeys that end at once are dull: an event that ends one is seldom.
fn dice_allows_end(number: u64) -> bool {
    number.is_multiple_of(6)
}

fn ending_events(plan: &Plan) -> BTreeSet<&Name> {
    let mut events = BTreeSet::new();
    for exit in plan
        .any_stage
        .iter()
        .filter(|exit| matches!(exit.target, Target::Outcome(_)))
    {
        exit.when.each(&mut |part| {
            if let forloeb_core::condition::Test::Event(test) = &part.test {
                events.insert(&test.event);
            }
        });
    }
    events
}

/// A value of a kind, as somebody would hand it in.
fn value(world: &World, id: &CaseId, kind: &Kind, dice: &mut Dice) -> Option<serde_json::Value> {
    let mut between = |min: i64, max: i64| {
        let span = usize::try_from(max - min + 1).unwrap();
        min + i64::try_from(dice.roll(span)).unwrap()
    };
    Some(match kind {
        Kind::Text => json!("words"),
        Kind::Number { min, max } => {
            let whole = |limit: &Option<rust_decimal::Decimal>, other| {
                limit.and_then(|limit| limit.to_i64()).unwrap_or(other)
            };
            json!(between(whole(min, 0), whole(max, 40)))
        }
        Kind::Whole { min, max } => json!(between(min.unwrap_or(0), max.unwrap_or(40))),
        Kind::Scale { min, max } => json!(between(*min, *max)),
        Kind::YesNo => json!(between(0, 1) == 1),
        Kind::Date => json!(
            today(world, id)
                .checked_add(jiff::Span::new().days(between(-4, 12)))
                .unwrap()
                .to_string()
        ),
        Kind::Choice(options) => json!(dice.pick(options.keys())?.as_str()),
        Kind::Link { to } => json!(dice.pick(cases_of(world, to))?.as_str()),
        Kind::Each { link, kind } => {
            let linked = world.cases.get(id)?.case.links.get(link);
            let mut each = serde_json::Map::new();
            for member in linked.into_iter().flatten() {
                if !dice.one_in(8) {
                    each.insert(member.to_string(), value(world, id, kind, dice)?);
                }
            }
            serde_json::Value::Object(each)
        }
    })
}

fn today(world: &World, id: &CaseId) -> Date {
    let plan = &world.cases[id].ready.plan;
    plan.calendar.zone().date(world.now)
}

/// Goes through the inputs of a journey again; `wait` says how the time between two of them passes.
pub(super) fn again(
    stage: &Stage,
    gone: &Gone,
    mut wait: impl FnMut(&mut World, Timestamp),
) -> Result<World, TestCaseError> {
    let mut world = World::new(&stage.plans, gone.begins);
    for input in &gone.inputs {
        wait(&mut world, input.at);
        let answer = world.give(&input.deed);
        prop_assert_eq!(
            answer.is_ok(),
            input.accepted,
            "at {}: {:?}\nwas answered with {:?}",
            input.at,
            &input.deed,
            answer
        );
    }
    wait(&mut world, gone.ends);
    Ok(world)
}

/// The histories of cases.
pub(super) type Histories = BTreeMap<CaseId, Vec<Arc<Entry>>>;

/// Fails at the first entry in which two worlds differ, after both are put through `as_seen`.
pub(super) fn same(
    ours: &Histories,
    theirs: &Histories,
    as_seen: impl Fn(&Entry) -> Entry,
) -> Result<(), TestCaseError> {
    let ids: BTreeSet<&CaseId> = ours.keys().chain(theirs.keys()).collect();
    let none = Vec::new();
    for id in ids {
        let (a, b) = (
            ours.get(id).unwrap_or(&none),
            theirs.get(id).unwrap_or(&none),
        );
        for place in 0..a.len().max(b.len()) {
            let seen = |entries: &[Arc<Entry>]| entries.get(place).map(|entry| as_seen(entry));
            let (a, b) = (seen(a), seen(b));
            prop_assert!(
                a == b,
                "the histories of `{}` differ in entry {}:\n{:#?}\nand\n{:#?}",
                id,
                place + 1,
                a,
                b
            );
        }
    }
    Ok(())
}

/// The entry as it is.
pub(super) fn whole(entry: &Entry) -> Entry {
    entry.clone()
}

/// The entry without the instant of its recording.
pub(super) fn but_recorded(entry: &Entry) -> Entry {
    Entry {
        recorded: entry.at,
        ..entry.clone()
    }
}

/// Tries a property on the journeys of so many seeds: `normal` of them, or with `FORLOEB_SEEDS` the `share`th part of that number.
pub(super) fn on_seeds(
    normal: u64,
    share: u64,
    size: Size,
    holds: impl Fn(&Journey) -> Result<(), TestCaseError>,
) {
    let number = |name: &str| {
        env::var(name)
            .ok()
            .and_then(|text| text.parse::<u64>().ok())
    };
    let many = number("FORLOEB_SEEDS").map_or(normal, |seeds| (seeds / share).max(normal));
    let first = number("FORLOEB_FIRST_SEED").unwrap_or(0);
    for seed in first..first + many {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        let config = Config {
            cases: 1,
            failure_persistence: None,
            max_shrink_iters: u32::try_from(number("FORLOEB_SHRINKS").unwrap_or(4_000)).unwrap(),
            ..Config::default()
        };
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
        let mut runner = TestRunner::new_with_rng(config, rng);
        match runner.run(&journeys(size), |journey| holds(&journey)) {
            Ok(()) => {}
            Err(TestError::Fail(why, journey)) => {
                panic!("seed {seed}: {why}\non the journey {journey:?}")
            }
            Err(TestError::Abort(why)) => panic!("seed {seed}: {why}"),
        }
    }
}
