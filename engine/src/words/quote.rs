//! A line of a file with a caret under the place that is the ground.

use super::{
    page::Page,
    reader::Reader,
    rich::{Rich, Style},
};
use forloeb_core::{ground::Ground, name::Name};

/// A place in a file, as it was in a version.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// The plan.
    pub plan: Name,
    /// The place in one of its files.
    pub ground: Ground,
}

/// The line that a ground points to, without the spaces before it, and the place of the caret in it, from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Quoted {
    pub text: String,
    pub caret: usize,
}

/// The line that is the ground; none when the file is not at hand or has no such line.
pub(super) fn quoted(reader: &Reader<'_>, place: &Place) -> Option<Quoted> {
    let ground = &place.ground;
    let source = reader
        .sources
        .get(&(place.plan.clone(), ground.file.clone()))?;
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
pub(super) fn print(reader: &Reader<'_>, page: &mut Page, indent: usize, at: &Place) {
    let ground = &at.ground;
    let place = Rich::new(Style::Dim, &ground.to_string());
    let Some(quote) = quoted(reader, at) else {
        page.line(indent, &place);
        return;
    };
    let number = ground.line.to_string();
    let gutter = format!("{number} │ ");
    let (text, caret) = cut(&quote, page.room(indent + gutter.chars().count()));
    let line = Rich::new(Style::Dim, &gutter).and(Style::Plain, &text);
    // A short line has room for its place beside it.
    if line.width() + BESIDE + place.width() <= page.room(indent) {
        page.ends(indent, &line, &place);
    } else {
        page.line(indent, &place);
        page.line(indent, &line);
    }
    if quote.is_whole() {
        return;
    }
    let marks = "^".repeat(marked(&text, caret));
    let blank = format!("{} │ {}", " ".repeat(number.len()), " ".repeat(caret));
    page.line(
        indent,
        &Rich::new(Style::Dim, &blank).and(Style::Red, &marks),
    );
}

/// Spaces at least between a line and its place.
const BESIDE: usize = 4;

impl Quoted {
    /// Whether the ground is all of the line: then nothing needs to be marked in it.
    fn is_whole(&self) -> bool {
        let item = self.text.strip_prefix("- ").map_or(0, |_| "- ".len());
        self.caret == 0 || self.caret == item
    }
}

/// How many characters are marked: a value to its end, and of what has parts only where it begins.
fn marked(text: &str, caret: usize) -> usize {
    let rest: String = text.chars().skip(caret).collect();
    let value = rest.split("  ").next().unwrap_or_default();
    let value = value.split(" #").next().unwrap_or_default().trim_end();
    if value.contains(['{', '[', '(', '…']) {
        return 1;
    }
    value.chars().count().max(1)
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
