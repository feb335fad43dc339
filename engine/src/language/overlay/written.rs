//! Values of a tree, written on one line as they could stand in a file: for messages that say exactly what to write.

use crate::language::tree::{Content, Node, Scalar};

/// A value on one line.
#[must_use]
pub fn written(node: &Node) -> String {
    match &node.content {
        Content::Empty => "{}".to_owned(),
        Content::Scalar(scalar) => text(scalar),
        Content::List(items) => {
            let items: Vec<String> = items.iter().map(written).collect();
            format!("[{}]", items.join(", "))
        }
        Content::Map(entries) if entries.is_empty() => "{}".to_owned(),
        Content::Map(entries) => {
            let entries: Vec<String> = entries
                .iter()
                .map(|entry| format!("{}: {}", entry.key, written(&entry.value)))
                .collect();
            format!("{{ {} }}", entries.join(", "))
        }
    }
}

/// A text, in quotes where it has been in quotes or would not be read as it is.
fn text(scalar: &Scalar) -> String {
    let said = scalar.text.trim_end_matches('\n');
    let special = |letter: char| "{}[],&*#?|<>=!%@`\"'".contains(letter) || letter.is_control();
    let plain = !said.is_empty()
        && !said.contains(special)
        && !said.contains(": ")
        && !said.ends_with(':')
        && !said.starts_with(['-', ' '])
        && !said.ends_with(' ');
    if plain && !(scalar.quoted && could_be_more(said)) {
        return said.to_owned();
    }
    let mut out = String::from("\"");
    for letter in said.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            letter => out.push(letter),
        }
    }
    out.push('"');
    out
}

/// Without its quotes it could be taken for a number, a yes or no, a length of time, or a setting.
fn could_be_more(text: &str) -> bool {
    !text.contains(' ') || text.starts_with(|letter: char| letter.is_ascii_digit())
}
