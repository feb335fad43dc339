//! Entries: the lines of a case's history. Each names its cause and its ground.

use crate::{
    case::{CaseId, Due, Origin, Raised, Source},
    ground::Ground,
    name::Name,
    plan::Level,
    value::Value,
    versions::Renamed,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One line of a case's history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Its number in the history, from 1.
    pub seq: u64,
    /// The instant at which it was due, or came.
    pub at: Timestamp,
    /// The instant at which it was recorded; later than `at` when the case woke late.
    pub recorded: Timestamp,
    /// The entry before it that made it happen; none for an input.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<u64>,
    /// Where the process file or rule says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ground: Option<Ground>,
    /// Who did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Actor>,
    /// On whose behalf.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<Actor>,
    /// The entry that it records anew, after a correction took that one back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub again: Option<u64>,
    /// What changed.
    pub what: What,
}

/// Somebody who does something, in a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The role.
    pub role: Name,
    /// The person, by an opaque id: the name lies in a table of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Name>,
}

/// What an entry changes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum What {
    /// The case started.
    Started {
        /// Its process.
        process: Name,
        /// The plan that it is pinned to.
        plan: Name,
    },
    /// An event was recorded.
    Reported {
        /// The event.
        event: Name,
        /// When it happened.
        happened: Timestamp,
        /// What it carried.
        with: BTreeMap<Name, Value>,
        /// The case and the entry there that told it.
        from: Option<(CaseId, u64)>,
    },
    /// A fact got a value.
    FactSet {
        /// The fact.
        fact: Name,
        /// Its value.
        value: Value,
    },
    /// A fact was emptied.
    FactCleared {
        /// The fact.
        fact: Name,
    },
    /// A link gained a case.
    Linked {
        /// The link.
        link: Name,
        /// The case.
        to: CaseId,
    },
    /// A link lost a case.
    Unlinked {
        /// The link.
        link: Name,
        /// The case.
        to: CaseId,
    },
    /// A stage was entered; what the track had before is left.
    StageEntered {
        /// Track.
        track: Name,
        /// Stage.
        stage: Name,
        /// How many times it has been entered, this time included.
        visit: u32,
    },
    /// A task opened. The number of this entry is the number of the task.
    TaskOpened {
        /// Its name.
        task: Name,
        /// What opened it.
        origin: Origin,
        /// Who does it.
        role: Name,
        /// When it is due.
        due: Option<Due>,
    },
    /// A task is done.
    TaskDone {
        /// Its number.
        task: u64,
    },
    /// A task ended undone.
    TaskEnded {
        /// Its number.
        task: u64,
        /// Why.
        why: EndedBecause,
    },
    /// A task's due date has passed.
    TaskOverdue {
        /// Its number.
        task: u64,
    },
    /// A task's due date moved, by the end of a hold.
    TaskMoved {
        /// Its number.
        task: u64,
        /// The new due date.
        due: Due,
    },
    /// A deadline started. The number of this entry is the number of the deadline.
    DeadlineStarted {
        /// Track.
        track: Name,
        /// Stage.
        stage: Name,
        /// Its name.
        deadline: Name,
        /// The instant that it runs from.
        from: Timestamp,
        /// The entry of the event that it runs from.
        anchor: Option<u64>,
        /// When it runs out.
        due: Due,
    },
    /// What a deadline waits for came.
    DeadlineMet {
        /// Its number.
        deadline: u64,
    },
    /// A deadline ended without being met.
    DeadlineEnded {
        /// Its number.
        deadline: u64,
        /// Why.
        why: EndedBecause,
    },
    /// A deadline ran out.
    DeadlineOverdue {
        /// Its number.
        deadline: u64,
    },
    /// A deadline moved, by the end of a hold.
    DeadlineMoved {
        /// Its number.
        deadline: u64,
        /// When it runs out now.
        due: Due,
    },
    /// A rung of a deadline's ladder was reached.
    RungReached {
        /// Number of the deadline.
        deadline: u64,
        /// Place of the rung in the ladder of the file, from 0.
        rung: u32,
    },
    /// A finding opened. The number of this entry is the number of the finding.
    FindingOpened {
        /// What found it.
        source: Source,
        /// The text that is said.
        say: Name,
        /// What it is about.
        about: Option<String>,
        /// How strong it is.
        level: Level,
        /// Who is told.
        to: Vec<Name>,
        /// What fills the placeholders.
        values: BTreeMap<Name, Value>,
        /// It holds because the case went over to another plan, not because of anything that happened.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        by_migration: bool,
    },
    /// A finding holds on, and became stronger or weaker, or has other hearers or values.
    FindingChanged {
        /// Its number.
        finding: u64,
        /// How strong it is.
        level: Level,
        /// Who is told.
        to: Vec<Name>,
        /// What fills the placeholders.
        values: BTreeMap<Name, Value>,
        /// It changed because the case went over to another plan.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        by_migration: bool,
    },
    /// A finding holds no longer.
    FindingClosed {
        /// Its number.
        finding: u64,
    },
    /// Somebody has taken a finding on.
    FindingAcknowledged {
        /// Its number.
        finding: u64,
        /// The reason given.
        because: String,
    },
    /// A finding is not shown for a while.
    FindingSnoozed {
        /// Its number.
        finding: u64,
        /// Until when.
        until: Timestamp,
        /// The reason given.
        because: String,
    },
    /// A rule or a rung asks for a task; a `TaskOpened` follows it.
    RaiseBegan(Raised),
    /// It asks for it no longer, and may raise it anew another time.
    RaiseEnded(Raised),
    /// Recurring work began to come: a stage in which it does was entered.
    RecurringBegan {
        /// Its name.
        recurring: Name,
    },
    /// Recurring work comes no longer.
    RecurringStopped {
        /// Its name.
        recurring: Name,
    },
    /// Recurring work came.
    Recurred {
        /// Its name.
        recurring: Name,
        /// The instant of the occurrence.
        occurrence: Timestamp,
    },
    /// An occurrence of recurring work was missed and is not made up for.
    RecurringMissed {
        /// Its name.
        recurring: Name,
        /// The instant of the occurrence.
        occurrence: Timestamp,
    },
    /// The case was put on hold.
    Held {
        /// Until when, when that is known.
        until: Option<Timestamp>,
        /// The reason given.
        because: String,
    },
    /// The hold ended.
    Resumed,
    /// A rule failed at run time. A finding for whoever looks after the rules follows it.
    RuleFailed {
        /// The rule.
        rule: Name,
        /// What went wrong.
        message: String,
    },
    /// Its stages lead in a circle without an end: at this instant it stays where it was.
    Circled {
        /// The stages that came again and again, `track.stage`.
        stages: Vec<Name>,
    },
    /// An event could not be told to a linked case.
    NotTold {
        /// The event over there.
        event: Name,
        /// The case.
        to: CaseId,
        /// Why.
        why: String,
    },
    /// The case went over to another plan of its process.
    Migrated {
        /// The plan that it is pinned to from now on.
        plan: Name,
        /// What bears another name there.
        renamed: Renamed,
        /// Why.
        because: String,
    },
    /// What the new plan makes of an open task.
    TaskCarried {
        /// Its number.
        task: u64,
        /// Who does it.
        role: Name,
        /// When it is due.
        due: Option<Due>,
        /// Its due date has passed.
        overdue: bool,
    },
    /// What the new plan makes of a running deadline.
    DeadlineCarried {
        /// Its number.
        deadline: u64,
        /// When it runs out.
        due: Due,
        /// It has run out.
        overdue: bool,
        /// The rungs of the new ladder that count as reached.
        reached: Vec<u32>,
    },
    /// Entries are void. What was taken in since the first of them follows, recorded anew.
    Corrected {
        /// Their numbers.
        voided: Vec<u64>,
        /// Why.
        because: String,
    },
    /// What had been taken in has no place any more, now that something before it is void.
    LeftOut {
        /// Its entry.
        entry: u64,
        /// Why.
        why: LeftBecause,
    },
    /// The case ended.
    Ended {
        /// The outcome.
        outcome: Name,
    },
}

