//! A batch: one write transaction, the cases that it has loaded, and what has been done to them in memory so far.

use super::{
    Engine, TurnError,
    ahead::Ahead,
    bounds::Bounds,
    hand::{InHand, Mark},
    kept::{Kept, weight},
    pen::Pen,
    request::Request,
};
use crate::{
    language::programme::Ready,
    store::{Change, Store, StoreError, Tx},
};
use forloeb_core::{
    accept::{mentioned, read_by},
    case::CaseId,
    name::Name,
    plan::Plan,
};
use jiff::Timestamp;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
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

    /// Fetches at once what some requests will need, so that it is not asked for one by one.
    pub(super) async fn fetch(&mut self, requests: &[Request]) -> Result<(), TurnError> {
        let ids: BTreeSet<CaseId> = requests
            .iter()
            .filter_map(|request| request.case.clone())
            .collect();
        self.need(ids.iter().cloned()).await?;
        let (mut around, mut keys) = (Vec::new(), Vec::new());
        for request in requests {
            let Some(id) = &request.case else { continue };
            let Some(known) = self.in_hand(id) else {
                continue;
            };
            let plan = &known.ready.plan;
            around.push((plan.clone(), mentioned(plan, &request.input)));
            if let Some(key) = &request.key {
                keys.push((id.clone(), key.clone()));
            }
        }
        self.need_to_look_at(&around).await?;
        self.look_up_keys(keys).await?;
        self.fetch_around(&ids).await
    }

    /// Fetches at once what steps of some cases will look at.
    pub(super) async fn fetch_around(&mut self, ids: &BTreeSet<CaseId>) -> Result<(), TurnError> {
        let (mut read, mut unread) = (Vec::new(), Vec::new());
        for id in ids {
            let Some(known) = self.in_hand(id) else {
                continue;
            };
            let plan = &known.ready.plan;
            read.push((plan.clone(), read_by(plan, &known.case)));
            if known.readers.is_none() {
                unread.push(id.clone());
            }
        }
        self.need_to_look_at(&read).await?;
        self.look_up_readers(unread).await?;
        self.look_up_sealed(ids).await
    }

    /// Loads the cases that are not in hand yet, each with what has happened to it.
    pub(super) async fn need(
        &mut self,
        ids: impl IntoIterator<Item = CaseId>,
    ) -> Result<(), TurnError> {
        let ids: Vec<CaseId> = ids.into_iter().collect();
        let mut missing = self.missing(ids.iter().cloned());
        let thin = |id: &&CaseId| self.in_hand(id).is_some_and(|known| known.thin);
        missing.extend(ids.iter().filter(thin).cloned());
        if missing.is_empty() {
            return Ok(());
        }
        let missing: Vec<CaseId> = missing.into_iter().collect();
        let tenant = self.tenant;
        let rows = self.tx().await?.load(tenant, &missing).await?;
        self.not_there(missing);
        for row in rows {
            match self.cases.get_mut(&row.case.id).and_then(Option::as_mut) {
                Some(thin) => thin.fill(row.case),
                None => {
                    let ready = self.ready(&row.case.plan).await?;
                    self.take_in_hand(row.case.id.clone(), InHand::loaded(row, ready));
                }
            }
        }
        Ok(())
    }

    /// Loads cases for cases of these plans to look at: without what has happened to them, unless rules of the plan ask for it.
    pub(super) async fn need_to_look_at(
        &mut self,
        looks: &[(Arc<Plan>, Vec<CaseId>)],
    ) -> Result<(), TurnError> {
        let missing = self.missing(looks.iter().flat_map(|(_, ids)| ids).cloned());
        if !missing.is_empty() {
            let missing: Vec<CaseId> = missing.into_iter().collect();
            let tenant = self.tenant;
            let rows = self.tx().await?.load_thin(tenant, &missing).await?;
            self.not_there(missing);
            for row in rows {
                let ready = self.ready(&row.case.plan).await?;
                self.take_in_hand(row.case.id.clone(), InHand::thin(row, ready));
            }
        }
        let mut whole = BTreeSet::new();
        for (plan, ids) in looks {
            let asks = plan.reads_events_of();
            if asks.is_empty() {
                continue;
            }
            let asked = ids.iter().filter(|id| {
                let known = self.in_hand(id);
                known.is_some_and(|known| known.thin && asks.contains(&known.case.process))
            });
            whole.extend(asked.cloned());
        }
        self.need(whole).await
    }

    /// Those of these cases that are not in hand, once those that are kept are.
    fn missing(&mut self, ids: impl IntoIterator<Item = CaseId>) -> BTreeSet<CaseId> {
        let mut missing = BTreeSet::new();
        for id in ids {
            if self.cases.contains_key(&id) {
                continue;
            }
            match self.kept.take(&id) {
                Some(known) => self.take_in_hand(id, known),
                None => {
                    missing.insert(id);
                }
            }
        }
        missing
    }

    /// Notes of cases that are to be loaded that they are not in the database, unless they come.
    fn not_there(&mut self, ids: Vec<CaseId>) {
        for id in ids {
            self.cases.entry(id).or_default();
        }
    }

    /// Takes in hand what has been read ahead and not been taken in hand since.
    pub(super) async fn take_what_was_read_ahead(&mut self) {
        for row in self.ahead.read().await {
            match self.cases.get_mut(&row.case.id) {
                Some(Some(thin)) if thin.thin => thin.fill(row.case),
                Some(_) => {}
                None => {
                    // Whoever needs one whose plan cannot be made ready fails by it; the others do not.
                    if let Ok(ready) = self.ready(&row.case.plan).await {
                        self.kept.take(&row.case.id);
                        self.take_in_hand(row.case.id.clone(), InHand::loaded(row, ready));
                    }
                }
            }
        }
    }

    /// What the cases in hand take, in entries.
    pub(super) fn weight(&self) -> u64 {
        self.weight
    }

    /// Cases in hand have become heavier.
    pub(super) fn weighs_more(&mut self, entries: usize) {
        self.weight += entries as u64;
    }

    fn take_in_hand(&mut self, id: CaseId, known: InHand) {
        self.weight += weight(&known);
        if let Some(at) = known.wake_at {
            self.agenda.insert((at, id.clone()));
        }
        self.cases.insert(id, Some(known));
    }

    /// The plan of this id, ready to run.
    pub(super) async fn ready(&mut self, plan: &Name) -> Result<Arc<Ready>, TurnError> {
        if let Some(ready) = self.plans.known(plan) {
            return Ok(ready);
        }
        let tenant = self.tenant;
        let stored = self.tx().await?.plan(tenant, plan).await?;
        Ok(self.plans.make_ready(plan, stored)?)
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
