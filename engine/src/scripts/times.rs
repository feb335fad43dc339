//! Questions about time, in the calendar of the case whose rule asks. Each notes its horizon.

use super::{
    seen::{self, Day, Failure, Length, Moment},
    session::Session,
};
use forloeb_core::{
    judge::View,
    question,
    time::{Calendar, Duration, Outside, Unit},
};
use jiff::Timestamp;
use rhai::{Dynamic, Engine, INT};
use std::sync::Arc;

/// Steps that a question about time costs: counting working days is slower than a step of the script.
const TIME_STEPS: usize = 10;
/// Working days that are counted in the time of one step.
const DAYS_PER_STEP: usize = 10;

pub(super) fn outside(why: Outside) -> Failure {
    why.to_string().into()
}

/// An instant, or the beginning of a date.
pub(super) fn instant(own: &View, made: &Dynamic) -> Result<Timestamp, Failure> {
    if let Some(at) = made.read_lock::<Moment>() {
        return Ok(at.0);
    }
    match made.read_lock::<Day>() {
        Some(day) => own.plan.calendar.zone().start_of(day.0).map_err(outside),
        None => Err(format!("an instant is wanted here, not {}", seen::kind(made)).into()),
    }
}

/// A duration, written out or from a setting.
pub(super) fn duration(made: &Dynamic) -> Result<Duration, Failure> {
    if let Some(length) = made.read_lock::<Length>() {
        return Ok(length.0);
    }
    match made.as_immutable_string_ref() {
        Ok(text) => Duration::parse(&text).map_err(|why| why.to_string().into()),
        Err(_) => Err(format!("a duration is wanted here, not {}", seen::kind(made)).into()),
    }
}

/// Counts the steps of a question about time.
pub(super) fn charge(session: &Session, length: Duration, times: usize) -> Result<(), Failure> {
    let days = match length.unit() {
        Unit::WorkingDays => usize::try_from(length.count()).unwrap_or(usize::MAX),
        _ => 0,
    };
    session.charge((TIME_STEPS + days / DAYS_PER_STEP).saturating_mul(times))
}

/// Questions about time, in the calendar of the case itself.
pub(super) fn register(engine: &mut Engine, session: &Arc<Session>) {
    let asked = Arc::clone(session);
    engine.register_fn("older", move |at: Dynamic, length: Dynamic| {
        let own = asked.view()?;
        let (at, length) = (instant(&own, &at)?, duration(&length)?);
        charge(&asked, length, 1)?;
        let older = question::older(&own.plan.calendar, at, length, own.now);
        Ok::<bool, Failure>(asked.note(older.map_err(outside)?))
    });
    let asked = Arc::clone(session);
    engine.register_fn(
        "older",
        move |at: Dynamic, length: Dynamic, then: Dynamic| {
            let own = asked.view()?;
            let (at, length) = (instant(&own, &at)?, duration(&length)?);
            charge(&asked, length, 1)?;
            let older = question::older(&own.plan.calendar, at, length, instant(&own, &then)?);
            // What was so at a given instant stays so: there is no horizon to note.
            Ok::<bool, Failure>(older.map_err(outside)?.answer)
        },
    );
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
