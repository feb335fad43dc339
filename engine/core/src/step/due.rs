//! What becomes due by itself: limits, rungs, recurring work and the end of a hold.

use crate::{
    case::{Case, DeadlineState, Due},
    horizon::Horizon,
    plan::{Deadline, Every, Offset, OnHold, Plan, Recurring, Rung},
    time::{Duration, OnClosed, Unit, after, before, shift},
};
use jiff::Timestamp;

/// The earliest instant at which a limit, a rung, recurring work or the end of a hold comes.
pub(super) fn next_due(plan: &Plan, case: &Case) -> Option<Timestamp> {
    let mut earliest = Horizon::default();
    earliest.note(case.hold.as_ref().and_then(|hold| hold.until));
    for task in case
        .tasks
        .values()
        .filter(|task| task.done.is_none() && !task.overdue)
    {
        earliest.note(
            task.due
                .as_ref()
                .filter(|due| runs(case, due))
                .map(|due| due.limit.runs_out),
        );
    }
    for deadline in case
        .deadlines
        .values()
        .filter(|deadline| deadline.met.is_none() && runs(case, &deadline.due))
    {
        if !deadline.overdue {
            earliest.note(Some(deadline.due.limit.runs_out));
        }
        earliest.note(rungs_ahead(plan, deadline).first().map(|(at, _)| *at));
    }
    if case.hold.is_none() {
        for (name, recurring) in &plan.recurring {
            earliest.note(next_occurrence(plan, case, name, recurring));
        }
    }
    earliest.0
}

/// Whether a limit runs at present: a hold stops those that allow it.
pub(super) fn runs(case: &Case, due: &Due) -> bool {
    case.hold.is_none() || due.on_hold == OnHold::Run
}

/// The instant at which a rung of a deadline is reached; none when it lies outside the years that can be counted.
/// Settings are taken at their value on the day that the deadline runs from.
#[must_use]
pub fn rung_instant(plan: &Plan, deadline: &DeadlineState, rung: &Rung) -> Option<Timestamp> {
    let limit = &deadline.due.limit;
    let day = plan.calendar.zone().date(deadline.from);
    match &rung.offset {
        Offset::At => Some(limit.runs_out),
        Offset::Before(amount) => before(&plan.calendar, limit, amount.on(plan, day)?).ok(),
        Offset::After(amount) => after(&plan.calendar, limit, amount.on(plan, day)?).ok(),
    }
}

/// The rungs of a deadline that have not been reached, with their instants and places in the ladder of the file, in the order of
/// their instants.
#[must_use]
pub fn rungs_ahead(plan: &Plan, deadline: &DeadlineState) -> Vec<(Timestamp, u32)> {
    let Some(declared) = plan.deadline_of(deadline) else {
        return Vec::new();
    };
    let mut ahead: Vec<(Timestamp, u32)> = numbered(declared)
        .filter(|(number, _)| !deadline.reached.contains(number))
        .filter_map(|(number, rung)| Some((rung_instant(plan, deadline, rung)?, number)))
        .collect();
    ahead.sort_unstable();
    ahead
}

/// The rung at this place of a deadline's ladder.
#[must_use]
pub fn rung_of<'p>(plan: &'p Plan, deadline: &DeadlineState, place: u32) -> Option<&'p Rung> {
    let declared = plan.deadline_of(deadline)?;
    numbered(declared)
        .find(|(number, _)| *number == place)
        .map(|(_, rung)| rung)
}

pub(super) fn numbered(deadline: &Deadline) -> impl Iterator<Item = (u32, &Rung)> {
    (0..).zip(&deadline.ladder)
}

/// The next occurrence of recurring work that has not been gone through; none while it does not come.
#[must_use]
pub fn next_occurrence(
    plan: &Plan,
    case: &Case,
    name: &str,
    recurring: &Recurring,
) -> Option<Timestamp> {
    let state = case.recurring.get(name)?;
    next_after(plan, recurring, state.since, state.through)
}

/// The first occurrence after an instant. An error of the calendar means that there is none: `check` has refused such work.
pub(super) fn next_after(
    plan: &Plan,
    recurring: &Recurring,
    since: Timestamp,
    through: Timestamp,
) -> Option<Timestamp> {
    match &recurring.every {
        Every::Calendar(recurrence) => recurrence
            .next_after(&plan.calendar, through)
            .ok()
            .flatten(),
        Every::Interval(amount) => {
            let step = amount.on(plan, plan.calendar.zone().date(since))?;
            if step.count() == 0 {
                return None;
            }
            let mut count = surely_gone(step, since, through);
            loop {
                count += 1;
                let times = step.count().checked_mul(count)?;
                let whole = Duration::new(times, step.unit()).ok()?;
                let counted = shift(&plan.calendar, since, whole).ok()?;
                let occurrence = when_open(plan, recurring.on_closed, counted);
                if let Some(occurrence) = occurrence.filter(|at| *at > through) {
                    return Some(occurrence);
                }
            }
        }
    }
}

/// How many steps have surely been gone through by an instant, so that work that comes often is not counted from its beginning
/// each time. A day is taken as an hour longer than it is, for the clock; an occurrence may be moved off closed days for so long.
fn surely_gone(step: Duration, since: Timestamp, through: Timestamp) -> u32 {
    const MOVED_MINUTES: i64 = 60 * 24 * 60;
    const LONGEST_DAY_MINUTES: i64 = 25 * 60;
    let unit_minutes = match step.unit() {
        Unit::Minutes => 1,
        Unit::Hours => 60,
        Unit::Days => LONGEST_DAY_MINUTES,
        Unit::Weeks => 7 * LONGEST_DAY_MINUTES,
        Unit::Months => 31 * LONGEST_DAY_MINUTES,
        // Closed days may be any number: counted from the beginning.
        Unit::WorkingDays => return 0,
    };
    let minutes = (through.duration_since(since).as_mins() - MOVED_MINUTES).max(0);
    u32::try_from(minutes / (unit_minutes * i64::from(step.count()))).unwrap_or(0)
}

/// An occurrence as its work wants it on a closed day: as it is, on the next open day at the same local time, or not at all.
fn when_open(plan: &Plan, on_closed: OnClosed, at: Timestamp) -> Option<Timestamp> {
    let calendar = &plan.calendar;
    let local = calendar.zone().local(at);
    if on_closed == OnClosed::Keep || !calendar.is_closed_at(local.date(), local.time()) {
        return Some(at);
    }
    if on_closed == OnClosed::Skip {
        return None;
    }
    let mut date = local.date();
    // A calendar closed for longer is a mistake, not a long wait.
    for _ in 0..400 {
        date = date.tomorrow().ok()?;
        if !calendar.is_closed_at(date, local.time()) {
            return calendar.zone().instant(date.to_datetime(local.time())).ok();
        }
    }
    None
}
