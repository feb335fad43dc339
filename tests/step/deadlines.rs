//! Deadlines: what they run from, their ladders, and when they are met.

use super::tale::walk;

const PROMISE: &str = r#"
  wished:  { by: [walker] }
  started: { by: [walker] }
tasks:
  help: { role: boss, due: 1 day }
tracks:
  way:
    starts_in: wishing
    stages:
      wishing:
        deadlines:
          promise:
            from: { event: wished }
            within: 2 weeks
            until: { event: started }
            nudge:    [{ to: walker, before: 4 days, say: near }, { to: guide, before: 6 hours, say: near }]
            escalate: [{ to: guide, say: late, raise: help }, { to: boss, after: 1 week, say: late }, { to: boss, after: 3 hours, say: worry }]
"#;

#[test]
fn rungs_in_days_come_at_midnight_and_one_without_an_offset_when_the_last_day_is_over() {
    walk(PROMISE)
        .skip()
        .event("wished")
        .at("03-30 12:00")
        .reads(
            "03-02 09:00 reported wished
             03-02 09:00 deadline_started promise until 03-17 00:00
             03-12 00:00 rung_reached promise 0
             03-12 00:00 finding_opened near nudges walker
             03-16 18:00 rung_reached promise 1
             03-16 18:00 finding_changed near nudges walker and guide
             03-17 00:00 deadline_overdue promise
             03-17 00:00 rung_reached promise 2
             03-17 00:00 raise_began help for promise
             03-17 00:00 task_opened help for promise until 03-19 00:00
             03-17 00:00 finding_opened late escalates to guide
             03-17 03:00 rung_reached promise 4
             03-17 03:00 finding_opened worry escalates to boss
             03-19 00:00 task_overdue help
             03-24 00:00 rung_reached promise 3
             03-24 00:00 finding_changed late escalates to guide and boss",
        )
        .event("started")
        .reads(
            "03-30 12:00 reported started
             03-30 12:00 deadline_met promise
             03-30 12:00 raise_ended help for promise
             03-30 12:00 finding_closed near
             03-30 12:00 finding_closed late
             03-30 12:00 finding_closed worry",
        );
}

#[test]
fn the_clock_of_a_deadline_follows_summer_time() {
    walk(PROMISE)
        .at("03-20 09:00")
        .event("wished")
        .skip()
        .at("04-03 19:00")
        .reads(
            "03-30 00:00 rung_reached promise 0
             03-30 00:00 finding_opened near nudges walker
             04-03 18:00 rung_reached promise 1
             04-03 18:00 finding_changed near nudges walker and guide",
        );
}

#[test]
fn a_wish_stated_again_never_hides_a_delay() {
    walk(PROMISE)
        .event("wished")
        .at("03-16 12:00")
        .skip()
        .event("wished")
        .reads("03-16 12:00 reported wished")
        .at("03-17 00:00")
        .reads(
            "03-16 18:00 rung_reached promise 1
             03-16 18:00 finding_changed near nudges walker and guide
             03-17 00:00 deadline_overdue promise
             03-17 00:00 rung_reached promise 2
             03-17 00:00 raise_began help for promise
             03-17 00:00 task_opened help for promise until 03-19 00:00
             03-17 00:00 finding_opened late escalates to guide",
        );
}

#[test]
fn with_restart_it_starts_anew_and_what_it_said_is_taken_back() {
    walk(&PROMISE.replace(
        "            within",
        "            restart: yes\n            within",
    ))
    .event("wished")
    .at("03-12 12:00")
    .skip()
    .event("wished")
    .reads(
        "03-12 12:00 reported wished
             03-12 12:00 deadline_ended promise restarted
             03-12 12:00 deadline_started promise until 03-27 00:00
             03-12 12:00 finding_closed near",
    );
}

#[test]
fn a_met_deadline_stays_met_while_its_stage_lasts() {
    walk(PROMISE)
        .event("wished")
        .event("started")
        .skip()
        .event("wished")
        .at("04-10 09:00")
        .reads("03-02 09:00 reported wished");
}

#[test]
fn it_runs_from_when_the_event_happened_and_passes_at_once_what_is_over() {
    walk(PROMISE)
        .at("03-20 09:00")
        .skip()
        .event_of("wished", "03-05 15:00")
        .reads(
            "03-20 09:00 reported wished of 03-05 15:00
             03-20 09:00 deadline_started promise until 03-20 00:00
             03-20 09:00 rung_reached promise 0
             03-20 09:00 rung_reached promise 1
             03-20 09:00 deadline_overdue promise
             03-20 09:00 rung_reached promise 2
             03-20 09:00 raise_began help for promise
             03-20 09:00 task_opened help for promise until 03-22 00:00
             03-20 09:00 rung_reached promise 4
             03-20 09:00 finding_opened near nudges walker and guide
             03-20 09:00 finding_opened late escalates to guide
             03-20 09:00 finding_opened worry escalates to boss",
        );
}

#[test]
fn an_event_at_the_very_end_of_a_deadline_comes_too_late() {
    walk(PROMISE)
        .event("wished")
        .at("03-16 20:00")
        .skip()
        .at("03-17 00:00")
        .event("started")
        .reads(
            "03-17 00:00 deadline_overdue promise
             03-17 00:00 rung_reached promise 2
             03-17 00:00 raise_began help for promise
             03-17 00:00 task_opened help for promise until 03-19 00:00
             03-17 00:00 finding_opened late escalates to guide
             03-17 00:00 reported started
             03-17 00:00 deadline_met promise
             03-17 00:00 raise_ended help for promise
             03-17 00:00 finding_closed near
             03-17 00:00 finding_closed late",
        );
}

