//! A page of a terminal: headings, wrapped lines and tables, none wider than the page.

use super::rich::{Rich, Style};

/// A page that is being written.
#[derive(Debug)]
pub struct Page {
    width: usize,
    colour: bool,
    out: String,
}

/// A column of a table.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// The narrowest that it may become before its cells wrap; a column that must not wrap takes `usize::MAX`.
    pub least: usize,
    /// Its cells stand to the right.
    pub right: bool,
    /// It takes what is left of the line, so that what comes after it stands at the right edge.
    pub fills: bool,
}

impl Column {
    /// A column that keeps its width.
    pub const FIXED: Self = Self {
        least: usize::MAX,
        right: false,
        fills: false,
    };
    /// A column of numbers that keeps its width.
    pub const NUMBER: Self = Self {
        least: usize::MAX,
        right: true,
        fills: false,
    };

    /// A column that gives way down to `least` characters.
    #[must_use]
    pub const fn wrapping(least: usize) -> Self {
        Self {
            least,
            right: false,
            fills: false,
        }
    }

    /// A column that gives way down to `least` characters, and takes what is left of the line.
    #[must_use]
    pub const fn filling(least: usize) -> Self {
        Self {
            least,
            right: false,
            fills: true,
        }
    }
}

/// Spaces between two columns.
const GAP: usize = 2;
/// An end that takes more than such a part of a line stands on a line of its own.
const END: usize = 4;
/// No column is made narrower.
const NARROWEST_CELL: usize = 4;
/// No page is narrower: a smaller terminal wraps by itself.
const NARROWEST: usize = 40;

impl Page {
    /// An empty page.
    #[must_use]
    pub fn new(width: usize, colour: bool) -> Self {
        Self {
            width: width.max(NARROWEST),
            colour,
            out: String::new(),
        }
    }

    /// The characters that fit beside an indent.
    #[must_use]
    pub fn room(&self, indent: usize) -> usize {
        self.width.saturating_sub(indent)
    }

    /// A heading, with an empty line before it unless it opens the page.
    pub fn heading(&mut self, text: &str) {
        self.blank();
        self.line(0, &Rich::new(Style::Bold, text));
    }

