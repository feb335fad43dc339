//! Overlays within a programme: each laid over its process by itself, or several in force together.

use super::{Overlaid, Ready, files::RULES, whole::Parts};
use crate::diagnostic::{Diagnostic, Source, Span};
use crate::language::{
    overlay::{self, Laid, into_overlay, pointed},
    problems::suggestion,
    read::Problems,
    tree::{Content, Node},
};
use forloeb_core::{name::Name, plan::Plan, text::Text};
use indexmap::IndexMap;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// An overlay that lies over its process.
pub struct One {
    /// What comes out.
    pub laid: Laid,
    title: Text,
    because: String,
}

impl One {
    /// What is told of it.
    pub fn overlaid(self, ready: Option<Ready>) -> Overlaid {
        Overlaid {
            process: self.laid.process,
            title: self.title,
            because: self.because,
            ready,
        }
    }
}

/// Each overlay by itself. `plans` are those of the processes as they are, and the files of `bad` have errors without any overlay.
pub fn each(
    parts: &Parts,
    plans: &BTreeMap<Name, Plan>,
    bad: &BTreeSet<Name>,
    problems: &mut Problems,
) -> IndexMap<Name, Overlaid> {
    let without: Problems = problems.clone();
    let mut all = IndexMap::new();
    for (name, root) in &parts.files.overlays {
        let mut own = Problems::new();
        let read = root
            .as_ref()
            .and_then(|root| overlay::read(root, parts.processes(), &mut own));
        if let Some(read) = read {
            let overlaid = by_itself(parts, plans, bad, &without, &read, &mut own);
            all.insert(name.clone(), overlaid);
        }
        problems.append(&mut own);
    }
    all
}

/// Lays one overlay over its process and checks what comes out. Over a process with errors of its own nothing can be said.
fn by_itself(
    parts: &Parts,
    plans: &BTreeMap<Name, Plan>,
    bad: &BTreeSet<Name>,
    without: &Problems,
    read: &overlay::Overlay<'_>,
    own: &mut Problems,
) -> Overlaid {
    let mut overlaid = Overlaid {
        process: read.process.clone(),
        title: read.title(),
        because: read.because.clone(),
        ready: None,
    };
    let Some(Some(base)) = parts.files.processes.get(&read.process) else {
        return overlaid;
    };
    if bad.contains(&base.span.source.path) {
        return overlaid;
    }
    let Some(laid) = overlay::lay(read, base, own) else {
        return overlaid;
    };
    let mut found = Problems::new();
    let compiled = parts.compile(&laid.root, &mut found);
    let mut with = plans.clone();
    if let Some(mut plan) = compiled {
        plan.overlay = Some(read.name.clone());
        with.insert(read.process.clone(), plan);
        let mut roots = parts.roots();
        roots.insert(read.process.clone(), &laid.root);
        let fresh = [read.process.clone()];
        parts.check(&roots, &mut with, &fresh, &mut found, &|_| false);
    }
    found.retain(|problem| !without.contains(problem));
    let laid_over = BTreeMap::from([(&read.process, &laid)]);
    own.extend(
        found
            .into_iter()
            .map(|problem| told(parts, &laid_over, problem)),
    );
    if !own.iter().any(Diagnostic::is_error) {
        overlaid.ready = parts
            .ready(&read.process, &with, bad)
            .filter(|ready| ready.plan.overlay.is_some());
    }
    overlaid
}

/// Several overlays that are in force together: each over a process of its own.
pub fn together(parts: &Parts, overlays: &[Name], problems: &mut Problems) -> IndexMap<Name, One> {
    let mut laid: IndexMap<Name, One> = IndexMap::new();
    for name in overlays {
        let Some(root) = parts.files.overlays.get(name) else {
            problems.push(unknown(parts, name));
            continue;
        };
        let Some(read) = root
            .as_ref()
            .and_then(|root| overlay::read(root, parts.processes(), problems))
        else {
            continue;
        };
        if let Some(first) = laid.get(&read.process) {
            if first.laid.overlay != read.name {
                problems.push(two_of_one(&read, &first.laid));
            }
            continue;
        }
        let Some(Some(base)) = parts.files.processes.get(&read.process) else {
            continue;
        };
        if let Some(over) = overlay::lay(&read, base, problems) {
            let one = One {
                laid: over,
                title: read.title(),
                because: read.because.clone(),
            };
            laid.insert(read.process.clone(), one);
        }
    }
    laid
}

