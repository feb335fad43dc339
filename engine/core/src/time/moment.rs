//! Reading a date or an instant as people write it. What can be meant in two ways is refused.

use super::misread::Misread;
use super::outside::Outside;
use super::time_of_day::{number, parse_time};
use super::zone::Zone;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::AmbiguousOffset;

const DATE_FORM: &str = "write a date as year-month-day, such as `2026-03-27`";
/// The instant without what is below a microsecond: all that is ever stored.
#[must_use]
pub fn whole_microseconds(at: Timestamp) -> Timestamp {
    // Cutting digits off an instant cannot leave the years that it came from.
    Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(at)
}

/// Reads a date written `2026-03-27`.
///
/// # Errors
/// When it is written otherwise or does not exist. For an ambiguous date (`03/04/2026`) the help gives each reading.
pub fn parse_date(text: &str) -> Result<Date, Misread> {
    let text = text.trim();
    let parts: Vec<&str> = text.split(['-', '/', '.']).collect();
    let numbers: Option<Vec<i16>> = parts.iter().map(|part| number(part)).collect();
    let Some(&[a, b, c]) = numbers.as_deref() else {
        return Err(Misread::new(format!("`{text}` is not a date"), DATE_FORM));
    };
    if parts[0].len() == 4 {
        let Some(date) = real(a, b, c) else {
            return Err(no_such_date(text, a, b));
        };
        if date.to_string() == text {
            return Ok(date);
        }
        return Err(Misread::new(
            format!("`{text}` is not written as a date"),
            format!("write `{date}`"),
        ));
    }
    let year = match parts[2].len() {
        4 => c,
        2 => 2000 + c,
        _ => return Err(Misread::new(format!("`{text}` is not a date"), DATE_FORM)),
    };
    let message = format!("`{text}` is an ambiguous date");
    // With dots the day always comes first; with slashes and dashes either may.
    let month_first = if text.contains('.') {
        None
    } else {
        real(year, a, b)
    };
    match (real(year, b, a), month_first) {
        (Some(one), Some(other)) if one != other => Err(Misread::new(
            message,
            format!("write it as `{one}` or `{other}` (year-month-day)"),
        )),
        (Some(date), _) | (None, Some(date)) => Err(Misread::new(
            message,
            format!("write it as `{date}` (year-month-day)"),
        )),
        (None, None) => Err(Misread::new(format!("`{text}` is not a date"), DATE_FORM)),
    }
}

/// Reads an instant: a date (its first instant in `zone`), a date and a local time (`2026-03-27 14:00`), or RFC 3339 with
/// an offset (`2026-03-27T14:00:00+01:00`). What is below a microsecond is cut off.
///
/// # Errors
/// When it is written otherwise, or the local time does not exist or happens twice in the zone: then the help gives the
/// forms that are one instant.
pub fn parse_instant(text: &str, zone: &Zone) -> Result<Timestamp, Misread> {
    let text = text.trim();
    let outside =
        |error: Outside| Misread::new(format!("`{text}` cannot be kept"), error.to_string());
    let split = text
        .char_indices()
        .find(|(_, c)| ['T', 't', ' '].contains(c))
        .map(|(at, _)| at)
        // A word is not a day with a time behind its `t`.
        .filter(|_| text.starts_with(|c: char| c.is_ascii_digit()));
    let Some(split) = split else {
        return zone.start_of(parse_date(text)?).map_err(outside);
    };
    let (day, rest) = (&text[..split], text[split + 1..].trim());
    // A number that is followed by something is no date, such as a duration: the whole of it is what was written.
    let date = match parse_date(day) {
        Err(_) if number(day).is_some() => {
            return Err(Misread::new(format!("`{text}` is not a date"), DATE_FORM));
        }
        date => date?,
    };
    if rest.ends_with(['Z', 'z']) || rest.contains(['+', '-', '−']) {
        let clock_end = rest.find(['Z', 'z', '+', '-', '−']).unwrap_or(rest.len());
        if rest.starts_with("24:") {
            parse_time(&rest[..clock_end])?;
        }
        return match format!("{date}T{rest}").parse::<Timestamp>() {
            Ok(at) if !rest.contains('[') => Ok(whole_microseconds(at)),
            _ => Err(Misread::new(
                format!("`{text}` is not an instant"),
                "write it like `2026-03-27T14:00:00+01:00`",
            )),
        };
    }
    let local = date.to_datetime(parse_time(rest)?);
    match zone.time_zone().to_ambiguous_timestamp(local).offset() {
        AmbiguousOffset::Unambiguous { .. } => zone.instant(local).map_err(outside),
        AmbiguousOffset::Gap { .. } => {
            let next = zone.local(zone.instant(local).map_err(outside)?);
            Err(Misread::new(
                format!(
                    "`{text}` does not exist in {}: the clock is put forward",
                    zone.name()
                ),
                format!(
                    "the first time after it is `{}`",
                    next.strftime("%Y-%m-%d %H:%M")
                ),
            ))
        }
        AmbiguousOffset::Fold { before, after } => Err(Misread::new(
            format!(
                "`{text}` happens twice in {}: the clock is put back",
                zone.name()
            ),
            format!(
                "write `{local}{}` for the first or `{local}{}` for the second",
                offset(before),
                offset(after)
            ),
        )),
    }
}

