//! Calendars to test with, as the module reads them. The oracle has its own lists.

use forloeb_core::ground::Ground;
use forloeb_core::text::Text;
use forloeb_core::time::{Calendar, ClosedDay, DayKind, DayRule, Weekday, Zone};
use jiff::civil::{Time, date};

pub fn day(name: &str, when: DayRule) -> ClosedDay {
    ClosedDay {
        name: name.into(),
        title: Text::default(),
        kind: DayKind::Holiday,
        when,
        from_year: None,
        until_year: None,
        closed_from: None,
        ground: Ground {
            file: "calendars/test.yaml".into(),
            line: 1,
            column: 1,
        },
    }
}

fn fixed(name: &str, month: i8, date: i8) -> ClosedDay {
    day(name, DayRule::Fixed { month, day: date })
}

fn easter(name: &str, offset: i16) -> ClosedDay {
    day(name, DayRule::Easter { offset })
}

fn half(closed: ClosedDay, hour: i8) -> ClosedDay {
    ClosedDay {
        kind: DayKind::Closing,
        closed_from: Time::new(hour, 0, 0, 0).ok(),
        ..closed
    }
}

fn public_holidays() -> Vec<ClosedDay> {
    vec![
        fixed("new_year", 1, 1),
        easter("maundy_thursday", -3),
        easter("good_friday", -2),
        easter("easter_sunday", 0),
        easter("easter_monday", 1),
        ClosedDay {
            until_year: Some(2023),
            ..easter("general_prayer_day", 26)
        },
        easter("ascension", 39),
        easter("whit_sunday", 49),
        easter("whit_monday", 50),
        fixed("christmas_day", 12, 25),
        fixed("boxing_day", 12, 26),
    ]
}

pub fn calendar(weekend: &[Weekday], closed: Vec<ClosedDay>) -> Calendar {
    let zone = Zone::find("Europe/Copenhagen").unwrap();
    Calendar::new("test".into(), zone, weekend.to_vec(), closed).unwrap()
}

/// Public holidays only.
pub fn denmark() -> Calendar {
    calendar(&[Weekday::Saturday, Weekday::Sunday], public_holidays())
}

/// With half days, closing days, first and last years, a leap day and single dates.
pub fn municipality() -> Calendar {
    let mut closed = public_holidays();
    closed.extend([
        half(fixed("labour_day", 5, 1), 12),
        half(fixed("constitution_day", 6, 5), 12),
        fixed("christmas_eve", 12, 24),
        half(fixed("new_years_eve", 12, 31), 13),
        ClosedDay {
            from_year: Some(2024),
            ..easter("after_ascension", 40)
        },
        ClosedDay {
            from_year: Some(2025),
            until_year: Some(2030),
            ..fixed("summer_friday", 7, 10)
        },
        fixed("leap_day", 2, 29),
        day("moving", DayRule::Once(date(2026, 10, 26))),
        day("moving_too", DayRule::Once(date(2026, 10, 27))),
    ]);
    calendar(&[Weekday::Saturday, Weekday::Sunday], closed)
}

/// Another weekend and no holidays.
pub fn friday_weekend() -> Calendar {
    calendar(&[Weekday::Friday, Weekday::Saturday], Vec::new())
}
