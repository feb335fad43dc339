//! The engine's one loop: gather inputs, load the cases, step each, write all in one transaction, answer.
//!
//! Every caller goes through here: the commands, `apply`, and the daemon. It decides nothing about a case (the core does), and what it
//! keeps between two transactions is a copy of the database that holds while nobody else writes (`kept`).

mod ahead;
mod answered;
mod around;
mod batch;
mod drain;
mod hand;
mod ids;
mod kept;
mod pen;
mod plans;
mod queue;
mod request;
mod take_in;
mod told;

pub use drain::Woken;
pub use plans::{PlanError, Plans};
pub use request::{Accepted, Request, Who, Why};

use crate::{
    language::programme::Ready,
    store::{Clock, PlanSources, Store, StoreError, Tx},
};
use batch::{Batch, lock};
use forloeb_core::{
    input::{Moment, Refusal},
    name::Name,
};
use jiff::Timestamp;
use kept::Kept;
use queue::Queue;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

/// How many due cases one transaction wakes: enough to share its commit, few enough that others get their turn.
pub const MOST_WAKES: u32 = 2_000;

/// After how many wakes or inputs of a transaction their changes are written while the next ones are stepped.
const WRITE_EVERY: usize = 250;

/// For how many inputs of a transaction what they need is fetched at once, before it is known how much that is.
const FETCHED_FIRST: usize = 250;

/// What goes wrong around the engine; what is wrong with an input is a `Refusal`.
#[derive(Debug, thiserror::Error)]
pub enum TurnError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A stored plan cannot be made ready.
    #[error(transparent)]
    Plan(#[from] PlanError),
}

/// The engine of one tenant over a store. A clone shares its plans.
#[derive(Clone, Debug)]
pub struct Engine<S: Store> {
    store: S,
    tenant: Name,
    plans: Arc<Plans>,
    kept: Arc<Mutex<Kept>>,
    queue: Arc<Queue>,
}

impl<S: Store> Engine<S> {
    /// An engine for a tenant.
    #[must_use]
    pub fn new(store: S, tenant: Name) -> Self {
        Self {
            store,
            tenant,
            plans: Arc::default(),
            kept: Arc::default(),
            queue: Arc::default(),
        }
    }

    /// The store behind it.
    #[must_use]
    pub fn store(&self) -> &S {
        &self.store
    }

    /// Its tenant.
    #[must_use]
    pub fn tenant(&self) -> &Name {
        &self.tenant
    }

    /// The plan of this id, ready to run.
    ///
    /// # Errors
    /// When it is not stored or cannot be made ready, or the database fails.
    pub async fn ready(&self, plan: &Name) -> Result<Arc<Ready>, TurnError> {
        if let Some(ready) = self.plans.known(plan) {
            return Ok(ready);
        }
        let sources = self.store.plan(&self.tenant, plan).await?;
        Ok(self.plans.make_ready(plan, sources)?)
    }

