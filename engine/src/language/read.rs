//! Typed readers: from a node of the tree to a text, a name, a number, a list, a map. Each says precisely what it expected.
//!
//! A reader that gives nothing has said why, so that its caller only goes on with the next thing.

use super::{
    problems::{as_name, is_name, listed, nearest},
    reference::{Shape, Without},
    tree::{Content, Entry, Node, Scalar},
};
use crate::diagnostic::{Diagnostic, Span};
use forloeb_core::time::Misread;
use rust_decimal::Decimal;
use std::str::FromStr;

/// What has been found wrong so far.
pub type Problems = Vec<Diagnostic>;

/// The map of a thing whose keys are those of a shape.
#[derive(Clone, Copy)]
pub struct Fields<'n> {
    node: &'n Node,
}

impl<'n> Fields<'n> {
    /// Reads a map: unknown keys, keys without a value and missing keys are reported at once. `at` is the place of the
    /// thing's own name.
    pub fn read(node: &'n Node, at: &Span, shape: &Shape, problems: &mut Problems) -> Option<Self> {
        let entries: &[Entry] = match &node.content {
            Content::Map(entries) => entries,
            Content::Empty => &[],
            _ => {
                let keys = listed(shape.names(), "and");
                problems.push(
                    expected(node, &format!("{} with its keys", shape.name))
                        .help(format!("its keys are {keys}")),
                );
                return None;
            }
        };
        for entry in entries {
            match shape.key(&entry.key) {
                None => problems.push(unknown_key(entry, shape)),
                Some(key) if entry.value.content == Content::Empty => problems.push(
                    Diagnostic::error(
                        "empty-value",
                        &entry.key_span,
                        format!("nothing stands after `{}:`", entry.key),
                    )
                    .label(format!("expected {}", key.takes)),
                ),
                Some(_) => {}
            }
        }
        for key in shape.keys {
            let missing = !entries.iter().any(|entry| entry.key == key.name);
            if missing && key.without == Without::Required {
                problems.push(
                    Diagnostic::error(
                        "missing-key",
                        at,
                        format!("{} needs `{}`", shape.name, key.name),
                    )
                    .label(format!("`{}:` is missing", key.name))
                    .help(format!("add `{}: …` ({})", key.name, key.about)),
                );
            }
        }
        Some(Self { node })
    }

    /// The value of a key that stands there and has one.
    pub fn get(&self, key: &str) -> Option<&'n Node> {
        self.node
            .get(key)
            .filter(|value| value.content != Content::Empty)
    }

    /// A key that stands there and has a value.
    pub fn entry(&self, key: &str) -> Option<&'n Entry> {
        self.node
            .entry(key)
            .filter(|entry| entry.value.content != Content::Empty)
    }

    /// The entries of the map under a key, each with a well-formed name.
    pub fn named(&self, key: &str, problems: &mut Problems) -> Vec<&'n Entry> {
        self.get(key)
            .map(|node| {
                named(
                    node,
                    &format!("names with what belongs to each under `{key}:`"),
                    problems,
                )
            })
            .unwrap_or_default()
    }

    /// The elements of the list under a key.
    pub fn list(&self, key: &str, problems: &mut Problems) -> &'n [Node] {
        match self.get(key) {
            None => &[],
            Some(node) => list(node, problems),
        }
    }

    /// One value or the values of a list under a key.
    pub fn one_or_many(&self, key: &str) -> Vec<&'n Node> {
        match self.get(key) {
            None => Vec::new(),
            Some(node) => match &node.content {
                Content::List(items) => items.iter().collect(),
                _ => vec![node],
            },
        }
    }

    /// Yes or no under a key; no when it is not there.
    pub fn yes_no(&self, key: &str, problems: &mut Problems) -> bool {
        self.get(key)
            .and_then(|node| yes_no(node, problems))
            .unwrap_or(false)
    }

    /// One of several words under a key.
    pub fn choice<T: Copy>(
        &self,
        key: &str,
        choices: &[(&str, T)],
        problems: &mut Problems,
    ) -> Option<T> {
        let node = self.get(key)?;
        let words = listed(choices.iter().map(|(word, _)| *word), "or");
        let found = word(node, &words, problems)?;
        let choice = choices.iter().find(|(word, _)| *word == found.text);
        if choice.is_none() {
            let near = nearest(&found.text, choices.iter().map(|(word, _)| *word));
            problems.push(
                Diagnostic::error(
                    "unknown-word",
                    &node.span,
                    format!("`{key}` cannot be `{}`", found.text),
                )
                .label(format!("expected {words}"))
                .maybe_help(near.map(|near| format!("did you mean `{near}`?"))),
            );
        }
        choice.map(|(_, value)| *value)
    }
}

