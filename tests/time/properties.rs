//! What holds for every input.

use super::calendars::municipality;
use forloeb_core::time::{
    Calendar, CronLine, Duration, EndOnClosed, Hold, OnClosed, Recurrence, Unit, Weekday, after,
    before, given_back, limit, parse_date, parse_instant, parse_time, shift,
};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use std::sync::LazyLock;

static CALENDAR: LazyLock<Calendar> = LazyLock::new(municipality);

fn unit() -> impl Strategy<Value = Unit> {
    prop::sample::select(vec![
        Unit::Minutes,
        Unit::Hours,
        Unit::Days,
        Unit::Weeks,
        Unit::Months,
        Unit::WorkingDays,
    ])
}

fn any_duration() -> impl Strategy<Value = Duration> {
    unit().prop_flat_map(|unit| {
        (0..=unit.most()).prop_map(move |count| Duration::new(count, unit).unwrap())
    })
}

fn short_duration() -> impl Strategy<Value = Duration> {
    (unit(), 0_u32..40).prop_map(|(unit, count)| Duration::new(count, unit).unwrap())
}

fn instant() -> impl Strategy<Value = Timestamp> {
    (1_577_836_800_000_000_i64..2_082_758_400_000_000)
        .prop_map(|at| Timestamp::from_microsecond(at).unwrap())
}

fn on_closed() -> impl Strategy<Value = EndOnClosed> {
    prop::sample::select(vec![EndOnClosed::Keep, EndOnClosed::NextWorkingDay])
}

fn seconds(count: i64) -> SignedDuration {
    SignedDuration::from_secs(count)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_duration_reads_back_what_it_says(duration in any_duration()) {
        prop_assert_eq!(Duration::parse(&duration.to_string()), Ok(duration));
        let json = serde_json::to_string(&duration).unwrap();
        prop_assert_eq!(serde_json::from_str::<Duration>(&json).unwrap(), duration);
    }

    #[test]
    fn no_text_breaks_a_reader(text in "\\PC{0,30}", shaped in "[0-9 pPtT:./,+-−Zzåw]{0,14}( of month| ago|days|h)?") {
        let zone = CALENDAR.zone();
        for text in [text, shaped] {
            let _ = Duration::parse(&text);
            let _ = Recurrence::every(&text, OnClosed::Keep);
            let _ = CronLine::parse(&text);
            let _ = (parse_date(&text), parse_time(&text), parse_instant(&text, zone));
            let _ = Weekday::parse(&text);
        }
    }

    #[test]
    fn an_instant_reads_back_what_it_says(at in instant()) {
        prop_assert_eq!(parse_instant(&at.to_string(), CALENDAR.zone()), Ok(at));
    }

    #[test]
    fn limits_grow_with_their_start_and_steps_lie_around_them(
        from in instant(), later in 0_i64..400_000, duration in short_duration(), step in short_duration(), on_closed in on_closed(),
    ) {
        let first = limit(&CALENDAR, from, duration, on_closed).unwrap();
        let second = limit(&CALENDAR, from + seconds(later), duration, on_closed).unwrap();
        prop_assert!(first.runs_out <= second.runs_out && first.last_day <= second.last_day);
        prop_assert!(first.runs_out >= from && first.last_day >= CALENDAR.zone().date(from));
        prop_assert!(before(&CALENDAR, &first, step).unwrap() <= first.runs_out);
        prop_assert!(after(&CALENDAR, &first, step).unwrap() >= first.runs_out);
        prop_assert!(shift(&CALENDAR, from, duration).unwrap() >= from);
    }

    #[test]
    fn a_hold_never_takes_time_and_a_longer_one_gives_more(
        from in instant(), begins in 0_i64..4_000_000, lasts in 0_i64..4_000_000, longer in 0_i64..400_000,
        duration in short_duration(), on_closed in on_closed(),
    ) {
        let promise = limit(&CALENDAR, from, duration, on_closed).unwrap();
        let begin = from + seconds(begins);
        let held = |lasts| {
            let hold = Hold { from: begin, to: begin + seconds(lasts) };
            given_back(&CALENDAR, &promise, duration.unit(), on_closed, hold).unwrap()
        };
        prop_assert_eq!(held(0), promise);
        prop_assert!(held(lasts).runs_out >= promise.runs_out);
        prop_assert!(held(lasts + longer).runs_out >= held(lasts).runs_out);
        // Whoever was still in time when the hold began is still in time when it ends.
        if begin < promise.runs_out {
            prop_assert!(held(lasts).runs_out > begin + seconds(lasts));
        }
    }

    #[test]
    fn recurring_times_only_go_forward(
        from in instant(),
        text in prop::sample::select(vec!["*/7 * * * *", "30 2 * * *", "0 15 * * SAT,SUN", "0 9 1,15 * *", "0 0 29 2 *"]),
        on_closed in prop::sample::select(vec![OnClosed::Keep, OnClosed::Skip, OnClosed::NextWorkingDay]),
    ) {
        let recurrence = Recurrence::cron(text, on_closed).unwrap();
        let mut at = from;
        for _ in 0..5 {
            let Some(next) = recurrence.next_after(&CALENDAR, at).unwrap() else { break };
            prop_assert!(next > at);
            let local = CALENDAR.zone().local(next);
            prop_assert!(on_closed == OnClosed::Keep || !CALENDAR.is_closed_at(local.date(), local.time()));
            at = next;
        }
    }
}
