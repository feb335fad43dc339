//! What bears another name in the second version: which names those are, and a plan under its new names.

use forloeb_core::{
    condition::{Condition, Test},
    name::Name,
    plan::{Anchor, Deadline, Event, Exit, Plan, RuleUse, Stage, Target, Task},
    value::Kind,
    versions::Renamed,
};
use indexmap::IndexMap;
use std::{collections::BTreeMap, mem::take};

/// The names that the first version has and the second has otherwise, whichever of the two says so.
#[must_use]
pub fn between(from: &Plan, to: &Plan) -> Renamed {
    let (was, is) = (Names::of(from), Names::of(to));
    let pairs = |told: fn(&Renamed) -> &BTreeMap<Name, Name>, of: fn(&Names) -> &Vec<Name>| {
        let forward = told(&to.renamed)
            .iter()
            .map(|(old, new)| (old.clone(), new.clone()));
        // The first version may be the newer one.
        let back = told(&from.renamed)
            .iter()
            .map(|(old, new)| (new.clone(), old.clone()));
        let fits = |(old, new): &(Name, Name)| {
            of(&was).contains(old)
                && of(&is).contains(new)
                && !of(&is).contains(old)
                && !of(&was).contains(new)
        };
        forward.chain(back).filter(fits).collect()
    };
    Renamed {
        tracks: pairs(|one| &one.tracks, |one| &one.tracks),
        stages: pairs(|one| &one.stages, |one| &one.stages),
        tasks: pairs(|one| &one.tasks, |one| &one.tasks),
        deadlines: pairs(|one| &one.deadlines, |one| &one.deadlines),
        recurring: pairs(|one| &one.recurring, |one| &one.recurring),
        facts: pairs(|one| &one.facts, |one| &one.facts),
        events: pairs(|one| &one.events, |one| &one.events),
        links: pairs(|one| &one.links, |one| &one.links),
    }
}

/// Old names by the key under which such elements stand and the new name.
pub fn old_names(names: &Renamed) -> BTreeMap<(&'static str, Name), Name> {
    let sections = [
        ("tracks", &names.tracks),
        ("stages", &names.stages),
        ("tasks", &names.tasks),
        ("deadlines", &names.deadlines),
        ("recurring", &names.recurring),
        ("facts", &names.facts),
        ("events", &names.events),
        ("links", &names.links),
    ];
    let each = sections.into_iter().flat_map(|(key, pairs)| {
        pairs
            .iter()
            .map(move |(old, new)| ((key, new.clone()), old.clone()))
    });
    each.collect()
}

/// The names of a plan.
struct Names {
    tracks: Vec<Name>,
    stages: Vec<Name>,
    tasks: Vec<Name>,
    deadlines: Vec<Name>,
    recurring: Vec<Name>,
    facts: Vec<Name>,
    events: Vec<Name>,
    links: Vec<Name>,
}

impl Names {
    fn of(plan: &Plan) -> Self {
        let stages = || plan.tracks.values().flat_map(|track| &track.stages);
        let tasks = stages().flat_map(|(_, stage)| stage.tasks.keys());
        Self {
            tracks: plan.tracks.keys().cloned().collect(),
            stages: stages().map(|(name, _)| name.clone()).collect(),
            tasks: tasks.chain(plan.tasks.keys()).cloned().collect(),
            deadlines: stages()
                .flat_map(|(_, stage)| stage.deadlines.keys().cloned())
                .collect(),
            recurring: plan.recurring.keys().cloned().collect(),
            facts: plan.facts.keys().cloned().collect(),
            events: plan.events.keys().cloned().collect(),
            links: plan.links.keys().cloned().collect(),
        }
    }
}

