//! Handing one input in, and telling what it did.

use super::{
    Context, Ending, Failure,
    lookup::{Lookup, Names},
};
use crate::{
    language::programme::Ready,
    store::Store,
    turn::{Accepted, Request, Why},
    words::{CASES_TOLD, Reader, Worked, done},
};
use forloeb_core::{case::CaseId, entry::Entry};
use std::{collections::BTreeMap, sync::Arc};

/// Hands one input in and tells what it did; a refusal is told and exits with 1.
pub async fn submit(context: &Context, request: Request) -> Result<Ending, Failure> {
    let engine = match request.input {
        forloeb_core::input::Input::Start { .. } => context.engine_in_force().await?,
        _ => context.engine().await?,
    };
    let mut answers = engine.submit(vec![request]).await?;
    let accepted = match answers.pop() {
        Some(answer) => answer.map_err(Failure::Refused)?,
        None => return Ok(Ending::Fine),
    };
    let lookup = Lookup::over(context, engine).await?;
    tell(&lookup, &accepted).await?;
    Ok(Ending::Fine)
}

async fn tell(lookup: &Lookup<'_>, accepted: &Accepted) -> Result<(), Failure> {
    if let Why::Repeated(seq) = accepted.why {
        eprintln!(
            "this had been taken in before, as entry {seq} of {}; nothing has changed",
            accepted.case
        );
    }
    let mut found = vec![lookup.case(&accepted.case).await?];
    let mut entries = vec![accepted.entries.clone()];
    for (id, told) in &accepted.told {
        match found.iter().position(|known| known.case.id == *id) {
            Some(place) => entries
                .get_mut(place)
                .into_iter()
                .for_each(|known| known.extend(told.iter().cloned())),
            None => {
                found.push(lookup.case(id).await?);
                entries.push(told.clone());
            }
        }
    }
    let mut names = Names::default();
    for one in &found {
        let more = lookup.names_for(one).await?;
        names.cases.extend(more.cases);
        names.people.extend(more.people);
        names.sources.extend(more.sources);
    }
    let Some(first) = found.first() else {
        return Ok(());
    };
    let reader = lookup.reader(&names, &first.ready.plan);
    let worked: Vec<Worked<'_>> = found
        .iter()
        .zip(&entries)
        .map(|(found, entries)| Worked {
            subject: found.subject(),
            entries,
        })
        .collect();
    let page = done(&reader, &worked, None, None);
    lookup.context.print_either(&page, || page.print(&reader))
}

/// A reader for a page over many cases: it reads times in the zone of their plan, or of any plan in force.
pub async fn reader_of_any<'n>(
    lookup: &Lookup<'_>,
    names: &'n Names,
    ready: Option<&Arc<Ready>>,
) -> Result<Reader<'n>, Failure> {
    if let Some(ready) = ready {
        return Ok(lookup.reader(names, &ready.plan));
    }
    let in_force = lookup.engine.store().active(lookup.engine.tenant()).await?;
    match in_force.values().next() {
        Some(plan) => Ok(lookup.reader(names, &lookup.engine.ready(plan).await?.plan)),
        None => Err(Failure::environment(
            "no process is in force in this database",
            "`forloeb tick` or `forloeb case start` puts the programme's folder in force; `forloeb check` checks it",
        )),
    }
}

/// A reader for what was done to cases.
pub async fn tell_work(
    lookup: &Lookup<'_>,
    changed: &[(CaseId, Vec<Entry>)],
    clock: Option<crate::words::ClockMoved>,
) -> Result<(), Failure> {
    // Each case once, with all that happened to it; only as many with their histories as a page tells of.
    let mut places: BTreeMap<&CaseId, usize> = BTreeMap::new();
    let mut cases: Vec<(CaseId, Vec<Entry>)> = Vec::new();
    for (id, entries) in changed {
        let place = *places.entry(id).or_insert(cases.len());
        match cases.get_mut(place) {
            Some((_, known)) => known.extend(entries.iter().cloned()),
            None => cases.push((id.clone(), entries.clone())),
        }
    }
    let (told, counted) = cases.split_at(cases.len().min(CASES_TOLD));
    let mut found = Vec::with_capacity(cases.len());
    let mut names = Names::default();
    for (id, _) in told {
        let one = lookup.case(id).await?;
        let more = lookup.names_for(&one).await?;
        names.cases.extend(more.cases);
        names.people.extend(more.people);
        names.sources.extend(more.sources);
        found.push(one);
    }
    let counted: Vec<CaseId> = counted.iter().map(|(id, _)| id.clone()).collect();
    found.extend(lookup.without_histories(&counted).await?);
    let worked: Vec<Worked<'_>> = found
        .iter()
        .zip(&cases)
        .map(|(found, (_, entries))| Worked {
            subject: found.subject(),
            entries,
        })
        .collect();
    let reader = reader_of_any(lookup, &names, found.first().map(|found| &found.ready)).await?;
    let page = done(&reader, &worked, clock, lookup.engine.next_wake().await?);
    lookup.context.print_either(&page, || page.print(&reader))
}
