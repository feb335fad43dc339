//! What people write instead of a duration, and what to tell them. Nothing here is ever guessed into a duration.

use super::duration::Unit;
use super::misread::{Misread, nearest};
use super::read_duration::unit;

pub(super) const FORMS: &str =
    "write a number and a unit, such as `3 days`, `2 weeks` or `10 working days`";

const ALSO_CALLED: [(Unit, &str); 6] = [
    (Unit::Minutes, "min,mins,minut,minutter"),
    (Unit::Hours, "h,hr,hrs,t,time,timer"),
    (Unit::Days, "d,dag,dage,døgn,calendar day,calendar days"),
    (Unit::Weeks, "w,wk,wks,uge,uger"),
    (Unit::Months, "mo,mos,mth,mths,måned,måneder,mdr"),
    (
        Unit::WorkingDays,
        "wd,hverdag,hverdage,arbejdsdag,arbejdsdage,weekday,weekdays,workday,workdays,business day,business days",
    ),
];

const NUMBER_WORDS: [(&str, u32); 13] = [
    ("a", 1),
    ("an", 1),
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("twelve", 12),
];

pub(super) fn unknown_unit(written: &str, number: &str, word: &str) -> Misread {
    let message = format!("`{word}` is not a unit of time");
    let count = number.parse().unwrap_or(2);
    if word.contains(|c: char| c.is_ascii_digit()) {
        return Misread::new(
            format!("`{written}` has more than one unit"),
            one_unit(written),
        );
    }
    let suggest = |unit: Unit| format!("did you mean `{number} {}`?", unit.english(count));
    let plain = word.trim_end_matches('.');
    let also = |(_, names): &&(Unit, &str)| names.split(',').any(|name| name == plain);
    if let Some((unit, _)) = ALSO_CALLED.iter().find(also) {
        return Misread::new(message, suggest(*unit));
    }
    if ["y", "yr", "yrs", "year", "years", "år"].contains(&plain) {
        return Misread::new(
            message,
            format!("write `{} months`", count.saturating_mul(12)),
        );
    }
    if [
        "s", "sec", "secs", "second", "seconds", "sekund", "sekunder",
    ]
    .contains(&plain)
    {
        return Misread::new(message, "the smallest unit is a minute; write `1 minute`");
    }
    if plain == "m" {
        return Misread::new(
            message,
            format!("write `{number} minutes` or `{number} months`"),
        );
    }
    let names = Unit::ALL
        .iter()
        .flat_map(|unit| [unit.english(1), unit.english(2)]);
    let near = nearest(word, names).and_then(unit);
    Misread::new(message, near.map_or_else(|| FORMS.to_owned(), suggest))
}

/// The help for two units in one duration: their sum, where both count the same thing.
fn one_unit(written: &str) -> String {
    let lower = written.to_lowercase();
    let (mut days, mut minutes) = (0_u32, 0_u32);
    let words: Vec<&str> = lower
        .split([' ', ','])
        .filter(|w| !["", "and"].contains(w))
        .collect();
    for pair in words.chunks(2) {
        let [number, word] = pair else {
            return FORMS.to_owned();
        };
        let (Ok(count @ 0..=10_000), Some(unit)) = (number.parse::<u32>(), unit(word)) else {
            return FORMS.to_owned();
        };
        match unit {
            Unit::Weeks => days += count * 7,
            Unit::Days => days += count,
            Unit::Hours => minutes += count * 60,
            Unit::Minutes => minutes += count,
            Unit::Months | Unit::WorkingDays => return FORMS.to_owned(),
        }
    }
    match (days, minutes) {
        (days, 0) => format!("write it in one unit: `{days} days`"),
        (0, minutes) => format!("write it in one unit: `{minutes} minutes`"),
        _ => format!("days count dates and hours are exact; {FORMS}"),
    }
}

pub(super) fn fraction(written: &str) -> Misread {
    Misread::new(
        format!("`{written}` is not a whole number"),
        "write a whole number of a smaller unit, such as `90 minutes` or `10 days`",
    )
}

pub(super) fn no_number(written: &str, lower: &str) -> Misread {
    let (first, rest) = lower.split_once(' ').unwrap_or((lower, ""));
    let word = NUMBER_WORDS.iter().find(|(word, _)| *word == first);
    if let (Some((_, count)), Some(unit)) = (word, unit(rest)) {
        return Misread::new(
            format!("`{first}` is not a number in digits"),
            format!("write `{count} {}`", unit.english(*count)),
        );
    }
    if let Some(unit) = unit(lower) {
        return Misread::new(
            format!("`{written}` has no number"),
            format!("write `1 {}`", unit.english(1)),
        );
    }
    match nearest(lower, ["same day"]) {
        Some(near) => Misread::new(
            format!("`{written}` is not a duration"),
            format!("did you mean `{near}`?"),
        ),
        None => Misread::new(format!("`{written}` is not a duration"), FORMS),
    }
}
