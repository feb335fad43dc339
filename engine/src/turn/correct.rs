//! Corrections: a case is computed anew from its history, which is read whole, under the plans that it has gone by.

use super::{TurnError, batch::Batch};
use crate::{
    language::programme::Ready,
    store::{SealedAt, Store, Tx},
};
use forloeb_core::{
    accept::{sealed, sealed_for_rules_in},
    case::{Case, CaseId},
    entry::{Entry, What},
    in_effect::plans_gone_by,
    input::{Given, Moment, Refusal, Step},
    judge::Around,
    name::Name,
    plan::Plan,
    step::{Past, Scene, correct},
    value::{SealedKey, Value},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

impl<S: Store> Batch<'_, S> {
    /// Corrects a case that is in hand, and keeps the result in hand.
    pub(super) async fn correct_case(
        &mut self,
        case: Arc<Case>,
        given: &Given,
        moment: Moment,
    ) -> Result<Result<Step, Refusal>, TurnError> {
        let id = case.id.clone();
        let history = self.whole_history(&id).await?;
        let sealed = self.sealed_of(&id, sealed_keys(&history)).await?;
        let cases = self.everybody(&history).await?;
        let mut readies: BTreeMap<Name, Arc<Ready>> = BTreeMap::new();
        for plan in plans_gone_by(&history) {
            readies.insert(plan.clone(), self.ready(plan).await?);
        }
        let scenes: BTreeMap<Name, Scene<'_>> = readies
            .iter()
            .map(|(id, ready)| {
                let around = Around {
                    cases: cases.clone(),
                    sealed: for_rules(ready, &history, &sealed),
                };
                let scene = Scene {
                    plan: ready.plan.clone(),
                    around: Arc::new(around),
                    judge: &*ready.judge,
                };
                (id.clone(), scene)
            })
            .collect();
        let past = Past {
            scenes: &scenes,
            history: &history,
            sealed: &sealed,
        };
        let stepped = match correct(past, &case, given, moment) {
            Ok(stepped) => stepped,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let ready = self.ready(&stepped.case.plan).await?;
        self.keep(&id, ready, given, &stepped, moment).await?;
        // What its rules answered went by entries that do not count any more.
        if let Some(Some(known)) = self.cases.get_mut(&id) {
            known.answered.clear();
        }
        Ok(Ok(stepped))
    }

    /// The history of a case in hand, with what is not written yet.
    pub(super) async fn whole_history(&mut self, id: &CaseId) -> Result<Vec<Entry>, TurnError> {
        let tenant = self.tenant;
        let mut history = self.tx().await?.history(tenant, id).await?;
        if let Some(known) = self.in_hand(id) {
            history.extend(known.unwritten().0.iter().cloned());
        }
        Ok(history)
    }

    /// The confidential values of a case in hand under these keys; an erased one is left out.
    pub(super) async fn sealed_of(
        &mut self,
        id: &CaseId,
        keys: BTreeSet<SealedKey>,
    ) -> Result<BTreeMap<SealedKey, Value>, TurnError> {
        let mut values: BTreeMap<SealedKey, Value> = BTreeMap::new();
        if keys.is_empty() {
            return Ok(values);
        }
        let at = keys.iter().map(|key| SealedAt {
            case: id.clone(),
            key: key.clone(),
        });
        let at: Vec<SealedAt> = at.collect();
        let tenant = self.tenant;
        let found = self.tx().await?.sealed(tenant, &at).await?;
        values.extend(found.into_iter().map(|(at, value)| (at.key, value)));
        if let Some(known) = self.in_hand(id) {
            let unwritten = known.unwritten().1.iter();
            values.extend(unwritten.filter(|(key, _)| keys.contains(key)).cloned());
        }
        Ok(values)
    }

    /// Every case that this one was ever linked to or that an event of it named, as it is now.
    async fn everybody(
        &mut self,
        history: &[Entry],
    ) -> Result<BTreeMap<CaseId, (Arc<Plan>, Arc<Case>)>, TurnError> {
        let mut ids = BTreeSet::new();
        for entry in history {
            match &entry.what {
                What::Linked { to, .. } => {
                    ids.insert(to.clone());
                }
                What::Reported { with, .. } => {
                    ids.extend(with.values().filter_map(|value| match value {
                        Value::Case(id) => Some(id.clone()),
                        _ => None,
                    }));
                }
                _ => {}
            }
        }
        self.need(ids.iter().cloned()).await?;
        let known = ids.into_iter().filter_map(|id| {
            let other = self.in_hand(&id)?;
            let seen = (other.ready.plan.clone(), other.case.clone());
            Some((id, seen))
        });
        Ok(known.collect())
    }
}

/// The keys of all confidential values in a history.
fn sealed_keys(history: &[Entry]) -> BTreeSet<SealedKey> {
    let mut keys = BTreeSet::new();
    for entry in history {
        match &entry.what {
            What::FactSet { value, .. } => keys.extend(sealed(value)),
            What::Reported { with, .. } => keys.extend(with.values().filter_map(sealed)),
            _ => {}
        }
    }
    keys
}

/// Those that rules of a plan declare to read.
fn for_rules(
    ready: &Ready,
    history: &[Entry],
    sealed: &BTreeMap<SealedKey, Value>,
) -> BTreeMap<SealedKey, Value> {
    let read = sealed_for_rules_in(&ready.plan, history);
    let values = sealed.iter().filter(|(key, _)| read.contains(key));
    values
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}
