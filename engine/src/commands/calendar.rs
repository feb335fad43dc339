//! `calendar`: the closed days of a year, and counting with it.

use super::{Context, Ending, Failure, args::CalendarArgs, context::load};
use forloeb_core::time::{
    Calendar, DayKind, DayStatus, Duration, EndOnClosed, format_date, limit, parse_date, skipped,
};
use jiff::{Timestamp, civil::Date};
use serde_json::json;

pub fn run(context: &Context, args: CalendarArgs) -> Result<Ending, Failure> {
    let loaded = load(&context.common.programme)?;
    let Some(calendar) = loaded.calendars.get(args.name.as_str()) else {
        let known = loaded
            .calendars
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
        let mut page = format!(
            "{name} {year} ({}; weekend {})\n",
            calendar.zone().name(),
            weekend.join(", ")
        );
        for (date, day) in &days {
            let half = day.closed_from.map_or(String::new(), |from| {
                format!("  closed from {}", from.strftime("%H:%M"))
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
    let start = calendar.zone().start_of(from).map_err(outside)?;
    let limit = limit(calendar, start, duration, EndOnClosed::Keep).map_err(outside)?;
    let skipped = skipped(calendar, start, duration, EndOnClosed::Keep).map_err(outside)?;
    let days: Vec<_> = skipped
        .iter()
        .map(|day| json!({ "date": day.date, "why": why(calendar, &day.why, language) }))
        .collect();
    let data = json!({ "from": from, "add": duration.to_string(), "last_day": limit.last_day, "runs_out": limit.runs_out, "skipped": days });
    context.print_either(&data, || {
        let mut page = format!(
            "{} from {} ends with {}\n",
            duration,
            format_date(language, from),
            format_date(language, limit.last_day)
        );
        if !skipped.is_empty() {
            page.push_str("skipped on the way:\n");
        }
        for day in &skipped {
            page.push_str(&format!(
                "  {:<18}  {}\n",
                format_date(language, day.date),
                why(calendar, &day.why, language)
            ));
        }
        page
    })?;
    Ok(Ending::Fine)
}

/// Why a day is not counted: the titles of the closed days that fall on it, or that it is a weekend.
fn why(calendar: &Calendar, status: &DayStatus, language: &str) -> String {
    let DayStatus::Closed { weekend, because } = status else {
        return String::new();
    };
    let days = calendar
        .closed_days()
        .iter()
        .filter(|day| because.contains(&day.name));
    let mut titles: Vec<&str> = days.map(|day| day.title.in_language(language)).collect();
    if *weekend {
        titles.push("weekend");
    }
    titles.join(", ")
}
