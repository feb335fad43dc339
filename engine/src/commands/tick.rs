//! `tick`: does all that is due, for each tenant, says what was done, and exits.

use super::{Context, Ending, Failure, report};
use crate::{
    store::Store,
    turn::{Engine, TurnError},
    words::Work,
};
use forloeb_core::name::Name;
use std::collections::BTreeMap;

pub async fn run(context: &Context) -> Result<Ending, Failure> {
    let tenants = context.whole_for_input().await?;
    let (mut works, mut failed) = (BTreeMap::new(), None);
    for engine in tenants.engines() {
        let mut work = Work::default();
        // What keeps one tenant from its work never keeps the others from theirs.
        if let Err(error) = go_through(engine, &mut work).await {
            failed.get_or_insert(of_tenant(engine.tenant(), tenants.count(), error));
        }
        works.insert(engine.tenant().clone(), work);
    }
    report::tell_each(context, &tenants, "tick", &works, None).await?;
    failed.map_or(Ok(Ending::Fine), Err)
}

async fn go_through<S: Store>(engine: &Engine<S>, work: &mut Work) -> Result<(), TurnError> {
    loop {
        let woken = engine.tick().await?;
        for (case, entries) in &woken.changed {
            work.add(case, entries);
        }
        if woken.all {
            return Ok(());
        }
    }
}

/// What went wrong, with the tenant for which it did, where there are several.
pub fn of_tenant(tenant: &Name, count: usize, error: TurnError) -> Failure {
    match (count, Failure::from(error)) {
        (2.., Failure::Environment { message, help }) => Failure::Environment {
            message: format!("tenant `{tenant}`: {message}"),
            help,
        },
        (_, failure) => failure,
    }
}
