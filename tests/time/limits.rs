//! Limits, ladders, holds and shifts against the oracle, from every date of 2020 to 2035.

use super::calendars;
use super::oracle::{self, Day, Days};
use forloeb_core::time::{
    Calendar, Duration, EndOnClosed, Hold, Limit, after, before, days_between, given_back, limit,
    shift, skipped,
};
use jiff::Timestamp;

struct World {
    days: Days,
    closed: Vec<bool>,
    calendar: Calendar,
}

fn worlds() -> [World; 3] {
    let world = |calendar: Calendar, is_closed: fn(&Day) -> bool| {
        let days = Days::new();
        World {
            closed: days.0.iter().map(is_closed).collect(),
            days,
            calendar,
        }
    };
    [
        world(calendars::denmark(), oracle::closed_in_denmark),
        world(calendars::municipality(), oracle::closed_in_municipality),
        world(calendars::friday_weekend(), oracle::closed_on_friday),
    ]
}

impl World {
    fn starts(&self) -> std::ops::Range<usize> {
        self.days.place(2020, 1, 1)..self.days.place(2036, 1, 1)
    }

    /// An instant on a date, at a time of day that differs from date to date, and is 00:00 on some.
    fn instant(&self, place: usize) -> i64 {
        self.days.0[place].midnight
            + (place as i64 * 7919) % 82_800 * i64::from(!place.is_multiple_of(5))
    }

    fn working_days_on(&self, mut place: usize, count: u32, step: isize) -> usize {
        for _ in 0..count {
            place = place.strict_add_signed(step);
            while self.closed[place] {
                place = place.strict_add_signed(step);
            }
        }
        place
    }

    fn open_from(&self, mut place: usize) -> usize {
        while self.closed[place] {
            place += 1;
        }
        place
    }

    fn later(&self, place: usize, count: u32, unit: &str) -> usize {
        match unit {
            "days" => place + count as usize,
            "weeks" => place + 7 * count as usize,
            "months" => self.days.months_on(place, count as i32),
            _ => self.working_days_on(place, count, 1),
        }
    }

    fn earlier(&self, place: usize, count: u32, unit: &str) -> usize {
        match unit {
            "days" => place - count as usize,
            "weeks" => place - 7 * count as usize,
            "months" => self.days.months_on(place, -(count as i32)),
            _ => self.working_days_on(place, count, -1),
        }
    }

    /// The limit whose last day is at a place.
    fn ending(&self, place: usize) -> (i64, usize) {
        (self.days.0[place + 1].midnight, place)
    }

    /// A limit of the module, as Unix seconds and a place.
    fn seen(&self, limit: &Limit) -> (i64, usize) {
        let day = limit.last_day;
        let guess = self.days.at(limit.runs_out.as_second() - 1);
        let at = self.days.0[guess];
        assert_eq!(
            (at.year, at.month, at.day),
            (day.year().into(), day.month() as u32, day.day() as u32)
        );
        (limit.runs_out.as_second(), guess)
    }
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap()
}

fn written(count: u32, unit: &str) -> Duration {
    Duration::parse(&format!("{count} {unit}")).unwrap()
}

const LENGTHS: [(u32, &str); 14] = [
    (0, "days"),
    (1, "days"),
    (3, "days"),
    (35, "days"),
    (1, "weeks"),
    (2, "weeks"),
    (13, "weeks"),
    (1, "months"),
    (6, "months"),
    (12, "months"),
    (1, "working days"),
    (3, "working days"),
    (10, "working days"),
    (65, "working days"),
];

#[test]
fn limits_agree_with_the_oracle() {
    for world in worlds() {
        for place in world.starts() {
            let from = at(world.instant(place));
            for (count, unit) in LENGTHS {
                let duration = written_once(count, unit);
                let last = world.later(place, count, unit);
                let kept = limit(&world.calendar, from, duration, EndOnClosed::Keep).unwrap();
                assert_eq!(
                    world.seen(&kept),
                    world.ending(last),
                    "{count} {unit} from {from}"
                );
                let open = if unit == "working days" {
                    last
                } else {
                    world.open_from(last)
                };
                let moved =
                    limit(&world.calendar, from, duration, EndOnClosed::NextWorkingDay).unwrap();
                assert_eq!(
                    world.seen(&moved),
                    world.ending(open),
                    "{count} {unit} from {from}, moved"
                );
            }
        }
    }
}

/// Reading is tested elsewhere; here it would be most of the time.
fn written_once(count: u32, unit: &str) -> Duration {
    use forloeb_core::time::Unit;
    let unit = match unit {
        "days" => Unit::Days,
        "weeks" => Unit::Weeks,
        "months" => Unit::Months,
        _ => Unit::WorkingDays,
    };
    Duration::new(count, unit).unwrap()
}

