//! Every sentence that the program itself says, as one table that each language fills: a sentence that a language lacks does not compile.

use jiff::civil::Weekday;
use serde::Serialize;

/// Words and headings that need nothing filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the English word that it stands for")]
pub enum Label {
    Acknowledged,
    ByMigration,
    BecauseCaseEnded,
    BecauseMigrated,
    BecauseNextOccurrence,
    BecauseRestarted,
    BecauseAnchorCleared,
    BecauseStageLeft,
    Confidential,
    Deadline,
    DoesNotCount,
    Deadlines,
    Empty,
    Erased,
    Escalation,
    Event,
    Fact,
    Facts,
    Finding,
    Findings,
    InHand,
    LastDay,
    LeftCaseEnded,
    LeftNoSuchEvent,
    LeftNothingThere,
    LastEvents,
    Later,
    Link,
    Links,
    New,
    NoCases,
    NoCasesYet,
    NoDate,
    NoDateHeading,
    NoFindings,
    NoTasks,
    NotNeeded,
    NobodyHasRead,
    NothingChanged,
    NothingDone,
    NothingOpen,
    Nudge,
    OnBehalfOf,
    OnHold,
    Outcome,
    Overdue,
    Recurring,
    Resumed,
    Rule,
    SomeRule,
    Stage,
    StillOpen,
    Task,
    Tasks,
    ThisWeek,
    Today,
    TodayHeading,
    Tomorrow,
    Track,
    Waiting,
    WhatFollowed,
    Yesterday,
}

/// What can be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "each is the English word that it stands for")]
pub enum Counted {
    Cases,
    DeadlinesMet,
    DeadlinesPassed,
    Ended,
    Escalations,
    Events,
    FindingsClosed,
    NotTold,
    Nudges,
    Overdue,
    RulesFailed,
    StagesEntered,
    Started,
    TasksDone,
    TasksDropped,
    TasksOpened,
    TasksOverdue,
    WeekendDays,
}

/// The sentences of a language. Titles come as the process words them; dates and lists are already in words.
#[allow(
    missing_docs,
    reason = "the name of a sentence says what it is for; the two tables show how it reads"
)]
pub trait Tongue: Sync {
    // Dates, numbers, lists.
    fn weekday(&self, day: Weekday) -> (&'static str, &'static str);
    fn month(&self, month: i8) -> (&'static str, &'static str);
    fn date(&self, weekday: &str, day: i8, month: &str, year: Option<i16>) -> String;
    fn long_date(&self, weekday: &str, day: i8, month: &str, year: Option<i16>) -> String;
    fn time(&self, hour: i8, minute: i8) -> String;
    fn clock(&self, time: &str) -> String;
    fn at_time(&self, date: &str, time: &str) -> String;
    fn decimal_point(&self) -> char;
    fn yes_no(&self, yes: bool) -> &'static str;
    fn quoted(&self, text: &str) -> String;
    fn and(&self, before: &str, last: &str) -> String;
    fn label(&self, label: Label) -> &'static str;
    fn counted(&self, count: usize, what: Counted) -> String;
    fn days(&self, days: i64) -> String;
    fn for_days(&self, days: i64) -> String;
    fn overdue_days(&self, days: i64) -> String;
    fn overdue_since(&self, moment: &str) -> String;
    fn since(&self, when: &str) -> String;
    fn until(&self, when: &str) -> String;
    fn last_day(&self, when: &str) -> String;
    fn due(&self, when: &str) -> String;
    fn times(&self, times: u32) -> String;

    // The case page.
    fn version(&self, plan: &str) -> String;
    fn only(&self, roles: &str) -> String;
    fn told_to(&self, level: &str, roles: &str) -> String;
    fn snoozed_until(&self, when: &str) -> String;
    fn met_on(&self, when: &str) -> String;
    fn met_late(&self, days: i64) -> String;
    fn raises(&self, task: &str) -> String;
    fn more(&self, count: usize) -> String;
    fn more_lines(&self, count: usize) -> String;

