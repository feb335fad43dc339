//! The calendar facts of the domain, one by one, and what one instant or date alone can show.

use super::calendars::{calendar, day, denmark, municipality};
use forloeb_core::time::{
    Calendar, DayRule, DayStatus, Duration, EndOnClosed, Hold, Limit, OnClosed, Outside,
    Recurrence, Unit, Weekday, Zone, after, before, days_between, given_back, limit, parse_instant,
    shift, skipped,
};
use jiff::Timestamp;
use jiff::civil::{Date, Time, date};

fn at(text: &str) -> Timestamp {
    parse_instant(text, &Zone::find("Europe/Copenhagen").unwrap()).unwrap()
}

fn length(text: &str) -> Duration {
    Duration::parse(text).unwrap()
}

fn ends(calendar: &Calendar, from: &str, text: &str, on_closed: EndOnClosed) -> Limit {
    limit(calendar, at(from), length(text), on_closed).unwrap()
}

fn closed(weekend: bool, because: &[&str]) -> DayStatus {
    DayStatus::Closed {
        weekend,
        because: because.iter().map(|name| (*name).into()).collect(),
    }
}

#[test]
fn holidays_of_the_domain() {
    let denmark = denmark();
    assert_eq!(denmark.status(date(2024, 4, 26)), DayStatus::Open);
    assert_eq!(
        denmark.status(date(2023, 5, 5)),
        closed(false, &["general_prayer_day"])
    );
    assert_eq!(denmark.status(date(2026, 5, 1)), DayStatus::Open);
    assert_eq!(
        denmark.status(date(2026, 4, 3)),
        closed(false, &["good_friday"])
    );
    assert_eq!(
        denmark.status(date(2027, 3, 28)),
        closed(true, &["easter_sunday"])
    );
    assert_eq!(
        denmark.status(date(2025, 4, 21)),
        closed(false, &["easter_monday"])
    );
    assert_eq!(
        denmark.status(date(2026, 5, 14)),
        closed(false, &["ascension"])
    );
    assert_eq!(denmark.status(date(2026, 3, 28)), closed(true, &[]));
}

#[test]
fn two_days_on_one_date_and_half_days() {
    let municipality = municipality();
    assert_eq!(
        municipality.status(date(2028, 6, 5)),
        closed(false, &["whit_monday"])
    );
    let half = |name: &str, hour| DayStatus::Half {
        closed_from: Time::new(hour, 0, 0, 0).unwrap(),
        because: vec![name.into()],
    };
    assert_eq!(
        municipality.status(date(2026, 6, 5)),
        half("constitution_day", 12)
    );
    assert_eq!(
        municipality.status(date(2026, 12, 31)),
        half("new_years_eve", 13)
    );
    assert!(municipality.is_working_day(date(2026, 12, 31)));
    assert!(!municipality.is_closed_at(date(2026, 12, 31), Time::new(12, 59, 0, 0).unwrap()));
    assert!(municipality.is_closed_at(date(2026, 12, 31), Time::new(13, 0, 0, 0).unwrap()));
    let year: Vec<String> = municipality
        .days_in_year(2028)
        .iter()
        .filter(|(date, _)| date.month() == 6)
        .map(|(date, day)| format!("{date} {}", day.name))
        .collect();
    assert_eq!(
        year,
        [
            "2028-06-04 whit_sunday",
            "2028-06-05 whit_monday",
            "2028-06-05 constitution_day"
        ]
    );
}

#[test]
fn leap_days_and_years_outside_the_table() {
    let municipality = municipality();
    assert_eq!(
        municipality.status(date(2028, 2, 29)),
        closed(false, &["leap_day"])
    );
    assert!(
        municipality
            .days_in_year(2027)
            .iter()
            .all(|(_, day)| day.name != "leap_day")
    );
    // 1 January 1999 was a Friday, 25 December 2150 is a Friday.
    for (holiday, open) in [
        (date(1999, 1, 1), date(1999, 1, 4)),
        (date(2150, 12, 25), date(2150, 12, 28)),
    ] {
        assert!(!municipality.is_working_day(holiday));
        assert_eq!(municipality.open_from(holiday), Ok(open));
    }
}

