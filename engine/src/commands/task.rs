//! `task`: what people have to do, and that they have done it.

use super::{
    Context, Ending, Failure,
    args::TaskCommand,
    context::{pairs, who},
    filters,
    lookup::{Lookup, Names},
    report,
};
use crate::{
    store::{Store, TaskFilter, TaskLine},
    turn::Request,
    words::{TaskRow, task_list},
};
use forloeb_core::{
    case::CaseId,
    input::{Input, Which},
    name::Name,
};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// Rows that are read from the database at once.
const PAGE: u32 = 1_000;

pub async fn run(context: &Context, command: TaskCommand) -> Result<Ending, Failure> {
    match command {
        TaskCommand::List {
            role,
            case,
            overdue,
        } => list(context, role, case, overdue).await,
        TaskCommand::Done { id, by, set, key } => {
            let (case, task) = handle(&id)?;
            let request = Request {
                case: Some(case),
                process: None,
                input: Input::Finish {
                    task,
                    set: pairs(&set)?,
                },
                by: Some(who(&by.by)?),
                on_behalf_of: by.on_behalf_of.as_deref().map(who).transpose()?,
                key,
            };
            report::submit(context, "task done", request).await
        }
    }
}

/// Reads CASE/NUMBER or CASE/NAME.
pub fn handle(text: &str) -> Result<(CaseId, Which), Failure> {
    let parts = text
        .rsplit_once('/')
        .filter(|(case, rest)| !case.is_empty() && !rest.is_empty());
    let Some((case, rest)) = parts else {
        return Err(Failure::usage(
            format!("`{text}` does not say which one of which case"),
            "write the case, a slash, and the number or the name, such as `p-07/14`",
        ));
    };
    let which = rest
        .parse()
        .map_or_else(|_| Which::Named(Name::from(rest)), Which::Number);
    Ok((Name::from(case), which))
}

async fn list(
    context: &Context,
    role: Option<String>,
    case: Option<String>,
    overdue: bool,
) -> Result<Ending, Failure> {
    let lookup = Lookup::new(context).await?;
    if let Some(role) = &role {
        filters::need_role(&lookup.engine, role).await?;
    }
    if let Some(case) = &case {
        lookup.row(case).await?;
    }
    let lines = lines(&lookup, role, case, overdue).await?;
    let mut ids: Vec<CaseId> = lines.iter().map(|line| line.case.clone()).collect();
    ids.dedup();
    let rows = lookup
        .engine
        .store()
        .load(lookup.engine.tenant(), &ids)
        .await?;
    let names = Names {
        cases: lookup.case_names(&rows).await?,
        ..Names::default()
    };
    let mut plans = Vec::with_capacity(lines.len());
    for line in &lines {
        plans.push(lookup.engine.ready(&line.plan).await?);
    }
    let held: BTreeMap<&CaseId, Timestamp> = rows
        .iter()
        .filter_map(|row| Some((&row.case.id, row.case.hold.as_ref()?.since)))
        .collect();
    let list: Vec<TaskRow<'_>> = lines
        .iter()
        .zip(&plans)
        .map(|(line, ready)| TaskRow {
            case: &line.case,
            plan: &ready.plan,
            number: line.number,
            task: &line.task,
            held_since: held.get(&line.case).copied(),
        })
        .collect();
    lookup
        .log_read("task list", names.cases.keys().cloned().collect())
        .await?;
    let reader = report::reader_of_any(&lookup, &names, plans.first()).await?;
    let page = task_list(&reader, &list);
    context.print_either(&page, || page.print(&reader))?;
    Ok(Ending::Fine)
}

async fn lines(
    lookup: &Lookup<'_>,
    role: Option<String>,
    case: Option<String>,
    overdue: bool,
) -> Result<Vec<TaskLine>, Failure> {
    let mut filter = TaskFilter {
        role: role.map(Name::from),
        case: case.map(Name::from),
        overdue,
        after: None,
        limit: PAGE,
    };
    let mut lines: Vec<TaskLine> = Vec::new();
    loop {
        let page = lookup
            .engine
            .store()
            .tasks(lookup.engine.tenant(), &filter)
            .await?;
        let last = page.len() < PAGE as usize;
        filter.after = page.last().map(TaskLine::cursor);
        lines.extend(page);
        if last {
            return Ok(lines);
        }
    }
}
