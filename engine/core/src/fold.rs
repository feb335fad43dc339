//! The fold: the only place where the state of a case changes. `fold(history) == case` holds because of it.
//!
//! It decides nothing and never looks at a plan; what an entry says has been decided by the step that wrote it.

use crate::{
    carried::Carried,
    case::{
        Case, CaseId, DeadlineState, Ended, Finding, Hold, Known, Occurrence, Origin, Place,
        RecurringState, TaskState,
    },
    entry::{Entry, What},
    in_effect::in_effect,
    name::Name,
};
use jiff::SignedDuration;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// The case that a history gives; none when the history is empty or does not begin with a start.
#[must_use]
pub fn fold<'a>(id: &CaseId, history: impl IntoIterator<Item = &'a Entry>) -> Option<Case> {
    // What a correction took back is as if it had never been.
    let mut history = in_effect(history).into_iter();
    let mut case = born(id, history.next()?)?;
    for entry in history {
        apply(&mut case, entry);
    }
    Some(case)
}

/// The case as its first entry makes it; none when that is not a start.
#[must_use]
pub fn born(id: &CaseId, entry: &Entry) -> Option<Case> {
    let What::Started { process, plan } = &entry.what else {
        return None;
    };
    Some(Case {
        id: id.clone(),
        process: process.clone(),
        plan: plan.clone(),
        seq: entry.seq,
        now: entry.at,
        started: entry.at,
        ended: None,
        facts: BTreeMap::new(),
        links: BTreeMap::new(),
        events: BTreeMap::new(),
        tracks: BTreeMap::new(),
        visits: BTreeMap::new(),
        tasks: BTreeMap::new(),
        deadlines: BTreeMap::new(),
        recurring: BTreeMap::new(),
        findings: BTreeMap::new(),
        raised: BTreeSet::new(),
        hold: None,
        circled: Vec::new(),
    })
}

/// Applies one entry to the case.
pub fn apply(case: &mut Case, entry: &Entry) {
    case.seq = entry.seq;
    // A correction looks back: what follows it happened at its own time.
    if !matches!(entry.what, What::Corrected { .. }) {
        case.now = entry.at;
    }
    match &entry.what {
        What::Started { .. }
        | What::RuleFailed { .. }
        | What::NotTold { .. }
        | What::Corrected { .. }
        | What::LeftOut { .. } => {}
        What::Migrated { plan, renamed, .. } => {
            case.plan = plan.clone();
            renamed.apply(case);
            // Whatever came until now was gone through by the plan before.
            for recurring in case.recurring.values_mut() {
                recurring.through = recurring.through.max(entry.at);
            }
        }
        What::Circled { stages } => case.circled.clone_from(stages),
        What::Reported { .. } | What::FactSet { .. } | What::FactCleared { .. } => {
            apply_to_knowledge(case, entry)
        }
        What::Linked { link, to } => {
            let cases = case.links.entry(link.clone()).or_default();
            if !cases.contains(to) {
                cases.push(to.clone());
            }
        }
        What::Unlinked { link, to } => {
            if let Some(cases) = case.links.get_mut(link) {
                cases.retain(|linked| linked != to);
                if cases.is_empty() {
                    case.links.remove(link);
                }
            }
        }
        What::StageEntered {
            track,
            stage,
            visit,
        } => enter(case, entry, track, stage, *visit),
        What::TaskOpened { .. }
        | What::TaskDone { .. }
        | What::TaskEnded { .. }
        | What::TaskOverdue { .. }
        | What::TaskMoved { .. }
        | What::TaskCarried { .. } => apply_to_tasks(case, entry),
        What::DeadlineStarted { .. }
        | What::DeadlineMet { .. }
        | What::DeadlineEnded { .. }
        | What::DeadlineOverdue { .. }
        | What::DeadlineMoved { .. }
        | What::DeadlineCarried { .. }
        | What::RungReached { .. } => apply_to_deadlines(case, entry),
        What::FindingOpened { .. }
        | What::FindingChanged { .. }
        | What::FindingClosed { .. }
        | What::FindingAcknowledged { .. }
        | What::FindingSnoozed { .. }
        | What::RaiseBegan(_)
        | What::RaiseEnded(_) => apply_to_findings(case, entry),
        What::RecurringBegan { .. }
        | What::RecurringStopped { .. }
        | What::Recurred { .. }
        | What::RecurringMissed { .. } => apply_to_recurring(case, entry),
        What::Held { until, .. } => {
            case.hold = Some(Hold {
                since: entry.at,
                until: *until,
                seq: entry.seq,
            })
        }
        What::Resumed => {
            case.hold = None;
            // A hold lasts until just before its end: what comes at that instant comes. One that somebody ends has no such instant.
            let ended_by_itself = entry.cause.is_some();
            let just_before = entry
                .at
                .checked_sub(SignedDuration::from_micros(1))
                .unwrap_or(entry.at);
            let through = if ended_by_itself {
                just_before
            } else {
                entry.at
            };
            for recurring in case.recurring.values_mut() {
                recurring.through = recurring.through.max(through);
            }
        }
        What::Ended { outcome } => {
            case.ended = Some(Ended {
                outcome: outcome.clone(),
                at: entry.at,
            })
        }
    }
}

