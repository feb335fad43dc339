//! Exits of a stage that stand in each other's way: one that an earlier one always takes before it, and two that can hold
//! at once and lead to different places.

use crate::diagnostic::{Diagnostic, Span};
use crate::language::{
    explore::{implies, number_range},
    read::Problems,
    tree::Node,
};
use forloeb_core::{
    condition::Test,
    plan::{Exit, Plan, Target},
};

/// Warns about the exits of each stage.
pub fn check(root: &Node, plan: &Plan, problems: &mut Problems) {
    let first: Vec<(&Exit, Span)> = placed(root, &["any_stage", "leave"], &plan.any_stage);
    check_list(plan, &[], &first, problems);
    for (track_name, track) in &plan.tracks {
        for (name, stage) in &track.stages {
            let path = ["tracks", track_name, "stages", name, "leave"];
            let own = placed(root, &path, &stage.leave);
            check_list(plan, &first, &own, problems);
        }
    }
}

fn placed<'p>(root: &Node, path: &[&str], exits: &'p [Exit]) -> Vec<(&'p Exit, Span)> {
    let list = root.at(path);
    exits
        .iter()
        .enumerate()
        .filter_map(|(at, exit)| {
            let item = list?.items().get(at)?;
            Some((exit, item.span.clone()))
        })
        .collect()
}

/// Compares each exit of `own` with those before it.
fn check_list(
    plan: &Plan,
    before: &[(&Exit, Span)],
    own: &[(&Exit, Span)],
    problems: &mut Problems,
) {
    for (at, (later, span)) in own.iter().enumerate() {
        let earlier = before.iter().chain(own.iter().take(at));
        for (exit, first) in earlier {
            if implies(plan, &later.when, &exit.when) {
                problems.push(
                    Diagnostic::warning(
                        "shadowed-exit",
                        span,
                        format!("{} is never taken here", words(later)),
                    )
                    .also(
                        first,
                        "this one comes first and holds whenever the other does",
                    )
                    .help("put the narrower condition first, or take one out"),
                );
                break;
            }
            if overlap(plan, exit, later) {
                problems.push(
                    Diagnostic::warning(
                        "overlapping-exits",
                        span,
                        format!("{} can hold together with an earlier exit, which is then taken", words(later)),
                    )
                    .also(first, "this one wins")
                    .help("let the two ranges not touch: beside `at_least: 15` stands `less_than: 15`"),
                );
                break;
            }
        }
    }
}

fn words(exit: &Exit) -> String {
    match &exit.target {
        Target::Stage(stage) => format!("the exit to `{stage}`"),
        Target::Outcome(outcome) => format!("the end `{outcome}`"),
    }
}

/// Two exits to different places that both compare one and the same fact, with ranges that share values.
fn overlap(plan: &Plan, a: &Exit, b: &Exit) -> bool {
    let (
        Test::Fact { fact, compare },
        Test::Fact {
            fact: other,
            compare: against,
        },
    ) = (&a.when.test, &b.when.test)
    else {
        return false;
    };
    if fact != other || a.target == b.target {
        return false;
    }
    match (number_range(plan, compare), number_range(plan, against)) {
        (Some(one), Some(two)) => !one.and(&two).is_empty(),
        _ => false,
    }
}
