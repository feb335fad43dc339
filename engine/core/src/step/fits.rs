//! Whether a case fits into another plan of its process.

use crate::{
    accept::fits,
    case::{Case, Origin, TaskState},
    name::Name,
    plan::Plan,
    value::{SealedKey, Value},
};
use std::collections::{BTreeMap, BTreeSet};

/// Something of a case that has no place in another plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// The other plan has nothing of that name: `renamed:` must say what it is called there.
    NeedsMapping {
        /// The section of `renamed:`: `stages`, `tracks`, `links`.
        section: &'static str,
        /// The name.
        name: Name,
    },
    /// Whether a fact, or a field of an event, is confidential has changed, and there is a value of it.
    Confidential {
        /// The fact or field.
        name: Name,
    },
    /// The value of a fact is none of the new kind.
    Misfit {
        /// The fact.
        fact: Name,
        /// The value.
        value: String,
    },
    /// A confidential value of a fact is none of the new kind.
    SealedMisfit {
        /// The fact.
        fact: Name,
    },
    /// A link leads to cases of another process.
    LinkElsewhere {
        /// The link.
        link: Name,
        /// The other process.
        to: Name,
    },
    /// A link leads to one case only, and this one to several.
    TooManyLinked {
        /// The link.
        link: Name,
    },
    /// Two of a kind that are open at once would be one.
    BecomesOne {
        /// What they would be called.
        name: Name,
    },
}

/// What of a case has no place in another plan. `sealed` are confidential values of it; one that is not among them is not looked at.
#[must_use]
pub fn unfit(
    case: &Case,
    old: &Plan,
    new: &Plan,
    sealed: &BTreeMap<SealedKey, Value>,
) -> Vec<Unfit> {
    let mut unfit = Vec::new();
    places(case, new, &mut unfit);
    facts(case, new, sealed, &mut unfit);
    occurrences(case, new, &mut unfit);
    links(case, old, new, &mut unfit);
    become_one(case, new, &mut unfit);
    unfit
}

fn places(case: &Case, new: &Plan, unfit: &mut Vec<Unfit>) {
    let renamed = &new.renamed;
    for (track, place) in &case.tracks {
        let Some(known) = new.tracks.get(renamed.track(track)) else {
            unfit.push(Unfit::NeedsMapping {
                section: "tracks",
                name: track.clone(),
            });
            continue;
        };
        if !known.stages.contains_key(renamed.stage(&place.stage)) {
            unfit.push(Unfit::NeedsMapping {
                section: "stages",
                name: place.stage.clone(),
            });
        }
    }
}

/// What was recorded openly cannot be made confidential by a new plan, nor the other way round; and it is of the kind that it is. A fact
/// that the plan does not have is not known any more.
fn facts(case: &Case, new: &Plan, values: &BTreeMap<SealedKey, Value>, unfit: &mut Vec<Unfit>) {
    for (fact, known) in &case.facts {
        let name = new.renamed.facts.get(fact).unwrap_or(fact);
        let Some(declared) = new.facts.get(name) else {
            continue;
        };
        let opened = match &known.value {
            Value::Sealed(key) => values.get(key),
            open => Some(open),
        };
        let sealed = matches!(known.value, Value::Sealed(_));
        if declared.sealed() != sealed {
            unfit.push(Unfit::Confidential { name: fact.clone() });
        } else if opened.is_some_and(|value| !fits(&declared.kind, value)) {
            let fact = fact.clone();
            unfit.push(match sealed {
                true => Unfit::SealedMisfit { fact },
                false => Unfit::Misfit {
                    fact,
                    value: known.value.to_string(),
                },
            });
        }
    }
}

/// The same of what events carried.
fn occurrences(case: &Case, new: &Plan, unfit: &mut Vec<Unfit>) {
    let mut told = BTreeSet::new();
    for (event, occurrences) in &case.events {
        let name = new.renamed.events.get(event).unwrap_or(event);
        let Some(declared) = new.events.get(name) else {
            continue;
        };
        let carried = occurrences.iter().flat_map(|one| one.with.iter());
        for (field, value) in carried {
            let known = declared.with.get(field);
            // A field from which a confidential fact is set is sealed with it.
            let sets = declared.sets.iter().any(|(fact, source)| {
                let fact = new.facts.get(fact);
                source == field && fact.is_some_and(crate::plan::Fact::sealed)
            });
            let sealed = matches!(value, Value::Sealed(_));
            let otherwise = known.is_some_and(|known| (known.fact.sealed() || sets) != sealed);
            if otherwise && told.insert(field.clone()) {
                unfit.push(Unfit::Confidential {
                    name: field.clone(),
                });
            }
        }
    }
}

fn links(case: &Case, old: &Plan, new: &Plan, unfit: &mut Vec<Unfit>) {
    for (link, cases) in case.links.iter().filter(|(_, cases)| !cases.is_empty()) {
        let name = new.renamed.links.get(link).unwrap_or(link);
        let link = link.clone();
        match new.links.get(name) {
            None => unfit.push(Unfit::NeedsMapping {
                section: "links",
                name: link,
            }),
            Some(declared)
                if old
                    .links
                    .get(&link)
                    .is_some_and(|was| was.to != declared.to) =>
            {
                unfit.push(Unfit::LinkElsewhere {
                    link,
                    to: declared.to.clone(),
                });
            }
            Some(declared) if !declared.many && cases.len() > 1 => {
                unfit.push(Unfit::TooManyLinked { link });
            }
            Some(_) => {}
        }
    }
}

/// Of facts, events and links that become one, the case knows all. Promises that become one cannot both be kept.
fn become_one(case: &Case, new: &Plan, unfit: &mut Vec<Unfit>) {
    if new.renamed.is_empty() {
        return;
    }
    let mut after = case.clone();
    new.renamed.apply(&mut after);
    let mut seen = BTreeSet::new();
    let mut note = |kind: &'static str, place: String, name: &Name, unfit: &mut Vec<Unfit>| {
        if !seen.insert((kind, place, name.clone())) {
            unfit.push(Unfit::BecomesOne { name: name.clone() });
        }
    };
    let open = |case: &Case| {
        let tasks = case.tasks.values().filter(|task| task.done.is_none());
        let stage = |task: &&TaskState| matches!(task.origin, Origin::Stage { .. });
        tasks
            .filter(stage)
            .map(|task| (format!("{:?}", task.origin), task.name.clone()))
            .collect::<Vec<_>>()
    };
    for (place, name) in open(&after) {
        note("task", place, &name, unfit);
    }
    for state in after.deadlines.values().filter(|state| state.met.is_none()) {
        let place = format!("{}.{}", state.track, state.stage);
        note("deadline", place, &state.name, unfit);
    }
    if after.tracks.len() < case.tracks.len() {
        let tracks = case.tracks.keys().map(|track| new.renamed.track(track));
        for track in tracks {
            note("track", String::new(), track, unfit);
        }
    }
}
