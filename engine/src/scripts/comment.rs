//! What the doc comment of a rule says, and in which languages.
//!
//! A line that begins with a language code and a colon (`/// da: …`) begins what is said in that language, up to the next such
//! line or the end. What stands before the first of them is for everybody whose language the comment lacks.

use crate::diagnostic::{Source, Span};
use forloeb_core::{name::Name, text::Text};
use std::sync::Arc;

/// What a doc comment says.
#[derive(Default)]
pub(super) struct Said {
    /// In no language in particular.
    pub(super) plain: String,
    /// In a language.
    pub(super) marked: Text,
}

/// What the doc comment of a function says, its lines joined.
pub(super) fn said(comments: &[String]) -> Said {
    let mut said = Said::default();
    let mut language: Option<Name> = None;
    for line in comments.iter().flat_map(|comment| comment.lines()) {
        let mut words = content(line);
        if let Some((code, rest)) = marked(words) {
            language = Some(code.into());
            words = rest;
        }
        if words.is_empty() {
            continue;
        }
        let into = match &language {
            None => &mut said.plain,
            Some(language) => said.marked.0.entry(language.clone()).or_default(),
        };
        if !into.is_empty() {
            into.push(' ');
        }
        into.push_str(words);
    }
    said
}

/// Where the doc comment above a function begins to speak a language; its name where that is not found.
pub(super) fn mark(source: &Arc<Source>, head: &Span, language: &str) -> Span {
    let before = source.text.get(..head.start).unwrap_or_default();
    let mut end = before.len();
    for line in before.split_inclusive('\n').rev() {
        end -= line.len();
        if marked(content(line)).is_some_and(|(code, _)| code == language)
            && let Some(place) = line.find(language)
        {
            let start = end + place;
            return Span {
                source: Arc::clone(source),
                start,
                end: start + language.len(),
            };
        }
    }
    head.clone()
}

/// A line of a comment without the signs that make it one.
fn content(line: &str) -> &str {
    let line = line.trim().trim_end_matches("*/");
    line.trim_start_matches(['/', '*']).trim()
}

/// The language code that a line begins with, and what follows it.
fn marked(words: &str) -> Option<(&str, &str)> {
    let (code, rest) = words.split_once(':')?;
    let is_code = (2..=3).contains(&code.len()) && code.bytes().all(|c| c.is_ascii_lowercase());
    (is_code && (rest.is_empty() || rest.starts_with(' '))).then(|| (code, rest.trim()))
}
