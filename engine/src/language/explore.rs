//! Explores where a journey can get to: every combination of the stages of its tracks that can be reached. Finds stages that
//! cannot be reached, and states from which no outcome can be, with the shortest story that leads there.
//!
//! A state is the stage of each track, and which events have happened of those that a condition forbids for ever. An exit is
//! possible unless it is certain that it is not, so what is reported is real; what is not reported may still be.

mod logic;
mod range;
mod story;

use super::{read::Problems, tree::Node};
use crate::diagnostic::Diagnostic;
use forloeb_core::{
    condition::{Condition, Test},
    name::Name,
    plan::{Exit, Plan, Stage, Target},
};
use logic::Asked;
use std::collections::BTreeMap;
use story::Move;

pub use logic::implies;
pub use range::number_range;

/// How many states are looked at before exploring gives up.
const MAX_STATES: usize = 100_000;

/// Explores a plan.
pub fn explore(root: &Node, plan: &Plan, problems: &mut Problems) {
    let explored = Explored::of(plan);
    if explored.cut_off {
        problems.push(
            Diagnostic::warning(
                "not-explored",
                &root.key_at(&["tracks"]),
                format!("the tracks have more than {MAX_STATES} combinations of stages"),
            )
            .help("whether each stage can be reached, and an outcome from everywhere, was not checked; fewer stages beside each other can be"),
        );
        return;
    }
    explored.report_unreachable(root, problems);
    story::report_dead_ends(root, &explored, problems);
}

/// Where a journey can be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct State {
    /// The stage of each track, by its place in the track.
    stages: Vec<usize>,
    /// The events that have happened, of those that are told apart.
    happened: Vec<Name>,
}

/// A state with the ways out of it.
struct Visited {
    state: State,
    /// The state from which it was first reached, and how.
    from: Option<(usize, Move)>,
    /// The states that follow.
    next: Vec<usize>,
    /// An outcome can follow at once.
    ends: bool,
}

struct Explored<'p> {
    plan: &'p Plan,
    visited: Vec<Visited>,
    cut_off: bool,
}

impl<'p> Explored<'p> {
    /// Visits the states in the order of their distance from the start, so that stories are the shortest.
    fn of(plan: &'p Plan) -> Self {
        let forbidden = forbidden_events(plan);
        let stages = plan.tracks.values().map(|track| {
            track
                .stages
                .get_index_of(&track.starts_in)
                .unwrap_or_default()
        });
        let start = State {
            stages: stages.collect(),
            happened: Vec::new(),
        };
        let mut known = BTreeMap::from([(start.clone(), 0)]);
        let mut explored = Self {
            plan,
            visited: vec![Visited {
                state: start,
                from: None,
                next: Vec::new(),
                ends: false,
            }],
            cut_off: false,
        };
        let mut at = 0;
        while let Some(visited) = explored.visited.get(at) {
            let state = visited.state.clone();
            let (moves, ends) = explored.moves(&state, &forbidden);
            let mut next = Vec::new();
            for (state, how) in moves {
                let fresh = explored.visited.len();
                let index = *known.entry(state.clone()).or_insert(fresh);
                if index == fresh {
                    let from = Some((at, how));
                    explored.visited.push(Visited {
                        state,
                        from,
                        next: Vec::new(),
                        ends: false,
                    });
                }
                next.push(index);
            }
            if let Some(visited) = explored.visited.get_mut(at) {
                visited.next = next;
                visited.ends = ends;
            }
            if explored.visited.len() > MAX_STATES {
                explored.cut_off = true;
                break;
            }
            at += 1;
        }
        explored
    }

