//! Reading a duration from what a designer wrote. What to write instead is in `duration_slips`.

use super::duration::{Duration, Unit, too_long};
use super::duration_slips::{FORMS, fraction, no_number, unknown_unit};
use super::misread::Misread;

impl Duration {
    /// Reads `30 minutes`, `24 hours`, `3 days`, `2 weeks`, `1 month`, `10 working days`, `same day`, or one unit of
    /// ISO 8601 (`P2W`, `PT24H`, `P1Y`).
    ///
    /// # Errors
    /// When the text is anything else, or longer than a hundred years. Nothing is guessed: a number without a unit, a
    /// fraction and two units are errors.
    pub fn parse(text: &str) -> Result<Self, Misread> {
        let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
        let written = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let lower = words.join(" ");
        if lower.is_empty() {
            return Err(Misread::new("the duration is empty", FORMS));
        }
        if lower == "same day" {
            return Ok(Self::SAME_DAY);
        }
        if lower.ends_with(" ago") || lower.starts_with(['-', '−']) {
            return Err(Misread::new(
                format!("`{written}` is negative"),
                "a duration counts forward; write it without the sign or `ago`",
            ));
        }
        if let Some(iso) = lower.strip_prefix('p')
            && iso.starts_with(|c: char| c.is_ascii_digit() || c == 't' || c == '-')
        {
            return iso_8601(&written, iso);
        }
        let digits = lower.len() - lower.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, rest) = lower.split_at(digits);
        if number.is_empty() {
            return Err(no_number(&written, &lower));
        }
        if rest.starts_with([',', '.', '/', '½', '¼', '¾']) {
            return Err(fraction(&written));
        }
        if rest.trim().is_empty() {
            return Err(Misread::new(
                format!("`{written}` has no unit"),
                format!("write `{written} days` or `{written} working days`"),
            ));
        }
        let unit = unit(rest.trim()).ok_or_else(|| unknown_unit(&written, number, rest.trim()))?;
        if !rest.starts_with(' ') {
            return Err(Misread::new(
                format!("`{written}` has no space between number and unit"),
                format!("write `{number} {}`", rest.trim()),
            ));
        }
        counted(&written, number, unit, 1)
    }
}

pub(super) fn unit(word: &str) -> Option<Unit> {
    Unit::ALL
        .into_iter()
        .find(|unit| word == unit.english(1) || word == unit.english(2))
}

fn counted(written: &str, number: &str, unit: Unit, times: u32) -> Result<Duration, Misread> {
    number
        .parse::<u32>()
        .ok()
        .and_then(|count| count.checked_mul(times))
        .and_then(|count| Duration::new(count, unit).ok())
        .ok_or_else(|| too_long(written))
}

/// The part after `P`, in lower case.
fn iso_8601(written: &str, iso: &str) -> Result<Duration, Misread> {
    let (exact, body) = match iso.strip_prefix('t') {
        Some(rest) => (true, rest),
        None => (false, iso),
    };
    if body.contains('-') {
        return Err(Misread::new(
            format!("`{written}` is negative"),
            "a duration counts forward",
        ));
    }
    if body.contains(['.', ',']) {
        return Err(fraction(written));
    }
    let digits = body.len() - body.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, letter) = body.split_at(digits);
    let known = match (exact, letter) {
        (true, "m") => Some((Unit::Minutes, 1)),
        (true, "h") => Some((Unit::Hours, 1)),
        (false, "d") => Some((Unit::Days, 1)),
        (false, "w") => Some((Unit::Weeks, 1)),
        (false, "m") => Some((Unit::Months, 1)),
        (false, "y") => Some((Unit::Months, 12)),
        _ => None,
    };
    match known {
        Some((unit, times)) if !number.is_empty() => counted(written, number, unit, times),
        _ if letter.contains(|c: char| c.is_ascii_digit()) => Err(Misread::new(
            format!("`{written}` has more than one unit"),
            FORMS,
        )),
        _ => Err(Misread::new(
            format!("`{written}` is not a duration that can be kept"),
            "ISO 8601 is read with one unit, such as `P2W`, `P3D`, `P1M` or `PT24H`",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read() {
        for (text, back) in [
            ("30 minutes", "30 minutes"),
            ("1 minute", "1 minute"),
            ("24 hours", "24 hours"),
            ("1 hours", "1 hour"),
            ("3 days", "3 days"),
            (" 2   Weeks ", "2 weeks"),
            ("1 month", "1 month"),
            ("10 working days", "10 working days"),
            ("0 days", "same day"),
            ("Same Day", "same day"),
            ("P2W", "2 weeks"),
            ("PT24H", "24 hours"),
            ("P3D", "3 days"),
            ("p1m", "1 month"),
            ("PT30M", "30 minutes"),
            ("P1Y", "12 months"),
        ] {
            assert_eq!(Duration::parse(text).unwrap().to_string(), back, "{text}");
        }
    }

    #[test]
    fn every_slip_says_what_to_write() {
        for (text, message, help) in [
            ("", "the duration is empty", FORMS),
            (
                "10",
                "`10` has no unit",
                "write `10 days` or `10 working days`",
            ),
            (
                "3 dys",
                "`dys` is not a unit of time",
                "did you mean `3 days`?",
            ),
            (
                "2 uger",
                "`uger` is not a unit of time",
                "did you mean `2 weeks`?",
            ),
            (
                "10 wokring days",
                "`wokring days` is not a unit of time",
                "did you mean `10 working days`?",
            ),
            (
                "5 wd",
                "`wd` is not a unit of time",
                "did you mean `5 working days`?",
            ),
            (
                "2 years",
                "`years` is not a unit of time",
                "write `24 months`",
            ),
            (
                "5m",
                "`m` is not a unit of time",
                "write `5 minutes` or `5 months`",
            ),
            (
                "2weeks",
                "`2weeks` has no space between number and unit",
                "write `2 weeks`",
            ),
            (
                "-3 days",
                "`-3 days` is negative",
                "a duration counts forward; write it without the sign or `ago`",
            ),
            (
                "3 days ago",
                "`3 days ago` is negative",
                "a duration counts forward; write it without the sign or `ago`",
            ),
            (
                "1.5 hours",
                "`1.5 hours` is not a whole number",
                "write a whole number of a smaller unit, such as `90 minutes` or `10 days`",
            ),
            (
                "two weeks",
                "`two` is not a number in digits",
                "write `2 weeks`",
            ),
            ("week", "`week` has no number", "write `1 week`"),
            (
                "1 week 2 days",
                "`1 week 2 days` has more than one unit",
                "write it in one unit: `9 days`",
            ),
            ("P1W2D", "`P1W2D` has more than one unit", FORMS),
            ("P1DT2H", "`P1DT2H` has more than one unit", FORMS),
            (
                "101 years",
                "`years` is not a unit of time",
                "write `1212 months`",
            ),
            (
                "P101Y",
                "`P101Y` is longer than a hundred years",
                "write a shorter duration",
            ),
            (
                "99999999999 days",
                "`99999999999 days` is longer than a hundred years",
                "write a shorter duration",
            ),
            (
                "sameday",
                "`sameday` is not a duration",
                "did you mean `same day`?",
            ),
        ] {
            let error = Duration::parse(text).unwrap_err();
            assert_eq!(
                (error.message.as_str(), error.help.as_str()),
                (message, help),
                "{text}"
            );
        }
    }
}
