//! `activate`: checks the programme and puts it in force for new cases, tenant by tenant. One with errors is refused, and the one before
//! stays.

use super::{
    Context, Ending, Failure,
    context::shown,
    force::{InForce, activate},
};
use crate::{
    diagnostic::{Diagnostic, render_all},
    store::sqlite::SqliteStore,
    turn::Engine,
    words::{Column, Page, Rich, Style},
};
use forloeb_core::name::Name;
use serde_json::{Value, json};

/// How many characters of a plan's name tell versions apart.
const SHORT: usize = 8;

/// What came of one tenant.
struct OfOne {
    tenant: Name,
    /// What was found in its programme, where it is refused for that.
    refused: Option<Vec<Diagnostic>>,
    in_force: Vec<InForce>,
}

pub async fn run(context: &Context) -> Result<Ending, Failure> {
    context.config()?;
    let wanted = context.declared_and_asked()?;
    let store = context.store().await?;
    let mut all = Vec::new();
    for tenant in wanted {
        let engine = Engine::new(store.clone(), tenant);
        all.push(one(context, &engine).await?);
    }
    context.print_either(&data(&all), || page(context, &all))?;
    let fine = all.iter().all(|one| one.refused.is_none());
    Ok(if fine { Ending::Fine } else { Ending::Found })
}

async fn one(context: &Context, engine: &Engine<SqliteStore>) -> Result<OfOne, Failure> {
    let tenant = engine.tenant().clone();
    let Some(programme) = context.programme_of(engine).await? else {
        return Err(Failure::environment(
            format!(
                "there is no `processes` in {}",
                shown(&context.common.programme)
            ),
            "give the programme's folder with --programme; `forloeb init DIR` makes one",
        ));
    };
    let (refused, in_force) = match programme.good {
        true => (None, activate(engine, &programme.plans).await?),
        false => (Some(programme.diagnostics), Vec::new()),
    };
    Ok(OfOne {
        tenant,
        refused,
        in_force,
    })
}

fn data(all: &[OfOne]) -> Value {
    let tenants = all.iter().map(|one| {
        let processes = one.in_force.iter().map(|process| {
            json!({
                "process": process.process,
                "before": process.before,
                "now": process.now,
                "new": process.is_new(),
            })
        });
        let found = one.refused.iter().flatten().map(Diagnostic::to_json);
        json!({
            "tenant": one.tenant,
            "refused": one.refused.is_some(),
            "processes": processes.collect::<Vec<_>>(),
            "diagnostics": found.collect::<Vec<_>>(),
        })
    });
    json!({ "tenants": tenants.collect::<Vec<_>>() })
}

fn page(context: &Context, all: &[OfOne]) -> String {
    let mut text = String::new();
    // What several tenants are refused for is shown once.
    let mut shown: Vec<&[Diagnostic]> = Vec::new();
    for found in all.iter().filter_map(|one| one.refused.as_deref()) {
        if !shown.contains(&found) {
            shown.push(found);
            text.push_str(&render_all(found, context.paint()));
            text.push('\n');
        }
    }
    let mut page = Page::new(context.width(), context.colour());
    for one in all {
        if all.len() > 1 {
            page.heading(&one.tenant);
        }
        if one.refused.is_some() {
            page.line(0, &Rich::new(Style::Red, REFUSED));
        }
        let rows: Vec<Vec<Rich>> = one.in_force.iter().map(row).collect();
        page.table(0, &[Column::FIXED, Column::wrapping(20)], &rows);
    }
    text.push_str(&page.finish());
    text
}

const REFUSED: &str = "refused: what was in force before stays in force";

fn row(process: &InForce) -> Vec<Rich> {
    let short = |plan: &Name| plan.chars().take(SHORT).collect::<String>();
    let now = short(&process.now);
    let came = match &process.before {
        None => Rich::plain(&format!("{now}, new")),
        Some(_) if !process.is_new() => Rich::new(Style::Dim, &format!("{now}, as before")),
        Some(before) => Rich::plain(&format!("{} → {now}", short(before))),
    };
    vec![Rich::plain(&process.process), came]
}
