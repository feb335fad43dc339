//! English: every sentence that the program says.

use super::{
    rich::GLUE,
    tongue::{Counted, Label, Tongue},
};
use jiff::civil::Weekday;

/// English.
#[derive(Clone, Copy, Debug)]
pub struct English;

fn plural(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn ordinal(count: u32) -> String {
    let ending = match (count % 10, count % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{count}{ending}")
}

fn year_after(date: String, year: Option<i16>) -> String {
    year.map_or(date.clone(), |year| format!("{date}{GLUE}{year}"))
}

impl Tongue for English {
    fn weekday(&self, day: Weekday) -> (&'static str, &'static str) {
        match day {
            Weekday::Monday => ("Mon", "Monday"),
            Weekday::Tuesday => ("Tue", "Tuesday"),
            Weekday::Wednesday => ("Wed", "Wednesday"),
            Weekday::Thursday => ("Thu", "Thursday"),
            Weekday::Friday => ("Fri", "Friday"),
            Weekday::Saturday => ("Sat", "Saturday"),
            Weekday::Sunday => ("Sun", "Sunday"),
        }
    }
    fn month(&self, month: i8) -> (&'static str, &'static str) {
        match month {
            1 => ("Jan", "January"),
            2 => ("Feb", "February"),
            3 => ("Mar", "March"),
            4 => ("Apr", "April"),
            5 => ("May", "May"),
            6 => ("Jun", "June"),
            7 => ("Jul", "July"),
            8 => ("Aug", "August"),
            9 => ("Sep", "September"),
            10 => ("Oct", "October"),
            11 => ("Nov", "November"),
            _ => ("Dec", "December"),
        }
    }
    fn date(&self, weekday: &str, day: i8, month: &str, year: Option<i16>) -> String {
        year_after(format!("{weekday}{GLUE}{day}{GLUE}{month}"), year)
    }
    fn long_date(&self, weekday: &str, day: i8, month: &str, year: Option<i16>) -> String {
        year_after(format!("{weekday} {day}{GLUE}{month}"), year)
    }
    fn time(&self, hour: i8, minute: i8) -> String {
        format!("{hour:02}:{minute:02}")
    }
    fn clock(&self, time: &str) -> String {
        time.to_owned()
    }
    fn at_time(&self, date: &str, time: &str) -> String {
        format!("{date} {time}")
    }
    fn decimal_point(&self) -> char {
        '.'
    }
    fn yes_no(&self, yes: bool) -> &'static str {
        if yes { "yes" } else { "no" }
    }
    fn quoted(&self, text: &str) -> String {
        format!("“{text}”")
    }
    fn and(&self, before: &str, last: &str) -> String {
        format!("{before} and {last}")
    }
    fn label(&self, label: Label) -> &'static str {
        match label {
            Label::ByMigration => "by the new version",
            Label::Acknowledged => "taken on",
            Label::BecauseCaseEnded => "the case ended",
            Label::BecauseNextOccurrence => "the next one came",
            Label::BecauseRestarted => "it started anew",
            Label::BecauseAnchorCleared => "the day that it runs from was taken away",
            Label::BecauseStageLeft => "its stage was left",
            Label::Confidential => "confidential",
            Label::DoesNotCount => "does not count: taken back by a correction",
            Label::Deadline => "deadline",
            Label::Deadlines => "Deadlines",
            Label::Empty => "it is empty",
            Label::Erased => "erased",
            Label::Escalation => "Escalation",
            Label::Event => "event",
            Label::Fact => "fact",
            Label::Facts => "Known",
            Label::Finding => "finding",
            Label::Findings => "Findings",
            Label::InHand => "in hand",
            Label::BecauseMigrated => "not in the new version",
            Label::LeftCaseEnded => "the case had ended by then",
            Label::LeftNoSuchEvent => "its version has no such event",
            Label::LeftNothingThere => "what it was about is not there",
            Label::LastDay => "last day",
            Label::LastEvents => "Last events",
            Label::Later => "Later",
            Label::Link => "link",
            Label::Links => "Linked",
            Label::New => "new",
            Label::NoCases => "No cases.",
            Label::NoCasesYet => "none yet",
            Label::NoDate => "no date",
            Label::NoDateHeading => "No date",
            Label::NoFindings => "No open findings.",
            Label::NoTasks => "Nothing to do.",
            Label::NotNeeded => "optional",
            Label::NobodyHasRead => "Nobody has looked at it.",
            Label::NothingChanged => "Nothing has changed.",
            Label::NothingDone => "Nothing was due.",
            Label::NothingOpen => "Nothing is open: no tasks, no deadlines, no findings.",
            Label::Nudge => "Nudge",
            Label::OnBehalfOf => "on behalf of",
            Label::OnHold => "On hold",
            Label::Outcome => "outcome",
            Label::Overdue => "Overdue",
            Label::Recurring => "recurring",
            Label::Resumed => "The hold ended",
            Label::Rule => "rule",
            Label::SomeRule => "A rule",
            Label::Stage => "stage",
            Label::StillOpen => "Still open",
            Label::Task => "task",
            Label::Tasks => "Tasks",
            Label::ThisWeek => "This week",
            Label::Today => "today",
            Label::TodayHeading => "Today",
            Label::Tomorrow => "tomorrow",
            Label::Track => "track",
            Label::Waiting => "Waiting",
            Label::WhatFollowed => "What followed",
            Label::Yesterday => "yesterday",
        }
    }
    fn counted(&self, count: usize, what: Counted) -> String {
        let words = |one, many| plural(count, one, many);
        match what {
            Counted::Cases => words("case", "cases"),
            Counted::DeadlinesMet => words("deadline met", "deadlines met"),
            Counted::DeadlinesPassed => words("deadline ran out", "deadlines ran out"),
            Counted::Ended => words("ended", "ended"),
            Counted::Escalations => words("escalation", "escalations"),
            Counted::Events => words("event", "events"),
            Counted::FindingsClosed => words("finding settled", "findings settled"),
            Counted::NotTold => words("event not told", "events not told"),
            Counted::Nudges => words("nudge", "nudges"),
            Counted::Overdue => words("overdue", "overdue"),
            Counted::RulesFailed => words("rule failed", "rules failed"),
            Counted::StagesEntered => words("stage entered", "stages entered"),
            Counted::Started => words("started", "started"),
            Counted::TasksDone => words("task done", "tasks done"),
            Counted::TasksDropped => words("task dropped", "tasks dropped"),
            Counted::TasksOpened => words("new task", "new tasks"),
            Counted::TasksOverdue => words("task overdue", "tasks overdue"),
            Counted::WeekendDays => words("weekend day", "weekend days"),
        }
    }
    fn days(&self, days: i64) -> String {
        if days == 1 {
            "1 day".to_owned()
        } else {
            format!("{days} days")
        }
    }
    fn for_days(&self, days: i64) -> String {
        format!("for {}", self.days(days))
    }
    fn overdue_days(&self, days: i64) -> String {
        format!("{} overdue", self.days(days))
    }
    fn overdue_since(&self, moment: &str) -> String {
        format!("overdue since {moment}")
    }
    fn since(&self, when: &str) -> String {
        format!("since {when}")
    }
    fn until(&self, when: &str) -> String {
        format!("until {when}")
    }
    fn last_day(&self, when: &str) -> String {
        format!("last day {when}")
    }
    fn due(&self, when: &str) -> String {
        format!("due {when}")
    }
    fn times(&self, times: u32) -> String {
        format!("{} time", ordinal(times))
    }

    fn version(&self, plan: &str) -> String {
        format!("version {plan}")
    }
    fn only(&self, roles: &str) -> String {
        format!("only {roles}")
    }
    fn told_to(&self, level: &str, roles: &str) -> String {
        format!("{level} to {roles}")
    }
    fn snoozed_until(&self, when: &str) -> String {
        format!("put off until {when}")
    }
    fn met_on(&self, when: &str) -> String {
        format!("met {when}")
    }
    fn met_late(&self, days: i64) -> String {
        format!("met, {} late", self.days(days))
    }
    fn raises(&self, task: &str) -> String {
        format!("with the task “{task}”")
    }
    fn more(&self, count: usize) -> String {
        format!("and {}", plural(count, "more case", "more cases"))
    }
    fn more_lines(&self, count: usize) -> String {
        let lines = plural(count, "more line", "more lines");
        format!("and {lines} in the history")
    }

    fn recorded_late(&self, moment: &str) -> String {
        format!("recorded {moment}")
    }
    fn happened(&self, moment: &str) -> String {
        format!("happened {moment}")
    }
    fn told_by(&self, case: &str) -> String {
        format!("told by {case}")
    }
    fn started(&self, process: &str, plan: &str) -> String {
        format!("Started: {process}, {plan}")
    }
    fn fact_cleared(&self, fact: &str) -> String {
        format!("{fact}: emptied")
    }
    fn linked(&self, link: &str, case: &str) -> String {
        format!("{link}: {case} added")
    }
    fn unlinked(&self, link: &str, case: &str) -> String {
        format!("{link}: {case} removed")
    }
    fn stage_entered(&self, track: &str, stage: &str, visit: u32) -> String {
        let again = if visit > 1 {
            format!(" ({})", self.times(visit))
        } else {
            String::new()
        };
        format!("{track}: “{stage}” begins{again}")
    }
    fn task_opened(&self, role: &str, task: &str) -> String {
        format!("Task for {role}: {task}")
    }
    fn task_done(&self, task: &str) -> String {
        format!("Done: {task}")
    }
    fn task_ended(&self, task: &str, why: &str) -> String {
        format!("Task dropped, {why}: {task}")
    }
    fn task_overdue(&self, task: &str) -> String {
        format!("Task overdue: {task}")
    }
    fn task_moved(&self, task: &str, due: &str) -> String {
        format!("Task due {due} after the hold: {task}")
    }
    fn deadline_started(&self, deadline: &str, last_day: &str) -> String {
        format!("Deadline begins: {deadline}, last day {last_day}")
    }
    fn deadline_met(&self, deadline: &str, late: bool) -> String {
        let late = if late { " late" } else { "" };
        format!("Deadline met{late}: {deadline}")
    }
    fn deadline_ended(&self, deadline: &str, why: &str) -> String {
        format!("Deadline dropped, {why}: {deadline}")
    }
    fn deadline_overdue(&self, deadline: &str) -> String {
        format!("Deadline ran out: {deadline}")
    }
    fn deadline_moved(&self, deadline: &str, last_day: &str) -> String {
        format!("Deadline moved by the hold: {deadline}, last day {last_day}")
    }
    fn rung_reached(&self, deadline: &str, rung: u32, level: &str, role: &str) -> String {
        format!(
            "{deadline}: step {rung} reached, {} to {role}",
            level.to_lowercase()
        )
    }
    fn finding(&self, level: &str, roles: &str, message: &str) -> String {
        format!("{level} to {roles}: {message}")
    }
    fn finding_changed(&self, level: &str, roles: &str, message: &str) -> String {
        format!("Now {} to {roles}: {message}", level.to_lowercase())
    }
    fn finding_closed(&self, message: &str) -> String {
        format!("Settled: {message}")
    }
    fn finding_acknowledged(&self, message: &str, because: &str) -> String {
        format!("Taken on, “{because}”: {message}")
    }
    fn finding_snoozed(&self, message: &str, until: &str, because: &str) -> String {
        format!("Put off until {until}, “{because}”: {message}")
    }
    fn raise_began(&self, source: &str, task: &str) -> String {
        format!("{source}: asks for the task “{task}”")
    }
    fn raise_ended(&self, source: &str, task: &str) -> String {
        format!("{source}: no longer asks for the task “{task}”")
    }
    fn recurred(&self, title: &str) -> String {
        format!("Time again: {title}")
    }
    fn recurring_began(&self, title: &str) -> String {
        format!("Comes regularly from now on: {title}")
    }
    fn recurring_stopped(&self, title: &str) -> String {
        format!("No longer comes regularly: {title}")
    }
    fn recurring_missed(&self, title: &str, moment: &str) -> String {
        format!("Missed {moment}, not made up for: {title}")
    }
    fn circled(&self, stages: &str) -> String {
        format!("Stands still: {stages} lead in a circle")
    }
    fn migrated(&self, plan: &str, because: &str) -> String {
        format!("Goes by {plan} from now on: {because}")
    }
    fn task_carried(&self, role: &str, task: &str) -> String {
        format!("Under the new version, task for {role}: {task}")
    }
    fn deadline_carried(&self, deadline: &str, last_day: &str) -> String {
        format!("Under the new version: {deadline}, last day {last_day}")
    }
    fn corrected(&self, what: &str, because: &str) -> String {
        format!("Corrected, does not count: {what}: {because}")
    }
    fn left_out(&self, what: &str, why: &str) -> String {
        format!("Has no place any more, {why}: {what}")
    }
    fn deadline_gone(&self, deadline: &str) -> String {
        format!("No deadline any more: {deadline}")
    }
    fn task_gone(&self, task: &str) -> String {
        format!("No task any more: {task}")
    }
    fn fact_changed(&self, fact: &str, from: &str, to: &str) -> String {
        format!("{fact}: {from} → {to}")
    }
    fn open_again(&self) -> &'static str {
        "Open again"
    }
    fn would_mean(&self, process: &str, version: &str, count: usize) -> String {
        let cases = plural(count, "open case", "open cases");
        format!("{process}: what {version} would mean for {cases}")
    }
    fn went_over(&self, process: &str, version: &str, count: usize) -> String {
        let cases = plural(count, "open case", "open cases");
        format!("{process}: {cases} went over to {version}")
    }
    fn nobody_left(&self, process: &str, version: &str) -> String {
        format!("{process}: every open case goes by {version} already.")
    }
    fn taken_back(&self, process: &str, count: usize) -> String {
        let cases = plural(count, "open case", "open cases");
        format!("{process}: {cases} went back to the version before")
    }
    fn safe(&self, count: usize) -> String {
        format!("{count} safe")
    }
    fn need_mapping(&self, count: usize) -> String {
        match count {
            1 => "1 needs a mapping".to_owned(),
            many => format!("{many} need a mapping"),
        }
    }
    fn blocked(&self, count: usize) -> String {
        format!("{count} blocked")
    }
    fn untouched(&self, count: usize) -> String {
        format!("Nothing changes for {}.", plural(count, "case", "cases"))
    }
    fn name_is_gone(&self, section: &str, name: &str) -> String {
        format!(
            "{name} is not in the new version; say what took its place with renamed: {{ {section}: {{ {name}: NEW_NAME }} }}"
        )
    }
    fn confidential_changes(&self, name: &str) -> String {
        format!("Blocked: whether {name} is confidential has changed, and there is a value of it")
    }
    fn value_misfits(&self, fact: &str, value: &str) -> String {
        format!("Blocked: the value {value} of {fact} is none that the new version takes")
    }
    fn sealed_misfits(&self, fact: &str) -> String {
        format!("Blocked: a confidential value of {fact} is none that the new version takes")
    }
    fn would_go_back(&self, process: &str, count: usize) -> String {
        let cases = plural(count, "open case", "open cases");
        format!("{process}: what going back to the version before would mean for {cases}")
    }
    fn nothing_to_take_back(&self, process: &str) -> String {
        format!("{process}: there is no migration to take back.")
    }
    fn read_by(&self, processes: &str, command: &str) -> String {
        format!(
            "Names are gone that rules of {processes} may ask these cases for. Take those along as well: {command}"
        )
    }
    fn link_elsewhere(&self, link: &str, to: &str) -> String {
        format!("Blocked: {link} leads to cases of {to} now, and this case is linked to others")
    }
    fn too_many_linked(&self, link: &str) -> String {
        format!("Blocked: {link} leads to a single case now, and this case is linked to several")
    }
    fn becomes_one(&self, name: &str) -> String {
        format!("Blocked: two that are open at once would both be {name}")
    }
    fn fact_gone(&self, fact: &str) -> String {
        format!("Not known any more: {fact}")
    }
    fn steps_ahead(&self, deadline: &str, steps: &str) -> String {
        format!("{deadline}, from now on: {steps}")
    }
    fn no_steps_ahead(&self, deadline: &str) -> String {
        format!("{deadline}: nobody else will be told")
    }
    fn waits_for_otherwise(&self, title: &str) -> String {
        format!("What it asks or waits for is otherwise: {title}")
    }
    fn comes_next(&self, work: &str, from: &str, to: &str) -> String {
        format!("{work}, next time: {from} → {to}")
    }
    fn work_otherwise(&self, work: &str) -> String {
        format!("What it asks each time is otherwise: {work}")
    }
    fn ways_out_otherwise(&self, stage: &str) -> String {
        format!("The tasks to come or the ways out are otherwise: {stage}")
    }
    fn ends_otherwise(&self) -> &'static str {
        "The ways out of every stage are otherwise"
    }
    fn told_again(&self, count: usize) -> String {
        format!("Told again, corrected: {}", plural(count, "case", "cases"))
    }
    fn first_recorded_as(&self, seq: u64) -> String {
        format!("recorded anew after a correction, first as #{seq}")
    }
    fn held(&self, until: Option<&str>, because: &str) -> String {
        let until = until.map_or_else(String::new, |until| format!(" until {until}"));
        format!("On hold{until}: {because}")
    }
    fn some_rule_failed(&self, only: &str) -> String {
        format!("A rule failed {only}")
    }
    fn rule_failed(&self, rule: &str, message: &str) -> String {
        format!("The rule {rule} failed: {message}")
    }
    fn fault(&self, rule: &str, message: &str, place: &str) -> String {
        format!(
            "The rule {rule} failed at {place}: {message} Everything else goes on; the rule has to be put right."
        )
    }
    fn not_told(&self, event: &str, case: &str, why: &str) -> String {
        format!("Could not be told to {case}: {event} ({why})")
    }
    fn ended(&self, outcome: &str) -> String {
        format!("Ended: {outcome}")
    }
    fn entry_number(&self, seq: u64) -> String {
        format!("entry {seq}")
    }

    fn because(&self) -> &'static str {
        "because"
    }
    fn why_here(&self, case: &str) -> String {
        format!("Why {case} is where it is")
    }
    fn why(&self, title: &str, case: &str) -> String {
        format!("Why {title}: {case}")
    }
    fn why_not(&self, stage: &str, case: &str) -> String {
        format!("Why not {stage}: {case}")
    }
    fn counted_from(&self, length: &str, anchor: &str, from: &str, last_day: &str) -> String {
        format!("{length} from {from} ({anchor}): last day {last_day}")
    }
    fn counted_same_day(&self, anchor: &str, last_day: &str) -> String {
        format!("the same day ({anchor}): last day {last_day}")
    }
    fn counted_from_entering(&self, stage: &str) -> String {
        format!("“{stage}” began")
    }
    fn counted_from_opening(&self) -> &'static str {
        "the task opened"
    }
    fn not_counted(&self, days: &str) -> String {
        format!("not counted: {days}")
    }
    fn given_back(&self, last_day: &str) -> String {
        format!("the time on hold was given back: last day {last_day}")
    }
    fn if_nothing_is_done(&self) -> &'static str {
        "If nothing is done"
    }
    fn none_for_you(&self, kind: &str, title: &str) -> String {
        format!("{title} ({kind}): in this case there is nothing of it that you may read.")
    }
    fn never_yet(&self, kind: &str, title: &str) -> String {
        format!("{title} ({kind}) has not come up in this case yet.")
    }
    fn already_there(&self, stage: &str) -> String {
        format!("It is there: {stage}.")
    }
    fn no_way(&self, stage: &str, from: &str) -> String {
        format!("Nothing leads to {stage} from {from}: it has to go through another stage first.")
    }

    fn all_of(&self) -> &'static str {
        "all of these"
    }
    fn any_of(&self) -> &'static str {
        "at least one of these"
    }
    fn none_of(&self) -> &'static str {
        "not this"
    }
    fn tasks_done(&self) -> &'static str {
        "each task of the stage is done"
    }
    fn task_is_done(&self, task: &str) -> String {
        format!("{task} is done")
    }
    fn event_happened(&self, event: &str, by: Option<&str>, with: Option<&str>) -> String {
        let by = by.map_or_else(String::new, |by| format!(", reported by {by}"));
        let with = with.map_or_else(String::new, |with| format!(", where {with}"));
        format!("{event} has happened{by}{with}")
    }
    fn at_least_times(&self, times: u32) -> String {
        format!("at least {times} times")
    }
    fn linked_to(&self, link: &str) -> String {
        format!("{link}: at least one")
    }
    fn has_value(&self, fact: &str) -> String {
        format!("{fact} is filled in")
    }
    fn is(&self, fact: &str, value: &str) -> String {
        format!("{fact} is {value}")
    }
    fn is_not(&self, fact: &str, value: &str) -> String {
        format!("{fact} is not {value}")
    }
    fn one_of(&self, fact: &str, values: &str) -> String {
        format!("{fact} is one of {values}")
    }
    fn at_least(&self, fact: &str, value: &str) -> String {
        format!("{fact}: at least {value}")
    }
    fn at_most(&self, fact: &str, value: &str) -> String {
        format!("{fact}: at most {value}")
    }
    fn more_than(&self, fact: &str, value: &str) -> String {
        format!("{fact}: more than {value}")
    }
    fn less_than(&self, fact: &str, value: &str) -> String {
        format!("{fact}: less than {value}")
    }
    fn exactly(&self, link: &str, count: u32) -> String {
        format!("{link}: exactly {count}")
    }
    fn between(&self, fact: &str, least: &str, most: &str) -> String {
        format!("{fact}: {least} to {most}")
    }
    fn in_stage_for(&self, length: &str) -> String {
        format!("the stage has lasted {length}")
    }
    fn rule_says_yes(&self, rule: &str) -> String {
        format!("the rule {rule} says yes")
    }
    fn missing(&self, tasks: &str) -> String {
        format!("missing: {tasks}")
    }
    fn not_since(&self, moment: &str) -> String {
        format!("no, not since {moment}")
    }
    fn never(&self) -> &'static str {
        "not yet"
    }
    fn so_far(&self, count: u32) -> String {
        format!("{count} so far")
    }
    fn last_time(&self, moment: &str) -> String {
        moment.to_owned()
    }
    fn it_is(&self, value: &str) -> String {
        format!("now: {value}")
    }
    fn may_change(&self, moment: &str) -> String {
        format!("may change {moment}")
    }
    fn holds_from(&self, moment: &str) -> String {
        format!("from {moment}")
    }

    fn clock_stands(&self, moment: &str, moved_by_hand: bool) -> String {
        let kind = if moved_by_hand { "virtual" } else { "real" };
        format!("{moment} ({kind} clock)")
    }
    fn nothing_waits(&self) -> &'static str {
        "Nothing waits for a time."
    }
    fn as_of(&self, moment: &str) -> String {
        format!("As it was on {moment}")
    }
    fn closed_days(&self, calendar: &str, year: i16, zone: &str, weekend: &str) -> String {
        format!("Closed days of `{calendar}` in {year} ({zone}; weekend: {weekend})")
    }
    fn closed_from(&self, time: &str) -> String {
        format!("closed from {time}")
    }
    fn counted_on(&self, length: &str, from: &str, last_day: &str) -> String {
        format!("{length} from {from}: last day {last_day}")
    }
    fn skipped_days(&self) -> &'static str {
        "Not counted"
    }
    fn weekend(&self) -> &'static str {
        "weekend"
    }
    fn clock_moved(&self, from: &str, to: &str) -> String {
        format!("The clock went from {from} to {to}")
    }
    fn applied(&self, accepted: usize, again: usize, refused: usize) -> String {
        let again = if again > 0 {
            format!(", {again} known already")
        } else {
            String::new()
        };
        let refused = if refused > 0 {
            format!(", {refused} refused")
        } else {
            String::new()
        };
        format!("{accepted} taken in{again}{refused}")
    }
    fn refused_line(&self, line: usize, message: &str) -> String {
        format!("line {line}: {message}")
    }
    fn next_wake(&self, moment: &str) -> String {
        format!("Next: {moment}")
    }
    fn unknown_name(&self, name: &str, case: &str) -> String {
        format!("`{case}` has nothing called `{name}`, and no entry of that number")
    }
    fn did_you_mean(&self, name: &str) -> String {
        format!("did you mean `{name}`?")
    }
    fn names_known(&self, names: &str) -> String {
        format!("there are: {names}")
    }
    fn unknown_stage(&self, stage: &str) -> String {
        format!("`{stage}` is neither a stage nor an outcome")
    }
}
