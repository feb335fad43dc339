//! What goes through the door of the store: rows, changes, filters of read models and their pages. Shapes only.

use forloeb_core::{
    case::{Case, CaseId, DeadlineState, Finding, TaskState},
    entry::{Actor, Entry},
    name::Name,
    plan::Level,
    value::{SealedKey, Value},
};
use jiff::Timestamp;
use std::{collections::BTreeMap, sync::Arc};

/// A case as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseRow {
    /// Its state.
    pub case: Arc<Case>,
    /// The earliest instant at which something about it can change by itself.
    pub wake_at: Option<Timestamp>,
}

/// What a batch does to one case: every input of the batch taken together.
#[derive(Clone, Debug)]
pub struct Change {
    /// The state as it was loaded; none for a case that starts. The stored case must still be at its `seq`.
    pub before: Option<Arc<Case>>,
    /// The state after the last step.
    pub after: CaseRow,
    /// The new entries of all steps, in order.
    pub entries: Vec<Entry>,
    /// Idempotency keys by the number of the entry that recorded the input.
    pub keys: BTreeMap<u64, String>,
    /// Confidential and personal values that came.
    pub sealed: Vec<(SealedKey, Value)>,
}

/// Which open cases of a process are meant, by the plan that they go by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionFilter {
    /// The process.
    pub process: Name,
    /// The plan.
    pub plan: Name,
    /// Those that go by it, or those that go by any other.
    pub by_it: bool,
    /// Only cases after this one.
    pub after: Option<CaseId>,
    /// At most so many.
    pub limit: u32,
}

/// A case that links to another one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reader {
    /// The case that the link leads to.
    pub target: CaseId,
    /// The link, by its name in the reader's process.
    pub link: Name,
    /// The plan of the reader.
    pub plan: Name,
    /// The case that has the link.
    pub case: CaseId,
}

/// An input that is in the history already.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// The case.
    pub case: CaseId,
    /// Its idempotency key.
    pub key: String,
    /// The entry that recorded it.
    pub entry: Entry,
}

/// Where a sealed value lies.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SealedAt {
    /// The case.
    pub case: CaseId,
    /// The entry and field.
    pub key: SealedKey,
}

/// A plan as it is stored: the texts that it is compiled from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanSources {
    /// Hash of what it means.
    pub id: Name,
    /// Its process.
    pub process: Name,
    /// Each file by its path inside the programme.
    pub sources: BTreeMap<Name, String>,
}

/// Whose time it is in a database; its kind is settled when the database is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// The machine's.
    Real,
    /// Its own, which stands still until it is told to go on.
    Virtual(Timestamp),
}

/// At which point of the database's life a transaction began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AsOf {
    /// Whose time it is.
    pub clock: Clock,
    /// What had been written until then.
    pub version: Version,
}

/// A version of a database as a store sees it: it is another one after every commit, whoever made it, and with every new connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version {
    /// The connection that writes.
    pub connection: u64,
    /// What the database counts on it: another number when somebody else has committed.
    pub others: i64,
    /// How often the store itself has committed.
    pub own: u64,
}

impl Version {
    /// The version after the commit of a transaction that began at this one.
    #[must_use]
    pub fn after_commit(self) -> Self {
        Self {
            own: self.own + 1,
            ..self
        }
    }
}

/// Whether a case goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// It goes on.
    Open,
    /// It is on hold.
    Held,
    /// It has ended.
    Ended,
}

impl Status {
    /// The status of a case.
    #[must_use]
    pub fn of(case: &Case) -> Self {
        if case.ended.is_some() {
            Self::Ended
        } else if case.hold.is_some() {
            Self::Held
        } else {
            Self::Open
        }
    }

    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Held => "held",
            Self::Ended => "ended",
        }
    }
}

/// Which cases.
#[derive(Clone, Debug)]
pub struct CaseFilter {
    /// Only of this process.
    pub process: Option<Name>,
    /// Only where an open case is in this stage.
    pub stage: Option<Name>,
    /// Only where a task or a deadline is overdue.
    pub overdue: bool,
    /// Only of these statuses; empty: of any.
    pub status: Vec<Status>,
    /// Only after this id, the last one of the page before.
    pub after: Option<CaseId>,
    /// At most so many.
    pub limit: u32,
}

