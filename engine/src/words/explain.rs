//! Why a case is where it is: each open thing with its causes, back to what somebody reported. Printed in `explain_print`.

use super::{
    case_gather::findings,
    case_print::{level_sign, level_style},
    chain::{Because, chain, rule_asked},
    dates::Nearness,
    ladder::{Step, ladder, stands_still},
    quote::Place,
    reader::{Reader, Subject},
    rich::Style,
    tongue::Label,
};
use forloeb_core::{
    case::{CaseId, DeadlineState, Source},
    entry::{Entry, What},
};
use serde::Serialize;
use std::collections::BTreeSet;

/// An explanation.
#[derive(Clone, Debug, Serialize)]
pub struct Explanation {
    /// The case.
    pub case: CaseId,
    /// What is explained, in the reader's language.
    pub heading: String,
    /// What has to be said beforehand, in the reader's language.
    pub notes: Vec<String>,
    /// `file:line:column` of what is asked about, where nothing of the kind has happened.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub declared: Vec<String>,
    /// The things that are explained.
    pub things: Vec<Thing>,
    #[serde(skip)]
    pub(super) places: Vec<Place>,
}

/// One thing that is explained.
#[derive(Clone, Debug, Serialize)]
pub struct Thing {
    /// `stage`, `hold`, `finding`, `deadline`, `task`, `recurring` or `entry`.
    pub kind: &'static str,
    /// What it is, in the reader's language.
    pub title: String,
    /// How it stands, in the reader's language.
    pub state: String,
    /// The description of the rule that found it or led to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Its entry and everything that led to it, the input last.
    pub because: Vec<Because>,
    /// What followed from it, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub since: Vec<super::history::Line>,
    /// What comes next if nothing is done.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub next: Vec<Step>,
    #[serde(skip)]
    pub(super) sign: &'static str,
    #[serde(skip)]
    pub(super) style: Style,
}

impl Thing {
    pub(super) fn new(
        kind: &'static str,
        title: String,
        state: String,
        because: Vec<Because>,
    ) -> Self {
        Self {
            kind,
            title,
            state,
            description: None,
            because,
            since: Vec::new(),
            next: Vec::new(),
            sign: "",
            style: Style::Bold,
        }
    }
}

/// Why a case is where it is.
#[must_use]
pub fn explain(reader: &Reader<'_>, subject: Subject<'_>) -> Explanation {
    let case = subject.case;
    let mut things = Vec::new();
    things.extend(ended(reader, subject));
    if case.ended.is_none() {
        things.extend(stages(reader, subject));
    }
    things.extend(held(reader, subject));
    things.extend(found(reader, subject));
    things.extend(overdue(reader, subject));
    things.extend(open_tasks(reader, subject));
    Explanation {
        case: case.id.clone(),
        heading: reader.tongue().why_here(&reader.case_with_id(&case.id)),
        notes: Vec::new(),
        declared: Vec::new(),
        things,
        places: Vec::new(),
    }
}

fn ended(reader: &Reader<'_>, subject: Subject<'_>) -> Option<Thing> {
    let entry = subject
        .entries
        .iter()
        .rev()
        .find(|entry| matches!(entry.what, What::Ended { .. }))?;
    let state = reader.near_date(reader.day_of(entry.at));
    Some(Thing::new(
        "outcome",
        reader.sentence(subject, entry),
        state,
        chain(reader, subject, entry.seq),
    ))
}

fn held(reader: &Reader<'_>, subject: Subject<'_>) -> Option<Thing> {
    let hold = subject
        .case
        .hold
        .as_ref()
        .filter(|_| subject.case.ended.is_none())?;
    let title = reader.sentence(subject, subject.entry(hold.seq)?);
    let because = chain(reader, subject, hold.seq);
    let mut thing = Thing::new("hold", title, reader.since(hold.since), because);
    thing.style = Style::Yellow;
    Some(thing)
}

fn stages(reader: &Reader<'_>, subject: Subject<'_>) -> Vec<Thing> {
    let place = |track| Some((track, subject.case.tracks.get(track)?));
    let tracks = subject.plan.tracks.keys().filter_map(place);
    tracks
        .map(|(track, place)| {
            let title = format!(
                "{}: {}",
                reader.track(subject.plan, track),
                reader.stage(subject.plan, track, &place.stage)
            );
            let since = reader.since(place.since);
            let mut thing = Thing::new("stage", title, since, chain(reader, subject, place.seq));
            thing.description = subject
                .entry(place.seq)
                .and_then(|entry| described_way(reader, subject, entry));
            thing
        })
        .collect()
}

