//! A case goes over to another plan of its process: what still fits is carried over, what is gone ends, and what is new begins as the
//! case settles.
//!
//! Limits are counted anew from where they began, under the new plan and its calendar, and get back again what holds had given them.

use super::{
    Scene, Stepper,
    deadlines::source,
    due::{numbered, rung_instant},
    fits::{Unfit, unfit},
    inputs::{need_reason, refuse},
};
use crate::{
    ahead::ahead,
    case::{Case, DeadlineState, Due, Raised},
    entry::{EndedBecause, Entry, What},
    input::{Given, Input, Moment, Refusal, Step},
    name::Name,
    plan::{Amount, Deadline, OnHold, Plan, Rung},
    time::{self, Duration, EndOnClosed, Hold, limit},
    value::{SealedKey, Value},
    versions::Renamed,
};
use jiff::Timestamp;
use std::{collections::BTreeMap, sync::Arc};

/// What going over to another plan gives.
#[derive(Clone, Debug)]
pub struct Moved {
    /// The case as it stood at that instant under the plan before.
    pub before: Arc<Case>,
    /// The step.
    pub step: Step,
}

/// Why a case does not go over to another plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotMoved {
    /// The input is refused.
    Refused(Refusal),
    /// The case does not fit into the plan.
    Unfit(Vec<Unfit>),
}

/// The holds that have ended, of entries that count.
#[must_use]
pub fn past_holds<'e>(entries: impl IntoIterator<Item = &'e Entry>) -> Vec<Hold> {
    let (mut holds, mut since) = (Vec::new(), None);
    for entry in entries {
        match entry.what {
            What::Held { .. } => since = Some(entry.at),
            What::Resumed => holds.extend(since.take().map(|from| Hold { from, to: entry.at })),
            _ => {}
        }
    }
    holds
}

impl Moved {
    /// Whether it touches a promise: where the case is, its deadlines, its tasks, and what lies ahead of it. What people are told may be
    /// otherwise all the same.
    #[must_use]
    pub fn touches(&self, old: &Plan, new: &Plan) -> bool {
        let mut before = (*self.before).clone();
        new.renamed.apply(&mut before);
        let after = &*self.step.case;
        let stages = |case: &Case| -> Vec<(Name, Name)> {
            let tracks = case.tracks.iter();
            let stages = tracks.map(|(track, place)| (track.clone(), place.stage.clone()));
            stages.collect()
        };
        after.ended.is_some()
            || stages(&before) != stages(after)
            || before.tasks != after.tasks
            || before.deadlines != after.deadlines
            || ahead(old, &self.before, &new.renamed) != ahead(new, after, &Renamed::default())
    }
}

/// What must be known of a case, beside its state, to take it over to another plan.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// Its holds that have ended.
    pub holds: &'a [Hold],
    /// Its confidential values, as far as the kinds of their facts are other ones.
    pub sealed: &'a BTreeMap<SealedKey, Value>,
}

/// Takes a case over to the plan of another scene.
///
/// # Errors
/// When the input does not fit, or the case does not fit into the plan; nothing has changed then.
pub fn migrate(
    scene: &Scene<'_>,
    next: &Scene<'_>,
    case: &Arc<Case>,
    known: Known<'_>,
    given: &Given,
    moment: Moment,
) -> Result<Moved, NotMoved> {
    let Input::Migrate { because } = &given.input else {
        return Err(NotMoved::Refused(Refusal {
            message: "this is no migration".to_owned(),
            help: None,
        }));
    };
    let mut stepper = Stepper::new(scene, case, moment);
    stepper.catch_up(moment.at.max(case.now));
    stepper.settle();
    let before = stepper.view.case.clone();
    stepper.need_to_move(next, given, because)?;
    let unfit = unfit(&before, &scene.plan, &next.plan, known.sealed);
    if !unfit.is_empty() {
        return Err(NotMoved::Unfit(unfit));
    }
    let what = What::Migrated {
        plan: next.plan.id.clone(),
        renamed: next.plan.renamed.clone(),
        because: because.clone(),
    };
    stepper.record_input(given, what, None);
    stepper.go_over(next, &scene.plan, known.holds);
    stepper.settle();
    Ok(Moved {
        before,
        step: stepper.answer(),
    })
}

