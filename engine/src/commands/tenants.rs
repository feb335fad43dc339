//! Which tenants a command means: the one that a command about cases speaks of, and all those that a command for the whole database goes
//! through.

use super::{Context, Failure, context::TENANT, filters, settings::Origin};
use crate::{
    store::{Store, sqlite::SqliteStore},
    turn::Tenants,
};
use forloeb_core::{
    accept::{listed, nearest},
    name::Name,
};
use std::collections::BTreeSet;

impl Context {
    /// The tenants that are declared: those of `forloeb.toml`, or the one of a database that nobody has divided.
    #[must_use]
    pub fn declared(&self) -> Vec<Name> {
        match self.config.tenants.is_empty() {
            true => vec![Name::from(TENANT)],
            false => self.config.tenants.keys().cloned().collect(),
        }
    }

    /// The declared tenants that a command about files goes through: the one that was asked for, or all.
    ///
    /// # Errors
    /// When the one that was asked for is not declared.
    pub fn declared_and_asked(&self) -> Result<Vec<Name>, Failure> {
        let declared = self.declared();
        let Some(asked) = self.asked_tenant() else {
            return Ok(declared);
        };
        match declared.contains(&asked.value) {
            true => Ok(vec![asked.value]),
            false => Err(no_tenant(
                &asked.value,
                &asked.origin,
                &declared.into_iter().collect(),
            )),
        }
    }

    /// The tenant that is meant where a command speaks of cases.
    ///
    /// # Errors
    /// When nobody says which, or there is none of that name.
    pub async fn tenant_in<S: Store>(&self, store: &S) -> Result<Name, Failure> {
        let Some(tenant) = self.settled_tenant() else {
            return Err(Failure::usage(
                "there are several tenants, and nobody says which one is meant",
                format!(
                    "give one with --tenant: {}; or write `tenant = \"…\"` at the top of forloeb.toml for the one that is usually meant",
                    listed(&self.declared())
                ),
            ));
        };
        if self.tenant.is_none() {
            self.need_tenant(&tenant.value, &tenant.origin, store)
                .await?;
        }
        Ok(tenant.value)
    }

    /// Refuses a tenant that is neither declared nor in the database.
    async fn need_tenant<S: Store>(
        &self,
        tenant: &Name,
        origin: &Origin,
        store: &S,
    ) -> Result<(), Failure> {
        let mut known: BTreeSet<Name> = self.declared().into_iter().collect();
        if known.contains(tenant) {
            return Ok(());
        }
        known.extend(store.tenants().await?);
        if known.contains(tenant) {
            return Ok(());
        }
        Err(no_tenant(tenant, origin, &known))
    }

    /// The tenants that a command for the whole database goes through: the one that was asked for by flag or environment, else those that
    /// are declared and those that are only in the database and have something that wakes, so that no promise is lost when a tenant is
    /// taken out of `forloeb.toml`. Those are told by `stray`.
    ///
    /// # Errors
    /// When there is no tenant of the name that was asked for, or the database fails.
    pub async fn all_in(
        &self,
        store: &SqliteStore,
        mut stray: impl FnMut(&Name),
    ) -> Result<Tenants<SqliteStore>, Failure> {
        let mut tenants = Tenants::over(store.clone());
        if let Some(asked) = self.asked_tenant() {
            self.need_tenant(&asked.value, &asked.origin, store).await?;
            tenants.add(&asked.value);
            return Ok(tenants);
        }
        for tenant in self.declared() {
            tenants.add(&tenant);
        }
        for tenant in store.tenants().await? {
            if tenants.get(&tenant).is_none() && store.next_wake(&tenant).await?.is_some() {
                stray(&tenant);
                tenants.add(&tenant);
            }
        }
        Ok(tenants)
    }

    /// Opens the database for a command that goes through all of it, and that somebody waits for.
    ///
    /// # Errors
    /// When it cannot be opened, there is no such tenant, or nobody reads in the role that was given.
    pub async fn whole(&self) -> Result<Tenants<SqliteStore>, Failure> {
        let store = self.store().await?;
        let tenants = self
            .all_in(&store, |stray| {
                eprintln!("warning: {}", stray_words(stray));
                eprintln!("  help: {STRAY_HELP}");
            })
            .await?;
        if let Some(who) = self.reader()? {
            filters::need_role_in_any(&tenants, &who.role).await?;
        }
        Ok(tenants)
    }

    /// The same, and what is good and new in the programme's folder is in force then.
    ///
    /// # Errors
    /// When the database or the folder cannot be read.
    pub async fn whole_for_input(&self) -> Result<Tenants<SqliteStore>, Failure> {
        let tenants = self.whole().await?;
        self.put_in_force_for_input(tenants.engines()).await?;
        Ok(tenants)
    }
}

fn no_tenant(tenant: &Name, origin: &Origin, known: &BTreeSet<Name>) -> Failure {
    let help = match nearest(tenant, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.len() == 1 => format!("there is only {}", listed(known)),
        None => format!("there are {}", listed(known)),
    };
    Failure::usage(format!("there is no tenant `{tenant}` ({origin})"), help)
}

/// What is told of a tenant that only the database has.
pub fn stray_words(tenant: &Name) -> String {
    format!(
        "the tenant `{tenant}` is not in forloeb.toml, and has cases in the database: its promises are kept, with the programme that it has"
    )
}

/// What to do about it.
pub const STRAY_HELP: &str =
    "declare it again in forloeb.toml, so that new versions of the programme reach it";
