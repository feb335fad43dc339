//! Questions about time: each gives its answer and its horizon, the next instant at which the answer changes by itself.
//!
//! Between `now` and the horizon the answer stays the same, whatever the instant. This file never reads a clock.

use crate::{
    case::Occurrence,
    time::{Calendar, Duration, EndOnClosed, Outside, limit, shift},
};
use jiff::{Timestamp, civil::Date};
use std::sync::Arc;

/// An answer and how long it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked<T> {
    /// The answer at `now`.
    pub answer: T,
    /// The first instant at which the answer may be another one; none: it stays for ever.
    pub horizon: Option<Timestamp>,
}

/// Whether the limit of `duration`, counted from `at`, has run out.
///
/// # Errors
/// When the calendar has no working day to end on, or the years run out.
pub fn older(
    calendar: &Calendar,
    at: Timestamp,
    duration: Duration,
    now: Timestamp,
) -> Result<Asked<bool>, Outside> {
    let runs_out = limit(calendar, at, duration, EndOnClosed::Keep)?.runs_out;
    let answer = now >= runs_out;
    Ok(Asked {
        answer,
        horizon: (!answer).then_some(runs_out),
    })
}

/// How many of the occurrences happened within `window`: their limit, counted from when each happened, has not run out.
/// They may come in any order.
///
/// # Errors
/// When the calendar has no working day to end on, or the years run out.
pub fn count<'a>(
    calendar: &Calendar,
    occurrences: impl IntoIterator<Item = &'a Arc<Occurrence>>,
    window: Duration,
    now: Timestamp,
) -> Result<Asked<usize>, Outside> {
    let mut instants: Vec<Timestamp> = occurrences.into_iter().map(|one| one.at).collect();
    instants.sort_unstable();
    let mut asked = Asked {
        answer: 0,
        horizon: None,
    };
    // A later start never runs out earlier, so the first limit that has run out ends the search.
    for at in instants.into_iter().rev() {
        let within = older(calendar, at, window, now)?;
        if within.answer {
            break;
        }
        asked.answer += 1;
        asked.horizon = within.horizon;
    }
    Ok(asked)
}

/// The local date.
///
/// # Errors
/// When the years run out.
pub fn today(calendar: &Calendar, now: Timestamp) -> Result<Asked<Date>, Outside> {
    let date = calendar.zone().date(now);
    Ok(Asked {
        answer: date,
        horizon: Some(start_after(calendar, date)?),
    })
}

/// How many local dates lie between `at` and now: 0 on the same date, 1 from 23:59 to 00:01.
///
/// # Errors
/// When the years run out.
pub fn days_since(
    calendar: &Calendar,
    at: Timestamp,
    now: Timestamp,
) -> Result<Asked<i64>, Outside> {
    Ok(Asked {
        answer: crate::time::days_between(calendar, at, now),
        horizon: today(calendar, now)?.horizon,
    })
}

/// The date that lies a duration after `date`: its last day. Hours and minutes do not move a date.
///
/// # Errors
/// When the calendar has no working day to end on, or the years run out.
pub fn plus(calendar: &Calendar, date: Date, duration: Duration) -> Result<Date, Outside> {
    if duration.unit().is_exact() {
        return Ok(date);
    }
    let start = calendar.zone().start_of(date)?;
    Ok(calendar.zone().date(shift(calendar, start, duration)?))
}

/// The first instant of the date after `date`.
fn start_after(calendar: &Calendar, date: Date) -> Result<Timestamp, Outside> {
    let tomorrow = date.tomorrow().map_err(|_| Outside::Years { from: date })?;
    calendar.zone().start_of(tomorrow)
}
