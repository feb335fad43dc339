//! When a promise runs out, and what a hold does to it.

use super::calendar::Calendar;
use super::duration::{Duration, Unit};
use super::outside::Outside;
use super::shift::days_between_dates;
use jiff::civil::Date;
use jiff::{SignedDuration, Span, Timestamp};
use serde::{Deserialize, Serialize};

/// What happens when a limit in days, weeks or months would end on a closed day. Working days never do, hours always may.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndOnClosed {
    /// It ends there.
    #[default]
    Keep,
    /// It ends on the next working day.
    NextWorkingDay,
}

/// The end of a promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit {
    /// The first instant at which it is too late. Unless the duration is exact, the first instant of the local date
    /// after `last_day`.
    pub runs_out: Timestamp,
    /// The last local date on which there is time left.
    pub last_day: Date,
}

/// A time during which a promise was not running.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// When it began.
    pub from: Timestamp,
    /// When it ended.
    pub to: Timestamp,
}

impl Limit {
    /// Ends with the local date `last_day`.
    fn on(calendar: &Calendar, last_day: Date) -> Result<Self, Outside> {
        let after = last_day
            .tomorrow()
            .map_err(|_| Outside::Years { from: last_day })?;
        Ok(Self {
            runs_out: calendar.zone().start_of(after)?,
            last_day,
        })
    }

    /// Ends at an instant, having begun at `from`. At 00:00 sharp, the last day is the one that just ended.
    fn at(calendar: &Calendar, from: Timestamp, runs_out: Timestamp) -> Self {
        let last = runs_out
            .checked_sub(SignedDuration::from_micros(1))
            .unwrap_or(runs_out);
        Self {
            runs_out,
            last_day: calendar.zone().date(last.max(from)),
        }
    }
}

/// When a promise made at `from` runs out. Hours and minutes are exact. The others count local dates, the start day
/// excluded, and run out at the end of the last one.
///
/// # Errors
/// When the calendar has no working day to end on, or the years run out.
pub fn limit(
    calendar: &Calendar,
    from: Timestamp,
    duration: Duration,
    on_closed: EndOnClosed,
) -> Result<Limit, Outside> {
    if duration.unit().is_exact() {
        return Ok(Limit::at(
            calendar,
            from,
            exactly_after(calendar, from, duration)?,
        ));
    }
    let last_day = later(calendar, calendar.zone().date(from), duration)?;
    Limit::on(
        calendar,
        moved(calendar, last_day, duration.unit(), on_closed)?,
    )
}

/// The limit after a hold: the time that remained when the hold began is given back when it ends.
///
/// Exact units are moved by the exact length of the hold; days, weeks and months by the local dates between its ends (then moved
/// off a closed day again); of working days, those that remained after the hold's first date are counted anew from its
/// last. A hold that began when the limit had run out, or within which no time passed, gives nothing back.
///
/// # Errors
/// When the calendar has no working day to end on, or the years run out.
pub fn given_back(
    calendar: &Calendar,
    limit: &Limit,
    unit: Unit,
    on_closed: EndOnClosed,
    hold: Hold,
) -> Result<Limit, Outside> {
    if hold.to <= hold.from || hold.from >= limit.runs_out {
        return Ok(*limit);
    }
    let zone = calendar.zone();
    let (held, resumed) = (zone.date(hold.from), zone.date(hold.to));
    if unit.is_exact() {
        let runs_out = limit
            .runs_out
            .checked_add(hold.to.duration_since(hold.from))
            .map_err(|_| Outside::Years {
                from: limit.last_day,
            })?;
        return Ok(Limit::at(calendar, hold.to, runs_out));
    }
    if resumed <= held {
        return Ok(*limit);
    }
    let last_day = if unit == Unit::WorkingDays {
        let remaining = calendar.working_days_between(held, limit.last_day);
        let last_day = calendar.working_days_after(resumed, remaining)?;
        // Nothing remained but the day of the hold itself: there is the day of return, or the next that is open.
        calendar.open_from(last_day)?
    } else {
        let last_day = days_later(limit.last_day, days_between_dates(held, resumed))?;
        moved(calendar, last_day, unit, on_closed)?
    };
    Limit::on(calendar, last_day)
}

/// Moves a last day off a closed day, where that is asked for.
fn moved(
    calendar: &Calendar,
    last_day: Date,
    unit: Unit,
    on_closed: EndOnClosed,
) -> Result<Date, Outside> {
    match (on_closed, unit) {
        (EndOnClosed::NextWorkingDay, Unit::Days | Unit::Weeks | Unit::Months) => {
            calendar.open_from(last_day)
        }
        _ => Ok(last_day),
    }
}

/// `from` plus a duration in minutes or hours; other units do not move it.
pub(super) fn exactly_after(
    calendar: &Calendar,
    from: Timestamp,
    duration: Duration,
) -> Result<Timestamp, Outside> {
    from.checked_add(exact_length(duration))
        .map_err(|_| Outside::Years {
            from: calendar.zone().date(from),
        })
}

/// The length of minutes and hours; nothing for the other units, which have none.
pub(super) fn exact_length(duration: Duration) -> SignedDuration {
    let count = i64::from(duration.count());
    match duration.unit() {
        Unit::Minutes => SignedDuration::from_mins(count),
        Unit::Hours => SignedDuration::from_hours(count),
        _ => SignedDuration::ZERO,
    }
}

/// The local date that lies a duration after `date`; hours and minutes do not move it.
pub(super) fn later(calendar: &Calendar, date: Date, duration: Duration) -> Result<Date, Outside> {
    match duration.unit() {
        Unit::Minutes | Unit::Hours => Ok(date),
        Unit::Days => days_later(date, i64::from(duration.count())),
        Unit::Weeks => days_later(date, i64::from(duration.count()) * 7),
        Unit::Months => months_later(date, i64::from(duration.count())),
        Unit::WorkingDays => calendar.working_days_after(date, duration.count()),
    }
}

/// The local date that lies a duration before `date`; hours and minutes do not move it.
pub(super) fn earlier(
    calendar: &Calendar,
    date: Date,
    duration: Duration,
) -> Result<Date, Outside> {
    match duration.unit() {
        Unit::Minutes | Unit::Hours => Ok(date),
        Unit::Days => days_later(date, -i64::from(duration.count())),
        Unit::Weeks => days_later(date, -i64::from(duration.count()) * 7),
        Unit::Months => months_later(date, -i64::from(duration.count())),
        Unit::WorkingDays => calendar.working_days_before(date, duration.count()),
    }
}

fn days_later(date: Date, days: i64) -> Result<Date, Outside> {
    let outside = |_| Outside::Years { from: date };
    date.checked_add(Span::new().try_days(days).map_err(outside)?)
        .map_err(outside)
}

/// The same day of another month, or that month's last day.
fn months_later(date: Date, months: i64) -> Result<Date, Outside> {
    let outside = |_| Outside::Years { from: date };
    date.checked_add(Span::new().try_months(months).map_err(outside)?)
        .map_err(outside)
}
