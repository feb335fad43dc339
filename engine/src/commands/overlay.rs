//! `overlay`: the overlays of a programme, and the process that one of them makes, each value with the place that it comes from.

use super::{
    Context, Ending, Failure,
    args::{OverlayArgs, OverlayCommand, OverlayShowArgs},
    context::{load, read},
};
use crate::{
    language::{
        effective::{Changed, Effective, Row, Was, effective},
        programme::{Loaded, Overlaid, overlays_among},
    },
    words::{Column, Page, Rich, Style},
};
use forloeb_core::{ground::Ground, name::Name};
use serde_json::{Value, json};

pub fn run(context: &Context, args: OverlayArgs) -> Result<Ending, Failure> {
    match args.command {
        OverlayCommand::List => list(context),
        OverlayCommand::Show(args) => show(context, &args),
    }
}

fn list(context: &Context) -> Result<Ending, Failure> {
    let loaded = load(&context.common.programme)?;
    let unread = unread(context, &loaded)?;
    let data: Vec<Value> = loaded
        .overlays
        .iter()
        .map(|(name, one)| {
            json!({
                "overlay": name,
                "process": one.process,
                "because": one.because,
                "ready": one.ready.is_some(),
            })
        })
        .chain(unread.iter().map(
            |name| json!({ "overlay": name, "process": null, "because": null, "ready": false }),
        ))
        .collect();
    context.print_either(&data, || {
        if data.is_empty() {
            return "there is no overlay: one is a file `processes/overlays/NAME.yaml`\n"
                .to_owned();
        }
        let mut page = Page::new(context.width(), context.colour());
        let columns = [
            Column::wrapping(12),
            Column::wrapping(12),
            Column::wrapping(20),
        ];
        let errors = || Rich::new(Style::Red, "has errors, see `forloeb check`");
        let row = |name: &Name, over: String, because| {
            vec![Rich::new(Style::Bold, name), Rich::plain(&over), because]
        };
        let read = loaded.overlays.iter().map(|(name, one)| {
            let because = match one.ready {
                Some(_) => Rich::plain(&one.because),
                None => errors(),
            };
            row(name, format!("over {}", one.process), because)
        });
        let unread = unread.iter().map(|name| row(name, String::new(), errors()));
        let rows: Vec<Vec<Rich>> = read.chain(unread).collect();
        page.table(0, &columns, &rows);
        page.finish()
    })?;
    Ok(Ending::Fine)
}

fn show(context: &Context, args: &OverlayShowArgs) -> Result<Ending, Failure> {
    let loaded = load(&context.common.programme)?;
    let name = Name::from(args.name.as_str());
    let Some(overlaid) = loaded.overlays.get(&name) else {
        return Err(match unread(context, &loaded)?.contains(&name) {
            true => with_errors(&name),
            false => unknown(&loaded, &name),
        });
    };
    let sources = read(&context.common.programme)?;
    let shown = effective(&sources, &name).filter(|_| overlaid.ready.is_some());
    let Some(shown) = shown else {
        return Err(with_errors(&name));
    };
    context.print_either(&data(&shown, overlaid, args.changed), || {
        let mut page = Page::new(context.width(), context.colour());
        page.heading(&format!("{name} over {}", shown.process));
        page.line(0, &Rich::plain(&overlaid.because));
        page.line(
            0,
            &Rich::new(Style::Dim, "Files at the right lie in processes/."),
        );
        page.blank();
        match args.changed {
            true => shown.changes.iter().for_each(|one| change(&mut page, one)),
            false => whole(&mut page, &shown),
        }
        page.finish()
    })?;
    Ok(Ending::Fine)
}

/// The overlays whose files cannot be read so far that their processes are known.
fn unread(context: &Context, loaded: &Loaded) -> Result<Vec<Name>, Failure> {
    let mut names = overlays_among(&read(&context.common.programme)?);
    names.retain(|name| !loaded.overlays.contains_key(name));
    Ok(names)
}

fn with_errors(name: &Name) -> Failure {
    Failure::usage(
        format!("the overlay `{name}`, or what it stands on, has errors"),
        "`forloeb check` shows them",
    )
}

