//! A batch: one write transaction, the cases that it has loaded, and what has been done to them in memory so far.

use super::{
    Engine, TurnError,
    request::{Accepted, Request, Who, Why},
};
use crate::{
    language::programme::Ready,
    store::{CaseRow, Change, Store, Tx},
};
use forloeb_core::{
    case::{Case, CaseId},
    entry::{Actor, Entry},
    input::{Given, Input, Moment, Refusal, Step},
    name::Name,
    step::{Scene, start, step},
    value::{SealedKey, Value},
};
use jiff::Timestamp;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// One write transaction with its cases in hand.
pub(super) struct Batch<'e, T: Tx> {
    pub(super) tx: T,
    pub(super) tenant: &'e Name,
    pub(super) plans: &'e super::Plans,
    now: Timestamp,
    /// The cases in hand. One that is missing here may be in the database; one that is `None` is not.
    pub(super) cases: BTreeMap<CaseId, Option<InHand>>,
    /// The cases in hand that wake, by instant.
    pub(super) agenda: BTreeSet<(Timestamp, CaseId)>,
    /// How often a case in hand woke at one instant: cases that wake each other for ever are stopped.
    pub(super) woken_at: BTreeMap<CaseId, (Timestamp, u32)>,
    /// What to put back if the request in hand is refused.
    undo: Vec<(CaseId, Option<Mark>)>,
}

/// A case in hand.
#[derive(Clone, Debug)]
pub(super) struct InHand {
    /// As it was loaded; none for one that starts here.
    before: Option<Arc<Case>>,
    woke_at_before: Option<Timestamp>,
    pub(super) case: Arc<Case>,
    pub(super) ready: Arc<Ready>,
    pub(super) wake_at: Option<Timestamp>,
    entries: Vec<Entry>,
    pub(super) keys: BTreeMap<u64, String>,
    pub(super) sealed: Vec<(SealedKey, Value)>,
}

/// How a case in hand stood before a request.
struct Mark {
    case: Arc<Case>,
    wake_at: Option<Timestamp>,
    entries: usize,
    keys: BTreeMap<u64, String>,
    sealed: usize,
}

impl<'e, T: Tx> Batch<'e, T> {
    pub(super) async fn begin<S: Store<Tx = T>>(engine: &'e Engine<S>) -> Result<Self, TurnError> {
        let mut tx = engine.store.begin().await?;
        let now = super::instant(tx.clock().await?);
        Ok(Self {
            tx,
            tenant: &engine.tenant,
            plans: &engine.plans,
            now,
            cases: BTreeMap::new(),
            agenda: BTreeSet::new(),
            woken_at: BTreeMap::new(),
            undo: Vec::new(),
        })
    }

    /// The instant at which the batch began.
    pub(super) fn now(&self) -> Timestamp {
        self.now
    }

    pub(super) async fn set_clock(&mut self, to: Timestamp) -> Result<(), TurnError> {
        Ok(self.tx.set_clock(to).await?)
    }

    /// Loads the cases that are not in hand yet.
    pub(super) async fn need(
        &mut self,
        ids: impl IntoIterator<Item = CaseId>,
    ) -> Result<(), TurnError> {
        let missing: BTreeSet<CaseId> = ids
            .into_iter()
            .filter(|id| !self.cases.contains_key(id))
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        let missing: Vec<CaseId> = missing.into_iter().collect();
        let rows = self.tx.load(self.tenant, &missing).await?;
        for id in missing {
            self.cases.insert(id, None);
        }
        for CaseRow { case, wake_at } in rows {
            let ready = self.ready(&case.plan).await?;
            if let Some(at) = wake_at {
                self.agenda.insert((at, case.id.clone()));
            }
            let in_hand = InHand {
                before: Some(case.clone()),
                woke_at_before: wake_at,
                case: case.clone(),
                ready,
                wake_at,
                entries: Vec::new(),
                keys: BTreeMap::new(),
                sealed: Vec::new(),
            };
            self.cases.insert(case.id.clone(), Some(in_hand));
        }
        Ok(())
    }

    /// The plan of this id, ready to run.
    pub(super) async fn ready(&mut self, plan: &Name) -> Result<Arc<Ready>, TurnError> {
        if let Some(ready) = self.plans.known(plan) {
            return Ok(ready);
        }
        let stored = self.tx.plan(self.tenant, plan).await?;
        Ok(self.plans.make_ready(plan, stored)?)
    }

    pub(super) fn in_hand(&self, id: &str) -> Option<&InHand> {
        self.cases.get(id)?.as_ref()
    }

