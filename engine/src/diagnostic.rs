//! Diagnostics: everything that a designer can get wrong, in one type, each with its place and its source so that it renders alone.

mod json;
mod render;

use forloeb_core::{ground::Ground, name::Name};
use std::sync::Arc;

pub use render::{Colour, render, render_all};

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
    /// A stretch of `source`.
    #[must_use]
    pub fn new(source: &Arc<Source>, start: usize, end: usize) -> Self {
        Self {
            source: Arc::clone(source),
            start,
            end,
        }
    }

    /// The point where it starts.
    #[must_use]
    pub fn start_point(&self) -> Self {
        Self::new(&self.source, self.start, self.start)
    }

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

impl Diagnostic {
    /// A mistake that blocks.
    #[must_use]
    pub fn error(code: &'static str, span: &Span, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, span, message.into())
    }

    /// Something that is probably not meant.
    #[must_use]
    pub fn warning(code: &'static str, span: &Span, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, span, message.into())
    }

    fn new(code: &'static str, severity: Severity, span: &Span, message: String) -> Self {
        Self {
            code,
            severity,
            span: span.clone(),
            message,
            label: None,
            also: Vec::new(),
            help: None,
        }
    }

    /// With a few words under the caret.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// With what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// With what to do, where something is known.
    #[must_use]
    pub fn maybe_help(mut self, help: Option<String>) -> Self {
        self.help = help.or(self.help);
        self
    }

    /// With another place that belongs to it.
    #[must_use]
    pub fn also(mut self, span: &Span, words: impl Into<String>) -> Self {
        self.also.push((span.clone(), words.into()));
        self
    }

    /// Whether it blocks.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// Orders diagnostics by file and place, and drops those that are said twice.
pub fn in_order(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(|a, b| {
        (
            &a.span.source.path,
            a.span.start,
            a.severity,
            a.code,
            &a.message,
        )
            .cmp(&(
                &b.span.source.path,
                b.span.start,
                b.severity,
                b.code,
                &b.message,
            ))
    });
    diagnostics.dedup();
}
