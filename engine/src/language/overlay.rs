//! Overlays: what one office does differently from a process. Reads an overlay file; `lay` puts it over the tree of its process, before
//! anything there is taken to mean something, and `told` points what is then wrong into the overlay.
//!
//! It never compiles anything: the tree that comes out is compiled like any other.

mod add;
mod address;
mod alike;
mod build;
mod lay;
mod moved;
mod told;
mod written;

use super::{
    compile::stem_name,
    declared::{Sort, resolve},
    read::{Fields, Problems, expected, word},
    reference::{OVERLAY, SET},
    tree::{Content, Entry, Node},
};
use crate::diagnostic::Span;
use forloeb_core::{name::Name, text::Text};
use std::collections::BTreeMap;

pub use address::{called, is_list, spoken};
pub use lay::{Change, Did, Laid, lay};
pub use told::{into_overlay, pointed};
pub use written::written;

/// An overlay as its file says it.
#[derive(Debug)]
pub struct Overlay<'n> {
    /// Its name.
    pub name: Name,
    /// The process that it is laid over.
    pub process: Name,
    /// Where it says so.
    pub extends: &'n Span,
    /// Why it is there.
    pub because: String,
    title: Option<&'n Entry>,
    calendar: Option<&'n Entry>,
    set: Vec<Setting<'n>>,
    add: &'n [Entry],
    remove: Vec<Removed<'n>>,
    texts: &'n [Entry],
}

/// A value that is replaced.
#[derive(Debug)]
struct Setting<'n> {
    address: &'n str,
    at: &'n Span,
    was: Option<&'n Node>,
    to: &'n Node,
    because: Option<&'n Node>,
}

/// An element that is taken out.
#[derive(Debug)]
struct Removed<'n> {
    address: &'n str,
    at: &'n Span,
}

/// Reads an overlay file. Without an overlay there is at least one error.
pub fn read<'n>(
    root: &'n Node,
    processes: &[Name],
    problems: &mut Problems,
) -> Option<Overlay<'n>> {
    let fields = Fields::read(root, &root.span.start_point(), &OVERLAY, problems)?;
    let name = fields
        .get("overlay")
        .and_then(|node| stem_name(node, problems));
    let because = fields
        .get("because")
        .and_then(|node| word(node, "a text that says why", problems));
    let process = fields.get("extends").and_then(|node| {
        let known = processes.iter().map(Name::as_str);
        resolve(node, Sort::Process, known, problems)
    });
    let set = by_address(fields, "set", problems)
        .iter()
        .filter_map(|entry| setting(entry, problems))
        .collect();
    let add = by_address(fields, "add", problems);
    let remove = fields
        .list("remove", problems)
        .iter()
        .filter_map(|node| {
            let scalar = word(node, "the address of an element", problems)?;
            Some(Removed {
                address: &scalar.text,
                at: &node.span,
            })
        })
        .collect();
    fields.named("texts", problems);
    let texts = fields.get("texts").map(Node::entries).unwrap_or_default();
    Some(Overlay {
        name: name?,
        process: process?,
        extends: &fields.get("extends")?.span,
        because: because?.text.trim().to_owned(),
        title: fields.entry("title"),
        calendar: fields.entry("calendar"),
        set,
        add,
        remove,
        texts,
    })
}

/// The entries of a map whose keys are addresses.
fn by_address<'n>(fields: Fields<'n>, key: &str, problems: &mut Problems) -> &'n [Entry] {
    let Some(node) = fields.get(key) else {
        return &[];
    };
    if let Content::Map(entries) = &node.content {
        return entries;
    }
    let problem = expected(node, "addresses with what belongs to each").help(format!(
        "such as `{key}: {{ settings.answer_within: … }}`: the names from the top of the process, with dots between them"
    ));
    problems.push(problem);
    &[]
}

fn setting<'n>(entry: &'n Entry, problems: &mut Problems) -> Option<Setting<'n>> {
    if let Content::Scalar(_) | Content::List(_) = entry.value.content {
        // Only the new value: what it was is then asked for where it is known.
        return Some(Setting {
            address: &entry.key,
            at: &entry.key_span,
            was: None,
            to: &entry.value,
            because: None,
        });
    }
    let fields = Fields::read(&entry.value, &entry.key_span, &SET, problems)?;
    let because = fields.get("because");
    if let Some(node) = because {
        word(node, "a text that says why", problems);
    }
    Some(Setting {
        address: &entry.key,
        at: &entry.key_span,
        was: fields.get("was"),
        to: fields.get("to")?,
        because,
    })
}

impl Overlay<'_> {
    /// Its title, in the languages in which it has one.
    #[must_use]
    pub fn title(&self) -> Text {
        let mut texts = BTreeMap::new();
        for entry in self
            .title
            .map(|title| title.value.entries())
            .unwrap_or_default()
        {
            if let Content::Scalar(said) = &entry.value.content {
                texts.insert(Name::from(entry.key.as_str()), said.text.trim().to_owned());
            }
        }
        Text(texts)
    }
}