    /// Takes one request in with all that it tells other cases, or refuses it and puts everything back.
    pub(super) async fn take_in(
        &mut self,
        request: Request,
        moment: Moment,
    ) -> Result<Result<Accepted, Refusal>, TurnError> {
        self.undo.clear();
        let answer = self.try_to_take_in(request, moment).await?;
        if answer.is_err() {
            self.put_back();
        }
        Ok(answer)
    }

    async fn try_to_take_in(
        &mut self,
        request: Request,
        moment: Moment,
    ) -> Result<Result<Accepted, Refusal>, TurnError> {
        let given = Given {
            by: self.actor(request.by).await?,
            on_behalf_of: self.actor(request.on_behalf_of).await?,
            input: request.input,
            key: request.key,
        };
        let id = request
            .case
            .unwrap_or_else(|| self.fresh_id(request.process.as_ref()));
        if let Some(seq) = self.recorded(&id, given.key.as_deref()).await? {
            self.need([id.clone()]).await?;
            let Some(known) = self.in_hand(&id) else {
                return Ok(Err(no_case(&id)));
            };
            let state = known.case.clone();
            return Ok(Ok(Accepted {
                case: id,
                state,
                why: Why::Repeated(seq),
                entries: Vec::new(),
                told: Vec::new(),
            }));
        }
        let first = match self
            .step_case(&id, request.process.as_ref(), &given, moment)
            .await?
        {
            Ok(first) => first,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let told = match self.tell(&id, &first, moment).await? {
            Ok(told) => told,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let state = self
            .in_hand(&id)
            .map_or(first.case, |known| known.case.clone());
        Ok(Ok(Accepted {
            case: id,
            state,
            why: Why::New,
            entries: first.entries,
            told,
        }))
    }

    /// Steps one case, starting it where that is the input, and keeps the result in hand.
    pub(super) async fn step_case(
        &mut self,
        id: &CaseId,
        process: Option<&Name>,
        given: &Given,
        moment: Moment,
    ) -> Result<Result<Step, Refusal>, TurnError> {
        self.need([id.clone()]).await?;
        let known = self
            .in_hand(id)
            .map(|known| (known.ready.clone(), Some(known.case.clone())));
        let (ready, case) = match known {
            Some(known) => known,
            None => match self.plan_for_start(id, process, given).await? {
                Ok(ready) => (ready, None),
                Err(refusal) => return Ok(Err(refusal)),
            },
        };
        let around = self
            .around(&ready.plan, case.as_deref(), &given.input)
            .await?;
        let scene = Scene {
            plan: ready.plan.clone(),
            around: Arc::new(around),
            judge: &*ready.judge,
        };
        let stepped = match &case {
            Some(case) => step(&scene, case, given, moment),
            None => start(&scene, id, given, moment),
        };
        match stepped {
            Ok(stepped) => {
                self.keep(id, ready, given, &stepped, moment).await?;
                Ok(Ok(stepped))
            }
            Err(refusal) => Ok(Err(refusal)),
        }
    }

    async fn plan_for_start(
        &mut self,
        id: &CaseId,
        process: Option<&Name>,
        given: &Given,
    ) -> Result<Result<Arc<Ready>, Refusal>, TurnError> {
        let (Input::Start { .. }, Some(process)) = (&given.input, process) else {
            return Ok(Err(no_case(id)));
        };
        let in_force = self.tx.active(self.tenant).await?;
        match in_force.get(process) {
            Some(plan) => Ok(Ok(self.ready(plan).await?)),
            None => {
                let known = in_force
                    .keys()
                    .map(|name| format!("`{name}`"))
                    .collect::<Vec<_>>()
                    .join(", ");
                Ok(Err(Refusal {
                    message: format!("there is no process `{process}` in force"),
                    help: Some(format!("these are: {known}")),
                }))
            }
        }
    }

    /// Keeps what a step gave, and lets those wake who read what changed.
    async fn keep(
        &mut self,
        id: &CaseId,
        ready: Arc<Ready>,
        given: &Given,
        stepped: &Step,
        moment: Moment,
    ) -> Result<(), TurnError> {
        let mark = self.in_hand(id).map(|known| Mark {
            case: known.case.clone(),
            wake_at: known.wake_at,
            entries: known.entries.len(),
            keys: known.keys.clone(),
            sealed: known.sealed.len(),
        });
        self.undo.push((id.clone(), mark));
        let place = self.cases.entry(id.clone()).or_default();
        let known = place.get_or_insert_with(|| InHand {
            before: None,
            woke_at_before: None,
            case: stepped.case.clone(),
            ready,
            wake_at: None,
            entries: Vec::new(),
            keys: BTreeMap::new(),
            sealed: Vec::new(),
        });
        known.case = stepped.case.clone();
        known.entries.extend(stepped.entries.iter().cloned());
        known.sealed.extend(stepped.sealed.iter().cloned());
        if let (Some(seq), Some(key)) = (stepped.input, &given.key) {
            known.keys.insert(seq, key.clone());
        }
        self.wake_case_at(id, stepped.wake_at);
        if stepped.visible {
            self.wake_readers(id, moment.at).await?;
        }
        Ok(())
    }

    /// Sets when a case in hand wakes.
    pub(super) fn wake_case_at(&mut self, id: &CaseId, at: Option<Timestamp>) {
        let Some(Some(known)) = self.cases.get_mut(id) else {
            return;
        };
        if let Some(old) = known.wake_at {
            self.agenda.remove(&(old, id.clone()));
        }
        known.wake_at = at;
        if let Some(at) = at {
            self.agenda.insert((at, id.clone()));
        }
    }

    fn put_back(&mut self) {
        while let Some((id, mark)) = self.undo.pop() {
            match mark {
                Some(mark) => {
                    self.wake_case_at(&id, mark.wake_at);
                    if let Some(Some(known)) = self.cases.get_mut(&id) {
                        known.case = mark.case;
                        known.entries.truncate(mark.entries);
                        known.keys = mark.keys;
                        known.sealed.truncate(mark.sealed);
                    }
                }
                None => {
                    self.wake_case_at(&id, None);
                    self.cases.insert(id, None);
                }
            }
        }
    }

    /// The entry that an input with this key became, if it has been taken in.
    pub(super) async fn recorded(
        &mut self,
        id: &CaseId,
        key: Option<&str>,
    ) -> Result<Option<u64>, TurnError> {
        let Some(key) = key else {
            return Ok(None);
        };
        let here = self.in_hand(id).and_then(|known| {
            known
                .keys
                .iter()
                .find(|(_, known)| *known == key)
                .map(|(seq, _)| *seq)
        });
        if here.is_some() {
            return Ok(here);
        }
        let found = self
            .tx
            .recorded(self.tenant, &[(id.clone(), key.to_owned())])
            .await?;
        Ok(found.first().map(|recorded| recorded.seq))
    }

    async fn actor(&mut self, who: Option<Who>) -> Result<Option<Actor>, TurnError> {
        let Some(Who { role, name }) = who else {
            return Ok(None);
        };
        let person = match name {
            Some(name) => {
                let names = BTreeSet::from([name.clone()]);
                self.tx.people(self.tenant, &names).await?.remove(&name)
            }
            None => None,
        };
        Ok(Some(Actor { role, person }))
    }

    /// An id for a case that starts without one: the process and the instant, which no other case in hand has.
    fn fresh_id(&self, process: Option<&Name>) -> CaseId {
        let process = process.map_or("case", |name| name.as_str());
        let mut number = u64::try_from(self.now.as_microsecond()).unwrap_or_default();
        loop {
            let id = Name::from(format!("{process}-{}", in_letters(number)));
            if !matches!(self.cases.get(&id), Some(Some(_))) {
                return id;
            }
            number += 1;
        }
    }

    /// Writes what has been done into the transaction, without ending it.
    pub(super) async fn write(&mut self) -> Result<(), TurnError> {
        let mut changes = Vec::new();
        for known in self.cases.values_mut().flatten() {
            if known.entries.is_empty() && known.wake_at == known.woke_at_before {
                continue;
            }
            changes.push(Change {
                before: known.before.replace(known.case.clone()),
                after: CaseRow {
                    case: known.case.clone(),
                    wake_at: known.wake_at,
                },
                entries: std::mem::take(&mut known.entries),
                keys: std::mem::take(&mut known.keys),
                sealed: std::mem::take(&mut known.sealed),
            });
            known.woke_at_before = known.wake_at;
        }
        if !changes.is_empty() {
            self.tx.write(self.tenant, &changes).await?;
        }
        Ok(())
    }

    pub(super) async fn rollback(self) -> Result<(), TurnError> {
        Ok(self.tx.rollback().await?)
    }

    pub(super) async fn commit(mut self) -> Result<(), TurnError> {
        self.write().await?;
        Ok(self.tx.commit().await?)
    }
}

pub(super) fn no_case(id: &CaseId) -> Refusal {
    Refusal {
        message: format!("there is no case `{id}`"),
        help: Some(
            "`forloeb case list` shows those that there are; `forloeb case start` starts one"
                .to_owned(),
        ),
    }
}

/// A number in letters and digits that are not mistaken for each other.
fn in_letters(mut number: u64) -> String {
    const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let mut text = Vec::new();
    while number > 0 {
        text.push(
            LETTERS
                .get((number % 32) as usize)
                .copied()
                .map_or('0', char::from),
        );
        number /= 32;
    }
    text.iter().rev().collect()
}
