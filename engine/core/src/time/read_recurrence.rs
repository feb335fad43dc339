//! Reading what a designer wrote after `every:` and `cron:`.

use super::cron::CronLine;
use super::misread::{Misread, nearest};
use super::recurrence::{OnClosed, Recurrence, Rule};
use super::time_of_day::parse_time;
use super::weekday::Weekday;
use jiff::civil::Time;
use std::fmt;

const FORMS: &str = "write it like `wednesday 13:00`, `monday, thursday 09:00`, `weekday 08:00`, `day 08:00` or `1st of month 09:00`";

impl Recurrence {
    /// Reads `wednesday 13:00`, `monday, thursday 9:00`, `weekday 08:00` (Monday to Friday), `day 08:00`,
    /// `1st of month 09:00` (to the 28th) or `last day of month 09:00`.
    ///
    /// # Errors
    /// When it is written otherwise: a day that is not known, no time of day, `24:00`, a day that not every month has.
    pub fn every(text: &str, on_closed: OnClosed) -> Result<Self, Misread> {
        let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
        let Some((last, days)) = words.split_last() else {
            return Err(Misread::new("the recurrence is empty", FORMS));
        };
        let days = days.join(" ");
        if !last.contains(|c: char| c.is_ascii_digit()) {
            return Err(no_time(&words.join(" ")));
        }
        let time = parse_time(last)?;
        if time.second() != 0 {
            return Err(Misread::new(
                format!("`{last}` has seconds"),
                "write hours and minutes, such as `13:00`",
            ));
        }
        let rule = match days
            .strip_suffix(" of month")
            .or_else(|| days.strip_suffix(" of the month"))
        {
            Some(day) => Rule::Monthly {
                day: day_of_month(day)?,
                time,
            },
            None => Rule::Weekly {
                weekdays: weekdays(&days)?,
                time,
            },
        };
        Ok(Self { rule, on_closed })
    }

    /// Reads a cron line of five fields.
    ///
    /// # Errors
    /// As [`CronLine::parse`].
    pub fn cron(line: &str, on_closed: OnClosed) -> Result<Self, Misread> {
        Ok(Self {
            rule: Rule::Cron(CronLine::parse(line)?),
            on_closed,
        })
    }
}

fn weekdays(text: &str) -> Result<Vec<Weekday>, Misread> {
    match text {
        "" => return Err(Misread::new("the recurrence has a time but no day", FORMS)),
        "day" => return Ok(Weekday::ALL.to_vec()),
        "weekday" => return Ok(Weekday::ALL[..5].to_vec()),
        "working day" => {
            return Err(Misread::new(
                "`working day` is not a day that comes again",
                "write `day` with `on_closed: skip`",
            ));
        }
        _ => {}
    }
    let mut weekdays = text
        .replace(" and ", ",")
        .split(',')
        .map(str::trim)
        .filter(|word| !word.is_empty())
        .map(|word| Weekday::parse(word).map_err(|error| not_a_day(word, error)))
        .collect::<Result<Vec<_>, _>>()?;
    if weekdays.is_empty() {
        return Err(Misread::new("the recurrence has a time but no day", FORMS));
    }
    weekdays.sort();
    weekdays.dedup();
    Ok(weekdays)
}

/// A weekday's own help where it has a near name, else the forms that are read.
fn not_a_day(word: &str, error: Misread) -> Misread {
    if error.help.starts_with("did you mean") {
        return error;
    }
    let help = match nearest(word, ["day", "weekday"]) {
        Some(near) => format!("did you mean `{near}`?"),
        None => FORMS.to_owned(),
    };
    Misread::new(format!("`{word}` is not a day that comes again"), help)
}

/// 1 to 28, or nothing for the last day.
fn day_of_month(text: &str) -> Result<Option<i8>, Misread> {
    if text == "last day" {
        return Ok(None);
    }
    let number = text
        .trim_start_matches("day ")
        .trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '.');
    match number.parse::<i8>() {
        Ok(day @ 1..=28) => Ok(Some(day)),
        Ok(29..=31) => Err(Misread::new(
            format!("not every month has a {text}"),
            "write `last day of month`, or a day up to the 28th",
        )),
        _ => Err(Misread::new(
            format!("`{text}` is not a day of the month"),
            "write it like `1st of month 09:00` or `last day of month 09:00`",
        )),
    }
}