fn unknown(loaded: &Loaded, name: &Name) -> Failure {
    let known: Vec<String> = loaded
        .overlays
        .keys()
        .map(|name| format!("`{name}`"))
        .collect();
    let help = match known.is_empty() {
        true => {
            "there is none in processes/overlays; `forloeb check` tells what is wrong with a file"
                .to_owned()
        }
        false => format!("these are: {}", known.join(", ")),
    };
    Failure::usage(format!("there is no overlay `{name}`"), help)
}

fn place(ground: &Ground) -> String {
    format!("{}:{}", ground.file, ground.line)
}

fn data(shown: &Effective, overlaid: &Overlaid, changed: bool) -> Value {
    let was = |was: &Option<Was>| {
        was.as_ref()
            .map(|was| json!({ "value": was.value, "place": place(&was.ground) }))
    };
    let changes: Vec<Value> = shown
        .changes
        .iter()
        .map(|one| {
            json!({
                "did": one.did,
                "address": one.address,
                "value": one.value,
                "place": place(&one.ground),
                "was": was(&one.was),
                "because": one.because,
            })
        })
        .collect();
    let mut data = json!({
        "overlay": shown.overlay,
        "process": shown.process,
        "because": overlaid.because,
        "changes": changes,
    });
    if let (false, Some(data)) = (changed, data.as_object_mut()) {
        let values = shown.rows.iter().map(|row| {
            json!({
                "address": row.address.join("."),
                "value": row.value,
                "place": place(&row.ground),
                "did": row.did,
                "was": was(&row.was),
            })
        });
        data.insert("values".to_owned(), values.collect());
    }
    data
}

/// Every line of the process, and at the end what is not in it any more.
fn whole(page: &mut Page, shown: &Effective) {
    for row in &shown.rows {
        let indent = 2 * (row.address.len().saturating_sub(1));
        page.beside(&front(indent), &line(row), &from(&row.ground));
        if let Some(was) = &row.was {
            replaced(page, indent + 2, was);
        }
    }
    let mut gone = shown
        .changes
        .iter()
        .filter(|one| one.value.is_none())
        .peekable();
    if gone.peek().is_some() {
        page.heading("Taken out");
        gone.for_each(|one| change(page, one));
    }
}

fn line(row: &Row) -> Rich {
    let dash = if row.item { "- " } else { "" };
    let text = match (&row.value, row.item) {
        (Some(value), true) => format!("{dash}{value}"),
        (Some(value), false) if value.is_empty() => format!("{}:", row.name),
        (Some(value), false) => format!("{}: {value}", row.name),
        (None, true) => format!("{dash}{}", row.name),
        (None, false) => format!("{}:", row.name),
    };
    match row.did {
        Some(_) => Rich::new(Style::Yellow, &text),
        None => Rich::plain(&text),
    }
}

/// One thing that the overlay does.
fn change(page: &mut Page, one: &Changed) {
    let (sign, value) = match (&one.value, &one.was) {
        (None, _) => ("- ", None),
        (Some(value), None) => ("+ ", Some(value)),
        (Some(value), Some(_)) => ("", Some(value)),
    };
    let yellow = |text: &str| Rich::new(Style::Yellow, text);
    let address = format!("{sign}{}", one.address);
    let place = from(&one.ground);
    match value {
        None => page.ends(0, &yellow(&address), &place),
        Some(value) if address.len() + value.len() + place.width() + 4 <= page.room(0) => {
            page.ends(0, &yellow(&format!("{address}: {value}")), &place);
        }
        Some(value) => {
            page.ends(0, &yellow(&format!("{address}:")), &place);
            page.line(4, &yellow(value));
        }
    }
    if let Some(was) = &one.was {
        replaced(page, 2, was);
    }
    if let Some(because) = &one.because {
        page.line(2, &Rich::plain(&format!("because {because}")));
    }
}

fn replaced(page: &mut Page, indent: usize, was: &Was) {
    let words = Rich::new(Style::Dim, &format!("was {}", was.value));
    page.beside(&front(indent), &words, &from(&was.ground));
}

fn front(indent: usize) -> Rich {
    Rich::plain(&" ".repeat(indent))
}

/// File and line, at the right edge: all of these files lie in one folder, whose name would fill half the page.
fn from(ground: &Ground) -> Rich {
    let place = place(ground);
    Rich::new(
        Style::Dim,
        place.strip_prefix("processes/").unwrap_or(&place),
    )
}
