//! How a case stands otherwise than it did: after a migration or a correction, before anybody sends four hundred letters about it.
//!
//! What it compares are two states; the numbers of entries say nothing here, since what is recorded anew bears other ones.

use super::{
    ahead::promised,
    counting::passed_over,
    message::glued_message,
    reader::{Reader, Subject},
    tongue::Label,
};
use forloeb_core::{
    case::{Case, CaseId, DeadlineState, Finding, Origin, Source, TaskState},
    name::Name,
    plan::Level,
    versions::Renamed,
};
use jiff::civil::Date;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// How a case stands otherwise.
#[derive(Clone, Debug, Serialize)]
pub struct Difference {
    /// The case.
    pub case: CaseId,
    /// By which name people know it.
    pub name: String,
    /// What is otherwise; nothing when it stands as it did.
    pub changes: Vec<Change>,
}

/// One thing that is otherwise.
#[derive(Clone, Debug, Serialize)]
pub struct Change {
    /// What kind of thing: `stage`, `deadline`, `deadline_new`, `deadline_gone`, `task`, `task_new`, `task_gone`, `finding_new`,
    /// `finding_gone`, `fact`, `fact_gone`, `linked`, `unlinked`, `ended`, `open_again`, `left_out`; and of what lies ahead: `ahead_steps`, `ahead_waits`,
    /// `ahead_recurring`, `ahead_exits`.
    pub kind: &'static str,
    /// Its name in the process; none for what a rule says that the reader may not read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<Name>,
    /// What is otherwise, in the reader's language.
    pub words: String,
    /// The last day before, of a deadline or task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// The last day now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
    /// The days that the new date skips, in the reader's language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_counted: Option<String>,
    /// What it is called where many cases are counted together, in the reader's language.
    #[serde(skip)]
    pub title: String,
}

impl Change {
    pub(super) fn new(kind: &'static str, about: &Name, title: String, words: String) -> Self {
        Self {
            kind,
            about: Some(about.clone()),
            words,
            from: None,
            to: None,
            not_counted: None,
            title,
        }
    }

    /// Something that had been taken in and has no place any more, in a sentence.
    #[must_use]
    pub fn left_out(words: String) -> Self {
        Self {
            about: None,
            ..Self::new("left_out", &Name::from(""), words.clone(), words)
        }
    }

    /// Whether it touches where a case is or what is promised: a stage, a deadline, a task.
    #[must_use]
    pub fn is_promise(&self) -> bool {
        ["stage", "deadline", "task", "ended", "open", "ahead"]
            .iter()
            .any(|kind| self.kind.starts_with(kind))
    }
}

/// A case as it stood, and as it would be called now.
pub(super) struct Was<'a> {
    /// In the names and titles of then.
    pub told: Subject<'a>,
    /// In the names of now.
    pub case: &'a Case,
}

/// Compares a case with how it stood; `renamed` is what has been called otherwise since.
#[must_use]
pub fn difference(
    reader: &Reader<'_>,
    was: Subject<'_>,
    is: Subject<'_>,
    renamed: &Renamed,
) -> Difference {
    let mut changes = Vec::new();
    let mut case = was.case.clone();
    renamed.apply(&mut case);
    let was = &Was {
        told: was,
        case: &case,
    };
    ending(reader, was, is, &mut changes);
    stages(reader, was, is, &mut changes);
    deadlines(reader, was, is, &mut changes);
    tasks(reader, was, is, &mut changes);
    findings(reader, was, is, &mut changes);
    promised(reader, was, is, renamed, &mut changes);
    knowledge(reader, was, is, &mut changes);
    Difference {
        case: is.case.id.clone(),
        name: reader.case_name(&is.case.id),
        changes,
    }
}

fn ending(reader: &Reader<'_>, was: &Was<'_>, is: Subject<'_>, changes: &mut Vec<Change>) {
    match (&was.case.ended, &is.case.ended) {
        (Some(was), None) => {
            let words = reader.tongue().open_again().to_owned();
            changes.push(Change::new(
                "open_again",
                &was.outcome,
                words.clone(),
                words,
            ));
        }
        (before, Some(now))
            if before.as_ref().map(|ended| &ended.outcome) != Some(&now.outcome) =>
        {
            let title = reader.outcome(is.plan, &now.outcome);
            let words = reader.tongue().ended(&title);
            changes.push(Change::new("ended", &now.outcome, words.clone(), words));
        }
        _ => {}
    }
}