    /// An empty line, unless the page begins or one is there already.
    pub fn blank(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    /// A line, wrapped; each of its lines is indented.
    pub fn line(&mut self, indent: usize, text: &Rich) {
        self.hanging(&Rich::plain(&" ".repeat(indent)), text);
    }

    /// A line with something in front of it: what does not fit stands under its beginning.
    pub fn hanging(&mut self, front: &Rich, text: &Rich) {
        self.branching(front, &Rich::plain(&" ".repeat(front.width())), text);
    }

    /// A line with something in front of its first line, and something else, as wide, in front of the others.
    pub fn branching(&mut self, front: &Rich, under: &Rich, text: &Rich) {
        let lines = text.wrap(self.room(front.width())).into_iter();
        for (place, line) in lines.enumerate() {
            let before = if place == 0 { front } else { under };
            self.push(&before.clone().then(line));
        }
    }

    /// A line whose end stands at the right edge, of its last line when it wraps; or below when both do not fit.
    pub fn ends(&mut self, indent: usize, left: &Rich, right: &Rich) {
        let room = self.room(indent);
        if left.width() + GAP + right.width() <= room {
            let line = left
                .clone()
                .padded(room - right.width())
                .then(right.clone());
            self.push(&Rich::plain(&" ".repeat(indent)).then(line));
        } else if right.width() <= room / END {
            // Narrower only where the last line would reach into its end.
            let beside = room - GAP - right.width();
            let mut lines = left.wrap(room);
            if lines.last().is_none_or(|last| last.width() > beside) {
                lines = left.wrap(beside);
            }
            let last = lines.pop().unwrap_or_default();
            for line in lines {
                self.push(&Rich::plain(&" ".repeat(indent)).then(line));
            }
            let last = last.padded(room - right.width()).then(right.clone());
            self.push(&Rich::plain(&" ".repeat(indent)).then(last));
        } else {
            self.line(indent, left);
            self.line(indent, right);
        }
    }

    /// A line with something in front of it and something at the right edge of its first line.
    pub fn beside(&mut self, front: &Rich, text: &Rich, right: &Rich) {
        let room = self.room(front.width() + GAP + right.width());
        let mut lines = text.wrap(room).into_iter();
        let first = lines.next().unwrap_or_default().padded(room + GAP);
        self.push(&front.clone().then(first).then(right.clone()));
        for line in lines {
            self.push(&Rich::plain(&" ".repeat(front.width())).then(line));
        }
    }

    /// A line across the page.
    pub fn rule(&mut self) {
        self.push(&Rich::new(Style::Dim, &"─".repeat(self.width)));
    }

    /// Rows of cells in columns. What does not fit wraps within its column; empty columns vanish.
    pub fn table(&mut self, indent: usize, columns: &[Column], rows: &[Vec<Rich>]) {
        let widths = widths(columns, rows.iter(), self.room(indent));
        for row in rows {
            self.row(indent, columns, &widths, row);
        }
    }

    /// Tables under headings, with the same columns under each.
    pub fn tables(
        &mut self,
        indent: usize,
        columns: &[Column],
        groups: &[(String, Vec<Vec<Rich>>)],
    ) {
        let rows = groups.iter().flat_map(|(_, rows)| rows);
        let widths = widths(columns, rows, self.room(indent));
        for (heading, rows) in groups {
            self.heading(heading);
            for row in rows {
                self.row(indent, columns, &widths, row);
            }
        }
    }

    fn row(&mut self, indent: usize, columns: &[Column], widths: &[usize], row: &[Rich]) {
        let cells: Vec<Vec<Rich>> = row
            .iter()
            .zip(widths)
            .map(|(cell, &width)| cell.wrap(width))
            .collect();
        let height = cells.iter().map(Vec::len).max().unwrap_or(0);
        for level in 0..height {
            let mut line = Rich::plain(&" ".repeat(indent));
            for ((cell, &width), column) in cells.iter().zip(widths).zip(columns) {
                if width == 0 {
                    continue;
                }
                let text = cell.get(level).cloned().unwrap_or_default();
                let before = if column.right {
                    width.saturating_sub(text.width())
                } else {
                    0
                };
                line = line.then(
                    Rich::plain(&" ".repeat(before))
                        .then(text)
                        .padded(width + GAP),
                );
            }
            self.push(&line);
        }
    }

    fn push(&mut self, line: &Rich) {
        self.out.push_str(&line.paint(self.colour));
        self.out.push('\n');
    }

    /// The page as it is printed: lines, each ending in a line break.
    #[must_use]
    pub fn finish(self) -> String {
        self.out
    }
}

/// The width of each column: its widest cell, until the widest that may wrap give way, down to their longest words.
fn widths<'r>(
    columns: &[Column],
    rows: impl Iterator<Item = &'r Vec<Rich>> + Clone,
    room: usize,
) -> Vec<usize> {
    let greatest = |place: usize, of: fn(&Rich) -> usize| {
        let cells = rows.clone().filter_map(|row| row.get(place));
        cells.map(of).max().unwrap_or(0)
    };
    let mut widths: Vec<usize> = (0..columns.len())
        .map(|place| greatest(place, Rich::width))
        .collect();
    let least: Vec<usize> = (columns.iter().zip(0..))
        .map(|(column, place)| column.least.max(greatest(place, Rich::longest_word)))
        .collect();
    let total = |widths: &[usize]| {
        let filled = widths.iter().filter(|&&width| width > 0).count();
        widths.iter().sum::<usize>() + GAP * filled.saturating_sub(1)
    };
    let widest = |widths: &[usize], gives: &dyn Fn(usize, usize) -> bool| {
        let wide = widths.iter().copied().enumerate();
        wide.filter(|&(place, width)| gives(place, width))
            .max_by_key(|&(_, width)| width)
            .map(|(place, _)| place)
    };
    let wraps = |place: usize| {
        columns
            .get(place)
            .is_some_and(|column| column.least < usize::MAX)
    };
    while total(&widths) > room {
        let chosen = widest(&widths, &|place, width| {
            least.get(place).is_some_and(|&least| width > least)
        });
        // An id can be as long as a line: then words break, and at last every column gives way.
        let broken = || {
            widest(&widths, &|place, width| {
                wraps(place) && width > NARROWEST_CELL
            })
        };
        let forced = || widest(&widths, &|_, width| width > NARROWEST_CELL);
        let Some(width) = chosen
            .or_else(broken)
            .or_else(forced)
            .and_then(|place| widths.get_mut(place))
        else {
            break;
        };
        *width -= 1;
    }
    // A wrapped column needs no more than the longest of its lines.
    for (place, width) in widths.iter_mut().enumerate() {
        let cells = rows.clone().filter_map(|row| row.get(place));
        let lines = cells.flat_map(|cell| cell.wrap(*width));
        *width = lines.map(|line| line.width()).max().unwrap_or(0);
    }
    let left = room.saturating_sub(total(&widths));
    let filling = columns
        .iter()
        .zip(&mut widths)
        .find(|(column, _)| column.fills);
    if let Some((_, width)) = filling {
        *width += left;
    }
    widths
}
