//! Recurring work, and the end of a hold.

use super::{
    Stepper,
    due::{next_after, next_occurrence, runs},
};
use crate::{
    case::{Due, Origin},
    entry::{EndedBecause, What},
    name::Name,
    plan::{Missed, OnHold, Recurring},
    time,
};
use jiff::Timestamp;

impl Stepper<'_> {
    /// Begins, stops and goes through recurring work.
    pub(super) fn follow_recurring(&mut self) {
        for (name, recurring) in &self.plan().recurring {
            let comes = self.comes(recurring);
            let came = self.case().recurring.contains_key(name);
            if comes && !came {
                self.record(
                    What::RecurringBegan {
                        recurring: name.clone(),
                    },
                    self.cause(),
                    Some(&recurring.ground),
                );
            }
            if !comes && came {
                let cause = self.cause();
                self.record(
                    What::RecurringStopped {
                        recurring: name.clone(),
                    },
                    cause,
                    Some(&recurring.ground),
                );
                self.end_tasks(EndedBecause::StageLeft, cause, |origin| {
                    *origin == Origin::Recurring(name.clone())
                });
            }
            while let Some(occurrence) = self.occurrence_now(name, recurring) {
                self.recur(name, recurring, occurrence);
            }
        }
    }

    fn comes(&self, recurring: &Recurring) -> bool {
        let mut places = self.case().tracks.values();
        recurring.while_in.is_empty()
            || places.any(|place| recurring.while_in.contains(&place.stage))
    }

    fn occurrence_now(&self, name: &str, recurring: &Recurring) -> Option<Timestamp> {
        if self.case().hold.is_some() {
            return None;
        }
        next_occurrence(self.plan(), self.case(), name, recurring)
            .filter(|occurrence| *occurrence <= self.now())
    }

    fn recur(&mut self, name: &Name, recurring: &Recurring, occurrence: Timestamp) {
        let began = self.case().recurring.get(name).map(|state| state.seq);
        let recurring_name = name.clone();
        if !self.is_made_up_for(name, recurring, occurrence) {
            let what = What::RecurringMissed {
                recurring: recurring_name,
                occurrence,
            };
            self.record(what, began, Some(&recurring.ground));
            return;
        }
        let origin = Origin::Recurring(name.clone());
        let what = What::Recurred {
            recurring: recurring_name,
            occurrence,
        };
        let cause = Some(self.record(what, began, Some(&recurring.ground)));
        self.end_tasks(EndedBecause::NextOccurrence, cause, |of| *of == origin);
        self.open_task(name, &recurring.task, origin.clone(), cause);
    }

    /// Whether an occurrence happens although its day may be over by the time of recording.
    fn is_made_up_for(&self, name: &str, recurring: &Recurring, occurrence: Timestamp) -> bool {
        if let Some(missed) = &self.missed {
            return !missed.contains(&(Name::from(name), occurrence));
        }
        let recorded = self.moment.recorded;
        let missed = self.day(recorded) > self.day(occurrence);
        match recurring.missed {
            _ if !missed => true,
            Missed::All => true,
            Missed::Skip => false,
            Missed::Once => {
                let since = self
                    .case()
                    .recurring
                    .get(name)
                    .map_or(occurrence, |state| state.since);
                let next = next_after(self.plan(), recurring, since, occurrence);
                next.is_none_or(|next| next > recorded)
            }
        }
    }

    /// Ends a hold whose last instant has come.
    pub(super) fn end_hold(&mut self) {
        let Some(hold) = &self.case().hold else {
            return;
        };
        if hold.until.is_some_and(|until| until <= self.now()) {
            let seq = hold.seq;
            let since = hold.since;
            let resumed = self.record(What::Resumed, Some(seq), None);
            self.give_back(since, resumed);
        }
    }

    /// Gives the time that remained when the hold began back to what it stopped.
    pub(super) fn give_back(&mut self, since: Timestamp, resumed: u64) {
        let tasks: Vec<(u64, Timestamp, Due)> = self
            .case()
            .tasks
            .iter()
            .filter(|(_, task)| task.done.is_none() && !task.overdue)
            .filter_map(|(number, task)| Some((*number, task.opened, task.due.clone()?)))
            .collect();
        for (task, opened, due) in tasks {
            if let Some(due) = self.later(&due, since.max(opened)) {
                self.record(What::TaskMoved { task, due }, Some(resumed), None);
            }
        }
        let deadlines: Vec<(u64, Timestamp, Due)> = self
            .case()
            .deadlines
            .iter()
            .filter(|(_, state)| state.met.is_none() && !state.overdue)
            .map(|(number, state)| (*number, state.from, state.due.clone()))
            .collect();
        for (deadline, from, due) in deadlines {
            if let Some(due) = self.later(&due, since.max(from)) {
                self.record(What::DeadlineMoved { deadline, due }, Some(resumed), None);
            }
        }
    }

    fn later(&self, due: &Due, from: Timestamp) -> Option<Due> {
        if due.on_hold == OnHold::Run || !runs(self.case(), due) {
            return None;
        }
        let hold = time::Hold {
            from,
            to: self.now(),
        };
        let limit = time::given_back(
            &self.plan().calendar,
            &due.limit,
            due.unit,
            due.on_closed,
            hold,
        )
        .ok()?;
        (limit != due.limit).then(|| Due {
            limit,
            ..due.clone()
        })
    }
}