fn stages(reader: &Reader<'_>, was: &Was<'_>, is: Subject<'_>, changes: &mut Vec<Change>) {
    for (track, place) in &is.case.tracks {
        let before = was.case.tracks.get(track);
        if before.is_some_and(|before| before.stage == place.stage) {
            continue;
        }
        let to = reader.stage(is.plan, track, &place.stage);
        let title = reader.track(is.plan, track);
        let words = match before {
            Some(before) => {
                let mut then = was.told.case.tracks.iter();
                let then = then.find(|(_, place)| place.seq == before.seq);
                let from = then.map_or_else(
                    || before.stage.to_string(),
                    |(track, place)| reader.stage(was.told.plan, track, &place.stage),
                );
                format!("{title}: {from} → {to}")
            }
            None => reader.tongue().stage_entered(&title, &to, 1),
        };
        changes.push(Change::new("stage", &place.stage, to, words));
    }
}

/// By this a running deadline is recognised.
type DeadlineKey<'a> = (&'a Name, &'a Name, &'a Name);

fn running(case: &Case) -> BTreeMap<DeadlineKey<'_>, (u64, &DeadlineState)> {
    let deadlines = case.deadlines.iter();
    deadlines
        .filter(|(_, state)| state.met.is_none())
        .map(|(number, state)| {
            let key = (&state.track, &state.stage, &state.name);
            (key, (*number, state))
        })
        .collect()
}

fn deadlines(reader: &Reader<'_>, was: &Was<'_>, is: Subject<'_>, changes: &mut Vec<Change>) {
    let tongue = reader.tongue();
    let (before, now) = (running(was.case), running(is.case));
    for (key, (_, state)) in &now {
        let (track, stage, name) = *key;
        let title = reader.deadline(is, track, stage, name);
        let to = reader.last_day(&state.due);
        let declared = is.deadline(track, stage, name);
        let not_counted = declared.and_then(|declared| {
            passed_over(
                reader,
                is,
                &declared.within,
                state.from,
                state.due.on_closed,
            )
        });
        let (kind, words, from) = match before.get(key) {
            None => ("deadline_new", tongue.deadline_started(&title, &to), None),
            Some((_, old)) if old.due.limit == state.due.limit => continue,
            Some((_, old)) => {
                let from = reader.last_day(&old.due);
                let day = Some(old.due.limit.last_day);
                ("deadline", format!("{title}: {from} → {to}"), day)
            }
        };
        changes.push(Change {
            from,
            to: Some(state.due.limit.last_day),
            not_counted,
            ..Change::new(kind, name, title, words)
        });
    }
    let then = &was.told.case.deadlines;
    for (key, (number, _)) in before {
        let gone = then.get(&number).filter(|_| !now.contains_key(&key));
        if let Some(state) = gone {
            let title = reader.deadline(was.told, &state.track, &state.stage, &state.name);
            let words = tongue.deadline_gone(&title);
            changes.push(Change {
                from: Some(state.due.limit.last_day),
                ..Change::new("deadline_gone", &state.name, title, words)
            });
        }
    }
}

/// By this an open task is recognised; the last number tells several apart that are open at once.
type TaskKey<'a> = (&'a Name, &'a Origin, usize);

fn open(case: &Case) -> BTreeMap<TaskKey<'_>, (u64, &TaskState)> {
    let mut open: BTreeMap<TaskKey<'_>, (u64, &TaskState)> = BTreeMap::new();
    let tasks = case.tasks.iter().filter(|(_, task)| task.done.is_none());
    for (seq, task) in tasks {
        let same =
            |(name, origin, _): &&TaskKey<'_>| (*name, *origin) == (&task.name, &task.origin);
        let number = open.keys().filter(same).count();
        open.insert((&task.name, &task.origin, number), (*seq, task));
    }
    open
}

fn tasks(reader: &Reader<'_>, was: &Was<'_>, is: Subject<'_>, changes: &mut Vec<Change>) {
    let tongue = reader.tongue();
    let (before, now) = (open(was.case), open(is.case));
    let day = |task: &TaskState| task.due.as_ref().map(|due| due.limit.last_day);
    for (key, (_, task)) in &now {
        let title = reader.task(is, key.0, key.1);
        let opened = tongue.task_opened(&reader.role(is.plan, &task.role), &title);
        let due = task.due.as_ref().map(|due| reader.last_day(due));
        let old = before.get(key).map(|(_, old)| *old);
        let (kind, words) = match old {
            Some(old) if old.due == task.due && old.role == task.role => continue,
            Some(old) => {
                let none = || reader.label(Label::NoDate).to_owned();
                let from = old
                    .due
                    .as_ref()
                    .map_or_else(none, |due| reader.last_day(due));
                let to = due.unwrap_or_else(none);
                ("task", format!("{opened}: {from} → {to}"))
            }
            None => {
                let due = due.map(|due| format!(", {}", tongue.due(&due)));
                ("task_new", format!("{opened}{}", due.unwrap_or_default()))
            }
        };
        changes.push(Change {
            from: old.and_then(day),
            to: day(task),
            ..Change::new(kind, key.0, title, words)
        });
    }
    let then = &was.told.case.tasks;
    for (key, (number, _)) in before {
        let gone = then.get(&number).filter(|_| !now.contains_key(&key));
        if let Some(task) = gone {
            let title = reader.task(was.told, &task.name, &task.origin);
            let words = tongue.task_gone(&title);
            changes.push(Change {
                from: day(task),
                ..Change::new("task_gone", &task.name, title, words)
            });
        }
    }
}

