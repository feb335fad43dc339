//! Warns about what is declared and never used. What a rule's text names counts as used.

use crate::diagnostic::{Diagnostic, Source};
use crate::language::{
    read::Problems,
    texts::placeholders,
    tree::{Content, Node},
};
use forloeb_core::{name::Name, plan::Plan};
use std::{collections::BTreeSet, sync::Arc};

/// Warns about roles, settings, tasks and texts that nothing uses.
pub fn check(root: &Node, plan: &Plan, rules: &[Arc<Source>], problems: &mut Problems) {
    let used = Used::of(root, plan, rules);
    // A fact or an event that nothing asks for is still something that people read.
    let sections: [(&str, &str, &str); 4] = [
        ("roles", "role", "nobody reports, does or hears anything as"),
        ("settings", "setting", "nothing uses"),
        ("tasks", "task", "nothing raises"),
        ("texts", "text", "nobody ever says"),
    ];
    for (section, what, nothing) in sections {
        for entry in root.get(section).map(Node::entries).unwrap_or_default() {
            if !used.names.contains(entry.key.as_str()) && !used.in_rules(&entry.key) {
                let code = match section {
                    "roles" => "unused-role",
                    "settings" => "unused-setting",
                    "tasks" => "unused-task",
                    _ => "unused-text",
                };
                problems.push(
                    Diagnostic::warning(
                        code,
                        &entry.key_span,
                        format!("{nothing} the {what} `{}`", entry.key),
                    )
                    .help("use it, or take it out"),
                );
            }
        }
    }
}

/// Every word that stands where a name could be used.
struct Used<'n> {
    names: BTreeSet<&'n str>,
    rules: Vec<&'n Source>,
}

impl<'n> Used<'n> {
    fn of(root: &'n Node, plan: &Plan, rules: &'n [Arc<Source>]) -> Self {
        let files: BTreeSet<String> = plan
            .described
            .keys()
            .filter_map(|rule: &Name| rule.split('.').next())
            .map(|file| format!("rules/{file}.rhai"))
            .collect();
        let rules = rules
            .iter()
            .map(Arc::as_ref)
            .filter(|source| files.contains(source.path.as_str()));
        let mut used = Self {
            names: BTreeSet::new(),
            rules: rules.collect(),
        };
        for entry in root.entries() {
            match entry.key.as_str() {
                // The names that these sections declare are no use of them.
                "roles" | "settings" | "outcomes" => {}
                "texts" => used.in_texts(&entry.value),
                "facts" | "links" | "events" | "tasks" | "tracks" | "recurring" => {
                    for own in entry.value.entries() {
                        used.below(&own.value);
                    }
                }
                _ => used.below(&entry.value),
            }
        }
        used
    }

    /// Values, and the keys that name what they belong to (`sets`, `fact`, `tell` …).
    fn below(&mut self, node: &'n Node) {
        match &node.content {
            Content::Empty => {}
            Content::Scalar(scalar) => {
                self.names.insert(&scalar.text);
            }
            Content::List(items) => items.iter().for_each(|item| self.below(item)),
            Content::Map(entries) => {
                for entry in entries {
                    if matches!(entry.key.as_str(), "sets" | "fact" | "link") {
                        self.names
                            .extend(entry.value.entries().iter().map(|one| one.key.as_str()));
                    }
                    // What an exit or a rung is called by overlays is no use of anything.
                    let called = entry.key == "name"
                        && (node.get("to").is_some() || node.get("end").is_some());
                    if !called && !matches!(entry.key.as_str(), "title" | "process" | "type") {
                        self.below(&entry.value);
                    }
                }
            }
        }
    }

    fn in_texts(&mut self, texts: &'n Node) {
        let mut left: Vec<&'n Node> = vec![texts];
        while let Some(node) = left.pop() {
            match &node.content {
                Content::Scalar(scalar) => {
                    for (at, found) in placeholders(&scalar.text) {
                        // The name inside the text outlives the copy that was found.
                        let length = found.map_or(0, |name| name.len());
                        self.names.extend(scalar.text.get(at + 1..at + 1 + length));
                    }
                }
                _ => left.extend(node.entries().iter().map(|entry| &entry.value)),
            }
        }
    }

    fn in_rules(&self, name: &str) -> bool {
        self.rules.iter().any(|source| {
            let word = |letter: char| letter.is_alphanumeric() || letter == '_';
            source.text.match_indices(name).any(|(at, _)| {
                let before = source
                    .text
                    .get(..at)
                    .and_then(|text| text.chars().next_back());
                let after = source
                    .text
                    .get(at + name.len()..)
                    .and_then(|text| text.chars().next());
                !before.is_some_and(word) && !after.is_some_and(word)
            })
        })
    }
}
