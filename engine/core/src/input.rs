//! Inputs: what can be done to a case, and how a step answers.

use crate::{
    case::{Case, CaseId},
    entry::{Actor, Entry},
    name::Name,
    value::{SealedKey, Value},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt, sync::Arc};

/// Values as they were handed in: JSON, or plain text for each kind. The step reads them by the kinds of the plan.
pub type Raw = BTreeMap<Name, serde_json::Value>;

/// An input, and who gives it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Given {
    /// What is done.
    pub input: Input,
    /// Who does it; none for what the engine does by itself.
    pub by: Option<Actor>,
    /// On whose behalf.
    pub on_behalf_of: Option<Actor>,
    /// Idempotency key: a second input with the same key changes nothing. Unique within the case.
    pub key: Option<String>,
}

impl Given {
    /// An input that the engine gives by itself.
    #[must_use]
    pub fn by_itself(input: Input) -> Self {
        Self {
            input,
            by: None,
            on_behalf_of: None,
            key: None,
        }
    }
}

/// What is done to a case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Input {
    /// It starts, with these facts.
    Start {
        /// Facts by name.
        facts: Raw,
    },
    /// An event is reported, or told by another case.
    Report {
        /// The event.
        event: Name,
        /// What it carries.
        with: Raw,
        /// When it happened; none: now.
        happened: Option<Timestamp>,
        /// The case that tells it, its process, and its entry.
        from: Option<Teller>,
    },
    /// A task is done.
    Finish {
        /// Which one.
        task: Which,
        /// The facts that are filled in with it.
        set: Raw,
    },
    /// A link gains a case.
    Link {
        /// The link.
        link: Name,
        /// The case.
        to: CaseId,
        /// The case that tells it, to keep an inverse link in step.
        from: Option<Teller>,
    },
    /// A link loses a case.
    Unlink {
        /// The link.
        link: Name,
        /// The case.
        to: CaseId,
        /// The case that tells it, to keep an inverse link in step.
        from: Option<Teller>,
    },
    /// Something about the case became due, or a linked case changed.
    Wake,
    /// The case is put on hold.
    Hold {
        /// Until when, when that is known.
        until: Option<Timestamp>,
        /// The reason.
        because: String,
    },
    /// The hold ends.
    Resume,
    /// Somebody takes a finding on.
    Acknowledge {
        /// Which one.
        finding: Which,
        /// The reason.
        because: String,
    },
    /// A finding is not shown until then.
    Snooze {
        /// Which one.
        finding: Which,
        /// Until when.
        until: Timestamp,
        /// The reason.
        because: String,
    },
    /// The case goes over to the plan in force.
    Migrate {
        /// Why.
        because: String,
    },
    /// An entry was wrong: it is void, and what came after it is recorded anew without it.
    Correct {
        /// Its number.
        entry: u64,
        /// Why.
        because: String,
    },
    /// What another case told was wrong.
    Void {
        /// The case that told it; the entry there is the one that corrects it.
        from: Teller,
        /// The entries there by which an event may have been told.
        told_by: Vec<u64>,
        /// The ties to that case that were made or taken away with it.
        ties: Vec<Tie>,
        /// Why.
        because: String,
    },
    /// What this case told could not be delivered, because the other case is closed.
    NotTold {
        /// The event over there.
        event: Name,
        /// The case.
        to: CaseId,
        /// The entry that told it.
        cause: u64,
        /// Why.
        why: String,
    },
}

/// Which of a case's tasks or findings is meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Which {
    /// The one that this entry opened.
    Number(u64),
    /// The only open one of this name: a task's, or the text that a finding says.
    Named(Name),
}

/// The case that tells an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Teller {
    /// Its id.
    pub case: CaseId,
    /// Its process.
    pub process: Name,
    /// Its entry.
    pub seq: u64,
}

/// A tie to another case, as it was made or taken away at an instant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Tie {
    /// The link of the case that is told of it.
    pub link: Name,
    /// It was made, or taken away.
    pub made: bool,
    /// When.
    pub at: Timestamp,
}

/// The two instants of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The instant at which the input is due, or comes.
    pub at: Timestamp,
    /// The instant at which it is recorded.
    pub recorded: Timestamp,
}

/// What a step gives.
#[derive(Clone, Debug)]
pub struct Step {
    /// The case after it.
    pub case: Arc<Case>,
    /// What changed, in order.
    pub entries: Vec<Entry>,
    /// What other cases are told, in order, at the same instant.
    pub tells: Vec<Told>,
    /// Confidential values that came, to be kept apart from the history.
    pub sealed: Vec<(SealedKey, Value)>,
    /// The earliest instant at which something about it can change by itself.
    pub wake_at: Option<Timestamp>,
    /// The entry of the input; none when it changed nothing, and for a wake.
    pub input: Option<u64>,
}

/// What another case is told.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// The case.
    pub to: CaseId,
    /// What it is given.
    pub given: Given,
}

/// Why an input is refused. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// What is wrong: lower case, no full stop, the user's words in backticks.
    pub message: String,
    /// What would have been accepted, or what to do.
    pub help: Option<String>,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Refusal {}
