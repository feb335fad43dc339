//! Which days a limit did not count, and why: what makes a date that looks wrong right.

use super::calendar::{Calendar, DayStatus};
use super::duration::{Duration, Unit};
use super::limit::{EndOnClosed, later, limit};
use super::outside::Outside;
use jiff::Timestamp;
use jiff::civil::Date;

/// A closed day that a limit passed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// The local date.
    pub date: Date,
    /// Why it was not counted; always [`DayStatus::Closed`].
    pub why: DayStatus,
}

/// The closed days that [`limit`] passes over with the same arguments: those that working days do not count, or those off
/// which the last day was moved. In order; empty for hours and minutes.
///
/// # Errors
/// As [`limit`].
pub fn skipped(
    calendar: &Calendar,
    from: Timestamp,
    duration: Duration,
    on_closed: EndOnClosed,
) -> Result<Vec<Skipped>, Outside> {
    if duration.unit().is_exact() {
        return Ok(Vec::new());
    }
    let last_day = limit(calendar, from, duration, on_closed)?.last_day;
    let start = calendar.zone().date(from);
    let mut date = match duration.unit() {
        Unit::WorkingDays => start.tomorrow().unwrap_or(last_day),
        _ => later(calendar, start, duration)?,
    };
    let mut skipped = Vec::new();
    while date < last_day {
        if !calendar.is_working_day(date) {
            skipped.push(Skipped {
                date,
                why: calendar.status(date),
            });
        }
        date = date.tomorrow().unwrap_or(last_day);
    }
    Ok(skipped)
}
