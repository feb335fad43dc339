//! Time: what a promise with a date in it means.
//!
//! This module owns durations, calendars, limits, recurring times and how people write and read them. It is pure: `now`
//! is always an argument, and the time zone data is compiled in, so every machine gives the same answer.
//!
//! Three policies hold everywhere:
//! - a local time that the clock skips happens at the first instant after the gap;
//! - a local time that happens twice happens at the first of the two, and never again;
//! - an instant that can be written down is a whole number of microseconds.

mod calendar;
mod closed_day;
mod closed_table;
mod cron;
mod duration;
mod duration_slips;
mod easter;
mod explain;
mod ladder;
mod limit;
mod misread;
mod moment;
mod outside;
mod read_duration;
mod read_recurrence;
mod recurrence;
mod shift;
mod time_of_day;
mod weekday;
mod wording;
mod zone;

pub use calendar::{Calendar, DayStatus};
pub use closed_day::{ClosedDay, DayKind, DayRule};
pub use cron::CronLine;
pub use duration::{Duration, Unit};
pub use easter::easter;
pub use explain::{Skipped, skipped};
pub use ladder::{after, before};
pub use limit::{EndOnClosed, Hold, Limit, given_back, limit};
pub use misread::Misread;
pub use moment::{parse_date, parse_instant, whole_microseconds};
pub use outside::Outside;
pub use recurrence::{OnClosed, Recurrence, Rule};
pub use shift::{days_between, shift};
pub use time_of_day::parse_time;
pub use weekday::Weekday;
pub use wording::{format_date, format_day, format_moment};
pub use zone::Zone;
