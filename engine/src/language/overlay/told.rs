//! Says where a mistake of an effective process comes from: one in the overlay shows the line of the process too, and one in a line of the
//! process points at what in the overlay brought it about.

use super::{
    address::{spoken, standing_at},
    lay::{Change, Did, Laid},
};
use crate::diagnostic::Diagnostic;
use crate::language::tree::{Content, Node};

/// A mistake in an overlay, with the line of the process that it is about.
#[must_use]
pub fn pointed(mut problem: Diagnostic, laid: &Laid) -> Diagnostic {
    let process = &laid
        .changes
        .iter()
        .map(|change| &change.base.source.path)
        .next();
    let shown = problem
        .also
        .iter()
        .any(|(span, _)| Some(&span.source.path) == *process);
    if shown || problem.span.source.path != laid.extends.source.path {
        return problem;
    }
    let change = laid.changes.iter().find(|change| {
        let to = change.to.as_ref().map(extent);
        let (start, end) = to.unwrap_or((change.at.start, change.at.end));
        let inside =
            |start: usize, end: usize| start <= problem.span.start && problem.span.end <= end;
        inside(start, end) || inside(change.at.start, change.at.end)
    });
    if let Some(change) = change {
        let words = match change.did {
            Did::Set => "it stands here in the process",
            Did::Added => "it goes in here",
            Did::Removed => "taken out of here",
        };
        problem.also.push((change.base.clone(), words.to_owned()));
    }
    problem
}

/// A mistake that stands in a line of the process, or of another file that is good without the overlay: it is the overlay's.
#[must_use]
pub fn into_overlay(problem: Diagnostic, laid: &Laid) -> Diagnostic {
    let change = cause(&problem, laid);
    let label = problem.label.clone().unwrap_or_else(|| "here".to_owned());
    let help = advice(&problem, change, laid);
    let mut also = vec![(problem.span.clone(), label)];
    also.extend(problem.also);
    let (at, words) = match change {
        Some(change) => (change.at.clone(), words(change)),
        None => (laid.extends.clone(), "with this overlay".to_owned()),
    };
    Diagnostic {
        span: at,
        label: Some(words),
        also,
        help,
        ..problem
    }
}

/// What to do in the overlay about a line of the process that goes wrong with it.
fn advice(problem: &Diagnostic, change: Option<&Change>, laid: &Laid) -> Option<String> {
    let place = standing_at(&laid.root, &problem.span);
    if let Some((names, true)) = &place
        && problem.code.starts_with("unused-")
    {
        return Some(format!(
            "take `{}` out as well, under `remove:`",
            spoken(names)
        ));
    }
    let Some(change) = change.filter(|change| change.did == Did::Removed) else {
        return problem.help.clone();
    };
    let kept = format!("leave `{}` in", spoken(&change.names));
    let known = problem
        .help
        .as_ref()
        .map_or(String::new(), |help| format!("; {help}"));
    let span = &problem.span;
    Some(match place {
        Some((names, false)) => {
            let value = span.source.text.get(span.start..span.end).unwrap_or("…");
            format!(
                "{kept}, or write also `{}: {{ was: {value}, to: … }}` under `set:`{known}",
                spoken(&names)
            )
        }
        _ => format!("{kept}, or change also what needs it{known}"),
    })
}

/// What in the overlay brought a mistake about: the change that touches what the mistake speaks of, what is taken out before all else.
fn cause<'l>(problem: &Diagnostic, laid: &'l Laid) -> Option<&'l Change> {
    let mut spoken_of: Vec<String> = Vec::new();
    let texts = [Some(&problem.message), problem.label.as_ref()];
    for text in texts.into_iter().flatten() {
        spoken_of.extend(text.split('`').skip(1).step_by(2).map(str::to_owned));
    }
    let span = &problem.span;
    let under = span.source.text.get(span.start..span.end);
    spoken_of.extend(under.map(str::to_owned));
    let speaks = |name: &String| spoken_of.contains(name);
    let of = |did: Did| laid.changes.iter().filter(move |change| change.did == did);
    let ordered = || of(Did::Removed).chain(of(Did::Set)).chain(of(Did::Added));
    let last = |change: &&Change| change.names.last().is_some_and(speaks);
    let said = |change: &&Change| {
        let values = [&change.was, &change.to];
        values
            .into_iter()
            .flatten()
            .any(|node| says(node, &spoken_of))
    };
    let any = |change: &&Change| change.names.iter().skip(1).any(speaks);
    ordered()
        .find(last)
        .or_else(|| ordered().find(said))
        .or_else(|| ordered().find(any))
}

/// Whether one of these words stands somewhere in a value.
fn says(node: &Node, words: &[String]) -> bool {
    match &node.content {
        Content::Empty => false,
        Content::Scalar(scalar) => words.contains(&scalar.text),
        Content::Map(entries) => entries.iter().any(|entry| says(&entry.value, words)),
        Content::List(items) => items.iter().any(|item| says(item, words)),
    }
}

fn words(change: &Change) -> String {
    match change.did {
        Did::Set => "with this value",
        Did::Added => "with this added",
        Did::Removed => "with this taken out",
    }
    .to_owned()
}

/// From the first to the last byte of a value: a block's own span marks only its beginning.
fn extent(node: &Node) -> (usize, usize) {
    let own = (node.span.start, node.span.end);
    let below: Vec<(usize, usize)> = match &node.content {
        Content::Map(entries) => entries
            .iter()
            .flat_map(|entry| {
                [
                    (entry.key_span.start, entry.key_span.end),
                    extent(&entry.value),
                ]
            })
            .collect(),
        Content::List(items) => items.iter().map(extent).collect(),
        _ => Vec::new(),
    };
    below
        .into_iter()
        .fold(own, |whole, one| (whole.0.min(one.0), whole.1.max(one.1)))
}
