//! What holds of the step alone, whoever drives it.

use super::journeys::{
    Gone, Histories, QUARTER, Size, Stage, again, but_recorded, dense, go, on_seeds, same, shipped,
    whole,
};
use crate::world::{Pace, World};
use forloeb_core::fold::fold;
use proptest::prelude::*;
use std::{cell::RefCell, collections::BTreeSet};

const DENSE: Size = Size {
    moves: 60,
    longest_pause: 96 * 12,
    days_after: 8,
};

const SHIPPED: Size = Size {
    moves: 80,
    longest_pause: 96 * 45,
    days_after: 30,
};

/// Short enough to be gone through in quarters of an hour.
const DENSE_BY_FORCE: Size = Size {
    moves: 30,
    longest_pause: 96 * 2,
    days_after: 1,
};

const SHIPPED_BY_FORCE: Size = Size {
    moves: 30,
    longest_pause: 96 * 6,
    days_after: 3,
};

/// The kinds of entries that the dense journeys of a normal run meet together: all but those of circles, of closed cases, and of
/// recurring work that is not made up for.
const MET: [&str; 31] = [
    "started",
    "reported",
    "fact_set",
    "fact_cleared",
    "linked",
    "unlinked",
    "stage_entered",
    "task_opened",
    "task_done",
    "task_ended",
    "task_overdue",
    "task_moved",
    "deadline_started",
    "deadline_met",
    "deadline_ended",
    "deadline_overdue",
    "deadline_moved",
    "rung_reached",
    "finding_opened",
    "finding_changed",
    "finding_closed",
    "finding_acknowledged",
    "finding_snoozed",
    "raise_began",
    "raise_ended",
    "recurring_began",
    "recurring_stopped",
    "recurred",
    "held",
    "resumed",
    "rule_failed",
];

/// The history of each case gives the case.
fn folds(world: &World) -> Result<(), TestCaseError> {
    for (id, known) in &world.cases {
        let folded = fold(id, known.history.iter().map(|entry| &**entry));
        prop_assert_eq!(folded.as_ref(), Some(&*known.case), "`{}`", id);
    }
    Ok(())
}

/// Numbers go up by one, causes come first, instants never go back, and nothing is recorded before it is due.
fn reads_well(histories: &Histories) -> Result<(), TestCaseError> {
    for (id, history) in histories {
        for (place, entry) in history.iter().enumerate() {
            let before = place.checked_sub(1).map(|before| &history[before]);
            prop_assert_eq!(entry.seq, place as u64 + 1, "`{}`", id);
            prop_assert!(
                entry.cause.is_none_or(|cause| cause < entry.seq),
                "`{}`: {:?}",
                id,
                entry
            );
            prop_assert!(entry.recorded >= entry.at, "`{}`: {:?}", id, entry);
            prop_assert!(
                before.is_none_or(|before| before.at <= entry.at),
                "`{}`: {:?}",
                id,
                entry
            );
        }
    }
    Ok(())
}

fn once(stage: &Stage, gone: &Gone) -> Result<(), TestCaseError> {
    folds(&gone.world)?;
    reads_well(&gone.world.histories())?;
    let bytes = |world: &World| serde_json::to_vec(&world.histories()).unwrap();
    let repeated = again(stage, gone, |world, at| world.go_to(at, Pace::Timely))?;
    prop_assert!(
        bytes(&repeated) == bytes(&gone.world),
        "the same inputs gave other bytes"
    );
    let late = again(stage, gone, |world, at| world.go_to(at, Pace::Late))?;
    same(&gone.world.histories(), &late.histories(), but_recorded)
}

fn by_force(stage: &Stage, gone: &Gone) -> Result<(), TestCaseError> {
    for entry in gone.world.histories().values().flatten() {
        prop_assert_eq!(entry.at.as_second() % QUARTER.as_secs(), 0, "{:?}", entry);
    }
    let forced = again(stage, gone, |world, at| world.go_to_by_force(at, QUARTER))?;
    same(&gone.world.histories(), &forced.histories(), whole)
}

#[test]
fn a_history_folds_to_its_case_and_the_same_inputs_give_the_same_bytes_late_or_not() {
    let stage = dense();
    let met = RefCell::new(BTreeSet::new());
    on_seeds(8, 1, DENSE, |journey| {
        let gone = go(&stage, journey);
        let histories = gone.world.histories();
        met.borrow_mut()
            .extend(histories.values().flatten().map(|entry| entry.what.kind()));
        once(&stage, &gone)
    });
    // A property of journeys on which nothing happens would be worth nothing.
    let missing: Vec<_> = MET
        .iter()
        .filter(|kind| !met.borrow().contains(*kind))
        .collect();
    assert!(missing.is_empty(), "no journey met {missing:?}");
}

#[test]
fn the_same_on_the_shipped_programme() {
    let stage = shipped();
    on_seeds(12, 1, SHIPPED, |journey| once(&stage, &go(&stage, journey)));
}

#[test]
fn waking_only_at_wake_at_misses_nothing_that_waking_every_quarter_finds() {
    let stage = dense();
    on_seeds(2, 5, DENSE_BY_FORCE, |journey| {
        by_force(&stage, &go(&stage, journey))
    });
}

#[test]
fn nor_on_the_shipped_programme() {
    let stage = shipped();
    on_seeds(2, 5, SHIPPED_BY_FORCE, |journey| {
        by_force(&stage, &go(&stage, journey))
    });
}
