//! A cron line: five fields read by `croner`, searched in local time only, so that clock changes are decided in one place.

use super::misread::Misread;
use croner::errors::CronError;
use croner::{CivilDateTime, Cron, CronDateTime, Resolution};
use jiff::Span;
use jiff::civil::{DateTime, date};
use serde::{Deserialize, Serialize};
use std::{cmp::Ordering, fmt, str::FromStr, sync::Arc};

/// A cron line of five fields (minute, hour, day of month, month, weekday), read once. Stored as it is written.
///
/// When both the day of the month and the weekday are given, either is enough, as cron has always had it.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CronLine {
    line: String,
    read: Arc<Cron>,
}

/// A field's place in the line, its name, and what may stand in it.
const FIELDS: [(&str, &str); 5] = [
    ("a minute", "minutes go from 0 to 59"),
    ("an hour", "hours go from 0 to 23; midnight is 0"),
    (
        "a day of the month",
        "days go from 1 to 31; the last is `L`",
    ),
    ("a month", "months go from 1 to 12, or `JAN` to `DEC`"),
    (
        "a weekday",
        "weekdays go from `MON` to `SUN`, or from 0 to 7, where 1 is Monday",
    ),
];

impl CronLine {
    /// Reads a cron line of five fields.
    ///
    /// # Errors
    /// When there are not five fields, a field cannot be read, or no date ever matches (`0 0 30 2 *`).
    pub fn parse(text: &str) -> Result<Self, Misread> {
        let fields: Vec<&str> = text.split_whitespace().collect();
        let line = fields.join(" ");
        if fields.len() != FIELDS.len() {
            let help = match line.to_lowercase().as_str() {
                "@hourly" => "write `0 * * * *`",
                "@daily" | "@midnight" => "write `0 0 * * *`",
                "@weekly" => "write `0 0 * * MON`",
                "@monthly" => "write `0 0 1 * *`",
                _ => {
                    "a cron line has five: minute, hour, day of the month, month, weekday, such as `0 6 * * MON`"
                }
            };
            let count = match fields.len() {
                1 => "1 field".to_owned(),
                count => format!("{count} fields"),
            };
            return Err(Misread::new(format!("`{line}` has {count}"), help));
        }
        for (place, (field, (name, help))) in fields.iter().zip(FIELDS).enumerate() {
            let mut alone = ["*"; FIELDS.len()];
            alone[place] = field;
            if Cron::from_str(&alone.join(" ")).is_err() {
                return Err(Misread::new(format!("`{field}` is not {name}"), help));
            }
        }
        let read = Cron::from_str(&line).map_err(|_| {
            Misread::new(
                format!("`{line}` is not a cron line"),
                "write it like `0 6 * * MON`",
            )
        })?;
        let line = Self {
            line,
            read: Arc::new(read),
        };
        if line.next_from(date(2000, 1, 1).at(0, 0, 0, 0)).is_none() {
            return Err(Misread::new(
                format!("`{}` never happens: no date matches it", line.line),
                "choose a day that its month has",
            ));
        }
        Ok(line)
    }

    /// The line, with single spaces.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.line
    }

    /// The first local time at or after `from`, a whole minute.
    pub(super) fn next_from(&self, from: DateTime) -> Option<DateTime> {
        let next = self
            .read
            .find_next_occurrence(&Wall::new(from)?, true)
            .ok()?;
        Some(next.local)
    }
}

/// What the clock on the wall says, which has no gaps and no folds, in `jiff`'s form and in `croner`'s.
#[derive(Clone)]
struct Wall {
    local: DateTime,
    civil: CivilDateTime,
}

impl Wall {
    /// Nothing outside the years that `croner` knows.
    fn new(local: DateTime) -> Option<Self> {
        let part = |value: i8| u32::from(value.unsigned_abs());
        let civil = CivilDateTime::from_ymd_hms_opt(
            i32::from(local.year()),
            part(local.month()),
            part(local.day()),
            part(local.hour()),
            part(local.minute()),
            part(local.second()),
        )?;
        (1..5000)
            .contains(&local.year())
            .then_some(Self { local, civil })
    }
}

impl CronDateTime for Wall {
    fn to_civil(&self) -> CivilDateTime {
        self.civil
    }

    fn civil_weekday(&self) -> croner::Weekday {
        croner::Weekday::from_days_from_sunday(u32::from(
            self.local.weekday().to_sunday_zero_offset().unsigned_abs(),
        ))
    }

    fn resolve_civil(&self, civil: CivilDateTime) -> Result<Resolution<Self>, CronError> {
        let small = |value: u32| i8::try_from(value).map_err(|_| CronError::InvalidDate);
        let year = i16::try_from(civil.year()).map_err(|_| CronError::InvalidDate)?;
        let (month, day) = (small(civil.month())?, small(civil.day())?);
        let (hour, minute, second) = (
            small(civil.hour())?,
            small(civil.minute())?,
            small(civil.second())?,
        );
        DateTime::new(year, month, day, hour, minute, second, 0)
            .map(|local| Resolution::Single(Self { local, civil }))
            .map_err(|_| CronError::InvalidDate)
    }

    fn checked_add_seconds(&self, seconds: i64) -> Option<Self> {
        let span = Span::new().try_seconds(seconds).ok()?;
        Self::new(self.local.checked_add(span).ok()?)
    }

    fn cmp_instant(&self, other: &Self) -> Ordering {
        self.local.cmp(&other.local)
    }
}

impl TryFrom<String> for CronLine {
    type Error = Misread;
    fn try_from(text: String) -> Result<Self, Misread> {
        Self::parse(&text)
    }
}

impl From<CronLine> for String {
    fn from(line: CronLine) -> Self {
        line.line
    }
}

impl fmt::Display for CronLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.line)
    }
}

impl fmt::Debug for CronLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CronLine({})", self.line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_field_is_named_when_it_is_wrong() {
        for (text, message, help) in [
            ("61 * * * *", "`61` is not a minute", FIELDS[0].1),
            ("0 24 * * *", "`24` is not an hour", FIELDS[1].1),
            ("0 0 32 * *", "`32` is not a day of the month", FIELDS[2].1),
            ("0 0 * 13 *", "`13` is not a month", FIELDS[3].1),
            ("0 0 * * MANDAG", "`MANDAG` is not a weekday", FIELDS[4].1),
            (
                "0 0 30 2 *",
                "`0 0 30 2 *` never happens: no date matches it",
                "choose a day that its month has",
            ),
            (
                "0 0 0 * * *",
                "`0 0 0 * * *` has 6 fields",
                "a cron line has five: minute, hour, day of the month, month, weekday, such as `0 6 * * MON`",
            ),
            ("@daily", "`@daily` has 1 field", "write `0 0 * * *`"),
        ] {
            let error = CronLine::parse(text).unwrap_err();
            assert_eq!(
                (error.message.as_str(), error.help.as_str()),
                (message, help),
                "{text}"
            );
        }
    }

    #[test]
    fn stored_as_written() {
        let line = CronLine::parse("0  6 * *  MON").unwrap();
        let json = serde_json::to_string(&line).unwrap();
        assert_eq!(json, "\"0 6 * * MON\"");
        assert_eq!(serde_json::from_str::<CronLine>(&json).unwrap(), line);
        assert_eq!(
            line.next_from(date(2026, 3, 25).at(12, 0, 0, 0)),
            Some(date(2026, 3, 30).at(6, 0, 0, 0))
        );
    }
}
