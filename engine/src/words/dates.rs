//! Dates and times as people say them, seen from the reader's today.

use super::{reader::Reader, tongue::Label};
use forloeb_core::{
    case::Due,
    plan::OnHold,
    time::{Limit, Unit},
};
use jiff::{Timestamp, civil::Date};

/// A limit as a page says it, and how far away it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// In words: `3 days overdue`, `today`, `Thu 3 Dec`.
    pub words: String,
    /// How near it is.
    pub nearness: Nearness,
}

/// How near a limit is, in the groups of a to-do list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Nearness {
    /// It has run out.
    Overdue,
    /// Its last day is today.
    Today,
    /// Its last day is within this week, or the next two days.
    ThisWeek,
    /// Its last day is later.
    Later,
    /// It stands still: the case is on hold, and gets the remaining time back.
    OnHold,
    /// There is no limit.
    NoDate,
}

/// Days from `a` to `b`, negative when `b` comes first.
pub(super) fn days_between(a: Date, b: Date) -> i64 {
    b.duration_since(a).as_hours() / 24
}

impl Reader<'_> {
    /// `Mon 5 Oct`, with the year where it is not this one.
    #[must_use]
    pub fn date(&self, date: Date) -> String {
        let year = (date.year() != self.today().year()).then(|| date.year());
        self.dated(date, year)
    }

    /// `Mon 5 Oct 2026`, for records.
    #[must_use]
    pub fn full_date(&self, date: Date) -> String {
        self.dated(date, Some(date.year()))
    }

    fn dated(&self, date: Date, year: Option<i16>) -> String {
        let tongue = self.tongue();
        tongue.date(
            tongue.weekday(date.weekday()).0,
            date.day(),
            tongue.month(date.month()).0,
            year,
        )
    }

    /// `Monday 5 October 2026`, for headings.
    #[must_use]
    pub fn long_date(&self, date: Date) -> String {
        self.spelt_date(date, Some(date.year()))
    }

    /// `Monday 5 October`, for sentences, with the year where it is not this one.
    #[must_use]
    pub fn spoken_date(&self, date: Date) -> String {
        let year = (date.year() != self.today().year()).then(|| date.year());
        self.spelt_date(date, year)
    }

    fn spelt_date(&self, date: Date, year: Option<i16>) -> String {
        let tongue = self.tongue();
        tongue.long_date(
            tongue.weekday(date.weekday()).1,
            date.day(),
            tongue.month(date.month()).1,
            year,
        )
    }

    /// `14:30`.
    #[must_use]
    pub fn time(&self, at: Timestamp) -> String {
        let local = self.zone.to_datetime(at);
        self.tongue().time(local.hour(), local.minute())
    }

    /// `Mon 5 Oct 14:30`.
    #[must_use]
    pub fn moment(&self, at: Timestamp) -> String {
        self.tongue()
            .at_time(&self.date(self.day_of(at)), &self.time(at))
    }

    /// That a page tells of an instant that has passed.
    #[must_use]
    pub fn as_of(&self, at: Timestamp) -> String {
        self.tongue().as_of(&self.full_moment(at))
    }

    /// `Mon 5 Oct 2026 13:00`, for records.
    #[must_use]
    pub fn full_moment(&self, at: Timestamp) -> String {
        self.tongue()
            .at_time(&self.full_date(self.day_of(at)), &self.time(at))
    }

    /// The date of an instant, with the time only where the day did not begin with it.
    #[must_use]
    pub fn date_or_moment(&self, at: Timestamp) -> String {
        let local = self.zone.to_datetime(at);
        if local.time() == jiff::civil::Time::midnight() {
            self.date(local.date())
        } else {
            self.moment(at)
        }
    }

    /// `today`, `tomorrow`, `yesterday`, or the date.
    #[must_use]
    pub fn near_date(&self, date: Date) -> String {
        match days_between(self.today(), date) {
            -1 => self.label(Label::Yesterday).to_owned(),
            0 => self.label(Label::Today).to_owned(),
            1 => self.label(Label::Tomorrow).to_owned(),
            _ => self.date(date),
        }
    }

    /// `since Mon 5 Oct`, or only `today`.
    pub(super) fn since(&self, at: Timestamp) -> String {
        match self.day_of(at) {
            day if day == self.today() => self.label(Label::Today).to_owned(),
            day => self.tongue().since(&self.near_date(day)),
        }
    }

    /// How near a limit is.
    #[must_use]
    pub fn nearness(&self, limit: &Limit) -> Nearness {
        if limit.runs_out <= self.now {
            return Nearness::Overdue;
        }
        let days = days_between(self.today(), limit.last_day);
        let left_of_week = 7 - i64::from(self.today().weekday().to_monday_one_offset());
        match days {
            i64::MIN..=0 => Nearness::Today,
            days if days <= left_of_week.max(2) => Nearness::ThisWeek,
            _ => Nearness::Later,
        }
    }

    /// A limit in people's words.
    #[must_use]
    pub fn told(&self, limit: &Limit, exact: bool) -> Told {
        let nearness = self.nearness(limit);
        let days_over = days_between(limit.last_day, self.today());
        let words = match nearness {
            Nearness::Overdue if days_over > 0 => self.tongue().overdue_days(days_over),
            Nearness::Overdue => self
                .tongue()
                .overdue_since(&self.tongue().clock(&self.time(limit.runs_out))),
            _ if exact => {
                let day = self.near_date(self.day_of(limit.runs_out));
                self.tongue().at_time(&day, &self.time(limit.runs_out))
            }
            _ => self.near_date(limit.last_day),
        };
        Told { words, nearness }
    }

    /// When something is due, in people's words, for a case that has been on hold since then.
    #[must_use]
    pub fn due(&self, due: &Due, held_since: Option<Timestamp>) -> Told {
        let stands = |since: Timestamp| due.on_hold == OnHold::Stop && since < due.limit.runs_out;
        if held_since.is_some_and(stands) {
            return Told {
                words: self.label(Label::OnHold).to_lowercase(),
                nearness: Nearness::OnHold,
            };
        }
        let exact = matches!(due.unit, Unit::Minutes | Unit::Hours);
        self.told(&due.limit, exact)
    }

    /// The last day of a limit, for records; with the time of day where that was counted.
    pub(super) fn last_day(&self, due: &Due) -> String {
        match due.unit {
            Unit::Minutes | Unit::Hours => self.moment(due.limit.runs_out),
            _ => self.date(due.limit.last_day),
        }
    }
}
