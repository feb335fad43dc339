//! Names by which lists are narrowed and pages are read: a name that nothing goes by is a slip, and an empty list would hide it.

use super::Failure;
use crate::{
    language::programme::Ready,
    store::Store,
    turn::{Engine, Tenants},
};
use forloeb_core::{
    accept::{listed, nearest},
    name::Name,
};
use std::{collections::BTreeSet, sync::Arc};

/// The plans in force.
async fn in_force<S: Store>(engine: &Engine<S>) -> Result<Vec<Arc<Ready>>, Failure> {
    let mut plans = Vec::new();
    for plan in engine.store().active(engine.tenant()).await?.values() {
        plans.push(engine.ready(plan).await?);
    }
    Ok(plans)
}

fn need(what: &str, name: &str, known: &BTreeSet<Name>) -> Result<(), Failure> {
    if known.contains(name) {
        return Ok(());
    }
    let help = match nearest(name, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() => "no process is in force; `forloeb check` tells what is wrong with the programme's folder".to_owned(),
        None => format!("there are {}", listed(known)),
    };
    Err(Failure::usage(format!("there is no {what} `{name}`"), help))
}

/// Refuses a role that no process in force has.
///
/// # Errors
/// When there is none, or the database fails.
pub async fn need_role<S: Store>(engine: &Engine<S>, role: &str) -> Result<(), Failure> {
    let plans = in_force(engine).await?;
    let roles = plans
        .iter()
        .flat_map(|ready| ready.plan.roles.keys().cloned());
    need("role", role, &roles.collect())
}

/// Refuses a role that no process in force has, for whichever of these tenants.
///
/// # Errors
/// When there is none, or the database fails.
pub async fn need_role_in_any<S: Store>(tenants: &Tenants<S>, role: &str) -> Result<(), Failure> {
    let mut roles = BTreeSet::new();
    for engine in tenants.engines() {
        for ready in in_force(engine).await? {
            roles.extend(ready.plan.roles.keys().cloned());
        }
    }
    need("role", role, &roles)
}

/// Refuses a process that is not in force.
///
/// # Errors
/// When it is not, or the database fails.
pub async fn need_process<S: Store>(engine: &Engine<S>, process: &str) -> Result<(), Failure> {
    let processes = engine.store().active(engine.tenant()).await?;
    need("process", process, &processes.into_keys().collect())
}

/// Refuses a stage that no process in force has, or not the one that is asked about.
///
/// # Errors
/// When there is none, or the database fails.
pub async fn need_stage<S: Store>(
    engine: &Engine<S>,
    stage: &str,
    process: Option<&str>,
) -> Result<(), Failure> {
    let plans = in_force(engine).await?;
    let asked = plans
        .iter()
        .filter(|ready| process.is_none_or(|process| ready.plan.process == *process));
    let stages = asked.flat_map(|ready| ready.plan.tracks.values());
    let stages = stages.flat_map(|track| track.stages.keys().cloned());
    need("stage", stage, &stages.collect())
}
