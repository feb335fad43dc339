//! A line of a file with a caret under the place that is the ground.

use super::{
    page::Page,
    reader::Reader,
    rich::{Rich, Style},
};
use forloeb_core::ground::Ground;

/// The line that a ground points to, without the spaces before it, and the place of the caret in it, from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Quoted {
    pub text: String,
    pub caret: usize,
}

/// The line that is the ground; none when the file is not at hand or has no such line.
pub(super) fn quoted(reader: &Reader<'_>, ground: &Ground) -> Option<Quoted> {
    let source = reader.sources.get(&ground.file)?;
    let line = source
        .lines()
        .nth(usize::try_from(ground.line).ok()?.checked_sub(1)?)?;
    let indent = line.chars().take_while(|c| c.is_whitespace()).count();
    let caret = usize::try_from(ground.column).ok()?.checked_sub(1)?;
    Some(Quoted {
        text: line.trim().to_owned(),
        caret: caret.saturating_sub(indent),
    })
}

/// Prints a ground, its line and a caret; a long line is cut around the caret.
pub(super) fn print(reader: &Reader<'_>, page: &mut Page, indent: usize, ground: &Ground) {
    page.line(indent, &Rich::new(Style::Dim, &ground.to_string()));
    let Some(quote) = quoted(reader, ground) else {
        return;
    };
    let number = ground.line.to_string();
    let gutter = format!("{number} │ ");
    let (text, caret) = cut(&quote, page.room(indent + gutter.chars().count()));
    page.line(
        indent,
        &Rich::new(Style::Dim, &gutter).and(Style::Plain, &text),
    );
    let blank = format!("{} │ {}", " ".repeat(number.len()), " ".repeat(caret));
    page.line(indent, &Rich::new(Style::Dim, &blank).and(Style::Red, "^"));
}

/// A window of at most `room` characters in which the caret stands.
fn cut(quote: &Quoted, room: usize) -> (String, usize) {
    let length = quote.text.chars().count();
    if length <= room {
        return (quote.text.clone(), quote.caret.min(room.saturating_sub(1)));
    }
    let inner = room.saturating_sub(2);
    // The caret stands in the left third, since what it points at goes on to the right of it.
    let start = if quote.caret < inner * 2 / 3 {
        0
    } else {
        (quote.caret - inner / 3).min(length - inner)
    };
    let shown: String = quote.text.chars().skip(start).take(inner).collect();
    let before = if start > 0 { "…" } else { "" };
    let after = if start + inner < length { "…" } else { "" };
    (
        format!("{before}{shown}{after}"),
        quote.caret - start + before.chars().count(),
    )
}
