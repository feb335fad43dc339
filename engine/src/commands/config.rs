//! `config`: the settings with where each comes from, and the tenants of `forloeb.toml`. Opens no database.

use super::{
    Context, Ending, Failure,
    settings::{Origin, Settled},
};
use crate::{
    config::{Placed, Tenant},
    words::{Column, Language, Page, Rich, Style},
};
use forloeb_core::{accept::listed, name::Name};
use serde::Serialize;

/// A setting and where it comes from.
#[derive(Debug, Serialize)]
struct Line {
    setting: &'static str,
    value: Option<String>,
    origin: String,
}

impl Line {
    fn of<T: ToString>(setting: &'static str, settled: &Settled<T>) -> Self {
        Self {
            setting,
            value: Some(settled.value.to_string()),
            origin: settled.origin.to_string(),
        }
    }
}

/// A tenant with what it has.
#[derive(Debug, Serialize)]
struct Declared {
    tenant: Name,
    origin: String,
    has: Vec<Line>,
}

#[derive(Debug, Serialize)]
struct Shown {
    settings: Vec<Line>,
    tenants: Vec<Declared>,
}

pub fn run(context: &Context) -> Result<Ending, Failure> {
    context.config()?;
    let shown = Shown {
        settings: settings(context),
        tenants: tenants(context),
    };
    context.print_either(&shown, || page(context, &shown))?;
    Ok(Ending::Fine)
}

fn settings(context: &Context) -> Vec<Line> {
    let tenant = match context.settled_tenant() {
        Some(tenant) => Line::of("tenant", &tenant),
        None => Line {
            setting: "tenant",
            value: None,
            origin: format!("give one with --tenant: {}", listed(&context.declared())),
        },
    };
    let language = context.settled_language();
    vec![
        Line::of("programme", &context.settled_programme()),
        tenant,
        Line {
            setting: "language",
            value: Some(language.value.code().to_owned()),
            origin: language.origin.to_string(),
        },
        Line::of("db", &context.settled_db()),
    ]
}

/// The tenant that was asked for, or all. One that only the database has is not declared, and so it is not here.
fn tenants(context: &Context) -> Vec<Declared> {
    let asked = context.asked_tenant().map(|asked| asked.value);
    let wanted = context
        .config
        .tenants
        .iter()
        .filter(|(name, _)| asked.as_ref().is_none_or(|asked| asked == *name));
    let declared = wanted.map(|(name, tenant)| Declared {
        tenant: name.clone(),
        origin: tenant.span.ground().to_string(),
        has: of_tenant(context, name, tenant),
    });
    declared.collect()
}

fn of_tenant(context: &Context, name: &Name, tenant: &Tenant) -> Vec<Line> {
    let mut has = Vec::new();
    if let Some(title) = &tenant.title {
        has.push(Line::of("title", &Settled::placed(title)));
    }
    let Settled { value, origin } = language(context, name);
    has.push(Line {
        setting: "language",
        value: Some(value.code().to_owned()),
        origin: origin.to_string(),
    });
    has.push(names(
        "processes",
        tenant.processes.as_ref(),
        "all of the folder",
    ));
    has.push(names("overlays", tenant.overlays.as_ref(), "none"));
    has
}

/// The language in which a tenant is told, as things stand.
fn language(context: &Context, tenant: &Name) -> Settled<Language> {
    context.of(tenant).settled_language()
}

fn names(setting: &'static str, list: Option<&Placed<Vec<Placed<Name>>>>, without: &str) -> Line {
    match list {
        Some(list) => {
            let names: Vec<&str> = list.value.iter().map(|name| name.value.as_str()).collect();
            Line {
                setting,
                value: Some(match names.is_empty() {
                    true => "none".to_owned(),
                    false => names.join(", "),
                }),
                origin: Origin::File(list.span.ground()).to_string(),
            }
        }
        None => Line {
            setting,
            value: Some(without.to_owned()),
            origin: Origin::Default.to_string(),
        },
    }
}

fn page(context: &Context, shown: &Shown) -> String {
    const COLUMNS: [Column; 3] = [Column::FIXED, Column::wrapping(20), Column::wrapping(20)];
    let row = |line: &Line| {
        vec![
            Rich::plain(line.setting),
            Rich::plain(line.value.as_deref().unwrap_or("-")),
            Rich::new(Style::Dim, &line.origin),
        ]
    };
    let mut page = Page::new(context.width(), context.colour());
    page.table(
        0,
        &COLUMNS,
        &shown.settings.iter().map(row).collect::<Vec<_>>(),
    );
    for tenant in &shown.tenants {
        page.heading(&tenant.tenant);
        page.line(2, &Rich::new(Style::Dim, &tenant.origin));
        page.table(2, &COLUMNS, &tenant.has.iter().map(row).collect::<Vec<_>>());
    }
    page.finish()
}
