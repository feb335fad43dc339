//! A case in hand: as it was loaded, what has been done to it since, and who reads it.

use super::answered::Answered;
use crate::{
    language::programme::Ready,
    store::{CaseRow, Change},
};
use forloeb_core::{
    accept::sealed_for_rules,
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
    /// It came without what has happened to it: it can be looked at, and not be stepped.
    pub(super) thin: bool,
    pub(super) case: Arc<Case>,
    pub(super) ready: Arc<Ready>,
    pub(super) wake_at: Option<Timestamp>,
    entries: Vec<Entry>,
    /// Idempotency keys to be written, by the entry of their input.
    keys: BTreeMap<u64, String>,
    sealed: Vec<(SealedKey, Value)>,
    /// The confidential values that its rules read.
    opened: Opened,
    /// The inputs of this batch and those that were looked up in the history, by key.
    pub(super) recorded: BTreeMap<String, Entry>,
    /// Who links to it; none when that has not been looked up.
    pub(super) readers: Option<Readers>,
    /// What its rules answered last.
    pub(super) answered: Answered,
}

/// What is read where nothing is.
static NOTHING: BTreeMap<SealedKey, Value> = BTreeMap::new();

/// The confidential values that the rules of a case read.
#[derive(Clone, Debug, Default)]
struct Opened {
    /// Those that were brought here or looked up; none for one that was erased.
    known: BTreeMap<SealedKey, Option<Value>>,
    /// Those that are read after this entry, without those that were erased.
    read: Option<(u64, BTreeMap<SealedKey, Value>)>,
}

/// How a case in hand stood before a request.
pub(super) struct Mark {
    case: Arc<Case>,
    ready: Arc<Ready>,
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

    /// A case as it was loaded without what has happened to it.
    pub(super) fn thin(row: CaseRow, ready: Arc<Ready>) -> Self {
        Self {
            thin: true,
            ..Self::loaded(row, ready)
        }
    }

    /// Adds what has happened to it. It has not been stepped since it was loaded.
    pub(super) fn fill(&mut self, case: Arc<Case>) {
        self.thin = false;
        self.before = Some(case.clone());
        self.case = case;
        // They went by what it did not have.
        self.opened.read = None;
        self.answered.clear();
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
            thin: false,
            case,
            ready,
            wake_at: None,
            entries: Vec::new(),
            keys: BTreeMap::new(),
            sealed: Vec::new(),
            opened: Opened::default(),
            recorded: BTreeMap::new(),
            readers: None,
            answered: Answered::new(),
        }
    }

    /// Takes over what a step gave.
    pub(super) fn keep(&mut self, stepped: &Step, key: Option<&String>) {
        self.case = stepped.case.clone();
        self.entries.extend(stepped.entries.iter().cloned());
        if !stepped.sealed.is_empty() {
            let read = sealed_for_rules(&self.ready.plan, &self.case);
            for (key, value) in stepped.sealed.iter().filter(|(key, _)| read.contains(key)) {
                self.opened.known.insert(key.clone(), Some(value.clone()));
            }
            self.sealed.extend(stepped.sealed.iter().cloned());
        }
        if let (Some(seq), Some(key)) = (stepped.input, key) {
            self.keys.insert(seq, key.clone());
            let entry = stepped.entries.iter().find(|entry| entry.seq == seq);
            self.recorded
                .extend(entry.map(|entry| (key.clone(), entry.clone())));
        }
    }

    /// Who links to it has changed.
    pub(super) fn linked(&mut self, (plan, link): (&Name, &Name), by: &CaseId) {
        if let Some(readers) = &mut self.readers {
            let place = readers.entry((plan.clone(), link.clone())).or_default();
            place.insert(by.clone());
        }
    }

    /// The confidential values that its rules read, without those that were erased; or the keys that must be looked up before.
    pub(super) fn opened(&mut self) -> Result<&BTreeMap<SealedKey, Value>, Vec<SealedKey>> {
        let (seq, opened) = (self.case.seq, &mut self.opened);
        if opened.read.as_ref().is_none_or(|(at, _)| *at != seq) {
            let (mut read, mut missing) = (BTreeMap::new(), Vec::new());
            for key in sealed_for_rules(&self.ready.plan, &self.case) {
                match opened.known.get(&key) {
                    Some(Some(value)) => {
                        read.insert(key, value.clone());
                    }
                    Some(None) => {}
                    None => missing.push(key),
                }
            }
            if !missing.is_empty() {
                return Err(missing);
            }
            opened.read = Some((seq, read));
        }
        Ok(opened.read.as_ref().map_or(&NOTHING, |(_, read)| read))
    }

    /// A confidential value was looked up.
    pub(super) fn open(&mut self, key: SealedKey, value: Option<Value>) {
        self.opened.known.insert(key, value);
    }

    /// The entries and confidential values that the database does not have yet.
    pub(super) fn unwritten(&self) -> (&[Entry], &[(SealedKey, Value)]) {
        (&self.entries, &self.sealed)
    }

    /// Takes over what a step gave under another plan.
    pub(super) fn go_over(&mut self, ready: Arc<Ready>) {
        self.ready = ready;
        self.opened.read = None;
        self.answered.clear();
    }

    /// How it stands.
    pub(super) fn mark(&self) -> Mark {
        Mark {
            case: self.case.clone(),
            ready: self.ready.clone(),
            wake_at: self.wake_at,
            entries: self.entries.len(),
            sealed: self.sealed.len(),
        }
    }

    /// Puts back how it stood. (When it wakes is the batch's to put back.)
    pub(super) fn put_back(&mut self, mark: Mark) {
        self.keys.split_off(&(mark.case.seq + 1));
        self.recorded.retain(|_, entry| entry.seq <= mark.case.seq);
        self.opened.known.retain(|key, _| key.seq <= mark.case.seq);
        self.opened.read = None;
        self.case = mark.case;
        self.ready = mark.ready;
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

    /// Without what its rules answered.
    pub(super) fn unanswered(mut self) -> Self {
        self.answered.clear();
        self
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
