//! `case`: start, list, show and change cases.

use super::{
    Context, Ending, Failure,
    args::{By, CaseCommand, MaybeBy},
    context::{pairs, who},
    correct, filters,
    lookup::{Lookup, Names},
    report,
};
use crate::{
    store::{CaseFilter, CaseRow, Status, Store},
    turn::Request,
    words::{self, case_list, case_page, reads_page},
};
use forloeb_core::{
    case::CaseId,
    input::Input,
    name::Name,
    time::{parse_date, parse_instant},
};
use jiff::Timestamp;

/// Rows that are read from the database at once.
const PAGE: u32 = 1_000;

pub async fn run(context: &Context, command: CaseCommand) -> Result<Ending, Failure> {
    match command {
        CaseCommand::Start {
            process,
            id,
            set,
            by,
            key,
        } => {
            let input = Input::Start {
                facts: pairs(&set)?,
            };
            let case = id.map(Name::from);
            if let Some(id) = case.as_ref().filter(|id| !is_id(id)) {
                return Err(Failure::usage(
                    format!("`{id}` cannot be an id: {NO_ID}"),
                    AN_ID,
                ));
            }
            let request = request(case, Some(Name::from(process)), input, &by, key)?;
            report::submit(context, "case start", request).await
        }
        CaseCommand::List {
            stage,
            process,
            overdue,
            all,
        } => {
            let filter = CaseFilter {
                process: process.map(Name::from),
                stage: stage.map(Name::from),
                overdue,
                status: if all {
                    Vec::new()
                } else {
                    vec![Status::Open, Status::Held]
                },
                after: None,
                limit: PAGE,
            };
            list(context, filter).await
        }
        CaseCommand::Show { id } => show(context, &id).await,
        CaseCommand::Event {
            id,
            event,
            by,
            with,
            at,
            key,
        } => report_event(context, id, event, by, &with, at, key).await,
        CaseCommand::Link {
            id,
            link,
            other,
            remove,
            by,
        } => {
            let (link, to) = (Name::from(link), Name::from(other));
            let input = match remove {
                false => Input::Link {
                    link,
                    to,
                    from: None,
                },
                true => Input::Unlink {
                    link,
                    to,
                    from: None,
                },
            };
            report::submit(
                context,
                "case link",
                request(Some(Name::from(id)), None, input, &by, None)?,
            )
            .await
        }
        CaseCommand::Hold {
            id,
            until,
            because,
            by,
        } => {
            let until = match until {
                Some(text) => {
                    parse_date(&text)?;
                    Some(instant(context, &id, &text).await?)
                }
                None => None,
            };
            let input = Input::Hold { until, because };
            report::submit(
                context,
                "case hold",
                request(Some(Name::from(id)), None, input, &by, None)?,
            )
            .await
        }
        CaseCommand::Resume { id, by } => {
            report::submit(
                context,
                "case resume",
                request(Some(Name::from(id)), None, Input::Resume, &by, None)?,
            )
            .await
        }
        CaseCommand::Correct {
            id,
            entry,
            because,
            by,
            key,
        } => {
            let request = Request {
                case: Some(Name::from(id)),
                process: None,
                input: Input::Correct { entry, because },
                by: Some(who(&by.by)?),
                on_behalf_of: by.on_behalf_of.as_deref().map(who).transpose()?,
                key,
            };
            correct::run(context, request).await
        }
        CaseCommand::Reads { id } => reads(context, &id).await,
    }
}

/// Why something is no id.
pub const NO_ID: &str =
    "it has 1 to 80 characters, no spaces and no slash, and begins without a hyphen";

/// What an id looks like.
pub const AN_ID: &str = "write letters, digits and hyphens, such as `p-01`";

/// Whether an id can stand in commands and lists.
pub fn is_id(id: &str) -> bool {
    !id.is_empty()
        && !id.starts_with('-')
        && id.chars().count() <= 80
        && !id
            .chars()
            .any(|c| c.is_whitespace() || c.is_control() || c == '/')
}

