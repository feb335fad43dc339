//! Whether two values say the same, however they are written: quotes, the order of keys and short forms do not matter.

use crate::language::tree::{Content, Node};

/// The keys of long forms that have a short form: `{ value: 2 days }` is `2 days`.
const SHORT: [&str; 3] = ["value", "rule", "type"];

/// Whether two values say the same. What a setting gives as its reason is no part of its value.
pub fn alike(a: &Node, b: &Node, of_setting: bool) -> bool {
    if let (Some(a), Some(b)) = (short(a, of_setting), short(b, of_setting)) {
        return a == b;
    }
    match (&a.content, &b.content) {
        (Content::List(a), Content::List(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| alike(a, b, of_setting))
        }
        // A list of one may be written as the one.
        (Content::List(one), _) => matches!(one.as_slice(), [one] if alike(one, b, of_setting)),
        (_, Content::List(one)) => matches!(one.as_slice(), [one] if alike(a, one, of_setting)),
        (Content::Map(_), Content::Map(_)) => within(a, b, of_setting) && within(b, a, of_setting),
        (Content::Empty, Content::Map(none)) | (Content::Map(none), Content::Empty) => {
            none.is_empty()
        }
        (a, b) => a == b,
    }
}

/// Whether all that one map says is said by another.
fn within(a: &Node, b: &Node, of_setting: bool) -> bool {
    a.entries()
        .iter()
        .filter(|entry| !(of_setting && entry.key == "because"))
        .all(|entry| {
            b.get(&entry.key)
                .is_some_and(|other| alike(&entry.value, other, false))
        })
}

/// The single text that a value is, or whose long form it is.
fn short(node: &Node, of_setting: bool) -> Option<&str> {
    match &node.content {
        Content::Scalar(scalar) => Some(scalar.text.trim()),
        Content::Map(entries) => {
            let mut said = entries
                .iter()
                .filter(|entry| !(of_setting && entry.key == "because"));
            let only = said
                .next()
                .filter(|only| SHORT.contains(&only.key.as_str()))?;
            match (&only.value.content, said.next()) {
                (Content::Scalar(scalar), None) => Some(scalar.text.trim()),
                _ => None,
            }
        }
        _ => None,
    }
}
