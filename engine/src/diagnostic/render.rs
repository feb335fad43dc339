//! Renders diagnostics for people: the line, a caret, and what to do. Never decides what is wrong.

use super::{Diagnostic, Severity, Span};
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet, renderer::DecorStyle};
use std::ops::Range;

/// Whether the output is coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// For a terminal.
    On,
    /// For a file, a pipe or a golden test.
    Off,
}

/// One diagnostic as lines of text, without a newline at the end.
#[must_use]
pub fn render(diagnostic: &Diagnostic, colour: Colour) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut group = level
        .primary_title(&diagnostic.message)
        .id(diagnostic.code)
        .elements(snippets(diagnostic));
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help));
    }
    let renderer = match colour {
        Colour::On => Renderer::styled(),
        Colour::Off => Renderer::plain(),
    };
    renderer
        .decor_style(DecorStyle::Ascii)
        .render(&[group])
        .lines()
        .map(str::trim_end)
        .collect::<Vec<_>>()
        .join("\n")
}

/// All of them with an empty line between, and a line that counts them; empty when there are none.
#[must_use]
pub fn render_all(diagnostics: &[Diagnostic], colour: Colour) -> String {
    if diagnostics.is_empty() {
        return String::new();
    }
    let mut out = String::new();
    for diagnostic in diagnostics {
        out.push_str(&render(diagnostic, colour));
        out.push_str("\n\n");
    }
    let errors = diagnostics.iter().filter(|one| one.is_error()).count();
    out.push_str(&counted(errors, diagnostics.len() - errors));
    out.push('\n');
    out
}

fn counted(errors: usize, warnings: usize) -> String {
    let words = |count: usize, word: &str| match count {
        0 => None,
        1 => Some(format!("1 {word}")),
        _ => Some(format!("{count} {word}s")),
    };
    [words(errors, "error"), words(warnings, "warning")]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(", ")
}

/// One snippet for each file that the diagnostic speaks of, its own first.
fn snippets(diagnostic: &Diagnostic) -> Vec<Snippet<'_, annotate_snippets::Annotation<'_>>> {
    let mut files: Vec<&Span> = vec![&diagnostic.span];
    for (span, _) in &diagnostic.also {
        if files
            .iter()
            .all(|known| known.source.path != span.source.path)
        {
            files.push(span);
        }
    }
    files
        .into_iter()
        .map(|file| {
            let mut snippet =
                Snippet::source(file.source.text.as_str()).path(file.source.path.as_str());
            if file.source.path == diagnostic.span.source.path {
                let mut annotation = AnnotationKind::Primary.span(one_line(&diagnostic.span));
                if let Some(label) = &diagnostic.label {
                    annotation = annotation.label(label);
                }
                snippet = snippet.annotation(annotation);
            }
            for (span, words) in &diagnostic.also {
                if span.source.path == file.source.path {
                    let annotation = AnnotationKind::Context.span(one_line(span)).label(words);
                    snippet = snippet.annotation(annotation);
                }
            }
            snippet
        })
        .collect()
}

/// The part of a span on its first line: a caret under one line is easier to read than a bracket around a block.
fn one_line(span: &Span) -> Range<usize> {
    let text = &span.source.text;
    let start = text.floor_char_boundary(span.start);
    let end = text.floor_char_boundary(span.end).max(start);
    let first = text.get(start..end).unwrap_or_default();
    let line = first.find(['\n', '\r']).unwrap_or(first.len());
    start..start + line
}
