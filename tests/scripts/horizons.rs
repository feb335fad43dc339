//! Horizons: at any instant between the one for which a rule was asked and the horizon that it gave, it answers the same.

use super::small::{World, at, limits, rule, scripts};
use forloeb_core::value::Value;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

/// One rule for each kind of question about time, and some that ask several.
const RULES: [&str; 13] = [
    "older(it.started, \"36 hours\")",
    "older(it.started, \"3 working days\")",
    "let w = it.last(\"wish_stated\"); w != () && older(w.at, it.settings.confirmed_within)",
    "it.count(\"attendance\", \"14 days\") >= 2",
    "let a = it.last(\"attendance\"); a != () && older(it.started, \"14 days\", a.at)",
    "it.count(\"attendance\", \"5 working days\", #{ how: \"absent\" }) >= 1",
    "it.happened(\"attendance\", \"1 month\")",
    "today() >= plus(it.facts.born, \"2 weeks\")",
    "is_working_day(today())",
    "days_since(it.started) > 20",
    "it.settings.weeks > 4",
    "[it.settings.weeks > 4 || older(it.started, \"1 month\"), `${it.count(\"attendance\", it.settings.lately)}`]",
    "if older(it.started, \"10 days\") { escalate(\"consultant\", \"confirm_wish\", #{ since: it.started }) } else if is_working_day(today()) { nudge(\"consultant\", \"few_companies\", #{ met: days_since(it.started) }) }",
];

/// Minutes after the start of the case.
fn after(minutes: i64) -> Timestamp {
    at("2026-03-02T09:00:00") + SignedDuration::from_mins(minutes)
}

const SIXTY_DAYS: i64 = 60 * 24 * 60;

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_changes_before_the_horizon(
        rule_number in 0..RULES.len(),
        absences in proptest::collection::vec((0..SIXTY_DAYS, any::<bool>()), 0..6),
        wish in proptest::option::of(0..SIXTY_DAYS),
        now in 0..SIXTY_DAYS,
        between in 0.0..1.0_f64,
    ) {
        let mut world = World::new().fact("born", Value::Date("2026-03-10".parse().unwrap()));
        for (minutes, absent) in absences.into_iter().filter(|(minutes, _)| *minutes <= now) {
            let how = if absent { "absent" } else { "present" };
            let local = local(after(minutes));
            world = world.event("attendance", &local, "consultant", &[("how", Value::Text(how.to_owned()))]);
        }
        if let Some(minutes) = wish.filter(|minutes| *minutes <= now) {
            world = world.event("wish_stated", &local(after(minutes)), "consultant", &[]);
        }
        let scripts = scripts(&format!("/// D.\nfn r(it) {{ {} }}", RULES[rule_number]));
        let ask = |now| scripts.measure(&rule("r.r"), &world.view_at(now), limits()).0;
        let first = ask(after(now));
        prop_assert!(first.answer.is_ok(), "{:?}", first.answer);
        let end = first.horizon.unwrap_or(after(now + 2 * SIXTY_DAYS));
        prop_assert!(end > after(now));
        let micros = end.as_microsecond() - after(now).as_microsecond() - 1;
        #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "any instant between will do")]
        let somewhere = (micros as f64 * between) as i64;
        for offset in [somewhere, micros] {
            let later = Timestamp::from_microsecond(after(now).as_microsecond() + offset).unwrap();
            let again = ask(later);
            prop_assert_eq!(&again.answer, &first.answer, "at {}", later);
            prop_assert_eq!(again.horizon, first.horizon);
        }
    }
}

fn local(at: Timestamp) -> String {
    let zone = forloeb_core::time::Zone::find("Europe/Copenhagen").unwrap();
    zone.local(at).to_string()
}

#[test]
fn a_horizon_is_exact() {
    let world = World::new();
    for (body, now, expected) in [
        // Monday 2 March, 09:00, is the start.
        (
            "older(it.started, \"36 hours\")",
            "2026-03-02T10:00:00",
            Some("2026-03-03T21:00:00"),
        ),
        (
            "older(it.started, \"3 working days\")",
            "2026-03-02T10:00:00",
            Some("2026-03-06T00:00:00"),
        ),
        (
            "older(it.started, \"3 working days\")",
            "2026-03-06T00:00:00",
            None,
        ),
        (
            "is_working_day(today())",
            "2026-03-28T12:00:00",
            Some("2026-03-29T00:00:00"),
        ),
        // The setting changes on 1 April; the clocks change on 29 March.
        (
            "it.settings.weeks > 4",
            "2026-03-28T12:00:00",
            Some("2026-04-01T00:00:00"),
        ),
        ("it.settings.weeks > 4", "2026-04-01T00:00:00", None),
        ("it.settings.strict", "2026-04-01T00:00:00", None),
        (
            "it.count(\"attendance\", \"14 days\") > 0",
            "2026-04-01T00:00:00",
            None,
        ),
    ] {
        let verdict = super::small::answer(body, &world, now);
        assert_eq!(verdict.horizon, expected.map(at), "{body} at {now}");
    }
    let world = world
        .event("attendance", "2026-03-03T09:00:00", "consultant", &[])
        .event("attendance", "2026-03-05T09:00:00", "consultant", &[]);
    let verdict = super::small::answer(
        "it.count(\"attendance\", \"14 days\") > 1",
        &world,
        "2026-03-06T00:00:00",
    );
    assert_eq!(verdict.horizon, Some(at("2026-03-18T00:00:00")));
}
