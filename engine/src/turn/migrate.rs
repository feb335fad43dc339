//! Migration: the open cases of a process go over to another plan, a page of them in one transaction, or it is only looked at what
//! that would mean. Both go the same way, but for the end: a preview is rolled back.
//!
//! Who has gone over goes by the new plan, so a migration that was broken off goes on where it stood. What takes one back is a correction
//! that declares the entry of the migration void.

use super::{Engine, PlanError, TurnError, answered::Remembering, batch::Batch, request::Who};
use crate::{
    language::programme::Ready,
    store::{Store, Tx, VersionFilter},
};
use forloeb_core::{
    accept::{sealed, sealed_for_rules},
    case::{Case, CaseId},
    entry::{Actor, Entry, What},
    in_effect::in_effect,
    input::{Given, Input, Moment, Refusal},
    name::Name,
    plan::Plan,
    step::{Known, NotMoved, Scene, migrate, past_holds},
    value::SealedKey,
};
use jiff::Timestamp;
use std::{collections::BTreeSet, sync::Arc};

/// What is to go over to another plan.
#[derive(Clone, Debug)]
pub struct Migration {
    /// The plan: for a migration one that is stored, for a preview any.
    pub to: Arc<Ready>,
    /// Who says so; none where the process does, by `adopt`.
    pub by: Option<Who>,
    /// Why.
    pub because: String,
    /// Only where no promise is touched: no stage, deadline or task.
    pub only_untouched: bool,
}

/// What is done with a page of cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carrying {
    /// It is looked at what it would mean, and nothing is changed.
    Previewed,
    /// They go over.
    Done,
    /// Those that went over to the plan go back to the one before.
    TakenBack,
    /// It is looked at what taking back would mean.
    BackPreviewed,
}

impl Carrying {
    /// Whether nothing is changed.
    #[must_use]
    pub fn is_preview(self) -> bool {
        matches!(self, Self::Previewed | Self::BackPreviewed)
    }

    /// Whether cases go back.
    #[must_use]
    pub fn is_back(self) -> bool {
        matches!(self, Self::TakenBack | Self::BackPreviewed)
    }
}

/// What a migration means for one case.
#[derive(Clone, Debug)]
pub struct Carried {
    /// The case as it stood under the plan before.
    pub before: Arc<Case>,
    /// Whether a promise is touched: a stage, a deadline, a task.
    pub touched: bool,
    /// How it stands afterwards, with what was recorded, or why it stays where it is.
    pub outcome: Result<(Arc<Case>, Vec<Entry>), NotMoved>,
}

impl<S: Store> Engine<S> {
    /// Carries a page of the open cases of a process after `after` over, in the order of their ids. Gives them, and the last one that was
    /// looked at; none when there are no more.
    ///
    /// # Errors
    /// When the database fails; then none of the page went over.
    pub async fn carry(
        &self,
        migration: &Migration,
        carrying: Carrying,
        after: Option<&CaseId>,
    ) -> Result<(Vec<Carried>, Option<CaseId>), TurnError> {
        let mut batch = match carrying {
            Carrying::Previewed | Carrying::BackPreviewed => Batch::begin(self).await?,
            Carrying::Done | Carrying::TakenBack => self.batch_with_nothing_due().await?,
        };
        let plan = &migration.to.plan;
        // One that is stored says by its own files where it says something; one that is only previewed need not be stored.
        let to = match self.ready(&plan.id).await {
            Err(TurnError::Plan(PlanError::Missing(_))) => {
                self.plans.keep(migration.to.clone());
                migration.to.clone()
            }
            stored => stored?,
        };
        let version = VersionFilter {
            process: plan.process.clone(),
            plan: plan.id.clone(),
            by_it: carrying.is_back(),
            after: after.cloned(),
            limit: self.bounds.migrated,
        };
        let tenant = &self.tenant;
        let ids = batch.tx().await?.of_version(tenant, &version).await?;
        let last = ids.last().cloned();
        let carried = match carrying {
            Carrying::TakenBack => {
                let by = batch.actor(migration.by.clone()).await?;
                batch.take_back(&ids, migration, by).await?
            }
            Carrying::BackPreviewed => batch.take_back(&ids, migration, None).await?,
            Carrying::Previewed => batch.carry(&ids, &to, migration, None).await?,
            Carrying::Done => {
                let by = batch.actor(migration.by.clone()).await?;
                batch.carry(&ids, &to, migration, by).await?
            }
        };
        match carrying {
            Carrying::Previewed | Carrying::BackPreviewed => batch.rollback().await?,
            Carrying::Done | Carrying::TakenBack => batch.commit().await?,
        }
        Ok((carried, last))
    }
}

