//! Migrations to versions that really differ: taken back, they leave no trace; and what was recorded wrongly may be corrected before
//! them or after.

use super::{
    corrected::{SIZE, meant, same},
    journeys::{Gone, Stage, alone, go, on_seeds, without_reading},
    versions::VERSIONS,
};
use crate::world::{Deed, Pace, World};
use forloeb::language::programme::Ready;
use forloeb_core::{
    case::CaseId,
    entry::{Entry, What},
    in_effect::in_effect,
    input::{Given, Input},
    name::Name,
    step::NotMoved,
    versions::Renamed,
};
use jiff::SignedDuration;
use proptest::prelude::*;
use std::{
    cell::Cell,
    collections::{BTreeMap, BTreeSet},
};

pub(super) type Plans = BTreeMap<Name, Ready>;

/// All cases, process by process.
fn by_process(world: &World) -> Vec<CaseId> {
    let cases = world.cases.iter();
    let ids = cases.map(|(id, known)| (known.case.process.clone(), id.clone()));
    let ids: BTreeSet<_> = ids.collect();
    ids.into_iter().map(|(_, id)| id).collect()
}

/// Lets all open cases go over.
pub(super) fn migrate_all(world: &mut World, next: &Plans) -> Result<(), TestCaseError> {
    for id in by_process(world) {
        let case = &world.cases[&id].case;
        let next = &next[&case.process];
        if case.ended.is_some() || case.plan == next.plan.id {
            continue;
        }
        let moved: Result<(), NotMoved> = world.migrate(&id, next);
        prop_assert!(moved.is_ok(), "{moved:?}");
    }
    Ok(())
}

/// Declares the entries void by which cases went over.
pub(super) fn take_back(world: &mut World, next: &Plans) -> Result<(), TestCaseError> {
    for case in by_process(world) {
        let known = &world.cases[&case];
        if known.case.plan != next[&known.case.process].plan.id {
            continue;
        }
        let history: Vec<Entry> = known
            .history
            .iter()
            .map(|entry| (**entry).clone())
            .collect();
        let counts = in_effect(&history);
        let over = |entry: &&&Entry| matches!(entry.what, What::Migrated { .. });
        // The version of another process may mean what it meant before.
        let Some(entry) = counts.iter().rev().find(over) else {
            continue;
        };
        let given = Given::by_itself(Input::Correct {
            entry: entry.seq,
            because: "it was too much".to_owned(),
        });
        let deed = Deed {
            case,
            process: None,
            given,
        };
        let taken = world.give(&deed);
        prop_assert!(taken == Ok(true), "{taken:?}");
    }
    Ok(())
}

/// Gives an input to both, or to neither when one of them refuses it.
fn give_both((one, ours): (&mut World, &Deed), (other, theirs): (&mut World, &Deed)) {
    let before = one.clone();
    if one.give(ours) == Ok(true) && other.give(theirs) != Ok(true) {
        *one = before;
    }
}

fn both_go_to(worlds: [&mut World; 2], at: jiff::Timestamp) {
    for world in worlds {
        world.go_to(at, Pace::Timely);
    }
}

/// All open cases go over, and back so many inputs later: beside them a world in which they never did.
fn over_and_back(
    stage: &Stage,
    next: &Plans,
    gone: &Gone,
    (when, later): (usize, usize),
) -> Result<(), TestCaseError> {
    let first = stage.cast.len();
    let when = first + when % (gone.inputs.len() - first + 1);
    let renamed = next["walk"].plan.renamed.clone();
    let none = Renamed::default();
    let world = || World::new(&stage.plans, gone.begins);
    let (mut moved, mut stayed, mut over) = (world(), world(), false);
    for (number, input) in gone.inputs.iter().enumerate() {
        both_go_to([&mut moved, &mut stayed], input.at);
        if number == when {
            migrate_all(&mut moved, next)?;
            over = true;
        }
        if number == when + later {
            take_back(&mut moved, next)?;
            over = false;
            same(&moved, &stayed, true)?;
        }
        let theirs = meant(&stayed, gone, &input.deed, &none);
        let ours = meant(
            &moved,
            gone,
            &input.deed,
            if over { &renamed } else { &none },
        );
        give_both((&mut moved, &ours), (&mut stayed, &theirs));
    }
    both_go_to([&mut moved, &mut stayed], gone.ends);
    take_back(&mut moved, next)?;
    same(&moved, &stayed, true)?;
    let later = gone.ends + SignedDuration::from_hours(24 * 5);
    both_go_to([&mut moved, &mut stayed], later);
    same(&moved, &stayed, true)
}

#[test]
fn a_migration_that_is_taken_back_leaves_no_trace() {
    let stage = alone();
    let moments = [(2, 3), (9, 14), (17, 6)];
    let versions = VERSIONS.map(|version| version.plans(without_reading));
    on_seeds(1, 2, SIZE, |journey| {
        let gone = go(&stage, journey);
        for (place, next) in versions.iter().enumerate() {
            let at = moments[(gone.inputs.len() + place) % moments.len()];
            over_and_back(&stage, next, &gone, at).map_err(|why| {
                TestCaseError::fail(format!("{}, {at:?}: {why}", VERSIONS[place].name))
            })?;
        }
        Ok(())
    });
}