fn apply_to_knowledge(case: &mut Case, entry: &Entry) {
    match &entry.what {
        What::Reported {
            event,
            happened,
            with,
            from,
        } => case
            .events
            .entry(event.clone())
            .or_default()
            .push(Arc::new(Occurrence {
                seq: entry.seq,
                at: *happened,
                by: entry.by.as_ref().map(|actor| actor.role.clone()),
                from: from.as_ref().map(|(case, _)| case.clone()),
                with: Carried::from(with.clone()),
            })),
        What::FactSet { fact, value } => {
            let known = Known {
                value: value.clone(),
                seq: entry.seq,
                at: entry.at,
            };
            case.facts.insert(fact.clone(), known);
        }
        What::FactCleared { fact } => {
            case.facts.remove(fact);
        }
        _ => {}
    }
}

fn enter(case: &mut Case, entry: &Entry, track: &Name, stage: &Name, visit: u32) {
    // What leads from a stage into itself has ended the visit before, and is not the first that happens in the new one.
    let anew = case
        .tracks
        .get(track)
        .is_some_and(|place| place.stage == *stage);
    let place = Place {
        stage: stage.clone(),
        since: entry.at,
        seq: entry.seq,
        cause: entry.cause.filter(|_| !anew),
    };
    case.tracks.insert(track.clone(), place);
    case.visits
        .entry(track.clone())
        .or_default()
        .insert(stage.clone(), visit);
    case.tasks
        .retain(|_, task| !matches!(&task.origin, Origin::Stage { track: of, .. } if of == track));
    case.deadlines
        .retain(|_, deadline| deadline.track != *track);
    case.circled.clear();
}

fn apply_to_tasks(case: &mut Case, entry: &Entry) {
    match &entry.what {
        What::TaskOpened {
            task,
            origin,
            role,
            due,
        } => {
            let state = TaskState {
                name: task.clone(),
                origin: origin.clone(),
                role: role.clone(),
                opened: entry.at,
                due: due.clone(),
                overdue: false,
                done: None,
            };
            case.tasks.insert(entry.seq, state);
        }
        What::TaskDone { task } => {
            // A stage asks whether its tasks are done; nobody asks that of the others.
            if case
                .tasks
                .get(task)
                .is_some_and(|state| matches!(state.origin, Origin::Stage { .. }))
            {
                case.tasks
                    .entry(*task)
                    .and_modify(|state| state.done = Some(entry.at));
            } else {
                case.tasks.remove(task);
            }
        }
        What::TaskEnded { task, .. } => {
            case.tasks.remove(task);
        }
        What::TaskOverdue { task } => {
            case.tasks
                .entry(*task)
                .and_modify(|state| state.overdue = true);
        }
        What::TaskMoved { task, due } => {
            case.tasks
                .entry(*task)
                .and_modify(|state| state.due = Some(due.clone()));
        }
        What::TaskCarried {
            task,
            role,
            due,
            overdue,
        } => {
            case.tasks.entry(*task).and_modify(|state| {
                state.role = role.clone();
                state.due.clone_from(due);
                state.overdue = *overdue;
            });
        }
        _ => {}
    }
}

