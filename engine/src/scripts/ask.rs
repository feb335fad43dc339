//! What a rule may ask of `it` and of linked cases: where they are, facts, settings, links. What has happened is in
//! `events`, how long ago in `times`.

use super::{
    events,
    seen::{self, Day, Facts, Failure, Far, Happening, It, Length, Moment, Seen, Settings, With},
    session::Session,
    times,
};
use crate::scripts::{near, vocabulary};
use forloeb_core::{case::Place, judge::View, name::Name, plan::Plan};
use rhai::{Array, Dynamic, Engine, ImmutableString, Map};
use std::sync::Arc;

/// A text, borrowed or not, as functions of the engine take it.
pub(super) type Word = ImmutableString;

/// Registers the members of `it` and the questions about time; `words` are all the property names in the rules.
pub(super) fn register(engine: &mut Engine, session: &Arc<Session>, words: &[Name]) {
    types(engine);
    state(engine, session);
    links(engine, session);
    events::register(engine, session);
    times::register(engine, session);
    for word in words {
        named(engine, session, word);
    }
}

fn types(engine: &mut Engine) {
    engine.register_type_with_name::<It>("case");
    engine.register_type_with_name::<Far>("case behind two links");
    engine.register_type_with_name::<Facts>("facts");
    engine.register_type_with_name::<Settings>("settings");
    engine.register_type_with_name::<Happening>("occurrence");
    engine.register_type_with_name::<With>("fields");
    engine.register_type_with_name::<seen::Reference>("case id");
    engine.register_type_with_name::<Moment>("instant");
    engine.register_type_with_name::<Day>("date");
    engine.register_type_with_name::<Length>("duration");
    engine.register_fn("to_string", |it: &mut It| it.0.view.case.id.to_string());
    engine.register_fn("to_string", |far: &mut Far| far.id.to_string());
    engine.register_fn("to_string", |id: &mut seen::Reference| id.0.to_string());
    engine.register_fn("to_string", |at: &mut Moment| at.0.to_string());
    engine.register_fn("to_string", |day: &mut Day| day.0.to_string());
    engine.register_fn("to_string", |length: &mut Length| length.0.to_string());
}

pub(super) fn optional(name: Option<&Name>) -> Dynamic {
    name.map_or(Dynamic::UNIT, |name| name.as_str().into())
}

/// Where the case is.
fn state(engine: &mut Engine, session: &Arc<Session>) {
    engine.register_get("id", |it: &mut It| it.0.view.case.id.to_string());
    engine.register_get("process", |it: &mut It| it.0.view.case.process.to_string());
    engine.register_get("id", |far: &mut Far| far.id.to_string());
    engine.register_get("process", |far: &mut Far| far.process.to_string());
    engine.register_get("started", |it: &mut It| Moment(it.0.view.case.started));
    let looked = Arc::clone(session);
    engine.register_get("stage", move |it: &mut It| {
        optional(place(&looked, &it.0, None).map(|place| &place.stage))
    });
    engine.register_get("stages", |it: &mut It| {
        let tracks = it.0.view.case.tracks.iter();
        let entry =
            |(track, place): (&Name, &Place)| (track.as_str().into(), place.stage.as_str().into());
        tracks.map(entry).collect::<Map>()
    });
    let looked = Arc::clone(session);
    engine.register_get("since", move |it: &mut It| since(&looked, &it.0, None));
    let looked = Arc::clone(session);
    engine.register_fn("since", move |it: &mut It, track: Word| {
        known(&it.0.view.plan.tracks, "track", &track)?;
        Ok::<_, Failure>(since(&looked, &it.0, Some(&track)))
    });
    let looked = Arc::clone(session);
    engine.register_fn("in_stage", move |it: &mut It, stage: Word| {
        let plan = &it.0.view.plan;
        let stages = || plan.tracks.values().flat_map(|track| track.stages.keys());
        if !stages().any(|name| *name == stage.as_str()) {
            return Err(unknown("stage", &stage, stages().map(Name::as_str)));
        }
        let places = it.0.view.case.tracks.values();
        for place in places.filter(|place| place.stage == *stage.as_str()) {
            looked.looked(&it.0, place.seq);
        }
        Ok(it.0.view.in_stage(&stage))
    });
    engine.register_get("ended", |it: &mut It| it.0.view.case.ended.is_some());
    engine.register_get("outcome", |it: &mut It| optional(it.0.view.outcome()));
    engine.register_get("on_hold", |it: &mut It| it.0.view.on_hold());
    engine.register_get("facts", |it: &mut It| Facts(Arc::clone(&it.0)));
    engine.register_get("settings", |it: &mut It| Settings(Arc::clone(&it.0)));
    engine.register_fn("task_open", |it: &mut It, task: Word| {
        own_task(&it.0, &task)?;
        Ok::<_, Failure>(it.0.view.task_open(&task))
    });
    engine.register_fn("task_done", |it: &mut It, task: Word| {
        own_task(&it.0, &task)?;
        Ok::<_, Failure>(it.0.view.task_done(&task))
    });
}

