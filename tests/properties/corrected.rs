//! Corrections and migrations: what is taken back is as if it had never been.

use super::journeys::{Gone, Journey, Size, Stage, alone, dense, go, on_seeds};
use crate::world::{Deed, Known, Pace, World};
use forloeb::language::programme::Ready;
use forloeb_core::{
    case::Case,
    fold::fold,
    input::{Given, Input, Which},
    name::Name,
    value::{SealedKey, Value},
    versions::Renamed,
};
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use std::{collections::BTreeMap, sync::Arc};

pub(super) const SIZE: Size = Size {
    moves: 40,
    longest_pause: 96 * 12,
    days_after: 4,
};

/// What a case is, without the numbers of entries. Where rules read other cases, a correction asks them of those as they are now: since
/// when a finding holds may differ, and with it who had seen it.
fn as_it_is(known: &Known, since: bool) -> Json {
    let case: &Case = &known.case;
    let open = |value: &Value| open(value, &known.sealed);
    let facts: Vec<Json> = case
        .facts
        .iter()
        .map(|(name, fact)| json!([name, open(&fact.value), fact.at]))
        .collect();
    let mut events: Vec<Json> = Vec::new();
    for (name, occurrences) in &case.events {
        for one in occurrences {
            let with: Vec<Json> = one
                .with
                .iter()
                .map(|(field, value)| json!([field, open(value)]))
                .collect();
            events.push(json!([name, one.at, one.by, one.from, with]));
        }
    }
    let tracks = case.tracks.iter();
    let tracks: Vec<Json> = tracks
        .map(|(track, place)| json!([track, place.stage, place.since]))
        .collect();
    let mut tasks: Vec<String> = case
        .tasks
        .values()
        .map(|task| serde_json::to_string(task).unwrap())
        .collect();
    tasks.sort();
    let mut deadlines: Vec<String> = case
        .deadlines
        .values()
        .map(|state| {
            let mut state = state.clone();
            state.anchor = None;
            serde_json::to_string(&state).unwrap()
        })
        .collect();
    deadlines.sort();
    let recurring = case.recurring.iter();
    let recurring: Vec<Json> = recurring
        .map(|(name, state)| json!([name, state.since]))
        .collect();
    let mut findings: Vec<String> = case
        .findings
        .values()
        .map(|finding| {
            let mut finding = finding.clone();
            finding.by_migration = false;
            let at = since.then_some(finding.since);
            let told = json!([
                finding.source,
                finding.say,
                finding.about,
                finding.level,
                finding.to,
                finding.values,
                at,
                since.then_some((&finding.acknowledged, finding.snoozed_until)),
            ]);
            told.to_string()
        })
        .collect();
    findings.sort();
    json!({
        "facts": facts, "events": events, "links": case.links, "tracks": tracks, "visits": case.visits, "tasks": tasks,
        "deadlines": deadlines, "recurring": recurring, "findings": findings, "raised": case.raised,
        "hold": case.hold.as_ref().map(|hold| (hold.since, hold.until)), "ended": case.ended, "circled": case.circled,
        "wake_at": since.then_some(known.wake_at),
    })
}

fn open(value: &Value, sealed: &BTreeMap<SealedKey, Value>) -> Json {
    match value {
        Value::Sealed(key) => json!(sealed.get(key)),
        other => json!(other),
    }
}

/// Each link is seen from both sides.
fn tied_from_both_sides(world: &World) -> Result<(), TestCaseError> {
    for (id, known) in &world.cases {
        for (link, declared) in &known.ready.plan.links {
            let Some(inverse) = &declared.inverse else {
                continue;
            };
            for to in known.case.links.get(link).into_iter().flatten() {
                let back = world.cases[to].case.links.get(inverse);
                prop_assert!(
                    back.is_some_and(|back| back.contains(id)),
                    "`{}` of `{}` leads to `{}`, and `{}` does not lead back",
                    link,
                    id,
                    to,
                    inverse
                );
            }
        }
    }
    Ok(())
}