/// A plan in which everything bears its new name.
pub fn under(plan: &Plan, names: &Renamed) -> Plan {
    let mut plan = plan.clone();
    if names.is_empty() {
        return plan;
    }
    if let Some(fact) = &mut plan.shown_as {
        one(fact, &names.facts);
    }
    keys(&mut plan.facts, &names.facts);
    keys(&mut plan.links, &names.links);
    keys(&mut plan.events, &names.events);
    keys(&mut plan.tasks, &names.tasks);
    keys(&mut plan.recurring, &names.recurring);
    keys(&mut plan.tracks, &names.tracks);
    plan.events
        .values_mut()
        .for_each(|event| in_event(event, names));
    plan.tasks
        .values_mut()
        .for_each(|task| in_task(task, names));
    for work in plan.recurring.values_mut() {
        many(&mut work.while_in, &names.stages);
        in_task(&mut work.task, names);
    }
    for track in plan.tracks.values_mut() {
        one(&mut track.starts_in, &names.stages);
        keys(&mut track.stages, &names.stages);
        track
            .stages
            .values_mut()
            .for_each(|stage| in_stage(stage, names));
    }
    in_exits(&mut plan.any_stage, names);
    in_rules(&mut plan.rules, names);
    plan
}

fn in_event(event: &mut Event, names: &Renamed) {
    for field in event.with.values_mut() {
        if let Kind::Each { link, .. } = &mut field.fact.kind {
            one(link, &names.links);
        }
    }
    keys(&mut event.sets, &names.facts);
    keys(&mut event.sets, &names.links);
    many(&mut event.clears, &names.facts);
    many(&mut event.clears, &names.links);
    // A field of the event may bear the name of a link; that one stays.
    let fields: Vec<Name> = event.with.keys().cloned().collect();
    let links = names
        .links
        .iter()
        .filter(|(old, _)| !fields.contains(*old))
        .map(|(old, new)| (old.clone(), new.clone()));
    keys(&mut event.tell, &links.collect());
}

fn in_stage(stage: &mut Stage, names: &Renamed) {
    keys(&mut stage.tasks, &names.tasks);
    keys(&mut stage.deadlines, &names.deadlines);
    stage
        .tasks
        .values_mut()
        .for_each(|task| in_task(task, names));
    stage
        .deadlines
        .values_mut()
        .for_each(|deadline| in_deadline(deadline, names));
    in_rules(&mut stage.rules, names);
    in_exits(&mut stage.leave, names);
}

fn in_task(task: &mut Task, names: &Renamed) {
    many(&mut task.after, &names.tasks);
    many(&mut task.fills, &names.facts);
    if let Some(condition) = &mut task.done_when {
        in_condition(condition, names);
    }
}

fn in_deadline(deadline: &mut Deadline, names: &Renamed) {
    match &mut deadline.from {
        Anchor::Entered => {}
        Anchor::Event(event) => one(event, &names.events),
        Anchor::Fact(fact) => one(fact, &names.facts),
    }
    in_condition(&mut deadline.until, names);
    for rung in &mut deadline.ladder {
        if let Some(task) = &mut rung.raise {
            one(task, &names.tasks);
        }
    }
}

fn in_rules(rules: &mut [RuleUse], names: &Renamed) {
    for rule in rules {
        many(&mut rule.reads, &names.facts);
    }
}

fn in_exits(exits: &mut [Exit], names: &Renamed) {
    for exit in exits {
        if let Target::Stage(stage) = &mut exit.target {
            one(stage, &names.stages);
        }
        in_condition(&mut exit.when, names);
    }
}

fn in_condition(condition: &mut Condition, names: &Renamed) {
    match &mut condition.test {
        Test::TaskDone(task) => one(task, &names.tasks),
        Test::Event(event) => one(&mut event.event, &names.events),
        Test::Fact { fact, .. } => one(fact, &names.facts),
        Test::Link { link, .. } => one(link, &names.links),
        Test::All(parts) | Test::Any(parts) => {
            parts.iter_mut().for_each(|part| in_condition(part, names));
        }
        Test::Not(part) => in_condition(part, names),
        Test::TasksDone | Test::InStageFor(_) | Test::Rule(_) => {}
    }
}

fn one(name: &mut Name, names: &BTreeMap<Name, Name>) {
    if let Some(new) = names.get(name) {
        *name = new.clone();
    }
}

fn many(list: &mut [Name], names: &BTreeMap<Name, Name>) {
    list.iter_mut().for_each(|name| one(name, names));
}

fn keys<V>(map: &mut IndexMap<Name, V>, names: &BTreeMap<Name, Name>) {
    if map.keys().any(|name| names.contains_key(name)) {
        let renamed = take(map).into_iter().map(|(mut name, value)| {
            one(&mut name, names);
            (name, value)
        });
        *map = renamed.collect();
    }
}
