//! Tells how a journey gets to a place from which no outcome can be reached.

use super::{Explored, logic::Asked};
use crate::diagnostic::Diagnostic;
use crate::language::{read::Problems, tree::Node};
use forloeb_core::{
    condition::{Condition, Test},
    name::Name,
};
use std::collections::BTreeSet;

/// How many dead ends are told of; a single mistake often makes several.
const MOST_TOLD: usize = 3;

/// How one state follows another.
#[derive(Clone, Debug)]
pub enum Move {
    /// An exit is taken.
    Exit {
        /// Its condition in a few words.
        when: String,
        /// The stage.
        to: Name,
    },
    /// An event happens that some condition forbids.
    Happens(Name),
}

/// A condition in a few words.
pub fn words(condition: &Condition) -> String {
    let joined =
        |parts: &[Condition], by: &str| parts.iter().map(words).collect::<Vec<_>>().join(by);
    match &condition.test {
        Test::TasksDone => "tasks done".to_owned(),
        Test::TaskDone(task) => format!("task {task} done"),
        Test::Event(test) => test.event.to_string(),
        Test::Fact { fact, .. } => format!("fact {fact}"),
        Test::Link { link, .. } => format!("link {link}"),
        Test::InStageFor(_) => "time passes".to_owned(),
        Test::Rule(rule) => format!("rule {rule}"),
        Test::All(parts) => joined(parts, " and "),
        Test::Any(parts) => joined(parts, " or "),
        Test::Not(inner) => format!("not {}", words(inner)),
    }
}

/// Reports the states from which no outcome can be reached, once for each way into them.
pub fn report_dead_ends(root: &Node, explored: &Explored<'_>, problems: &mut Problems) {
    let alive = alive(explored);
    let is_alive = |at: usize| alive.get(at).copied().unwrap_or(true);
    let mut told = BTreeSet::new();
    for (at, visited) in explored.visited.iter().enumerate() {
        let entered_alive = visited
            .from
            .as_ref()
            .is_none_or(|(before, _)| is_alive(*before));
        if is_alive(at) || !entered_alive || told.len() >= MOST_TOLD {
            continue;
        }
        let last = match &visited.from {
            Some((_, Move::Exit { to, .. })) => to.clone(),
            Some((_, Move::Happens(event))) => event.clone(),
            None => "".into(),
        };
        if told.insert(last) {
            problems.push(dead_end(root, explored, at));
        }
    }
}

/// For each state, whether an outcome can be reached from it.
fn alive(explored: &Explored<'_>) -> Vec<bool> {
    let mut before: Vec<Vec<usize>> = vec![Vec::new(); explored.visited.len()];
    for (at, visited) in explored.visited.iter().enumerate() {
        for next in &visited.next {
            if let Some(list) = before.get_mut(*next) {
                list.push(at);
            }
        }
    }
    let mut alive: Vec<bool> = explored.visited.iter().map(|one| one.ends).collect();
    let mut left: Vec<usize> = (0..alive.len())
        .filter(|at| alive.get(*at) == Some(&true))
        .collect();
    while let Some(at) = left.pop() {
        for earlier in before.get(at).into_iter().flatten() {
            if let Some(known) = alive.get_mut(*earlier).filter(|known| !**known) {
                *known = true;
                left.push(*earlier);
            }
        }
    }
    alive
}

fn dead_end(root: &Node, explored: &Explored<'_>, at: usize) -> Diagnostic {
    let story = story(explored, at);
    let Some(visited) = explored.visited.get(at) else {
        return Diagnostic::error("dead-end", &root.span, story);
    };
    // The stage to point at: the one entered last, else that of the first track.
    let entered = match &visited.from {
        Some((_, Move::Exit { to, .. })) => Some(to),
        _ => None,
    };
    let mut places: Vec<(&Name, &Name)> = Vec::new();
    for ((track, shape), stage) in explored.plan.tracks.iter().zip(&visited.state.stages) {
        if let Some((name, _)) = shape.stages.get_index(*stage) {
            places.push((track, name));
        }
    }
    let stuck = places
        .iter()
        .find(|(_, stage)| Some(*stage) == entered)
        .or(places.first());
    let span = match stuck {
        Some((track, stage)) => root.key_at(&["tracks", track, "stages", stage]),
        None => root.span.clone(),
    };
    let message = if visited.from.is_none() {
        "no outcome of this process can ever be reached".to_owned()
    } else {
        "a journey can get stuck: from here no outcome can be reached".to_owned()
    };
    let mut problem = Diagnostic::error("dead-end", &span, message).label(story);
    for (why, track, stage, exit) in impossible_exits(explored, at) {
        let path = ["tracks", track, "stages", stage, "leave", &exit.to_string()];
        problem = problem.also(&root.key_at(&path), format!("never taken: {why}"));
    }
    problem.help("give it an exit that can be taken, or `any_stage:` an exit with an `end:`")
}

type Blocked<'p> = (String, &'p Name, &'p Name, usize);

/// The exits that could lead on from a dead end, here or in what follows, and can never be taken, with why.
fn impossible_exits<'p>(explored: &Explored<'p>, at: usize) -> Vec<Blocked<'p>> {
    const MOST: usize = 4;
    let mut found: Vec<Blocked<'p>> = Vec::new();
    let mut seen = BTreeSet::from([at]);
    let mut left = vec![at];
    while let Some(visited) = left.pop().and_then(|at| explored.visited.get(at)) {
        for ((track, shape), place) in explored.plan.tracks.iter().zip(&visited.state.stages) {
            let Some((name, stage)) = shape.stages.get_index(*place) else {
                continue;
            };
            let asked = Asked {
                plan: explored.plan,
                stage,
                happened: &visited.state.happened,
            };
            for (number, exit) in stage.leave.iter().enumerate() {
                let known = found
                    .iter()
                    .any(|(_, _, stage, exit)| *stage == name && *exit == number);
                if let Err(why) = asked.can_hold(&exit.when)
                    && !known
                    && found.len() < MOST
                {
                    found.push((why, track, name, number));
                }
            }
        }
        left.extend(
            visited
                .next
                .iter()
                .copied()
                .filter(|next| seen.insert(*next)),
        );
    }
    found
}

/// `start in applying -> letter_sent -> waiting`.
fn story(explored: &Explored<'_>, at: usize) -> String {
    let mut moves = Vec::new();
    let mut now = at;
    while let Some((before, how)) = explored.visited.get(now).and_then(|one| one.from.as_ref()) {
        moves.push(how.clone());
        now = *before;
    }
    let starts: Vec<&str> = explored
        .plan
        .tracks
        .values()
        .map(|track| track.starts_in.as_str())
        .collect();
    let mut story = format!("start in {}", starts.join(" and "));
    for how in moves.iter().rev() {
        story.push_str(&match how {
            Move::Exit { when, to } => format!(" -> {when} -> {to}"),
            Move::Happens(event) => format!(" -> {event}"),
        });
    }
    story
}
