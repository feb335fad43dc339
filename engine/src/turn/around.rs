//! What surrounds a case in a step, and who reads whom.

use super::{TurnError, batch::Batch, hand::Readers};
use crate::store::{SealedAt, Store, Tx};
use forloeb_core::{
    accept::{mentioned, read_by},
    case::{Case, CaseId},
    entry::Entry,
    input::Input,
    judge::Around,
    name::Name,
    plan::Plan,
    step::seen_from_outside,
};
use jiff::Timestamp;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// How many wakes of readers may follow from each other at one instant. Who reads whom is a few cases deep; what goes on for longer goes
/// round in a circle.
const LONGEST_ECHO: u32 = 32;

impl<S: Store> Batch<'_, S> {
    /// Gathers the cases and confidential values that a step may look at.
    pub(super) async fn around(
        &mut self,
        plan: &Arc<Plan>,
        case: Option<&Case>,
        input: &Input,
    ) -> Result<Around, TurnError> {
        let mut ids = mentioned(plan, input);
        if let Some(case) = case {
            ids.extend(read_by(plan, case));
            // What the input links is read from the moment that it is linked.
            if !plan.reads_through.is_empty()
                && matches!(input, Input::Report { .. } | Input::Link { .. })
            {
                ids.extend(case.links.values().flatten().cloned());
            }
        }
        let looks = [(plan.clone(), ids)];
        self.need_to_look_at(&looks).await?;
        let [(_, ids)] = looks;
        let mut cases = BTreeMap::new();
        for id in ids {
            if let Some(other) = self.in_hand(&id) {
                cases.insert(id, (other.ready.plan.clone(), other.case.clone()));
            }
        }
        let mut sealed = BTreeMap::new();
        if let Some(case) = case {
            self.look_up_sealed([&case.id]).await?;
            if let Some(Some(known)) = self.cases.get_mut(&case.id) {
                sealed = known.opened().cloned().unwrap_or_default();
            }
        }
        Ok(Around { cases, sealed })
    }

    /// Looks up the confidential values that the rules of cases in hand read.
    pub(super) async fn look_up_sealed<'i>(
        &mut self,
        ids: impl IntoIterator<Item = &'i CaseId>,
    ) -> Result<(), TurnError> {
        let mut keys: Vec<SealedAt> = Vec::new();
        for id in ids {
            let Some(Some(known)) = self.cases.get_mut(id) else {
                continue;
            };
            let missing = known.opened().err().unwrap_or_default();
            keys.extend(missing.into_iter().map(|key| SealedAt {
                case: id.clone(),
                key,
            }));
        }
        if keys.is_empty() {
            return Ok(());
        }
        let tenant = self.tenant;
        let mut found = self.tx().await?.sealed(tenant, &keys).await?;
        for at in keys {
            let value = found.remove(&at);
            if let Some(Some(known)) = self.cases.get_mut(&at.case) {
                known.open(at.key, value);
            }
        }
        Ok(())
    }

    /// Looks up who links to cases in hand.
    pub(super) async fn look_up_readers(&mut self, ids: Vec<CaseId>) -> Result<(), TurnError> {
        if ids.is_empty() {
            return Ok(());
        }
        let tenant = self.tenant;
        let found = self.tx().await?.readers(tenant, &ids).await?;
        for id in &ids {
            if let Some(Some(known)) = self.cases.get_mut(id) {
                known.readers = Some(Readers::new());
            }
        }
        for reader in found {
            if let Some(Some(known)) = self.cases.get_mut(&reader.target) {
                known.linked((&reader.plan, &reader.link), &reader.case);
            }
        }
        Ok(())
    }

    /// The cases that may read through a link what entries of this one change.
    async fn readers(
        &mut self,
        id: &CaseId,
        entries: &[Entry],
    ) -> Result<BTreeSet<CaseId>, TurnError> {
        // Most of what a rule could see of another case, it could see only here: nobody needs to be asked for the rest.
        if !entries.iter().any(|entry| seen_from_outside(&entry.what)) {
            return Ok(BTreeSet::new());
        }
        if self
            .in_hand(id)
            .is_some_and(|known| known.readers.is_none())
        {
            self.look_up_readers(vec![id.clone()]).await?;
        }
        for (plan, link, by) in self.linked_here.get(id).into_iter().flatten() {
            if let Some(Some(known)) = self.cases.get_mut(id) {
                known.linked((plan, link), by);
            }
        }
        let by_plan = self.in_hand(id).and_then(|known| known.readers.as_ref());
        let plans: BTreeSet<Name> = by_plan
            .into_iter()
            .flat_map(BTreeMap::keys)
            .map(|(plan, _)| plan.clone())
            .collect();
        let mut those = BTreeSet::new();
        for plan in plans {
            let ready = self.ready(&plan).await?;
            let Some(known) = self.in_hand(id) else { break };
            let read = ready.plan.reads_of.get(&known.case.process);
            let sees = |entry: &Entry| read.is_some_and(|read| read.sees(&entry.what));
            if !entries.iter().any(sees) {
                continue;
            }
            let by_link = known.readers.iter().flatten();
            let reading = by_link
                .filter(|((of, link), _)| *of == plan && ready.plan.reads_through.contains(link));
            those.extend(reading.flat_map(|(_, cases)| cases).cloned());
        }
        those.remove(id);
        Ok(those)
    }

    /// Lets the cases wake at `at` whose rules or conditions read through a link what entries of this one change.
    pub(super) async fn wake_readers(
        &mut self,
        id: &CaseId,
        entries: &[Entry],
        at: Timestamp,
    ) -> Result<(), TurnError> {
        let readers = self.readers(id, entries).await?;
        self.need(readers.iter().cloned()).await?;
        for reader in readers {
            let Some(known) = self.in_hand(&reader) else {
                continue;
            };
            let reads = known.ready.plan.reads_through.iter().any(|link| {
                let linked = known.case.links.get(link);
                linked.is_some_and(|cases| cases.contains(id))
            });
            let sleeps_longer = known.wake_at.is_none_or(|wake| wake > at);
            if !reads || known.case.ended.is_some() {
                continue;
            }
            if self.echo >= LONGEST_ECHO {
                tracing::error!(case = %reader, by = %id, %at, "cases that read each other wake each other in a circle; it sleeps until it is due by itself");
                continue;
            }
            self.mark(&reader);
            let echo = self.echoes.entry(reader.clone()).or_insert((at, 0));
            *echo = (*echo).max((at, self.echo + 1));
            if sleeps_longer {
                self.wake_case_at(&reader, Some(at));
            }
        }
        Ok(())
    }
}
