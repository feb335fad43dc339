//! Waking: the one instant at which a case wakes, and what a late wake goes through.

use super::tale::{local, walk};

const WEEK: &str = r#"
  started: { by: [walker] }
tracks:
  way:
    starts_in: wishing
    stages:
      wishing:
        tasks:
          write: { role: walker, due: 5 days, done_when: { event: started } }
        deadlines:
          promise:
            within: 6 days
            until: { event: started }
            nudge:    [{ to: walker, before: 4 days, say: near }]
            escalate: [{ to: boss, say: late }]
        leave: [{ to: waiting, when: { in_stage_for: 10 days } }]
      waiting: {}
"#;

#[test]
fn it_wakes_at_the_earliest_instant_at_which_anything_can_change() {
    let mut tale = walk(WEEK);
    let mut seen = Vec::new();
    while let Some(next) = tale.wakes_at() {
        tale.at(&next);
        seen.push(next);
    }
    assert_eq!(
        seen,
        ["03-04 00:00", "03-08 00:00", "03-09 00:00", "03-13 00:00"]
    );
}

#[test]
fn late_is_not_lost_and_each_entry_says_when_it_was_due_and_when_it_was_recorded() {
    let lines = "
        03-04 00:00 rung_reached promise 0
        03-04 00:00 finding_opened near nudges walker
        03-08 00:00 task_overdue write
        03-09 00:00 deadline_overdue promise
        03-09 00:00 rung_reached promise 1
        03-09 00:00 finding_opened late escalates to boss
        03-13 00:00 task_ended write stage_left
        03-13 00:00 deadline_ended promise stage_left
        03-13 00:00 stage_entered waiting
        03-13 00:00 finding_closed near
        03-13 00:00 finding_closed late";
    let mut timely = walk(WEEK);
    timely.skip().at("03-30 09:00").reads(lines);
    let mut late = walk(WEEK);
    late.skip().late_at("03-30 09:00").reads(lines);
    assert_eq!(
        timely
            .entry("03-09 00:00 deadline_overdue promise")
            .recorded,
        local("03-09 00:00")
    );
    assert_eq!(
        late.entry("03-09 00:00 deadline_overdue promise").recorded,
        local("03-30 09:00")
    );
}

#[test]
fn an_input_never_overtakes_what_was_due_before_it() {
    walk(WEEK)
        .skip()
        .late_at("03-05 09:00")
        .event("started")
        .reads(
            "03-04 00:00 rung_reached promise 0
             03-04 00:00 finding_opened near nudges walker
             03-05 09:00 reported started
             03-05 09:00 task_done write
             03-05 09:00 deadline_met promise
             03-05 09:00 finding_closed near",
        );
}
