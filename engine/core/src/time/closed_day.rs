//! One line of a calendar file: a day, or half a day, on which nobody is at the office.

use super::easter::easter;
use super::misread::Misread;
use crate::{ground::Ground, name::Name, text::Text};
use jiff::Span;
use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

/// Why a day is closed. Both are skipped by working days; people are told which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    /// A public holiday.
    Holiday,
    /// A day on which this office is closed.
    Closing,
}

/// When a closed day falls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayRule {
    /// The same date each year. 29 February falls in leap years only.
    Fixed {
        /// Month, 1 to 12.
        month: i8,
        /// Day of the month, from 1.
        day: i8,
    },
    /// So many days after Easter Sunday; negative is before. -80 to 249, so that it stays in its year.
    Easter {
        /// Days after Easter Sunday.
        offset: i16,
    },
    /// One date.
    Once(Date),
}

/// A day, or the end of a day, on which the office is closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosedDay {
    /// Its name in the calendar file.
    pub name: Name,
    /// Its name for people.
    pub title: Text,
    /// Holiday or closing day.
    pub kind: DayKind,
    /// When it falls.
    pub when: DayRule,
    /// The first year in which it is kept.
    pub from_year: Option<i16>,
    /// The last year in which it is kept.
    pub until_year: Option<i16>,
    /// The local time from which the office is closed; nothing for the whole day.
    pub closed_from: Option<Time>,
    /// The line that says so.
    pub ground: Ground,
}

impl ClosedDay {
    /// Whether the day can be kept at all.
    ///
    /// # Errors
    /// When it can never fall: a date that no year has, an Easter offset out of its year, or years in the wrong order.
    pub fn check(&self) -> Result<(), Misread> {
        match self.when {
            // 2000 is a leap year, so it has every date that any year has.
            DayRule::Fixed { month, day } if Date::new(2000, month, day).is_err() => {
                return Err(Misread::new(
                    format!("no year has a day {day} of month {month}"),
                    "write the month as 1 to 12 and a day that the month has",
                ));
            }
            DayRule::Easter { offset } if !(-80..=249).contains(&offset) => {
                return Err(Misread::new(
                    format!("`{offset}` days from Easter can fall in another year"),
                    "write -80 to 249 days, or a fixed date",
                ));
            }
            DayRule::Once(date) if self.date_in(date.year()).is_none() => {
                return Err(Misread::new(
                    format!(
                        "`{}` falls on {date} only, but is not kept in that year",
                        self.name
                    ),
                    "leave out the first and the last year",
                ));
            }
            _ => {}
        }
        match (self.from_year, self.until_year) {
            (Some(from), Some(until)) if from > until => Err(Misread::new(
                format!(
                    "`{}` is kept from {from} until {until}, which is no year",
                    self.name
                ),
                format!("write from {until} until {from}"),
            )),
            _ => Ok(()),
        }
    }

    /// Whether the whole day is closed.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.closed_from.is_none()
    }

    /// The date on which it falls in `year`, if it does.
    #[must_use]
    pub fn date_in(&self, year: i16) -> Option<Date> {
        if self.from_year.is_some_and(|from| year < from)
            || self.until_year.is_some_and(|until| year > until)
        {
            return None;
        }
        match self.when {
            DayRule::Fixed { month, day } => Date::new(year, month, day).ok(),
            DayRule::Easter { offset } => easter(year)?.checked_add(Span::new().days(offset)).ok(),
            DayRule::Once(date) => (date.year() == year).then_some(date),
        }
    }
}
