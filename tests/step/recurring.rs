//! Recurring work: when it comes, what happens to what was missed, and on closed days.

use super::tale::{nobody_walks, walk};

fn work(recurring: &str) -> String {
    format!(
        r#"
  called: {{ by: [walker] }}
  turned: {{ by: [walker] }}
tracks:
  way:
    starts_in: here
    stages:
      here:
        leave: [{{ to: there, when: {{ event: turned }} }}]
      there:
        leave: [{{ to: here, when: {{ event: turned }} }}]
recurring:
  call: {{ {recurring}, task: {{ role: guide, due: 1 day, done_when: {{ event: called }} }} }}
"#
    )
}

#[test]
fn it_comes_while_its_stage_lasts_and_one_question_replaces_the_one_before() {
    walk(&work(r#"every: "wednesday 13:00", while_in: here"#))
        .skip()
        .at("03-11 14:00")
        .event("called")
        .event("turned")
        .at("03-18 14:00")
        .event("turned")
        .at("03-25 14:00")
        .event("turned")
        .reads(
            "03-04 13:00 recurred call of 03-04 13:00
             03-04 13:00 task_opened call recurring until 03-06 00:00
             03-06 00:00 task_overdue call
             03-11 13:00 recurred call of 03-11 13:00
             03-11 13:00 task_ended call next_occurrence
             03-11 13:00 task_opened call recurring until 03-13 00:00
             03-11 14:00 reported called
             03-11 14:00 task_done call
             03-11 14:00 reported turned
             03-11 14:00 stage_entered there
             03-11 14:00 recurring_stopped call
             03-18 14:00 reported turned
             03-18 14:00 stage_entered here #2
             03-18 14:00 recurring_began call
             03-25 13:00 recurred call of 03-25 13:00
             03-25 13:00 task_opened call recurring until 03-27 00:00
             03-25 14:00 reported turned
             03-25 14:00 stage_entered there #2
             03-25 14:00 recurring_stopped call
             03-25 14:00 task_ended call stage_left",
        );
}

#[test]
fn of_what_was_missed_once_makes_up_for_the_last() {
    walk(&work(r#"every: "wednesday 13:00", missed: once"#))
        .skip()
        .late_at("03-20 09:00")
        .reads(
            "03-04 13:00 recurring_missed call of 03-04 13:00
             03-11 13:00 recurring_missed call of 03-11 13:00
             03-18 13:00 recurred call of 03-18 13:00
             03-18 13:00 task_opened call recurring until 03-20 00:00
             03-20 00:00 task_overdue call",
        );
}

#[test]
fn of_what_was_missed_skip_makes_up_for_nothing_but_what_came_today() {
    let skip = work(r#"every: "wednesday 13:00", missed: skip"#);
    walk(&skip).skip().late_at("03-12 09:00").reads(
        "03-04 13:00 recurring_missed call of 03-04 13:00
         03-11 13:00 recurring_missed call of 03-11 13:00",
    );
    walk(&skip).skip().late_at("03-11 23:00").reads(
        "03-04 13:00 recurring_missed call of 03-04 13:00
         03-11 13:00 recurred call of 03-11 13:00
         03-11 13:00 task_opened call recurring until 03-13 00:00",
    );
}

#[test]
fn of_what_was_missed_all_makes_up_for_each() {
    walk(&work(r#"every: "wednesday 13:00", missed: all"#))
        .skip()
        .late_at("03-12 09:00")
        .reads(
            "03-04 13:00 recurred call of 03-04 13:00
             03-04 13:00 task_opened call recurring until 03-06 00:00
             03-06 00:00 task_overdue call
             03-11 13:00 recurred call of 03-11 13:00
             03-11 13:00 task_ended call next_occurrence
             03-11 13:00 task_opened call recurring until 03-13 00:00",
        );
}

#[test]
fn in_steps_of_a_length_it_is_counted_from_where_it_began_and_moved_off_closed_days() {
    walk(&work("every: 16 days, on_closed: next_working_day"))
        .skip()
        .at("04-08 09:00")
        .reads(
            "03-18 09:00 recurred call of 03-18 09:00
             03-18 09:00 task_opened call recurring until 03-20 00:00
             03-20 00:00 task_overdue call
             04-07 09:00 recurred call of 04-07 09:00
             04-07 09:00 task_ended call next_occurrence
             04-07 09:00 task_opened call recurring until 04-09 00:00",
        );
}

#[test]
fn steps_that_only_ever_meet_closed_days_never_come() {
    let mut tale = nobody_walks(&work("every: 1 week, on_closed: skip"), &[]);
    tale.at("2026-03-07 09:00").start("w", "walk");
    assert_eq!(tale.wakes_at(), None);
}

#[test]
fn in_the_hour_that_the_clock_leaves_out_or_repeats_it_comes_once() {
    let night = work(r#"every: "day 02:30""#).replace("due: 1 day, ", "");
    walk(&night)
        .at("03-28 12:00")
        .skip()
        .at("03-30 12:00")
        .reads(
            "03-29 03:00 recurred call of 03-29 03:00
             03-29 03:00 task_ended call next_occurrence
             03-29 03:00 task_opened call recurring
             03-30 02:30 recurred call of 03-30 02:30
             03-30 02:30 task_ended call next_occurrence
             03-30 02:30 task_opened call recurring",
        )
        .at("10-24 12:00")
        .skip()
        .at("10-25 12:00")
        .reads(
            "10-25 02:30 recurred call of 10-25 02:30
             10-25 02:30 task_ended call next_occurrence
             10-25 02:30 task_opened call recurring",
        );
}
