//! Handing one input in, and telling what it did.

use super::{
    Context, Ending, Failure,
    lookup::{Found, Lookup, Names, no_case},
};
use crate::{
    language::programme::Ready,
    store::{Store, sqlite::SqliteStore},
    turn::{Accepted, Engine, Request, Tenants, Why},
    words::{ClockMoved, Done, Label, Page, Reader, Subject, Work, done, json},
};
use forloeb_core::{case::CaseId, input::Input, name::Name};
use jiff::Timestamp;
use std::{collections::BTreeMap, sync::Arc};

/// Hands one input in and tells what it did; a refusal is told and exits with 1.
pub async fn submit(context: &Context, why: &str, request: Request) -> Result<Ending, Failure> {
    let engine = match request.input {
        Input::Start { .. } => context.engine_for_input().await?,
        _ => context.engine().await?,
    };
    let begins = matches!(request.input, Input::Start { .. });
    let Some(accepted) = taken_in(&engine, request).await? else {
        return Ok(Ending::Fine);
    };
    let mut work = Work::default();
    work.add(&accepted.case, &accepted.entries);
    for (id, entries) in &accepted.told {
        work.add(id, entries);
    }
    let lookup = Lookup::over(context, engine).await?;
    // Who has just handed a case in reads nothing of it that was there before.
    let begun = begins.then_some(&accepted.case);
    let page = page(&lookup, why, &work, begun, None, None).await?;
    context.print_either(&page.done, || match page.done.cases {
        0 => page.words(context, Label::NothingChanged),
        _ => page.print(context),
    })?;
    Ok(Ending::Fine)
}

/// Hands one input in; says so when it had been taken in before.
///
/// # Errors
/// When it is refused.
pub async fn taken_in(
    engine: &Engine<SqliteStore>,
    request: Request,
) -> Result<Option<Accepted>, Failure> {
    let existing = match request.input {
        Input::Start { .. } => None,
        _ => request.case.clone(),
    };
    let mut answers = engine.submit(vec![request]).await?;
    let accepted = match (answers.pop(), &existing) {
        (Some(Ok(accepted)), _) => accepted,
        (Some(Err(refusal)), Some(id)) => {
            // Which case was meant is looked up only when there is none of that id.
            let rows = engine
                .store()
                .load(engine.tenant(), std::slice::from_ref(id))
                .await?;
            return Err(Failure::Refused(match rows.is_empty() {
                true => no_case(engine, id).await?,
                false => refusal,
            }));
        }
        (Some(Err(refusal)), None) => return Err(Failure::Refused(refusal)),
        (None, _) => return Ok(None),
    };
    if let Why::Repeated(seq) = accepted.why {
        eprintln!(
            "this had been taken in before, as entry {seq} of `{}`",
            accepted.case
        );
    }
    Ok(Some(accepted))
}

/// Tells what was done to cases, and what comes next.
pub async fn tell_work(
    lookup: &Lookup<'_>,
    why: &str,
    work: &Work,
    clock: Option<ClockMoved>,
) -> Result<(), Failure> {
    let next = lookup.engine.next_wake().await?;
    let page = page(lookup, why, work, None, clock, next).await?;
    lookup
        .context
        .print_either(&page.done, || page.print(lookup.context))
}

/// Tells what was done to the cases of each tenant. Of a tenant that has no process in force there is nothing to tell.
pub async fn tell_each(
    context: &Context,
    tenants: &Tenants<SqliteStore>,
    why: &str,
    works: &BTreeMap<Name, Work>,
    clock: Option<ClockMoved>,
) -> Result<(), Failure> {
    let nothing = Work::default();
    let (mut text, mut data) = (String::new(), serde_json::Map::new());
    for engine in tenants.engines() {
        let tenant = engine.tenant();
        let own = context.of(tenant);
        let lookup = Lookup::over(&own, engine.clone()).await?;
        let work = works.get(tenant).unwrap_or(&nothing);
        if tenants.count() == 1 {
            return tell_work(&lookup, why, work, clock).await;
        }
        if engine.in_force().await?.is_empty() {
            continue;
        }
        let next = engine.next_wake().await?;
        let page = page(&lookup, why, work, None, clock, next).await?;
        own.put_under_its_name(tenant, &page.print(&own), &mut text);
        data.insert(tenant.to_string(), json(&page.done).map_err(unreadable)?);
    }
    context.print_either(&data, || text)
}

fn unreadable(error: serde_json::Error) -> Failure {
    Failure::Environment {
        message: error.to_string(),
        help: None,
    }
}

impl Context {
    /// Adds a page about a tenant, where there are others as well.
    pub fn put_under_its_name(&self, tenant: &Name, page: &str, text: &mut String) {
        let title = self.config.tenants.get(tenant);
        let title = title.and_then(|tenant| tenant.title.as_ref());
        let name = match title {
            Some(title) => format!("{} ({tenant})", title.value),
            None => tenant.to_string(),
        };
        let mut head = Page::new(self.width(), self.colour());
        head.heading(&name);
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&head.finish());
        text.push_str(page);
    }
}

/// A page about what was done, with what is needed to print it.
struct WorkPage {
    done: Done,
    names: Names,
    ready: Arc<Ready>,
    now: Timestamp,
}

impl WorkPage {
    fn reader(&self, context: &Context) -> Reader<'_> {
        self.names.reader(context, &self.ready.plan, self.now)
    }

    fn print(&self, context: &Context) -> String {
        self.done.print(&self.reader(context))
    }

    fn words(&self, context: &Context, label: Label) -> String {
        self.reader(context).label(label).to_owned()
    }
}

/// Only the cases that are told one by one are looked up.
async fn page(
    lookup: &Lookup<'_>,
    why: &str,
    work: &Work,
    begun: Option<&CaseId>,
    clock: Option<ClockMoved>,
    next: Option<Timestamp>,
) -> Result<WorkPage, Failure> {
    let mut found = Vec::new();
    let mut names = Names::default();
    for id in work.told() {
        let one = lookup.case(id).await?;
        let more = lookup.names_for(&one).await?;
        names.cases.extend(more.cases);
        names.people.extend(more.people);
        names.sources.extend(more.sources);
        found.push(one);
    }
    let read = work.told().filter(|id| Some(*id) != begun);
    lookup.log_read(why, read.cloned().collect()).await?;
    let ready = match found.first() {
        Some(first) => first.ready.clone(),
        None => any_in_force(lookup).await?,
    };
    let subjects: Vec<Subject<'_>> = found.iter().map(Found::subject).collect();
    let done = done(
        &names.reader(lookup.context, &ready.plan, lookup.now),
        work,
        &subjects,
        clock,
        next,
    );
    Ok(WorkPage {
        done,
        names,
        ready,
        now: lookup.now,
    })
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
    let ready = any_in_force(lookup).await?;
    Ok(lookup.reader(names, &ready.plan))
}

async fn any_in_force(lookup: &Lookup<'_>) -> Result<Arc<Ready>, Failure> {
    let in_force = lookup.engine.store().active(lookup.engine.tenant()).await?;
    match in_force.values().next() {
        Some(plan) => Ok(lookup.engine.ready(plan).await?),
        None => Err(Failure::environment(
            "no process is in force in this database",
            "`forloeb tick` or `forloeb case start` puts the programme's folder in force; `forloeb check` checks it",
        )),
    }
}
