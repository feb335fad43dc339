//! What a rule may ask about what has happened: occurrences, how often, since when.

use super::{
    ask::{Word, known, optional, unknown},
    seen::{self, Failure, Happening, It, Length, Moment, Seen, With},
    session::Session,
    times::{charge, duration, instant, outside},
};
use forloeb_core::{
    case::Occurrence,
    name::Name,
    question,
    value::{Kind, Value},
};
use rhai::{Array, Dynamic, Engine, INT, Map};
use std::{collections::BTreeMap, sync::Arc};

/// The values that fields of an event must have.
type Filter = BTreeMap<Name, Value>;

/// Registers them.
pub(super) fn register(engine: &mut Engine, session: &Arc<Session>) {
    events(engine, session);
    counts(engine, session);
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
    engine.register_get("at", |one: &mut Happening| Moment(one.occurrence.at));
    engine.register_get("by", |one: &mut Happening| {
        optional(one.occurrence.by.as_ref())
    });
    engine.register_get("event", |one: &mut Happening| one.event.to_string());
    engine.register_get("from", |one: &mut Happening| {
        let from = one.occurrence.from.clone();
        from.map_or(Dynamic::UNIT, |id| Dynamic::from(seen::Reference(id)))
    });
    engine.register_get("with", |one: &mut Happening| With(one.clone()));
}

fn happening(session: &Session, it: &It, event: &str, occurrence: &Arc<Occurrence>) -> Dynamic {
    session.looked(&it.0, occurrence.seq);
    let event = it.0.view.plan.events.get_key_value(event);
    let Some((event, _)) = event else {
        return Dynamic::UNIT;
    };
    Dynamic::from(Happening {
        seen: Arc::clone(&it.0),
        event: event.clone(),
        occurrence: Arc::clone(occurrence),
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
fn as_declared(value: Value, kind: &Kind) -> Value {
    match (value, kind) {
        (Value::Text(id), Kind::Link { .. }) => Value::Case(id.into()),
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
