//! `check`: all errors and warnings of a programme's folder.

use super::{
    Context, Ending, Failure,
    args::CheckArgs,
    context::{read, shown},
    force::Compiled,
};
use crate::{
    diagnostic::{Diagnostic, in_order, render_all},
    language::{
        programme::{Loaded, OVERLAYS, load, rule_uses},
        reference::reference_markdown,
    },
    scripts::reference::rules_markdown,
    words::{Page, Rich, Style},
};
use forloeb_core::{accept::listed, name::Name};
use serde_json::{Value, json};
use std::collections::BTreeSet;

pub fn run(context: &Context, args: CheckArgs) -> Result<Ending, Failure> {
    if args.reference {
        context.print(&reference())?;
        return Ok(Ending::Fine);
    }
    let other = args.path.map(|path| context.in_folder(&path));
    let context = other.as_ref().unwrap_or(context);
    let folder = &context.common.programme;
    let (loaded, good_for) = everything(context)?;
    if args.rules {
        list_rules(context, &loaded)?;
        return Ok(ending(&loaded));
    }
    if context.common.json {
        let found: Vec<_> = loaded.diagnostics.iter().map(Diagnostic::to_json).collect();
        context.print_either(&json!({ "diagnostics": found }), String::new)?;
        return Ok(ending(&loaded));
    }
    let mut page = String::new();
    if !loaded.diagnostics.is_empty() {
        page.push_str(&render_all(&loaded.diagnostics, context.paint()));
        page.push('\n');
    }
    page.push_str(&summary(&loaded, &shown(folder), &good_for));
    context.print(&page)?;
    Ok(ending(&loaded))
}

/// The tenants for whom all that they have is good.
struct GoodFor {
    tenants: Vec<Name>,
    /// Whether those are all tenants.
    all: bool,
}

/// The folder with all that is wrong in it, `forloeb.toml` and what each tenant has of it included; and the tenants for whom all is good.
fn everything(context: &Context) -> Result<(Loaded, GoodFor), Failure> {
    let config = context.config_with_errors()?;
    let sources = read(&context.common.programme)?;
    let mut loaded = load(&sources);
    // Each overlay was explored by itself.
    let overlaid = loaded
        .overlays
        .values()
        .filter_map(|one| one.ready.as_ref());
    let explored = loaded.plans.values().chain(overlaid);
    let explored = explored.map(|ready| ready.plan.id.clone()).collect();
    let mut compiled = Compiled::of(sources, explored);
    let mut found = config.diagnostics.clone();
    let mut good_for = GoodFor {
        tenants: Vec::new(),
        all: true,
    };
    for tenant in context.declared_and_asked()? {
        if let Some(own) = compiled.of_tenant(config, &tenant) {
            match own.good && !config.is_broken() {
                true => good_for.tenants.push(tenant),
                false => good_for.all = false,
            }
            found.extend(own.diagnostics);
        }
    }
    loaded.diagnostics.extend(found);
    in_order(&mut loaded.diagnostics);
    Ok((loaded, good_for))
}

/// Every key of the language and every word of the rules, as the page that lies beside the processes.
fn reference() -> String {
    format!(
        "# The language of forloeb\n\nWritten by `forloeb check --reference`.\n\n## Processes and calendars: YAML\n\n{}\n## Rules: Rhai\n\n{}",
        reference_markdown(),
        rules_markdown()
    )
}

/// A folder without a process is probably the wrong one.
fn ending(loaded: &Loaded) -> Ending {
    match loaded.has_errors() || loaded.plans.is_empty() {
        true => Ending::Found,
        false => Ending::Fine,
    }
}

/// What is told of a folder that is probably the wrong one.
pub fn no_process(folder: &str) -> String {
    format!(
        "there is no process in {folder}: a programme has `processes/*.yaml`, and `forloeb init DIR` makes one"
    )
}

