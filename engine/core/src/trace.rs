//! The trace of a condition: what each part of it asked, what it found, and whether it holds. Data only; people read it in words.

use crate::{case::CaseId, condition::Test, ground::Ground, name::Name, value::Value};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One condition as it stands at an instant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trace {
    /// What must hold.
    pub test: Test,
    /// Where the process file says so.
    pub ground: Ground,
    /// Whether it holds.
    pub holds: bool,
    /// What was found.
    pub seen: Seen,
    /// The parts of `all`, `any` and `not`, in the order of the file; every part is traced, also after the answer is known.
    pub children: Vec<Trace>,
}

/// What a condition found when it was asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seen {
    /// Nothing of its own: `all`, `any`, `not`.
    Parts,
    /// The tasks that it waits for and that are not done.
    Tasks {
        /// Those that are open, or not yet open.
        missing: Vec<Name>,
    },
    /// Occurrences of an event.
    Event {
        /// How many fit.
        count: u32,
        /// How many it takes.
        needed: u32,
        /// It looks at what was recorded since then; none: at the whole journey.
        since: Option<Timestamp>,
        /// When the last one that fits happened.
        last: Option<Timestamp>,
    },
    /// The value of a fact; none when it is empty.
    Fact {
        /// The value; a sealed one stays sealed.
        value: Option<Value>,
    },
    /// The cases behind a link.
    Link {
        /// The cases.
        cases: Vec<CaseId>,
        /// At least so many.
        at_least: u32,
        /// At most so many.
        at_most: Option<u32>,
    },
    /// How long the stage has lasted.
    Stage {
        /// When it was entered.
        since: Timestamp,
        /// The instant from which the condition holds.
        holds_from: Timestamp,
    },
    /// The answer of a rule.
    Rule {
        /// The reason that it gives.
        reason: Option<String>,
        /// How it failed at run time.
        fault: Option<String>,
        /// The next instant at which the answer may change by itself.
        horizon: Option<Timestamp>,
    },
}
