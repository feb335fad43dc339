//! What a batch leaves for the next one: the cases as they were committed, so that they need not be read again.
//!
//! It is a copy of the database and nothing else: it holds only while nobody else has written, which the next transaction asks the
//! database itself once it has the right to write. It is bounded, and losing it costs time, never an answer.

use super::{bounds::Bounds, hand::InHand};
use crate::store::Version;
use forloeb_core::{case::CaseId, name::Name};
use jiff::Timestamp;
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

/// What a case takes beside its history, in entries.
const CASE: u64 = 8;

/// How many people's ids are kept.
const PEOPLE: usize = 16_384;

/// A copy of what the database said at a version.
#[derive(Debug, Default)]
pub(super) struct Kept {
    version: Option<Version>,
    /// Those that were in hand lately, and those from before.
    young: HashMap<CaseId, InHand>,
    old: HashMap<CaseId, InHand>,
    /// What the young ones take, in entries.
    weight: u64,
    /// The people whose ids have been looked up.
    pub(super) people: HashMap<String, Name>,
    /// The plans in force, once they have been looked up.
    pub(super) in_force: Option<Arc<BTreeMap<Name, Name>>>,
    /// What a case that was due took, in entries, with those that it looked at, as they were on average; none when that is not known.
    pub(super) due_weighs: Option<u64>,
    /// No case wakes before this instant; none when that is not known.
    pub(super) quiet_until: Option<Timestamp>,
}

impl Kept {
    /// What of this still holds at a version of the database.
    pub(super) fn at(self, version: Version) -> Self {
        if self.version == Some(version) {
            self
        } else {
            Self {
                version: Some(version),
                ..Self::default()
            }
        }
    }

    /// The transaction that began at this version has committed.
    pub(super) fn committed(&mut self) {
        self.version = self.version.map(Version::after_commit);
    }

    /// Whether a case is kept with what has happened to it.
    pub(super) fn has(&self, id: &CaseId) -> bool {
        let known = self.young.get(id).or_else(|| self.old.get(id));
        known.is_some_and(|known| !known.thin)
    }

    /// Takes a case out.
    pub(super) fn take(&mut self, id: &CaseId) -> Option<InHand> {
        if let Some(known) = self.young.remove(id) {
            self.weight -= weight(&known);
            return Some(known);
        }
        self.old.remove(id)
    }

    /// Who links to a case has changed.
    pub(super) fn linked(&mut self, to: &CaseId, link: (&Name, &Name), by: &CaseId) {
        let known = self.young.get_mut(to).or_else(|| self.old.get_mut(to));
        if let Some(known) = known {
            known.linked(link, by);
        }
    }

    /// Keeps the cases of a batch as they were committed, no more than the bounds let. To one that has ended hardly anything happens any
    /// more.
    pub(super) fn put(
        &mut self,
        cases: impl IntoIterator<Item = (CaseId, InHand)>,
        bounds: &Bounds,
    ) {
        let open = |(_, known): &(CaseId, InHand)| known.case.ended.is_none();
        for (id, case) in cases.into_iter().filter(open) {
            let weighs = weight(&case);
            if self.weight + weighs > bounds.kept {
                self.old = std::mem::take(&mut self.young);
                self.weight = 0;
            }
            self.weight += weighs;
            self.young.insert(id, case);
        }
        if self.people.len() > PEOPLE {
            self.people.clear();
        }
    }
}

/// What a case takes in memory, in entries.
pub(super) fn weight(known: &InHand) -> u64 {
    let seq = known.case.seq;
    // What has happened to it is about half of a case.
    let comes = if known.thin { seq / 2 } else { seq };
    comes + CASE
}