impl<S: Store> Engine<S> {
    /// The plan to which open cases of a process went over last; none when none did that counts.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn last_migration(&self, process: &Name) -> Result<Option<Name>, TurnError> {
        let mut last: Option<(Timestamp, Name)> = None;
        let mut version = VersionFilter {
            process: process.clone(),
            plan: Name::from(""),
            by_it: false,
            after: None,
            limit: self.bounds.migrated,
        };
        let mut batch = Batch::begin(self).await?;
        loop {
            let ids = batch.tx().await?.of_version(&self.tenant, &version).await?;
            if ids.is_empty() {
                break;
            }
            for id in batch
                .tx()
                .await?
                .ever(&self.tenant, "migrated", &ids)
                .await?
            {
                let history = batch.tx().await?.history(&self.tenant, &id).await?;
                if let Some((entry, plan)) = last_move(&history)
                    && last.as_ref().is_none_or(|(at, _)| entry.at > *at)
                {
                    last = Some((entry.at, plan.clone()));
                }
            }
            version.after = ids.last().cloned();
        }
        batch.rollback().await?;
        Ok(last.map(|(_, plan)| plan))
    }

    /// Lets the open cases of a process go over to a plan by themselves that says `adopt: when_safe`, if it touches no promise of any of
    /// them. Says how many went over; none where one would be touched or stay behind.
    ///
    /// # Errors
    /// When the database fails; those that went over by then have.
    pub async fn adopt(&self, to: &Arc<Ready>) -> Result<Option<usize>, TurnError> {
        let migration = Migration {
            to: to.clone(),
            by: None,
            because: "adopt: when_safe".to_owned(),
            only_untouched: true,
        };
        let mut went = 0;
        for carrying in [Carrying::Previewed, Carrying::Done] {
            let mut after = None;
            loop {
                let (carried, last) = self.carry(&migration, carrying, after.as_ref()).await?;
                if carried
                    .iter()
                    .any(|one| one.touched || one.outcome.is_err())
                {
                    return Ok(None);
                }
                if carrying == Carrying::Done {
                    went += carried.len();
                }
                match last {
                    None => break,
                    last => after = last,
                }
            }
        }
        Ok(Some(went))
    }
}