impl What {
    /// The word for this kind of entry, for lists, data and logs.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Started { .. } => "started",
            Self::Reported { .. } => "reported",
            Self::FactSet { .. } => "fact_set",
            Self::FactCleared { .. } => "fact_cleared",
            Self::Linked { .. } => "linked",
            Self::Unlinked { .. } => "unlinked",
            Self::StageEntered { .. } => "stage_entered",
            Self::TaskOpened { .. } => "task_opened",
            Self::TaskDone { .. } => "task_done",
            Self::TaskEnded { .. } => "task_ended",
            Self::TaskOverdue { .. } => "task_overdue",
            Self::TaskMoved { .. } => "task_moved",
            Self::DeadlineStarted { .. } => "deadline_started",
            Self::DeadlineMet { .. } => "deadline_met",
            Self::DeadlineEnded { .. } => "deadline_ended",
            Self::DeadlineOverdue { .. } => "deadline_overdue",
            Self::DeadlineMoved { .. } => "deadline_moved",
            Self::RungReached { .. } => "rung_reached",
            Self::FindingOpened { .. } => "finding_opened",
            Self::FindingChanged { .. } => "finding_changed",
            Self::FindingClosed { .. } => "finding_closed",
            Self::FindingAcknowledged { .. } => "finding_acknowledged",
            Self::FindingSnoozed { .. } => "finding_snoozed",
            Self::RaiseBegan(_) => "raise_began",
            Self::RaiseEnded(_) => "raise_ended",
            Self::RecurringBegan { .. } => "recurring_began",
            Self::RecurringStopped { .. } => "recurring_stopped",
            Self::Recurred { .. } => "recurred",
            Self::RecurringMissed { .. } => "recurring_missed",
            Self::Held { .. } => "held",
            Self::Resumed => "resumed",
            Self::RuleFailed { .. } => "rule_failed",
            Self::Circled { .. } => "circled",
            Self::NotTold { .. } => "not_told",
            Self::Migrated { .. } => "migrated",
            Self::TaskCarried { .. } => "task_carried",
            Self::DeadlineCarried { .. } => "deadline_carried",
            Self::Corrected { .. } => "corrected",
            Self::LeftOut { .. } => "left_out",
            Self::Ended { .. } => "ended",
        }
    }
}

/// Why something that had been taken in has no place any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeftBecause {
    /// The case had ended by then.
    CaseEnded,
    /// The plan has no such event.
    NoSuchEvent,
    /// The task, finding or hold that it was about is not there.
    NothingThere,
}

/// Why a task or a deadline ended without being done or met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndedBecause {
    /// Its stage was left.
    StageLeft,
    /// The case ended.
    CaseEnded,
    /// The next occurrence of the same recurring work came.
    NextOccurrence,
    /// It starts anew.
    Restarted,
    /// The fact that it runs from was emptied.
    AnchorCleared,
    /// The case went over to a plan that does not have it.
    Migrated,
}