#[test]
fn hours_are_exact_on_every_date_and_across_each_clock_change() {
    let [world, ..] = worlds();
    for place in world.starts() {
        for hour in if world.days.0[place].change == 0 {
            13..14
        } else {
            0..24
        } {
            let from = world.days.0[place].midnight + hour * 3600 + 1800;
            for (count, unit, seconds) in [
                (30, "minutes", 1800),
                (1, "hours", 3600),
                (24, "hours", 86_400),
            ] {
                let limit = limit(
                    &world.calendar,
                    at(from),
                    written(count, unit),
                    EndOnClosed::NextWorkingDay,
                )
                .unwrap();
                assert_eq!(limit.runs_out, at(from + seconds));
                world.seen(&limit);
            }
        }
    }
}

#[test]
fn ladder_steps_agree_with_the_oracle() {
    for world in worlds() {
        for place in world.starts().step_by(3) {
            let from = at(world.instant(place));
            let promise = limit(
                &world.calendar,
                from,
                written(2, "weeks"),
                EndOnClosed::Keep,
            )
            .unwrap();
            for (count, unit) in [
                (0, "days"),
                (4, "days"),
                (1, "weeks"),
                (1, "months"),
                (1, "working days"),
                (5, "working days"),
            ] {
                let duration = written(count, unit);
                let step = world.days.0[world.earlier(place + 14, count, unit)].midnight;
                assert_eq!(
                    before(&world.calendar, &promise, duration),
                    Ok(at(step)),
                    "{duration} before"
                );
                let step = world.days.0[world.later(place + 15, count, unit)].midnight;
                assert_eq!(
                    after(&world.calendar, &promise, duration),
                    Ok(at(step)),
                    "{duration} after"
                );
            }
            let midnight = world.days.0[place + 15].midnight;
            assert_eq!(
                before(&world.calendar, &promise, written(36, "hours")),
                Ok(at(midnight - 36 * 3600))
            );
            assert_eq!(
                after(&world.calendar, &promise, written(36, "hours")),
                Ok(at(midnight + 36 * 3600))
            );
            let short = limit(
                &world.calendar,
                from,
                written(5, "hours"),
                EndOnClosed::Keep,
            )
            .unwrap();
            assert!(after(&world.calendar, &short, Duration::SAME_DAY).unwrap() >= short.runs_out);
        }
    }
}

#[test]
fn a_hold_gives_back_what_the_oracle_says() {
    for world in worlds() {
        for place in world.starts().step_by(5) {
            let from = at(world.instant(place));
            for (count, unit) in [(2, "weeks"), (1, "months"), (10, "working days")] {
                let duration = written(count, unit);
                let promise =
                    limit(&world.calendar, from, duration, EndOnClosed::NextWorkingDay).unwrap();
                let (_, last) = world.seen(&promise);
                for (held, resumed) in [(0, 1), (3, 3), (3, 10), (9, 40)] {
                    let hold = Hold {
                        from: at(world.days.0[place + held].midnight + 80_000),
                        to: at(world.days.0[place + resumed].midnight + 81_000),
                    };
                    let given = given_back(
                        &world.calendar,
                        &promise,
                        duration.unit(),
                        EndOnClosed::NextWorkingDay,
                        hold,
                    );
                    let expected = if unit == "working days" {
                        let remaining = (place + held + 1..=last)
                            .filter(|&i| !world.closed[i])
                            .count();
                        world.open_from(world.working_days_on(place + resumed, remaining as u32, 1))
                    } else {
                        world.open_from(last + resumed - held)
                    };
                    assert_eq!(
                        world.seen(&given.unwrap()),
                        world.ending(expected),
                        "{duration} from {from}"
                    );
                }
            }
        }
    }
}

#[test]
fn shifts_keep_the_local_time_and_days_are_dates() {
    let [_, world, _] = worlds();
    for place in world.starts() {
        let from = world.days.0[place].midnight + 3600; // 01:00, which neither change of clocks touches
        for (count, unit) in LENGTHS {
            let to = world.later(place, count, unit);
            let moved = shift(&world.calendar, at(from), written_once(count, unit)).unwrap();
            assert_eq!(
                moved,
                at(world.days.0[to].midnight + 3600),
                "{count} {unit} from {}",
                at(from)
            );
            assert_eq!(
                days_between(&world.calendar, at(from), moved),
                (to - place) as i64
            );
            assert_eq!(
                days_between(&world.calendar, moved, at(from)),
                place as i64 - to as i64
            );
        }
    }
}

#[test]
fn what_was_skipped_is_what_the_oracle_skips() {
    for world in worlds() {
        for place in world.starts().step_by(7) {
            for (count, unit) in [(1, "weeks"), (10, "working days")] {
                let from = at(world.instant(place));
                let duration = written(count, unit);
                let seen =
                    skipped(&world.calendar, from, duration, EndOnClosed::NextWorkingDay).unwrap();
                let last = world.later(place, count, unit);
                let expected: Vec<usize> = match unit {
                    "weeks" => (last..world.open_from(last)).collect(),
                    _ => (place + 1..last).filter(|&i| world.closed[i]).collect(),
                };
                let expected: Vec<String> = expected
                    .iter()
                    .map(|&i| world.days.0[i])
                    .map(|d| format!("{}-{:02}-{:02}", d.year, d.month, d.day))
                    .collect();
                let seen: Vec<String> = seen.iter().map(|day| day.date.to_string()).collect();
                assert_eq!(seen, expected, "{duration} from {from}");
            }
        }
    }
}
