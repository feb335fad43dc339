//! A length of time as a designer means it: a count of one unit. Reading one is in `read_duration`.

use super::misread::Misread;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a duration counts. Minutes and hours are exact; the others count local dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// 60 seconds each.
    Minutes,
    /// 60 minutes each.
    Hours,
    /// Local dates.
    Days,
    /// Seven local dates each.
    Weeks,
    /// The same day of a later month, or that month's last day.
    Months,
    /// Local dates on which the calendar is open, if only for half a day.
    WorkingDays,
}

impl Unit {
    pub(super) const ALL: [Self; 6] = [
        Self::Minutes,
        Self::Hours,
        Self::Days,
        Self::Weeks,
        Self::Months,
        Self::WorkingDays,
    ];

    /// Whether the unit is a fixed number of seconds, to which dates and clock changes mean nothing.
    #[must_use]
    pub fn is_exact(self) -> bool {
        matches!(self, Self::Minutes | Self::Hours)
    }

    /// The largest count: a hundred years. Beyond that a number is a slip, and arithmetic could leave the calendar.
    #[must_use]
    pub fn most(self) -> u32 {
        match self {
            Self::Minutes => 100 * 366 * 24 * 60,
            Self::Hours => 100 * 366 * 24,
            Self::Days | Self::WorkingDays => 100 * 366,
            Self::Weeks => 100 * 53,
            Self::Months => 100 * 12,
        }
    }

    /// The unit's English name for a count.
    pub(super) fn english(self, count: u32) -> &'static str {
        match (self, count == 1) {
            (Self::Minutes, true) => "minute",
            (Self::Minutes, false) => "minutes",
            (Self::Hours, true) => "hour",
            (Self::Hours, false) => "hours",
            (Self::Days, true) => "day",
            (Self::Days, false) => "days",
            (Self::Weeks, true) => "week",
            (Self::Weeks, false) => "weeks",
            (Self::Months, true) => "month",
            (Self::Months, false) => "months",
            (Self::WorkingDays, true) => "working day",
            (Self::WorkingDays, false) => "working days",
        }
    }

    fn danish(self, count: u32) -> &'static str {
        match (self, count == 1) {
            (Self::Minutes, true) => "minut",
            (Self::Minutes, false) => "minutter",
            (Self::Hours, true) => "time",
            (Self::Hours, false) => "timer",
            (Self::Days, true) => "dag",
            (Self::Days, false) => "dage",
            (Self::Weeks, true) => "uge",
            (Self::Weeks, false) => "uger",
            (Self::Months, true) => "måned",
            (Self::Months, false) => "måneder",
            (Self::WorkingDays, true) => "hverdag",
            (Self::WorkingDays, false) => "hverdage",
        }
    }
}

/// A count of one unit, at most a hundred years. Stored as it is written: `10 working days`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Duration {
    count: u32,
    unit: Unit,
}

impl Duration {
    /// Until the end of the day on which it starts.
    pub const SAME_DAY: Self = Self {
        count: 0,
        unit: Unit::Days,
    };

    /// `count` of `unit`.
    ///
    /// # Errors
    /// When that is more than a hundred years.
    pub fn new(count: u32, unit: Unit) -> Result<Self, Misread> {
        if count > unit.most() {
            return Err(too_long(&format!("{count} {}", unit.english(count))));
        }
        Ok(Self { count, unit })
    }

    /// How many.
    #[must_use]
    pub fn count(self) -> u32 {
        self.count
    }

    /// Of what.
    #[must_use]
    pub fn unit(self) -> Unit {
        self.unit
    }

    /// The duration in words for people: Danish for `da`, English for every other language.
    #[must_use]
    pub fn in_language(self, language: &str) -> String {
        match language {
            "da" if self == Self::SAME_DAY => "samme dag".to_owned(),
            "da" => format!("{} {}", self.count, self.unit.danish(self.count)),
            _ => self.to_string(),
        }
    }
}

pub(super) fn too_long(written: &str) -> Misread {
    Misread::new(
        format!("`{written}` is longer than a hundred years"),
        "write a shorter duration",
    )
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::SAME_DAY {
            return f.pad("same day");
        }
        f.pad(&format!("{} {}", self.count, self.unit.english(self.count)))
    }
}

impl TryFrom<String> for Duration {
    type Error = Misread;
    fn try_from(text: String) -> Result<Self, Misread> {
        Self::parse(&text)
    }
}

impl From<Duration> for String {
    fn from(duration: Duration) -> Self {
        duration.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_people() {
        let ten = Duration::new(10, Unit::WorkingDays).unwrap();
        assert_eq!(ten.to_string(), "10 working days");
        assert_eq!(ten.in_language("da"), "10 hverdage");
        assert_eq!(Duration::SAME_DAY.to_string(), "same day");
        assert_eq!(Duration::SAME_DAY.in_language("da"), "samme dag");
        let month = Duration::new(1, Unit::Months).unwrap();
        assert_eq!(
            (month.in_language("da"), month.in_language("en")),
            ("1 måned".into(), "1 month".into())
        );
    }

    #[test]
    fn stored_as_written_and_never_too_long() {
        let two = Duration::new(2, Unit::Weeks).unwrap();
        assert_eq!(serde_json::to_string(&two).unwrap(), "\"2 weeks\"");
        assert_eq!(
            serde_json::from_str::<Duration>("\"2 weeks\"").unwrap(),
            two
        );
        assert_eq!(
            Duration::new(1201, Unit::Months).unwrap_err().message,
            "`1201 months` is longer than a hundred years"
        );
    }
}
