//! Holds: what they stop, what runs on, and the time that they give back.

use super::tale::{WALKER, local, walk};
use forloeb_core::input::Input;

const PROMISES: &str = r#"
  started: { by: [walker] }
tracks:
  way:
    starts_in: wishing
    stages:
      wishing:
        tasks:
          write: { role: walker, due: 4 days }
          sign:  { role: walker, due: 4 days, on_hold: run }
        deadlines:
          stops: { within: 5 working days, until: { event: started }, nudge: [{ to: guide, before: 1 working day, say: near }, { to: boss, say: late }] }
          hours: { within: 100 hours, until: { event: started }, nudge: [{ to: guide, say: near }] }
          runs:  { within: 1 week, on_hold: run, until: { event: started }, nudge: [{ to: guide, say: worry }] }
recurring:
  call: { every: "wednesday 13:00", task: { role: guide } }
"#;

#[test]
fn a_hold_stops_what_allows_it_and_gives_back_the_time_that_remained() {
    walk(PROMISES)
        .reads(
            "03-02 09:00 started
             03-02 09:00 stage_entered wishing
             03-02 09:00 recurring_began call
             03-02 09:00 task_opened write until 03-07 00:00
             03-02 09:00 task_opened sign until 03-07 00:00
             03-02 09:00 deadline_started stops until 03-10 00:00
             03-02 09:00 deadline_started hours until 03-06 13:00
             03-02 09:00 deadline_started runs until 03-10 00:00",
        )
        .at("03-03 12:00")
        .hold(None)
        .at("03-13 15:00")
        .reads(
            "03-03 12:00 held for now
             03-07 00:00 task_overdue sign
             03-10 00:00 deadline_overdue runs
             03-10 00:00 rung_reached runs 0
             03-10 00:00 finding_opened worry nudges guide",
        )
        .resume()
        .reads(
            "03-13 15:00 resumed
             03-13 15:00 task_moved write until 03-17 00:00
             03-13 15:00 deadline_moved stops until 03-20 00:00
             03-13 15:00 deadline_moved hours until 03-16 16:00",
        )
        .at("03-18 14:00")
        .reads(
            "03-16 16:00 deadline_overdue hours
             03-16 16:00 rung_reached hours 0
             03-16 16:00 finding_opened near nudges guide
             03-17 00:00 task_overdue write
             03-18 00:00 rung_reached stops 0
             03-18 00:00 finding_opened near nudges guide
             03-18 13:00 recurred call of 03-18 13:00
             03-18 13:00 task_opened call recurring",
        );
}

#[test]
fn a_hold_with_an_end_ends_by_itself_at_that_instant_however_late_the_case_wakes() {
    let lines = "
        03-03 12:00 held until 03-05 12:00
        03-05 12:00 resumed
        03-05 12:00 task_moved write until 03-09 00:00
        03-05 12:00 deadline_moved stops until 03-12 00:00
        03-05 12:00 deadline_moved hours until 03-08 13:00";
    walk(PROMISES)
        .skip()
        .at("03-03 12:00")
        .hold(Some("03-05 12:00"))
        .at("03-06 09:00")
        .reads(lines);
    walk(PROMISES)
        .skip()
        .at("03-03 12:00")
        .hold(Some("03-05 12:00"))
        .late_at("03-06 09:00")
        .reads(lines);
}

#[test]
fn what_starts_during_a_hold_gets_back_no_more_than_its_own_share() {
    let restarting = r#"
  stepped: { by: [walker] }
  rested:  { by: [walker] }
tracks:
  way:
    starts_in: walking
    stages:
      walking:
        deadlines:
          rest: { from: { event: stepped }, within: 10 hours, until: { event: rested }, nudge: [{ to: guide, say: near }] }
"#;
    walk(restarting)
        .skip()
        .hold(None)
        .at("03-02 15:00")
        .event("stepped")
        .at("03-02 18:00")
        .resume()
        .reads(
            "03-02 09:00 held for now
             03-02 15:00 reported stepped
             03-02 15:00 deadline_started rest until 03-03 01:00
             03-02 18:00 resumed
             03-02 18:00 deadline_moved rest until 03-03 04:00",
        );
}

#[test]
fn a_hold_within_a_hold_and_an_end_without_one_are_refused() {
    let mut tale = walk(PROMISES);
    let hold = |until| Input::Hold {
        until,
        because: "away".to_owned(),
    };
    assert_eq!(tale.refused(WALKER, Input::Resume), "`w` is not on hold");
    assert_eq!(
        tale.refused(WALKER, hold(Some(local("03-02 09:00")))),
        "2026-03-02 is not ahead"
    );
    tale.hold(None);
    assert_eq!(tale.refused(WALKER, hold(None)), "`w` is on hold already");
}
