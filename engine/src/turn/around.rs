//! What surrounds a case in a step, and who reads whom.

use super::{TurnError, batch::Batch};
use crate::store::{SealedAt, Tx};
use forloeb_core::{
    accept::{mentioned, read_by},
    case::{Case, CaseId},
    input::Input,
    judge::Around,
    plan::Plan,
    value::{SealedKey, Value},
};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// How many wakes of readers may follow from each other at one instant. Who reads whom is a few cases deep; what goes on for longer goes
/// round in a circle.
const LONGEST_ECHO: u32 = 32;

impl<T: Tx> Batch<'_, T> {
    /// Gathers the cases and confidential values that a step may look at.
    pub(super) async fn around(
        &mut self,
        plan: &Plan,
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
        self.need(ids.iter().cloned()).await?;
        let mut cases = BTreeMap::new();
        for id in ids {
            if let Some(other) = self.in_hand(&id) {
                cases.insert(id, (other.ready.plan.clone(), other.case.clone()));
            }
        }
        let sealed = match case {
            Some(case) => self.sealed_for_rules(plan, case).await?,
            None => BTreeMap::new(),
        };
        Ok(Around { cases, sealed })
    }

    /// The confidential values that rules of the plan declare to read.
    async fn sealed_for_rules(
        &mut self,
        plan: &Plan,
        case: &Case,
    ) -> Result<BTreeMap<SealedKey, Value>, TurnError> {
        let keys = forloeb_core::accept::sealed_for_rules(plan, case);
        if keys.is_empty() {
            return Ok(BTreeMap::new());
        }
        let mut values = BTreeMap::new();
        if let Some(known) = self.in_hand(&case.id) {
            let here = known.sealed.iter().filter(|(key, _)| keys.contains(key));
            values.extend(here.cloned());
        }
        let stored: Vec<SealedAt> = keys
            .into_iter()
            .filter(|key| !values.contains_key(key))
            .map(|key| SealedAt {
                case: case.id.clone(),
                key,
            })
            .collect();
        if !stored.is_empty() {
            let found = self.tx.sealed(self.tenant, &stored).await?;
            values.extend(found.into_iter().map(|(at, value)| (at.key, value)));
        }
        Ok(values)
    }

    /// Lets the cases wake at `at` whose rules or conditions read through a link to this one.
    pub(super) async fn wake_readers(
        &mut self,
        id: &CaseId,
        at: Timestamp,
    ) -> Result<(), TurnError> {
        let mut readers: BTreeSet<CaseId> = self
            .tx
            .readers(self.tenant, std::slice::from_ref(id))
            .await?
            .into_iter()
            .map(|reader| reader.case)
            .collect();
        readers.extend(self.linked_here.get(id).into_iter().flatten().cloned());
        readers.remove(id);
        self.need(readers.iter().cloned()).await?;
        for reader in readers {
            let Some(known) = self.in_hand(&reader) else {
                continue;
            };
            let plan = &known.ready.plan;
            let reads = plan.reads_through.iter().any(|link| {
                known
                    .case
                    .links
                    .get(link)
                    .is_some_and(|cases| cases.contains(id))
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
