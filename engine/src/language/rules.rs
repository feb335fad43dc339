//! The door to the rules, and words about rules that a process file names and that do not exist.

use super::{
    problems::{listed, nearest},
    tree::Node,
};
use crate::{diagnostic::Diagnostic, scripts::Scripts};
use forloeb_core::{name::Name, plan::Described};

/// A rule that is not in `rules/`.
pub fn unknown_rule(node: &Node, name: &Name, known: &[Name]) -> Diagnostic {
    let same_file: Vec<&str> = match name.split_once('.') {
        None => Vec::new(),
        Some((file, _)) => known
            .iter()
            .filter(|rule| rule.split_once('.').is_some_and(|(other, _)| other == file))
            .map(Name::as_str)
            .collect(),
    };
    let help = if let Some(near) = nearest(name, known.iter().map(Name::as_str)) {
        format!("did you mean `{near}`?")
    } else if !same_file.is_empty() {
        format!("there is {}", listed(same_file, "and"))
    } else if let Some((file, function)) = name.split_once('.') {
        format!("write a function `{function}` in `rules/{file}.rhai`")
    } else {
        "a rule is named by its file and its function: `many_to_many.met_enough`".to_owned()
    };
    Diagnostic::error(
        "unknown-rule",
        &node.span,
        format!("there is no rule `{name}`"),
    )
    .help(help)
}

/// What the language asks of the rules; the host of the scripts answers.
pub trait Rules {
    /// A rule's description, when there is such a rule.
    fn described(&self, rule: &Name) -> Option<Described>;
    /// The names of all rules.
    fn names(&self) -> Vec<Name>;
}

impl Rules for Scripts {
    fn described(&self, rule: &Name) -> Option<Described> {
        self.described(rule)
    }

    fn names(&self) -> Vec<Name> {
        self.names().cloned().collect()
    }
}