impl<'a> Stepper<'a> {
    fn need_to_move(&self, next: &Scene<'_>, given: &Given, because: &str) -> Result<(), NotMoved> {
        let refused = |refusal: Result<(), Refusal>| refusal.map_err(NotMoved::Refused);
        refused(need_reason(because))?;
        refused(self.need_known_roles(given))?;
        if let Some(ended) = &self.case().ended {
            return refused(refuse(
                format!("`{}` has ended as `{}`", self.case().id, ended.outcome),
                "what has ended stays with the plan that it ended under",
            ));
        }
        if next.plan.process != self.case().process {
            return refused(refuse(
                format!(
                    "`{}` is no version of `{}`",
                    next.plan.process,
                    self.case().process
                ),
                "a case stays with its process",
            ));
        }
        if next.plan.id == self.case().plan {
            return refused(refuse(
                format!("`{}` goes by this plan already", self.case().id),
                "there is nothing to do",
            ));
        }
        Ok(())
    }

    /// Goes on under the plan of another scene, from the entry that says so.
    pub(super) fn go_over(&mut self, next: &'a Scene<'a>, old: &Plan, holds: &[Hold]) {
        self.scene = next;
        self.view.plan = next.plan.clone();
        self.view.around = next.around.clone();
        self.due.set(None);
        self.settled_at = None;
        self.migrating = true;
        let cause = self.cause();
        self.carry_recurring(cause);
        self.carry_tasks(holds, cause);
        self.carry_deadlines(old, holds, cause);
        for (name, track) in &next.plan.tracks {
            if !self.case().tracks.contains_key(name) {
                self.enter(name, &track.starts_in, cause, &track.ground);
            }
        }
    }

    /// Recurring work that the plan does not have comes no longer. (The rest begins or stops as the case settles.)
    fn carry_recurring(&mut self, cause: Option<u64>) {
        let gone: Vec<Name> = self
            .case()
            .recurring
            .keys()
            .filter(|name| !self.plan().recurring.contains_key(*name))
            .cloned()
            .collect();
        for recurring in gone {
            self.record(What::RecurringStopped { recurring }, cause, None);
        }
    }

    fn carry_tasks(&mut self, holds: &[Hold], cause: Option<u64>) {
        let tasks = self.case().tasks.iter();
        let open: Vec<_> = tasks
            .filter(|(_, task)| task.done.is_none())
            .map(|(number, task)| (*number, task.clone()))
            .collect();
        for (task, state) in open {
            let Some(declared) = self.plan().task_of(&state) else {
                let why = EndedBecause::Migrated;
                self.record(What::TaskEnded { task, why }, cause, None);
                continue;
            };
            let due = declared.due.as_ref().and_then(|length| {
                self.counted_anew(
                    state.opened,
                    length,
                    EndOnClosed::Keep,
                    declared.on_hold,
                    holds,
                )
            });
            if state.role == declared.role && state.due == due {
                continue;
            }
            // What has run out under the new plan too is not told a second time; what has not, has its time again.
            let out = due
                .as_ref()
                .is_some_and(|due| self.has_come(due.limit.runs_out, due));
            let what = What::TaskCarried {
                task,
                role: declared.role.clone(),
                due,
                overdue: state.overdue && out,
            };
            self.record(what, cause, Some(&declared.ground));
        }
    }

    fn carry_deadlines(&mut self, old: &Plan, holds: &[Hold], cause: Option<u64>) {
        let running: Vec<_> = self
            .case()
            .deadlines
            .iter()
            .filter(|(_, state)| state.met.is_none())
            .map(|(number, state)| (*number, state.clone()))
            .collect();
        for (deadline, state) in running {
            let declared = self.plan().deadline_of(&state);
            let same_anchor = |declared: &&Deadline| {
                let before = self.deadline_before(old, &state);
                before.is_none_or(|before| self.same_anchor(before, declared))
            };
            let Some(declared) = declared.filter(same_anchor) else {
                // One that runs from something else now starts anew as the case settles.
                let why = EndedBecause::Migrated;
                self.record(What::DeadlineEnded { deadline, why }, cause, None);
                self.end_raises(&source(&state.track, &state.stage, &state.name));
                continue;
            };
            let due = self.counted_anew(
                state.from,
                &declared.within,
                declared.on_closed,
                declared.on_hold,
                holds,
            );
            let Some(due) = due else { continue };
            let out = self.has_come(due.limit.runs_out, &due);
            let reached = self.still_reached(old, &state, declared, &due);
            let overdue = state.overdue && out;
            self.end_raises_but(&state, declared, &reached, cause);
            if (&due, overdue, &reached) == (&state.due, state.overdue, &state.reached) {
                continue;
            }
            let what = What::DeadlineCarried {
                deadline,
                due,
                overdue,
                reached,
            };
            self.record(what, cause, Some(&declared.within_ground));
        }
    }