/// What was found on processes with overlays, told so that it points into these. Whether it would be wrong without them too is looked at
/// only when something is.
pub fn explained(parts: &Parts, laid: &IndexMap<Name, One>, found: Problems) -> Problems {
    if laid.is_empty() || !found.iter().any(Diagnostic::is_error) {
        return found;
    }
    let roots = parts.roots();
    let mut without = Problems::new();
    let mut plans = BTreeMap::new();
    for (name, root) in &roots {
        if let Some(plan) = parts.compile(root, &mut without) {
            plans.insert(name.clone(), plan);
        }
    }
    let fresh: Vec<Name> = plans.keys().cloned().collect();
    parts.check(&roots, &mut plans, &fresh, &mut without, &|_| false);
    let laid: BTreeMap<&Name, &Laid> = laid.iter().map(|(name, one)| (name, &one.laid)).collect();
    found
        .into_iter()
        .map(|problem| match without.contains(&problem) {
            true => problem,
            false => told(parts, &laid, problem),
        })
        .collect()
}

/// Points a mistake into the overlay that it comes from.
fn told(parts: &Parts, laid: &BTreeMap<&Name, &Laid>, problem: Diagnostic) -> Diagnostic {
    let path = &problem.span.source.path;
    let of_file = |laid: &&&Laid| laid.extends.source.path == *path;
    if let Some(own) = laid.values().find(of_file) {
        return pointed(problem, own);
    }
    let base = |laid: &&&Laid| {
        parts
            .files
            .processes
            .get(&laid.process)
            .and_then(Option::as_ref)
    };
    let over = |laid: &&&Laid| base(laid).is_some_and(|root| root.span.source.path == *path);
    if let Some(file) = path
        .strip_prefix(RULES)
        .and_then(|file| file.strip_suffix(".rhai"))
    {
        for one in laid.values() {
            let of_base = base(&one).and_then(|root| asked(root, file)).is_some();
            // A rule that only the overlay asks is wrong by itself.
            if let (false, Some(span)) = (of_base, asked(&one.root, file)) {
                return problem.also(&span, "asked here");
            }
        }
    }
    match laid.values().find(over).or_else(|| laid.values().next()) {
        Some(laid) => into_overlay(problem, laid),
        None => problem,
    }
}

/// Where a tree names a rule of a file.
fn asked(root: &Node, file: &str) -> Option<Span> {
    let mut left = vec![root];
    while let Some(node) = left.pop() {
        match &node.content {
            Content::Scalar(scalar) => {
                let rule = scalar.text.strip_prefix(file);
                if rule.is_some_and(|rest| rest.starts_with('.')) {
                    return Some(node.span.clone());
                }
            }
            Content::Map(entries) => left.extend(entries.iter().map(|entry| &entry.value)),
            Content::List(items) => left.extend(items),
            Content::Empty => {}
        }
    }
    None
}

fn unknown(parts: &Parts, name: &Name) -> Diagnostic {
    let source = Arc::new(Source {
        path: format!("processes/overlays/{name}.yaml").into(),
        text: String::new(),
    });
    let known = parts.files.known_overlays.iter().map(Name::as_str);
    Diagnostic::error(
        "unknown-overlay",
        &Span::new(&source, 0, 0),
        format!("there is no overlay `{name}`"),
    )
    .help(suggestion(
        name,
        known,
        "put its file into `processes/overlays/`",
    ))
}

fn two_of_one(second: &overlay::Overlay<'_>, first: &Laid) -> Diagnostic {
    Diagnostic::error(
        "two-overlays",
        second.extends,
        format!(
            "the overlays `{}` and `{}` both lie over `{}`, and two overlays are never merged",
            first.overlay, second.name, second.process
        ),
    )
    .also(&first.extends, "the other one")
    .help("name one of the two; what both should hold goes into that one")
}
