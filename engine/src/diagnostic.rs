//! Diagnostics: everything that a designer can get wrong, in one type, each with its place and its source so that it renders alone.

use forloeb_core::{ground::Ground, name::Name};
use std::sync::Arc;

/// A file of a programme as it was read.
#[derive(Debug, PartialEq, Eq)]
pub struct Source {
    /// Its path inside the programme, with `/` between folders.
    pub path: Name,
    /// Its text.
    pub text: String,
}

/// A stretch of a source, in bytes; `start == end` marks a point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// The file.
    pub source: Arc<Source>,
    /// First byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

impl Span {
    /// Line and column of its start, both from 1; columns count characters.
    #[must_use]
    pub fn ground(&self) -> Ground {
        let before = self
            .source
            .text
            .get(..self.start)
            .unwrap_or(&self.source.text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = before.matches('\n').count() + 1;
        let column = before
            .get(line_start..)
            .map_or(0, |text| text.chars().count())
            + 1;
        Ground {
            file: self.source.path.clone(),
            line: u32::try_from(line).unwrap_or(u32::MAX),
            column: u32::try_from(column).unwrap_or(u32::MAX),
        }
    }
}

/// Whether a plan may run in spite of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It may not.
    Error,
    /// It may.
    Warning,
}

/// Something wrong in a process, calendar or rule file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable name of the kind of mistake, in words with hyphens: `unknown-key`.
    pub code: &'static str,
    /// Whether it blocks.
    pub severity: Severity,
    /// Where.
    pub span: Span,
    /// What is wrong: lower case, no full stop, the user's own words in backticks.
    pub message: String,
    /// A few words under the caret, such as what was expected.
    pub label: Option<String>,
    /// Other places that belong to it, each with a few words.
    pub also: Vec<(Span, String)>,
    /// What to do.
    pub help: Option<String>,
}
