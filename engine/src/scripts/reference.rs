//! The reference of what a rule can ask and answer, written from the vocabulary.

use super::vocabulary::{FREE, Function, OF_CASE, OF_IT, OF_OCCURRENCE, OF_VALUES, Style};
use std::fmt::Write;

/// What rules may use, as Markdown tables.
#[must_use]
pub fn rules_markdown() -> String {
    let mut out = String::from(
        "A rule is a function with one parameter, `it`, and a `///` comment in `rules/FILE.rhai`; a process names it `FILE.function`. \
         The comment says what the rule is for, and `explain` shows it. A line of it that begins with a language (`/// da: …`), and the lines after it up to \
         the next such line, are for those who read in that language; the lines before the first one are for everybody else. \
         A function with more parameters, or whose name begins with `_`, helps others in its file. What is not listed here does not exist.\n",
    );
    functions(&mut out, "Answers and questions about time", "", FREE);
    functions(&mut out, "Questions to a case", "it.", OF_CASE);
    properties(&mut out, "What a case has", "it.", OF_IT);
    properties(
        &mut out,
        "What an occurrence of an event has",
        "x.",
        OF_OCCURRENCE,
    );
    functions(&mut out, "Lists, maps, texts and numbers", "x.", OF_VALUES);
    out
}

fn functions(out: &mut String, title: &str, before: &str, functions: &[Function]) {
    begin(out, title, &["function", "arguments", "what it does"]);
    for function in functions {
        let before = match function.style {
            Style::Free => "",
            Style::Member => before,
        };
        let (least, most) = (function.arguments.start(), function.arguments.end());
        let arguments = if least == most {
            least.to_string()
        } else {
            format!("{least} to {most}")
        };
        row(
            out,
            &[
                &format!("`{before}{}`", function.name),
                &arguments,
                function.does,
            ],
        );
    }
}

fn properties(out: &mut String, title: &str, before: &str, properties: &[(&str, &str)]) {
    begin(out, title, &["property", "what it is"]);
    for (name, about) in properties {
        row(out, &[&format!("`{before}{name}`"), about]);
    }
}

fn begin(out: &mut String, title: &str, columns: &[&str]) {
    out.push_str(&format!("\n### {title}\n\n"));
    row(out, columns);
    out.push_str(&format!("|{}\n", "---|".repeat(columns.len())));
}

fn row(out: &mut String, cells: &[&str]) {
    let cells = cells.iter().map(|cell| cell.replace('|', "\\|"));
    // Writing to a string cannot fail.
    let _ = writeln!(out, "| {} |", cells.collect::<Vec<_>>().join(" | "));
}