impl<S: Store> Batch<'_, S> {
    fn moment(&self) -> Moment {
        Moment {
            at: self.now(),
            recorded: self.now(),
        }
    }

    async fn carry(
        &mut self,
        ids: &[CaseId],
        to: &Arc<Ready>,
        migration: &Migration,
        by: Option<Actor>,
    ) -> Result<Vec<Carried>, TurnError> {
        let tenant = self.tenant;
        let held = self.tx().await?.ever(tenant, "held", ids).await?;
        let corrected = match migration.only_untouched {
            true => self.tx().await?.ever(tenant, "corrected", ids).await?,
            false => BTreeSet::new(),
        };
        let all: BTreeSet<CaseId> = ids.iter().cloned().collect();
        self.need(ids.iter().cloned()).await?;
        self.fetch_around(&all).await?;
        let mut carried = Vec::with_capacity(ids.len());
        for id in ids {
            // What was taken back does not follow by itself again.
            if corrected.contains(id) && self.was_taken_back(id, &to.plan.id).await? {
                continue;
            }
            let one = self
                .carry_one(id, to, migration, &by, held.contains(id))
                .await?;
            carried.extend(one);
        }
        // All of the page went over at one instant: those who read several of them look once.
        self.drain_in_hand(self.now()).await?;
        Ok(carried)
    }

    async fn carry_one(
        &mut self,
        id: &CaseId,
        next: &Arc<Ready>,
        migration: &Migration,
        by: &Option<Actor>,
        held: bool,
    ) -> Result<Option<Carried>, TurnError> {
        let Some(known) = self.in_hand(id) else {
            return Ok(None);
        };
        let (case, old) = (known.case.clone(), known.ready.clone());
        let holds = match held {
            true => past_holds(in_effect(&self.whole_history(id).await?)),
            false => Vec::new(),
        };
        let keys = otherwise_sealed(&case, &old.plan, &next.plan);
        let sealed = self.sealed_of(id, keys).await?;
        let given = Given {
            input: Input::Migrate {
                because: migration.because.clone(),
            },
            by: by.clone(),
            on_behalf_of: None,
            key: None,
        };
        let around = self.around(&old.plan, Some(&case), &given.input).await?;
        let mut renamed = (*case).clone();
        next.plan.renamed.apply(&mut renamed);
        let mut around_next = self
            .around(&next.plan, Some(&renamed), &given.input)
            .await?;
        around_next.sealed = self
            .sealed_of(id, sealed_for_rules(&next.plan, &renamed))
            .await?;
        let judges = [&old, next].map(|ready| Remembering::new(&*ready.judge, Default::default()));
        let [old_judge, next_judge] = &judges;
        let scene = Scene {
            plan: old.plan.clone(),
            around: Arc::new(around),
            judge: old_judge,
        };
        let next_scene = Scene {
            plan: next.plan.clone(),
            around: Arc::new(around_next),
            judge: next_judge,
        };
        let moment = self.moment();
        let known = Known {
            holds: &holds,
            sealed: &sealed,
        };
        let carried = match migrate(&scene, &next_scene, &case, known, &given, moment) {
            Ok(moved) => {
                let touched = moved.touches(&old.plan, &next.plan);
                if !(touched && migration.only_untouched) {
                    self.undo = Default::default();
                    self.keep(id, next.clone(), &given, &moved.step, moment)
                        .await?;
                }
                Carried {
                    touched,
                    before: moved.before,
                    outcome: Ok((moved.step.case, moved.step.entries)),
                }
            }
            Err(why) => Carried {
                touched: false,
                before: case,
                outcome: Err(why),
            },
        };
        Ok(Some(carried))
    }

    /// Whether a case had gone over to a plan, and that was taken back.
    async fn was_taken_back(&mut self, id: &CaseId, plan: &Name) -> Result<bool, TurnError> {
        let history = self.whole_history(id).await?;
        let to_it =
            |entry: &Entry| matches!(&entry.what, What::Migrated { plan: to, .. } if to == plan);
        Ok(history.iter().any(to_it))
    }

    /// Declares the entries void by which cases went over to a plan.
    async fn take_back(
        &mut self,
        ids: &[CaseId],
        migration: &Migration,
        by: Option<Actor>,
    ) -> Result<Vec<Carried>, TurnError> {
        let moment = self.moment();
        self.need(ids.iter().cloned()).await?;
        let mut carried = Vec::new();
        for id in ids {
            let Some(before) = self.in_hand(id).map(|known| known.case.clone()) else {
                continue;
            };
            let history = self.whole_history(id).await?;
            // One that began under the plan has nothing to go back to.
            let Some(entry) = moved_by(&history, &migration.to.plan.id) else {
                continue;
            };
            let given = Given {
                input: Input::Correct {
                    entry,
                    because: migration.because.clone(),
                },
                by: by.clone(),
                on_behalf_of: None,
                key: None,
            };
            self.undo = Default::default();
            let refused = |refusal: Refusal| Carried {
                touched: false,
                before: before.clone(),
                outcome: Err(NotMoved::Refused(refusal)),
            };
            let stepped = match self.step_case(id, None, &given, moment).await? {
                Ok(stepped) => stepped,
                Err(refusal) => {
                    carried.push(refused(refusal));
                    continue;
                }
            };
            if let Err(refusal) = self.tell(id, &stepped, moment).await? {
                self.put_back().await?;
                carried.push(refused(refusal));
                continue;
            }
            carried.push(Carried {
                touched: true,
                before,
                outcome: Ok((stepped.case, stepped.entries)),
            });
            self.drain_in_hand(self.now()).await?;
        }
        Ok(carried)
    }
}

/// The keys of the confidential values of facts that are of another kind in another plan.
fn otherwise_sealed(case: &Case, old: &Plan, new: &Plan) -> BTreeSet<SealedKey> {
    let facts = case.facts.iter().filter(|(name, _)| {
        let now = new.renamed.facts.get(*name).unwrap_or(name);
        let kind = |plan: &Plan, name: &Name| plan.facts.get(name).map(|fact| fact.kind.clone());
        kind(old, name) != kind(new, now)
    });
    facts
        .filter_map(|(_, known)| sealed(&known.value))
        .collect()
}

/// The entry by which a case went over to a plan that it goes by.
fn moved_by(history: &[Entry], plan: &Name) -> Option<u64> {
    let (entry, to) = last_move(history)?;
    (to == plan).then_some(entry.seq)
}

/// The last entry that counts by which a case went over to another plan, and that plan.
fn last_move(history: &[Entry]) -> Option<(&Entry, &Name)> {
    let counts = in_effect(history).into_iter().rev();
    let mut moves = counts.filter_map(|entry| match &entry.what {
        What::Migrated { plan, .. } => Some((entry, plan)),
        _ => None,
    });
    moves.next()
}