/// All cases of two worlds are the same but for the numbers of their entries.
pub(super) fn same(with: &World, without: &World, since: bool) -> Result<(), TestCaseError> {
    for (id, known) in &with.cases {
        let folded = fold(id, known.history.iter().map(|entry| &**entry));
        prop_assert_eq!(
            folded.as_ref(),
            Some(&*known.case),
            "`{}` does not fold",
            id
        );
        let (a, b) = (as_it_is(known, since), as_it_is(&without.cases[id], since));
        for (part, is) in a.as_object().unwrap() {
            prop_assert!(
                *is == b[part],
                "`{}` differs in {}:\n{:#}\nand without it\n{:#}\nits history: {:#?}",
                id,
                part,
                is,
                b[part],
                known
                    .history
                    .iter()
                    .map(|entry| format!(
                        "{} {} {:?} {:?} {:?}",
                        entry.seq, entry.at, entry.cause, entry.again, entry.what
                    ))
                    .collect::<Vec<_>>()
            );
        }
    }
    Ok(())
}

fn correct(
    world: &mut World,
    case: &str,
    entry: u64,
    number: usize,
) -> Result<bool, forloeb_core::input::Refusal> {
    let input = Input::Correct {
        entry,
        because: "it was the wrong one".to_owned(),
    };
    let given = Given {
        key: Some(format!("c{number}")),
        ..Given::by_itself(input)
    };
    let deed = Deed {
        case: case.into(),
        process: None,
        given,
    };
    world.give(&deed)
}

/// An input of a journey as it is said in this world: with the number that its task or finding has there, and under the names that
/// things bear there.
pub(super) fn meant(world: &World, gone: &Gone, deed: &Deed, renamed: &Renamed) -> Deed {
    let mut deed = deed.clone();
    let history = gone.world.cases[&deed.case].history.iter();
    // As it was when that began, under the names of here.
    let was = |number: u64| {
        let until = history.clone().take_while(|entry| entry.seq <= number);
        let mut case = fold(&deed.case, until.map(|entry| &**entry)).unwrap();
        renamed.apply(&mut case);
        case
    };
    let here = world.cases.get(&deed.case).map(|known| &known.case);
    let now = |names: &BTreeMap<Name, Name>, name: &mut Name| {
        if let Some(new) = names.get(name) {
            *name = new.clone();
        }
    };
    match &mut deed.given.input {
        Input::Report { event, .. } => now(&renamed.events, event),
        Input::Link { link, .. } | Input::Unlink { link, .. } => now(&renamed.links, link),
        Input::Finish {
            task: Which::Number(number),
            set,
        } => {
            for (mut fact, value) in std::mem::take(set) {
                now(&renamed.facts, &mut fact);
                set.insert(fact, value);
            }
            let was = was(*number);
            let was = &was.tasks[number];
            let mut open = here.unwrap().tasks.iter().filter(|(_, state)| {
                state.done.is_none() && (&state.name, &state.origin) == (&was.name, &was.origin)
            });
            *number = open.next().map_or(0, |(number, _)| *number);
        }
        Input::Acknowledge {
            finding: Which::Number(number),
            ..
        }
        | Input::Snooze {
            finding: Which::Number(number),
            ..
        } => {
            let was = was(*number);
            let was = &was.findings[number];
            let mut open = here.unwrap().findings.iter().filter(|(_, open)| {
                (&open.source, &open.say, &open.about) == (&was.source, &was.say, &was.about)
            });
            *number = open.next().map_or(0, |(number, _)| *number);
        }
        _ => {}
    }
    deed
}

