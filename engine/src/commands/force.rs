//! Putting a programme in force, tenant by tenant: what is good and new in the folder is for new cases from then on, and what has errors
//! never replaces what was good.

use super::{
    Context, Failure,
    context::{TENANT, read, shown},
};
use crate::{
    config::{Config, Folder},
    diagnostic::{Diagnostic, Source, in_order},
    language::{
        folder::together,
        programme::{Loaded, Ready, load_with},
    },
    store::Store,
    turn::{Engine, TurnError},
};
use forloeb_core::{name::Name, time::Calendar, versions::Adopt};
use indexmap::IndexMap;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// A programme as one tenant has it.
#[derive(Debug)]
pub struct OfTenant {
    /// The plans that are to be in force for it.
    pub plans: Vec<Arc<Ready>>,
    /// Everything that was found.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether all that the tenant has is good.
    pub good: bool,
    /// The calendars that have no errors.
    pub calendars: IndexMap<Name, Calendar>,
}

/// A process that is in force.
#[derive(Clone, Debug)]
pub struct InForce {
    /// The process.
    pub process: Name,
    /// The plan that was in force before.
    pub before: Option<Name>,
    /// The plan that is in force now.
    pub now: Name,
    /// What the open cases did that go by an earlier one.
    pub followed: Followed,
}

/// What open cases do when another version of their process comes into force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Followed {
    /// They stay with theirs until somebody migrates them.
    Stayed,
    /// So many went over by themselves: the process says `adopt: when_safe`, and it was.
    Went(usize),
    /// The process says so, and they stay all the same: a stage, deadline or task of one of them would be touched.
    NotSafe,
}

/// Which processes are asked whether their open cases follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Following {
    /// Those that have just come into force.
    New,
    /// All of them: what was broken off goes on.
    All,
}

impl InForce {
    /// Whether anything changed.
    pub fn is_new(&self) -> bool {
        self.before.as_ref() != Some(&self.now)
    }
}

/// The files of a folder, compiled once for all tenants that have the same overlays.
pub struct Compiled {
    sources: Vec<Arc<Source>>,
    folder: Folder,
    known: BTreeSet<Name>,
    /// By overlays.
    loaded: BTreeMap<Vec<Name>, Loaded>,
}

impl Compiled {
    /// Of these files; the states of plans that are `known` are not explored again.
    pub fn of(sources: Vec<Arc<Source>>, known: BTreeSet<Name>) -> Self {
        Self {
            folder: Folder::of(&sources),
            sources,
            known,
            loaded: BTreeMap::new(),
        }
    }

    /// As it is with these overlays.
    pub fn with(&mut self, overlays: Vec<Name>) -> &Loaded {
        let (sources, known) = (&self.sources, &self.known);
        self.loaded.entry(overlays).or_insert_with_key(|overlays| {
            load_with(sources, overlays, |plan| known.contains(plan))
        })
    }

    /// As a tenant has it; none when it is not declared.
    pub fn of_tenant(&mut self, config: &Config, tenant: &Name) -> Option<OfTenant> {
        let declared = config.tenants.get(tenant);
        if declared.is_none() && !(config.tenants.is_empty() && *tenant == *TENANT) {
            return None;
        }
        let mut diagnostics = declared.map_or_else(Vec::new, |tenant| tenant.misfits(&self.folder));
        let fits = diagnostics.is_empty();
        let loaded =
            self.with(declared.map_or_else(Vec::new, |tenant| tenant.overlays_in(&self.folder)));
        let processes = declared.and_then(|tenant| tenant.processes.as_ref());
        let wanted = processes.map(|list| {
            let named: Vec<Name> = list.value.iter().map(|name| name.value.clone()).collect();
            together(&loaded.plans, &named)
        });
        // Where a tenant names its processes, an error in another file of the folder is none of its.
        let good = match &wanted {
            Some(wanted) => wanted
                .iter()
                .all(|process| loaded.plans.contains_key(process)),
            None => !loaded.has_errors(),
        };
        let plans = loaded.plans.iter().filter(|(process, _)| {
            wanted
                .as_ref()
                .is_none_or(|wanted| wanted.contains(*process))
        });
        let plans = plans.map(|(_, ready)| Arc::new(ready.clone())).collect();
        diagnostics.extend(loaded.diagnostics.iter().cloned());
        in_order(&mut diagnostics);
        Some(OfTenant {
            plans,
            diagnostics,
            good: fits && good,
            calendars: loaded.calendars.clone(),
        })
    }
}

