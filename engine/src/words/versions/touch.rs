//! Which open cases a difference touches: those for which what differs is still ahead, or holds now. Nothing here is guessed from words.

use super::{Version, lines::Written};
use forloeb_core::{
    case::{Case, Origin},
    name::Name,
    plan::Plan,
};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// Which open cases of the process.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Touch {
    /// Each of them.
    #[default]
    All,
    /// Those in this stage.
    Stage(Place),
    /// Those in this stage where the task is not done yet.
    Task(Place, Name),
    /// Those in this stage where the deadline is not met yet.
    Deadline(Place, Name),
    /// Those where this task was raised and is open.
    Raised(Name),
    /// Those to which this work comes at present.
    Recurring(Name),
    /// Those with an open finding that says this text.
    Says(Name),
    /// Those of any of these.
    Any(Vec<Touch>),
}

/// A track and a stage of it.
pub type Place = (Name, Name);

impl Touch {
    /// Whether an open case, by the names of the second version, is one of them.
    #[must_use]
    pub fn is_of(&self, case: &Case) -> bool {
        let there = |(track, stage): &Place| {
            case.tracks
                .get(track)
                .is_some_and(|place| place.stage == *stage)
        };
        match self {
            Self::All => true,
            Self::Stage(place) => there(place),
            Self::Task(place, name) => {
                let of_stage = |origin: &Origin| matches!(origin, Origin::Stage { track, stage } if (track, stage) == (&place.0, &place.1));
                let done = case.tasks.values().any(|task| {
                    task.name == *name && task.done.is_some() && of_stage(&task.origin)
                });
                there(place) && !done
            }
            Self::Deadline(place, name) => {
                let met = case.deadlines.values().any(|state| {
                    (&state.track, &state.stage, &state.name) == (&place.0, &place.1, name)
                        && state.met.is_some()
                });
                there(place) && !met
            }
            Self::Raised(name) => case.tasks.values().any(|task| {
                let raised = matches!(task.origin, Origin::Raised(_));
                raised && task.name == *name && task.done.is_none()
            }),
            Self::Recurring(name) => {
                let open = case.tasks.values().any(|task| {
                    let recurred = matches!(&task.origin, Origin::Recurring(of) if of == name);
                    recurred && task.done.is_none()
                });
                open || case.recurring.contains_key(name)
            }
            Self::Says(text) => case.findings.values().any(|finding| finding.say == *text),
            Self::Any(all) => all.iter().any(|one| one.is_of(case)),
        }
    }

    /// Those of either.
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (one, other) if one == other => one,
            (Self::All, _) | (_, Self::All) => Self::All,
            (one, other) => Self::Any(vec![one, other]),
        }
    }
}

/// Where a setting counts: the tasks, deadlines, exits and rules that go by it.
pub fn of_setting(version: Version<'_>, setting: &Name) -> Touch {
    let by_rule: Vec<&Name> = version
        .rules
        .iter()
        .filter(|(_, rule)| reads_setting(rule, setting))
        .map(|(name, _)| name)
        .collect();
    sites(version.plan, &|value| {
        mentions(value, "Setting", setting) || by_rule.iter().any(|rule| asks(value, rule))
    })
}

/// Where a rule is asked.
pub fn of_rule(plan: &Plan, rule: &Name) -> Touch {
    sites(plan, &|value| asks(value, rule))
}

fn asks(value: &Value, rule: &Name) -> bool {
    mentions(value, "rule", rule) || mentions(value, "Rule", rule)
}

/// A rule reads a setting by its name after a point.
fn reads_setting(rule: &Written, setting: &Name) -> bool {
    let wanted = format!("settings.{setting}");
    let word = |c: char| c.is_alphanumeric() || c == '_';
    rule.meaning.match_indices(&wanted).any(|(at, _)| {
        let after = rule.meaning.get(at + wanted.len()..);
        !after.unwrap_or_default().starts_with(word)
    })
}

/// The places of a plan whose data is as wanted.
fn sites(plan: &Plan, wanted: &dyn Fn(&Value) -> bool) -> Touch {
    fn data(of: &impl Serialize) -> Value {
        serde_json::to_value(of).unwrap_or_default()
    }
    let mut found = Vec::new();
    if wanted(&data(&plan.rules)) || wanted(&data(&plan.any_stage)) {
        return Touch::All;
    }
    for (track, declared) in &plan.tracks {
        for (name, stage) in &declared.stages {
            let place = (track.clone(), name.clone());
            if wanted(&data(&stage.leave)) || wanted(&data(&stage.rules)) {
                found.push(Touch::Stage(place));
                continue;
            }
            let tasks = stage.tasks.iter().filter(|(_, task)| wanted(&data(task)));
            found.extend(tasks.map(|(name, _)| Touch::Task(place.clone(), name.clone())));
            let deadlines = stage.deadlines.iter().filter(|(_, one)| wanted(&data(one)));
            found.extend(deadlines.map(|(name, _)| Touch::Deadline(place.clone(), name.clone())));
        }
    }
    let raised = plan.tasks.iter().filter(|(_, task)| wanted(&data(task)));
    found.extend(raised.map(|(name, _)| Touch::Raised(name.clone())));
    let recurring = plan.recurring.iter().filter(|(_, one)| wanted(&data(one)));
    found.extend(recurring.map(|(name, _)| Touch::Recurring(name.clone())));
    Touch::Any(found)
}

/// Whether a text stands under a key, anywhere in the data. What people name stands under such keys only with data of its own below.
fn mentions(value: &Value, key: &str, text: &str) -> bool {
    match value {
        Value::Object(map) => {
            map.get(key).and_then(Value::as_str) == Some(text)
                || map.values().any(|inner| mentions(inner, key, text))
        }
        Value::Array(items) => items.iter().any(|inner| mentions(inner, key, text)),
        _ => false,
    }
}

/// The rules whose names both know and that are written otherwise.
pub fn written_otherwise<'a>(
    from: &'a BTreeMap<Name, Written>,
    to: &'a BTreeMap<Name, Written>,
) -> impl Iterator<Item = (&'a Name, &'a Written, &'a Written)> {
    to.iter().filter_map(|(name, now)| {
        let before = from.get(name)?;
        (before.meaning != now.meaning).then_some((name, before, now))
    })
}
