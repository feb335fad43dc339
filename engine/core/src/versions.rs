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

    /// The way back: new names and the old ones. Of two that took one name, one comes back.
    #[must_use]
    pub fn inverse(&self) -> Self {
        let turned = |names: &BTreeMap<Name, Name>| {
            let pairs = names.iter();
            pairs.map(|(old, new)| (new.clone(), old.clone())).collect()
        };
        Self {
            tracks: turned(&self.tracks),
            stages: turned(&self.stages),
            tasks: turned(&self.tasks),
            deadlines: turned(&self.deadlines),
            recurring: turned(&self.recurring),
            facts: turned(&self.facts),
            events: turned(&self.events),
            links: turned(&self.links),
        }
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
        rekey(&mut case.facts, &self.facts);
        rekey(&mut case.events, &self.events);
        rekey(&mut case.links, &self.links);
        rekey(&mut case.recurring, &self.recurring);
        rekey(&mut case.tracks, &self.tracks);
        rekey(&mut case.visits, &self.tracks);
        for place in case.tracks.values_mut() {
            rename(&mut place.stage, &self.stages);
        }
        for stages in case.visits.values_mut() {
            rekey(stages, &self.stages);
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

fn rekey<V>(map: &mut BTreeMap<Name, V>, names: &BTreeMap<Name, Name>) {
    if names.keys().any(|old| map.contains_key(old)) {
        let old = take(map);
        *map = old
            .into_iter()
            .map(|(name, value)| (now(names, &name).clone(), value))
            .collect();
    }
}
