//! A programme: its files, and the plans that they make together, as they are and with overlays.
//!
//! A plan travels with the sources that it is made of, so that it can be stored whole and compiled again to the same plan.

mod files;
mod laid;
mod whole;

pub use super::checks::uses as rule_uses;
use super::read::Problems;
use crate::{
    diagnostic::{Diagnostic, Source, in_order},
    scripts::Scripts,
};
use files::Files;
pub use files::{OVERLAYS, list_folder, read_folder};
use forloeb_core::{judge::Judge, name::Name, plan::Plan, text::Text, time::Calendar};
use indexmap::IndexMap;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};
use whole::{Parts, bad_files};

/// What loading the files of a programme gives. It never fails: what is wrong is in the diagnostics.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The plans that may run, by process.
    pub plans: IndexMap<Name, Ready>,
    /// The overlays that could be read, by name.
    pub overlays: IndexMap<Name, Overlaid>,
    /// The calendars that have no errors, by name.
    pub calendars: IndexMap<Name, Calendar>,
    /// Everything that was found, in the order of files and places.
    pub diagnostics: Vec<Diagnostic>,
}

/// A plan that may run.
#[derive(Clone, Debug)]
pub struct Ready {
    /// The plan.
    pub plan: Arc<Plan>,
    /// What evaluates its rules.
    pub judge: Arc<dyn Judge>,
    /// The files that it is made of, in the order of their paths: loading exactly these, with the overlays among them, gives the same plan.
    pub sources: Vec<Arc<Source>>,
}

/// An overlay of a programme.
#[derive(Clone, Debug)]
pub struct Overlaid {
    /// The process that it is laid over.
    pub process: Name,
    /// Its title, in the languages in which it has one.
    pub title: Text,
    /// Why it is there.
    pub because: String,
    /// The plan of the process with it, when that may run.
    pub ready: Option<Ready>,
}

impl Loaded {
    /// Whether anything blocks.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }
}

/// Compiles and checks the files of a programme: the processes as they are, and each overlay laid over its process by itself.
#[must_use]
pub fn load(sources: &[Arc<Source>]) -> Loaded {
    let mut problems = Problems::new();
    let files = Files::parse(sources, |_| true, &mut problems);
    let parts = Parts::of(files, &mut problems);
    let roots = parts.roots();
    let mut plans = BTreeMap::new();
    for (name, root) in &roots {
        if let Some(plan) = parts.compile(root, &mut problems) {
            plans.insert(name.clone(), plan);
        }
    }
    let fresh: Vec<Name> = plans.keys().cloned().collect();
    parts.check(&roots, &mut plans, &fresh, &mut problems, &|_| false);
    let bad = bad_files(&problems);
    let laid = laid::each(&parts, &plans, &bad, &mut problems);
    // While something is wrong, nobody knows yet what else would be used.
    if !problems.iter().any(Diagnostic::is_error) {
        let with_overlays = laid.values().filter_map(|one| one.ready.as_ref());
        let all = plans
            .values()
            .chain(with_overlays.map(|ready| &*ready.plan));
        problems.extend(unasked(&parts.scripts, all));
    }
    in_order(&mut problems);
    let ready = plans
        .keys()
        .filter_map(|name| Some((name.clone(), parts.ready(name, &plans, &bad)?)));
    Loaded {
        plans: ready.collect(),
        overlays: laid,
        calendars: parts.calendars.into_good(),
        diagnostics: problems,
    }
}

/// Compiles and checks the files of a programme with exactly these overlays in force; what is wrong with others is not told. The states
/// of plans that are `known` by their id are not explored: they were before they were stored.
#[must_use]
pub fn load_with(
    sources: &[Arc<Source>],
    overlays: &[Name],
    known: impl Fn(&Name) -> bool,
) -> Loaded {
    let mut problems = Problems::new();
    let files = Files::parse(sources, |name| overlays.contains(name), &mut problems);
    let parts = Parts::of(files, &mut problems);
    let laid = laid::together(&parts, overlays, &mut problems);
    let mut roots = parts.roots();
    for (process, one) in &laid {
        roots.insert(process.clone(), &one.laid.root);
    }
    // What nothing in force speaks of cannot stand in its way.
    let spoken_of = parts.spoken_of(&roots);
    problems.retain(|problem| {
        let path = &problem.span.source.path;
        let beside = path.starts_with(files::RULES) || path.starts_with(files::CALENDARS);
        !beside || spoken_of.contains(path)
    });
    let mut found = Problems::new();
    let mut plans = BTreeMap::new();
    for (name, root) in &roots {
        if let Some(mut plan) = parts.compile(root, &mut found) {
            plan.overlay = laid.get(name).map(|one| one.laid.overlay.clone());
            plans.insert(name.clone(), plan);
        }
    }
    let fresh: Vec<Name> = plans.keys().cloned().collect();
    parts.check(&roots, &mut plans, &fresh, &mut found, &known);
    problems.extend(laid::explained(&parts, &laid, found));
    in_order(&mut problems);
    let bad = bad_files(&problems);
    let ready: IndexMap<Name, Ready> = plans
        .keys()
        .filter_map(|name| Some((name.clone(), parts.ready(name, &plans, &bad)?)))
        .collect();
    let overlays = laid.into_iter().map(|(process, one)| {
        let plan = ready.get(&process).cloned();
        (one.laid.overlay.clone(), one.overlaid(plan))
    });
    Loaded {
        overlays: overlays.collect(),
        plans: ready,
        calendars: parts.calendars.into_good(),
        diagnostics: problems,
    }
}

/// The overlays whose files are among these sources.
#[must_use]
pub fn overlays_among(sources: &[Arc<Source>]) -> Vec<Name> {
    sources
        .iter()
        .filter_map(|source| {
            let file = source.path.strip_prefix(files::OVERLAYS)?;
            Some(Name::from(file.strip_suffix(".yaml")?))
        })
        .collect()
}

/// Warns about rules that no plan asks, and about what they say in a language that no plan has.
fn unasked<'p>(scripts: &Scripts, plans: impl Iterator<Item = &'p Plan>) -> Problems {
    let mut used: BTreeMap<&Name, BTreeSet<Name>> = BTreeMap::new();
    for plan in plans {
        for rule in plan.described.keys() {
            let languages = used.entry(rule).or_default();
            languages.extend(plan.languages.iter().cloned());
        }
    }
    let mut problems = scripts.unused(&used.keys().copied().collect());
    problems.extend(scripts.unread(&used));
    problems
}
