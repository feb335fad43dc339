//! `clock`: shows the database's clock, and moves a virtual one through all that falls due on the way.

use super::{
    Context, Ending, Failure,
    args::{ClockArgs, ClockCommand},
    lookup::{Lookup, Names},
    report,
};
use crate::{
    store::{Clock, Store},
    turn::Engine,
    words::{ClockMoved, Page, Rich, Style, Work},
};
use forloeb_core::time::{Calendar, Duration, parse_instant, shift};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;

pub async fn run(context: &Context, args: ClockArgs) -> Result<Ending, Failure> {
    let Some(command) = args.command else {
        return show(context).await;
    };
    let engine = context.engine_for_input().await?;
    let Clock::Virtual(now) = engine.store().clock().await? else {
        return Err(Failure::usage(
            "the clock of this database is real, and only a virtual one can be moved",
            "`forloeb init DIR --demo` makes a database with a virtual clock",
        ));
    };
    let calendar = calendar(&engine).await?;
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
    let work = advance(&engine, now, to).await?;
    let lookup = Lookup::over(context, engine).await?;
    let moved = ClockMoved { from: now, to };
    report::tell_work(&lookup, "clock", &work, Some(moved)).await?;
    Ok(Ending::Fine)
}

/// Moves a virtual clock on, with a bar on a terminal.
pub async fn advance<S: Store>(
    engine: &Engine<S>,
    now: Timestamp,
    to: Timestamp,
) -> Result<Work, Failure> {
    let bar = ProgressBar::new(to.duration_since(now).as_secs().unsigned_abs());
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {percent} %  {msg}") {
        bar.set_style(style);
    }
    let mut work = Work::default();
    loop {
        let woken = engine.advance(to).await?;
        for (case, entries) in &woken.changed {
            work.add(case, entries);
        }
        if woken.all {
            bar.finish_and_clear();
            return Ok(work);
        }
        if let Some(through) = woken.through {
            bar.set_position(through.duration_since(now).as_secs().unsigned_abs());
            bar.set_message(format!("{} changes", work.entries()));
        }
    }
}

/// The calendar in which the database's clock is read: that of any process in force.
pub async fn calendar<S: Store>(engine: &Engine<S>) -> Result<Calendar, Failure> {
    let in_force = engine.store().active(engine.tenant()).await?;
    match in_force.values().next() {
        Some(plan) => Ok(engine.ready(plan).await?.plan.calendar.clone()),
        None => Err(Failure::environment(
            "no process is in force in this database",
            "run `forloeb check` on the programme's folder, then `forloeb tick` puts it in force",
        )),
    }
}

async fn show(context: &Context) -> Result<Ending, Failure> {
    let lookup = Lookup::new(context).await?;
    let names = Names::default();
    let reader = report::reader_of_any(&lookup, &names, None).await?;
    let kind = match lookup.engine.store().clock().await? {
        Clock::Real => "real",
        Clock::Virtual(_) => "virtual",
    };
    let wake = lookup.engine.next_wake().await?;
    let data = serde_json::json!({ "clock": kind, "now": lookup.now, "next_wake": wake });
    context.print_either(&data, || {
        let tongue = reader.tongue();
        let stands = tongue.clock_stands(&reader.full_moment(lookup.now), kind == "virtual");
        let next = wake.map_or_else(
            || tongue.nothing_waits().to_owned(),
            |wake| tongue.next_wake(&reader.date_or_moment(wake)),
        );
        let mut page = Page::new(context.width(), context.colour());
        page.line(0, &Rich::plain(&stands));
        page.line(0, &Rich::new(Style::Dim, &next));
        page.finish()
    })?;
    Ok(Ending::Fine)
}
