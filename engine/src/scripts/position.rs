//! From a position of the script engine to a place in the source. Columns count characters in both.

use crate::diagnostic::{Source, Span};
use forloeb_core::{ground::Ground, name::Name};
use rhai::Position;
use std::sync::Arc;

/// The byte at a position; the end of the text when it lies beyond.
pub(super) fn byte(text: &str, position: Position) -> usize {
    let line = position.line().unwrap_or(1);
    let column = position.position().unwrap_or(1).max(1);
    let mut start = 0;
    for (number, content) in text.split_inclusive('\n').enumerate() {
        if number + 1 == line {
            let offset = content.char_indices().nth(column - 1);
            return start + offset.map_or(content.trim_end_matches(['\n', '\r']).len(), |at| at.0);
        }
        start += content.len();
    }
    text.len()
}

/// The word, text in quotes or sign that begins at a position.
pub(super) fn span(source: &Arc<Source>, position: Position) -> Span {
    let start = byte(&source.text, position);
    let rest = source.text.get(start..).unwrap_or("");
    Span {
        source: Arc::clone(source),
        start,
        end: start + token_length(rest),
    }
}

/// The stretch of `word`, looked for from a position on: the engine gives the dot's position for some names.
pub(super) fn word(source: &Arc<Source>, position: Position, word: &str) -> Span {
    let mut found = span(source, position);
    let rest = source.text.get(found.start..).unwrap_or("");
    let line = rest.split('\n').next().unwrap_or("");
    if let Some(offset) = line.find(word) {
        found.start += offset;
        found.end = found.start + word.len();
    }
    found
}

fn token_length(rest: &str) -> usize {
    let Some(first) = rest.chars().next() else {
        return 0;
    };
    let name = |c: char| c.is_alphanumeric() || c == '_';
    if name(first) {
        return rest.find(|c| !name(c)).unwrap_or(rest.len());
    }
    if matches!(first, '"' | '`' | '\'') {
        let mut escaped = false;
        for (at, c) in rest.char_indices().skip(1) {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '\n' => return at,
                _ if c == first => return at + c.len_utf8(),
                _ => {}
            }
        }
        return rest.len();
    }
    if first == '\n' || first == '\r' {
        return 0;
    }
    first.len_utf8()
}

/// The ground of a position in a file; its first line where the engine knows no position.
pub(super) fn ground(file: Name, position: Position) -> Ground {
    let number = |n: Option<usize>| u32::try_from(n.unwrap_or(1).max(1)).unwrap_or(u32::MAX);
    Ground {
        file,
        line: number(position.line()),
        column: number(position.position()),
    }
}
