//! A rule as it is written, and the lines in which two versions of it differ.

use serde::Serialize;

/// A rule as it is written, with everything of its file that it calls.
#[derive(Clone, Debug, Default)]
pub struct Written {
    /// What it means: the code without comments and layout.
    pub meaning: String,
    /// Where it stands, `file:line`.
    pub place: String,
    /// Its lines that mean something.
    pub lines: Vec<WrittenLine>,
}

/// A line of a rule.
#[derive(Clone, Debug)]
pub struct WrittenLine {
    /// Its number in the file.
    pub line: u32,
    /// As it is written.
    pub text: String,
    /// Without comments and layout.
    pub meaning: String,
}

/// A line that is in one of two versions only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CodeLine {
    /// Whether it is in the second.
    pub added: bool,
    /// Its number in its file.
    pub line: u32,
    /// As it is written.
    pub text: String,
}

/// The lines that are in one only, in the order of reading.
pub fn otherwise(from: &Written, to: &Written) -> Vec<CodeLine> {
    let (a, b) = (&from.lines, &to.lines);
    // For each pair of ends, how many lines both have in common from there on.
    let mut common = vec![vec![0_usize; b.len() + 1]; a.len() + 1];
    let at = |table: &Vec<Vec<usize>>, i: usize, j: usize| {
        table
            .get(i)
            .and_then(|row| row.get(j))
            .copied()
            .unwrap_or(0)
    };
    for (i, old) in a.iter().enumerate().rev() {
        for (j, new) in b.iter().enumerate().rev() {
            let longest = match old.meaning == new.meaning {
                true => at(&common, i + 1, j + 1) + 1,
                false => at(&common, i + 1, j).max(at(&common, i, j + 1)),
            };
            if let Some(cell) = common.get_mut(i).and_then(|row| row.get_mut(j)) {
                *cell = longest;
            }
        }
    }
    let told = |added, one: &WrittenLine| CodeLine {
        added,
        line: one.line,
        text: one.text.clone(),
    };
    let (mut lines, mut i, mut j) = (Vec::new(), 0, 0);
    loop {
        match (a.get(i), b.get(j)) {
            (Some(old), Some(new)) if old.meaning == new.meaning => (i, j) = (i + 1, j + 1),
            (Some(old), Some(_)) if at(&common, i + 1, j) >= at(&common, i, j + 1) => {
                lines.push(told(false, old));
                i += 1;
            }
            (_, Some(new)) => {
                lines.push(told(true, new));
                j += 1;
            }
            (Some(old), None) => {
                lines.push(told(false, old));
                i += 1;
            }
            (None, None) => return lines,
        }
    }
}