/// A wrong entry before a migration, corrected before it or after it: beside them a world without it that goes over as well.
fn corrected_around(
    stage: &Stage,
    next: &Plans,
    gone: &Gone,
    (wrong, when, later): (usize, usize, usize),
) -> Result<(), TestCaseError> {
    let wrong = stage.cast.len() + wrong % (gone.inputs.len() - stage.cast.len()).max(1);
    let (when, later) = (wrong + 1 + when, wrong + 1 + later);
    let renamed = next["walk"].plan.renamed.clone();
    let none = Renamed::default();
    let world = || World::new(&stage.plans, gone.begins);
    let (mut with, mut without) = (world(), world());
    let mut entry = None;
    let mut names = &none;
    let last = gone.inputs.len();
    for number in 0..=last {
        let input = gone.inputs.get(number);
        let at = input.map_or(gone.ends, |input| input.at);
        both_go_to([&mut with, &mut without], at);
        let reached = |wanted: usize| number == wanted || (number == last && wanted > last);
        let mut turns = [(when, false), (later, true)];
        turns.sort();
        for (wanted, correction) in turns {
            if !reached(wanted) {
                continue;
            }
            if !correction {
                migrate_all(&mut with, next)?;
                migrate_all(&mut without, next)?;
                names = &renamed;
            } else if let Some((case, entry)) = entry.take() {
                let given = Given::by_itself(Input::Correct {
                    entry,
                    because: "it was the wrong one".to_owned(),
                });
                let corrected = with.give(&Deed {
                    case,
                    process: None,
                    given,
                });
                prop_assert!(corrected == Ok(true), "{corrected:?}");
                same(&with, &without, true)?;
            }
        }
        let Some(input) = input else { break };
        let ours = meant(&with, gone, &input.deed, names);
        if number == wrong {
            let case = &input.deed.case;
            let seq = with.cases.get(case).map_or(0, |known| known.case.seq);
            if with.give(&ours) != Ok(true) {
                return Ok(());
            }
            let recorded = with.entry_of(case, seq, &input.deed.given.input);
            entry = recorded.map(|entry| (case.clone(), entry));
            continue;
        }
        let theirs = meant(&without, gone, &input.deed, names);
        give_both((&mut with, &ours), (&mut without, &theirs));
    }
    same(&with, &without, true)?;
    let later = gone.ends + SignedDuration::from_hours(24 * 5);
    both_go_to([&mut with, &mut without], later);
    same(&with, &without, true)
}

#[test]
fn an_entry_may_be_corrected_before_a_migration_and_after_it() {
    let stage = alone();
    let moments = [(1, 2, 5), (6, 7, 3), (11, 4, 9), (19, 0, 1)];
    let versions = VERSIONS.map(|version| version.plans(without_reading));
    on_seeds(1, 2, SIZE, |journey| {
        let gone = go(&stage, journey);
        for (place, next) in versions.iter().enumerate() {
            let at = moments[(gone.inputs.len() + place) % moments.len()];
            corrected_around(&stage, next, &gone, at).map_err(|why| {
                TestCaseError::fail(format!("{}, {at:?}: {why}", VERSIONS[place].name))
            })?;
        }
        Ok(())
    });
}

/// The limits that run, of deadlines and tasks, each with what it is and since when it has been running.
fn limits(world: &World) -> BTreeMap<String, String> {
    let mut limits = BTreeMap::new();
    for (id, known) in &world.cases {
        for state in known.case.deadlines.values() {
            let what = (&state.track, &state.stage, &state.name, state.from);
            if state.met.is_none() {
                limits.insert(format!("{id} {what:?}"), format!("{:?}", state.due));
            }
        }
        for task in known.case.tasks.values() {
            let what = (&task.name, &task.origin, task.opened);
            if task.done.is_none() {
                limits.insert(format!("{id} {what:?}"), format!("{:?}", task.due));
            }
        }
    }
    limits
}

/// Holds before a migration and over it give back what they would have given back if the new version had been there all along.
#[test]
fn limits_are_as_if_they_had_been_counted_so_all_along() {
    let stage = alone();
    let next = VERSIONS[0].plans(without_reading);
    let compared = Cell::new(0);
    on_seeds(3, 1, SIZE, |journey| {
        let gone = go(&stage, journey);
        let (mut moved, mut fresh) = (
            World::new(&stage.plans, gone.begins),
            World::new(&next, gone.begins),
        );
        for (number, input) in gone.inputs.iter().enumerate() {
            both_go_to([&mut moved, &mut fresh], input.at);
            if number == gone.inputs.len() * 2 / 3 {
                migrate_all(&mut moved, &next)?;
            }
            let none = Renamed::default();
            let (ours, theirs) = (
                meant(&moved, &gone, &input.deed, &none),
                meant(&fresh, &gone, &input.deed, &none),
            );
            give_both((&mut moved, &ours), (&mut fresh, &theirs));
        }
        migrate_all(&mut moved, &next)?;
        for days in [0, 1, 4] {
            let at = gone.ends + SignedDuration::from_hours(24 * days);
            both_go_to([&mut moved, &mut fresh], at);
            let theirs = limits(&fresh);
            for (what, limit) in limits(&moved) {
                if let Some(other) = theirs.get(&what) {
                    compared.set(compared.get() + 1);
                    prop_assert_eq!(&limit, other, "{}", what);
                }
            }
        }
        Ok(())
    });
    assert!(compared.get() > 50, "{compared:?}");
}
