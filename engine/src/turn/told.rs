//! What a case tells others: stepped at the same instant, in the same transaction, all of it or none.

use super::{TurnError, batch::Batch, take_in::no_case};
use crate::store::Store;
use forloeb_core::{
    case::CaseId,
    entry::Entry,
    input::{Given, Input, Moment, Refusal, Step, Told},
    name::Name,
    plan::Plan,
    versions::Renamed,
};
use std::collections::VecDeque;

/// How many cases one input may reach. A crowd; beyond it something tells itself in a circle.
const MOST_TOLD: usize = 10_000;

impl<S: Store> Batch<'_, S> {
    /// Tells on what a step tells, and what those steps tell, in order.
    pub(super) async fn tell(
        &mut self,
        id: &CaseId,
        first: &Step,
        moment: Moment,
    ) -> Result<Result<Vec<(CaseId, Vec<Entry>)>, Refusal>, TurnError> {
        let mut told = Vec::new();
        let mut queue: VecDeque<(CaseId, Told)> = first
            .tells
            .iter()
            .map(|next| (id.clone(), next.clone()))
            .collect();
        while let Some((teller, next)) = queue.pop_front() {
            if told.len() >= MOST_TOLD {
                return Ok(Err(Refusal {
                    message: format!("this would be told to more than {MOST_TOLD} cases"),
                    help: Some("look for processes that tell each other in a circle".to_owned()),
                }));
            }
            let Told { to, given } = next;
            self.need([to.clone()]).await?;
            // The key names an entry of this batch: no history has it yet.
            let key = given.key.as_deref();
            if key.is_some_and(|key| self.recorded_here(&to, key).is_some()) {
                continue;
            }
            let Some(known) = self.in_hand(&to) else {
                return Ok(Err(no_case(&to)));
            };
            if known.case.ended.is_some() && matches!(given.input, Input::Report { .. }) {
                self.note_not_told(&teller, &to, given, moment).await?;
                continue;
            }
            let given = self.in_words_of(&to, given).await?;
            match self.step_case(&to, None, &given, moment).await? {
                Ok(step) => {
                    queue.extend(step.tells.into_iter().map(|next| (to.clone(), next)));
                    told.push((to, step.entries));
                }
                Err(refusal) => {
                    return Ok(Err(Refusal {
                        message: format!("`{to}` cannot be told: {}", refusal.message),
                        help: refusal.help,
                    }));
                }
            }
        }
        Ok(Ok(told))
    }

    /// What a case is told, in the names of the version that it goes by: the teller knows those of another one while not all cases have gone
    /// over.
    async fn in_words_of(&mut self, to: &CaseId, mut given: Given) -> Result<Given, TurnError> {
        let Some(ready) = self.in_hand(to).map(|known| known.ready.clone()) else {
            return Ok(given);
        };
        let plan = &ready.plan;
        let (name, events) = match &mut given.input {
            Input::Report { event, .. } => (event, true),
            Input::Link { link, .. } | Input::Unlink { link, .. } => (link, false),
            _ => return Ok(given),
        };
        let knows = |plan: &Plan, name: &Name| match events {
            true => plan.events.contains_key(name),
            false => plan.links.contains_key(name),
        };
        let names = |renamed: Renamed| match events {
            true => renamed.events,
            false => renamed.links,
        };
        if knows(plan, name) {
            return Ok(given);
        }
        if let Some(new) = names(plan.renamed.clone()).get(name) {
            *name = new.clone();
            return Ok(given);
        }
        // The teller may know a newer version, which says what its names were.
        if let Some(newest) = self.in_force().await?.get(&plan.process).cloned() {
            let back = names(self.ready(&newest).await?.plan.renamed.back());
            if let Some(old) = back.get(name).filter(|old| knows(plan, old)) {
                *name = old.clone();
            }
        }
        Ok(given)
    }

    /// Records at the teller that a closed case was not told.
    async fn note_not_told(
        &mut self,
        teller: &CaseId,
        to: &CaseId,
        given: Given,
        moment: Moment,
    ) -> Result<(), TurnError> {
        let Input::Report {
            event,
            from: Some(from),
            ..
        } = given.input
        else {
            return Ok(());
        };
        let why = "it has ended".to_owned();
        let note = Given::by_itself(Input::NotTold {
            event,
            to: to.clone(),
            cause: from.seq,
            why,
        });
        // A note is never refused.
        let _noted = self.step_case(teller, None, &note, moment).await?;
        Ok(())
    }
}
