//! What a rule may ask: the members of `it` and the questions about time. Each question about time notes its horizon.

use super::{
    seen::{self, Day, Facts, Failure, Far, Happening, It, Length, Moment, Seen, Settings, With},
    session::Session,
};
use crate::scripts::{near, vocabulary};
use forloeb_core::{
    case::{Occurrence, Place},
    judge::View,
    name::Name,
    plan::Plan,
    question,
    time::{Calendar, Duration, Unit},
    value::Value,
};
use jiff::Timestamp;
use rhai::{Array, Dynamic, Engine, INT, ImmutableString, Map};
use std::{collections::BTreeMap, sync::Arc};

/// Steps that a question about time costs: counting working days is slower than a step of the script.
const TIME_STEPS: usize = 10;
/// Working days that are counted in the time of one step.
const DAYS_PER_STEP: usize = 10;

/// A text, borrowed or not, as functions of the engine take it.
type Word = ImmutableString;
/// The values that fields of an event must have.
type Filter = BTreeMap<Name, Value>;

/// Registers the members of `it` and the questions about time; `words` are all the property names in the rules.
pub(super) fn register(engine: &mut Engine, session: &Arc<Session>, words: &[Name]) {
    types(engine);
    state(engine, session);
    links(engine, session);
    events(engine, session);
    counts(engine, session);
    times(engine, session);
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

fn optional(name: Option<&Name>) -> Dynamic {
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

fn known<V>(among: &indexmap::IndexMap<Name, V>, what: &str, name: &str) -> Result<(), Failure> {
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

/// What has happened.
fn events(engine: &mut Engine, session: &Arc<Session>) {
    for (name, last) in [("last", true), ("first", false)] {
        let charged = Arc::clone(session);
        let pick = move |it: &mut It, event: &str, with: &Filter| {
            charged.charge(scan(&it.0, event)?)?;
            let view = &it.0.view;
            let found = match last {
                true => view.last(event, with),
                false => view.first(event, with),
            };
            Ok::<_, Failure>(found.map_or(Dynamic::UNIT, |one| happening(&charged, it, event, one)))
        };
        let filtered = pick.clone();
        engine.register_fn(name, move |it: &mut It, event: Word| {
            pick(it, &event, &Filter::new())
        });
        engine.register_fn(name, move |it: &mut It, event: Word, with: Map| {
            let with = filter(&it.0, &event, &with)?;
            filtered(it, &event, &with)
        });
    }
    let charged = Arc::clone(session);
    let all = move |it: &mut It, event: &str, with: &Filter| {
        charged.charge(scan(&it.0, event)?)?;
        let found = it.0.view.all(event, with);
        let happening = |one| happening(&charged, it, event, one);
        Ok::<Array, Failure>(found.into_iter().map(happening).collect())
    };
    let filtered = all.clone();
    engine.register_fn("all", move |it: &mut It, event: Word| {
        all(it, &event, &Filter::new())
    });
    engine.register_fn("all", move |it: &mut It, event: Word, with: Map| {
        let with = filter(&it.0, &event, &with)?;
        filtered(it, &event, &with)
    });
    engine.register_get("at", |one: &mut Happening| {
        Ok::<_, Failure>(Moment(one.occurrence()?.at))
    });
    engine.register_get("by", |one: &mut Happening| {
        Ok::<_, Failure>(optional(one.occurrence()?.by.as_ref()))
    });
    engine.register_get("event", |one: &mut Happening| one.event.to_string());
    engine.register_get("from", |one: &mut Happening| {
        let from = one.occurrence()?.from.clone();
        Ok::<_, Failure>(from.map_or(Dynamic::UNIT, |id| Dynamic::from(seen::Reference(id))))
    });
    engine.register_get("with", |one: &mut Happening| With(one.clone()));
}

fn happening(session: &Session, it: &It, event: &str, occurrence: &Occurrence) -> Dynamic {
    session.looked(&it.0, occurrence.seq);
    let event = it.0.view.plan.events.get_key_value(event);
    let Some((event, _)) = event else {
        return Dynamic::UNIT;
    };
    Dynamic::from(Happening {
        seen: Arc::clone(&it.0),
        event: event.clone(),
        seq: occurrence.seq,
    })
}

/// The event is declared; how many occurrences a question about it goes through.
fn scan(seen: &Seen, event: &str) -> Result<usize, Failure> {
    known(&seen.view.plan.events, "event", event)?;
    Ok(seen.view.occurrences(event).len())
}

/// A filter map as values of fields.
fn filter(seen: &Seen, event: &str, with: &Map) -> Result<Filter, Failure> {
    let plan = &seen.view.plan;
    known(&plan.events, "event", event)?;
    let fields = plan.events.get(event).map(|event| &event.with);
    let mut filter = Filter::new();
    for (field, wanted) in with {
        let Some((name, declared)) = fields.and_then(|fields| fields.get_key_value(field.as_str()))
        else {
            let among = fields.into_iter().flat_map(|fields| fields.keys());
            return Err(unknown("field", field, among.map(Name::as_str)));
        };
        if declared.fact.sealed() {
            return Err(format!("`{name}` is confidential and cannot be asked for").into());
        }
        let value = seen::value(wanted)
            .ok_or_else(|| Failure::from(format!("`{name}` cannot be {}", seen::kind(wanted))))?;
        filter.insert(name.clone(), as_declared(value, &declared.fact.kind));
    }
    Ok(filter)
}

/// The id of a case may be written as a text.
fn as_declared(value: Value, kind: &forloeb_core::value::Kind) -> Value {
    match (value, kind) {
        (Value::Text(id), forloeb_core::value::Kind::Link { .. }) => Value::Case(id.into()),
        (value, _) => value,
    }
}

/// How often something has happened, or whether.
fn counts(engine: &mut Engine, session: &Arc<Session>) {
    type How = Dynamic;
    let charged = Arc::clone(session);
    let count = move |it: &mut It, event: &str, how: Option<&How>, with: &Filter| {
        counted(&charged, &it.0, event, how, with)
    };
    let ask = |count: INT| count > 0;
    let (c0, c1, c2) = (count.clone(), count.clone(), count.clone());
    engine.register_fn("count", move |it: &mut It, event: Word| {
        c0(it, &event, None, &Filter::new())
    });
    engine.register_fn("count", move |it: &mut It, event: Word, how: How| {
        let (how, with) = how_or_filter(&it.0, &event, how)?;
        c1(it, &event, how.as_ref(), &with)
    });
    engine.register_fn(
        "count",
        move |it: &mut It, event: Word, how: How, with: Map| {
            let with = filter(&it.0, &event, &with)?;
            c2(it, &event, Some(&how), &with)
        },
    );
    let (h0, h1, h2) = (count.clone(), count.clone(), count);
    engine.register_fn("happened", move |it: &mut It, event: Word| {
        h0(it, &event, None, &Filter::new()).map(ask)
    });
    engine.register_fn("happened", move |it: &mut It, event: Word, how: How| {
        let (how, with) = how_or_filter(&it.0, &event, how)?;
        h1(it, &event, how.as_ref(), &with).map(ask)
    });
    engine.register_fn(
        "happened",
        move |it: &mut It, event: Word, how: How, with: Map| {
            let with = filter(&it.0, &event, &with)?;
            h2(it, &event, Some(&how), &with).map(ask)
        },
    );
}

fn how_or_filter(
    seen: &Seen,
    event: &str,
    how: Dynamic,
) -> Result<(Option<Dynamic>, Filter), Failure> {
    match how.read_lock::<Map>() {
        Some(with) => Ok((None, filter(seen, event, &with)?)),
        None => Ok((Some(how.clone()), Filter::new())),
    }
}

fn counted(
    session: &Session,
    seen: &Seen,
    event: &str,
    how: Option<&Dynamic>,
    with: &Filter,
) -> Result<INT, Failure> {
    session.charge(scan(seen, event)?)?;
    if let Some(newest) = seen.view.matching(event, with).map(|one| one.seq).max() {
        session.looked(seen, newest);
    }
    let count = match how {
        None => seen.view.count(event, None, with),
        Some(how) if how.is_string() || how.is::<Length>() => {
            let own = session.view()?;
            let window = duration(how)?;
            let matching = seen.view.matching(event, with);
            charge(session, window, seen.view.occurrences(event).len().max(1))?;
            let asked = question::count(&own.plan.calendar, matching, window, own.now);
            session.note(asked.map_err(outside)?)
        }
        Some(how) => seen
            .view
            .count(event, Some(instant(&session.view()?, how)?), with),
    };
    Ok(INT::try_from(count).unwrap_or(INT::MAX))
}

fn outside(why: forloeb_core::time::Outside) -> Failure {
    why.to_string().into()
}

/// An instant, or the beginning of a date.
fn instant(own: &View, made: &Dynamic) -> Result<Timestamp, Failure> {
    if let Some(at) = made.read_lock::<Moment>() {
        return Ok(at.0);
    }
    match made.read_lock::<Day>() {
        Some(day) => own.plan.calendar.zone().start_of(day.0).map_err(outside),
        None => Err(format!("an instant is wanted here, not {}", seen::kind(made)).into()),
    }
}

/// A duration, written out or from a setting.
fn duration(made: &Dynamic) -> Result<Duration, Failure> {
    if let Some(length) = made.read_lock::<Length>() {
        return Ok(length.0);
    }
    match made.as_immutable_string_ref() {
        Ok(text) => Duration::parse(&text).map_err(|why| why.to_string().into()),
        Err(_) => Err(format!("a duration is wanted here, not {}", seen::kind(made)).into()),
    }
}

/// Counts the steps of a question about time.
fn charge(session: &Session, length: Duration, times: usize) -> Result<(), Failure> {
    let days = match length.unit() {
        Unit::WorkingDays => usize::try_from(length.count()).unwrap_or(usize::MAX),
        _ => 0,
    };
    session.charge((TIME_STEPS + days / DAYS_PER_STEP).saturating_mul(times))
}

/// Questions about time, in the calendar of the case itself.
fn times(engine: &mut Engine, session: &Arc<Session>) {
    let asked = Arc::clone(session);
    engine.register_fn("older", move |at: Dynamic, length: Dynamic| {
        let own = asked.view()?;
        let (at, length) = (instant(&own, &at)?, duration(&length)?);
        charge(&asked, length, 1)?;
        let older = question::older(&own.plan.calendar, at, length, own.now);
        Ok::<bool, Failure>(asked.note(older.map_err(outside)?))
    });
    let asked = Arc::clone(session);
    engine.register_fn("today", move || {
        asked.charge(TIME_STEPS)?;
        let own = asked.view()?;
        let today = question::today(&own.plan.calendar, own.now).map_err(outside)?;
        Ok::<Day, Failure>(Day(asked.note(today)))
    });
    let asked = Arc::clone(session);
    engine.register_fn("days_since", move |at: Dynamic| {
        asked.charge(TIME_STEPS)?;
        let own = asked.view()?;
        let days = question::days_since(&own.plan.calendar, instant(&own, &at)?, own.now);
        Ok::<INT, Failure>(asked.note(days.map_err(outside)?))
    });
    let asked = Arc::clone(session);
    engine.register_fn("plus", move |day: Day, length: Dynamic| {
        let (own, length) = (asked.view()?, duration(&length)?);
        charge(&asked, length, 1)?;
        let date = question::plus(&own.plan.calendar, day.0, length);
        Ok::<Day, Failure>(Day(date.map_err(outside)?))
    });
    let asked = Arc::clone(session);
    engine.register_fn("is_working_day", move |day: Day| {
        asked.charge(TIME_STEPS)?;
        Ok::<bool, Failure>(is_working_day(&asked.view()?.plan.calendar, day))
    });
}

fn is_working_day(calendar: &Calendar, day: Day) -> bool {
    calendar.is_working_day(day.0)
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
        let value = asked.note(view.setting(&setting).map_err(outside)?);
        let value = value.ok_or_else(|| format!("the setting `{setting}` has no value today"))?;
        Ok::<Dynamic, Failure>(seen::setting(value))
    });
    let field = word.clone();
    engine.register_get(word.as_str(), move |with: &mut With| {
        let Happening { seen, event, .. } = &with.0;
        match with.0.occurrence()?.with.get(&field) {
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
