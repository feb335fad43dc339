//! Checks of plans that need more than one section or one file. Each only says what is wrong; plans are not changed.

mod across;
mod exits;
mod never;
mod unused;

use super::{read::Problems, tree::Node};
use crate::{diagnostic::Source, scripts::Scripts};
use forloeb_core::{
    condition::{Condition, Test},
    name::Name,
    plan::{Plan, RuleUse},
    reads::Reading,
};
use std::{collections::BTreeMap, sync::Arc};

pub use across::{across, tied};

/// What can be said about one plan by itself.
pub fn within(root: &Node, plan: &Plan, rules: &[Arc<Source>], problems: &mut Problems) {
    exits::check(root, plan, problems);
    never::check(root, plan, problems);
    unused::check(root, plan, rules, problems);
}

/// Every rule that a plan uses, checked against it and the processes that it is tied to. Gives, for each plan, what its rules
/// read.
pub fn rules(
    plans: &BTreeMap<Name, Plan>,
    scripts: &Scripts,
    problems: &mut Problems,
) -> BTreeMap<Name, BTreeMap<Name, Reading>> {
    let mut reads = BTreeMap::new();
    for (name, plan) in plans {
        let by: &mut BTreeMap<Name, Reading> = reads.entry(name.clone()).or_default();
        for rule in uses(plan) {
            let checked = scripts.check(&rule, plan, plans);
            problems.extend(checked.diagnostics);
            by.entry(rule.rule).or_default().add(&checked.reading);
        }
    }
    reads
}

/// Each rule of a plan, attached or asked by a condition.
#[must_use]
pub fn uses(plan: &Plan) -> Vec<RuleUse> {
    let mut uses: Vec<RuleUse> = plan.rules.clone();
    for stage in plan.tracks.values().flat_map(|track| track.stages.values()) {
        uses.extend(stage.rules.iter().cloned());
    }
    each_condition(plan, &mut |condition| {
        if let Test::Rule(rule) = &condition.test {
            uses.push(RuleUse {
                rule: rule.clone(),
                reads: Vec::new(),
                ground: condition.ground.clone(),
            });
        }
    });
    uses
}

/// Visits every condition of a plan, those inside others too.
pub fn each_condition(plan: &Plan, visit: &mut impl FnMut(&Condition)) {
    let mut conditions: Vec<&Condition> = Vec::new();
    for task in plan
        .tasks
        .values()
        .chain(plan.recurring.values().map(|work| &work.task))
    {
        conditions.extend(&task.done_when);
    }
    conditions.extend(plan.any_stage.iter().map(|exit| &exit.when));
    for stage in plan.tracks.values().flat_map(|track| track.stages.values()) {
        conditions.extend(
            stage
                .tasks
                .values()
                .filter_map(|task| task.done_when.as_ref()),
        );
        conditions.extend(stage.deadlines.values().map(|deadline| &deadline.until));
        conditions.extend(stage.leave.iter().map(|exit| &exit.when));
    }
    while let Some(condition) = conditions.pop() {
        visit(condition);
        match &condition.test {
            Test::All(inner) | Test::Any(inner) => conditions.extend(inner),
            Test::Not(inner) => conditions.push(inner),
            _ => {}
        }
    }
}

/// Visits the parts of an *and*, those inside others too.
pub fn each_part<'c>(condition: &'c Condition, visit: &mut impl FnMut(&'c Condition)) {
    match &condition.test {
        Test::All(parts) => parts.iter().for_each(|part| each_part(part, visit)),
        _ => visit(condition),
    }
}