const TWO: &str = r#"
  started: { by: [walker] }
tracks:
  way:
    starts_in: wishing
    stages:
      wishing:
        deadlines:
          slow: { within: 5 days, until: { event: started }, nudge: [{ to: walker, before: 2 days, say: near }], escalate: [{ to: boss, say: late }] }
          fast: { within: 3 days, until: { event: started }, nudge: [{ to: walker, before: 1 day, say: near }], escalate: [{ to: boss, after: 1 day, say: late }] }
"#;

#[test]
fn deadlines_pass_their_steps_in_the_order_of_their_instants_whichever_deadline_they_belong_to() {
    walk(TWO).skip().late_at("03-20 09:00").reads(
        "03-04 00:00 rung_reached fast 0
         03-04 00:00 finding_opened near nudges walker
         03-05 00:00 rung_reached slow 0
         03-05 00:00 finding_opened near nudges walker
         03-06 00:00 deadline_overdue fast
         03-07 00:00 rung_reached fast 1
         03-07 00:00 finding_opened late escalates to boss
         03-08 00:00 deadline_overdue slow
         03-08 00:00 rung_reached slow 1
         03-08 00:00 finding_opened late escalates to boss",
    );
}

const FACT: &str = r#"
  promised: { by: [walker], with: { on: date }, sets: { day: on } }
  dropped:  { by: [walker], clears: [day] }
  kept:     { by: [walker] }
  turned:   { by: [walker] }
facts: { day: date }
tracks:
  way:
    starts_in: here
    stages:
      here:
        deadlines:
          keep: { from: { fact: day }, within: same day, until: { event: kept }, nudge: [{ to: walker, before: 2 days, say: near }, { to: boss, say: late }] }
        leave: [{ to: there, when: { event: turned } }]
      there:
        leave: [{ to: here, when: { event: turned } }]
"#;

#[test]
fn a_deadline_from_a_date_moves_with_it_and_goes_with_it() {
    walk(FACT)
        .skip()
        .event_with("promised", &[("on", "2026-03-10")])
        .event_with("promised", &[("on", "2026-03-12")])
        .event("dropped")
        .reads(
            "03-02 09:00 reported promised on=2026-03-10
             03-02 09:00 fact_set day=2026-03-10
             03-02 09:00 deadline_started keep until 03-11 00:00
             03-02 09:00 reported promised on=2026-03-12
             03-02 09:00 fact_set day=2026-03-12
             03-02 09:00 deadline_ended keep restarted
             03-02 09:00 deadline_started keep until 03-13 00:00
             03-02 09:00 reported dropped
             03-02 09:00 fact_cleared day
             03-02 09:00 deadline_ended keep anchor_cleared",
        );
}

#[test]
fn a_deadline_from_a_date_is_not_met_by_what_happened_in_an_earlier_visit() {
    walk(FACT)
        .event_with("promised", &[("on", "2026-03-10")])
        .event("kept")
        .event("turned")
        .skip()
        .event("turned")
        .reads(
            "03-02 09:00 reported turned
             03-02 09:00 stage_entered here #2
             03-02 09:00 deadline_started keep until 03-11 00:00",
        )
        .event("kept")
        .reads(
            "03-02 09:00 reported kept
             03-02 09:00 deadline_met keep",
        );
}

#[test]
fn a_deadline_takes_the_value_of_a_setting_that_is_valid_where_it_starts() {
    let within = r#"
  wished: { by: [walker] }
  started: { by: [walker] }
settings:
  patience: [{ value: 3 days, valid_to: 2026-03-04 }, { value: 5 working days, valid_from: 2026-03-05 }]
tracks:
  way:
    starts_in: wishing
    stages:
      wishing:
        deadlines:
          promise: { from: { event: wished }, restart: yes, within: patience, until: { event: started }, nudge: [{ to: walker, say: late }] }
"#;
    walk(within)
        .skip()
        .at("03-04 23:00")
        .event("wished")
        .at("03-05 01:00")
        .event("wished")
        .reads(
            "03-04 23:00 reported wished
             03-04 23:00 deadline_started promise until 03-08 00:00
             03-05 01:00 reported wished
             03-05 01:00 deadline_ended promise restarted
             03-05 01:00 deadline_started promise until 03-13 00:00",
        );
}

#[test]
fn a_last_day_that_is_closed_stays_or_moves_as_the_file_says() {
    let within = |more: &str| {
        format!(
            r#"
  started: {{ by: [walker] }}
tracks:
  way:
    starts_in: wishing
    stages:
      wishing:
        deadlines:
          promise: {{ within: 1 month, until: {{ event: started }}, nudge: [{{ to: walker, say: late }}]{more} }}
"#
        )
    };
    // A month after Good Friday's eve of February is Good Friday's eve; from the 3rd it is Good Friday itself.
    walk(&within("")).at("03-02 10:00").reads(
        "03-02 09:00 started
         03-02 09:00 stage_entered wishing
         03-02 09:00 deadline_started promise until 04-03 00:00",
    );
    let mut tale = super::tale::nobody_walks(&within(", on_closed: next_working_day"), &[]);
    tale.at("03-03 09:00").start("w", "walk").reads(
        "03-03 09:00 started
         03-03 09:00 stage_entered wishing
         03-03 09:00 deadline_started promise until 04-08 00:00",
    );
}
