//! The ladder of a running deadline: which rungs were reached, and when the others come if nothing is done.

use super::reader::{Reader, Subject};
use forloeb_core::{
    case::DeadlineState,
    entry::What,
    name::Name,
    plan::{Level, OnHold, Rung},
    step::rung_instant,
};
use jiff::{Timestamp, civil::Date};
use serde::Serialize;

/// One rung of a running deadline.
#[derive(Clone, Debug, Serialize)]
pub struct Step {
    /// When it was reached, or will be.
    pub at: Timestamp,
    /// The local date of that instant.
    pub date: Date,
    /// Whether it was reached.
    pub reached: bool,
    /// How strong it is: `nudge` or `escalation`.
    pub level: &'static str,
    /// The role that is told.
    pub to: Name,
    /// Its title in the reader's language.
    pub to_title: String,
    /// The text that is said.
    pub say: Name,
    /// The task that it raises.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raises: Option<Name>,
    /// The title of that task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raises_title: Option<String>,
    /// `file:line:column` of the rung.
    pub ground: String,
    #[serde(skip)]
    pub(super) strength: Level,
}

/// A level's name in data.
pub(super) fn level_name(level: Level) -> &'static str {
    match level {
        Level::Nudge => "nudge",
        Level::Escalation => "escalation",
    }
}

/// Whether a hold stops a deadline at present: its rungs come later than they stand.
pub(super) fn stands_still(subject: Subject<'_>, state: &DeadlineState) -> bool {
    subject.case.hold.is_some() && state.due.on_hold == OnHold::Stop
}

/// The rungs of a running deadline in the order of their instants.
#[must_use]
pub fn ladder(
    reader: &Reader<'_>,
    subject: Subject<'_>,
    number: u64,
    state: &DeadlineState,
) -> Vec<Step> {
    let Some(plan) = subject.deadline(&state.track, &state.stage, &state.name) else {
        return Vec::new();
    };
    let mut steps: Vec<Step> = plan
        .ladder
        .iter()
        .zip(0_u32..)
        .filter_map(|(rung, place)| {
            let reached = reached_at(subject, number, place);
            let at = reached.or_else(|| rung_instant(subject.plan, state, rung))?;
            Some(step(
                reader,
                subject,
                rung,
                at,
                reached.is_some() || state.reached.contains(&place),
            ))
        })
        .collect();
    steps.sort_by_key(|step| step.at);
    steps
}

fn step(
    reader: &Reader<'_>,
    subject: Subject<'_>,
    rung: &Rung,
    at: Timestamp,
    reached: bool,
) -> Step {
    Step {
        at,
        date: reader.day_of(at),
        reached,
        level: level_name(rung.level),
        to: rung.to.clone(),
        to_title: reader.role(subject.plan, &rung.to),
        say: rung.say.clone(),
        raises: rung.raise.clone(),
        raises_title: rung
            .raise
            .as_ref()
            .map(|task| reader.raised_task(subject, task)),
        ground: rung.ground.to_string(),
        strength: rung.level,
    }
}

fn reached_at(subject: Subject<'_>, number: u64, place: u32) -> Option<Timestamp> {
    let state = subject.case.deadlines.get(&number);
    // A step that a new version has put off is ahead again.
    if state.is_some_and(|state| !state.reached.contains(&place)) {
        return None;
    }
    subject
        .entries
        .iter()
        .rev()
        .find_map(|entry| match entry.what {
            What::RungReached { deadline, rung } if deadline == number && rung == place => {
                Some(entry.at)
            }
            _ => None,
        })
}
