//! Compiles texts for people: titles, and messages with their placeholders.

use super::{
    compile::{Compiler, ground},
    problems::{is_name, listed, nearest},
    read::{Fields, expected, list, word},
    reference::PLACEHOLDERS,
    tree::{Content, Node, Scalar},
};
use crate::diagnostic::{Diagnostic, Span};
use forloeb_core::{name::Name, plan::Message, text::Text};
use indexmap::IndexMap;
use std::collections::BTreeMap;

impl<'n> Compiler<'n> {
    /// The languages that every text must have.
    pub(super) fn read_languages(&mut self, fields: Fields<'n>) {
        if let Some(node) = fields.get("languages") {
            for item in list(node, &mut self.problems) {
                if let Some(language) = word(item, "a language such as `da`", &mut self.problems) {
                    self.check_language(&language.text, &item.span);
                    self.languages.push(language.text.as_str().into());
                }
            }
            return;
        }
        let Some(title) = fields.get("title") else {
            return;
        };
        if let Content::Scalar(_) = title.content {
            self.problems.push(
                Diagnostic::error(
                    "missing-language",
                    &title.span,
                    "it is not said which language this is",
                )
                .help("write `title: { en: … }`, or list the `languages:` of the process"),
            );
        }
        for entry in title.entries() {
            self.check_language(&entry.key, &entry.key_span);
            self.languages.push(entry.key.as_str().into());
        }
    }

    fn check_language(&mut self, text: &str, span: &Span) {
        let short = (2..=3).contains(&text.len());
        if !short || !text.bytes().all(|letter| letter.is_ascii_lowercase()) {
            self.problems.push(
                Diagnostic::error(
                    "bad-language",
                    span,
                    format!("`{text}` is not a language code"),
                )
                .label("expected two or three small letters, such as `da` or `en`"),
            );
        }
    }

    /// A text in every language of the process.
    pub(super) fn text(&mut self, node: &Node) -> Text {
        match &node.content {
            Content::Map(entries) => {
                let mut texts = BTreeMap::new();
                for entry in entries {
                    if !self.languages.iter().any(|known| *known == *entry.key) {
                        self.unknown_language(&entry.key, &entry.key_span);
                    } else if let Some(said) = word(&entry.value, "a text", &mut self.problems) {
                        texts.insert(Name::from(entry.key.as_str()), said.text.trim().to_owned());
                    }
                }
                self.check_complete(node, entries.iter().map(|entry| entry.key.as_str()));
                Text(texts)
            }
            Content::Scalar(scalar) => self.plain_text(node, scalar),
            _ => {
                self.problems
                    .push(expected(node, "a text in each language"));
                Text::default()
            }
        }
    }

    fn plain_text(&mut self, node: &Node, scalar: &Scalar) -> Text {
        let said = scalar.text.trim().to_owned();
        match self.languages.as_slice() {
            [] => Text::default(),
            [only] => Text([(only.clone(), said)].into()),
            several => {
                let example: Vec<String> = several
                    .iter()
                    .map(|language| format!("{language}: …"))
                    .collect();
                self.problems.push(
                    Diagnostic::error(
                        "missing-language",
                        &node.span,
                        format!(
                            "this text is said once, but the process has the languages {}",
                            listed(several.iter().map(Name::as_str), "and")
                        ),
                    )
                    .help(format!("write `{{ {} }}`", example.join(", "))),
                );
                Text::default()
            }
        }
    }

    fn unknown_language(&mut self, key: &str, span: &Span) {
        if self.languages.is_empty() {
            return;
        }
        let known = listed(self.languages.iter().map(Name::as_str), "and");
        self.problems.push(
            Diagnostic::error(
                "unknown-language",
                span,
                format!("the process has no language `{key}`"),
            )
            .help(format!(
                "its languages are {known}; they follow from `languages:`, or else from `title:`"
            )),
        );
    }