fn place<'a>(session: &Session, seen: &'a Seen, track: Option<&str>) -> Option<&'a Place> {
    let place = seen.view.place(track)?;
    session.looked(seen, place.seq);
    Some(place)
}

fn since(session: &Session, seen: &Seen, track: Option<&str>) -> Dynamic {
    place(session, seen, track).map_or(Dynamic::UNIT, |place| Dynamic::from(Moment(place.since)))
}

fn own_task(seen: &Seen, task: &str) -> Result<(), Failure> {
    if seen.linked {
        return Err("the tasks of another case cannot be seen".into());
    }
    let names = task_names(&seen.view.plan);
    if names.contains(&task) {
        return Ok(());
    }
    Err(unknown("task", task, names))
}

/// The names of all tasks of a plan: of stages, raised ones and those of recurring work.
pub(super) fn task_names(plan: &Plan) -> Vec<&str> {
    let stages = plan.tracks.values().flat_map(|track| track.stages.values());
    let of_stages = stages.flat_map(|stage| stage.tasks.keys());
    of_stages
        .chain(plan.tasks.keys())
        .chain(plan.recurring.keys())
        .map(Name::as_str)
        .collect()
}

pub(super) fn known<V>(
    among: &indexmap::IndexMap<Name, V>,
    what: &str,
    name: &str,
) -> Result<(), Failure> {
    if among.contains_key(name) {
        return Ok(());
    }
    Err(unknown(what, name, among.keys().map(Name::as_str)))
}

/// There is no such thing, and what may have been meant.
pub(super) fn unknown<'a>(
    what: &str,
    name: &str,
    among: impl IntoIterator<Item = &'a str>,
) -> Failure {
    let meant =
        near::did_you_mean(name, among).map_or_else(String::new, |meant| format!("; {meant}"));
    format!("{}{meant}", vocabulary::missing(what, name)).into()
}

/// Other cases.
fn links(engine: &mut Engine, session: &Arc<Session>) {
    let charged = Arc::clone(session);
    engine.register_fn("links", move |it: &mut It, link: Word| {
        let cases = linked(&charged, &it.0, &link)?;
        Ok::<Array, Failure>(cases)
    });
    let charged = Arc::clone(session);
    engine.register_fn("link", move |it: &mut It, link: Word| {
        let cases = linked(&charged, &it.0, &link)?;
        Ok::<Dynamic, Failure>(cases.into_iter().next().unwrap_or(Dynamic::UNIT))
    });
}

fn linked(session: &Session, seen: &Seen, link: &str) -> Result<Array, Failure> {
    let View { plan, .. } = &seen.view;
    known(&plan.links, "link", link)?;
    let ids = seen.view.linked(link);
    session.charge(ids.len())?;
    if seen.linked {
        let to = plan.links.get(link).map(|link| &link.to);
        let far = |id: &Name| Far {
            id: id.clone(),
            process: to.unwrap_or(id).clone(),
        };
        return Ok(ids.iter().map(|id| Dynamic::from(far(id))).collect());
    }
    let other = |id: &Name| {
        let view = seen
            .view
            .of(id)
            .ok_or(format!("the case `{id}` is not at hand"))?;
        Ok(Dynamic::from(It(Arc::new(Seen {
            view,
            linked: true,
            reads: Vec::new(),
        }))))
    };
    ids.iter().map(other).collect()
}

/// One property name on everything whose names a process file gives. Looking a name up through a property of its own
/// is several times faster than through an indexer, which the engine only tries after a failure.
fn named(engine: &mut Engine, session: &Arc<Session>, word: &Name) {
    let (looked, fact) = (Arc::clone(session), word.clone());
    engine.register_get(word.as_str(), move |facts: &mut Facts| {
        let view = &facts.0.view;
        match view.case.facts.get(&fact) {
            Some(known) => {
                looked.looked(&facts.0, known.seq);
                facts.0.hand_out(&fact, &known.value)
            }
            None => known(&view.plan.facts, "fact", &fact).map(|()| Dynamic::UNIT),
        }
    });
    let (asked, setting) = (Arc::clone(session), word.clone());
    engine.register_get(word.as_str(), move |settings: &mut Settings| {
        let view = &settings.0.view;
        known(&view.plan.settings, "setting", &setting)?;
        let value = asked.note(view.setting(&setting).map_err(times::outside)?);
        let value = value.ok_or_else(|| format!("the setting `{setting}` has no value today"))?;
        Ok::<Dynamic, Failure>(seen::setting(value))
    });
    let field = word.clone();
    engine.register_get(word.as_str(), move |with: &mut With| {
        let Happening { seen, event, .. } = &with.0;
        match with.0.occurrence.with.get(&field) {
            Some(value) => seen.hand_out(&field, value),
            None => {
                let declared = seen.view.plan.events.get(event);
                let fields = declared.into_iter().flat_map(|event| event.with.keys());
                if fields.clone().any(|name| *name == field) {
                    return Ok(Dynamic::UNIT);
                }
                Err(unknown(
                    &format!("field .. of `{event}`"),
                    &field,
                    fields.map(Name::as_str),
                ))
            }
        }
    });
}
