//! What `case show` tells: where a case is, what is open, what is known. Printing it is in `case_print`.

use super::{
    dates::{Nearness, days_between},
    history::{Line, line},
    ladder::{Step, ladder, level_name, stands_still},
    message::glued_message,
    reader::{Reader, Subject},
    tongue::Label,
};
use forloeb_core::{
    case::{CaseId, Due, Source},
    entry::What,
    name::Name,
    plan::{Level, OutcomeResult},
};
use jiff::{Timestamp, civil::Date};
use serde::Serialize;

/// How many of the last events are shown.
const LAST_EVENTS: usize = 5;

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
    /// What it says, in the reader's language.
    pub message: String,
    /// The roles that are told.
    pub to: Vec<Name>,
    /// Their titles, in a list.
    pub to_titles: String,
    /// The deadline or rule that found it.
    pub source: String,
    /// What it is about, when one source finds several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// Since when it holds.
    pub since: Timestamp,
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

/// The page of a case.
#[must_use]
pub fn case_page(reader: &Reader<'_>, subject: Subject<'_>) -> CasePage {
    let Subject { plan, case, .. } = subject;
    CasePage {
        case: case.id.clone(),
        name: reader.case_name(&case.id),
        process: case.process.clone(),
        title: reader.text(&plan.title, &plan.process),
        plan: case.plan.clone(),
        now: reader.now,
        started: case.started,
        ended: ended(reader, subject),
        hold: hold(subject),
        tracks: tracks(reader, subject),
        findings: findings(reader, subject),
        tasks: tasks(reader, subject),
        deadlines: deadlines(reader, subject),
        facts: facts(reader, subject),
        links: links(reader, subject),
        last_events: last_events(reader, subject),
    }
}

fn ended(reader: &Reader<'_>, subject: Subject<'_>) -> Option<EndedPage> {
    let ended = subject.case.ended.as_ref()?;
    Some(EndedPage {
        outcome: ended.outcome.clone(),
        title: reader.outcome(subject.plan, &ended.outcome),
        result: subject
            .plan
            .outcomes
            .get(&ended.outcome)
            .map(|outcome| outcome.result),
        at: ended.at,
        date: reader.day_of(ended.at),
    })
}

fn hold(subject: Subject<'_>) -> Option<HoldPage> {
    let hold = subject
        .case
        .hold
        .as_ref()
        .filter(|_| subject.case.ended.is_none())?;
    let because = match subject.entry(hold.seq).map(|entry| &entry.what) {
        Some(What::Held { because, .. }) => because.clone(),
        _ => String::new(),
    };
    Some(HoldPage {
        since: hold.since,
        until: hold.until,
        because,
    })
}

fn tracks(reader: &Reader<'_>, subject: Subject<'_>) -> Vec<TrackPage> {
    let Subject { plan, case, .. } = subject;
    let until = case.ended.as_ref().map_or(reader.now, |ended| ended.at);
    let visits = |track: &Name, stage: &Name| {
        case.visits
            .get(track)
            .and_then(|stages| stages.get(stage))
            .copied()
    };
    plan.tracks
        .keys()
        .filter_map(|track| {
            let place = case.tracks.get(track)?;
            Some(TrackPage {
                track: track.clone(),
                title: reader.track(plan, track),
                stage: place.stage.clone(),
                stage_title: reader.stage(plan, track, &place.stage),
                since: place.since,
                since_date: reader.day_of(place.since),
                days: days_between(reader.day_of(place.since), reader.day_of(until)),
                visit: visits(track, &place.stage).unwrap_or(1),
            })
        })
        .collect()
}

pub(super) fn due_page(reader: &Reader<'_>, due: &Due, held_since: Option<Timestamp>) -> DuePage {
    let told = reader.due(due, held_since);
    DuePage {
        runs_out: due.limit.runs_out,
        last_day: due.limit.last_day,
        nearness: told.nearness,
        words: told.words,
    }
}

fn tasks(reader: &Reader<'_>, subject: Subject<'_>) -> Vec<TaskPage> {
    let open = subject
        .case
        .tasks
        .iter()
        .filter(|(_, task)| task.done.is_none());
    let mut tasks: Vec<TaskPage> = open
        .map(|(number, task)| TaskPage {
            number: *number,
            task: task.name.clone(),
            title: reader.task(subject, &task.name, &task.origin),
            role: task.role.clone(),
            role_title: reader.role(subject.plan, &task.role),
            optional: subject
                .task(&task.name, &task.origin)
                .is_some_and(|plan| plan.optional),
            opened: task.opened,
            due: task
                .due
                .as_ref()
                .map(|due| due_page(reader, due, subject.held_since())),
        })
        .collect();
    tasks.sort_by_key(|task| {
        (
            task.due.is_none(),
            task.due.as_ref().map(|due| due.runs_out),
        )
    });
    tasks
}

