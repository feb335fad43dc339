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
    words::ClockMoved,
};
use forloeb_core::{
    case::CaseId,
    entry::Entry,
    time::{Calendar, Duration, format_moment, parse_instant, shift},
};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;

pub async fn run(context: &Context, args: ClockArgs) -> Result<Ending, Failure> {
    let Some(command) = args.command else {
        return show(context).await;
    };
    let engine = context.engine_in_force().await?;
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
                "the clock stands at {} and never goes back",
                format_moment("en", calendar.zone(), now)
            ),
            "give a later time",
        ));
    }
    let changed = advance(&engine, now, to).await?;
    let lookup = Lookup::over(context, engine).await?;
    report::tell_work(&lookup, &changed, Some(ClockMoved { from: now, to })).await?;
    Ok(Ending::Fine)
}

/// Moves a virtual clock on, with a bar on a terminal.
pub async fn advance<S: Store>(
    engine: &Engine<S>,
    now: Timestamp,
    to: Timestamp,
) -> Result<Vec<(CaseId, Vec<Entry>)>, Failure> {
    let bar = ProgressBar::new(to.duration_since(now).as_secs().unsigned_abs());
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {percent} %  {msg}") {
        bar.set_style(style);
    }
    let mut changed = Vec::new();
    loop {
        let woken = engine.advance(to).await?;
        changed.extend(woken.changed);
        if woken.all {
            bar.finish_and_clear();
            return Ok(changed);
        }
        if let Some(through) = woken.through {
            bar.set_position(through.duration_since(now).as_secs().unsigned_abs());
            bar.set_message(format!("{} cases", changed.len()));
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
        let next = wake.map_or_else(
            || "nothing is due".to_owned(),
            |wake| format!("next due {}", reader.moment(wake)),
        );
        format!("{} ({kind} clock); {next}\n", reader.moment(lookup.now))
    })?;
    Ok(Ending::Fine)
}