fn unknown_key(entry: &Entry, shape: &Shape) -> Diagnostic {
    let help = match nearest(&entry.key, shape.names()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("its keys are {}", listed(shape.names(), "and")),
    };
    Diagnostic::error(
        "unknown-key",
        &entry.key_span,
        format!("{} has no key `{}`", shape.name, entry.key),
    )
    .label("unknown key")
    .help(help)
}

/// Something else was expected here.
pub fn expected(node: &Node, what: &str) -> Diagnostic {
    Diagnostic::error(
        "wrong-type",
        &node.span,
        format!("expected {what}, found {}", node.described()),
    )
}

/// What the core could not read, as a diagnostic.
pub fn misread(code: &'static str, node: &Node, misread: &Misread) -> Diagnostic {
    Diagnostic::error(code, &node.span, misread.message.as_str()).help(misread.help.as_str())
}

/// A single value.
pub fn word<'n>(node: &'n Node, what: &str, problems: &mut Problems) -> Option<&'n Scalar> {
    if let Content::Scalar(scalar) = &node.content {
        return Some(scalar);
    }
    problems.push(expected(node, what));
    None
}

/// The elements of a list.
pub fn list<'n>(node: &'n Node, problems: &mut Problems) -> &'n [Node] {
    if let Content::List(items) = &node.content {
        return items;
    }
    problems.push(expected(node, "a list").help("begin each element with `- `, or write `[a, b]`"));
    &[]
}

/// The entries of a map whose keys are names.
pub fn named<'n>(node: &'n Node, what: &str, problems: &mut Problems) -> Vec<&'n Entry> {
    let Content::Map(entries) = &node.content else {
        problems.push(expected(node, what));
        return Vec::new();
    };
    let (good, bad): (Vec<_>, Vec<_>) = entries.iter().partition(|entry| is_name(&entry.key));
    for entry in bad {
        problems.push(bad_name(&entry.key, &entry.key_span));
    }
    good
}

/// A text that is no name.
pub fn bad_name(text: &str, span: &Span) -> Diagnostic {
    Diagnostic::error("bad-name", span, format!("`{text}` is not a name"))
        .label("expected small letters a-z, digits and `_`, a letter first")
        .maybe_help(
            as_name(text).map(|name| format!("write `{name}`; what people read goes into `title`")),
        )
}

/// Yes or no.
pub fn yes_no(node: &Node, problems: &mut Problems) -> Option<bool> {
    let scalar = word(node, "`yes` or `no`", problems)?;
    let answer = as_yes_no(&scalar.text);
    if answer.is_none() {
        problems.push(
            Diagnostic::error(
                "not-yes-no",
                &node.span,
                format!("`{}` is neither yes nor no", scalar.text),
            )
            .label("expected `yes` or `no`"),
        );
    }
    answer
}

/// The yes or no that a text is.
pub fn as_yes_no(text: &str) -> Option<bool> {
    match text {
        "yes" | "true" => Some(true),
        "no" | "false" => Some(false),
        _ => None,
    }
}

/// A number, written plainly.
pub fn number(node: &Node, problems: &mut Problems) -> Option<Decimal> {
    let scalar = word(node, "a number", problems)?;
    let read = as_number(&scalar.text);
    if read.is_none() {
        problems.push(not_a_number(node, &scalar.text, "a number"));
    }
    read
}

/// A whole number, written plainly.
pub fn whole(node: &Node, problems: &mut Problems) -> Option<i64> {
    let scalar = word(node, "a whole number", problems)?;
    let read = scalar.text.parse::<i64>().ok();
    if read.is_none() {
        problems.push(not_a_number(node, &scalar.text, "a whole number"));
    }
    read
}

/// A text that is not the number that it should be.
pub fn not_a_number(node: &Node, text: &str, what: &str) -> Diagnostic {
    let comma = text.replace(',', ".");
    let help = (comma != text && as_number(&comma).is_some()).then(|| format!("write `{comma}`"));
    Diagnostic::error(
        "not-a-number",
        &node.span,
        format!("`{text}` is not {what}"),
    )
    .label(format!("expected {what}"))
    .maybe_help(help)
}

/// The number that a text is: digits with an optional sign and decimal point.
pub fn as_number(text: &str) -> Option<Decimal> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.bytes().all(|c| c.is_ascii_digit() || c == b'.');
    plain.then(|| Decimal::from_str(text).ok()).flatten()
}
