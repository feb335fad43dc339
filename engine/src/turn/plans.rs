//! Plans ready to run, compiled once from their stored sources.

use crate::{
    diagnostic::{Severity, Source},
    language::programme::{self, Ready},
    store::PlanSources,
};
use forloeb_core::name::Name;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

/// Why a stored plan cannot run.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// It is not stored.
    #[error("the plan `{0}` is not in the database")]
    Missing(Name),
    /// This program cannot read it any more.
    #[error("the stored plan `{plan}` of `{process}` cannot be made ready: {why}")]
    Unreadable {
        /// The plan.
        plan: Name,
        /// Its process.
        process: Name,
        /// The first error.
        why: String,
    },
}

/// The plans that have been made ready, by id. A plan never changes, so nothing here grows stale.
#[derive(Debug, Default)]
pub struct Plans(Mutex<BTreeMap<Name, Arc<Ready>>>);

impl Plans {
    /// A plan that has been made ready.
    #[must_use]
    pub fn known(&self, id: &Name) -> Option<Arc<Ready>> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(id)
            .cloned()
    }

    /// Keeps a plan that is ready.
    pub fn keep(&self, ready: Arc<Ready>) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(ready.plan.id.clone(), ready);
    }

    /// Compiles a stored plan and keeps it.
    ///
    /// # Errors
    /// When there is none, or it cannot be compiled.
    pub fn make_ready(
        &self,
        id: &Name,
        stored: Option<PlanSources>,
    ) -> Result<Arc<Ready>, PlanError> {
        let stored = stored.ok_or_else(|| PlanError::Missing(id.clone()))?;
        let sources: Vec<_> = stored
            .sources
            .into_iter()
            .map(|(path, text)| Arc::new(Source { path, text }))
            .collect();
        let overlays = programme::overlays_among(&sources);
        let mut loaded = programme::load_with(&sources, &overlays, |_| true);
        let unreadable = |why: String| PlanError::Unreadable {
            plan: id.clone(),
            process: stored.process.clone(),
            why,
        };
        if let Some(mut ready) = loaded.plans.shift_remove(&stored.process) {
            // What it was stored as is what its cases are pinned to, whatever a later compiler would name it.
            Arc::make_mut(&mut ready.plan).id = id.clone();
            let ready = Arc::new(ready);
            self.keep(ready.clone());
            return Ok(ready);
        }
        let error = loaded
            .diagnostics
            .iter()
            .find(|found| found.severity == Severity::Error);
        Err(unreadable(error.map_or_else(
            || "it holds no process of that name".to_owned(),
            |error| format!("{}: {}", error.span.ground(), error.message),
        )))
    }
}
