//! Settling: tasks close, deadlines are met or pass their rungs, the first holding exit moves a track, until nothing changes;
//! then the findings are compared.

use super::{Circle, Stepper};
use crate::{entry::What, horizon::Horizon, name::Name};

/// How many rounds a case may need to settle at one instant. A journey of this many stages in one instant is a circle.
const MOST_ROUNDS: usize = 200;

impl Stepper<'_> {
    /// Settles the case at the present instant.
    pub(super) fn settle(&mut self) -> Result<(), Circle> {
        if self.ended() || (self.settled_at == Some(self.now()) && self.trigger.is_none()) {
            return Ok(());
        }
        let first = self.entries.len();
        for _ in 0..MOST_ROUNDS {
            let before = self.entries.len();
            self.horizon = Horizon::default();
            self.faults.clear();
            self.end_hold();
            self.follow_recurring();
            self.follow_tasks();
            self.follow_deadlines();
            if !self.leave() && self.entries.len() == before {
                self.compare_findings();
            }
            if self.ended() || self.entries.len() == before {
                self.settled_at = Some(self.now());
                return Ok(());
            }
        }
        Err(Circle {
            stages: self.stages_entered_since(first),
        })
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
