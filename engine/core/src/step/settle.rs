//! Settling: tasks close, deadlines are met or pass their rungs, the first holding exit moves a track, until nothing changes;
//! then the findings are compared.

use super::Stepper;
use crate::{entry::What, horizon::Horizon, name::Name};

/// How many rounds a case may need to settle at one instant. A journey of this many stages in one instant is a circle.
const MOST_ROUNDS: usize = 200;

/// Whether tracks move while a case settles.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Exits {
    /// The first that holds is taken.
    Taken,
    /// They are asked, so that it is known when they may hold, and none is taken.
    Asked,
}

/// The stages that lead in a circle at one instant.
struct Circle(Vec<Name>);

impl Stepper<'_> {
    /// Settles the case at the present instant. Where its exits lead in a circle, the history names the stages, once, and the case
    /// stays where it was before: its tasks, deadlines and findings go on, and what breaks the circle is taken in.
    pub(super) fn settle(&mut self) {
        if self.ended() || (self.settled_at == Some(self.now()) && self.trigger.is_none()) {
            return;
        }
        // To hold the case as it is now would make its first change copy all of it.
        let entries = self.entries.len();
        if let Err(Circle(stages)) = self.rounds(Exits::Taken) {
            self.take_back(entries);
            // Said once: a case that is woken for nothing records nothing.
            if self.view.case.circled != stages {
                self.record(What::Circled { stages }, self.cause(), None);
            }
            // Without exits there is nothing left that could go round.
            let _settled = self.rounds(Exits::Asked);
        }
        self.settled_at = Some(self.now());
    }

    fn rounds(&mut self, exits: Exits) -> Result<(), Circle> {
        let first = self.entries.len();
        for _ in 0..MOST_ROUNDS {
            let before = self.entries.len();
            self.horizon = Horizon::default();
            self.faults.clear();
            self.end_hold();
            self.follow_recurring();
            self.follow_tasks();
            self.follow_deadlines();
            if !self.leave(exits) && self.entries.len() == before {
                self.compare_findings();
            }
            if self.ended() || self.entries.len() == before {
                return Ok(());
            }
        }
        Err(Circle(self.stages_entered_since(first)))
    }

    fn stages_entered_since(&self, first: usize) -> Vec<Name> {
        let mut stages = Vec::new();
        for entry in self.entries.get(first..).unwrap_or_default() {
            if let What::StageEntered { track, stage, .. } = &entry.what {
                let name = Name::from(format!("{track}.{stage}"));
                if !stages.contains(&name) {
                    stages.push(name);
                }
            }
        }
        stages
    }
}
