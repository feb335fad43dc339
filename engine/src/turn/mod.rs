//! The engine's one loop: gather inputs, load the cases, step each, write all in one transaction, answer.
//!
//! Every caller goes through here: the commands, `apply`, and the daemon. It decides nothing about a case (the core does), and what it
//! keeps between two transactions is a copy of the database that holds while nobody else writes (`kept`).

mod ahead;
mod answered;
mod around;
mod batch;
mod bounds;
mod correct;
mod drain;
mod hand;
mod ids;
mod kept;
mod load;
mod migrate;
mod pen;
mod plans;
mod queue;
mod request;
mod take_in;
mod tenants;
mod told;

pub use bounds::Bounds;
pub use drain::Woken;
pub use migrate::{Carried, Carrying, Migration};
pub use plans::{PlanError, Plans};
pub use request::{Accepted, Request, Who, Why};
pub use tenants::Tenants;

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
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

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
    bounds: Bounds,
    /// How many inputs fit into a transaction, as those of the last one were.
    fits: Arc<AtomicUsize>,
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
            bounds: Bounds::default(),
            fits: Arc::new(AtomicUsize::new(Bounds::default().inputs[0])),
        }
    }

    /// The same engine within other bounds.
    #[must_use]
    pub fn within(mut self, bounds: Bounds) -> Self {
        self.fits = Arc::new(AtomicUsize::new(bounds.inputs[0]));
        self.bounds = bounds;
        self
    }

    /// How many inputs fit into one transaction, as those of the last one were: fewer when their cases are heavy.
    #[must_use]
    pub fn fits(&self) -> usize {
        self.fits.load(Ordering::Relaxed)
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

    /// Takes inputs in, all in one transaction, each accepted or refused by itself. What is due by now is gone through before them.
    /// Callers that come at the same time share a transaction. Many at once are handed in as many as `fits` tells.
    ///
    /// # Errors
    /// When the database fails; then nothing was taken in, or after an error at the commit it is unknown: send them again with their keys.
    pub async fn submit(
        &self,
        requests: Vec<Request>,
    ) -> Result<Vec<Result<Accepted, Refusal>>, TurnError> {
        self.wait_in_queue(requests).await
    }

    /// Takes in the requests of one transaction.
    async fn take_in(
        &self,
        requests: Vec<Request>,
    ) -> Result<Vec<Result<Accepted, Refusal>>, TurnError> {
        let mut batch = self.batch_with_nothing_due().await?;
        let now = batch.now();
        let moment = Moment {
            at: now,
            recorded: now,
        };
        let weighed = batch.weight();
        batch.fetch(&requests).await?;
        let mut answers = Vec::with_capacity(requests.len());
        for (taken, request) in (1..).zip(requests) {
            answers.push(batch.take_in(request, moment).await?);
            // Those who read what has just changed see it before the next input.
            batch.drain_in_hand(now).await?;
            if u64::is_multiple_of(taken, self.bounds.write_every) {
                batch.write().await;
            }
        }
        let each = (batch.weight() - weighed) / (answers.len() as u64).max(1);
        let [most, fewest] = self.bounds.inputs;
        let fits = usize::try_from(self.bounds.heavy / each.max(1)).unwrap_or(most);
        self.fits.store(fits.clamp(fewest, most), Ordering::Relaxed);
        // What is refused leaves no trace, not even the name of who asked. What was due stays due.
        if answers.iter().all(Result::is_err) {
            batch.rollback().await?;
        } else {
            batch.commit().await?;
        }
        Ok(answers)
    }

    /// A transaction in which all that is due by now has been gone through.
    async fn batch_with_nothing_due(&self) -> Result<Batch<'_, S>, TurnError> {
        loop {
            let mut batch = Batch::begin(self).await?;
            let now = batch.now();
            if batch.drain(now).await?.all {
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
        let woken = batch.drain(now).await?;
        batch.commit().await?;
        Ok(woken)
    }

    /// Moves a virtual clock on to `to`, going through what falls due on the way at its own instant; one transaction of it. The clock
    /// follows, so that a kill on the way leaves a database that is right for the instant at which it stands.
    ///
    /// # Errors
    /// When the database fails or its clock is not virtual.
    pub async fn advance(&self, to: Timestamp) -> Result<Woken, TurnError> {
        self.advance_beside(&[], to).await
    }

    /// The same beside other tenants: the clock goes no further than to where the first of them has something due, which only this very
    /// transaction knows for sure.
    async fn advance_beside(&self, others: &[Name], to: Timestamp) -> Result<Woken, TurnError> {
        let mut batch = Batch::begin(self).await?;
        let mut until = to;
        for other in others {
            let wake = batch.tx().await?.next_wake(other).await?;
            until = wake.map_or(until, |wake| until.min(wake));
        }
        let mut woken = batch.drain_timely(until).await?;
        let reached = if woken.all {
            until
        } else {
            woken.through.unwrap_or(until)
        };
        // Where another tenant comes next, this one may have more behind it.
        woken.all &= until == to;
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
