//! What a rule is said not to read can change as it likes: the answer stays the same.

use super::journeys::{Gone, Size, Stage, again, dense, go, on_seeds, shipped};
use crate::{
    changes::{after, every_change},
    world::{Pace, World},
};
use forloeb_core::{
    case::CaseId,
    judge::View,
    name::Name,
    plan::{Plan, RuleUse},
    reads::{Reading, Reads},
};
use proptest::prelude::*;
use std::{cell::RefCell, collections::BTreeMap, fmt::Debug, sync::Arc};

/// How many inputs lie between two looks.
const APART: usize = 9;

/// How often something was asked again after what it does not read had changed, and how often the answer was another one after what
/// it reads had.
#[derive(Debug, Default)]
struct Asked {
    unseen: usize,
    answered_otherwise: usize,
}

/// A rule as it is attached, or as a condition asks it.
fn used(plan: &Plan, rule: &Name) -> RuleUse {
    let attached = plan
        .attached_rules()
        .find(|attached| attached.rule == *rule);
    attached.cloned().unwrap_or_else(|| RuleUse {
        rule: rule.clone(),
        reads: Vec::new(),
        ground: plan.described[rule].ground.clone(),
    })
}

/// Changes one of the cases in a view, once all that is not seen and once all that is.
fn change(
    view: &View,
    id: Option<&CaseId>,
    reads: &Reads,
    number: usize,
    cases: &BTreeMap<CaseId, Name>,
) -> (View, View) {
    let (plan, case) = match id {
        Some(id) => view.around.cases[id].clone(),
        None => (view.plan.clone(), view.case.clone()),
    };
    let all = every_change(&plan, &case, cases, view.now, number);
    let (seen, unseen): (Vec<_>, Vec<_>) = all.iter().partition(|what| reads.sees(what));
    let with = |changes: Vec<_>| {
        let changed = after(&case, changes, view.now);
        let mut view = view.clone();
        match id {
            Some(id) => {
                let around = Arc::make_mut(&mut view.around);
                around.cases.insert(id.clone(), (plan.clone(), changed));
            }
            None => view.case = changed,
        }
        view
    };
    (with(unseen), with(seen))
}

/// Asks one question anew after each of the changes.
fn compare<T: Debug + PartialEq>(
    question: &str,
    ask: impl Fn(&View) -> T,
    (view, reading): (&View, &Reading),
    (number, cases): (usize, &BTreeMap<CaseId, Name>),
    asked: &mut Asked,
) -> Result<(), TestCaseError> {
    let nothing = Reads::default();
    let before = ask(view);
    let others = view.around.cases.iter().map(|(other, (plan, _))| {
        let reads = reading.of.get(&plan.process).unwrap_or(&nothing);
        (Some(other), reads)
    });
    for (other, reads) in others.chain([(None, &reading.own)]) {
        let (unseen, seen) = change(view, other, reads, number, cases);
        prop_assert_eq!(
            &ask(&unseen),
            &before,
            "{} of `{}` after changes of {:?} that it does not see",
            question,
            view.case.id,
            other
        );
        asked.unseen += 1;
        asked.answered_otherwise += usize::from(ask(&seen) != before);
    }
    Ok(())
}

fn look(world: &World, number: usize, asked: &mut Asked) -> Result<(), TestCaseError> {
    let cases: BTreeMap<CaseId, Name> = world
        .cases
        .iter()
        .map(|(id, known)| (id.clone(), known.case.process.clone()))
        .collect();
    for (id, known) in &world.cases {
        let (view, judge) = (world.view(id), &*known.ready.judge);
        for (rule, reading) in &view.plan.reads_by {
            let rule = used(&view.plan, rule);
            let ask = |view: &View| judge.judge(&rule, view);
            prop_assert!(reading.time || ask(&view).horizon.is_none(), "{:?}", rule);
            let question = format!("`{}`", rule.rule);
            compare(&question, ask, (&view, reading), (number, &cases), asked)?;
        }
    }
    Ok(())
}

fn unseen_changes_nothing(
    stage: &Stage,
    gone: &Gone,
    asked: &RefCell<Asked>,
) -> Result<(), TestCaseError> {
    let mut number = 0;
    let mut found = Ok(());
    again(stage, gone, |world, at| {
        world.go_to(at, Pace::Timely);
        number += 1;
        if found.is_ok() && number % APART == 0 {
            found = look(world, number, &mut asked.borrow_mut());
        }
    })?;
    found
}

fn on(stage: &Stage, seeds: u64, size: Size) {
    let asked = RefCell::default();
    on_seeds(seeds, 1, size, |journey| {
        unseen_changes_nothing(stage, &go(stage, journey), &asked)
    });
    let asked = asked.into_inner();
    // What nobody could have noticed would show nothing.
    assert!(
        asked.unseen > 200 && asked.answered_otherwise > 20,
        "{asked:?}"
    );
}

#[test]
fn an_answer_stays_while_only_what_is_not_read_changes() {
    let size = Size {
        moves: 60,
        longest_pause: 96 * 12,
        days_after: 1,
    };
    on(&dense(), 4, size);
}

#[test]
fn nor_does_one_of_the_shipped_programme() {
    let mut stage = shipped();
    stage.cast = &[
        ("bakery", "company"),
        ("g-1", "peer_group"),
        ("anna", "nextwork"),
        ("n-1", "network"),
        ("bo", "nextwork"),
        ("workshop", "company"),
    ];
    let size = Size {
        moves: 80,
        longest_pause: 96 * 20,
        days_after: 1,
    };
    on(&stage, 4, size);
}

#[test]
fn every_shipped_rule_is_understood() {
    let plans = shipped().plans;
    let mut seen = 0;
    for ready in plans.values() {
        for (rule, reading) in &ready.plan.reads_by {
            let of = reading.of.values();
            let lost = of.chain([&reading.own]).any(|reads| reads.everything);
            assert!(!lost, "`{rule}` reads everything");
            seen += 1;
        }
    }
    assert!(seen > 15, "{seen}");
    let network = &plans["network"].plan;
    let meant = serde_json::to_value(&**network).unwrap();
    assert!(meant.get("reads_through").is_some() && meant.get("reads_of").is_none());
    let names = |names: &[&str]| names.iter().map(|name| Name::from(*name)).collect();
    let of_companies = Reads {
        facts: names(&["places"]),
        links: names(&["placements"]),
        places: true,
        ..Reads::default()
    };
    let of_people = Reads {
        places: true,
        status: true,
        ..Reads::default()
    };
    let expected = [("company", of_companies), ("nextwork", of_people)];
    let expected = expected.map(|(process, reads)| (Name::from(process), reads));
    assert_eq!(network.reads_of, BTreeMap::from(expected));
}
