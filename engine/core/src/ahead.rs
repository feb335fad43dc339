//! What is still promised to a case by a plan: the steps of its ladders, what its deadlines and tasks wait for, the work that comes back, the
//! ways out of its stages. Two plans that give the same ahead of a case keep the same promises to it, whatever else they say.

use crate::{
    case::{Case, Origin, TaskState},
    name::Name,
    plan::{Level, Plan, Task},
    step::{next_occurrence, rung_of, rungs_ahead},
    versions::Renamed,
};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// A step of a ladder that has not been reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepAhead {
    /// When it is reached if nothing is done.
    pub at: Timestamp,
    /// How strong it is.
    pub level: Level,
    /// Who is told.
    pub to: Name,
    /// The text.
    pub say: Name,
    /// The task that it raises.
    pub raise: Option<Name>,
}

/// Recurring work as it comes.
#[derive(Clone, Debug, PartialEq)]
pub struct Coming {
    /// When next; none while the case is on hold, or when it does not come again.
    pub next: Option<Timestamp>,
    /// What its task asks for.
    task: Json,
}

/// What lies ahead of a case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ahead {
    /// The steps ahead of each running deadline, by its number.
    pub steps: BTreeMap<u64, Vec<StepAhead>>,
    /// The whole ladder of each running deadline, by its number.
    pub ladders: BTreeMap<u64, Json>,
    /// What each running deadline and each open task waits for and asks, by its number.
    pub waits: BTreeMap<u64, Json>,
    /// The work that comes back, by name.
    pub recurring: BTreeMap<Name, Coming>,
    /// The ways out, by track; those out of every stage under an empty name.
    pub exits: BTreeMap<Name, Json>,
}

/// What lies ahead of a case by the plan that it goes by, with its names as `renamed` calls them.
#[must_use]
pub fn ahead(plan: &Plan, case: &Case, renamed: &Renamed) -> Ahead {
    let meant = Meant { plan, renamed };
    let mut ahead = Ahead::default();
    for (number, state) in case
        .deadlines
        .iter()
        .filter(|(_, state)| state.met.is_none())
    {
        let steps = rungs_ahead(plan, state).into_iter();
        let steps = steps.filter_map(|(at, place)| {
            let rung = rung_of(plan, state, place)?;
            Some(StepAhead {
                at,
                level: rung.level,
                to: rung.to.clone(),
                say: rung.say.clone(),
                raise: rung.raise.as_ref().map(|task| meant.task_name(task)),
            })
        });
        ahead.steps.insert(*number, steps.collect());
        if let Some(declared) = plan.deadline_of(state) {
            let rungs = declared.ladder.iter();
            let ladder: Vec<_> = rungs
                .map(|rung| (rung.level, &rung.to, &rung.offset, &rung.say, &rung.raise))
                .collect();
            ahead.ladders.insert(*number, meant.of(&ladder));
            let asks = (&declared.until, declared.restart, declared.on_hold);
            ahead.waits.insert(*number, meant.of(&asks));
        }
    }
    for (number, state) in case.tasks.iter().filter(|(_, state)| state.done.is_none()) {
        if let Some(task) = plan.task_of(state) {
            ahead.waits.insert(*number, meant.task(task, Some(state)));
        }
    }
    for name in case.recurring.keys() {
        if let Some(work) = plan.recurring.get(name) {
            let coming = Coming {
                next: next_occurrence(plan, case, name, work),
                task: meant.task(&work.task, None),
            };
            let name = renamed.recurring.get(name).unwrap_or(name);
            ahead.recurring.insert(name.clone(), coming);
        }
    }
    for (track, place) in &case.tracks {
        let Some(stage) = plan.stage(track, &place.stage) else {
            continue;
        };
        // Tasks that open later are on the way out, too.
        let here = Origin::Stage {
            track: track.clone(),
            stage: place.stage.clone(),
        };
        let has = |name: &Name| {
            let mut states = case.tasks.values();
            states.any(|state| state.name == *name && state.origin == here)
        };
        let tasks = stage.tasks.iter().filter(|(name, _)| !has(name));
        let tasks = tasks.map(|(name, task)| (meant.task_name(name), meant.task(task, None)));
        let tasks: BTreeMap<Name, Json> = tasks.collect();
        let ways: Vec<_> = stage
            .leave
            .iter()
            .map(|exit| (&exit.target, &exit.when))
            .collect();
        let out = (meant.of(&ways), tasks);
        ahead
            .exits
            .insert(renamed.track(track).clone(), meant.of(&out));
    }
    let everywhere: Vec<_> = plan
        .any_stage
        .iter()
        .map(|exit| (&exit.target, &exit.when))
        .collect();
    ahead.exits.insert(Name::from(""), meant.of(&everywhere));
    ahead
}

/// What parts of a plan mean: without the places where they stand, with the values of settings, and in new names.
struct Meant<'p> {
    plan: &'p Plan,
    renamed: &'p Renamed,
}

impl Meant<'_> {
    fn task(&self, task: &Task, state: Option<&TaskState>) -> Json {
        // What an open one asks by when is in its state.
        let due = state.is_none().then_some(&task.due);
        self.of(&(
            (&task.role, due, &task.after),
            (task.optional, &task.done_when, &task.fills, task.on_hold),
        ))
    }

    fn task_name(&self, name: &Name) -> Name {
        self.renamed.tasks.get(name).unwrap_or(name).clone()
    }

    /// A shape of ours always has a meaning.
    fn of(&self, part: &impl Serialize) -> Json {
        let mut meaning = serde_json::to_value(part).unwrap_or_default();
        self.only_meaning(&mut meaning);
        meaning
    }

    fn only_meaning(&self, value: &mut Json) {
        match value {
            Json::Array(items) => items.iter_mut().for_each(|item| self.only_meaning(item)),
            Json::Object(fields) => {
                fields.remove("ground");
                if let Some(Json::String(setting)) = fields.get("Setting") {
                    let setting = self.plan.settings.get(setting.as_str());
                    let values: Vec<_> = setting
                        .iter()
                        .flat_map(|setting| &setting.values)
                        .map(|period| (&period.value, period.valid_from, period.valid_to))
                        .collect();
                    *value = match values.as_slice() {
                        // As if it were written out.
                        [(only, None, None)] => self.of(only),
                        several => self.of(&several),
                    };
                    return;
                }
                fields
                    .values_mut()
                    .for_each(|field| self.only_meaning(field));
            }
            Json::String(text) => {
                if let Some(new) = self.renamed.anything(text) {
                    *text = new.to_string();
                }
            }
            _ => {}
        }
    }
}
