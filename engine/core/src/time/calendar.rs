//! An office's calendar: its time zone, its weekend, and the days on which it is closed.

use super::closed_day::ClosedDay;
use super::closed_table::ClosedTable;
use super::misread::Misread;
use super::outside::Outside;
use super::weekday::Weekday;
use super::zone::Zone;
use crate::name::Name;
use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// How far a working day is looked for. A calendar closed for longer is a mistake, not a long wait.
pub(super) const SEARCH_DAYS: u32 = 400;

/// A calendar. It is complete when it exists: the zone is known and every closed day can fall.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct Calendar {
    name: Name,
    zone: Zone,
    weekend: Vec<Weekday>,
    closed: Vec<ClosedDay>,
    table: ClosedTable,
}

/// What is stored of a calendar; the rest follows from it.
#[derive(Serialize, Deserialize)]
struct Stored {
    name: Name,
    zone: Zone,
    weekend: Vec<Weekday>,
    closed: Vec<ClosedDay>,
}

/// Whether the office is open on a date, and if not, why. Names are those of closed days, in the order of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DayStatus {
    /// Open all day.
    Open,
    /// Open until a local time.
    Half {
        /// From when it is closed.
        closed_from: Time,
        /// The closed days that say so.
        because: Vec<Name>,
    },
    /// Closed all day.
    Closed {
        /// Whether it is a weekend.
        weekend: bool,
        /// The closed days that fall on it, if any.
        because: Vec<Name>,
    },
}

impl Calendar {
    /// A calendar of a zone, the weekdays that are never worked, and the closed days.
    ///
    /// # Errors
    /// The first thing that is wrong: a closed day that can never fall (see [`ClosedDay::check`]), a name used twice,
    /// or a weekend of seven days.
    pub fn new(
        name: Name,
        zone: Zone,
        weekend: Vec<Weekday>,
        closed: Vec<ClosedDay>,
    ) -> Result<Self, Misread> {
        if Weekday::ALL.iter().all(|day| weekend.contains(day)) {
            return Err(Misread::new(
                format!("the calendar `{name}` has no working day: its weekend is the whole week"),
                "leave at least one weekday out of the weekend",
            ));
        }
        let mut names = BTreeSet::new();
        for day in &closed {
            day.check()?;
            if !names.insert(&day.name) {
                return Err(Misread::new(
                    format!(
                        "the calendar `{name}` has two closed days called `{}`",
                        day.name
                    ),
                    "give one of them another name",
                ));
            }
        }
        let table = ClosedTable::new(&weekend, &closed);
        Ok(Self {
            name,
            zone,
            weekend,
            closed,
            table,
        })
    }

    /// The calendar's name.
    #[must_use]
    pub fn name(&self) -> &Name {
        &self.name
    }

    /// The time zone in which its dates are meant.
    #[must_use]
    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    /// The weekdays that are never worked.
    #[must_use]
    pub fn weekend(&self) -> &[Weekday] {
        &self.weekend
    }

    /// The closed days, in the order of the file.
    #[must_use]
    pub fn closed_days(&self) -> &[ClosedDay] {
        &self.closed
    }

    /// Whether the office is open on `date`, if only for half a day.
    #[must_use]
    pub fn is_working_day(&self, date: Date) -> bool {
        match self.table.is_closed(date) {
            Some(closed) => !closed,
            None => !matches!(self.status(date), DayStatus::Closed { .. }),
        }
    }

    /// Whether the office is closed on `date` at the local time `time`.
    #[must_use]
    pub fn is_closed_at(&self, date: Date, time: Time) -> bool {
        let half = |day: &ClosedDay| {
            day.closed_from.is_some_and(|from| time >= from)
                && day.date_in(date.year()) == Some(date)
        };
        !self.is_working_day(date) || self.closed.iter().any(half)
    }

    /// Whether the office is open on `date`, and if not, why.
    #[must_use]
    pub fn status(&self, date: Date) -> DayStatus {
        let falling = || {
            self.closed
                .iter()
                .filter(|day| day.date_in(date.year()) == Some(date))
        };
        let names = |whole: bool| -> Vec<Name> {
            falling()
                .filter(|day| day.is_whole() == whole)
                .map(|day| day.name.clone())
                .collect()
        };
        let weekend = self.weekend.contains(&Weekday::of(date));
        let because = names(true);
        if weekend || !because.is_empty() {
            return DayStatus::Closed { weekend, because };
        }
        match falling().filter_map(|day| day.closed_from).min() {
            Some(closed_from) => DayStatus::Half {
                closed_from,
                because: names(false),
            },
            None => DayStatus::Open,
        }
    }

    /// The closed days of a year with their dates, in order, weekends left out. Two may share a date.
    #[must_use]
    pub fn days_in_year(&self, year: i16) -> Vec<(Date, &ClosedDay)> {
        let mut days: Vec<_> = self
            .closed
            .iter()
            .filter_map(|day| Some((day.date_in(year)?, day)))
            .collect();
        days.sort_by_key(|(date, _)| *date);
        days
    }

    /// `date`, or the next working day when it is closed.
    ///
    /// # Errors
    /// When there is no working day within 400 days.
    pub fn open_from(&self, date: Date) -> Result<Date, Outside> {
        if self.is_working_day(date) {
            return Ok(date);
        }
        self.working_days_after(date, 1)
    }

    /// The `count`th working day after `date`, `date` itself not counted. With a count of 0, `date`.
    ///
    /// # Errors
    /// When 400 days pass without a working day, or the years run out.
    pub fn working_days_after(&self, date: Date, count: u32) -> Result<Date, Outside> {
        self.walk(date, count, Date::tomorrow)
    }

    /// The `count`th working day before `date`, `date` itself not counted. With a count of 0, `date`.
    ///
    /// # Errors
    /// When 400 days pass without a working day, or the years run out.
    pub fn working_days_before(&self, date: Date, count: u32) -> Result<Date, Outside> {
        self.walk(date, count, Date::yesterday)
    }

    /// How many working days lie after `from` up to and with `to`. 0 when `to` is not after `from`.
    #[must_use]
    pub fn working_days_between(&self, from: Date, to: Date) -> u32 {
        let mut count = 0;
        let mut date = from;
        while date < to {
            let Ok(next) = date.tomorrow() else { break };
            date = next;
            count += u32::from(self.is_working_day(date));
        }
        count
    }

    fn walk(
        &self,
        from: Date,
        count: u32,
        step: fn(Date) -> Result<Date, jiff::Error>,
    ) -> Result<Date, Outside> {
        let (mut date, mut left, mut closed) = (from, count, 0);
        while left > 0 {
            date = step(date).map_err(|_| Outside::Years { from })?;
            if self.is_working_day(date) {
                (left, closed) = (left - 1, 0);
            } else {
                closed += 1;
                if closed > SEARCH_DAYS {
                    return Err(Outside::NoWorkingDay {
                        calendar: self.name.clone(),
                        from,
                    });
                }
            }
        }
        Ok(date)
    }
}

impl TryFrom<Stored> for Calendar {
    type Error = Misread;
    fn try_from(stored: Stored) -> Result<Self, Misread> {
        Self::new(stored.name, stored.zone, stored.weekend, stored.closed)
    }
}

impl From<Calendar> for Stored {
    fn from(calendar: Calendar) -> Self {
        Self {
            name: calendar.name,
            zone: calendar.zone,
            weekend: calendar.weekend,
            closed: calendar.closed,
        }
    }
}
