//! Builds the tree of a process with an overlay: each place of the process is taken over, replaced or left out, and what is added goes in.
//!
//! Places are those of the process as it is, so that nothing depends on the order in which changes are made.

use super::{
    add::Added,
    address::{called, is_list},
};
use crate::language::tree::{Content, Entry, Node};
use std::collections::{BTreeMap, BTreeSet};

/// What happens to the places of a tree.
#[derive(Default)]
pub struct Places {
    /// Values that are replaced.
    pub set: BTreeMap<Vec<usize>, Node>,
    /// Elements that are left out.
    pub removed: BTreeSet<Vec<usize>>,
    /// Lists of one, written as the one, whose one is left out.
    pub emptied: BTreeSet<Vec<usize>>,
    /// Elements that go in, by where.
    pub added: BTreeMap<Vec<usize>, Vec<Added>>,
}

/// The tree with all that happens to it.
pub fn build(base: &Node, places: &Places) -> Node {
    rebuilt(base, &mut Vec::new(), places)
}

fn rebuilt(node: &Node, path: &mut Vec<usize>, places: &Places) -> Node {
    if let Some(set) = places.set.get(path.as_slice()) {
        let mut set = set.clone();
        add_all(&mut set, path, places);
        return set;
    }
    let mut kept = |place: usize, below: &Node| {
        path.push(place);
        let built =
            (!places.removed.contains(path.as_slice())).then(|| rebuilt(below, path, places));
        path.pop();
        built
    };
    let content = match &node.content {
        Content::Map(entries) => Content::Map(
            entries
                .iter()
                .enumerate()
                .filter_map(|(place, entry)| {
                    Some(Entry {
                        key: entry.key.clone(),
                        key_span: entry.key_span.clone(),
                        value: kept(place, &entry.value)?,
                    })
                })
                .collect(),
        ),
        Content::List(items) => Content::List(
            items
                .iter()
                .enumerate()
                .filter_map(|(place, item)| kept(place, item))
                .collect(),
        ),
        _ if places.emptied.contains(path.as_slice()) => Content::List(Vec::new()),
        other => other.clone(),
    };
    let mut built = Node {
        span: node.span.clone(),
        content,
    };
    add_all(&mut built, path, places);
    built
}

fn add_all(node: &mut Node, path: &[usize], places: &Places) {
    for added in places.added.get(path).into_iter().flatten() {
        let list = added
            .names
            .iter()
            .rev()
            .nth(1)
            .is_some_and(|key| is_list(key));
        put(node, &added.missing, added, list);
    }
}

fn put(node: &mut Node, missing: &[String], added: &Added, list: bool) {
    let Some((section, rest)) = missing.split_first() else {
        return insert(node, added, list);
    };
    if node.content == Content::Empty {
        node.content = Content::Map(Vec::new());
    }
    let Content::Map(entries) = &mut node.content else {
        return;
    };
    if entries.iter().all(|entry| entry.key != *section) {
        entries.push(Entry {
            key: section.clone(),
            key_span: added.at.clone(),
            value: Node {
                span: added.at.clone(),
                content: Content::Empty,
            },
        });
    }
    if let Some(entry) = entries.iter_mut().find(|entry| entry.key == *section) {
        put(&mut entry.value, rest, added, list);
    }
}

fn insert(node: &mut Node, added: &Added, list: bool) {
    match &node.content {
        Content::Empty if list => node.content = Content::List(Vec::new()),
        Content::Empty => node.content = Content::Map(Vec::new()),
        // A list of one, written as the one.
        Content::Scalar(_) => {
            let one = node.clone();
            node.content = Content::List(vec![one]);
        }
        _ => {}
    }
    let before = |name: Option<&str>| name.is_some() && name == added.before.as_deref();
    match &mut node.content {
        Content::Map(entries) => {
            let place = entries.iter().position(|entry| before(Some(&entry.key)));
            let entry = Entry {
                key: added.name.clone(),
                key_span: added.at.clone(),
                value: added.node.clone(),
            };
            entries.insert(place.unwrap_or(entries.len()), entry);
        }
        Content::List(items) => {
            let place = items.iter().position(|item| before(called(item)));
            items.insert(place.unwrap_or(items.len()), added.node.clone());
        }
        _ => {}
    }
}
