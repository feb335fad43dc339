//! `check`: all errors and warnings of a programme's folder.

use super::{
    Context, Ending, Failure,
    args::CheckArgs,
    context::{load, shown},
};
use crate::{
    diagnostic::{Colour, Diagnostic, render_all},
    language::{programme::Loaded, reference::reference_markdown},
    scripts::reference::rules_markdown,
    words::{Page, Rich, Style},
};
use serde_json::json;

pub fn run(context: &Context, args: CheckArgs) -> Result<Ending, Failure> {
    if args.reference {
        context.print(&reference())?;
        return Ok(Ending::Fine);
    }
    let folder = args
        .path
        .unwrap_or_else(|| context.common.programme.clone());
    let loaded = load(&folder)?;
    if args.rules {
        list_rules(context, &loaded)?;
        return Ok(ending(&loaded.diagnostics));
    }
    if context.common.json {
        let found: Vec<_> = loaded.diagnostics.iter().map(Diagnostic::to_json).collect();
        context.print_either(&json!({ "diagnostics": found }), String::new)?;
        return Ok(ending(&loaded.diagnostics));
    }
    let mut page = String::new();
    if !loaded.diagnostics.is_empty() {
        let colour = if context.colour() {
            Colour::On
        } else {
            Colour::Off
        };
        page.push_str(&render_all(&loaded.diagnostics, colour));
        page.push('\n');
    }
    page.push_str(&summary(&loaded, &shown(&folder)));
    context.print(&page)?;
    Ok(ending(&loaded.diagnostics))
}

/// Every key of the language and every word of the rules, as the page that lies beside the processes.
fn reference() -> String {
    format!(
        "# The language of forloeb\n\nWritten by `forloeb check --reference`.\n\n## Processes and calendars: YAML\n\n{}\n## Rules: Rhai\n\n{}",
        reference_markdown(),
        rules_markdown()
    )
}

fn ending(diagnostics: &[Diagnostic]) -> Ending {
    match diagnostics.iter().any(Diagnostic::is_error) {
        true => Ending::Found,
        false => Ending::Fine,
    }
}

/// What the programme is good for, after all that was found.
fn summary(loaded: &Loaded, folder: &str) -> String {
    if loaded.has_errors() {
        return "nothing of it comes into force while it has errors".to_owned();
    }
    let processes: Vec<&str> = loaded.plans.keys().map(|name| name.as_str()).collect();
    let ready = match processes.is_empty() {
        true => "there is no process in it".to_owned(),
        false => format!("ready to run: {}", processes.join(", ")),
    };
    match loaded.diagnostics.is_empty() {
        true => format!("{folder}: no errors, no warnings; {ready}"),
        false => ready,
    }
}

fn list_rules(context: &Context, loaded: &Loaded) -> Result<(), Failure> {
    let mut rules = Vec::new();
    for (process, ready) in &loaded.plans {
        let plan = &ready.plan;
        for attached in plan.attached_rules() {
            let described = plan.described.get(&attached.rule);
            rules.push(json!({
                "rule": attached.rule,
                "process": process,
                "attached": attached.ground.to_string(),
                "description": described.map(|described| &described.description),
                "written": described.map(|described| described.ground.to_string()),
            }));
        }
    }
    context.print_either(&rules, || {
        let mut page = Page::new(context.width(), context.colour());
        for rule in &rules {
            let text = |key: &str| {
                rule.get(key)
                    .and_then(|value| value.as_str())
                    .unwrap_or_default()
                    .to_owned()
            };
            page.heading(&format!("{} ({})", text("rule"), text("process")));
            page.line(2, &Rich::plain(&text("description").replace('\n', " ")));
            let places = format!(
                "written at {}, attached at {}",
                text("written"),
                text("attached")
            );
            page.line(2, &Rich::new(Style::Dim, &places));
        }
        page.finish()
    })
}
