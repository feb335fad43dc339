//! The rules host: reads `rules/*.rhai`, checks rules against plans, and evaluates them. It owns the script engine and its
//! limits; what a rule may see and how time is counted is the core's.
//!
//! Invariants: a rule is a pure function of the view it is handed; it ends within its limits (see [`Limits`]); a
//! failure is a value. The same view gives the same verdict on every machine as long as the wall-time limit does not
//! strike, which the much lower limit on steps sees to for everything but hostile scripts.

mod ask;
mod calls;
mod check;
mod comment;
mod compare;
mod engine;
mod events;
mod fault;
mod host;
mod limits;
mod meaning;
mod near;
mod position;
mod read;
pub mod reference;
mod say;
mod seen;
mod session;
mod times;
pub mod vocabulary;
mod wording;

pub use check::Checked;
pub use limits::{Limits, STEPS};

use crate::diagnostic::{Diagnostic, Source};
use forloeb_core::{
    judge::{Judge, Verdict, View},
    name::Name,
    plan::{Described, Plan, RuleUse},
};
use read::Rules;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// The rules of a programme.
#[derive(Clone)]
pub struct Scripts {
    rules: Arc<Rules>,
}

impl std::fmt::Debug for Scripts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}

impl Scripts {
    /// Reads the rule files, each `rules/<principle>.rhai`, and finds what is wrong with them by themselves.
    #[must_use]
    pub fn compile(sources: &[Arc<Source>]) -> (Self, Vec<Diagnostic>) {
        let (rules, diagnostics) = read::read(sources);
        let rules = Arc::new(rules);
        (Self { rules }, diagnostics)
    }

    /// The rules, `principle.function`, in the order of their names.
    pub fn names(&self) -> impl Iterator<Item = &Name> {
        self.rules.names()
    }

    /// What a rule's doc comment says, and where it stands; none when there is no such rule.
    #[must_use]
    pub fn described(&self, rule: &Name) -> Option<Described> {
        Some(self.rules.get(rule)?.described.clone())
    }

    /// What a rule means, with everything of its file that it calls, without comments and layout.
    #[must_use]
    pub fn meaning(&self, rule: &Name) -> Option<String> {
        self.rules.meaning(rule)
    }

    /// The lines of a rule, with everything of its file that it calls: the number of each, how it is written, and what it means.
    #[must_use]
    pub fn lines(&self, rule: &Name) -> Vec<(u32, String, String)> {
        self.rules.lines(rule)
    }

    /// Checks a rule as it is used in a plan, before anything runs; `others` are the plans of other processes, by process.
    /// What is wrong with the rule file by itself has been found by `compile`, and is not found again. Of a rule that
    /// does not exist it finds nothing: that mistake stands in the process file.
    #[must_use]
    pub fn check(&self, rule: &RuleUse, plan: &Plan, others: &BTreeMap<Name, Plan>) -> Checked {
        let found = self.rules.get(&rule.rule);
        found.map_or_else(Checked::default, |found| {
            check::check(found, rule, plan, others)
        })
    }

    /// Warns about each rule that is not among those that processes use: it is never asked.
    #[must_use]
    pub fn unused(&self, used: &BTreeSet<&Name>) -> Vec<Diagnostic> {
        let names = self.names().filter(|name| !used.contains(name));
        names
            .filter_map(|name| Some(read::unused(name, self.rules.get(name)?)))
            .collect()
    }

    /// Warns about what a rule says in a language that no process that uses it has; `used` holds their languages, by rule.
    #[must_use]
    pub fn unread(&self, used: &BTreeMap<&Name, BTreeSet<Name>>) -> Vec<Diagnostic> {
        let known = used.iter();
        let rules =
            known.filter_map(|(name, languages)| Some((*name, self.rules.get(name)?, languages)));
        rules
            .flat_map(|(name, rule, languages)| read::unread(name, rule, languages))
            .collect()
    }

    /// What evaluates the rules.
    #[must_use]
    pub fn judge(&self) -> Arc<dyn Judge> {
        self.judge_within(Limits::default())
    }

    /// What evaluates the rules, within other limits than the usual ones.
    #[must_use]
    pub fn judge_within(&self, limits: Limits) -> Arc<dyn Judge> {
        Arc::new(host::Host::new(Arc::clone(&self.rules), limits))
    }

    /// Evaluates one rule once, and tells how many steps it took.
    #[must_use]
    pub fn measure(&self, rule: &RuleUse, view: &View, limits: Limits) -> (Verdict, u64) {
        host::Host::new(Arc::clone(&self.rules), limits).evaluate(rule, view)
    }
}
