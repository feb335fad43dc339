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
    accept::{listed, nearest},
    case::{Case, CaseId},
    entry::{Actor, Entry},
    input::{Given, Input, Moment, Refusal, Step},
    name::Name,
    step::{Scene, start, step},
    value::{SealedKey, Value},
};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
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
    /// Who links to a case since this batch: the database does not know it yet.
    pub(super) linked_here: BTreeMap<CaseId, BTreeSet<CaseId>>,
    /// The cases in hand that wake because one that they read has changed: at which instant, and how many such wakes led to it.
    pub(super) echoes: BTreeMap<CaseId, (Timestamp, u32)>,
    /// How many wakes of readers led to the step in hand.
    pub(super) echo: u32,
    /// How often a case in hand woke at one instant: one that wakes itself for ever is stopped.
    pub(super) woken_at: BTreeMap<CaseId, (Timestamp, u32)>,
    /// The people whose ids have been looked up.
    people: BTreeMap<String, Name>,
    /// The number from which ids for cases without one are tried.
    fresh_from: Option<u64>,
    /// What to put back if the request in hand is refused.
    undo: Undo,
}

/// What to put back if a request is refused.
#[derive(Default)]
struct Undo {
    cases: Vec<(CaseId, Option<Mark>)>,
    /// Those who got an id for it.
    people: Vec<String>,
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
            linked_here: BTreeMap::new(),
            echoes: BTreeMap::new(),
            echo: 0,
            woken_at: BTreeMap::new(),
            people: BTreeMap::new(),
            fresh_from: None,
            undo: Undo::default(),
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
        self.undo = Undo::default();
        let answer = self.try_to_take_in(request, moment).await?;
        if !matches!(&answer, Ok(accepted) if accepted.why == Why::New) {
            self.put_back().await?;
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
        let id = match request.case {
            Some(id) => id,
            None => {
                self.fresh_id(request.process.as_ref(), given.key.as_deref())
                    .await?
            }
        };
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
                let help = match nearest(process, in_force.keys()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None if in_force.is_empty() => {
                        "none is in force yet; `forloeb check` tells what is wrong with the programme's folder".to_owned()
                    }
                    None => format!("these are: {}", listed(in_force.keys())),
                };
                Ok(Err(Refusal {
                    message: format!("there is no process `{process}` in force"),
                    help: Some(help),
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
        self.mark(id);
        self.note_links(id, &stepped.case);
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
        // It has seen by now what it would have woken for.
        self.echoes.remove(id);
        if stepped.visible {
            self.wake_readers(id, moment.at).await?;
        }
        Ok(())
    }

    /// Notes what a case links to and did not before.
    fn note_links(&mut self, id: &CaseId, after: &Case) {
        let before = self.in_hand(id).map(|known| known.case.clone());
        for (link, to) in &after.links {
            let known = before.as_ref().and_then(|case| case.links.get(link));
            if known == Some(to) {
                continue;
            }
            let known: BTreeSet<&CaseId> = known.into_iter().flatten().collect();
            for other in to.iter().filter(|other| !known.contains(other)) {
                let readers = self.linked_here.entry(other.clone()).or_default();
                readers.insert(id.clone());
            }
        }
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

    /// Notes how a case stands, in case the request in hand is refused.
    pub(super) fn mark(&mut self, id: &CaseId) {
        let mark = self.in_hand(id).map(|known| Mark {
            case: known.case.clone(),
            wake_at: known.wake_at,
            entries: known.entries.len(),
            sealed: known.sealed.len(),
        });
        self.undo.cases.push((id.clone(), mark));
    }

    /// Leaves no trace of the request in hand, not even the name of who asked.
    async fn put_back(&mut self) -> Result<(), TurnError> {
        let Undo { mut cases, people } = std::mem::take(&mut self.undo);
        while let Some((id, mark)) = cases.pop() {
            self.echoes.remove(&id);
            match mark {
                Some(mark) => {
                    self.wake_case_at(&id, mark.wake_at);
                    if let Some(Some(known)) = self.cases.get_mut(&id) {
                        known.keys.split_off(&(mark.case.seq + 1));
                        known.case = mark.case;
                        known.entries.truncate(mark.entries);
                        known.sealed.truncate(mark.sealed);
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
            .filter_map(|name| self.people.remove(name))
            .collect();
        if !unknown.is_empty() {
            self.tx.forget_people(self.tenant, &unknown).await?;
        }
        Ok(())
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
            Some(name) => Some(self.person(name).await?),
            None => None,
        };
        Ok(Some(Actor { role, person }))
    }

    async fn person(&mut self, name: String) -> Result<Name, TurnError> {
        if let Some(known) = self.people.get(&name) {
            return Ok(known.clone());
        }
        let (id, new) = self.tx.person(self.tenant, &name).await?;
        if new {
            self.undo.people.push(name.clone());
        }
        self.people.insert(name, id.clone());
        Ok(id)
    }

    /// An id for a case that starts without one. With a key it follows from the key, so that the same start given twice is found; else
    /// from the instant, counted on to the first that no case has.
    async fn fresh_id(
        &mut self,
        process: Option<&Name>,
        key: Option<&str>,
    ) -> Result<CaseId, TurnError> {
        let process = process.map_or("case", |name| name.as_str());
        let id = |number: u64| Name::from(format!("{process}-{}", in_letters(number)));
        if let Some(key) = key {
            let hash = Sha256::digest(format!("{process}\n{key}"));
            let number = hash.iter().take(8).fold(0_u64, |number, byte| {
                number.wrapping_shl(8) | u64::from(*byte)
            });
            return Ok(id(number));
        }
        let from = match self.fresh_from {
            Some(from) => from,
            None => {
                let from = u64::try_from(self.now.as_microsecond()).unwrap_or_default();
                self.first_free(from, &id).await?
            }
        };
        // What is free in the database may have been given away here.
        let mut number = from;
        while self.taken(&id(number)).await? {
            number += 1;
        }
        self.fresh_from = Some(number + 1);
        Ok(id(number))
    }

    /// The first number that is free, where those before it are taken without a gap: a virtual clock that stands still gives many cases
    /// the same instant. It is searched for in steps that double and then halve.
    async fn first_free(&mut self, from: u64, id: &impl Fn(u64) -> Name) -> Result<u64, TurnError> {
        let mut step = 1;
        while self.taken(&id(from + step - 1)).await? {
            step *= 2;
        }
        let (mut taken, mut free) = (from + step / 2 - u64::from(step > 1), from + step - 1);
        if step == 1 {
            return Ok(free);
        }
        while taken + 1 < free {
            let middle = taken + (free - taken) / 2;
            if self.taken(&id(middle)).await? {
                taken = middle;
            } else {
                free = middle;
            }
        }
        Ok(free)
    }

    async fn taken(&mut self, id: &CaseId) -> Result<bool, TurnError> {
        self.need([id.clone()]).await?;
        Ok(self.in_hand(id).is_some())
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
