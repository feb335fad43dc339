//! `activate`: checks the programme and puts it in force for new cases, tenant by tenant. One with errors is refused, and the one before
//! stays.

use super::{
    Context, Ending, Failure,
    check::no_process,
    context::{read, shown},
    force::{Compiled, Followed, Following, InForce, OfTenant, activate, known},
};
use crate::{
    diagnostic::{Diagnostic, render_all},
    store::sqlite::SqliteStore,
    turn::{Engine, Tenants},
    words::{Column, Page, Rich, Style},
};
use forloeb_core::name::Name;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// How many characters of a plan's name tell versions apart.
const SHORT: usize = 8;

/// What came of one tenant.
struct OfOne {
    tenant: Name,
    /// What was found in its programme, where it is refused for that.
    refused: Option<Vec<Diagnostic>>,
    in_force: Vec<InForce>,
    /// Processes that are not in its programme, or not any more, each with the plan that stays in force.
    left: BTreeMap<Name, Name>,
}

pub async fn run(context: &Context) -> Result<Ending, Failure> {
    context.config()?;
    let wanted = context.declared_and_asked()?;
    let store = context.store().await?;
    let sources = read(&context.common.programme)?;
    let mut tenants = Tenants::over(store);
    for tenant in &wanted {
        tenants.add(tenant);
    }
    let mut compiled = Compiled::of(sources, known(tenants.engines()).await?);
    let mut all = Vec::new();
    for engine in tenants.engines() {
        if let Some(own) = compiled.of_tenant(&context.config, engine.tenant()) {
            all.push(one(own, engine).await?);
        }
    }
    context.print_either(&data(&all), || page(context, &all))?;
    let fine = all.iter().all(|one| one.refused.is_none());
    Ok(if fine { Ending::Fine } else { Ending::Found })
}

async fn one(own: OfTenant, engine: &Engine<SqliteStore>) -> Result<OfOne, Failure> {
    // Nothing at all is probably the wrong folder, and nothing would come into force.
    let (refused, in_force) = match own.good && !own.plans.is_empty() {
        true => (None, activate(engine, &own.plans, Following::All).await?),
        false => (Some(own.diagnostics), Vec::new()),
    };
    let mut left = BTreeMap::new();
    if refused.is_none() {
        left = engine.in_force().await?;
        left.retain(|process, _| in_force.iter().all(|one| one.process != *process));
    }
    Ok(OfOne {
        tenant: engine.tenant().clone(),
        refused,
        in_force,
        left,
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
                "went_over": match process.followed { Followed::Went(went) => went, _ => 0 },
                "not_safe": process.followed == Followed::NotSafe,
            })
        });
        let found = one.refused.iter().flatten().map(Diagnostic::to_json);
        json!({
            "tenant": one.tenant,
            "refused": one.refused.is_some(),
            "processes": processes.collect::<Vec<_>>(),
            "left": one.left,
            "diagnostics": found.collect::<Vec<_>>(),
        })
    });
    json!({ "tenants": tenants.collect::<Vec<_>>() })
}

fn page(context: &Context, all: &[OfOne]) -> String {
    let folder = &context.common.programme;
    let mut text = String::new();
    // What several tenants are refused for is shown once.
    let mut told: Vec<&[Diagnostic]> = Vec::new();
    for found in all.iter().filter_map(|one| one.refused.as_deref()) {
        if !told.contains(&found) {
            told.push(found);
            text.push_str(&render_all(found, context.paint()));
            text.push('\n');
        }
    }
    let mut page = Page::new(context.width(), context.colour());
    for one in all {
        if all.len() > 1 {
            page.heading(&one.tenant);
        }
        if one.refused.as_ref().is_some_and(Vec::is_empty) {
            page.line(0, &Rich::plain(&no_process(&shown(folder))));
        }
        if one.refused.is_some() {
            page.line(0, &Rich::new(Style::Red, REFUSED));
        }
        let left = one.left.iter().map(|(process, plan)| {
            let words = format!(
                "{}, stays in force: the tenant's programme has it no more",
                short(plan)
            );
            vec![Rich::plain(process), Rich::new(Style::Dim, &words)]
        });
        let rows: Vec<Vec<Rich>> = one.in_force.iter().map(row).chain(left).collect();
        page.table(0, &[Column::FIXED, Column::wrapping(20)], &rows);
    }
    text.push_str(&page.finish());
    text
}

const REFUSED: &str = "refused: what was in force before stays in force";

fn short(plan: &Name) -> String {
    plan.chars().take(SHORT).collect()
}

fn row(process: &InForce) -> Vec<Rich> {
    let now = short(&process.now);
    let came = match &process.before {
        None => Rich::plain(&format!("{now}, new")),
        Some(_) if !process.is_new() => Rich::new(Style::Dim, &format!("{now}, as before")),
        Some(before) => Rich::plain(&format!("{} → {now}", short(before))),
    };
    let followed = match process.followed {
        Followed::Stayed => String::new(),
        Followed::Went(1) => ", and its open case went over".to_owned(),
        Followed::Went(went) => format!(", and its {went} open cases went over"),
        Followed::NotSafe => format!(
            ", and the open cases stay: it would touch what was promised (`forloeb migrate {} --preview`)",
            process.process
        ),
    };
    vec![
        Rich::plain(&process.process),
        came.and(Style::Plain, &followed),
    ]
}
