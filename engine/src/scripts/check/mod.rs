//! Checks a rule against a plan before anything runs: every name that it uses exists, every value has the kind that it is
//! compared with, and every text that it says is filled. It follows values through variables, functions of the file and
//! callbacks; where it cannot tell what a value is, it is silent, and a mistake shows when the rule runs.

mod calls;
mod compare;
mod members;
mod names;
mod reads;
mod sort;
mod texts;
mod walk;

use super::read::Rule;
use crate::diagnostic::Diagnostic;
use forloeb_core::{
    name::Name,
    plan::{Plan, RuleUse},
    reads::Reading,
};
use sort::{Sort, Whose};
use std::collections::BTreeMap;

/// What a check of a rule in a plan gives.
#[derive(Debug, Default)]
pub struct Checked {
    /// What is wrong, in the order of the file.
    pub diagnostics: Vec<Diagnostic>,
    /// What the rule reads.
    pub reading: Reading,
}

/// Checks a rule as it is used in a plan; `others` are the plans of the processes that its links lead to.
pub(super) fn check(
    rule: &Rule,
    used: &RuleUse,
    plan: &Plan,
    others: &BTreeMap<Name, Plan>,
) -> Checked {
    let mut walk = walk::Walk::new(&rule.file, used, plan, others);
    let own = Whose {
        process: plan.process.clone(),
        own: true,
    };
    walk.function(&rule.function, vec![Sort::It(own)]);
    let mut diagnostics = std::mem::take(&mut walk.diagnostics);
    diagnostics.sort_by_key(|one| (one.span.start, one.message.clone()));
    diagnostics.dedup();
    Checked {
        diagnostics,
        reading: walk.reading(&rule.function),
    }
}