    // The history.
    fn recorded_late(&self, moment: &str) -> String;
    fn happened(&self, moment: &str) -> String;
    fn told_by(&self, case: &str) -> String;
    fn started(&self, process: &str, plan: &str) -> String;
    fn fact_cleared(&self, fact: &str) -> String;
    fn linked(&self, link: &str, case: &str) -> String;
    fn unlinked(&self, link: &str, case: &str) -> String;
    fn stage_entered(&self, track: &str, stage: &str, visit: u32) -> String;
    fn task_opened(&self, role: &str, task: &str) -> String;
    fn task_done(&self, task: &str) -> String;
    fn task_ended(&self, task: &str, why: &str) -> String;
    fn task_overdue(&self, task: &str) -> String;
    fn task_moved(&self, task: &str, due: &str) -> String;
    fn deadline_started(&self, deadline: &str, last_day: &str) -> String;
    fn deadline_met(&self, deadline: &str, late: bool) -> String;
    fn deadline_ended(&self, deadline: &str, why: &str) -> String;
    fn deadline_overdue(&self, deadline: &str) -> String;
    fn deadline_moved(&self, deadline: &str, last_day: &str) -> String;
    fn rung_reached(&self, deadline: &str, rung: u32, level: &str, role: &str) -> String;
    fn finding(&self, level: &str, roles: &str, message: &str) -> String;
    fn finding_changed(&self, level: &str, roles: &str, message: &str) -> String;
    fn finding_closed(&self, message: &str) -> String;
    fn finding_acknowledged(&self, message: &str, because: &str) -> String;
    fn finding_snoozed(&self, message: &str, until: &str, because: &str) -> String;
    fn raise_began(&self, source: &str, task: &str) -> String;
    fn raise_ended(&self, source: &str, task: &str) -> String;
    fn recurred(&self, title: &str) -> String;
    fn recurring_began(&self, title: &str) -> String;
    fn recurring_stopped(&self, title: &str) -> String;
    fn recurring_missed(&self, title: &str, moment: &str) -> String;
    fn circled(&self, stages: &str) -> String;
    fn migrated(&self, plan: &str, because: &str) -> String;
    fn task_carried(&self, role: &str, task: &str) -> String;
    fn deadline_carried(&self, deadline: &str, last_day: &str) -> String;
    fn corrected(&self, what: &str, because: &str) -> String;
    fn left_out(&self, what: &str, why: &str) -> String;
    fn deadline_gone(&self, deadline: &str) -> String;
    fn task_gone(&self, task: &str) -> String;
    fn fact_changed(&self, fact: &str, from: &str, to: &str) -> String;
    fn open_again(&self) -> &'static str;
    fn would_mean(&self, process: &str, version: &str, count: usize) -> String;
    fn went_over(&self, process: &str, version: &str, count: usize) -> String;
    fn nobody_left(&self, process: &str, version: &str) -> String;
    fn taken_back(&self, process: &str, count: usize) -> String;
    fn safe(&self, count: usize) -> String;
    fn need_mapping(&self, count: usize) -> String;
    fn blocked(&self, count: usize) -> String;
    fn untouched(&self, count: usize) -> String;
    fn name_is_gone(&self, section: &str, name: &str) -> String;
    fn confidential_changes(&self, name: &str) -> String;
    fn value_misfits(&self, fact: &str, value: &str) -> String;
    fn sealed_misfits(&self, fact: &str) -> String;
    fn would_go_back(&self, process: &str, count: usize) -> String;
    fn nothing_to_take_back(&self, process: &str) -> String;
    fn read_by(&self, processes: &str, command: &str) -> String;
    fn link_elsewhere(&self, link: &str, to: &str) -> String;
    fn too_many_linked(&self, link: &str) -> String;
    fn becomes_one(&self, name: &str) -> String;
    fn fact_gone(&self, fact: &str) -> String;
    fn steps_ahead(&self, deadline: &str, steps: &str) -> String;
    fn no_steps_ahead(&self, deadline: &str) -> String;
    fn waits_for_otherwise(&self, title: &str) -> String;
    fn comes_next(&self, work: &str, from: &str, to: &str) -> String;
    fn work_otherwise(&self, work: &str) -> String;
    fn ways_out_otherwise(&self, stage: &str) -> String;
    fn ends_otherwise(&self) -> &'static str;
    fn told_again(&self, count: usize) -> String;
    fn first_recorded_as(&self, seq: u64) -> String;
    fn held(&self, until: Option<&str>, because: &str) -> String;
    fn rule_failed(&self, rule: &str, message: &str) -> String;
    fn some_rule_failed(&self, only: &str) -> String;
    /// The message is a whole sentence, with the mark that ends it.
    fn fault(&self, rule: &str, message: &str, place: &str) -> String;
    fn not_told(&self, event: &str, case: &str, why: &str) -> String;
    fn ended(&self, outcome: &str) -> String;
    fn entry_number(&self, seq: u64) -> String;

