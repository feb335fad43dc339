//! The engines of several tenants over one store. Their cases know nothing of each other; what they share is the database and its
//! clock, which moves on only when all of them have been gone through up to there.

use super::{Engine, TurnError, Woken};
use crate::store::{Store, StoreError};
use forloeb_core::name::Name;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// The engines of several tenants, by name. A clone shares their plans.
#[derive(Clone, Debug)]
pub struct Tenants<S: Store> {
    store: S,
    engines: BTreeMap<Name, Engine<S>>,
}

impl<S: Store> Tenants<S> {
    /// None yet, over a store.
    #[must_use]
    pub fn over(store: S) -> Self {
        Self {
            store,
            engines: BTreeMap::new(),
        }
    }

    /// An engine that is at hand, and every other tenant of its database.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn around(engine: &Engine<S>) -> Result<Self, StoreError> {
        let mut tenants = Self::over(engine.store().clone());
        tenants
            .engines
            .insert(engine.tenant().clone(), engine.clone());
        tenants.add_stored().await?;
        Ok(tenants)
    }

    /// The store behind them.
    #[must_use]
    pub fn store(&self) -> &S {
        &self.store
    }

    /// Adds a tenant, unless it is there.
    pub fn add(&mut self, tenant: &Name) {
        if !self.engines.contains_key(tenant) {
            let engine = Engine::new(self.store.clone(), tenant.clone());
            self.engines.insert(tenant.clone(), engine);
        }
    }

    /// Adds every tenant that the database knows.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add_stored(&mut self) -> Result<(), StoreError> {
        for tenant in self.store.tenants().await? {
            self.add(&tenant);
        }
        Ok(())
    }

    /// The engine of a tenant.
    #[must_use]
    pub fn get(&self, tenant: &str) -> Option<&Engine<S>> {
        self.engines.get(tenant)
    }

    /// Their engines, in the order of their names.
    pub fn engines(&self) -> impl Iterator<Item = &Engine<S>> + Clone {
        self.engines.values()
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.engines.len()
    }

    /// The earliest instant at which a case of each tenant wakes; a tenant of which none does is left out.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn wakes(&self) -> Result<BTreeMap<Name, Timestamp>, StoreError> {
        let mut wakes = BTreeMap::new();
        for (tenant, engine) in &self.engines {
            if let Some(wake) = engine.next_wake().await? {
                wakes.insert(tenant.clone(), wake);
            }
        }
        Ok(wakes)
    }

    /// The tenant whose turn it is: the one of which a case wakes first, or any when none does; none when there are no tenants.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn first(&self) -> Result<Option<Name>, StoreError> {
        let wakes = self.wakes().await?;
        let earliest = wakes.into_iter().min_by_key(|(_, wake)| *wake);
        let first = earliest.map(|(tenant, _)| tenant);
        Ok(first.or_else(|| self.engines.keys().next().cloned()))
    }

    /// Moves a virtual clock on towards `to`, going through what falls due on the way for the tenant whose turn it is, and no further than to
    /// where another one comes; one transaction of it. All is gone through once it says so: until then, ask whose turn it is.
    ///
    /// # Errors
    /// When the database fails, its clock is not virtual, or the tenant's cases cannot be gone through: the clock stays before them.
    pub async fn advance(&self, first: &Name, to: Timestamp) -> Result<Woken, TurnError> {
        let others = self.engines.keys().filter(|tenant| *tenant != first);
        let others: Vec<Name> = others.cloned().collect();
        match self.get(first) {
            Some(engine) => engine.advance_beside(&others, to).await,
            None => Ok(Woken::default()),
        }
    }
}
