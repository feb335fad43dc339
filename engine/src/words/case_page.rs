//! What `case show` tells, field for field: where a case is, what is open, what is known. It is gathered in `case_gather` and
//! printed in `case_print`.

use super::{dates::Nearness, history::Line, ladder::Step};
use forloeb_core::{
    case::CaseId,
    name::Name,
    plan::{Level, OutcomeResult},
};
use jiff::{Timestamp, civil::Date};
use serde::Serialize;

/// A case as it stands.
#[derive(Clone, Debug, Serialize)]
pub struct CasePage {
    /// Its id.
    pub case: CaseId,
    /// By which name people know it.
    pub name: String,
    /// Its process.
    pub process: Name,
    /// The title of its process.
    pub title: String,
    /// The plan that it is pinned to.
    pub plan: Name,
    /// The instant for which it is told.
    pub now: Timestamp,
    /// When it started.
    pub started: Timestamp,
    /// How it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended: Option<EndedPage>,
    /// The hold that it is under.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hold: Option<HoldPage>,
    /// Where it is.
    pub tracks: Vec<TrackPage>,
    /// What somebody is told, the strongest first.
    pub findings: Vec<FindingPage>,
    /// What is to be done, the most urgent first.
    pub tasks: Vec<TaskPage>,
    /// The promises that run.
    pub deadlines: Vec<DeadlinePage>,
    /// What is known of it.
    pub facts: Vec<FactPage>,
    /// The cases that it is tied to.
    pub links: Vec<LinkPage>,
    /// What happened last, the latest first.
    pub last_events: Vec<Line>,
}

/// How a case ended.
#[derive(Clone, Debug, Serialize)]
pub struct EndedPage {
    /// The outcome.
    pub outcome: Name,
    /// Its title.
    pub title: String,
    /// What it counts as; none when the plan does not know the outcome.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<OutcomeResult>,
    /// When.
    pub at: Timestamp,
    /// The local date of that instant.
    pub date: Date,
}

/// A hold.
#[derive(Clone, Debug, Serialize)]
pub struct HoldPage {
    /// Since when.
    pub since: Timestamp,
    /// Until when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// The reason given.
    pub because: String,
}

/// Where a case is on one track.
#[derive(Clone, Debug, Serialize)]
pub struct TrackPage {
    /// The track.
    pub track: Name,
    /// Its title.
    pub title: String,
    /// The stage.
    pub stage: Name,
    /// The title of the stage.
    pub stage_title: String,
    /// When it was entered.
    pub since: Timestamp,
    /// The local date of that instant.
    pub since_date: Date,
    /// Local days since then, or until the end of the case.
    pub days: i64,
    /// How many times it has been entered.
    pub visit: u32,
}

/// An open task.
#[derive(Clone, Debug, Serialize)]
pub struct TaskPage {
    /// Its number in the case.
    pub number: u64,
    /// Its name.
    pub task: Name,
    /// Its title.
    pub title: String,
    /// Who does it.
    pub role: Name,
    /// The title of that role.
    pub role_title: String,
    /// The stage can be left without it.
    pub optional: bool,
    /// When it was opened.
    pub opened: Timestamp,
    /// When it is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<DuePage>,
}

/// A limit.
#[derive(Clone, Debug, Serialize)]
pub struct DuePage {
    /// The first instant at which it is too late.
    pub runs_out: Timestamp,
    /// The last local date on which there is time left.
    pub last_day: Date,
    /// How near it is.
    pub nearness: Nearness,
    /// When that is, in the reader's language.
    pub words: String,
}

/// A running deadline.
#[derive(Clone, Debug, Serialize)]
pub struct DeadlinePage {
    /// Its number in the case.
    pub number: u64,
    /// Its name.
    pub deadline: Name,
    /// Its title.
    pub title: String,
    /// The stage that it belongs to.
    pub stage: Name,
    /// The instant that it runs from.
    pub from: Timestamp,
    /// When it runs out.
    pub due: DuePage,
    /// When it was met.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub met: Option<Timestamp>,
    /// A hold stops it: the rungs that were not reached come later than they stand here.
    pub stands_still: bool,
    /// Its rungs in the order of their instants.
    pub ladder: Vec<Step>,
}

/// An open finding.
#[derive(Clone, Debug, Serialize)]
pub struct FindingPage {
    /// Its number in the case.
    pub number: u64,
    /// How strong it is: `nudge` or `escalation`.
    pub level: &'static str,
    /// What it says, in the reader's language; where that is not for the reader, for whom it is.
    pub message: String,
    /// Whether what it says is shown.
    pub shown: bool,
    /// The roles that are told.
    pub to: Vec<Name>,
    /// Their titles, in a list.
    pub to_titles: String,
    /// The deadline or rule that found it, where that is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// What it is about, when one source finds several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// Since when it holds.
    pub since: Timestamp,
    /// It holds, or is as it is, because the case went over to a new version, not because of anything that happened.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub by_migration: bool,
    /// Since when somebody has taken it on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acknowledged: Option<Timestamp>,
    /// Until when it is put off; in the future.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snoozed_until: Option<Timestamp>,
    #[serde(skip)]
    pub(super) strength: Level,
}

/// A fact.
#[derive(Clone, Debug, Serialize)]
pub struct FactPage {
    /// The fact.
    pub fact: Name,
    /// Its title.
    pub title: String,
    /// Its value, in the reader's language; what the reader may not see is only said to be there.
    pub value: String,
    /// The roles that may see it; none: everybody.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub visible_to: Vec<Name>,
    /// Whether the value itself is shown.
    pub shown: bool,
    /// Since when it is known.
    pub since: Timestamp,
    #[serde(skip)]
    pub(super) only: Option<String>,
}

/// A link.
#[derive(Clone, Debug, Serialize)]
pub struct LinkPage {
    /// The link.
    pub link: Name,
    /// Its title.
    pub title: String,
    /// The cases behind it.
    pub cases: Vec<LinkedPage>,
}

/// A case behind a link.
#[derive(Clone, Debug, Serialize)]
pub struct LinkedPage {
    /// Its id.
    pub case: CaseId,
    /// By which name people know it.
    pub name: String,
}