/// Goes through a journey with one of its inputs, which is declared void after so many more, and through the same without it.
fn with_and_without(
    stage: &Stage,
    journey: &Journey,
    which: usize,
    later: usize,
    since: bool,
) -> Result<(), TestCaseError> {
    let gone: Gone = go(stage, journey);
    let (mut with, mut without) = (
        World::new(&stage.plans, gone.begins),
        World::new(&stage.plans, gone.begins),
    );
    let wrong = stage.cast.len() + which % gone.inputs.len().max(1);
    let mut entry = None;
    for (number, input) in gone.inputs.iter().enumerate() {
        with.go_to(input.at, Pace::Timely);
        without.go_to(input.at, Pace::Timely);
        let case = &input.deed.case;
        let seq = with.cases.get(case).map_or(0, |known| known.case.seq);
        let taken = with.give(&meant(&with, &gone, &input.deed, &Renamed::default()));
        if number == wrong {
            if taken != Ok(true) {
                return Ok(());
            }
            entry = with.entry_of(case, seq, &input.deed.given.input);
        } else {
            let other = without.give(&meant(&without, &gone, &input.deed, &Renamed::default()));
            // What fits only without it was never taken in, and cannot be made up for.
            if entry.is_some() && taken.is_ok() != other.is_ok() {
                return Ok(());
            }
        }
        if number == wrong + later
            && let Some(entry) = entry.take()
        {
            let case = &gone.inputs[wrong].deed.case;
            let corrected = correct(&mut with, case, entry, number);
            prop_assert!(
                corrected.is_ok(),
                "{:?}: {:?}",
                gone.inputs[wrong].deed,
                corrected
            );
            let now = without.now;
            without.go_to(now, Pace::Timely);
            same(&with, &without, since)?;
        }
    }
    with.go_to(gone.ends, Pace::Timely);
    without.go_to(gone.ends, Pace::Timely);
    tied_from_both_sides(&with)?;
    if entry.is_none() && wrong < gone.inputs.len() {
        same(&with, &without, since)
            .map_err(|why| TestCaseError::fail(format!("{:?}: {why}", gone.inputs[wrong].deed)))?;
    }
    Ok(())
}

#[test]
fn a_journey_with_a_wrong_entry_that_is_corrected_ends_as_the_one_without_it() {
    let stage = alone();
    on_seeds(3, 1, SIZE, |journey| {
        for (which, later) in [(3, 0), (5, 4), (9, 12), (17, 7)] {
            with_and_without(&stage, journey, which, later, true)?;
        }
        Ok(())
    });
}

/// With clubs: events are told on, cases are tied to each other, and rules read other cases.
#[test]
fn where_cases_are_told_and_read_the_rest_is_the_same() {
    let stage = dense();
    on_seeds(1, 1, SIZE, |journey| {
        for (which, later) in [(4, 0), (8, 6), (15, 11)] {
            with_and_without(&stage, journey, which, later, false)
                .map_err(|why| TestCaseError::fail(format!("{which} {later}: {why}")))?;
        }
        Ok(())
    });
}

/// The plans under other ids, as if something had changed that means nothing.
fn renumbered(stage: &Stage) -> Vec<Ready> {
    let plans = stage.plans.values();
    plans
        .map(|ready| {
            let mut plan = (*ready.plan).clone();
            plan.id = format!("{}-next", plan.id).into();
            Ready {
                plan: Arc::new(plan),
                ..ready.clone()
            }
        })
        .collect()
}

#[test]
fn a_new_version_that_means_the_same_changes_nothing_and_is_taken_back_without_a_trace() {
    let stage = dense();
    on_seeds(3, 1, SIZE, |journey| {
        let gone = go(&stage, journey);
        let next = renumbered(&stage);
        let (mut moved, mut stayed) = (gone.world.clone(), gone.world.clone());
        let ids: Vec<_> = moved.cases.keys().cloned().collect();
        for id in &ids {
            let known = &moved.cases[id];
            let next = next
                .iter()
                .find(|ready| ready.plan.process == known.case.process);
            if known.case.ended.is_none() {
                let carried = moved.migrate(id, next.unwrap());
                prop_assert!(carried.is_ok(), "{carried:?}");
            }
        }
        same(&moved, &stayed, true)?;
        let later = gone.ends + jiff::SignedDuration::from_hours(24 * 9);
        moved.go_to(later, Pace::Timely);
        stayed.go_to(later, Pace::Timely);
        same(&moved, &stayed, true)
    });
}
