//! Diagnostics as data, for `check --json` and for editors.

use super::{Diagnostic, Severity, Span};
use serde_json::{Value, json};

impl Diagnostic {
    /// The diagnostic as JSON; lines and columns count from 1, columns in characters.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let also: Vec<Value> = self
            .also
            .iter()
            .map(|(span, words)| json!({ "place": place(span), "message": words }))
            .collect();
        json!({
            "code": self.code,
            "severity": severity,
            "message": self.message,
            "place": place(&self.span),
            "label": self.label,
            "also": also,
            "help": self.help,
        })
    }
}

fn place(span: &Span) -> Value {
    let start = span.ground();
    let end = Span::new(&span.source, span.end, span.end).ground();
    json!({
        "file": start.file,
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
    })
}
