//! Deadlines: they start from their anchor, are met, run out, and pass their rungs in the order of their instants.

use super::{
    Stepper,
    due::{numbered, rungs_ahead, runs},
};
use crate::{
    case::{DeadlineState, Due, Place, Raised, Source},
    entry::{EndedBecause, What},
    holds::Since,
    name::Name,
    plan::{Anchor, Deadline},
    time::limit,
    value::Value,
};
use jiff::Timestamp;

impl Stepper<'_> {
    pub(super) fn follow_deadlines(&mut self) {
        self.start_deadlines();
        self.meet_deadlines();
        self.pass_instants();
    }

    fn start_deadlines(&mut self) {
        for track in self.plan().tracks.keys() {
            let Some(place) = self.case().tracks.get(track).cloned() else {
                continue;
            };
            let Some(stage) = self.plan().stage(track, &place.stage) else {
                continue;
            };
            for (name, deadline) in &stage.deadlines {
                self.start_deadline(track, &place, name, deadline);
            }
        }
    }

    fn start_deadline(&mut self, track: &Name, place: &Place, name: &Name, deadline: &Deadline) {
        let running = self
            .case()
            .deadlines
            .iter()
            .find(|(_, state)| state.track == *track && state.name == *name);
        let running =
            running.map(|(number, state)| (*number, state.from, state.anchor, state.met.is_some()));
        let anchor = self.anchor(place, deadline);
        if let Some((number, from, since, met)) = running {
            let moves = deadline.restart || matches!(deadline.from, Anchor::Fact(_));
            // A fact that is set to the same day again moves nothing.
            let same = |(at, seq)| match deadline.from {
                Anchor::Fact(_) => at == from,
                _ => seq == since,
            };
            if !moves || anchor.is_some_and(same) {
                return;
            }
            let why = match anchor {
                Some(_) => EndedBecause::Restarted,
                None => EndedBecause::AnchorCleared,
            };
            self.record(
                What::DeadlineEnded {
                    deadline: number,
                    why,
                },
                self.cause(),
                Some(&deadline.ground),
            );
            if !met {
                self.end_raises(&source(track, &place.stage, name));
            }
        }
        let Some((from, anchor)) = anchor else {
            return;
        };
        let Some(length) = deadline.within.on(self.plan(), self.day(from)) else {
            return;
        };
        // A limit beyond the last year that can be counted never runs out.
        let Ok(limit) = limit(&self.plan().calendar, from, length, deadline.on_closed) else {
            return;
        };
        let due = Due {
            limit,
            unit: length.unit(),
            on_closed: deadline.on_closed,
            on_hold: deadline.on_hold,
        };
        let what = What::DeadlineStarted {
            track: track.clone(),
            stage: place.stage.clone(),
            deadline: name.clone(),
            from,
            anchor,
            due,
        };
        self.record(what, anchor.or(Some(place.seq)), Some(&deadline.ground));
    }

    /// The instant that a deadline runs from, and the entry behind it; none while there is none.
    fn anchor(&self, place: &Place, deadline: &Deadline) -> Option<(Timestamp, Option<u64>)> {
        match &deadline.from {
            Anchor::Entered => Some((place.since, None)),
            Anchor::Event(event) => {
                let mut here = self.case().events.get(event)?.iter().filter(|occurrence| {
                    occurrence.seq > place.seq || place.cause == Some(occurrence.seq)
                });
                let occurrence = if deadline.restart {
                    here.next_back()
                } else {
                    here.next()
                }?;
                Some((occurrence.at, Some(occurrence.seq)))
            }
            Anchor::Fact(fact) => {
                let known = self.case().facts.get(fact)?;
                let Value::Date(day) = known.value else {
                    return None;
                };
                Some((
                    self.plan().calendar.zone().start_of(day).ok()?,
                    Some(known.seq),
                ))
            }
        }
    }

    fn meet_deadlines(&mut self) {
        for (number, state) in self.unmet() {
            let Some(declared) = self.plan().deadline_of(&state) else {
                continue;
            };
            let since = self.looks_since(number, &state);
            let held = self.ask(&declared.until, since);
            if held.holds {
                let cause = held.because.or_else(|| self.cause());
                self.record(
                    What::DeadlineMet { deadline: number },
                    cause,
                    Some(&declared.until.ground),
                );
                self.end_raises(&source(&state.track, &state.stage, &state.name));
            }
        }
    }

    /// Since when the condition of a deadline looks: since what it runs from, but never further back than its stage. One that runs
    /// from no event begins with the stage, and what led there is the first that happens in it.
    fn looks_since<'s>(&self, number: u64, state: &'s DeadlineState) -> Since<'s> {
        let place = self.case().tracks.get(&state.track);
        let entered = place.map_or(0, |place| place.seq);
        let led_to = place.and_then(|place| place.cause);
        let (seq, also) = match state.anchor {
            None => (number, led_to),
            Some(anchor) if led_to == Some(anchor) => (entered, None),
            // A date that was known before the stage was entered.
            Some(anchor) if anchor < entered => (entered, led_to),
            Some(anchor) => (anchor, None),
        };
        Since {
            track: &state.track,
            seq,
            also,
        }
    }

    fn unmet(&self) -> Vec<(u64, DeadlineState)> {
        let deadlines = self.case().deadlines.iter();
        deadlines
            .filter(|(_, state)| state.met.is_none())
            .map(|(number, state)| (*number, state.clone()))
            .collect()
    }

    /// Passes all limits and rungs that have come, over all deadlines, in the order of their instants. At one instant a limit
    /// comes before its rungs.
    fn pass_instants(&mut self) {
        let mut passed: Vec<(Timestamp, Option<u32>, u64)> = Vec::new();
        for (number, state) in self.unmet() {
            if !runs(self.case(), &state.due) {
                continue;
            }
            if !state.overdue {
                passed.push((state.due.limit.runs_out, None, number));
            }
            let rungs = rungs_ahead(self.plan(), &state);
            passed.extend(rungs.into_iter().map(|(at, rung)| (at, Some(rung), number)));
        }
        passed.retain(|(at, ..)| *at <= self.now());
        passed.sort_unstable();
        for (_, rung, number) in passed {
            match rung {
                None => self.run_out(number),
                Some(rung) => self.reach(number, rung),
            }
        }
    }

    fn run_out(&mut self, number: u64) {
        let declared = self
            .case()
            .deadlines
            .get(&number)
            .and_then(|state| self.plan().deadline_of(state));
        let ground = declared.map(|deadline| &deadline.within_ground);
        self.record(
            What::DeadlineOverdue { deadline: number },
            Some(number),
            ground,
        );
    }

    fn reach(&mut self, number: u64, rung: u32) {
        let Some(state) = self.case().deadlines.get(&number).cloned() else {
            return;
        };
        let Some(declared) = self.plan().deadline_of(&state) else {
            return;
        };
        let Some((_, step)) = numbered(declared).find(|(place, _)| *place == rung) else {
            return;
        };
        let reached = self.record(
            What::RungReached {
                deadline: number,
                rung,
            },
            Some(number),
            Some(&step.ground),
        );
        if let Some(task) = &step.raise {
            let source = source(&state.track, &state.stage, &state.name);
            self.raise(
                Raised {
                    source,
                    task: task.clone(),
                },
                Some(reached),
                &step.ground,
            );
        }
    }

    /// Ends the deadlines of a track.
    pub(super) fn end_deadlines(&mut self, why: EndedBecause, cause: Option<u64>, track: &str) {
        for (number, state) in self.unmet() {
            if state.track == *track {
                self.record(
                    What::DeadlineEnded {
                        deadline: number,
                        why,
                    },
                    cause,
                    None,
                );
                self.end_raises(&source(&state.track, &state.stage, &state.name));
            }
        }
    }
}

/// A deadline as the source of a finding or a task.
pub(super) fn source(track: &Name, stage: &Name, deadline: &Name) -> Source {
    Source::Deadline {
        track: track.clone(),
        stage: stage.clone(),
        deadline: deadline.clone(),
    }
}
