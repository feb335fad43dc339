//! How fast rules are, and what hostile ones take. Not part of the ordinary run, since a time limit in a test only says
//! how busy the machine is: `cargo test --release --test tests scripts::speed -- --ignored --nocapture --test-threads 1`.

use super::small::{World, limits, rule, scripts};
use forloeb_core::value::Value;
use std::time::Instant;

/// Two rules of the shipped programme's manner: one event and one limit; a loop, a helper and two windows.
const RULES: &str = r#"
/// The wish is the young person's own.
fn own_wish(it) {
    let wish = it.last("wish_stated");
    if wish == () || wish.by == "participant" || it.happened("wish_confirmed", wish.at) { return; }
    nudge("participant", "confirm_wish");
    if older(wish.at, it.settings.confirmed_within) { escalate("consultant", "not_confirmed"); }
}

/// Absences, lately.
fn absence(it) {
    let missing = it.last("attendance", #{ how: "absent" });
    if missing == () { return; }
    let lately = _absences(it, it.settings.lately);
    if lately >= 2 { nudge("consultant", "few_companies", #{ met: lately }); }
}

fn _absences(it, period) { it.count("attendance", period, #{ how: "absent" }) }
"#;

#[test]
#[ignore = "measures time"]
fn evaluations_per_second() {
    let absent = || [("how", Value::Text("absent".to_owned()))];
    let world = World::new()
        .event("wish_stated", "2026-03-03T10:00:00", "consultant", &[])
        .event("attendance", "2026-03-02T10:00:00", "consultant", &absent())
        .event("attendance", "2026-03-03T10:00:00", "consultant", &absent())
        .event("attendance", "2026-03-04T10:00:00", "consultant", &absent());
    let view = world.view("2026-03-05T12:00:00");
    let scripts = scripts(RULES);
    let judge = scripts.judge();
    for name in ["r.own_wish", "r.absence"] {
        let (_, steps) = scripts.measure(&rule(name), &view, limits());
        let rule = rule(name);
        let began = Instant::now();
        let mut count = 0_u32;
        while began.elapsed().as_secs() < 2 {
            for _ in 0..1000 {
                assert!(judge.judge(&rule, &view).answer.is_ok());
            }
            count += 1000;
        }
        let rate = f64::from(count) / began.elapsed().as_secs_f64();
        println!("{name}: {rate:.0} evaluations a second, {steps} steps each");
    }
}
