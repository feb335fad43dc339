//! `doctor`: examines the database, the programme and the surroundings. Finds, and never mends.

use super::{Context, Ending, Failure, context::read, force::Compiled};
use crate::{
    store::{Audited, Clock, Store, sqlite::SqliteStore},
    turn::Engine,
    words::{Page, Rich, Style},
};
use forloeb_core::{fold::fold, name::Name};
use jiff::Timestamp;
use serde::Serialize;
use std::collections::BTreeSet;

/// Cases that are examined at once.
const PAGE: u32 = 200;

/// One thing that was examined.
#[derive(Debug, Serialize)]
struct Examined {
    /// For whom, where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    tenant: Option<Name>,
    what: &'static str,
    fine: bool,
    found: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    wrong: Vec<String>,
}

impl Examined {
    fn fine(what: &'static str, found: impl Into<String>) -> Self {
        Self {
            tenant: None,
            what,
            fine: true,
            found: found.into(),
            wrong: Vec::new(),
        }
    }

    fn wrong(what: &'static str, found: impl Into<String>, wrong: Vec<String>) -> Self {
        Self {
            tenant: None,
            what,
            fine: false,
            found: found.into(),
            wrong,
        }
    }
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

pub async fn run(context: &Context) -> Result<Ending, Failure> {
    let tenants = context.whole().await?;
    let mut examined = vec![Examined::fine(
        "program",
        format!("forloeb {}", env!("CARGO_PKG_VERSION")),
    )];
    let sources = read(&context.common.programme);
    let mut compiled = sources
        .map(|sources| Compiled::of(sources, BTreeSet::new()))
        .map_err(|failure| failure.to_string());
    for engine in tenants.engines() {
        let of_one = [
            programme(context, &mut compiled, engine.tenant()),
            database(engine).await?,
            plans(engine).await?,
            cases(engine).await?,
            clock(engine).await?,
        ];
        let several = tenants.count() > 1;
        examined.extend(of_one.into_iter().map(|one| Examined {
            tenant: several.then(|| engine.tenant().clone()),
            ..one
        }));
    }
    context.print_either(&examined, || print(context, &examined))?;
    Ok(if examined.iter().all(|one| one.fine) {
        Ending::Fine
    } else {
        Ending::Found
    })
}

fn print(context: &Context, examined: &[Examined]) -> String {
    let mut page = Page::new(context.width(), context.colour());
    let mut of: Option<&Name> = None;
    for one in examined {
        if one.tenant.as_ref() != of {
            of = one.tenant.as_ref();
            page.heading(of.map_or("", Name::as_str));
        }
        let (sign, style) = if one.fine {
            ("✓ ", Style::Green)
        } else {
            ("✗ ", Style::Red)
        };
        let what = Rich::new(style, sign).and(Style::Plain, &format!("{:<10} ", one.what));
        page.hanging(&what, &Rich::plain(&one.found));
        for wrong in &one.wrong {
            page.line(4, &Rich::plain(wrong));
        }
    }
    page.finish()
}

/// The programme's folder as a tenant has it, or why it cannot be read.
fn programme(
    context: &Context,
    compiled: &mut Result<Compiled, String>,
    tenant: &Name,
) -> Examined {
    let compiled = match compiled {
        Ok(compiled) => compiled,
        Err(why) => return Examined::wrong("programme", "not found", vec![why.clone()]),
    };
    let Some(own) = compiled.of_tenant(&context.config, tenant) else {
        let wrong = vec!["declare it again in forloeb.toml".to_owned()];
        return Examined::wrong("programme", "not declared any more", wrong);
    };
    let found = format!(
        "{} ready to run",
        counted(own.plans.len(), "process", "processes")
    );
    if own.good {
        return Examined::fine("programme", found);
    }
    let errors = counted(own.errors(), "error", "errors");
    let wrong = vec![format!("{errors}; `forloeb check` shows what is wrong")];
    Examined::wrong("programme", found, wrong)
}

async fn database(engine: &Engine<SqliteStore>) -> Result<Examined, Failure> {
    let wrong = engine.store().integrity().await?;
    let counts = engine.store().counts(engine.tenant()).await?;
    let found = format!(
        "{} open, {} held, {} ended; {} entries, {} open tasks, {} findings",
        counts.open, counts.held, counts.ended, counts.entries, counts.tasks, counts.findings
    );
    Ok(if wrong.is_empty() {
        Examined::fine("database", found)
    } else {
        Examined::wrong("database", found, wrong)
    })
}

async fn plans(engine: &Engine<SqliteStore>) -> Result<Examined, Failure> {
    let mut wrong = Vec::new();
    let in_force = engine.store().active(engine.tenant()).await?;
    for plan in in_force.values() {
        if let Err(error) = engine.ready(plan).await {
            wrong.push(error.to_string());
        }
    }
    let found = format!(
        "{} in force",
        counted(in_force.len(), "process", "processes")
    );
    Ok(if wrong.is_empty() {
        Examined::fine("plans", found)
    } else {
        Examined::wrong("plans", found, wrong)
    })
}

/// `fold(history) == case` for each case, and its read models follow from its state.
async fn cases(engine: &Engine<SqliteStore>) -> Result<Examined, Failure> {
    let (mut count, mut wrong, mut after) = (0, Vec::new(), None);
    loop {
        let page = engine
            .store()
            .audit(engine.tenant(), after.as_ref(), PAGE)
            .await?;
        let last = page.len() < PAGE as usize;
        after = page.last().map(|audited| audited.row.case.id.clone());
        count += page.len();
        wrong.extend(page.iter().flat_map(disagreements));
        if last {
            break;
        }
    }
    let found = format!(
        "{}, each folded from its history",
        counted(count, "case", "cases")
    );
    Ok(if wrong.is_empty() {
        Examined::fine("cases", found)
    } else {
        Examined::wrong("cases", found, wrong)
    })
}

fn disagreements(audited: &Audited) -> Vec<String> {
    let case = &audited.row.case;
    let mut wrong = audited.disagreements.clone();
    if fold(&case.id, &audited.entries).as_ref() != Some(&**case) {
        wrong.push(format!("{}: its history does not give its state", case.id));
    }
    wrong
}

async fn clock(engine: &Engine<SqliteStore>) -> Result<Examined, Failure> {
    let now = engine.now().await?;
    let kind = match engine.store().clock().await? {
        Clock::Real => "real",
        Clock::Virtual(_) => "virtual",
    };
    let wake = engine.next_wake().await?;
    let late = wake
        .map(|wake| now.duration_since(wake).as_secs())
        .filter(|late| *late > 60);
    // Local time, as on the other pages; without a process in force there is no zone to tell it in.
    let zone = super::clock::calendar(engine).await.ok();
    let shown = |at: Timestamp| match &zone {
        Some(calendar) => calendar
            .zone()
            .local(at)
            .strftime("%a %-d %b %Y %H:%M")
            .to_string(),
        None => at.to_string(),
    };
    let found = match wake {
        Some(wake) => format!("{kind}, {}; next due {}", shown(now), shown(wake)),
        None => format!("{kind}, {}; nothing is due", shown(now)),
    };
    Ok(match late {
        None => Examined::fine("clock", found),
        Some(late) => Examined::wrong(
            "clock",
            found,
            vec![format!(
                "something has been due for {late} seconds: does `forloeb run` run?"
            )],
        ),
    })
}
