//! Tasks: they open with their stage or when those before them are done, close by themselves, and become overdue.

use super::{Stepper, due::runs};
use crate::{
    case::{Due, Origin},
    entry::{EndedBecause, What},
    holds::Since,
    name::Name,
    plan::Task,
    time::{EndOnClosed, limit},
};

impl Stepper<'_> {
    pub(super) fn follow_tasks(&mut self) {
        self.open_stage_tasks();
        self.close_tasks();
        self.flag_overdue_tasks();
    }

    fn open_stage_tasks(&mut self) {
        for track in self.plan().tracks.keys() {
            let Some(place) = self.case().tracks.get(track).cloned() else {
                continue;
            };
            let Some(stage) = self.plan().stage(track, &place.stage) else {
                continue;
            };
            let origin = Origin::Stage {
                track: track.clone(),
                stage: place.stage.clone(),
            };
            for (name, task) in &stage.tasks {
                if !self.has_task(name, &origin)
                    && task
                        .after
                        .iter()
                        .all(|before| self.is_done(before, &origin))
                {
                    let cause = if task.after.is_empty() {
                        Some(place.seq)
                    } else {
                        self.cause()
                    };
                    self.open_task(name, task, origin.clone(), cause);
                }
            }
        }
    }

    fn has_task(&self, name: &Name, origin: &Origin) -> bool {
        self.case()
            .tasks
            .values()
            .any(|task| task.name == *name && task.origin == *origin)
    }

    fn is_done(&self, name: &Name, origin: &Origin) -> bool {
        let mut tasks = self.case().tasks.values();
        tasks.any(|task| task.name == *name && task.origin == *origin && task.done.is_some())
    }

    /// Opens a task now.
    pub(super) fn open_task(
        &mut self,
        name: &Name,
        task: &Task,
        origin: Origin,
        cause: Option<u64>,
    ) {
        let calendar = &self.plan().calendar;
        let length = task
            .due
            .as_ref()
            .and_then(|due| due.on(self.plan(), self.day(self.now())));
        let due = length.and_then(|length| {
            Some(Due {
                limit: limit(calendar, self.now(), length, EndOnClosed::Keep).ok()?,
                unit: length.unit(),
                on_closed: EndOnClosed::Keep,
                on_hold: task.on_hold,
            })
        });
        let what = What::TaskOpened {
            task: name.clone(),
            origin,
            role: task.role.clone(),
            due,
        };
        self.record(what, cause, Some(&task.ground));
    }

    fn close_tasks(&mut self) {
        let open: Vec<u64> = self
            .case()
            .tasks
            .iter()
            .filter(|(_, task)| task.done.is_none())
            .map(|(number, _)| *number)
            .collect();
        for number in open {
            let Some(state) = self.case().tasks.get(&number).cloned() else {
                continue;
            };
            let Some(condition) = self
                .plan()
                .task_of(&state)
                .and_then(|task| task.done_when.as_ref())
            else {
                continue;
            };
            let (track, also) = match &state.origin {
                Origin::Stage { track, .. } => (track.clone(), self.led_to(track, &state.name)),
                Origin::Recurring(_) | Origin::Raised(_) => (self.first_track(), None),
            };
            let held = self.ask(
                condition,
                Since {
                    track: &track,
                    seq: number,
                    also,
                },
            );
            if held.holds {
                // Always of something: what is done without a cause is what people say is done.
                let cause = held.because.or_else(|| self.cause()).or(Some(number));
                self.record(
                    What::TaskDone { task: number },
                    cause,
                    Some(&condition.ground),
                );
            }
        }
    }

    /// The entry that led to the stage of a task, for those that open with it: it is the first that happens in the stage.
    fn led_to(&self, track: &Name, task: &Name) -> Option<u64> {
        let place = self.case().tracks.get(track)?;
        let task = self.plan().stage(track, &place.stage)?.tasks.get(task)?;
        place.cause.filter(|_| task.after.is_empty())
    }

    /// The track that stands for the case where a condition belongs to no track.
    pub(super) fn first_track(&self) -> Name {
        self.plan()
            .tracks
            .keys()
            .next()
            .cloned()
            .unwrap_or_else(|| Name::from(""))
    }

    fn flag_overdue_tasks(&mut self) {
        let case = self.case();
        let late: Vec<u64> = case
            .tasks
            .iter()
            .filter(|(_, task)| task.done.is_none() && !task.overdue)
            .filter(|(_, task)| {
                task.due
                    .as_ref()
                    .is_some_and(|due| runs(case, due) && due.limit.runs_out <= self.view.now)
            })
            .map(|(number, _)| *number)
            .collect();
        for number in late {
            let ground = self
                .case()
                .tasks
                .get(&number)
                .and_then(|state| self.plan().task_of(state))
                .map(|task| &task.ground);
            self.record(What::TaskOverdue { task: number }, Some(number), ground);
        }
    }

    /// Ends open tasks that have one of these origins.
    pub(super) fn end_tasks(
        &mut self,
        why: EndedBecause,
        cause: Option<u64>,
        of: impl Fn(&Origin) -> bool,
    ) {
        let tasks = &self.case().tasks;
        let open: Vec<u64> = tasks
            .iter()
            .filter(|(_, task)| task.done.is_none() && of(&task.origin))
            .map(|(number, _)| *number)
            .collect();
        for number in open {
            self.record(What::TaskEnded { task: number, why }, cause, None);
        }
    }
}
