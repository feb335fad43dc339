//! The daemon's rounds: each looks whether something has been written, and wakes what is due, one transaction for each tenant, so that
//! one with much to do never keeps the others waiting, and one that cannot be gone through never stops them.
//!
//! They keep nothing that must survive: what they know of the database is only when to look again.

use super::{Context, Failure, tenants::STRAY_HELP, tenants::stray_words};
use crate::{
    store::{Clock, Store, StoreError, sqlite::SqliteStore},
    turn::{Tenants, TurnError, Woken, instant},
};
use forloeb_core::name::Name;
use jiff::Timestamp;
use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

/// How long a tenant that could not be gone through is left before it is tried again.
const LEFT_FOR: Duration = Duration::from_secs(30);

/// What the daemon saw when it looked last.
struct Looked {
    /// The store's number of changes before it looked.
    changes: i64,
    clock: Clock,
    wakes: BTreeMap<Name, Timestamp>,
}

/// All tenants that the daemon serves, and what it saw of them.
pub struct Rounds {
    pub context: Context,
    pub tenants: Tenants<SqliteStore>,
    looked: Option<Looked>,
    /// Tenants that could not be gone through, and until when they are left.
    left: BTreeMap<Name, Instant>,
    /// Tenants of which it was told that they are only in the database.
    strays: BTreeSet<Name>,
}

impl Rounds {
    pub async fn begin(context: &Context) -> Result<Self, Failure> {
        let store = context.store().await?;
        Ok(Self {
            context: context.clone(),
            tenants: context.all_in(&store, |_| {}).await?,
            looked: None,
            left: BTreeMap::new(),
            strays: BTreeSet::new(),
        })
    }

    /// Goes by what `forloeb.toml` says now.
    pub fn follow(&mut self, context: Context) {
        self.context = context;
        self.looked = None;
    }

    /// Looks which tenants there are. An engine that is at hand stays, with its plans: a tenant that is taken out of the file has cases
    /// that go on.
    pub async fn gather(&mut self) -> Result<(), StoreError> {
        if self.context.asked_tenant().is_some() {
            return Ok(());
        }
        let declared = self.context.declared();
        for tenant in &declared {
            self.tenants.add(tenant);
        }
        let store = self.tenants.store().clone();
        for tenant in store.tenants().await? {
            if declared.contains(&tenant) || store.next_wake(&tenant).await?.is_none() {
                continue;
            }
            self.tenants.add(&tenant);
            if self.strays.insert(tenant.clone()) {
                tracing::warn!(target: "forloeb::daemon", %tenant, help = STRAY_HELP, "{}", stray_words(&tenant));
            }
        }
        Ok(())
    }

    /// Looks whether something has been written, and wakes what is due. Says how long nothing is due by itself; none for ever.
    pub async fn turn(&mut self) -> Result<Option<Duration>, TurnError> {
        let changes = self.tenants.store().changes().await?;
        let known = self.looked.take().filter(|known| known.changes == changes);
        let known = match known {
            Some(known) => known,
            None => {
                self.gather().await?;
                Looked {
                    changes,
                    clock: self.tenants.store().clock().await?,
                    wakes: self.tenants.wakes().await?,
                }
            }
        };
        // A real clock is read each time, so that one that is set forward or back is followed.
        let now = instant(known.clock);
        self.left.retain(|_, until| *until > Instant::now());
        let waits = known
            .wakes
            .iter()
            .filter(|(tenant, _)| !self.left.contains_key(*tenant));
        let (due, later): (Vec<_>, Vec<_>) = waits.partition(|(_, wake)| **wake <= now);
        if due.is_empty() {
            let next = later
                .into_iter()
                .map(|(_, wake)| wake.duration_since(now))
                .min();
            self.looked = Some(known);
            return Ok(next.map(|wait| wait.unsigned_abs()));
        }
        let due: Vec<Name> = due.into_iter().map(|(tenant, _)| tenant.clone()).collect();
        for tenant in due {
            self.tick(&tenant).await?;
        }
        Ok(Some(Duration::ZERO))
    }

    /// Wakes what is due for one tenant, one transaction of it.
    async fn tick(&mut self, tenant: &Name) -> Result<(), TurnError> {
        let Some(engine) = self.tenants.get(tenant) else {
            return Ok(());
        };
        match engine.tick().await {
            Ok(woken) => tell(tenant, &woken),
            // What is wrong with the surroundings is wrong for all of them.
            Err(error @ TurnError::Store(StoreError::Environment(_))) => return Err(error),
            Err(error) if self.tenants.count() == 1 => return Err(error),
            Err(error) => {
                tracing::error!(
                    target: "forloeb::daemon",
                    %tenant,
                    %error,
                    help = "`forloeb doctor` says what is wrong; the other tenants go on, and this one is tried again",
                    "a tenant cannot be gone through"
                );
                self.left.insert(tenant.clone(), Instant::now() + LEFT_FOR);
            }
        }
        Ok(())
    }
}

fn tell(tenant: &Name, woken: &Woken) {
    let entries: usize = woken.changed.iter().map(|(_, entries)| entries.len()).sum();
    tracing::info!(
        target: "forloeb::daemon",
        %tenant,
        woken = woken.count,
        changed = woken.changed.len(),
        entries,
        more = !woken.all,
        "woke what was due"
    );
}
