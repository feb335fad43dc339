//! A batch: one write transaction, the cases that it has loaded, and what has been done to them in memory so far.

use super::{
    Engine, TurnError,
    ahead::Ahead,
    bounds::Bounds,
    hand::{InHand, Mark},
    kept::{Kept, weight},
    pen::Pen,
};
use crate::store::{Change, Store, StoreError, Tx};
use forloeb_core::{case::CaseId, name::Name};
use jiff::Timestamp;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::{Mutex, MutexGuard, PoisonError},
};

/// One write transaction with its cases in hand.
pub(super) struct Batch<'e, S: Store> {
    pub(super) store: &'e S,
    pen: Pen<S::Tx>,
    pub(super) tenant: &'e Name,
    pub(super) plans: &'e super::Plans,
    now: Timestamp,
    /// Where what this batch leaves for the next one is put.
    shelf: &'e Mutex<Kept>,
    pub(super) kept: Kept,
    pub(super) bounds: &'e Bounds,
    /// What the cases in hand take, in entries.
    weight: u64,
    /// The cases in hand. One that is missing here may be in the database; one that is `None` is not.
    pub(super) cases: HashMap<CaseId, Option<InHand>>,
    /// Those of them that have changed since they were last written, in the order in which they are written.
    pub(super) changed: BTreeSet<CaseId>,
    /// Whether the transaction holds anything.
    wrote: bool,
    /// The cases in hand that wake, by instant.
    pub(super) agenda: BTreeSet<(Timestamp, CaseId)>,
    /// Who links to a case since this batch, with their plan and the link: the database may not know it yet.
    pub(super) linked_here: HashMap<CaseId, BTreeSet<(Name, Name, CaseId)>>,
    /// The cases in hand that wake because one that they read has changed: at which instant, and how many such wakes led to it.
    pub(super) echoes: BTreeMap<CaseId, (Timestamp, u32)>,
    /// How many wakes of readers led to the step in hand.
    pub(super) echo: u32,
    /// How often a case in hand woke at one instant: one that wakes itself for ever is stopped.
    pub(super) woken_at: BTreeMap<CaseId, (Timestamp, u32)>,
    /// The keys that were looked up in the histories: one that is not among the recorded ones of its case is new.
    pub(super) looked_up: HashSet<(CaseId, String)>,
    /// The number from which ids for cases without one are tried.
    pub(super) fresh_from: Option<u64>,
    /// What to put back if the request in hand is refused.
    pub(super) undo: Undo,
    /// What will be wanted next, read while this is under way.
    pub(super) ahead: Ahead,
}

/// What to put back if a request is refused.
#[derive(Default)]
pub(super) struct Undo {
    cases: Vec<(CaseId, Option<Mark>)>,
    /// Those who got an id for it.
    pub(super) people: Vec<String>,
}

impl<'e, S: Store> Batch<'e, S> {
    pub(super) async fn begin(engine: &'e Engine<S>) -> Result<Self, TurnError> {
        let (pen, as_of) = Pen::take_up(engine.store.begin().await?).await?;
        // What was kept is taken away: a batch that fails leaves nothing.
        let kept = std::mem::take(&mut *lock(&engine.kept)).at(as_of.version);
        Ok(Self {
            store: &engine.store,
            pen,
            tenant: &engine.tenant,
            plans: &engine.plans,
            now: super::instant(as_of.clock),
            shelf: &engine.kept,
            kept,
            bounds: &engine.bounds,
            weight: 0,
            cases: HashMap::new(),
            changed: BTreeSet::new(),
            wrote: false,
            agenda: BTreeSet::new(),
            linked_here: HashMap::new(),
            echoes: BTreeMap::new(),
            echo: 0,
            woken_at: BTreeMap::new(),
            looked_up: HashSet::new(),
            fresh_from: None,
            undo: Undo::default(),
            ahead: Ahead::default(),
        })
    }

    /// The instant at which the batch began.
    pub(super) fn now(&self) -> Timestamp {
        self.now
    }

    /// The transaction, once what is being written is written.
    pub(super) async fn tx(&mut self) -> Result<&mut S::Tx, StoreError> {
        self.pen.tx().await
    }

    pub(super) async fn set_clock(&mut self, to: Timestamp) -> Result<(), TurnError> {
        Ok(self.tx().await?.set_clock(to).await?)
    }

    /// What the cases in hand take, in entries.
    pub(super) fn weight(&self) -> u64 {
        self.weight
    }