#[test]
fn ten_working_days_over_easter() {
    let ten = ends(
        &denmark(),
        "2026-03-27 10:00",
        "10 working days",
        EndOnClosed::Keep,
    );
    assert_eq!(
        ten,
        Limit {
            runs_out: at("2026-04-16"),
            last_day: date(2026, 4, 15)
        }
    );
    let passed = skipped(
        &denmark(),
        at("2026-03-27 10:00"),
        length("10 working days"),
        EndOnClosed::Keep,
    )
    .unwrap();
    let dates: Vec<Date> = passed.iter().map(|day| day.date).collect();
    let april = |day| date(2026, 4, day);
    assert_eq!(dates[..2], [date(2026, 3, 28), date(2026, 3, 29)]);
    assert_eq!(
        dates[2..],
        [
            april(2),
            april(3),
            april(4),
            april(5),
            april(6),
            april(11),
            april(12)
        ]
    );
    assert_eq!(passed[2].why, closed(false, &["maundy_thursday"]));
    assert_eq!(passed[5].why, closed(true, &["easter_sunday"]));
}

#[test]
fn the_two_weeks_and_their_ladder() {
    let denmark = denmark();
    let two_weeks = ends(&denmark, "2026-03-02 15:30", "2 weeks", EndOnClosed::Keep);
    assert_eq!(
        two_weeks,
        Limit {
            runs_out: at("2026-03-17"),
            last_day: date(2026, 3, 16)
        }
    );
    assert_eq!(
        before(&denmark, &two_weeks, length("4 days")),
        Ok(at("2026-03-12"))
    );
    assert_eq!(
        before(&denmark, &two_weeks, length("2 working days")),
        Ok(at("2026-03-12"))
    );
    assert_eq!(
        before(&denmark, &two_weeks, length("24 hours")),
        Ok(at("2026-03-16"))
    );
    assert_eq!(
        after(&denmark, &two_weeks, length("same day")),
        Ok(two_weeks.runs_out)
    );
    assert_eq!(
        after(&denmark, &two_weeks, length("1 week")),
        Ok(at("2026-03-24"))
    );
    assert_eq!(
        after(&denmark, &two_weeks, length("90 minutes")),
        Ok(at("2026-03-17 01:30"))
    );
    // Ending on a Friday, it runs out on Saturday; the first working day after is Monday.
    let friday = ends(&denmark, "2026-03-06 15:30", "1 week", EndOnClosed::Keep);
    assert_eq!(
        after(&denmark, &friday, length("1 working day")),
        Ok(at("2026-03-16"))
    );
}

#[test]
fn hours_through_the_gap_and_the_fold() {
    let denmark = denmark();
    let gap = ends(&denmark, "2026-03-28 12:00", "24 hours", EndOnClosed::Keep);
    assert_eq!(gap.runs_out, at("2026-03-29 13:00"));
    let fold = ends(&denmark, "2026-10-24 12:00", "24 hours", EndOnClosed::Keep);
    assert_eq!(fold.runs_out, at("2026-10-25 11:00"));
    let day = ends(&denmark, "2026-03-28 12:00", "1 day", EndOnClosed::Keep);
    assert_eq!(
        day,
        Limit {
            runs_out: at("2026-03-30"),
            last_day: date(2026, 3, 29)
        }
    );
    // Running out at 00:00 sharp, its last day is the one that just ended.
    let midnight = ends(&denmark, "2026-03-10", "24 hours", EndOnClosed::Keep);
    assert_eq!(
        midnight,
        Limit {
            runs_out: at("2026-03-11"),
            last_day: date(2026, 3, 10)
        }
    );
    assert_eq!(
        ends(&denmark, "2026-03-10", "0 minutes", EndOnClosed::Keep).last_day,
        date(2026, 3, 10)
    );
}