    /// The states that can follow one, each with how, and whether an outcome can.
    fn moves(&self, state: &State, forbidden: &[Name]) -> (Vec<(State, Move)>, bool) {
        let mut moves = Vec::new();
        let mut ends = false;
        for (place, (track, stage)) in self.places(state).enumerate() {
            let asked = Asked {
                plan: self.plan,
                stage,
                happened: &state.happened,
            };
            for exit in self.exits(stage) {
                if asked.can_hold(&exit.when).is_err() {
                    continue;
                }
                match &exit.target {
                    Target::Outcome(_) => ends = true,
                    Target::Stage(to) => {
                        let Some(to_place) = track.stages.get_index_of(to) else {
                            continue;
                        };
                        let mut next = state.clone();
                        if let Some(stage) = next.stages.get_mut(place) {
                            *stage = to_place;
                        }
                        moves.push((
                            next,
                            Move::Exit {
                                when: story::words(&exit.when),
                                to: to.clone(),
                            },
                        ));
                    }
                }
            }
        }
        for event in forbidden {
            if !state.happened.contains(event) {
                let mut next = state.clone();
                next.happened.push(event.clone());
                next.happened.sort();
                moves.push((next, Move::Happens(event.clone())));
            }
        }
        (moves, ends)
    }

    /// The stage of each track in a state.
    fn places(
        &self,
        state: &State,
    ) -> impl Iterator<Item = (&'p forloeb_core::plan::Track, &'p Stage)> {
        let stages: Vec<_> = self
            .plan
            .tracks
            .values()
            .zip(&state.stages)
            .filter_map(|(track, at)| Some((track, track.stages.get_index(*at)?.1)))
            .collect();
        stages.into_iter()
    }

    /// The exits of a stage, those of every stage first.
    fn exits(&self, stage: &'p Stage) -> impl Iterator<Item = &'p Exit> {
        self.plan.any_stage.iter().chain(&stage.leave)
    }

    fn report_unreachable(&self, root: &Node, problems: &mut Problems) {
        for (place, (track_name, track)) in self.plan.tracks.iter().enumerate() {
            for (at, name) in track.stages.keys().enumerate() {
                if self
                    .visited
                    .iter()
                    .any(|one| one.state.stages.get(place) == Some(&at))
                {
                    continue;
                }
                let leads_here = self.exits_to(track_name, name);
                let mut problem = Diagnostic::error(
                    "unreachable-stage",
                    &root.key_at(&["tracks", track_name, "stages", name]),
                    format!("the stage `{name}` can never be reached"),
                );
                problem = match leads_here.as_slice() {
                    [] => problem.label("no exit leads here").help(format!(
                        "add `- {{ to: {name}, when: … }}` to the `leave:` of the stage before it"
                    )),
                    [(from, why), ..] => problem
                        .label(format!("the exit from `{from}` is never taken"))
                        .help(match why {
                            Some(why) => format!("its condition can never hold: {why}"),
                            None => format!("`{from}` cannot be reached either"),
                        }),
                };
                problems.push(problem);
            }
        }
    }

    /// The stages with an exit to one, each with why it is never taken, where that is known.
    fn exits_to(&self, track: &Name, to: &Name) -> Vec<(Name, Option<String>)> {
        let stages = self.plan.tracks.get(track).map(|track| &track.stages);
        let target = Target::Stage(to.clone());
        let mut found = Vec::new();
        for (name, stage) in stages.into_iter().flatten() {
            if name == to {
                continue;
            }
            for exit in stage.leave.iter().filter(|exit| exit.target == target) {
                let asked = Asked {
                    plan: self.plan,
                    stage,
                    happened: &[],
                };
                found.push((name.clone(), asked.can_hold(&exit.when).err()));
            }
        }
        found
    }
}

/// The events that some exit can only be taken without, in the whole journey.
fn forbidden_events(plan: &Plan) -> Vec<Name> {
    fn search(condition: &Condition, denied: bool, found: &mut Vec<Name>) {
        match &condition.test {
            Test::Event(test) if denied && test.ever && !found.contains(&test.event) => {
                found.push(test.event.clone());
            }
            Test::All(parts) | Test::Any(parts) => {
                parts.iter().for_each(|part| search(part, denied, found));
            }
            Test::Not(inner) => search(inner, !denied, found),
            _ => {}
        }
    }
    let mut found = Vec::new();
    for exit in &plan.any_stage {
        search(&exit.when, false, &mut found);
    }
    for stage in plan.tracks.values().flat_map(|track| track.stages.values()) {
        stage
            .leave
            .iter()
            .for_each(|exit| search(&exit.when, false, &mut found));
        let tasks = stage
            .tasks
            .values()
            .filter_map(|task| task.done_when.as_ref());
        tasks.for_each(|condition| search(condition, false, &mut found));
    }
    found
}
