//! What somebody wrote and could not be read, in words for that person.

use std::fmt;

/// A text that is not what it should be. Lower case, no full stop, the writer's own words in backticks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misread {
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: String,
}

impl Misread {
    pub(super) fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            help: help.into(),
        }
    }
}

impl fmt::Display for Misread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.message, self.help)
    }
}

impl std::error::Error for Misread {}

/// The choice nearest to `word`, when it is near enough to be a slip of the pen.
pub(super) fn nearest<'a>(
    word: &str,
    choices: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    // Longer texts are no slip of a name, and comparing them would take their length squared.
    if word.len() > 60 {
        return None;
    }
    let allowed = (word.chars().count() / 3).clamp(1, 3);
    choices
        .into_iter()
        .map(|choice| (distance(word, choice), choice))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, choice)| choice)
}

/// Letters to insert, delete, replace or swap with their neighbour to get from `a` to `b`, ignoring case.
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.to_lowercase().chars().collect();
    let b: Vec<char> = b.to_lowercase().chars().collect();
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replace = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = replace.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_found_and_another_word_is_not() {
        let days = ["monday", "wednesday", "friday"];
        assert_eq!(nearest("wensday", days), Some("wednesday"));
        assert_eq!(nearest("firday", days), Some("friday"));
        assert_eq!(nearest("xyz", days), None);
    }
}