fn apply_to_deadlines(case: &mut Case, entry: &Entry) {
    match &entry.what {
        What::DeadlineStarted {
            track,
            stage,
            deadline,
            from,
            anchor,
            due,
        } => {
            let state = DeadlineState {
                track: track.clone(),
                stage: stage.clone(),
                name: deadline.clone(),
                from: *from,
                anchor: *anchor,
                due: due.clone(),
                reached: Vec::new(),
                overdue: false,
                met: None,
            };
            case.deadlines.insert(entry.seq, state);
        }
        What::DeadlineMet { deadline } => {
            case.deadlines
                .entry(*deadline)
                .and_modify(|state| state.met = Some(entry.at));
        }
        What::DeadlineEnded { deadline, .. } => {
            case.deadlines.remove(deadline);
        }
        What::DeadlineOverdue { deadline } => {
            case.deadlines
                .entry(*deadline)
                .and_modify(|state| state.overdue = true);
        }
        What::DeadlineMoved { deadline, due } => {
            case.deadlines
                .entry(*deadline)
                .and_modify(|state| state.due = due.clone());
        }
        What::DeadlineCarried {
            deadline,
            due,
            overdue,
            reached,
        } => {
            case.deadlines.entry(*deadline).and_modify(|state| {
                state.due = due.clone();
                state.overdue = *overdue;
                state.reached.clone_from(reached);
            });
        }
        What::RungReached { deadline, rung } => {
            case.deadlines
                .entry(*deadline)
                .and_modify(|state| state.reached.push(*rung));
        }
        _ => {}
    }
}

fn apply_to_findings(case: &mut Case, entry: &Entry) {
    match &entry.what {
        What::FindingOpened {
            source,
            say,
            about,
            level,
            to,
            values,
            by_migration,
        } => {
            let finding = Finding {
                source: source.clone(),
                say: say.clone(),
                about: about.clone(),
                level: *level,
                to: to.clone(),
                values: values.clone(),
                since: entry.at,
                acknowledged: None,
                snoozed_until: None,
                by_migration: *by_migration,
            };
            case.findings.insert(entry.seq, finding);
        }
        What::FindingChanged {
            finding,
            level,
            to,
            values,
            by_migration,
        } => {
            case.findings.entry(*finding).and_modify(|state| {
                // Who took on a nudge has not taken on what it has become.
                if *level > state.level {
                    state.acknowledged = None;
                    state.snoozed_until = None;
                }
                state.level = *level;
                state.to.clone_from(to);
                state.values.clone_from(values);
                state.by_migration = *by_migration;
            });
        }
        What::FindingClosed { finding } => {
            case.findings.remove(finding);
        }
        What::FindingAcknowledged { finding, .. } => {
            case.findings
                .entry(*finding)
                .and_modify(|state| state.acknowledged = Some(entry.at));
        }
        What::FindingSnoozed { finding, until, .. } => {
            case.findings
                .entry(*finding)
                .and_modify(|state| state.snoozed_until = Some(*until));
        }
        What::RaiseBegan(raised) => {
            case.raised.insert(raised.clone());
        }
        What::RaiseEnded(raised) => {
            case.raised.remove(raised);
        }
        _ => {}
    }
}

fn apply_to_recurring(case: &mut Case, entry: &Entry) {
    match &entry.what {
        What::RecurringBegan { recurring } => {
            let state = RecurringState {
                since: entry.at,
                seq: entry.seq,
                through: entry.at,
            };
            case.recurring.insert(recurring.clone(), state);
        }
        What::RecurringStopped { recurring } => {
            case.recurring.remove(recurring);
        }
        What::Recurred {
            recurring,
            occurrence,
        }
        | What::RecurringMissed {
            recurring,
            occurrence,
        } => {
            case.recurring
                .entry(recurring.clone())
                .and_modify(|state| state.through = *occurrence);
        }
        _ => {}
    }
}
