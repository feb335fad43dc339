//! What is promised to a case otherwise than before, though it does not show in its state yet: steps of ladders, what is waited for, work that
//! comes back, ways out.

use super::{
    difference::{Change, Was},
    reader::{Reader, Subject},
    tongue::Label,
};
use forloeb_core::{
    ahead::{Coming, StepAhead, ahead},
    case::Case,
    versions::Renamed,
};

/// What is still promised and is promised otherwise, though nothing of it shows in the state of the case yet.
pub(super) fn promised(
    reader: &Reader<'_>,
    was: &Was<'_>,
    is: Subject<'_>,
    renamed: &Renamed,
    changes: &mut Vec<Change>,
) {
    let tongue = reader.tongue();
    let before = ahead(was.told.plan, was.told.case, renamed);
    let now = ahead(is.plan, is.case, &Renamed::default());
    for (number, steps) in &now.steps {
        let (Some(old), Some(state)) = (before.steps.get(number), is.case.deadlines.get(number))
        else {
            continue;
        };
        let due = was.case.deadlines.get(number).map(|old| &old.due);
        // Where the limit has moved, the steps of the same ladder have moved with it.
        let same_ladder = before.ladders.get(number) == now.ladders.get(number);
        if same_ladder && (due != Some(&state.due) || old == steps) {
            continue;
        }
        let title = reader.deadline(is, &state.track, &state.stage, &state.name);
        let told: Vec<String> = steps
            .iter()
            .map(|step| step_words(reader, is, step))
            .collect();
        let words = match told.as_slice() {
            [] => tongue.no_steps_ahead(&title),
            told => tongue.steps_ahead(&title, &told.join("; ")),
        };
        changes.push(Change::new("ahead_steps", &state.name, title, words));
    }
    for (number, asks) in &now.waits {
        if before.waits.get(number).is_none_or(|old| old == asks) {
            continue;
        }
        let deadline = is.case.deadlines.get(number);
        let deadline = deadline.map(|state| {
            let title = reader.deadline(is, &state.track, &state.stage, &state.name);
            (&state.name, title)
        });
        let task = is.case.tasks.get(number);
        let task = task.map(|task| (&task.name, reader.task(is, &task.name, &task.origin)));
        if let Some((name, title)) = deadline.or(task) {
            let words = tongue.waits_for_otherwise(&title);
            changes.push(Change::new("ahead_waits", name, title, words));
        }
    }
    for (name, coming) in &now.recurring {
        let Some(old) = before.recurring.get(name).filter(|old| *old != coming) else {
            continue;
        };
        let title = reader.recurring(is, name);
        let never = || reader.label(Label::NoDate).to_owned();
        let next = |coming: &Coming| coming.next.map_or_else(never, |at| reader.moment(at));
        let words = match old.next == coming.next {
            true => tongue.work_otherwise(&title),
            false => tongue.comes_next(&title, &next(old), &next(coming)),
        };
        changes.push(Change::new("ahead_recurring", name, title, words));
    }
    for (track, ways) in &now.exits {
        let stage = |case: &Case| case.tracks.get(track).map(|place| place.stage.clone());
        let elsewhere = stage(was.case) != stage(is.case);
        if elsewhere || before.exits.get(track).is_none_or(|old| old == ways) {
            continue;
        }
        let change = match is.case.tracks.get(track) {
            None => {
                let words = tongue.ends_otherwise().to_owned();
                Change::new("ahead_exits", &is.plan.process, words.clone(), words)
            }
            Some(place) => {
                let title = reader.stage(is.plan, track, &place.stage);
                let words = tongue.ways_out_otherwise(&title);
                Change::new("ahead_exits", &place.stage, title, words)
            }
        };
        changes.push(change);
    }
}

/// `Fri 13 Nov Escalation to Teacher with the task “…”`.
fn step_words(reader: &Reader<'_>, subject: Subject<'_>, step: &StepAhead) -> String {
    let tongue = reader.tongue();
    let role = reader.role(subject.plan, &step.to);
    let told = tongue.told_to(reader.level(step.level), &role);
    let at = reader.date_or_moment(step.at);
    let task = step.raise.as_ref();
    let task = task.map(|task| tongue.raises(&reader.raised_task(subject, task)));
    task.map_or_else(
        || format!("{at} {told}"),
        |task| format!("{at} {told} {task}"),
    )
}
