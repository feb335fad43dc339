//! Leaving: the first exit that holds moves a track, or ends the case.

use super::{Stepper, settle::Exits};
use crate::{
    case::Origin,
    entry::{EndedBecause, What},
    ground::Ground,
    holds::Since,
    name::Name,
    plan::{Exit, Target},
};

impl Stepper<'_> {
    /// Takes the first exit that holds, track by track. Says whether one was taken.
    pub(super) fn leave(&mut self, exits: Exits) -> bool {
        for (track, declared) in &self.plan().tracks {
            let Some(place) = self.case().tracks.get(track).cloned() else {
                continue;
            };
            let own = declared
                .stages
                .get(&place.stage)
                .map_or(&[][..], |stage| stage.leave.as_slice());
            for exit in self.plan().any_stage.iter().chain(own) {
                let leads_here = match &exit.target {
                    Target::Stage(stage) => declared.stages.contains_key(stage),
                    Target::Outcome(_) => true,
                };
                if !leads_here {
                    continue;
                }
                let held = self.ask(
                    &exit.when,
                    Since {
                        track,
                        seq: place.seq,
                        // What led here does not lead on: no circle closes on one event.
                        also: None,
                    },
                );
                if held.holds && exits == Exits::Taken {
                    // What happened before this stage leads nowhere: a condition that looks at the whole journey may go by it, but the
                    // next stage must not begin its promises with it.
                    let because = held.because.map(|because| self.brought_by(because));
                    let because = because.filter(|seq| *seq > place.seq);
                    let cause = because.or_else(|| self.cause()).or(Some(place.seq));
                    self.take(track, exit, cause);
                    return true;
                }
            }
        }
        false
    }

    /// The input of this step that brought a fact, or else the entry itself: an event leads on also by what it sets, and is then the
    /// first that happens in the next stage.
    fn brought_by(&self, because: u64) -> u64 {
        let entry = self.entries.iter().find(|entry| entry.seq == because);
        let fact = entry.filter(|entry| matches!(entry.what, What::FactSet { .. }));
        fact.and_then(|entry| entry.cause).unwrap_or(because)
    }

    fn take(&mut self, track: &Name, exit: &Exit, cause: Option<u64>) {
        match &exit.target {
            Target::Stage(stage) => self.enter(track, stage, cause, &exit.ground),
            Target::Outcome(outcome) => self.end(outcome, cause, &exit.ground),
        }
    }

    /// Enters a stage: what the one before had open ends; what this one has opens while settling goes on.
    pub(super) fn enter(
        &mut self,
        track: &Name,
        stage: &Name,
        cause: Option<u64>,
        ground: &Ground,
    ) {
        let of_track =
            |origin: &Origin| matches!(origin, Origin::Stage { track: of, .. } if of == track);
        self.end_tasks(EndedBecause::StageLeft, cause, of_track);
        self.end_deadlines(EndedBecause::StageLeft, cause, track);
        let visits = self
            .case()
            .visits
            .get(track)
            .and_then(|stages| stages.get(stage));
        let visit = visits.copied().unwrap_or(0) + 1;
        let what = What::StageEntered {
            track: track.clone(),
            stage: stage.clone(),
            visit,
        };
        self.record(what, cause, Some(ground));
    }

    /// Ends the case: nothing stays open.
    fn end(&mut self, outcome: &Name, cause: Option<u64>, ground: &Ground) {
        self.end_tasks(EndedBecause::CaseEnded, cause, |_| true);
        for track in self.plan().tracks.keys() {
            self.end_deadlines(EndedBecause::CaseEnded, cause, track);
        }
        let recurring: Vec<Name> = self.case().recurring.keys().cloned().collect();
        for name in recurring {
            self.record(What::RecurringStopped { recurring: name }, cause, None);
        }
        let raised: Vec<_> = self.case().raised.iter().cloned().collect();
        for raised in raised {
            self.record(What::RaiseEnded(raised), cause, None);
        }
        let findings: Vec<u64> = self.case().findings.keys().copied().collect();
        for finding in findings {
            self.record(What::FindingClosed { finding }, cause, None);
        }
        self.record(
            What::Ended {
                outcome: outcome.clone(),
            },
            cause,
            Some(ground),
        );
    }
}