/// What the programme is good for, after all that was found.
fn summary(loaded: &Loaded, folder: &str, good_for: &GoodFor) -> String {
    let names = |ready: bool| {
        let overlays = loaded.overlays.iter();
        let names = overlays
            .filter(|(_, one)| one.ready.is_some() == ready)
            .map(|(name, one)| format!("{name} over {}", one.process));
        names.collect::<Vec<_>>().join(", ")
    };
    let processes: Vec<&str> = loaded.plans.keys().map(|name| name.as_str()).collect();
    let mut ready = format!("ready to run: {}", processes.join(", "));
    if !names(true).is_empty() {
        ready = format!("{ready}\nwith overlays: {}", names(true));
    }
    if loaded.has_errors() {
        let of_overlays = |one: &Diagnostic| one.span.source.path.starts_with(OVERLAYS);
        let mut errors = loaded.diagnostics.iter().filter(|one| one.is_error());
        // What only an overlay has wrong leaves the processes as they are, and the other overlays.
        let mut told = match errors.all(of_overlays) && !names(false).is_empty() {
            true => format!(
                "not in force while it has errors: {}\n{ready}",
                names(false)
            ),
            false if good_for.tenants.is_empty() => {
                return "nothing of it comes into force while it has errors".to_owned();
            }
            false => "what has errors does not come into force".to_owned(),
        };
        if !good_for.all {
            let free = match good_for.tenants.is_empty() {
                true => "none".to_owned(),
                false => listed(&good_for.tenants),
            };
            told.push_str(&format!(
                "\ntenants that have none of what is wrong: {free}"
            ));
        }
        return told;
    }
    if processes.is_empty() {
        return no_process(folder);
    }
    match loaded.diagnostics.is_empty() {
        true => format!("{folder}: no errors, no warnings; {ready}"),
        false => ready,
    }
}

fn list_rules(context: &Context, loaded: &Loaded) -> Result<(), Failure> {
    let mut rules = Vec::new();
    let with_overlays = loaded
        .overlays
        .values()
        .filter_map(|one| one.ready.as_ref());
    for ready in loaded.plans.values().chain(with_overlays) {
        let process = &ready.plan.process;
        for asked in rule_uses(&ready.plan) {
            if let Some(described) = ready.plan.described.get(&asked.rule) {
                rules.push((described.ground.clone(), process, asked, described));
            }
        }
    }
    // In the order in which they are written, so that the page can be read beside the files.
    rules.sort_by(|a, b| (&a.0, a.1, &a.2.ground).cmp(&(&b.0, b.1, &b.2.ground)));
    // With an overlay most places are the same.
    rules.dedup_by(|a, b| a.1 == b.1 && a.2 == b.2);
    let rules: Vec<Value> = rules
        .into_iter()
        .map(|(written, process, asked, described)| {
            json!({
                "rule": asked.rule,
                "process": process,
                "attached": asked.ground.to_string(),
                "description": described.in_language(context.language().code()),
                "written": written.to_string(),
            })
        })
        .collect();
    context.print_either(&rules, || {
        let text = |rule: &Value, key: &str| {
            let text = rule.get(key).and_then(Value::as_str);
            text.unwrap_or_default().to_owned()
        };
        let mut page = Page::new(context.width(), context.colour());
        let mut told = BTreeSet::new();
        for rule in &rules {
            let name = text(rule, "rule");
            if !told.insert(name.clone()) {
                continue;
            }
            page.heading(&name);
            page.line(
                2,
                &Rich::plain(&text(rule, "description").replace('\n', " ")),
            );
            page.line(2, &Rich::new(Style::Dim, &text(rule, "written")));
            // One line for each place where it is asked.
            for place in rules.iter().filter(|other| text(other, "rule") == name) {
                let words = format!("{}  {}", text(place, "process"), text(place, "attached"));
                page.line(4, &Rich::new(Style::Dim, &words));
            }
        }
        page.finish()
    })
}
