//! Compiles what a process says about its earlier versions: what bore another name in them, and whether open cases follow by themselves.

use super::{
    compile::Compiler,
    declared::{Declared, Sort, names},
    problems::suggestion,
    read::{Fields, Problems, named, word},
    reference::RENAMED,
    tree::{Entry, Node},
};
use crate::diagnostic::Diagnostic;
use forloeb_core::{
    name::Name,
    versions::{Adopt, Renamed},
};
use std::collections::BTreeMap;

impl<'n> Compiler<'n> {
    /// Names of earlier versions, and whether open cases go over by themselves.
    pub(super) fn versions(&mut self, fields: Fields<'n>) -> (Renamed, Adopt) {
        let choices = [("never", Adopt::Never), ("when_safe", Adopt::WhenSafe)];
        let adopt = fields.choice("adopt", &choices, &mut self.problems);
        (self.renamed(fields), adopt.unwrap_or_default())
    }

    fn renamed(&mut self, fields: Fields<'n>) -> Renamed {
        let Some(entry) = fields.entry("renamed") else {
            return Renamed::default();
        };
        let Some(fields) =
            Fields::read(&entry.value, &entry.key_span, &RENAMED, &mut self.problems)
        else {
            return Renamed::default();
        };
        let here = Here::of(self.root, &self.declared);
        let mut read = |section: &str, what: &str, known: &[&str]| {
            let node = fields.get(section);
            node.map(|node| pairs(node, what, known, &mut self.problems))
                .unwrap_or_default()
        };
        Renamed {
            tracks: read("tracks", "track", &here.tracks),
            stages: read("stages", "stage", &here.stages),
            tasks: read("tasks", "task", &here.tasks),
            deadlines: read("deadlines", "deadline", &here.deadlines),
            recurring: read("recurring", "recurring work", &here.recurring),
            facts: read("facts", "fact", &here.facts),
            events: read("events", "event", &here.events),
            links: read("links", "link", &here.links),
        }
    }
}

/// The names that this version has.
struct Here<'n> {
    tracks: Vec<&'n str>,
    stages: Vec<&'n str>,
    tasks: Vec<&'n str>,
    deadlines: Vec<&'n str>,
    recurring: Vec<&'n str>,
    facts: Vec<&'n str>,
    events: Vec<&'n str>,
    links: Vec<&'n str>,
}

impl<'n> Here<'n> {
    fn of(root: &'n Node, declared: &Declared<'n>) -> Self {
        let of = |sort| declared.of(sort).keys().copied().collect::<Vec<_>>();
        let in_stages = |section: &str| {
            let stages = declared.of(Sort::Stage).values();
            let all = stages.flat_map(|stage| names(stage.value.get(section)).into_keys());
            all.collect::<Vec<_>>()
        };
        let top = |section: &str| names(root.get(section)).into_keys().collect::<Vec<_>>();
        let mut tasks = in_stages("tasks");
        tasks.extend(top("tasks"));
        Self {
            tracks: top("tracks"),
            stages: of(Sort::Stage),
            tasks,
            deadlines: in_stages("deadlines"),
            recurring: top("recurring"),
            facts: of(Sort::Fact),
            events: of(Sort::Event),
            links: of(Sort::Link),
        }
    }
}

/// Old names, each with a new one that this version has.
fn pairs(node: &Node, what: &str, known: &[&str], problems: &mut Problems) -> BTreeMap<Name, Name> {
    let mut renamed = BTreeMap::new();
    for entry in named(node, "old names, each with the new one", problems) {
        let Some(new) = word(&entry.value, &format!("the new name of a {what}"), problems) else {
            continue;
        };
        if known.contains(&entry.key.as_str()) {
            problems.push(still_there(entry, what));
        } else if !known.contains(&new.text.as_str()) {
            problems.push(
                Diagnostic::error(
                    "unknown-new-name",
                    &entry.value.span,
                    format!("there is no {what} `{}`", new.text),
                )
                .label("expected the name that it has in this file")
                .help(suggestion(
                    &new.text,
                    known.iter().copied(),
                    "take the line out",
                )),
            );
        } else {
            renamed.insert(
                Name::from(entry.key.as_str()),
                Name::from(new.text.as_str()),
            );
        }
    }
    renamed
}

fn still_there(entry: &Entry, what: &str) -> Diagnostic {
    Diagnostic::error(
        "old-name-in-use",
        &entry.key_span,
        format!("there still is a {what} `{}`", entry.key),
    )
    .help("on the left stands a name that this file does not use any more, on the right the one that took its place")
}
