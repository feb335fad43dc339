//! Gathers what the page of a case tells. The shapes are in `case_page`.

use super::{
    case_page::{
        CasePage, DeadlinePage, DuePage, EndedPage, FactPage, FindingPage, HoldPage, LinkPage,
        LinkedPage, TaskPage, TrackPage,
    },
    dates::days_between,
    history::{Line, line},
    ladder::{ladder, level_name, stands_still},
    message::glued_message,
    reader::{Reader, Subject},
    tongue::Label,
};
use forloeb_core::{
    case::{CaseId, Due, Finding, Source},
    entry::What,
    name::Name,
};
use jiff::Timestamp;

/// How many of the last events are shown.
const LAST_EVENTS: usize = 5;

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
    let shown = |finding: &Finding| reader.withheld_finding(subject, finding).is_none();
    let mut findings: Vec<FindingPage> = subject
        .case
        .findings
        .iter()
        .map(|(number, finding)| (number, finding, shown(finding)))
        .map(|(number, finding, shown)| FindingPage {
            number: *number,
            level: level_name(finding.level),
            message: glued_message(reader, subject, finding),
            to: finding.to.clone(),
            to_titles: reader.roles(subject.plan, &finding.to),
            shown,
            source: shown.then(|| match &finding.source {
                Source::Deadline { deadline, .. } => deadline.to_string(),
                Source::Rule(rule) | Source::Fault(rule) => rule.to_string(),
            }),
            about: finding.about.clone().filter(|_| shown),
            since: finding.since,
            by_migration: finding.by_migration,
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
            shown: subject.seen(&known.value),
            since: known.at,
            only: (subject.seen(&known.value) && !fact.visible_to.is_empty())
                .then(|| reader.only(subject, &fact.visible_to)),
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