/// Which open tasks.
#[derive(Clone, Debug)]
pub struct TaskFilter {
    /// Only of this role.
    pub role: Option<Name>,
    /// Only of this case.
    pub case: Option<CaseId>,
    /// Only overdue ones.
    pub overdue: bool,
    /// Only after this place, the last one of the page before.
    pub after: Option<Cursor>,
    /// At most so many.
    pub limit: u32,
}

/// Which running deadlines.
#[derive(Clone, Debug)]
pub struct DeadlineFilter {
    /// Only of this case.
    pub case: Option<CaseId>,
    /// Only overdue ones.
    pub overdue: bool,
    /// Only after this place, the last one of the page before.
    pub after: Option<Cursor>,
    /// At most so many.
    pub limit: u32,
}

/// Which open findings.
#[derive(Clone, Debug)]
pub struct FindingFilter {
    /// Only what this role is told.
    pub to: Option<Name>,
    /// Only of this level.
    pub level: Option<Level>,
    /// Only of this case.
    pub case: Option<CaseId>,
    /// Leaves out what is snoozed at this instant; none leaves out nothing.
    pub unsnoozed_at: Option<Timestamp>,
    /// Only after this place, the last one of the page before.
    pub after: Option<Cursor>,
    /// At most so many.
    pub limit: u32,
}

/// A place in a list: where the next page goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The level, in a list of findings.
    pub level: Option<Level>,
    /// The instant that orders the list; none sorts last.
    pub at: Option<Timestamp>,
    /// The case.
    pub case: CaseId,
    /// The number of the task, deadline or finding.
    pub number: u64,
}

/// An open task in a list.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskLine {
    /// Its case.
    pub case: CaseId,
    /// The process of the case.
    pub process: Name,
    /// The plan of the case.
    pub plan: Name,
    /// Its number in the case.
    pub number: u64,
    /// The task.
    pub task: TaskState,
}

impl TaskLine {
    /// Where the next page goes on.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        Cursor {
            level: None,
            at: self.task.due.as_ref().map(|due| due.limit.runs_out),
            case: self.case.clone(),
            number: self.number,
        }
    }
}

/// A running deadline in a list.
#[derive(Clone, Debug, PartialEq)]
pub struct DeadlineLine {
    /// Its case.
    pub case: CaseId,
    /// The process of the case.
    pub process: Name,
    /// The plan of the case.
    pub plan: Name,
    /// Its number in the case.
    pub number: u64,
    /// The deadline.
    pub deadline: DeadlineState,
}

impl DeadlineLine {
    /// Where the next page goes on.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        Cursor {
            level: None,
            at: Some(self.deadline.due.limit.runs_out),
            case: self.case.clone(),
            number: self.number,
        }
    }
}

/// An open finding in a list.
#[derive(Clone, Debug, PartialEq)]
pub struct FindingLine {
    /// Its case.
    pub case: CaseId,
    /// The process of the case.
    pub process: Name,
    /// The plan of the case.
    pub plan: Name,
    /// Its number in the case.
    pub number: u64,
    /// The finding.
    pub finding: Finding,
}

impl FindingLine {
    /// Where the next page goes on.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        Cursor {
            level: Some(self.finding.level),
            at: Some(self.finding.since),
            case: self.case.clone(),
            number: self.number,
        }
    }
}

/// That somebody looked at personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadLog {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: Actor,
    /// Why.
    pub why: String,
    /// Of which cases.
    pub cases: Vec<CaseId>,
}

/// How much there is of a tenant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Cases that go on.
    pub open: u64,
    /// Cases on hold.
    pub held: u64,
    /// Cases that have ended.
    pub ended: u64,
    /// Entries of their histories.
    pub entries: u64,
    /// Open tasks.
    pub tasks: u64,
    /// Open findings.
    pub findings: u64,
    /// Stored plans.
    pub plans: u64,
}

/// A case with all that is stored of it, for checking one against the other.
#[derive(Clone, Debug)]
pub struct Audited {
    /// Its state.
    pub row: CaseRow,
    /// Its whole history.
    pub entries: Vec<Entry>,
    /// Where its other columns and read models do not follow from its state, in words; empty when they do.
    pub disagreements: Vec<String>,
}