/// By this a finding is recognised, with how strong it is.
type FindingKey<'a> = (&'a Source, &'a Name, Option<&'a String>, Level);

fn key(finding: &Finding) -> FindingKey<'_> {
    let about = finding.about.as_ref();
    (&finding.source, &finding.say, about, finding.level)
}

fn findings(reader: &Reader<'_>, was: &Was<'_>, is: Subject<'_>, changes: &mut Vec<Change>) {
    let keys = |case: &'_ Case| -> BTreeSet<_> {
        let open = case.findings.values();
        open.map(|one| {
            (
                one.source.clone(),
                one.say.clone(),
                one.about.clone(),
                one.level,
            )
        })
        .collect()
    };
    let (before, now) = (keys(was.case), keys(is.case));
    let has = |keys: &BTreeSet<(Source, Name, Option<String>, Level)>, one: &Finding| {
        let mut keys = keys.iter();
        keys.any(|(source, say, about, level)| key(one) == (source, say, about.as_ref(), *level))
    };
    let mut push = |kind, subject: Subject<'_>, finding: &Finding, words: String| {
        let shown = reader.withheld_finding(subject, finding).is_none();
        let roles = reader.roles(subject.plan, &finding.to);
        let title = reader.tongue().told_to(reader.level(finding.level), &roles);
        changes.push(Change {
            about: shown.then(|| finding.say.clone()),
            ..Change::new(kind, &finding.say, title, words)
        });
    };
    for finding in is.case.findings.values().filter(|one| !has(&before, one)) {
        let roles = reader.roles(is.plan, &finding.to);
        let message = glued_message(reader, is, finding);
        let level = reader.level(finding.level);
        let words = reader.tongue().finding(level, &roles, &message);
        push("finding_new", is, finding, words);
    }
    let then = &was.told.case.findings;
    for (number, finding) in &was.case.findings {
        let gone = then.get(number).filter(|_| !has(&now, finding));
        if let Some(finding) = gone {
            let message = glued_message(reader, was.told, finding);
            let words = reader.tongue().finding_closed(&message);
            push("finding_gone", was.told, finding, words);
        }
    }
}

fn knowledge(reader: &Reader<'_>, was: &Was<'_>, is: Subject<'_>, changes: &mut Vec<Change>) {
    let tongue = reader.tongue();
    for (name, known) in &was.case.facts {
        if is.plan.facts.contains_key(name) {
            continue;
        }
        let then = was
            .told
            .case
            .facts
            .iter()
            .find(|(_, then)| then.seq == known.seq);
        let title = then.map_or_else(
            || name.to_string(),
            |(name, _)| reader.fact(was.told.plan, name),
        );
        let words = tongue.fact_gone(&title);
        changes.push(Change::new("fact_gone", name, title, words));
    }
    for (name, declared) in &is.plan.facts {
        let value = |subject: Subject<'_>, case: &Case| {
            let known = case.facts.get(name)?;
            Some(reader.value(subject, Some(declared), &known.value))
        };
        // Of two that have become one, the one that keeps its name is the one that people knew by it.
        let then = match was.told.case.facts.contains_key(name) {
            true => was.told.case,
            false => was.case,
        };
        let (before, now) = (value(was.told, then), value(is, is.case));
        let title = reader.fact(is.plan, name);
        let words = match (&before, &now) {
            (Some(_), None) => tongue.fact_cleared(&title),
            (before, Some(now)) if before.as_ref() != Some(now) => {
                let none = reader.label(Label::Empty);
                tongue.fact_changed(&title, before.as_deref().unwrap_or(none), now)
            }
            _ => continue,
        };
        changes.push(Change::new("fact", name, title, words));
    }
    let none = Vec::new();
    for name in is.plan.links.keys() {
        let before = was.case.links.get(name).unwrap_or(&none);
        let now = is.case.links.get(name).unwrap_or(&none);
        let title = reader.link(is.plan, name);
        for to in now.iter().filter(|to| !before.contains(to)) {
            let words = tongue.linked(&title, &reader.case_with_id(to));
            changes.push(Change::new("linked", name, title.clone(), words));
        }
        for to in before.iter().filter(|to| !now.contains(to)) {
            let words = tongue.unlinked(&title, &reader.case_with_id(to));
            changes.push(Change::new("unlinked", name, title.clone(), words));
        }
    }
}
