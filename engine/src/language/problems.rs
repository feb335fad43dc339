//! Words that many diagnostics share: what is near, what is known, and what a name looks like.

use std::fmt::Write;

/// The name that was probably meant.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = word.to_lowercase();
    let allowed = match word.chars().count() {
        0..=2 => 1,
        3..=5 => 2,
        _ => 3,
    };
    known
        .into_iter()
        .map(|name| {
            (
                strsim::damerau_levenshtein(&lower, &name.to_lowercase()),
                name,
            )
        })
        .filter(|(distance, name)| *distance <= allowed && *distance < name.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// Advice on a name that is not known: what was probably meant, else what there is.
pub fn suggestion<'a>(word: &str, known: impl IntoIterator<Item = &'a str>, none: &str) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    if let Some(near) = nearest(word, known.iter().copied()) {
        return format!("did you mean `{near}`?");
    }
    if known.is_empty() {
        return none.to_owned();
    }
    format!("there is {}", listed(known.iter().copied(), "and"))
}

/// `a`, `b` and `c`; the rest is counted when there are many.
pub fn listed<'a>(words: impl IntoIterator<Item = &'a str>, last: &str) -> String {
    const MOST: usize = 20;
    let words: Vec<&str> = words.into_iter().collect();
    let more = words.len().saturating_sub(MOST);
    let shown = words.len() - more;
    let mut out = String::new();
    for (place, word) in words.iter().take(shown).enumerate() {
        let between = match (place, more) {
            (0, _) => String::new(),
            (place, 0) if place + 1 == shown => format!(" {last} "),
            _ => ", ".to_owned(),
        };
        // Writing to a string cannot fail.
        let _ = write!(out, "{between}`{word}`");
    }
    if more > 0 {
        let _ = write!(out, " {last} {more} more");
    }
    out
}

/// Whether a text is a name of the language.
pub fn is_name(text: &str) -> bool {
    let mut letters = text.bytes();
    text.len() <= 64
        && letters
            .next()
            .is_some_and(|first| first.is_ascii_lowercase())
        && letters.all(|next| next.is_ascii_lowercase() || next.is_ascii_digit() || next == b'_')
}

/// The name that a text would be: lower case, with `_` for what does not belong into a name.
pub fn as_name(text: &str) -> Option<String> {
    let folded: String = text
        .to_lowercase()
        .chars()
        .map(|letter| match letter {
            'æ' => "ae".to_owned(),
            'ø' => "oe".to_owned(),
            'å' => "aa".to_owned(),
            letter if letter.is_ascii_alphanumeric() => letter.to_string(),
            _ => "_".to_owned(),
        })
        .collect();
    let name = folded.trim_matches('_').to_owned();
    is_name(&name).then_some(name)
}
