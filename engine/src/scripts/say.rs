//! What a rule may answer: `nudge`, `escalate` and `raise`, and its yes or no. It gathers them; nothing is done yet.

use super::{
    ask, limits, position,
    seen::{self, Failure},
    session::Session,
};
use forloeb_core::{
    judge::{Answer, Found},
    name::Name,
    plan::Level,
    time::Calendar,
    value::Value,
};
use rhai::{Array, Dynamic, Engine, ImmutableString, Map, NativeCallContext};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Registers the answers. `sources` are the paths of the files, for the ground of each answer.
pub(super) fn register(engine: &mut Engine, session: &Arc<Session>, sources: &Arc<BTreeSet<Name>>) {
    for (name, level) in [("nudge", Level::Nudge), ("escalate", Level::Escalation)] {
        let (to, files) = (Arc::clone(session), Arc::clone(sources));
        engine.register_fn(
            name,
            move |context: NativeCallContext, role: ImmutableString, text: ImmutableString| {
                say(&to, &files, &context, level, (&role, &text), &Map::new())
            },
        );
        let (to, files) = (Arc::clone(session), Arc::clone(sources));
        engine.register_fn(
            name,
            move |context: NativeCallContext,
                  role: ImmutableString,
                  text: ImmutableString,
                  values: Map| {
                say(&to, &files, &context, level, (&role, &text), &values)
            },
        );
    }
    let (to, files) = (Arc::clone(session), Arc::clone(sources));
    engine.register_fn(
        "raise",
        move |context: NativeCallContext, task: ImmutableString| {
            let plan = to.view()?.plan;
            let Some((task, _)) = plan.tasks.get_key_value(task.as_str()) else {
                let among = plan.tasks.keys().map(Name::as_str);
                return Err(ask::unknown("task .. that can be raised", &task, among));
            };
            let ground = ground(&files, &context);
            to.answer(|answer| answer.raise.push((task.clone(), ground)))
        },
    );
}

fn ground(sources: &BTreeSet<Name>, context: &NativeCallContext) -> forloeb_core::ground::Ground {
    let path = context.call_source().unwrap_or_default();
    let file = sources.get(path).map_or_else(|| path.into(), Name::clone);
    position::ground(file, context.call_position())
}

fn say(
    session: &Session,
    sources: &BTreeSet<Name>,
    context: &NativeCallContext,
    level: Level,
    (role, text): (&str, &str),
    values: &Map,
) -> Result<(), Failure> {
    let own = session.view()?;
    let plan = &own.plan;
    let Some((to, _)) = plan.roles.get_key_value(role) else {
        return Err(ask::unknown(
            "role",
            role,
            plan.roles.keys().map(Name::as_str),
        ));
    };
    let Some((say, _)) = plan.texts.get_key_value(text) else {
        return Err(ask::unknown(
            "text",
            text,
            plan.texts.keys().map(Name::as_str),
        ));
    };
    // A finding is history, and confidential values are kept out of it. What was computed from one cannot be told from other
    // values, so a rule that may see any passes none on.
    if session.reads_confidential() && !values.is_empty() {
        return Err(
            "a rule that reads confidential facts passes no values on: what it finds is stored in the history".into(),
        );
    }
    let (about, values) = said(&plan.calendar, values)?;
    let found = Found {
        level,
        to: to.clone(),
        say: say.clone(),
        about,
        values,
        ground: ground(sources, context),
    };
    session.answer(|answer| answer.found.push(found))
}

/// What the finding is about, and what fills the placeholders.
fn said(
    calendar: &Calendar,
    given: &Map,
) -> Result<(Option<String>, BTreeMap<Name, Value>), Failure> {
    if given.len() > limits::VALUES {
        return Err(format!("a text takes at most {} values", limits::VALUES).into());
    }
    let (mut about, mut values) = (None, BTreeMap::new());
    for (key, made) in given {
        let value = filled(calendar, key, made)?;
        if key.as_str() == "about" {
            about = Some(value.to_string());
        } else {
            values.insert(Name::from(key.as_str()), value);
        }
    }
    Ok((about, values))
}

/// One value for a placeholder. Nothing shows as nothing, an instant as its local date.
fn filled(calendar: &Calendar, key: &str, made: &Dynamic) -> Result<Value, Failure> {
    let value = if let Some(value) = seen::value(made) {
        value
    } else if made.is_unit() {
        Value::Text(String::new())
    } else if let Some(at) = made.read_lock::<seen::Moment>() {
        Value::Date(calendar.zone().date(at.0))
    } else if let Some(length) = made.read_lock::<seen::Length>() {
        Value::Text(length.0.to_string())
    } else {
        return Err(format!("`{key}` cannot be {} in a text", seen::kind(made)).into());
    };
    match &value {
        Value::Text(text) if text.len() > limits::VALUE => {
            Err(format!("`{key}` is longer than {} letters", limits::VALUE).into())
        }
        _ => Ok(value),
    }
}

/// Takes what the function returned as its yes or no.
pub(super) fn returned(answer: &mut Answer, made: &Dynamic) -> Result<(), String> {
    if made.is_unit() {
        return Ok(());
    }
    if let Ok(holds) = made.as_bool() {
        answer.holds = Some(holds);
        return Ok(());
    }
    if let Some(pair) = made.read_lock::<Array>()
        && let [holds, reason] = pair.as_slice()
        && let (Ok(holds), Some(reason)) = (holds.as_bool(), seen::text(reason))
    {
        answer.holds = Some(holds);
        answer.reason = Some(reason);
        return Ok(());
    }
    Err(format!(
        "it returns {}, where a rule returns nothing, true or false, or [true or false, \"reason\"]",
        seen::kind(made)
    ))
}
