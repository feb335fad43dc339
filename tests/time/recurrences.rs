//! Recurring times against a scan of every minute around the changes of clocks, Easter, Christmas and a leap day.

use super::calendars;
use super::oracle::{self, Day, Days};
use forloeb_core::time::{OnClosed, Recurrence};
use jiff::Timestamp;
use std::collections::BTreeSet;

/// A date of the oracle and a minute of its clock, which may be skipped or come twice.
type Wall = (usize, u32);

struct Case {
    text: &'static str,
    cron: bool,
    matches: fn(&Day, u32) -> bool,
}

const fn every(text: &'static str, matches: fn(&Day, u32) -> bool) -> Case {
    Case {
        text,
        cron: false,
        matches,
    }
}

const fn cron(text: &'static str, matches: fn(&Day, u32) -> bool) -> Case {
    Case {
        text,
        cron: true,
        matches,
    }
}

const CASES: [Case; 13] = [
    every("wednesday 13:00", |d, m| d.weekday == 2 && m == 780),
    every("monday, thursday 9:00", |d, m| {
        (d.weekday == 0 || d.weekday == 3) && m == 540
    }),
    every("sunday 02:30", |d, m| d.weekday == 6 && m == 150),
    every("day 02:30", |_, m| m == 150),
    every("weekday 12:30", |d, m| d.weekday < 5 && m == 750),
    every("1st of month 09:00", |d, m| d.day == 1 && m == 540),
    every("last day of month 14:00", |d, m| {
        let next_is_first = [
            (1, 31),
            (3, 31),
            (4, 30),
            (5, 31),
            (10, 31),
            (11, 30),
            (12, 31),
        ];
        m == 840
            && (next_is_first.contains(&(d.month, d.day))
                || d.month == 2 && d.day == 28 + u32::from(d.year % 4 == 0))
    }),
    // Friday 5 June 2026 is closed from 12:00: its 15:00 lands after Saturday's 09:00, on Monday.
    cron("0 9,15 * * *", |_, m| m == 540 || m == 900),
    cron("0 6 * * MON", |d, m| d.weekday == 0 && m == 360),
    cron("*/20 1-3 * * *", |_, m| {
        (60..240).contains(&m) && m % 20 == 0
    }),
    cron("30 2 * 3,10 SUN", |d, m| {
        d.weekday == 6 && m == 150 && (d.month == 3 || d.month == 10)
    }),
    cron("0 15 * * SAT", |d, m| d.weekday == 5 && m == 900),
    cron("0 9,15 24-26 12 *", |d, m| {
        d.month == 12 && (24..=26).contains(&d.day) && (m == 540 || m == 900)
    }),
];

fn closed_at(day: &Day, minute: u32) -> bool {
    oracle::closed_in_municipality(day)
        || oracle::half_in_municipality(day).is_some_and(|hour| minute >= hour * 60)
}

/// What the clock says at each minute (Unix seconds) of some dates.
fn clock(days: &Days, places: std::ops::Range<usize>) -> Vec<(i64, Wall)> {
    let mut said = Vec::new();
    for place in places {
        let day = days.0[place];
        let length = days.0[place + 1].midnight - day.midnight;
        for elapsed in 0..(length / 60) as i32 {
            // At 01:00 UTC, two hours (winter) or three hours (summer) into the date, the clock changes by an hour.
            let minute = match day.change {
                1 if elapsed >= 120 => elapsed + 60,
                -1 if elapsed >= 180 => elapsed - 60,
                _ => elapsed,
            };
            said.push((
                day.midnight + i64::from(elapsed) * 60,
                (place, minute as u32),
            ));
        }
    }
    said
}

/// All occurrences among some dates: the first instant at which the clock says at least the occurrence's time.
fn expected(
    days: &Days,
    case: &Case,
    on_closed: OnClosed,
    places: std::ops::Range<usize>,
    said: &[(i64, Wall)],
) -> BTreeSet<i64> {
    let mut walls: BTreeSet<Wall> = BTreeSet::new();
    for place in places.start - 15..places.end {
        for minute in (0..1440).filter(|&minute| (case.matches)(&days.0[place], minute)) {
            let mut to = place;
            if closed_at(&days.0[place], minute) {
                match on_closed {
                    OnClosed::Skip => continue,
                    OnClosed::Keep => {}
                    OnClosed::NextWorkingDay => {
                        while closed_at(&days.0[to], minute) {
                            to += 1;
                        }
                    }
                }
            }
            walls.insert((to, minute));
        }
    }
    walls
        .iter()
        .filter(|wall| places.contains(&wall.0))
        .map(|wall| {
            let date = said.partition_point(|(_, clock)| clock.0 < wall.0);
            said[date..]
                .iter()
                .find(|(_, clock)| clock >= wall)
                .unwrap()
                .0
        })
        .collect()
}

#[test]
fn every_occurrence_is_found_once_and_in_order() {
    let days = Days::new();
    let calendar = calendars::municipality();
    let windows = [
        ((2026, 3, 24), (2026, 4, 9)),
        ((2026, 6, 2), (2026, 6, 11)),
        ((2026, 10, 20), (2026, 11, 4)),
        ((2026, 12, 20), (2027, 1, 5)),
        ((2027, 3, 22), (2027, 4, 2)),
        ((2028, 2, 24), (2028, 3, 4)),
        ((2028, 4, 28), (2028, 6, 8)),
    ];
    for (first, last) in windows {
        let place = |(year, month, day)| days.place(year, month, day);
        let places = place(first)..place(last);
        let said = clock(&days, places.clone());
        let (begin, end) = (days.0[places.start].midnight, days.0[places.end].midnight);
        for case in &CASES {
            for on_closed in [OnClosed::Keep, OnClosed::Skip, OnClosed::NextWorkingDay] {
                let recurrence = match case.cron {
                    true => Recurrence::cron(case.text, on_closed),
                    false => Recurrence::every(case.text, on_closed),
                }
                .unwrap();
                let next = |after: i64| {
                    let next = recurrence
                        .next_after(&calendar, Timestamp::from_second(after).unwrap())
                        .unwrap();
                    next.map(Timestamp::as_second).filter(|&next| next < end)
                };
                let expected = expected(&days, case, on_closed, places.clone(), &said);
                let mut found = Vec::new();
                let mut at = begin - 1;
                while let Some(later) = next(at) {
                    assert!(later > at, "{} goes back", case.text);
                    found.push(later);
                    at = later;
                }
                let context = || format!("{} {on_closed:?} from {first:?}", case.text);
                assert_eq!(
                    found,
                    expected.iter().copied().collect::<Vec<_>>(),
                    "{}",
                    context()
                );
                // From any instant, the same answer as from the one before.
                // A search that finds nothing goes through fifty years, so it is asked less often.
                let step = if expected.is_empty() { 700_000 } else { 17_777 };
                for after in (begin..end)
                    .step_by(step)
                    .chain(expected.iter().flat_map(|&at| [at - 1, at + 1, at + 1800]))
                {
                    assert_eq!(
                        next(after),
                        expected.range(after + 1..).next().copied(),
                        "{} {after}",
                        context()
                    );
                }
            }
        }
    }
}
