//! Tracing a condition: the same answers as asking it, with what each part found. For people who want to know why not.

use crate::{
    condition::{Condition, EventTest, Test},
    holds::{Asker, Since},
    name::Name,
    plan::Amount,
    time::{Duration, EndOnClosed, limit},
    trace::{Seen, Trace},
};

/// Asks a condition and each of its parts, and tells what was found.
#[must_use]
pub fn trace(asker: &Asker<'_>, condition: &Condition, since: Since<'_>) -> Trace {
    let parts: &[Condition] = match &condition.test {
        Test::All(parts) | Test::Any(parts) => parts,
        Test::Not(part) => std::slice::from_ref(part),
        _ => &[],
    };
    Trace {
        test: condition.test.clone(),
        ground: condition.ground.clone(),
        holds: asker.holds(condition, since).holds,
        seen: seen(asker, condition, since),
        children: parts.iter().map(|part| trace(asker, part, since)).collect(),
    }
}

fn seen(asker: &Asker<'_>, condition: &Condition, since: Since<'_>) -> Seen {
    let (plan, case) = (&asker.view.plan, &asker.view.case);
    let today = plan.calendar.zone().date(asker.view.now);
    match &condition.test {
        Test::All(_) | Test::Any(_) | Test::Not(_) => Seen::Parts,
        Test::TasksDone => {
            let place = case.tracks.get(since.track);
            let stage = place.and_then(|place| plan.stage(since.track, &place.stage));
            let needed = stage
                .into_iter()
                .flat_map(|stage| &stage.tasks)
                .filter(|(_, task)| !task.optional);
            Seen::Tasks {
                missing: needed
                    .map(|(name, _)| name)
                    .filter(|name| !done(asker, name, since))
                    .cloned()
                    .collect(),
            }
        }
        Test::TaskDone(name) => Seen::Tasks {
            missing: if done(asker, name, since) {
                Vec::new()
            } else {
                vec![name.clone()]
            },
        },
        Test::Event(test) => event(asker, test, since),
        Test::Fact { fact, .. } => Seen::Fact {
            value: case.facts.get(fact).map(|known| known.value.clone()),
        },
        Test::Link {
            link,
            at_least,
            at_most,
        } => Seen::Link {
            cases: case.links.get(link).cloned().unwrap_or_default(),
            at_least: at_least.on(plan, today).unwrap_or_default(),
            at_most: at_most.as_ref().and_then(|most| most.on(plan, today)),
        },
        Test::InStageFor(amount) => stage(asker, amount, since),
        Test::Rule(rule) => {
            // Asked anew, so that only what this rule says is gathered.
            let alone = Asker::new(asker.view, asker.judge);
            alone.holds(condition, since);
            let of = |(name, text): (Name, String)| (name == *rule).then_some(text);
            Seen::Rule {
                reason: alone.reasons.take().into_iter().find_map(of),
                fault: alone
                    .faults
                    .take()
                    .into_iter()
                    .find_map(|(name, fault)| of((name, fault.message))),
                horizon: alone.until(),
            }
        }
    }
}

fn done(asker: &Asker<'_>, name: &Name, since: Since<'_>) -> bool {
    let in_stage = |task: &&crate::case::TaskState| {
        task.name == *name
            && matches!(&task.origin, crate::case::Origin::Stage { track, .. } if *track == since.track)
    };
    asker
        .view
        .case
        .tasks
        .values()
        .filter(in_stage)
        .any(|task| task.done.is_some())
}

fn event(asker: &Asker<'_>, test: &EventTest, since: Since<'_>) -> Seen {
    let (plan, case) = (&asker.view.plan, &asker.view.case);
    let fitting = asker.fitting(test, since);
    Seen::Event {
        count: u32::try_from(fitting.len()).unwrap_or(u32::MAX),
        needed: test
            .times
            .on(plan, plan.calendar.zone().date(asker.view.now))
            .unwrap_or(1)
            .max(1),
        since: case
            .tracks
            .get(since.track)
            .filter(|_| !test.ever)
            .map(|place| place.since),
        last: fitting.last().map(|occurrence| occurrence.at),
    }
}

fn stage(asker: &Asker<'_>, amount: &Amount<Duration>, since: Since<'_>) -> Seen {
    let (plan, case) = (&asker.view.plan, &asker.view.case);
    let Some(place) = case.tracks.get(since.track) else {
        return Seen::Parts;
    };
    let length = amount.on(plan, plan.calendar.zone().date(place.since));
    let end = length
        .and_then(|length| limit(&plan.calendar, place.since, length, EndOnClosed::Keep).ok());
    match end {
        Some(end) => Seen::Stage {
            since: place.since,
            holds_from: end.runs_out,
        },
        None => Seen::Parts,
    }
}
