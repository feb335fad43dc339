//! `clock`: shows the database's clock, and moves a virtual one through all that falls due on the way.

use super::{
    Context, Ending, Failure,
    args::{ClockArgs, ClockCommand},
    lookup::{Lookup, Names},
    report,
    tick::of_tenant,
};
use crate::{
    store::{Clock, Store},
    turn::{Engine, Tenants},
    words::{ClockMoved, Page, Rich, Style, Work},
};
use forloeb_core::{
    name::Name,
    time::{Calendar, Duration, parse_instant, shift},
};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;
use std::collections::BTreeMap;

pub async fn run(context: &Context, args: ClockArgs) -> Result<Ending, Failure> {
    let Some(command) = args.command else {
        return show(context).await;
    };
    let tenants = context.whole_for_input().await?;
    let Clock::Virtual(now) = tenants.store().clock().await? else {
        return Err(Failure::usage(
            "the clock of this database is real, and only a virtual one can be moved",
            "`forloeb init DIR --demo` makes a database with a virtual clock",
        ));
    };
    let calendar = calendar_of_any(&tenants).await?;
    let to = match command {
        ClockCommand::Advance { duration } => {
            let duration = Duration::parse(&duration)?;
            shift(&calendar, now, duration)
                .map_err(|error| Failure::usage(error.to_string(), "give a shorter duration"))?
        }
        ClockCommand::Set { time } => parse_instant(&time, calendar.zone())?,
    };
    if to < now {
        return Err(Failure::usage(
            format!(
                "the clock stands at `{}` and never goes back",
                calendar.zone().local(now).strftime("%Y-%m-%d %H:%M")
            ),
            "give a later time",
        ));
    }
    // It is the whole database's clock: whoever is told, all come along.
    let mut all = tenants.clone();
    all.add_stored().await?;
    let works = advance(&all, now, to).await?;
    let moved = ClockMoved { from: now, to };
    report::tell_each(context, &tenants, "clock", &works, Some(moved)).await?;
    Ok(Ending::Fine)
}

/// Moves a virtual clock on through what falls due for all these tenants, with a bar on a terminal.
pub async fn advance<S: Store>(
    tenants: &Tenants<S>,
    now: Timestamp,
    to: Timestamp,
) -> Result<BTreeMap<Name, Work>, Failure> {
    let bar = ProgressBar::new(to.duration_since(now).as_secs().unsigned_abs());
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {percent} %  {msg}") {
        bar.set_style(style);
    }
    let mut works: BTreeMap<Name, Work> = BTreeMap::new();
    let mut changes = 0;
    while let Some(tenant) = tenants.first().await? {
        let woken = tenants.advance(&tenant, to).await;
        let woken = woken.map_err(|error| of_tenant(&tenant, tenants.count(), error))?;
        let work = works.entry(tenant).or_default();
        for (case, entries) in &woken.changed {
            changes += entries.len();
            work.add(case, entries);
        }
        if woken.all {
            break;
        }
        if let Some(through) = woken.through {
            bar.set_position(through.duration_since(now).as_secs().unsigned_abs());
            bar.set_message(format!("{changes} changes"));
        }
    }
    bar.finish_and_clear();
    Ok(works)
}

/// The calendar in which the clock of these tenants is read: that of any process in force.
async fn calendar_of_any<S: Store>(tenants: &Tenants<S>) -> Result<Calendar, Failure> {
    let mut failed = None;
    for engine in tenants.engines() {
        match calendar(engine).await {
            Ok(calendar) => return Ok(calendar),
            Err(failure) => failed = Some(failure),
        }
    }
    Err(failed.unwrap_or_else(nothing_in_force))
}

fn nothing_in_force() -> Failure {
    Failure::environment(
        "no process is in force in this database",
        "run `forloeb check` on the programme's folder, then `forloeb tick` puts it in force",
    )
}

/// The calendar in which the database's clock is read: that of any process in force.
pub async fn calendar<S: Store>(engine: &Engine<S>) -> Result<Calendar, Failure> {
    let in_force = engine.store().active(engine.tenant()).await?;
    match in_force.values().next() {
        Some(plan) => Ok(engine.ready(plan).await?.plan.calendar.clone()),
        None => Err(nothing_in_force()),
    }
}

async fn show(context: &Context) -> Result<Ending, Failure> {
    let tenants = context.whole().await?;
    let (mut text, mut data) = (String::new(), serde_json::Map::new());
    for engine in tenants.engines() {
        let own = context.of(engine.tenant());
        let lookup = Lookup::over(&own, engine.clone()).await?;
        if tenants.count() == 1 {
            let (page, known) = stands(&lookup).await?;
            context.print_either(&known, || page)?;
            return Ok(Ending::Fine);
        }
        if engine.in_force().await?.is_empty() {
            continue;
        }
        let (page, known) = stands(&lookup).await?;
        own.put_under_its_name(engine.tenant(), &page, &mut text);
        data.insert(engine.tenant().to_string(), known);
    }
    context.print_either(&data, || text)?;
    Ok(Ending::Fine)
}

/// Where the clock stands, and when a tenant's cases wake next, as a page and as data.
async fn stands(lookup: &Lookup<'_>) -> Result<(String, serde_json::Value), Failure> {
    let names = Names::default();
    let reader = report::reader_of_any(lookup, &names, None).await?;
    let kind = match lookup.engine.store().clock().await? {
        Clock::Real => "real",
        Clock::Virtual(_) => "virtual",
    };
    let wake = lookup.engine.next_wake().await?;
    let data = serde_json::json!({ "clock": kind, "now": lookup.now, "next_wake": wake });
    let tongue = reader.tongue();
    let stands = tongue.clock_stands(&reader.full_moment(lookup.now), kind == "virtual");
    let next = wake.map_or_else(
        || tongue.nothing_waits().to_owned(),
        |wake| tongue.next_wake(&reader.date_or_moment(wake)),
    );
    let mut page = Page::new(lookup.context.width(), lookup.context.colour());
    page.line(0, &Rich::plain(&stands));
    page.line(0, &Rich::new(Style::Dim, &next));
    Ok((page.finish(), data))
}
