//! The tree of a YAML file: raw texts with their places, before anything is taken to mean something.
//!
//! Texts stay as they were written (`no` is text, `012` keeps its zero). Nothing here knows the language; overlays
//! will merge on this tree, by dotted paths of names.

use crate::diagnostic::Span;

/// A value with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Where it stands; for a map or list, where its first element starts.
    pub span: Span,
    /// What stands there.
    pub content: Content,
}

/// What stands at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Nothing after the colon.
    Empty,
    /// One text.
    Scalar(Scalar),
    /// Values by key, in the order of the file. No key stands twice.
    Map(Vec<Entry>),
    /// Values in order.
    List(Vec<Node>),
}

/// One text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scalar {
    /// The text, without quotes.
    pub text: String,
    /// It was quoted or written as a block: it is never taken for a number or the name of a setting.
    pub quoted: bool,
}

/// A key and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Where the key stands.
    pub key_span: Span,
    /// The value.
    pub value: Node,
}

impl Node {
    /// The value of a key, when this is a map that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// A key with its value, when this is a map that has it.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.key == key)
    }

    /// The entries of a map; none for anything else.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        match &self.content {
            Content::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The elements of a list; none for anything else.
    #[must_use]
    pub fn items(&self) -> &[Self] {
        match &self.content {
            Content::List(items) => items,
            _ => &[],
        }
    }

    /// The value at a path of keys; a number is the place in a list.
    #[must_use]
    pub fn at(&self, path: &[&str]) -> Option<&Self> {
        let Some((first, rest)) = path.split_first() else {
            return Some(self);
        };
        let next = match &self.content {
            Content::List(items) => first.parse::<usize>().ok().and_then(|at| items.get(at)),
            _ => self.get(first),
        };
        next?.at(rest)
    }

    /// The place of the last key of a path, or as near to it as the tree goes.
    #[must_use]
    pub fn key_at(&self, path: &[&str]) -> Span {
        let mut node = self;
        let mut span = self.span.clone();
        for key in path {
            if let Some(entry) = node.entry(key) {
                span = entry.key_span.clone();
                node = &entry.value;
            } else if let Some(item) = node.at(&[key]) {
                span = item.span.clone();
                node = item;
            } else {
                break;
            }
        }
        span
    }

    /// What it is, in words for people.
    #[must_use]
    pub fn described(&self) -> &'static str {
        match &self.content {
            Content::Empty => "nothing",
            Content::Scalar(_) => "a single value",
            Content::Map(_) => "keys with values",
            Content::List(_) => "a list",
        }
    }
}
