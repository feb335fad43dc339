//! Loading: the cases that a batch will step, each whole, and those that they look at, without what has happened to them unless a rule asks
//! for it. What is asked for together comes together, and what was in hand lately or has been read ahead is not asked for again.

use super::{TurnError, batch::Batch, hand::InHand, kept::weight, request::Request};
use crate::{
    language::programme::Ready,
    store::{CaseRow, Store, Tx},
};
use forloeb_core::{
    accept::{mentioned, read_by},
    case::CaseId,
    name::Name,
    plan::Plan,
};
use std::{collections::BTreeSet, sync::Arc};

impl<S: Store> Batch<'_, S> {
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
            if self.in_hand(&row.case.id).is_some() {
                self.fill(row);
            } else {
                let ready = self.ready(&row.case.plan).await?;
                self.take_in_hand(row.case.id.clone(), InHand::loaded(row, ready));
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
            if self.cases.contains_key(&row.case.id) {
                self.fill(row);
            // Whoever needs one whose plan cannot be made ready fails by it; the others do not.
            } else if let Ok(ready) = self.ready(&row.case.plan).await {
                self.kept.take(&row.case.id);
                self.take_in_hand(row.case.id.clone(), InHand::loaded(row, ready));
            }
        }
    }

    /// Adds what has happened to it to a case that came without.
    fn fill(&mut self, row: CaseRow) {
        if let Some(Some(known)) = self.cases.get_mut(&row.case.id)
            && known.thin
        {
            let weighed = weight(known);
            known.fill(row.case);
            let more = weight(known) - weighed;
            self.weighs_more(more);
        }
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
}