fn request(
    case: Option<CaseId>,
    process: Option<Name>,
    input: Input,
    by: &MaybeBy,
    key: Option<String>,
) -> Result<Request, Failure> {
    let by = by.by.as_deref().map(who).transpose()?;
    Ok(Request {
        case,
        process,
        input,
        by,
        on_behalf_of: None,
        key,
    })
}

async fn report_event(
    context: &Context,
    id: String,
    event: String,
    by: By,
    with: &[String],
    at: Option<String>,
    key: Option<String>,
) -> Result<Ending, Failure> {
    let happened = match at {
        Some(text) => Some(instant(context, &id, &text).await?),
        None => None,
    };
    let request = Request {
        case: Some(Name::from(id)),
        process: None,
        input: Input::Report {
            event: Name::from(event),
            with: pairs(with)?,
            happened,
            from: None,
        },
        by: Some(who(&by.by)?),
        on_behalf_of: by.on_behalf_of.as_deref().map(who).transpose()?,
        key,
    };
    report::submit(context, "case event", request).await
}

/// Reads a time in the zone of a case.
async fn instant(context: &Context, id: &str, text: &str) -> Result<Timestamp, Failure> {
    let lookup = Lookup::new(context).await?;
    let row = lookup.row(id).await?;
    let ready = lookup.engine.ready(&row.case.plan).await?;
    Ok(parse_instant(text, ready.plan.calendar.zone())?)
}

async fn list(context: &Context, mut filter: CaseFilter) -> Result<Ending, Failure> {
    let lookup = Lookup::new(context).await?;
    if let Some(process) = &filter.process {
        filters::need_process(&lookup.engine, process).await?;
    }
    if let Some(stage) = &filter.stage {
        filters::need_stage(&lookup.engine, stage, filter.process.as_deref()).await?;
    }
    let mut rows: Vec<CaseRow> = Vec::new();
    loop {
        let page = lookup
            .engine
            .store()
            .cases(lookup.engine.tenant(), &filter)
            .await?;
        let last = page.len() < PAGE as usize;
        filter.after = page.last().map(|row| row.case.id.clone());
        rows.extend(page);
        if last {
            break;
        }
    }
    let names = Names {
        cases: lookup.case_names(&rows).await?,
        ..Names::default()
    };
    let mut plans = Vec::with_capacity(rows.len());
    for row in &rows {
        plans.push(lookup.engine.ready(&row.case.plan).await?);
    }
    let list: Vec<words::CaseRow<'_>> = rows
        .iter()
        .zip(&plans)
        .map(|(row, ready)| words::CaseRow {
            plan: &ready.plan,
            case: &row.case,
        })
        .collect();
    lookup
        .log_read("case list", names.cases.keys().cloned().collect())
        .await?;
    let reader = report::reader_of_any(&lookup, &names, plans.first()).await?;
    let page = case_list(&reader, &list);
    context.print_either(&page, || page.print(&reader))?;
    Ok(Ending::Fine)
}

async fn show(context: &Context, id: &str) -> Result<Ending, Failure> {
    let lookup = Lookup::new(context).await?;
    let found = lookup.case(id).await?;
    let names = lookup.names_for(&found).await?;
    lookup.log_page("case show", &found, &names).await?;
    let reader = lookup.reader(&names, &found.ready.plan);
    let page = case_page(&reader, found.subject());
    context.print_either(&page, || page.print(&reader))?;
    Ok(Ending::Fine)
}

async fn reads(context: &Context, id: &str) -> Result<Ending, Failure> {
    let lookup = Lookup::new(context).await?;
    let row = lookup.row(id).await?;
    let reads = lookup
        .engine
        .store()
        .reads(lookup.engine.tenant(), &row.case.id)
        .await?;
    let people: Vec<Name> = reads
        .iter()
        .filter_map(|read| read.by.person.clone())
        .collect();
    let people = lookup
        .engine
        .store()
        .names(lookup.engine.tenant(), &people)
        .await?;
    let ready = lookup.engine.ready(&row.case.plan).await?;
    let names = Names {
        people,
        ..Names::default()
    };
    let reader = lookup.reader(&names, &ready.plan);
    let page = reads_page(&reader, &ready.plan, &reads);
    context.print_either(&page, || page.print(&reader))?;
    Ok(Ending::Fine)
}
