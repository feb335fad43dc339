//! Work that comes again: at which instants, given the calendar.
//!
//! A rule names local times. The search walks them in order and turns each into an instant, so that one policy for clock
//! changes and one for closed days hold for every kind of rule.

use super::calendar::{Calendar, SEARCH_DAYS};
use super::cron::CronLine;
use super::outside::Outside;
use super::weekday::Weekday;
use jiff::civil::{Date, DateTime, Time};
use jiff::{Span, Timestamp};
use serde::{Deserialize, Serialize};

/// How far an occurrence is looked for. 29 February on a given weekday comes after 40 years at the latest.
const HORIZON_YEARS: i16 = 50;

/// What happens to an occurrence on a closed day, or in the closed part of a half day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnClosed {
    /// It does not happen.
    Skip,
    /// It happens at the same local time of the next day that is open then.
    NextWorkingDay,
    /// It happens all the same.
    #[default]
    Keep,
}

/// The local times at which something comes again. To the minute.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// On these weekdays.
    Weekly {
        /// In the order of the week, each once.
        weekdays: Vec<Weekday>,
        /// Local time.
        time: Time,
    },
    /// On this day of each month.
    Monthly {
        /// 1 to 28; nothing for the last day of the month.
        day: Option<i8>,
        /// Local time.
        time: Time,
    },
    /// As a cron line says.
    Cron(CronLine),
}

/// When recurring work happens. Read with [`Recurrence::every`] and [`Recurrence::cron`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recurrence {
    /// Its local times.
    pub rule: Rule,
    /// What becomes of those on closed days.
    pub on_closed: OnClosed,
}

impl Recurrence {
    /// The first occurrence strictly after an instant, or nothing when there is none within fifty years: a check of a
    /// process refuses such a recurrence. Asked again with its own answer, it gives an ever later instant, so nothing happens twice:
    /// occurrences that clock changes or closed days bring to the same instant are one.
    ///
    /// # Errors
    /// When an occurrence is to be moved and 400 days pass without a working day, or the years run out.
    pub fn next_after(
        &self,
        calendar: &Calendar,
        after: Timestamp,
    ) -> Result<Option<Timestamp>, Outside> {
        let here = calendar.zone().local(after);
        match self.on_closed {
            OnClosed::NextWorkingDay => self.next_moved(calendar, after, here.date()),
            keep_or_skip => {
                self.next_unmoved(calendar, after, here, keep_or_skip == OnClosed::Skip)
            }
        }
    }

    fn next_unmoved(
        &self,
        calendar: &Calendar,
        after: Timestamp,
        here: DateTime,
        skip: bool,
    ) -> Result<Option<Timestamp>, Outside> {
        let mut from = here;
        while let Some(local) = self.next_local(from, here) {
            from = if skip && calendar.is_closed_at(local.date(), local.time()) {
                // What is closed stays closed for the rest of its date.
                match local.date().tomorrow() {
                    Ok(date) => date.to_datetime(Time::midnight()),
                    Err(_) => return Ok(None),
                }
            } else {
                let instant = calendar.zone().instant(local)?;
                if instant > after {
                    return Ok(Some(instant));
                }
                match minute_later(local) {
                    Some(next) => next,
                    None => return Ok(None),
                }
            };
        }
        Ok(None)
    }

    /// Moving does not keep the order (Saturday 15:00 comes to lie after Sunday 09:00), so every occurrence that may
    /// land after `after` is tried, until none that is left can land before the best.
    fn next_moved(
        &self,
        calendar: &Calendar,
        after: Timestamp,
        today: Date,
    ) -> Result<Option<Timestamp>, Outside> {
        let start = first_of_closed_run(calendar, today).to_datetime(Time::midnight());
        let mut best: Option<Timestamp> = None;
        let mut from = start;
        while let Some(local) = self.next_local(from, start) {
            let unmoved = calendar.zone().instant(local)?;
            if best.is_some_and(|best| unmoved >= best) {
                break;
            }
            let landed = calendar.zone().instant(moved(calendar, local)?)?;
            if landed > after {
                best = Some(best.map_or(landed, |best| best.min(landed)));
            }
            match minute_later(local) {
                Some(next) => from = next,
                None => break,
            }
        }
        Ok(best)
    }

    /// The rule's first local time at or after `from`, unless it lies beyond the horizon of a search begun at `begun`.
    fn next_local(&self, from: DateTime, begun: DateTime) -> Option<DateTime> {
        let from = from.with().second(0).subsec_nanosecond(0).build().ok()?;
        let found = match &self.rule {
            Rule::Weekly { weekdays, time } => {
                next_on(from, *time, 8, |date| weekdays.contains(&Weekday::of(date)))
            }
            Rule::Monthly { day, time } => next_on(from, *time, 63, |date| {
                date.day() == day.unwrap_or_else(|| date.days_in_month())
            }),
            Rule::Cron(line) => line.next_from(from),
        }?;
        (found.year() <= begun.year().saturating_add(HORIZON_YEARS)).then_some(found)
    }
}

/// The first date among `days` from `from` on that fits and whose `time` is not yet past.
fn next_on(from: DateTime, time: Time, days: u32, fits: impl Fn(Date) -> bool) -> Option<DateTime> {
    let mut date = from.date();
    for _ in 0..days {
        let local = date.to_datetime(time);
        if local >= from && fits(date) {
            return Some(local);
        }
        date = date.tomorrow().ok()?;
    }
    None
}

/// The earliest date from which an occurrence may be moved to `date` or later: the start of the closed or half closed days
/// just before it.
fn first_of_closed_run(calendar: &Calendar, date: Date) -> Date {
    let mut first = date;
    for _ in 0..SEARCH_DAYS {
        match first.yesterday() {
            Ok(before) if calendar.is_closed_at(before, Time::MAX) => first = before,
            _ => break,
        }
    }
    first
}

/// `local`, or the same time of the next date on which the office is open then.
fn moved(calendar: &Calendar, local: DateTime) -> Result<DateTime, Outside> {
    let mut date = local.date();
    for _ in 0..=SEARCH_DAYS {
        if !calendar.is_closed_at(date, local.time()) {
            return Ok(date.to_datetime(local.time()));
        }
        date = date
            .tomorrow()
            .map_err(|_| Outside::Years { from: local.date() })?;
    }
    Err(Outside::NoWorkingDay {
        calendar: calendar.name().clone(),
        from: local.date(),
    })
}

fn minute_later(local: DateTime) -> Option<DateTime> {
    local.checked_add(Span::new().minutes(1)).ok()
}
