//! Moving a clock, and telling how many days lie between.

use super::calendar::Calendar;
use super::duration::Duration;
use super::limit::{exactly_after, later};
use super::outside::Outside;
use jiff::Timestamp;
use jiff::civil::Date;

/// `instant` moved forward by a duration. Hours and minutes are exact; the others move the local date and keep the local
/// time (in a gap the first instant after, in a fold the first of the two). No days move nothing.
///
/// # Errors
/// When the calendar has no working day to count, or the years run out.
pub fn shift(
    calendar: &Calendar,
    instant: Timestamp,
    duration: Duration,
) -> Result<Timestamp, Outside> {
    if duration.count() == 0 || duration.unit().is_exact() {
        return exactly_after(calendar, instant, duration);
    }
    let local = calendar.zone().local(instant);
    let date = later(calendar, local.date(), duration)?;
    calendar.zone().instant(date.to_datetime(local.time()))
}

/// The local dates from `a` to `b`: 1 from 23:59 to 00:01, negative when `b` comes first.
#[must_use]
pub fn days_between(calendar: &Calendar, a: Timestamp, b: Timestamp) -> i64 {
    days_between_dates(calendar.zone().date(a), calendar.zone().date(b))
}

pub(super) fn days_between_dates(a: Date, b: Date) -> i64 {
    b.duration_since(a).as_hours() / 24
}