fn offset(offset: jiff::tz::Offset) -> String {
    let seconds = offset.seconds();
    let sign = if seconds < 0 { '-' } else { '+' };
    let minutes = seconds.unsigned_abs() / 60;
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

fn real(year: i16, month: i16, day: i16) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

fn no_such_date(text: &str, year: i16, month: i16) -> Misread {
    let help = match real(year, month, 1) {
        Some(first) => format!(
            "{} has {} days",
            first.strftime("%B %Y"),
            first.days_in_month()
        ),
        None => "months go from 01 to 12".to_owned(),
    };
    Misread::new(format!("`{text}` does not exist"), help)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone() -> Zone {
        Zone::find("Europe/Copenhagen").unwrap()
    }

    #[test]
    fn instants_in_each_form() {
        for (text, utc) in [
            ("2026-03-27", "2026-03-26T23:00:00Z"),
            ("2026-03-27 14:00", "2026-03-27T13:00:00Z"),
            ("2026-03-27T14:00:30", "2026-03-27T13:00:30Z"),
            ("2026-03-27T14:00:00+01:00", "2026-03-27T13:00:00Z"),
            ("2026-03-27T13:00Z", "2026-03-27T13:00:00Z"),
            (
                "2026-03-27 13:00:00.1234567Z",
                "2026-03-27T13:00:00.123456Z",
            ),
            ("2026-10-25T02:30:00+01:00", "2026-10-25T01:30:00Z"),
        ] {
            assert_eq!(
                parse_instant(text, &zone()).unwrap().to_string(),
                utc,
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_refused_says_what_to_write() {
        for (text, message, help) in [
            (
                "3.4.2026",
                "`3.4.2026` is an ambiguous date",
                "write it as `2026-04-03` (year-month-day)",
            ),
            (
                "03/04/2026",
                "`03/04/2026` is an ambiguous date",
                "write it as `2026-04-03` or `2026-03-04` (year-month-day)",
            ),
            (
                "04/13/2026",
                "`04/13/2026` is an ambiguous date",
                "write it as `2026-04-13` (year-month-day)",
            ),
            (
                "2026-3-7",
                "`2026-3-7` is not written as a date",
                "write `2026-03-07`",
            ),
            (
                "2026-02-30",
                "`2026-02-30` does not exist",
                "February 2026 has 28 days",
            ),
            (
                "2026-13-01",
                "`2026-13-01` does not exist",
                "months go from 01 to 12",
            ),
            ("friday", "`friday` is not a date", DATE_FORM),
            (
                "2026-03-27 24:00",
                "`24:00` is not a time of day",
                "write `00:00` of the next day",
            ),
            (
                "2026-03-27T24:00:00Z",
                "`24:00:00` is not a time of day",
                "write `00:00` of the next day",
            ),
            (
                "2026-03-27 13.00",
                "`13.00` is not a time of day",
                "write `13:00`",
            ),
            (
                "2026-03-27 kl. 13",
                "`kl. 13` is not a time of day",
                "write `13:00`",
            ),
            (
                "2026-03-27 1pm",
                "`1pm` is not a time of day",
                "write `13:00`",
            ),
            (
                "2026-03-29 02:30",
                "`2026-03-29 02:30` does not exist in Europe/Copenhagen: the clock is put forward",
                "the first time after it is `2026-03-29 03:00`",
            ),
            (
                "2026-10-25 02:30",
                "`2026-10-25 02:30` happens twice in Europe/Copenhagen: the clock is put back",
                "write `2026-10-25T02:30:00+02:00` for the first or `2026-10-25T02:30:00+01:00` for the second",
            ),
        ] {
            let error = parse_instant(text, &zone()).unwrap_err();
            assert_eq!(
                (error.message.as_str(), error.help.as_str()),
                (message, help),
                "{text}"
            );
        }
    }
}