fn deadlines(reader: &Reader<'_>, subject: Subject<'_>) -> Vec<DeadlinePage> {
    let mut deadlines: Vec<DeadlinePage> = subject
        .case
        .deadlines
        .iter()
        .map(|(number, state)| DeadlinePage {
            number: *number,
            deadline: state.name.clone(),
            title: reader.deadline(subject, &state.track, &state.stage, &state.name),
            stage: state.stage.clone(),
            from: state.from,
            due: due_page(reader, &state.due, subject.held_since()),
            met: state.met,
            stands_still: stands_still(subject, state),
            ladder: ladder(reader, subject, *number, state),
        })
        .collect();
    deadlines.sort_by_key(|deadline| (deadline.met.is_some(), deadline.due.runs_out));
    deadlines
}

pub(super) fn findings(reader: &Reader<'_>, subject: Subject<'_>) -> Vec<FindingPage> {
    let mut findings: Vec<FindingPage> = subject
        .case
        .findings
        .iter()
        .map(|(number, finding)| FindingPage {
            number: *number,
            level: level_name(finding.level),
            message: glued_message(reader, subject, finding),
            to: finding.to.clone(),
            to_titles: reader.roles(subject.plan, &finding.to),
            source: match &finding.source {
                Source::Deadline { deadline, .. } => deadline.to_string(),
                Source::Rule(rule) | Source::Fault(rule) => rule.to_string(),
            },
            about: finding.about.clone(),
            since: finding.since,
            acknowledged: finding.acknowledged,
            snoozed_until: finding.snoozed_until.filter(|until| *until > reader.now),
            strength: finding.level,
        })
        .collect();
    findings.sort_by_key(|finding| {
        (
            finding.snoozed_until.is_some(),
            std::cmp::Reverse(finding.strength),
            finding.since,
        )
    });
    findings
}

fn facts(reader: &Reader<'_>, subject: Subject<'_>) -> Vec<FactPage> {
    use forloeb_core::value::Value;
    let seen =
        |value: &Value| !matches!(value, Value::Sealed(key) if !subject.sealed.contains_key(key));
    let known = |name: &Name| subject.case.facts.get(name);
    subject
        .plan
        .facts
        .iter()
        .filter_map(|(name, fact)| Some((name, fact, known(name)?)))
        .map(|(name, fact, known)| FactPage {
            fact: name.clone(),
            title: reader.text(&fact.title, name),
            value: reader.value(subject, Some(fact), &known.value),
            visible_to: fact.visible_to.clone(),
            shown: seen(&known.value),
            since: known.at,
            only: (seen(&known.value) && !fact.visible_to.is_empty())
                .then(|| reader.only(subject, fact)),
        })
        .collect()
}

fn links(reader: &Reader<'_>, subject: Subject<'_>) -> Vec<LinkPage> {
    let behind = |link: &Name| {
        subject
            .case
            .links
            .get(link)
            .filter(|cases| !cases.is_empty())
    };
    let linked = |id: &CaseId| LinkedPage {
        case: id.clone(),
        name: reader.case_name(id),
    };
    subject
        .plan
        .links
        .iter()
        .filter_map(|(name, link)| Some((name, link, behind(name)?)))
        .map(|(name, link, cases)| LinkPage {
            link: name.clone(),
            title: reader.text(&link.title, name),
            cases: cases.iter().map(linked).collect(),
        })
        .collect()
}

fn last_events(reader: &Reader<'_>, subject: Subject<'_>) -> Vec<Line> {
    let events = subject
        .entries
        .iter()
        .rev()
        .filter(|entry| matches!(entry.what, What::Reported { .. }));
    events
        .take(LAST_EVENTS)
        .map(|entry| line(reader, subject, entry))
        .collect()
}

impl Reader<'_> {
    /// `met Mon 5 Oct`, or how late it was.
    pub(super) fn met(&self, due: &DuePage, met: Timestamp) -> String {
        if met < due.runs_out {
            return self.tongue().met_on(&self.near_date(self.day_of(met)));
        }
        let days = days_between(due.last_day, self.day_of(met));
        self.tongue().met_late(days.max(1))
    }

    /// A heading with a count where there are several.
    pub(super) fn headed(&self, label: Label, count: usize) -> String {
        if count > 1 {
            format!("{} ({count})", self.label(label))
        } else {
            self.label(label).to_owned()
        }
    }
}