/// What the rule is for that a stage was entered by.
pub(super) fn described_way(
    reader: &Reader<'_>,
    subject: Subject<'_>,
    entry: &Entry,
) -> Option<String> {
    let rule = rule_asked(subject, entry)?;
    let described = subject.plan.described.get(rule)?;
    Some(reader.rule_is_for(described))
}

fn found(reader: &Reader<'_>, subject: Subject<'_>) -> Vec<Thing> {
    let mut laddered = BTreeSet::new();
    findings(reader, subject)
        .into_iter()
        .map(|finding| {
            let because = chain(reader, subject, finding.number);
            let state = finding.state(reader);
            let mut thing = Thing::new("finding", finding.message, state, because);
            (thing.sign, thing.style) =
                (level_sign(finding.strength), level_style(finding.strength));
            let known = subject.case.findings.get(&finding.number);
            match known.map(|known| &known.source) {
                Some(Source::Rule(rule) | Source::Fault(rule)) if finding.shown => {
                    let described = subject.plan.described.get(rule);
                    thing.description = described.map(|known| reader.rule_is_for(known));
                }
                Some(Source::Deadline {
                    track,
                    stage,
                    deadline,
                }) => {
                    let same = |state: &DeadlineState| {
                        (&state.track, &state.stage, &state.name) == (track, stage, deadline)
                    };
                    let mut running = subject.case.deadlines.iter().rev();
                    // What comes next is told once, with the strongest finding of the deadline.
                    if let Some((number, state)) = running.find(|(_, state)| same(state))
                        && laddered.insert(*number)
                    {
                        thing.next = coming(reader, subject, *number, state);
                    }
                }
                _ => {}
            }
            thing
        })
        .collect()
}

/// The rungs that come if nothing is done; none while a hold stops the deadline.
pub(super) fn coming(
    reader: &Reader<'_>,
    subject: Subject<'_>,
    number: u64,
    state: &DeadlineState,
) -> Vec<Step> {
    if state.met.is_some() || stands_still(subject, state) {
        return Vec::new();
    }
    let mut steps = ladder(reader, subject, number, state);
    steps.retain(|step| !step.reached);
    steps
}

/// Deadlines that have run out and that no finding tells of.
fn overdue(reader: &Reader<'_>, subject: Subject<'_>) -> Vec<Thing> {
    let told = |state: &DeadlineState| {
        subject.case.findings.values().any(|finding| {
            matches!(&finding.source, Source::Deadline { track, stage, deadline }
                if (track, stage, deadline) == (&state.track, &state.stage, &state.name))
        })
    };
    let open = |state: &DeadlineState| state.overdue && state.met.is_none();
    let deadlines = subject
        .case
        .deadlines
        .iter()
        .filter(|(_, state)| open(state) && !told(state));
    deadlines
        .map(|(number, state)| {
            let title = reader.deadline(subject, &state.track, &state.stage, &state.name);
            let words = reader
                .tongue()
                .overdue_since(&reader.moment(state.due.limit.runs_out));
            let mut thing = Thing::new("deadline", title, words, chain(reader, subject, *number));
            thing.style = Style::Red;
            thing.next = coming(reader, subject, *number, state);
            thing
        })
        .collect()
}

fn open_tasks(reader: &Reader<'_>, subject: Subject<'_>) -> Vec<Thing> {
    let open = subject
        .case
        .tasks
        .iter()
        .filter(|(_, task)| task.done.is_none());
    open.map(|(number, task)| {
        let title = reader.task(subject, &task.name, &task.origin);
        let role = reader.role(subject.plan, &task.role);
        let due = task
            .due
            .as_ref()
            .map(|due| reader.due(due, subject.held_since()));
        let words = due.as_ref().map_or_else(
            || reader.label(Label::NoDate).to_owned(),
            |told| reader.limit_words(told),
        );
        let mut thing = Thing::new(
            "task",
            title,
            format!("{role} · {words}"),
            chain(reader, subject, *number),
        );
        if due.is_some_and(|told| told.nearness == Nearness::Overdue) {
            thing.style = Style::Red;
        }
        thing
    })
    .collect()
}

impl Reader<'_> {
    /// `due Thu 3 Dec`, or how long it is overdue.
    pub(super) fn limit_words(&self, told: &super::dates::Told) -> String {
        match told.nearness {
            Nearness::Overdue | Nearness::OnHold => told.words.clone(),
            _ => self.tongue().due(&told.words),
        }
    }
}
