//! What a version of a process says about those before it: what bore another name, and whether open cases follow by themselves; and a
//! case that takes the new names on.

use crate::{
    case::{Case, Origin, Source},
    entry::{Entry, What},
    name::Name,
};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    mem::take,
};

/// Whether the open cases of a process go over to a new version of it by themselves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Adopt {
    /// They stay where they are until somebody migrates them.
    #[default]
    Never,
    /// They do, when it touches no stage, deadline or task of any of them.
    WhenSafe,
}

impl Adopt {
    /// Whether they stay where they are.
    #[must_use]
    pub fn is_never(&self) -> bool {
        *self == Self::Never
    }
}

/// Old names and the new ones, by what bears them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Renamed {
    /// Tracks.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tracks: BTreeMap<Name, Name>,
    /// Stages.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub stages: BTreeMap<Name, Name>,
    /// Tasks, of stages and of the process.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tasks: BTreeMap<Name, Name>,
    /// Deadlines.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub deadlines: BTreeMap<Name, Name>,
    /// Recurring work.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub recurring: BTreeMap<Name, Name>,
    /// Facts.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub facts: BTreeMap<Name, Name>,
    /// Events.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub events: BTreeMap<Name, Name>,
    /// Links.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub links: BTreeMap<Name, Name>,
}

impl Renamed {
    /// Whether everything keeps its name.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The new name of a stage.
    #[must_use]
    pub fn stage<'n>(&'n self, stage: &'n Name) -> &'n Name {
        now(&self.stages, stage)
    }

    /// The new name of a track.
    #[must_use]
    pub fn track<'n>(&'n self, track: &'n Name) -> &'n Name {
        now(&self.tracks, track)
    }

    /// The way back, from the new names to the old ones. (Where one has taken the place of several, to the first of them.)
    #[must_use]
    pub fn back(&self) -> Self {
        let back = |names: &BTreeMap<Name, Name>| {
            let pairs = names.iter().rev();
            pairs.map(|(old, new)| (new.clone(), old.clone())).collect()
        };
        Self {
            tracks: back(&self.tracks),
            stages: back(&self.stages),
            tasks: back(&self.tasks),
            deadlines: back(&self.deadlines),
            recurring: back(&self.recurring),
            facts: back(&self.facts),
            events: back(&self.events),
            links: back(&self.links),
        }
    }

    /// The new name of anything that bore this one.
    #[must_use]
    pub fn anything(&self, name: &str) -> Option<&Name> {
        let all = [
            &self.tracks,
            &self.stages,
            &self.tasks,
            &self.deadlines,
            &self.recurring,
            &self.facts,
            &self.events,
            &self.links,
        ];
        all.into_iter().find_map(|names| names.get(name))
    }

    /// What was taken in, with the new names of what it names.
    #[must_use]
    pub fn entry(&self, entry: &Entry) -> Entry {
        let mut entry = entry.clone();
        match &mut entry.what {
            What::Reported { event, .. } => rename(event, &self.events),
            What::FactSet { fact, .. } | What::FactCleared { fact } => rename(fact, &self.facts),
            What::Linked { link, .. } | What::Unlinked { link, .. } => rename(link, &self.links),
            _ => {}
        }
        entry
    }

    /// Gives everything in a case its new name.
    pub fn apply(&self, case: &mut Case) {
        if self.is_empty() {
            return;
        }
        // Of two facts that become one, the one that was set last is known.
        rekey(&mut case.facts, &self.facts, |known, other| {
            if other.seq > known.seq {
                *known = other;
            }
        });
        rekey(&mut case.events, &self.events, |known, other| {
            known.extend(other);
            known.sort_by_key(|occurrence| occurrence.seq);
        });
        rekey(&mut case.links, &self.links, |known, other| {
            for to in other {
                if !known.contains(&to) {
                    known.push(to);
                }
            }
        });
        rekey(&mut case.recurring, &self.recurring, |known, other| {
            known.through = known.through.max(other.through);
        });
        // Tracks never become one: a case with both does not fit.
        rekey(&mut case.tracks, &self.tracks, |_, _| {});
        rekey(&mut case.visits, &self.tracks, |known, other| {
            for (stage, times) in other {
                *known.entry(stage).or_default() += times;
            }
        });
        for place in case.tracks.values_mut() {
            rename(&mut place.stage, &self.stages);
        }
        for stages in case.visits.values_mut() {
            rekey(stages, &self.stages, |known, other| *known += other);
        }
        for task in case.tasks.values_mut() {
            match &mut task.origin {
                Origin::Stage { track, stage } => {
                    rename(track, &self.tracks);
                    rename(stage, &self.stages);
                    rename(&mut task.name, &self.tasks);
                }
                // The task of recurring work bears its name.
                Origin::Recurring(name) => {
                    rename(name, &self.recurring);
                    rename(&mut task.name, &self.recurring);
                }
                Origin::Raised(source) => {
                    self.source(source);
                    rename(&mut task.name, &self.tasks);
                }
            }
        }
        for deadline in case.deadlines.values_mut() {
            rename(&mut deadline.track, &self.tracks);
            rename(&mut deadline.stage, &self.stages);
            rename(&mut deadline.name, &self.deadlines);
        }
        for finding in case.findings.values_mut() {
            self.source(&mut finding.source);
        }
        let raised = take(&mut case.raised).into_iter().map(|mut raised| {
            self.source(&mut raised.source);
            rename(&mut raised.task, &self.tasks);
            raised
        });
        case.raised = raised.collect::<BTreeSet<_>>();
    }

    fn source(&self, source: &mut Source) {
        if let Source::Deadline {
            track,
            stage,
            deadline,
        } = source
        {
            rename(track, &self.tracks);
            rename(stage, &self.stages);
            rename(deadline, &self.deadlines);
        }
    }
}

fn now<'n>(names: &'n BTreeMap<Name, Name>, name: &'n Name) -> &'n Name {
    names.get(name).unwrap_or(name)
}

fn rename(name: &mut Name, names: &BTreeMap<Name, Name>) {
    if let Some(new) = names.get(name) {
        *name = new.clone();
    }
}

/// Gives what lies in a map its new names. `join` says what becomes of two that take one name.
fn rekey<V>(map: &mut BTreeMap<Name, V>, names: &BTreeMap<Name, Name>, join: impl Fn(&mut V, V)) {
    if !names.keys().any(|old| map.contains_key(old)) {
        return;
    }
    for (name, value) in take(map) {
        let name = now(names, &name).clone();
        match map.get_mut(&name) {
            Some(known) => join(known, value),
            None => {
                map.insert(name, value);
            }
        }
    }
}
