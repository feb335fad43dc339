//! The state of a case. It changes only by applying entries (see `fold`), so that its history always gives it back.

use crate::{
    carried::Carried,
    name::Name,
    plan::{Level, OnHold},
    time::{EndOnClosed, Limit, Unit},
    value::Value,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// The id of a case, unique within its tenant.
pub type CaseId = Name;

/// The state of a case: all that its history says about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// Its id.
    pub id: CaseId,
    /// The process that it goes through.
    pub process: Name,
    /// The plan that it is pinned to.
    pub plan: Name,
    /// Number of its last entry.
    pub seq: u64,
    /// The instant up to which it has been stepped. It never runs backwards.
    pub now: Timestamp,
    /// When it started.
    pub started: Timestamp,
    /// How and when it ended.
    pub ended: Option<Ended>,
    /// What is known of it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub facts: BTreeMap<Name, Known>,
    /// The cases behind each link, in the order in which they were linked.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub links: BTreeMap<Name, Vec<CaseId>>,
    /// What has happened, in the order of recording. An occurrence never changes, and the states of a case share it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub events: BTreeMap<Name, Vec<Arc<Occurrence>>>,
    /// Where it is, on each track.
    pub tracks: BTreeMap<Name, Place>,
    /// How often each stage has been entered, keyed by track and stage.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub visits: BTreeMap<Name, BTreeMap<Name, u32>>,
    /// Its tasks, keyed by the number of the entry that opened each: the open ones, and those done in a stage where it still is.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tasks: BTreeMap<u64, TaskState>,
    /// The deadlines of the stages where it is, keyed by the number of the entry that started each.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub deadlines: BTreeMap<u64, DeadlineState>,
    /// The recurring work that comes in the stages where it is.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub recurring: BTreeMap<Name, RecurringState>,
    /// The open findings, keyed by the number of the entry that opened each.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub findings: BTreeMap<u64, Finding>,
    /// What a rule or a rung asks for at present and has therefore raised once.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub raised: BTreeSet<Raised>,
    /// The hold that it is under.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold: Option<Hold>,
    /// The stages, `track.stage`, that were said to lead in a circle since a stage was entered: it is said once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub circled: Vec<Name>,
}

/// Recurring work that comes at present.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecurringState {
    /// Since when it comes.
    pub since: Timestamp,
    /// The entry that began it.
    pub seq: u64,
    /// Up to which instant its occurrences have been gone through.
    pub through: Timestamp,
}

/// How a case ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// The outcome.
    pub outcome: Name,
    /// When.
    pub at: Timestamp,
}

/// A fact's value, and since when it is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// The value.
    pub value: Value,
    /// The entry that set it.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
}

/// One occurrence of an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Occurrence {
    /// The entry that recorded it.
    pub seq: u64,
    /// When it happened; never after it was recorded.
    pub at: Timestamp,
    /// The role that reported it; none when a case told it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Name>,
    /// The case that told it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<CaseId>,
    /// What it carried.
    #[serde(default, skip_serializing_if = "Carried::is_empty")]
    pub with: Carried,
}

/// Where a case is on one track.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The stage.
    pub stage: Name,
    /// When it was entered.
    pub since: Timestamp,
    /// The entry of entering it: what was recorded later happened in it.
    pub seq: u64,
    /// The entry that led here. An event that leads to a stage is the first that happens in it, for its tasks and deadlines.
    /// None when the stage led into itself: what ended one visit does not count for the next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<u64>,
}

/// A task: open, or done in a stage where the case still is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskState {
    /// Its name.
    pub name: Name,
    /// What opened it.
    pub origin: Origin,
    /// Who does it.
    pub role: Name,
    /// When it was opened.
    pub opened: Timestamp,
    /// When it is due, and the unit in which that was counted.
    pub due: Option<Due>,
    /// Its due date has passed.
    #[serde(default, skip_serializing_if = "is_false")]
    pub overdue: bool,
    /// When it was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done: Option<Timestamp>,
}

fn is_false(value: &bool) -> bool {
    !value
}

/// A limit, what a hold does to it and the unit in which its remaining time is counted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Due {
    /// The limit.
    pub limit: Limit,
    /// The unit of its length.
    pub unit: Unit,
    /// What happens when its last day is closed.
    pub on_closed: EndOnClosed,
    /// What a hold does to it.
    pub on_hold: OnHold,
}

/// What opened a task.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Origin {
    /// The stage that it belongs to.
    Stage {
        /// Track.
        track: Name,
        /// Stage.
        stage: Name,
    },
    /// Recurring work of this name.
    Recurring(Name),
    /// A rung or a rule.
    Raised(Source),
}

/// What a finding or a raised task comes from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Source {
    /// A deadline of a stage.
    Deadline {
        /// Track.
        track: Name,
        /// Stage.
        stage: Name,
        /// Deadline.
        deadline: Name,
    },
    /// A rule, `principle.function`.
    Rule(Name),
    /// A rule that failed at run time.
    Fault(Name),
}

impl Source {
    /// The rule, unless a deadline says it.
    #[must_use]
    pub fn rule(&self) -> Option<&Name> {
        match self {
            Self::Deadline { .. } => None,
            Self::Rule(rule) | Self::Fault(rule) => Some(rule),
        }
    }
}

/// A task that a rung or a rule asks for, so that it is raised once while it is asked for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Raised {
    /// Who asks.
    pub source: Source,
    /// For which task.
    pub task: Name,
}

/// A running deadline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeadlineState {
    /// Track.
    pub track: Name,
    /// Stage.
    pub stage: Name,
    /// Its name.
    pub name: Name,
    /// The instant that it runs from.
    pub from: Timestamp,
    /// The entry that it runs from, when that was an event.
    pub anchor: Option<u64>,
    /// When it runs out.
    pub due: Due,
    /// The rungs that have been reached, by their place in the ladder of the file, from 0.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reached: Vec<u32>,
    /// It has run out.
    #[serde(default, skip_serializing_if = "is_false")]
    pub overdue: bool,
    /// It was met; it stays while the stage lasts, so that it does not start again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub met: Option<Timestamp>,
}

/// An open finding: something that holds now and that somebody is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What found it.
    pub source: Source,
    /// The text that is said.
    pub say: Name,
    /// What it is about, when one source finds several.
    pub about: Option<String>,
    /// How strong it is.
    pub level: Level,
    /// The roles that are told, in the order in which they came to be.
    pub to: Vec<Name>,
    /// What fills the placeholders of the text.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<Name, Value>,
    /// Since when it holds.
    pub since: Timestamp,
    /// Somebody has taken it on.
    pub acknowledged: Option<Timestamp>,
    /// It is not shown until then.
    pub snoozed_until: Option<Timestamp>,
    /// It holds, or is as it is, because the case went over to another plan, not because of anything that happened.
    #[serde(default, skip_serializing_if = "is_false")]
    pub by_migration: bool,
}

/// A hold: the deadlines that allow it stand still.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// Since when.
    pub since: Timestamp,
    /// Until when, when that is known.
    pub until: Option<Timestamp>,
    /// The entry that began it.
    pub seq: u64,
}
