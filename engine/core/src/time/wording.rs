//! Dates and times in words for people. Danish for `da`, English for every other language.

use super::zone::Zone;
use jiff::Timestamp;
use jiff::civil::Date;

const DANISH_DAYS: [&str; 7] = ["man", "tir", "ons", "tor", "fre", "lør", "søn"];
const DANISH_MONTHS: [&str; 12] = [
    "jan.", "feb.", "mar.", "apr.", "maj", "jun.", "jul.", "aug.", "sep.", "okt.", "nov.", "dec.",
];

/// A date: `fre 27. mar. 2026` or `Fri 27 Mar 2026`.
#[must_use]
pub fn format_date(language: &str, date: Date) -> String {
    if language != "da" {
        return date.strftime("%a %-d %b %Y").to_string();
    }
    let weekday = usize::from(date.weekday().to_monday_zero_offset().unsigned_abs());
    let month = usize::from(date.month().unsigned_abs()) - 1;
    format!(
        "{} {}. {} {}",
        DANISH_DAYS[weekday],
        date.day(),
        DANISH_MONTHS[month],
        date.year()
    )
}

/// The local date of an instant, as [`format_date`].
#[must_use]
pub fn format_day(language: &str, zone: &Zone, at: Timestamp) -> String {
    format_date(language, zone.date(at))
}

/// The local date and time of an instant, to the minute: `fre 27. mar. 2026 kl. 13.00` or `Fri 27 Mar 2026 13:00`.
#[must_use]
pub fn format_moment(language: &str, zone: &Zone, at: Timestamp) -> String {
    let local = zone.local(at);
    let day = format_date(language, local.date());
    match language {
        "da" => format!("{day} kl. {:02}.{:02}", local.hour(), local.minute()),
        _ => format!("{day} {:02}:{:02}", local.hour(), local.minute()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages() {
        let zone = Zone::find("Europe/Copenhagen").unwrap();
        let at: Timestamp = "2026-03-27T12:00:00Z".parse().unwrap();
        assert_eq!(format_day("da", &zone, at), "fre 27. mar. 2026");
        assert_eq!(format_day("en", &zone, at), "Fri 27 Mar 2026");
        assert_eq!(
            format_moment("da", &zone, at),
            "fre 27. mar. 2026 kl. 13.00"
        );
        assert_eq!(format_moment("en", &zone, at), "Fri 27 Mar 2026 13:00");
        assert_eq!(
            format_date("da", jiff::civil::date(2026, 5, 3)),
            "søn 3. maj 2026"
        );
    }
}
