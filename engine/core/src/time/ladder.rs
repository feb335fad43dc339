//! The steps of a deadline's ladder: nudges before a limit, escalations after it.

use super::calendar::Calendar;
use super::duration::Duration;
use super::limit::{Limit, earlier, exact_length, exactly_after, later};
use super::outside::Outside;
use jiff::Timestamp;

/// The instant of a step `duration` before the limit.
///
/// Hours and minutes are exact. Days, weeks, months and working days are counted back from the last day, and the step is
/// at the first instant of that date: a limit whose last day is day 14 has its step `4 days` before at 00:00 of day 10.
/// A step may come out before the promise was made.
///
/// # Errors
/// When the calendar has no working day to count, or the years run out.
pub fn before(
    calendar: &Calendar,
    limit: &Limit,
    duration: Duration,
) -> Result<Timestamp, Outside> {
    if duration.unit().is_exact() {
        return limit
            .runs_out
            .checked_sub(exact_length(duration))
            .map_err(|_| Outside::Years {
                from: limit.last_day,
            });
    }
    calendar
        .zone()
        .start_of(earlier(calendar, limit.last_day, duration)?)
}

/// The instant of a step `duration` after the limit, never before it has run out.
///
/// Hours and minutes are exact. Days, weeks, months and working days are counted from the date on which the limit runs
/// out, and the step is at the first instant of that date: a limit whose last day is day 14 runs out at 00:00 of day 15,
/// and its step `1 week` after is at 00:00 of day 22.
///
/// # Errors
/// When the calendar has no working day to count, or the years run out.
pub fn after(calendar: &Calendar, limit: &Limit, duration: Duration) -> Result<Timestamp, Outside> {
    if duration.unit().is_exact() {
        return exactly_after(calendar, limit.runs_out, duration);
    }
    let date = later(calendar, calendar.zone().date(limit.runs_out), duration)?;
    Ok(calendar.zone().start_of(date)?.max(limit.runs_out))
}