    /// Cases in hand have become heavier.
    pub(super) fn weighs_more(&mut self, entries: u64) {
        self.weight += entries;
    }

    pub(super) fn take_in_hand(&mut self, id: CaseId, known: InHand) {
        self.weight += weight(&known);
        if let Some(at) = known.wake_at {
            self.agenda.insert((at, id.clone()));
        }
        self.cases.insert(id, Some(known));
    }

    pub(super) fn in_hand(&self, id: &str) -> Option<&InHand> {
        self.cases.get(id)?.as_ref()
    }

    /// Sets when a case in hand wakes.
    pub(super) fn wake_case_at(&mut self, id: &CaseId, at: Option<Timestamp>) {
        let Some(Some(known)) = self.cases.get_mut(id) else {
            return;
        };
        if known.wake_at == at {
            return;
        }
        if let Some(old) = known.wake_at {
            self.agenda.remove(&(old, id.clone()));
        }
        known.wake_at = at;
        self.changed.insert(id.clone());
        if let Some(at) = at {
            self.agenda.insert((at, id.clone()));
            self.kept.quiet_until = self.kept.quiet_until.map(|quiet| quiet.min(at));
        }
    }

    /// Notes how a case stands, in case the request in hand is refused.
    pub(super) fn mark(&mut self, id: &CaseId) {
        let mark = self.in_hand(id).map(InHand::mark);
        self.undo.cases.push((id.clone(), mark));
    }

    /// Leaves no trace of the request in hand, not even the name of who asked.
    pub(super) async fn put_back(&mut self) -> Result<(), TurnError> {
        let Undo { mut cases, people } = std::mem::take(&mut self.undo);
        while let Some((id, mark)) = cases.pop() {
            self.echoes.remove(&id);
            match mark {
                Some(mark) => {
                    self.wake_case_at(&id, mark.wake_at);
                    if let Some(Some(known)) = self.cases.get_mut(&id) {
                        known.put_back(mark);
                    }
                }
                None => {
                    self.wake_case_at(&id, None);
                    self.cases.insert(id, None);
                }
            }
        }
        let unknown: Vec<Name> = people
            .iter()
            .filter_map(|name| self.kept.people.remove(name))
            .collect();
        if !unknown.is_empty() {
            let tenant = self.tenant;
            self.tx().await?.forget_people(tenant, &unknown).await?;
        }
        Ok(())
    }

    /// Begins to write what has been done into the transaction, without ending it.
    pub(super) async fn write(&mut self) {
        let changes = self.changes();
        if !changes.is_empty() {
            self.wrote = true;
            self.pen.write(self.tenant.clone(), changes).await;
        }
    }

    fn changes(&mut self) -> Vec<Change> {
        let changed = std::mem::take(&mut self.changed);
        changed
            .iter()
            .filter_map(|id| self.cases.get_mut(id)?.as_mut()?.change())
            .collect()
    }

    pub(super) async fn rollback(self) -> Result<(), TurnError> {
        let leaves = !self.wrote;
        self.pen.rollback().await?;
        if leaves {
            let mut kept = self.kept;
            let cases = self.cases.into_iter();
            let known = cases.filter_map(|(id, known)| Some((id, known?)));
            let clean = known.filter(|(_, known)| known.is_written());
            // What their rules answered may have gone by entries of others that there will never be.
            let clean = clean.map(|(id, known)| (id, known.left_behind().unanswered()));
            kept.put(clean, self.bounds);
            *lock(self.shelf) = kept;
        }
        Ok(())
    }

    pub(super) async fn commit(mut self) -> Result<(), TurnError> {
        let last = self.changes();
        self.take_what_was_read_ahead().await;
        self.pen.commit(self.tenant, &last).await?;
        let mut kept = self.kept;
        kept.committed();
        let cases = self.cases.into_iter();
        let left = cases.filter_map(|(id, known)| Some((id, known?.left_behind())));
        kept.put(left, self.bounds);
        for (to, readers) in &self.linked_here {
            for (plan, link, by) in readers {
                kept.linked(to, (plan, link), by);
            }
        }
        *lock(self.shelf) = kept;
        Ok(())
    }
}

/// What a batch left behind stays right when a thread panics: it is taken away before anything happens to it.
pub(super) fn lock(shelf: &Mutex<Kept>) -> MutexGuard<'_, Kept> {
    shelf.lock().unwrap_or_else(PoisonError::into_inner)
}
