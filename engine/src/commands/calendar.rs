//! `calendar`: the closed days of a year, and counting with it.

use super::{Context, Ending, Failure, args::CalendarArgs, context::read, force::Compiled};
use forloeb_core::{
    name::Name,
    time::{
        Calendar, DayKind, DayStatus, Duration, EndOnClosed, Weekday, format_date, limit,
        parse_date, skipped,
    },
};
use indexmap::IndexMap;
use jiff::{
    Timestamp, ToSpan,
    civil::{Date, date},
};
use serde_json::json;
use std::collections::BTreeSet;

pub fn run(context: &Context, args: CalendarArgs) -> Result<Ending, Failure> {
    let calendars = calendars(context)?;
    let Some(calendar) = calendars.get(args.name.as_str()) else {
        let known = calendars
            .keys()
            .map(|name| format!("`{name}`"))
            .collect::<Vec<_>>();
        let help = match known.is_empty() {
            true => "there is none in processes/calendars; `forloeb check` tells what is wrong with a file".to_owned(),
            false => format!("these are: {}", known.join(", ")),
        };
        return Err(Failure::usage(
            format!("there is no calendar `{}`", args.name),
            help,
        ));
    };
    match (args.from, args.add) {
        (Some(from), Some(add)) => count(
            context,
            calendar,
            parse_date(&from)?,
            Duration::parse(&add)?,
        ),
        _ => {
            let year = args
                .year
                .unwrap_or_else(|| calendar.zone().date(Timestamp::now()).year());
            show(context, calendar, &args.name, year)
        }
    }
}

/// The calendars of the folder, as the tenant has them that is meant; where nobody says which, as they are without overlays.
fn calendars(context: &Context) -> Result<IndexMap<Name, Calendar>, Failure> {
    context.declared_and_asked()?;
    let config = context.config()?;
    let sources = read(&context.common.programme)?;
    let mut compiled = Compiled::of(sources, BTreeSet::new());
    let meant = context.settled_tenant();
    let own = meant.and_then(|tenant| compiled.of_tenant(config, &tenant.value));
    Ok(match own {
        Some(own) => own.calendars,
        None => compiled.with(Vec::new()).calendars.clone(),
    })
}

fn show(context: &Context, calendar: &Calendar, name: &str, year: i16) -> Result<Ending, Failure> {
    let language = context.language().code();
    let days = calendar.days_in_year(year);
    let data: Vec<_> = days
        .iter()
        .map(|(date, day)| {
            let kind = if day.kind == DayKind::Holiday { "holiday" } else { "closing_day" };
            json!({ "date": date, "day": day.name, "title": day.title.in_language(language), "kind": kind, "closed_from": day.closed_from })
        })
        .collect();
    let weekend: Vec<&str> = calendar.weekend().iter().map(|day| day.name()).collect();
    let data = json!({ "calendar": name, "year": year, "zone": calendar.zone().name(), "weekend": weekend, "days": data });
    context.print_either(&data, || {
        let tongue = context.language().tongue();
        let weekend: Vec<&str> = calendar
            .weekend()
            .iter()
            .filter_map(|day| {
                // Any seven days have one of each.
                let week = date(year, 1, 1).series(1.day()).take(7);
                let same = week.into_iter().find(|date| Weekday::of(*date) == *day)?;
                Some(tongue.weekday(same.weekday()).1)
            })
            .collect();
        let zone = calendar.zone().name();
        let mut page = tongue.closed_days(name, year, zone, &weekend.join(", "));
        page.push('\n');
        for (date, day) in &days {
            let half = day.closed_from.map_or(String::new(), |from| {
                let time = tongue.time(from.hour(), from.minute());
                format!("  {}", tongue.closed_from(&time))
            });
            page.push_str(&format!(
                "  {:<18}  {}{half}\n",
                format_date(language, *date),
                day.title.in_language(language)
            ));
        }
        page
    })?;
    Ok(Ending::Fine)
}

fn count(
    context: &Context,
    calendar: &Calendar,
    from: Date,
    duration: Duration,
) -> Result<Ending, Failure> {
    let outside = |error: forloeb_core::time::Outside| {
        Failure::usage(error.to_string(), "give a shorter duration")
    };
    let language = context.language().code();
    let tongue = context.language().tongue();
    let start = calendar.zone().start_of(from).map_err(outside)?;
    let limit = limit(calendar, start, duration, EndOnClosed::Keep).map_err(outside)?;
    let skipped = skipped(calendar, start, duration, EndOnClosed::Keep).map_err(outside)?;
    let days: Vec<_> = skipped
        .iter()
        .map(|day| json!({ "date": day.date, "why": why(calendar, &day.why, context) }))
        .collect();
    let data = json!({ "from": from, "add": duration.to_string(), "last_day": limit.last_day, "runs_out": limit.runs_out, "skipped": days });
    context.print_either(&data, || {
        let mut page = tongue.counted_on(
            &duration.in_language(language),
            &format_date(language, from),
            &format_date(language, limit.last_day),
        );
        page.push('\n');
        if !skipped.is_empty() {
            page.push_str(&format!("{}\n", tongue.skipped_days()));
        }
        for day in &skipped {
            page.push_str(&format!(
                "  {:<18}  {}\n",
                format_date(language, day.date),
                why(calendar, &day.why, context)
            ));
        }
        page
    })?;
    Ok(Ending::Fine)
}

/// Why a day is not counted: the titles of the closed days that fall on it, or that it is a weekend.
fn why(calendar: &Calendar, status: &DayStatus, context: &Context) -> String {
    let language = context.language().code();
    let DayStatus::Closed { weekend, because } = status else {
        return String::new();
    };
    let days = calendar
        .closed_days()
        .iter()
        .filter(|day| because.contains(&day.name));
    let mut titles: Vec<&str> = days.map(|day| day.title.in_language(language)).collect();
    if *weekend {
        titles.push(context.language().tongue().weekend());
    }
    titles.join(", ")
}