    /// The instant that it is for this database.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn now(&self) -> Result<Timestamp, StoreError> {
        Ok(instant(self.store.clock().await?))
    }

    /// The plan in force of each process.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn in_force(&self) -> Result<BTreeMap<Name, Name>, StoreError> {
        self.store.active(&self.tenant).await
    }

    /// Stores checked plans and puts them in force for new cases. Says which of them are new.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn activate(&self, plans: &[Arc<Ready>]) -> Result<Vec<Name>, TurnError> {
        let in_force = self.in_force().await?;
        let newer: Vec<&Arc<Ready>> = plans
            .iter()
            .filter(|ready| in_force.get(&ready.plan.process) != Some(&ready.plan.id))
            .collect();
        let mut names = Vec::new();
        if !newer.is_empty() {
            let mut tx = self.store.begin().await?;
            let now = instant(tx.as_of().await?.clock);
            for ready in newer {
                tx.put_plan(&self.tenant, &stored(ready)).await?;
                tx.activate(&self.tenant, &ready.plan.process, &ready.plan.id, now)
                    .await?;
                names.push(ready.plan.process.clone());
            }
            tx.commit().await?;
            lock(&self.kept).in_force = None;
        }
        for ready in plans {
            // One that was stored before with other comments keeps the places that the grounds of entries point to.
            if self.store.plan(&self.tenant, &ready.plan.id).await? == Some(stored(ready)) {
                self.plans.keep(ready.clone());
            }
        }
        Ok(names)
    }

    /// Takes inputs in, each accepted or refused by itself. What is due by now is gone through before them. They share a transaction,
    /// also with those of callers who come at the same time, unless their cases take too much memory together.
    ///
    /// # Errors
    /// When the database fails; then it is unknown how many of them, from the first on, were taken in: send them again with their keys.
    pub async fn submit(
        &self,
        requests: Vec<Request>,
    ) -> Result<Vec<Result<Accepted, Refusal>>, TurnError> {
        self.wait_in_queue(requests).await
    }

    /// Takes requests in, in one transaction unless their cases take too much memory together.
    async fn take_in(
        &self,
        requests: Vec<Request>,
    ) -> Result<Vec<Result<Accepted, Refusal>>, TurnError> {
        let mut answers = Vec::with_capacity(requests.len());
        let mut left = requests.into_iter().peekable();
        while left.peek().is_some() {
            let mut batch = self.batch_with_nothing_due().await?;
            let first = answers.len();
            // What a request weighs is known once some have been fetched.
            let mut at_once = FETCHED_FIRST;
            loop {
                let page: Vec<Request> = left.by_ref().take(at_once).collect();
                self.take_in_page(&mut batch, page, &mut answers).await?;
                if left.peek().is_none() || batch.is_heavy() {
                    break;
                }
                at_once = batch.room_for(answers.len() - first).max(FETCHED_FIRST);
            }
            // What is refused leaves no trace, not even the name of who asked. What was due stays due.
            let new = answers.get(first..).unwrap_or_default();
            if new.iter().all(Result::is_err) {
                batch.rollback().await?;
            } else {
                batch.commit().await?;
            }
        }
        Ok(answers)
    }

    /// Takes in some requests of a transaction, for which all that they need is fetched at once.
    async fn take_in_page(
        &self,
        batch: &mut Batch<'_, S>,
        page: Vec<Request>,
        answers: &mut Vec<Result<Accepted, Refusal>>,
    ) -> Result<(), TurnError> {
        let now = batch.now();
        let moment = Moment {
            at: now,
            recorded: now,
        };
        batch.fetch(&page).await?;
        for request in page {
            answers.push(batch.take_in(request, moment).await?);
            // Those who read what has just changed see it before the next input.
            batch.drain_in_hand(now).await?;
            if answers.len().is_multiple_of(WRITE_EVERY) {
                batch.write().await?;
            }
        }
        Ok(())
    }

    /// A transaction in which all that is due by now has been gone through.
    async fn batch_with_nothing_due(&self) -> Result<Batch<'_, S>, TurnError> {
        loop {
            let mut batch = Batch::begin(self).await?;
            let now = batch.now();
            if batch.drain(now, MOST_WAKES).await?.all {
                return Ok(batch);
            }
            batch.commit().await?;
        }
    }

    /// Goes through what is due by now, one transaction of it. Tells what was done, and whether more is due.
    ///
    /// # Errors
    /// When the database fails; what is due stays due then.
    pub async fn tick(&self) -> Result<Woken, TurnError> {
        let mut batch = Batch::begin(self).await?;
        let now = batch.now();
        let woken = batch.drain(now, MOST_WAKES).await?;
        batch.commit().await?;
        Ok(woken)
    }

    /// Moves a virtual clock on to `to`, going through what falls due on the way at its own instant; one transaction of it. The clock
    /// follows, so that a kill on the way leaves a database that is right for the instant at which it stands.
    ///
    /// # Errors
    /// When the database fails or its clock is not virtual.
    pub async fn advance(&self, to: Timestamp) -> Result<Woken, TurnError> {
        let mut batch = Batch::begin(self).await?;
        let woken = batch.drain_timely(to, MOST_WAKES).await?;
        let reached = if woken.all {
            to
        } else {
            woken.through.unwrap_or(to)
        };
        // Another process may have moved it further in the meantime: then there is nothing to move.
        let stands = reached.max(batch.now());
        batch.set_clock(stands).await?;
        batch.commit().await?;
        Ok(woken)
    }

    /// The earliest instant at which a case wakes.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn next_wake(&self) -> Result<Option<Timestamp>, StoreError> {
        self.store.next_wake(&self.tenant).await
    }
}

/// A plan as it is stored.
fn stored(ready: &Ready) -> PlanSources {
    let sources = ready.sources.iter();
    PlanSources {
        id: ready.plan.id.clone(),
        process: ready.plan.process.clone(),
        sources: sources
            .map(|source| (source.path.clone(), source.text.clone()))
            .collect(),
    }
}

/// The instant on a clock. The only place where the engine reads the machine's.
#[must_use]
pub fn instant(clock: Clock) -> Timestamp {
    match clock {
        Clock::Real => forloeb_core::time::whole_microseconds(Timestamp::now()),
        Clock::Virtual(now) => now,
    }
}