#[test]
fn months_are_clamped_and_the_year_may_have_53_weeks() {
    let denmark = denmark();
    for (from, text, last) in [
        ("2026-01-31", "1 month", date(2026, 2, 28)),
        ("2028-01-31", "1 month", date(2028, 2, 29)),
        ("2028-02-29", "12 months", date(2029, 2, 28)),
        ("2026-08-31", "6 months", date(2027, 2, 28)),
        ("2026-12-24", "1 week", date(2026, 12, 31)),
        ("2026-12-31", "1 week", date(2027, 1, 7)),
        ("2026-12-31", "same day", date(2026, 12, 31)),
        ("2026-12-23", "5 working days", date(2026, 12, 31)),
    ] {
        assert_eq!(
            ends(&denmark, from, text, EndOnClosed::Keep).last_day,
            last,
            "{text} from {from}"
        );
    }
    let moved = ends(
        &denmark,
        "2026-03-22",
        "2 weeks",
        EndOnClosed::NextWorkingDay,
    );
    assert_eq!(moved.last_day, date(2026, 4, 7));
    let friday = date(2027, 1, 1).iso_week_date();
    assert_eq!((friday.year(), friday.week()), (2026, 53));
    assert_eq!(
        days_between(&denmark, at("2026-12-31 23:59"), at("2027-01-01 00:01")),
        1
    );
}

#[test]
fn clocks_are_moved_by_local_time() {
    let denmark = denmark();
    for (from, text, to) in [
        ("2026-03-20 09:00", "15 days", "2026-04-04 09:00"),
        ("2026-03-28 02:30", "1 day", "2026-03-29 03:00"),
        ("2026-10-24 02:30", "1 day", "2026-10-25T02:30+02:00"),
        (
            "2026-10-25T02:30+01:00",
            "same day",
            "2026-10-25T02:30+01:00",
        ),
        ("2026-03-27 16:45", "10 working days", "2026-04-15 16:45"),
        ("2026-03-28 12:00", "24 hours", "2026-03-29 13:00"),
    ] {
        assert_eq!(
            shift(&denmark, at(from), length(text)),
            Ok(at(to)),
            "{text} from {from}"
        );
    }
}

#[test]
fn a_hold_gives_the_remaining_time_back() {
    let denmark = denmark();
    let hold = |from: &str, to: &str| Hold {
        from: at(from),
        to: at(to),
    };
    let after_hold = |limit: &Limit, unit, hold| {
        given_back(&denmark, limit, unit, EndOnClosed::Keep, hold)
            .unwrap()
            .last_day
    };
    let two_weeks = ends(&denmark, "2026-03-02", "2 weeks", EndOnClosed::Keep);
    assert_eq!(
        after_hold(
            &two_weeks,
            Unit::Weeks,
            hold("2026-03-05 10:00", "2026-03-10 09:00")
        ),
        date(2026, 3, 21)
    );
    assert_eq!(
        after_hold(&two_weeks, Unit::Weeks, hold("2026-03-17", "2026-03-20")),
        date(2026, 3, 16)
    );
    // 10 working days from Friday: after the first five, five are left, and are counted over Easter.
    let ten = ends(
        &denmark,
        "2026-03-06 10:00",
        "10 working days",
        EndOnClosed::Keep,
    );
    assert_eq!(ten.last_day, date(2026, 3, 20));
    assert_eq!(
        after_hold(
            &ten,
            Unit::WorkingDays,
            hold("2026-03-13 10:00", "2026-03-31 09:00")
        ),
        date(2026, 4, 10)
    );
    // Held on its last day and let go on a Saturday, it ends on Monday.
    assert_eq!(
        after_hold(
            &ten,
            Unit::WorkingDays,
            hold("2026-03-20 10:00", "2026-03-28 09:00")
        ),
        date(2026, 3, 30)
    );
    let hours = ends(&denmark, "2026-03-28 12:00", "24 hours", EndOnClosed::Keep);
    let held = given_back(
        &denmark,
        &hours,
        Unit::Hours,
        EndOnClosed::Keep,
        hold("2026-03-28 20:00", "2026-03-30 20:00"),
    );
    assert_eq!(held.unwrap().runs_out, at("2026-03-31 12:00"));
}

