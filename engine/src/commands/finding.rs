//! `finding`: who is told what now, and what they do about it.

use super::{
    Context, Ending, Failure,
    args::{FindingCommand, LevelArg, MaybeBy},
    context::who,
    filters,
    lookup::{Lookup, Names},
    report,
    task::handle,
};
use crate::{
    store::{CaseRow, FindingFilter, FindingLine, Store},
    turn::Request,
    words::{FindingRow, Subject, finding_list},
};
use forloeb_core::{
    case::CaseId,
    input::Input,
    name::Name,
    plan::Level,
    time::{Zone, parse_date},
};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// How long a finding is left out when nobody says until when.
const SNOOZED_DAYS: i64 = 7;

/// Rows that are read from the database at once.
const PAGE: u32 = 1_000;

pub async fn run(context: &Context, command: FindingCommand) -> Result<Ending, Failure> {
    match command {
        FindingCommand::List {
            to,
            case,
            level,
            all,
        } => list(context, to, case, level, all).await,
        FindingCommand::Ack { id, because, by } => {
            let (case, finding) = handle(&id)?;
            answer(
                context,
                "finding ack",
                case,
                Input::Acknowledge { finding, because },
                &by,
            )
            .await
        }
        FindingCommand::Snooze {
            id,
            until,
            because,
            by,
        } => {
            let (case, finding) = handle(&id)?;
            let lookup = Lookup::new(context).await?;
            let row = lookup.row(&case).await?;
            let ready = lookup.engine.ready(&row.case.plan).await?;
            let until = snoozed_until(until.as_deref(), ready.plan.calendar.zone(), lookup.now)?;
            answer(
                context,
                "finding snooze",
                case,
                Input::Snooze {
                    finding,
                    until,
                    because,
                },
                &by,
            )
            .await
        }
    }
}

/// Until when a finding is left out: the day that is given, or a week from today.
pub fn snoozed_until(
    until: Option<&str>,
    zone: &Zone,
    now: Timestamp,
) -> Result<Timestamp, Failure> {
    let day = match until {
        Some(text) => parse_date(text)?,
        None => zone
            .date(now)
            .checked_add(jiff::Span::new().days(SNOOZED_DAYS))
            .map_err(|error| Failure::usage(error.to_string(), "give a day with --until"))?,
    };
    zone.start_of(day)
        .map_err(|error| Failure::usage(error.to_string(), "give an earlier day"))
}

async fn answer(
    context: &Context,
    why: &str,
    case: CaseId,
    input: Input,
    by: &MaybeBy,
) -> Result<Ending, Failure> {
    let by = by.by.as_deref().map(who).transpose()?;
    report::submit(
        context,
        why,
        Request {
            case: Some(case),
            process: None,
            input,
            by,
            on_behalf_of: None,
            key: None,
        },
    )
    .await
}

async fn list(
    context: &Context,
    to: Option<String>,
    case: Option<String>,
    level: Option<LevelArg>,
    all: bool,
) -> Result<Ending, Failure> {
    let lookup = Lookup::new(context).await?;
    if let Some(role) = &to {
        filters::need_role(&lookup.engine, role).await?;
    }
    if let Some(case) = &case {
        lookup.row(case).await?;
    }
    let lines = lines(&lookup, to, case, level, all).await?;
    let ids: BTreeSet<CaseId> = lines.iter().map(|line| line.case.clone()).collect();
    let rows = lookup
        .engine
        .store()
        .load(lookup.engine.tenant(), &ids.into_iter().collect::<Vec<_>>())
        .await?;
    let linked = linked_rows(&lookup, &rows).await?;
    let names = Names {
        cases: lookup.case_names(&linked).await?,
        ..Names::default()
    };
    let mut plans = BTreeMap::new();
    for row in &rows {
        plans.insert(
            row.case.id.clone(),
            (row.case.clone(), lookup.engine.ready(&row.case.plan).await?),
        );
    }
    let (nothing, no_others) = (BTreeMap::new(), BTreeMap::new());
    let list: Vec<FindingRow<'_>> = lines
        .iter()
        .filter_map(|line| {
            let (case, ready) = plans.get(&line.case)?;
            let subject = Subject {
                plan: &ready.plan,
                plans: &no_others,
                case,
                history: &[],
                entries: &[],
                sealed: &nothing,
            };
            Some(FindingRow {
                subject,
                number: line.number,
            })
        })
        .collect();
    lookup
        .log_read("finding list", names.cases.keys().cloned().collect())
        .await?;
    let first = plans.values().next().map(|(_, ready)| ready);
    let reader = report::reader_of_any(&lookup, &names, first).await?;
    let page = finding_list(&reader, &list);
    context.print_either(&page, || page.print(&reader))?;
    Ok(Ending::Fine)
}

/// These cases, and those that their texts may name.
async fn linked_rows(lookup: &Lookup<'_>, rows: &[CaseRow]) -> Result<Vec<CaseRow>, Failure> {
    let mut ids: BTreeSet<CaseId> = rows.iter().map(|row| row.case.id.clone()).collect();
    for row in rows {
        ids.extend(row.case.links.values().flatten().cloned());
        let occurrences = row.case.events.values().flatten();
        ids.extend(
            occurrences
                .flat_map(|occurrence| occurrence.with.values())
                .filter_map(|value| match value {
                    forloeb_core::value::Value::Case(id) => Some(id.clone()),
                    _ => None,
                }),
        );
    }
    Ok(lookup
        .engine
        .store()
        .load(lookup.engine.tenant(), &ids.into_iter().collect::<Vec<_>>())
        .await?)
}

async fn lines(
    lookup: &Lookup<'_>,
    to: Option<String>,
    case: Option<String>,
    level: Option<LevelArg>,
    all: bool,
) -> Result<Vec<FindingLine>, Failure> {
    let mut filter = FindingFilter {
        to: to.map(Name::from),
        level: level.map(|level| match level {
            LevelArg::Nudge => Level::Nudge,
            LevelArg::Escalation => Level::Escalation,
        }),
        case: case.map(Name::from),
        unsnoozed_at: (!all).then_some(lookup.now),
        after: None,
        limit: PAGE,
    };
    let mut lines: Vec<FindingLine> = Vec::new();
    loop {
        let page = lookup
            .engine
            .store()
            .findings(lookup.engine.tenant(), &filter)
            .await?;
        let last = page.len() < PAGE as usize;
        filter.after = page.last().map(FindingLine::cursor);
        lines.extend(page);
        if last {
            return Ok(lines);
        }
    }
}
