//! A case in hand: as it was loaded, what has been done to it since, and who reads it.

use super::answered::Answered;
use crate::{
    language::programme::Ready,
    store::{CaseRow, Change},
};
use forloeb_core::{
    case::{Case, CaseId},
    entry::Entry,
    input::Step,
    name::Name,
    value::{SealedKey, Value},
};
use jiff::Timestamp;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// The cases that link to a case, by their plan and the link: whether they read what changes is a matter of the plan. Some may have
/// unlinked it since.
pub(super) type Readers = BTreeMap<(Name, Name), BTreeSet<CaseId>>;

/// A case in hand.
#[derive(Clone, Debug)]
pub(super) struct InHand {
    /// As the database has it; none for one that starts here.
    before: Option<Arc<Case>>,
    woke_at_before: Option<Timestamp>,
    pub(super) case: Arc<Case>,
    pub(super) ready: Arc<Ready>,
    pub(super) wake_at: Option<Timestamp>,
    entries: Vec<Entry>,
    /// Idempotency keys to be written, by the entry of their input.
    keys: BTreeMap<u64, String>,
    pub(super) sealed: Vec<(SealedKey, Value)>,
    /// The inputs of this batch and those that were looked up in the history, by key.
    pub(super) recorded: BTreeMap<String, u64>,
    /// Who links to it; none when that has not been looked up.
    pub(super) readers: Option<Readers>,
    /// What its rules answered last.
    pub(super) answered: Answered,
}

/// How a case in hand stood before a request.
pub(super) struct Mark {
    case: Arc<Case>,
    pub(super) wake_at: Option<Timestamp>,
    entries: usize,
    sealed: usize,
}

impl InHand {
    /// A case as it was loaded.
    pub(super) fn loaded(row: CaseRow, ready: Arc<Ready>) -> Self {
        Self {
            before: Some(row.case.clone()),
            woke_at_before: row.wake_at,
            wake_at: row.wake_at,
            ..Self::new(row.case, ready)
        }
    }

    /// A case that starts here. Nobody links to it yet.
    pub(super) fn started(case: Arc<Case>, ready: Arc<Ready>) -> Self {
        Self {
            readers: Some(Readers::new()),
            ..Self::new(case, ready)
        }
    }

    fn new(case: Arc<Case>, ready: Arc<Ready>) -> Self {
        Self {
            before: None,
            woke_at_before: None,
            case,
            ready,
            wake_at: None,
            entries: Vec::new(),
            keys: BTreeMap::new(),
            sealed: Vec::new(),
            recorded: BTreeMap::new(),
            readers: None,
            answered: Answered::new(),
        }
    }

    /// Takes over what a step gave.
    pub(super) fn keep(&mut self, stepped: &Step, key: Option<&String>) {
        self.case = stepped.case.clone();
        self.entries.extend(stepped.entries.iter().cloned());
        self.sealed.extend(stepped.sealed.iter().cloned());
        if let (Some(seq), Some(key)) = (stepped.input, key) {
            self.keys.insert(seq, key.clone());
            self.recorded.insert(key.clone(), seq);
        }
    }

    /// Who links to it has changed.
    pub(super) fn linked(&mut self, (plan, link): (&Name, &Name), by: &CaseId) {
        if let Some(readers) = &mut self.readers {
            let place = readers.entry((plan.clone(), link.clone())).or_default();
            place.insert(by.clone());
        }
    }

    /// How it stands.
    pub(super) fn mark(&self) -> Mark {
        Mark {
            case: self.case.clone(),
            wake_at: self.wake_at,
            entries: self.entries.len(),
            sealed: self.sealed.len(),
        }
    }

    /// Puts back how it stood. (When it wakes is the batch's to put back.)
    pub(super) fn put_back(&mut self, mark: Mark) {
        self.keys.split_off(&(mark.case.seq + 1));
        self.recorded.retain(|_, seq| *seq <= mark.case.seq);
        self.case = mark.case;
        // The numbers of the entries that they go by will be given again.
        self.answered.clear();
        self.entries.truncate(mark.entries);
        self.sealed.truncate(mark.sealed);
    }

    /// Whether the database has it, in whatever state.
    pub(super) fn is_stored(&self) -> bool {
        self.before.is_some()
    }

    /// What the next batch may take over of it.
    pub(super) fn left_behind(self) -> Self {
        Self {
            recorded: BTreeMap::new(),
            ..self
        }
    }

    /// Whether the database has it as it is here.
    pub(super) fn is_written(&self) -> bool {
        self.entries.is_empty() && self.wake_at == self.woke_at_before
    }

    /// What is to be written of it, if anything is. Then the database has it.
    pub(super) fn change(&mut self) -> Option<Change> {
        if self.is_written() {
            return None;
        }
        self.woke_at_before = self.wake_at;
        Some(Change {
            before: self.before.replace(self.case.clone()),
            after: CaseRow {
                case: self.case.clone(),
                wake_at: self.wake_at,
            },
            entries: std::mem::take(&mut self.entries),
            keys: std::mem::take(&mut self.keys),
            sealed: std::mem::take(&mut self.sealed),
        })
    }
}