    /// What a step raised that counts as reached no longer may be raised again.
    fn end_raises_but(
        &mut self,
        state: &DeadlineState,
        declared: &Deadline,
        reached: &[u32],
        cause: Option<u64>,
    ) {
        let still: Vec<&Name> = numbered(declared)
            .filter(|(place, _)| reached.contains(place))
            .filter_map(|(_, rung)| rung.raise.as_ref())
            .collect();
        let of_it = source(&state.track, &state.stage, &state.name);
        let raised = self.case().raised.iter();
        let gone: Vec<Raised> = raised
            .filter(|raised| raised.source == of_it && !still.contains(&&raised.task))
            .cloned()
            .collect();
        for raised in gone {
            self.record(What::RaiseEnded(raised), cause, None);
        }
    }

    /// What the plan before said of a deadline that has taken on its new names.
    fn deadline_before<'p>(&self, old: &'p Plan, state: &DeadlineState) -> Option<&'p Deadline> {
        let renamed = &self.plan().renamed;
        let (_, track) = old
            .tracks
            .iter()
            .find(|(name, _)| *renamed.track(name) == state.track)?;
        let (_, stage) = track
            .stages
            .iter()
            .find(|(name, _)| *renamed.stage(name) == state.stage)?;
        let new_name = |name: &Name| renamed.deadlines.get(name).unwrap_or(name) == &state.name;
        let mut deadlines = stage.deadlines.iter();
        let (_, deadline) = deadlines.find(|(name, _)| new_name(name))?;
        Some(deadline)
    }

    fn same_anchor(&self, before: &Deadline, after: &Deadline) -> bool {
        use crate::plan::Anchor::{Entered, Event, Fact};
        let renamed = &self.plan().renamed;
        let new =
            |names: &BTreeMap<Name, Name>, name: &Name| names.get(name).unwrap_or(name).clone();
        match (&before.from, &after.from) {
            (Entered, Entered) => true,
            (Event(before), Event(after)) => new(&renamed.events, before) == *after,
            (Fact(before), Fact(after)) => new(&renamed.facts, before) == *after,
            _ => false,
        }
    }

    /// The rungs of the new ladder whose instant has come and that say what a rung said that was reached: they are not said twice.
    fn still_reached(
        &self,
        old: &Plan,
        state: &DeadlineState,
        declared: &Deadline,
        due: &Due,
    ) -> Vec<u32> {
        let before = self.deadline_before(old, state);
        let said: Vec<&Rung> = before
            .into_iter()
            .flat_map(numbered)
            .filter(|(place, _)| state.reached.contains(place))
            .map(|(_, rung)| rung)
            .collect();
        let carried = DeadlineState {
            due: due.clone(),
            ..state.clone()
        };
        let renamed = &self.plan().renamed.tasks;
        let raised = |rung: &Rung| {
            let task = rung.raise.as_ref();
            task.map(|task| renamed.get(task).unwrap_or(task).clone())
        };
        let same = |rung: &Rung, said: &&Rung| {
            (rung.level, &rung.to, &rung.say) == (said.level, &said.to, &said.say)
                && rung.raise == raised(said)
        };
        let come = |rung: &Rung| {
            let at = rung_instant(self.plan(), &carried, rung);
            at.is_some_and(|at| self.has_come(at, due))
        };
        let mut reached: Vec<u32> = numbered(declared)
            .filter(|(_, rung)| come(rung) && said.iter().any(|said| same(rung, said)))
            .map(|(place, _)| place)
            .collect();
        // In the order in which they were reached, so that nothing differs where nothing has changed.
        reached.sort_by_key(|place| state.reached.iter().position(|known| known == place));
        reached
    }

    /// Whether an instant of a limit has come. A hold stops the time of those that allow it.
    fn has_come(&self, at: Timestamp, due: &Due) -> bool {
        let hold = self.case().hold.as_ref();
        let stands = hold.filter(|_| due.on_hold == OnHold::Stop);
        at <= stands.map_or(self.now(), |hold| hold.since)
    }

    /// A limit under the plan as it is now, with what holds gave back.
    fn counted_anew(
        &self,
        from: Timestamp,
        length: &Amount<Duration>,
        on_closed: EndOnClosed,
        on_hold: OnHold,
        holds: &[Hold],
    ) -> Option<Due> {
        let calendar = &self.plan().calendar;
        let length = length.on(self.plan(), self.day(from))?;
        let unit = length.unit();
        let mut limit = limit(calendar, from, length, on_closed).ok()?;
        for hold in holds {
            if on_hold == OnHold::Run || hold.to <= from {
                continue;
            }
            let hold = Hold {
                from: hold.from.max(from),
                to: hold.to,
            };
            if let Ok(later) = time::given_back(calendar, &limit, unit, on_closed, hold) {
                limit = later;
            }
        }
        Some(Due {
            limit,
            unit,
            on_closed,
            on_hold,
        })
    }
}