fn no_time(text: &str) -> Misread {
    let help = match weekdays(text) {
        Ok(_) => format!("write `{text} 09:00`"),
        Err(_) => FORMS.to_owned(),
    };
    Misread::new(format!("`{text}` has no time of day"), help)
}

/// As a designer writes it.
impl fmt::Display for Recurrence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let clock = |time: &Time| time.strftime("%H:%M").to_string();
        match &self.rule {
            Rule::Weekly { weekdays, time } if weekdays == &Weekday::ALL => {
                write!(f, "day {}", clock(time))
            }
            Rule::Weekly { weekdays, time } if weekdays == &Weekday::ALL[..5] => {
                write!(f, "weekday {}", clock(time))
            }
            Rule::Weekly { weekdays, time } => {
                let names: Vec<&str> = weekdays.iter().map(|day| day.name()).collect();
                write!(f, "{} {}", names.join(", "), clock(time))
            }
            Rule::Monthly { day: None, time } => write!(f, "last day of month {}", clock(time)),
            Rule::Monthly {
                day: Some(day),
                time,
            } => {
                let suffix = match day {
                    1 | 21 => "st",
                    2 | 22 => "nd",
                    3 | 23 => "rd",
                    _ => "th",
                };
                write!(f, "{day}{suffix} of month {}", clock(time))
            }
            Rule::Cron(line) => write!(f, "{line}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read_and_written_back() {
        for (text, back) in [
            ("wednesday 13:00", "wednesday 13:00"),
            ("Thursday, monday 9:00", "monday, thursday 09:00"),
            ("monday and friday 09:00", "monday, friday 09:00"),
            ("weekday 08:00", "weekday 08:00"),
            ("day 08:00", "day 08:00"),
            ("1st of month 09:00", "1st of month 09:00"),
            ("15 of the month 09:00", "15th of month 09:00"),
            ("last day of month 09:00", "last day of month 09:00"),
        ] {
            let read = Recurrence::every(text, OnClosed::Keep).unwrap();
            assert_eq!(read.to_string(), back, "{text}");
            assert_eq!(Recurrence::every(back, OnClosed::Keep), Ok(read));
        }
    }

    #[test]
    fn every_slip_says_what_to_write() {
        for (text, message, help) in [
            ("", "the recurrence is empty", FORMS),
            (
                "wensday 13:00",
                "`wensday` is not a weekday",
                "did you mean `wednesday`?",
            ),
            (
                "onsdag 13:00",
                "`onsdag` is not a weekday",
                "did you mean `wednesday`?",
            ),
            (
                "wednesday",
                "`wednesday` has no time of day",
                "write `wednesday 09:00`",
            ),
            ("13:00", "the recurrence has a time but no day", FORMS),
            (
                "wednesday 24:00",
                "`24:00` is not a time of day",
                "write `00:00` of the next day",
            ),
            (
                "wednesday 13.00",
                "`13.00` is not a time of day",
                "write `13:00`",
            ),
            (
                "wednesday 1pm",
                "`1pm` is not a time of day",
                "write `13:00`",
            ),
            (
                "wednesday 13:00:30",
                "`13:00:30` has seconds",
                "write hours and minutes, such as `13:00`",
            ),
            (
                "working day 08:00",
                "`working day` is not a day that comes again",
                "write `day` with `on_closed: skip`",
            ),
            (
                "31st of month 09:00",
                "not every month has a 31st",
                "write `last day of month`, or a day up to the 28th",
            ),
            (
                "fortnight 09:00",
                "`fortnight` is not a day that comes again",
                FORMS,
            ),
        ] {
            let error = Recurrence::every(text, OnClosed::Keep).unwrap_err();
            assert_eq!(
                (error.message.as_str(), error.help.as_str()),
                (message, help),
                "{text}"
            );
        }
    }
}
