//! A time zone: between instants and what the clock on the wall says. Its data is compiled in, never read from the machine.

use super::misread::{Misread, nearest};
use super::outside::Outside;
use crate::name::Name;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A time zone, looked up once and then cheap to use and to clone. Stored as its IANA name.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Name", into = "Name")]
pub struct Zone {
    name: Name,
    rules: TimeZone,
}

impl Zone {
    /// The zone with the IANA name `name` (`Europe/Copenhagen`, `UTC`), in any case.
    ///
    /// # Errors
    /// When no such zone is known.
    pub fn find(name: &str) -> Result<Self, Misread> {
        let zones = TimeZoneDatabase::bundled();
        match zones.get(name.trim()) {
            Ok(rules) if !rules.is_unknown() => Ok(Self {
                name: Name::from(rules.iana_name().unwrap_or(name.trim())),
                rules,
            }),
            _ => {
                let known: Vec<String> = zones.available().map(|z| z.to_string()).collect();
                let help = match nearest(name.trim(), known.iter().map(String::as_str)) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "write a zone of the IANA list, such as `Europe/Copenhagen`".to_owned(),
                };
                Err(Misread::new(
                    format!("`{}` is not a known time zone", name.trim()),
                    help,
                ))
            }
        }
    }

    /// The IANA name, spelt as the list spells it.
    #[must_use]
    pub fn name(&self) -> &Name {
        &self.name
    }

    /// The zone's rules.
    #[must_use]
    pub fn time_zone(&self) -> &TimeZone {
        &self.rules
    }

    /// What the clock on the wall says at an instant.
    #[must_use]
    pub fn local(&self, at: Timestamp) -> DateTime {
        self.rules.to_datetime(at)
    }

    /// The local date at an instant.
    #[must_use]
    pub fn date(&self, at: Timestamp) -> Date {
        self.local(at).date()
    }

    /// The instant of a local time: the first instant after the gap when the clock skips it, the first of the two when
    /// it happens twice. Later local times never give earlier instants.
    ///
    /// # Errors
    /// When the instant lies outside the years -9999 to 9999.
    pub fn instant(&self, local: DateTime) -> Result<Timestamp, Outside> {
        let outside = |_| Outside::Years { from: local.date() };
        match self.rules.to_ambiguous_timestamp(local).offset() {
            AmbiguousOffset::Unambiguous { offset } => offset.to_timestamp(local).map_err(outside),
            AmbiguousOffset::Fold { before, .. } => before.to_timestamp(local).map_err(outside),
            AmbiguousOffset::Gap { after, .. } => {
                // Read with the offset that is not yet in force, a skipped time lies just before the change of clocks.
                let before_change = after.to_timestamp(local).map_err(outside)?;
                match self.rules.following(before_change).next() {
                    Some(change) => Ok(change.timestamp()),
                    None => Ok(before_change),
                }
            }
        }
    }

    /// The first instant of a local date. That is 00:00, or where the clock skips it, the first instant after.
    ///
    /// # Errors
    /// When the instant lies outside the years -9999 to 9999.
    pub fn start_of(&self, date: Date) -> Result<Timestamp, Outside> {
        self.instant(date.to_datetime(Time::midnight()))
    }
}

impl TryFrom<Name> for Zone {
    type Error = Misread;
    fn try_from(name: Name) -> Result<Self, Misread> {
        Self::find(&name)
    }
}

impl From<Zone> for Name {
    fn from(zone: Zone) -> Self {
        zone.name
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Zone({})", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn utc(zone: &str, local: DateTime) -> String {
        Zone::find(zone)
            .unwrap()
            .instant(local)
            .unwrap()
            .to_string()
    }

    #[test]
    fn a_skipped_time_is_the_first_instant_after_and_a_repeated_one_the_first() {
        let copenhagen = "europe/copenhagen";
        assert_eq!(
            utc(copenhagen, date(2026, 3, 29).at(2, 0, 0, 0)),
            "2026-03-29T01:00:00Z"
        );
        assert_eq!(
            utc(copenhagen, date(2026, 3, 29).at(2, 30, 0, 0)),
            "2026-03-29T01:00:00Z"
        );
        assert_eq!(
            utc(copenhagen, date(2026, 3, 29).at(3, 0, 0, 0)),
            "2026-03-29T01:00:00Z"
        );
        assert_eq!(
            utc(copenhagen, date(2026, 10, 25).at(2, 30, 0, 0)),
            "2026-10-25T00:30:00Z"
        );
        // No midnight in Santiago on 6 September 2026; no 30 December 2011 at all in Apia.
        assert_eq!(
            utc("America/Santiago", date(2026, 9, 6).at(0, 0, 0, 0)),
            "2026-09-06T04:00:00Z"
        );
        assert_eq!(
            utc("Pacific/Apia", date(2011, 12, 30).at(9, 0, 0, 0)),
            "2011-12-30T10:00:00Z"
        );
    }

    #[test]
    fn a_stored_zone_is_its_name_and_an_unknown_one_is_refused() {
        let zone = Zone::find("europe/copenhagen").unwrap();
        let json = serde_json::to_string(&zone).unwrap();
        assert_eq!(json, "\"Europe/Copenhagen\"");
        assert_eq!(serde_json::from_str::<Zone>(&json).unwrap(), zone);
        let error = Zone::find("Europe/Copenhagn").unwrap_err();
        assert_eq!(error.message, "`Europe/Copenhagn` is not a known time zone");
        assert_eq!(error.help, "did you mean `Europe/Copenhagen`?");
        assert!(Zone::find("Etc/Unknown").is_err());
    }
}
