//! The door to the rules: what the core asks of a rule, and what a rule may see and answer.
//!
//! The core owns the view and the questions about time; the host behind `Judge` owns the script engine and its limits.

use crate::{
    case::{Case, CaseId},
    ground::Ground,
    name::Name,
    plan::{Level, Plan, RuleUse},
    value::{SealedKey, Value},
};
use jiff::Timestamp;
use std::{collections::BTreeMap, fmt::Debug, sync::Arc};

/// Evaluates rules. A pure function of the view: the same view gives the same verdict.
pub trait Judge: Debug + Send + Sync {
    /// Evaluates one rule of the view's plan.
    fn judge(&self, rule: &RuleUse, view: &View) -> Verdict;
}

/// What a rule may see.
#[derive(Clone, Debug)]
pub struct View {
    /// The plan of the case.
    pub plan: Arc<Plan>,
    /// The case.
    pub case: Arc<Case>,
    /// What surrounds it.
    pub around: Arc<Around>,
    /// The instant for which the answer is asked.
    pub now: Timestamp,
}

/// What surrounds a case in a step: the cases that its links lead to or that an input mentions, and its confidential values.
#[derive(Clone, Debug, Default)]
pub struct Around {
    /// Other cases with their plans.
    pub cases: BTreeMap<CaseId, (Arc<Plan>, Arc<Case>)>,
    /// The confidential values of the case itself that its rules declare to read.
    pub sealed: BTreeMap<SealedKey, Value>,
}

/// What a rule answers, and until when that can hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The answer, or how the rule failed.
    pub answer: Result<Answer, Fault>,
    /// The next instant at which the answer may change by itself.
    pub horizon: Option<Timestamp>,
    /// The newest entry of the case that the rule looked at: what its findings are caused by.
    pub because: Option<u64>,
}

/// What a rule answers.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Answer {
    /// What it found, in the order of its calls.
    pub found: Vec<Found>,
    /// The tasks that it asks for.
    pub raise: Vec<(Name, Ground)>,
    /// Its yes or no, when it is used as a condition.
    pub holds: Option<bool>,
    /// The reason that it gives for its yes or no.
    pub reason: Option<String>,
}

/// One nudge or escalation that a rule returns.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// How strong it is.
    pub level: Level,
    /// Who is told.
    pub to: Name,
    /// The text.
    pub say: Name,
    /// What it is about.
    pub about: Option<String>,
    /// What fills the placeholders.
    pub values: BTreeMap<Name, Value>,
    /// Where the script says so.
    pub ground: Ground,
}

/// How a rule failed at run time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What went wrong, in a sentence without a full stop.
    pub message: String,
    /// Where, in the script.
    pub ground: Ground,
}