#[test]
fn a_date_may_begin_after_midnight() {
    let zone = Zone::find("America/Santiago").unwrap();
    let chile = Calendar::new(
        "chile".into(),
        zone.clone(),
        vec![Weekday::Sunday],
        Vec::new(),
    )
    .unwrap();
    let from = parse_instant("2026-09-04 10:00", &zone).unwrap();
    let day = limit(&chile, from, length("1 day"), EndOnClosed::Keep).unwrap();
    assert_eq!(day.last_day, date(2026, 9, 5));
    assert_eq!(zone.local(day.runs_out), date(2026, 9, 6).at(1, 0, 0, 0));
    assert_eq!(after(&chile, &day, Duration::SAME_DAY), Ok(day.runs_out));
    let daily = Recurrence::every("day 00:00", OnClosed::Keep).unwrap();
    let midnight = daily
        .next_after(&chile, from + jiff::SignedDuration::from_hours(14))
        .unwrap()
        .unwrap();
    assert_eq!(midnight, day.runs_out);
}

#[test]
fn what_can_never_be_is_refused() {
    let zone = || Zone::find("UTC").unwrap();
    let refused = |weekend: &[Weekday], closed| {
        Calendar::new("c".into(), zone(), weekend.to_vec(), closed)
            .unwrap_err()
            .message
    };
    assert_eq!(
        refused(&Weekday::ALL, Vec::new()),
        "the calendar `c` has no working day: its weekend is the whole week"
    );
    assert_eq!(
        refused(&[], vec![day("x", DayRule::Fixed { month: 2, day: 30 })]),
        "no year has a day 30 of month 2"
    );
    assert_eq!(
        refused(&[], vec![day("x", DayRule::Easter { offset: 300 })]),
        "`300` days from Easter can fall in another year"
    );
    let mut once = day("moving", DayRule::Once(date(2026, 10, 26)));
    once.until_year = Some(2025);
    assert_eq!(
        refused(&[], vec![once]),
        "`moving` falls on 2026-10-26 only, but is not kept in that year"
    );
    let twice = vec![
        day("x", DayRule::Easter { offset: 0 }),
        day("x", DayRule::Easter { offset: 1 }),
    ];
    assert_eq!(
        refused(&[], twice),
        "the calendar `c` has two closed days called `x`"
    );
}

#[test]
fn a_calendar_that_never_opens_is_an_error_and_not_a_wait() {
    let every_day = (1..=366)
        .map(|n| date(2028, 1, 1).saturating_add(jiff::Span::new().days(n - 1)))
        .map(|on| {
            day(
                &on.to_string(),
                DayRule::Fixed {
                    month: on.month(),
                    day: on.day(),
                },
            )
        })
        .collect();
    let closed = calendar(&[], every_day);
    let from = at("2026-05-01");
    let never = Outside::NoWorkingDay {
        calendar: "test".into(),
        from: date(2026, 5, 1),
    };
    assert_eq!(
        limit(&closed, from, length("1 working day"), EndOnClosed::Keep),
        Err(never)
    );
    let skipping = Recurrence::every("day 08:00", OnClosed::Skip).unwrap();
    assert_eq!(skipping.next_after(&closed, from), Ok(None));
    let moving = Recurrence::every("day 08:00", OnClosed::NextWorkingDay).unwrap();
    assert!(matches!(
        moving.next_after(&closed, from),
        Err(Outside::NoWorkingDay { .. })
    ));
    let sundays = Recurrence::every("sunday 10:00", OnClosed::Skip).unwrap();
    assert_eq!(sundays.next_after(&denmark(), from), Ok(None));
    assert!(skipping.next_after(&denmark(), from).unwrap().is_some());
}

#[test]
fn a_stored_calendar_is_the_same_calendar() {
    let municipality = municipality();
    let json = serde_json::to_string(&municipality).unwrap();
    assert!(!json.contains("table"));
    assert_eq!(
        serde_json::from_str::<Calendar>(&json).unwrap(),
        municipality
    );
    assert!(
        serde_json::from_str::<Calendar>(&json.replace("Europe/Copenhagen", "Europe/Kobenhavn"))
            .is_err()
    );
}
