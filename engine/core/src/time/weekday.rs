//! The days of the week, as a plan stores them and as people write them.

use super::misread::{Misread, nearest};
use jiff::civil;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A day of the week, in the order of ISO 8601. Stored by its lower case English name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

const ENGLISH: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];
const DANISH: [&str; 7] = [
    "mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag",
];

impl Weekday {
    /// The seven days, Monday first.
    pub const ALL: [Self; 7] = [
        Self::Monday,
        Self::Tuesday,
        Self::Wednesday,
        Self::Thursday,
        Self::Friday,
        Self::Saturday,
        Self::Sunday,
    ];

    /// The weekday of `date`.
    #[must_use]
    pub fn of(date: civil::Date) -> Self {
        match date.weekday() {
            civil::Weekday::Monday => Self::Monday,
            civil::Weekday::Tuesday => Self::Tuesday,
            civil::Weekday::Wednesday => Self::Wednesday,
            civil::Weekday::Thursday => Self::Thursday,
            civil::Weekday::Friday => Self::Friday,
            civil::Weekday::Saturday => Self::Saturday,
            civil::Weekday::Sunday => Self::Sunday,
        }
    }

    /// Reads an English name, in any case.
    ///
    /// # Errors
    /// When `text` is no weekday's full English name; the help says which one is meant where that can be told.
    pub fn parse(text: &str) -> Result<Self, Misread> {
        let word = text.trim().to_lowercase();
        if let Some(day) = Self::ALL.into_iter().find(|day| day.name() == word) {
            return Ok(day);
        }
        let meant = Self::ALL.into_iter().find(|day| {
            let (english, danish) = (day.name(), DANISH[*day as usize]);
            let start = word.trim_end_matches('.');
            danish == word
                || start.len() >= 3 && (english.starts_with(start) || danish.starts_with(start))
        });
        let help = match meant.map(Self::name).or_else(|| nearest(&word, ENGLISH)) {
            Some(name) => format!("did you mean `{name}`?"),
            None => "write a weekday such as `monday`".to_owned(),
        };
        Err(Misread::new(
            format!("`{}` is not a weekday", text.trim()),
            help,
        ))
    }

    /// The lower case English name.
    #[must_use]
    pub fn name(self) -> &'static str {
        ENGLISH[self as usize]
    }
}

impl fmt::Display for Weekday {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_and_slips_are_named() {
        assert_eq!(Weekday::parse("Wednesday"), Ok(Weekday::Wednesday));
        for (text, help) in [
            ("wensday", "did you mean `wednesday`?"),
            ("onsdag", "did you mean `wednesday`?"),
            ("tue", "did you mean `tuesday`?"),
            ("fridays", "did you mean `friday`?"),
            ("x", "write a weekday such as `monday`"),
        ] {
            assert_eq!(Weekday::parse(text).unwrap_err().help, help, "{text}");
        }
    }
}