    // Explaining.
    fn because(&self) -> &'static str;
    fn why_here(&self, case: &str) -> String;
    fn why(&self, title: &str, case: &str) -> String;
    fn why_not(&self, stage: &str, case: &str) -> String;
    fn counted_from(&self, length: &str, anchor: &str, from: &str, last_day: &str) -> String;
    fn counted_same_day(&self, anchor: &str, last_day: &str) -> String;
    fn counted_from_entering(&self, stage: &str) -> String;
    fn counted_from_opening(&self) -> &'static str;
    fn not_counted(&self, days: &str) -> String;
    fn given_back(&self, last_day: &str) -> String;
    fn if_nothing_is_done(&self) -> &'static str;
    fn never_yet(&self, kind: &str, title: &str) -> String;
    fn none_for_you(&self, kind: &str, title: &str) -> String;
    fn already_there(&self, stage: &str) -> String;
    fn no_way(&self, stage: &str, from: &str) -> String;

    // Conditions.
    fn all_of(&self) -> &'static str;
    fn any_of(&self) -> &'static str;
    fn none_of(&self) -> &'static str;
    fn tasks_done(&self) -> &'static str;
    fn task_is_done(&self, task: &str) -> String;
    fn event_happened(&self, event: &str, by: Option<&str>, with: Option<&str>) -> String;
    fn at_least_times(&self, times: u32) -> String;
    fn linked_to(&self, link: &str) -> String;
    fn has_value(&self, fact: &str) -> String;
    fn is(&self, fact: &str, value: &str) -> String;
    fn is_not(&self, fact: &str, value: &str) -> String;
    fn one_of(&self, fact: &str, values: &str) -> String;
    fn at_least(&self, fact: &str, value: &str) -> String;
    fn at_most(&self, fact: &str, value: &str) -> String;
    fn more_than(&self, fact: &str, value: &str) -> String;
    fn less_than(&self, fact: &str, value: &str) -> String;
    fn exactly(&self, link: &str, count: u32) -> String;
    fn between(&self, fact: &str, least: &str, most: &str) -> String;
    fn in_stage_for(&self, length: &str) -> String;
    fn rule_says_yes(&self, rule: &str) -> String;
    fn missing(&self, tasks: &str) -> String;
    fn not_since(&self, moment: &str) -> String;
    fn never(&self) -> &'static str;
    fn so_far(&self, count: u32) -> String;
    fn last_time(&self, moment: &str) -> String;
    fn it_is(&self, value: &str) -> String;
    fn may_change(&self, moment: &str) -> String;
    fn holds_from(&self, moment: &str) -> String;

    // Lists and summaries.
    fn clock_stands(&self, moment: &str, moved_by_hand: bool) -> String;
    fn nothing_waits(&self) -> &'static str;
    fn as_of(&self, moment: &str) -> String;
    fn closed_days(&self, calendar: &str, year: i16, zone: &str, weekend: &str) -> String;
    fn closed_from(&self, time: &str) -> String;
    fn counted_on(&self, length: &str, from: &str, last_day: &str) -> String;
    fn skipped_days(&self) -> &'static str;
    fn weekend(&self) -> &'static str;
    fn clock_moved(&self, from: &str, to: &str) -> String;
    fn applied(&self, accepted: usize, again: usize, refused: usize) -> String;
    fn refused_line(&self, line: usize, message: &str) -> String;
    fn next_wake(&self, moment: &str) -> String;
    fn unknown_name(&self, name: &str, case: &str) -> String;
    fn did_you_mean(&self, name: &str) -> String;
    fn names_known(&self, names: &str) -> String;
    fn unknown_stage(&self, stage: &str) -> String;
}