    fn check_complete<'k>(&mut self, node: &Node, present: impl Iterator<Item = &'k str>) {
        let present: Vec<&str> = present.collect();
        let missing: Vec<&str> = self
            .languages
            .iter()
            .map(Name::as_str)
            .filter(|language| !present.contains(language))
            .collect();
        if !missing.is_empty() {
            self.problems.push(
                Diagnostic::error(
                    "missing-language",
                    &node.span,
                    format!(
                        "this text is missing in {}",
                        listed(missing.iter().copied(), "and")
                    ),
                )
                .help(format!("add `{}: …`", missing.join(": …`, `"))),
            );
        }
    }

    /// The texts of the process, their placeholders well-formed and known.
    pub(super) fn messages(&mut self, fields: Fields<'n>) -> IndexMap<Name, Message> {
        let mut messages = IndexMap::new();
        for entry in fields.named("texts", &mut self.problems) {
            if entry.value.content == Content::Empty {
                self.problems.push(Diagnostic::error(
                    "empty-value",
                    &entry.key_span,
                    format!("the text `{}` is empty", entry.key),
                ));
                continue;
            }
            let text = self.text(&entry.value);
            match &entry.value.content {
                Content::Map(languages) => {
                    for language in languages {
                        self.check_placeholders(&entry.key, &language.value);
                    }
                }
                _ => self.check_placeholders(&entry.key, &entry.value),
            }
            let message = Message {
                text,
                ground: ground(entry),
            };
            messages.insert(entry.key.as_str().into(), message);
        }
        messages
    }

    fn check_placeholders(&mut self, message: &str, node: &Node) {
        let Content::Scalar(scalar) = &node.content else {
            return;
        };
        for (at, found) in placeholders(&scalar.text) {
            match found {
                Ok(name) => {
                    let span = within(node, scalar, at, name.len() + 2);
                    self.check_placeholder(message, &name, &span);
                }
                Err(wrong) => self.problems.push(
                    Diagnostic::error(
                        "bad-placeholder",
                        &within(node, scalar, at, wrong.len()),
                        format!("`{wrong}` is not a placeholder"),
                    )
                    .help("a placeholder is a name in braces, such as `{name}` or `{days}`"),
                ),
            }
        }
    }

    fn check_placeholder(&mut self, message: &str, name: &str, span: &Span) {
        let always = PLACEHOLDERS.iter().any(|(known, _)| *known == name);
        if always || self.links.contains_key(name) {
            return;
        }
        let braced = format!("{{{name}}}");
        if let Some(fact) = self.facts.get(name) {
            if fact.sealed() && !fact.visible_to.is_empty() {
                self.problems.push(
                    Diagnostic::error(
                        "confidential-in-text",
                        span,
                        format!("the fact `{name}` is confidential and cannot stand in a text"),
                    )
                    .help("say that there is something to read, and let those who may see it look it up"),
                );
            }
            return;
        }
        let said_by = self.deadlines_saying(message);
        let sealed = said_by.iter().flatten().any(|event| {
            let field = self
                .events
                .get(event.as_str())
                .and_then(|event| event.with.get(name));
            field.is_some_and(|field| !field.fact.visible_to.is_empty())
        });
        if sealed {
            self.problems.push(
                Diagnostic::error(
                    "confidential-in-text",
                    span,
                    format!("the field `{name}` is confidential and cannot stand in a text"),
                )
                .help(
                    "say that there is something to read, and let those who may see it look it up",
                ),
            );
            return;
        }
        let missing = said_by.iter().find(|anchor| {
            !anchor
                .as_deref()
                .is_some_and(|event| self.event_has(event, name))
        });
        let known = self.placeholder_names(&said_by);
        let near = nearest(name, known.iter().map(String::as_str));
        // What only rules say is looked at with the rules: they may pass anything to it.
        if missing.is_some() {
            let elsewhere = said_by
                .iter()
                .flatten()
                .find(|event| self.event_has(event, name));
            let help = match (elsewhere, near) {
                (Some(event), _) => format!(
                    "`{event}` carries it, but another deadline that says this text does not run from `{event}`: give that one a text of its own"
                ),
                (None, Some(near)) => format!("did you mean `{{{near}}}`?"),
                (None, None) => format!(
                    "there is {}",
                    listed(known.iter().map(String::as_str), "and")
                ),
            };
            self.problems.push(
                Diagnostic::error(
                    "unknown-placeholder",
                    span,
                    format!("nothing fills `{braced}` where a deadline says `{message}`"),
                )
                .help(help),
            );
        }
    }

    fn event_has(&self, event: &str, field: &str) -> bool {
        self.events
            .get(event)
            .is_some_and(|event| event.with.contains_key(field))
    }

    fn placeholder_names(&self, anchors: &[Option<String>]) -> Vec<String> {
        let mut names: Vec<String> = PLACEHOLDERS.map(|(name, _)| name.to_owned()).to_vec();
        let public = self
            .facts
            .iter()
            .filter(|(_, fact)| fact.visible_to.is_empty());
        names.extend(public.map(|(name, _)| name.to_string()));
        names.extend(self.links.keys().map(Name::to_string));
        for event in anchors.iter().flatten() {
            if let Some(event) = self.events.get(event.as_str()) {
                names.extend(event.with.keys().map(Name::to_string));
            }
        }
        names
    }

    /// For each deadline that says a text: the event that it runs from.
    fn deadlines_saying(&self, message: &str) -> Vec<Option<String>> {
        let says = |deadline: &Node| {
            ["nudge", "escalate"].iter().any(|ladder| {
                let rungs = deadline.get(ladder).map(Node::items).unwrap_or_default();
                rungs
                    .iter()
                    .any(|rung| scalar(rung.get("say")) == Some(message))
            })
        };
        let children = |node: Option<&'n Node>| node.map(Node::entries).unwrap_or_default();
        children(self.root.get("tracks"))
            .iter()
            .flat_map(|track| children(track.value.get("stages")))
            .flat_map(|stage| children(stage.value.get("deadlines")))
            .filter(|deadline| says(&deadline.value))
            .map(|deadline| scalar(deadline.value.at(&["from", "event"])).map(str::to_owned))
            .collect()
    }
}

fn scalar(node: Option<&Node>) -> Option<&str> {
    match &node?.content {
        Content::Scalar(scalar) => Some(&scalar.text),
        _ => None,
    }
}

/// The placeholders of a text, or what stands in braces without being one, each with its place in bytes.
pub fn placeholders(text: &str) -> Vec<(usize, Result<String, String>)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..)
        && let Some(next) = rest.find(['{', '}'])
    {
        at += next;
        let from = text.get(at..).unwrap_or_default();
        let close = from.find('}').filter(|_| from.starts_with('{'));
        let inner = close.and_then(|close| from.get(1..close));
        let (one, length) = match inner {
            Some(inner) if is_name(inner) => (Ok(inner.to_owned()), inner.len() + 2),
            Some(inner) if !inner.contains('{') => (Err(format!("{{{inner}}}")), inner.len() + 2),
            _ => (Err(from.get(..1).unwrap_or_default().to_owned()), 1),
        };
        found.push((at, one));
        at += length;
    }
    found
}

/// The place of a piece of a value, or the value as a whole where it is not written as it is read.
fn within(node: &Node, scalar: &Scalar, at: usize, length: usize) -> Span {
    let span = &node.span;
    let written = span
        .source
        .text
        .get(span.start..span.end)
        .unwrap_or_default();
    match written.find(&scalar.text) {
        Some(begins) => {
            let start = span.start + begins + at;
            Span::new(&span.source, start, start + length)
        }
        None => span.clone(),
    }
}