/// Puts a good programme in force, and says of each process what was before.
///
/// # Errors
/// When the database fails.
pub async fn activate<S: Store>(
    engine: &Engine<S>,
    plans: &[Arc<Ready>],
    following: Following,
) -> Result<Vec<InForce>, TurnError> {
    let before = engine.in_force().await?;
    engine.activate(plans).await?;
    let mut in_force = Vec::with_capacity(plans.len());
    for ready in plans {
        let mut one = InForce {
            process: ready.plan.process.clone(),
            before: before.get(&ready.plan.process).cloned(),
            now: ready.plan.id.clone(),
            followed: Followed::Stayed,
        };
        let asked = following == Following::All || (one.is_new() && one.before.is_some());
        if asked && ready.plan.adopt == Adopt::WhenSafe {
            one.followed = match engine.adopt(ready).await? {
                Some(0) => Followed::Stayed,
                Some(went) => Followed::Went(went),
                None => Followed::NotSafe,
            };
        }
        in_force.push(one);
    }
    Ok(in_force)
}

/// The plans that are in force for these tenants: they need not be explored again.
///
/// # Errors
/// When the database fails.
pub async fn known<S: Store>(
    engines: impl Iterator<Item = &Engine<S>>,
) -> Result<BTreeSet<Name>, TurnError> {
    let mut known = BTreeSet::new();
    for engine in engines {
        known.extend(engine.in_force().await?.into_values());
    }
    Ok(known)
}

impl Context {
    /// The programme's folder, to be compiled as each of these tenants has it; none where there is no folder.
    ///
    /// # Errors
    /// When the database or the folder cannot be read.
    pub async fn compiled<S: Store>(
        &self,
        engines: impl Iterator<Item = &Engine<S>>,
    ) -> Result<Option<Compiled>, Failure> {
        if !self.common.programme.join("processes").is_dir() {
            return Ok(None);
        }
        let sources = read(&self.common.programme)?;
        Ok(Some(Compiled::of(sources, known(engines).await?)))
    }

    /// The programme's folder as the tenant of an engine has it; none where there is no folder, or nobody says what the tenant has.
    ///
    /// # Errors
    /// When the database or the folder cannot be read.
    pub async fn programme_of<S: Store>(
        &self,
        engine: &Engine<S>,
    ) -> Result<Option<OfTenant>, Failure> {
        let compiled = self.compiled(std::iter::once(engine)).await?;
        Ok(compiled.and_then(|mut own| own.of_tenant(&self.config, engine.tenant())))
    }

    /// Puts the programme's folder in force for a command that somebody waits for: errors are told on standard error.
    ///
    /// # Errors
    /// When the database or the folder cannot be read.
    pub async fn put_in_force_for_input<S: Store>(
        &self,
        engines: impl Iterator<Item = &Engine<S>> + Clone,
    ) -> Result<(), Failure> {
        let Some(mut compiled) = self.compiled(engines.clone()).await? else {
            return Ok(());
        };
        for engine in engines {
            match compiled.of_tenant(&self.config, engine.tenant()) {
                Some(programme) if programme.good => {
                    activate(engine, &programme.plans, Following::New).await?;
                }
                Some(programme) => self.warn_of_errors(engine.tenant(), programme.errors()),
                None => {}
            }
        }
        Ok(())
    }

    fn warn_of_errors(&self, tenant: &Name, errors: usize) {
        let errors = match errors {
            1 => "an error".to_owned(),
            many => format!("{many} errors"),
        };
        let whose = match self.config.tenants.len() {
            0 | 1 => String::new(),
            _ => format!(" for `{tenant}`"),
        };
        eprintln!(
            "warning: the programme in `{}` has {errors}{whose}, so what was in force before stays in force",
            shown(&self.common.programme)
        );
        eprintln!("  help: `forloeb check` shows what is wrong with it");
    }
}

impl OfTenant {
    /// How many errors it has.
    pub fn errors(&self) -> usize {
        self.diagnostics
            .iter()
            .filter(|found| found.is_error())
            .count()
    }
}
