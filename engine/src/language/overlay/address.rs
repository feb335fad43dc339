//! Addresses: dotted paths of names, resolved against the tree of a process. Nothing is ever called by its position.

use crate::diagnostic::Span;
use crate::language::tree::{Content, Node};

/// The keys of the language under which elements stand by name: an overlay may add to one that a process does not have.
const MAPS: [&str; 17] = [
    "roles",
    "settings",
    "facts",
    "links",
    "events",
    "tasks",
    "tracks",
    "stages",
    "deadlines",
    "recurring",
    "outcomes",
    "texts",
    "with",
    "sets",
    "tell",
    "any_stage",
    "options",
];

/// The keys of the language under which elements stand in a list, or one by itself.
const LISTS: [&str; 14] = [
    "languages",
    "rules",
    "leave",
    "nudge",
    "escalate",
    "by",
    "told_by",
    "visible_to",
    "clears",
    "after",
    "fills",
    "reads",
    "while_in",
    "one_of",
];

/// Whether elements stand by name under a key.
pub fn is_map(key: &str) -> bool {
    MAPS.contains(&key)
}

/// Whether elements stand in a list under a key.
pub fn is_list(key: &str) -> bool {
    LISTS.contains(&key)
}

/// What an element of a list is called.
#[must_use]
pub fn called(item: &Node) -> Option<&str> {
    match &item.content {
        Content::Scalar(scalar) => Some(&scalar.text),
        Content::Map(_) => ["name", "rule", "to", "end", "valid_from", "valid_to"]
            .iter()
            .find_map(|key| scalar(item.get(key)?)),
        _ => None,
    }
}

/// The text of a single value.
pub fn scalar(node: &Node) -> Option<&str> {
    match &node.content {
        Content::Scalar(scalar) => Some(&scalar.text),
        _ => None,
    }
}

/// An element of a tree.
#[derive(Clone, Debug)]
pub struct Found<'n> {
    /// For each level, the place in the map or list.
    pub path: Vec<usize>,
    /// What stands there.
    pub node: &'n Node,
    /// Where its name stands.
    pub at: Span,
    /// The names on the way.
    pub names: Vec<String>,
}

impl Found<'_> {
    /// The address as people write it.
    pub fn address(&self) -> String {
        spoken(&self.names)
    }

    /// The key that it, or the list in which it is, stands under.
    pub fn key(&self) -> &str {
        self.names.last().map_or("", String::as_str)
    }
}

/// An address as people write it: a stage needs no track.
#[must_use]
pub fn spoken(names: &[String]) -> String {
    match names {
        [tracks, _, rest @ ..]
            if tracks == "tracks"
                && rest.len() > 1
                && rest.first().is_some_and(|next| next == "stages") =>
        {
            rest.join(".")
        }
        _ => names.join("."),
    }
}

/// The names of the element whose value, or whose name, stands at a place; and whether it is its name.
pub fn standing_at(root: &Node, span: &Span) -> Option<(Vec<String>, bool)> {
    let mut left = vec![(Vec::new(), root)];
    while let Some((names, node)) = left.pop() {
        if node.span == *span && !names.is_empty() && scalar(node).is_some() {
            return Some((names, false));
        }
        let below = |name: &str| {
            let mut below: Vec<String> = names.clone();
            below.push(name.to_owned());
            below
        };
        for entry in node.entries() {
            if entry.key_span == *span {
                return Some((below(&entry.key), true));
            }
            left.push((below(&entry.key), &entry.value));
        }
        for item in node.items() {
            left.extend(called(item).map(|name| (below(name), item)));
        }
    }
    None
}

/// Why an address leads nowhere.
#[derive(Debug)]
pub enum Missed<'n> {
    /// The names go on after what was found.
    Beyond {
        /// As far as it leads.
        reached: Found<'n>,
        /// The names that are left.
        left: Vec<String>,
    },
    /// Several elements of the list that was found are called so.
    Alike {
        /// The list.
        list: Found<'n>,
        /// The name.
        name: String,
        /// The elements.
        items: Vec<Span>,
    },
}

/// Finds the element at an address.
pub fn find<'n>(root: &'n Node, address: &str) -> Result<Found<'n>, Box<Missed<'n>>> {
    let parts: Vec<&str> = in_full(root, address);
    let mut found = Found {
        path: Vec::new(),
        node: root,
        at: root.span.clone(),
        names: Vec::new(),
    };
    let mut left = parts.as_slice();
    while !left.is_empty() {
        // A list of one may be written as the one.
        if let [last] = left
            && scalar(found.node) == Some(last)
            && is_list(found.key())
        {
            found.names.push((*last).to_owned());
            break;
        }
        match step(&found, left) {
            Step::To(next, used) => {
                found = next;
                left = left.get(used..).unwrap_or_default();
            }
            Step::Nowhere => {
                return Err(Box::new(Missed::Beyond {
                    reached: found,
                    left: left.iter().map(|part| (*part).to_owned()).collect(),
                }));
            }
            Step::Alike(name, items) => {
                return Err(Box::new(Missed::Alike {
                    list: found,
                    name,
                    items,
                }));
            }
        }
    }
    Ok(found)
}

/// The parts of an address; a stage may be named without its track.
fn in_full<'a>(root: &'a Node, address: &'a str) -> Vec<&'a str> {
    let parts: Vec<&str> = address.split('.').collect();
    let (Some(&"stages"), Some(stage)) = (parts.first(), parts.get(1)) else {
        return parts;
    };
    let tracks = root.get("tracks").map(Node::entries).unwrap_or_default();
    // Two tracks with a stage of this name are an error of the process itself.
    let track = tracks
        .iter()
        .find(|track| track.value.at(&["stages", stage]).is_some());
    match track {
        Some(track) => {
            let mut full = vec!["tracks", track.key.as_str()];
            full.extend(parts);
            full
        }
        None => parts,
    }
}

enum Step<'n> {
    To(Found<'n>, usize),
    Nowhere,
    Alike(String, Vec<Span>),
}

fn step<'n>(from: &Found<'n>, left: &[&str]) -> Step<'n> {
    let to = |place: usize, node: &'n Node, at: &Span, name: &str| {
        let mut next = Found {
            path: from.path.clone(),
            node,
            at: at.clone(),
            names: from.names.clone(),
        };
        next.path.push(place);
        next.names.push(name.to_owned());
        next
    };
    match &from.node.content {
        Content::Map(entries) => {
            let mut places = entries.iter().enumerate();
            match places.find(|(_, entry)| Some(entry.key.as_str()) == left.first().copied()) {
                Some((place, entry)) => {
                    Step::To(to(place, &entry.value, &entry.key_span, &entry.key), 1)
                }
                None => Step::Nowhere,
            }
        }
        Content::List(items) => {
            // The name of a rule has a dot in it.
            for used in 1..=left.len().min(2) {
                let name = left.get(..used).unwrap_or_default().join(".");
                let alike: Vec<(usize, &Node)> = items
                    .iter()
                    .enumerate()
                    .filter(|(_, item)| called(item) == Some(&name))
                    .collect();
                match alike.as_slice() {
                    [] => {}
                    [(place, item)] => return Step::To(to(*place, item, &item.span, &name), used),
                    several => {
                        let items = several.iter().map(|(_, item)| item.span.clone());
                        return Step::Alike(name, items.collect());
                    }
                }
            }
            Step::Nowhere
        }
        _ => Step::Nowhere,
    }
}

/// What stands under an element: its names, as an address would go on.
pub fn names_below(node: &Node) -> Vec<&str> {
    match &node.content {
        Content::Map(entries) => entries.iter().map(|entry| entry.key.as_str()).collect(),
        Content::List(items) => items.iter().filter_map(called).collect(),
        _ => Vec::new(),
    }
}

/// The names on the way to every element that is called so, anywhere.
pub fn elsewhere(root: &Node, name: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let mut left: Vec<(Vec<String>, &Node)> = vec![(Vec::new(), root)];
    while let Some((names, node)) = left.pop() {
        let entries = node
            .entries()
            .iter()
            .map(|entry| (entry.key.as_str(), &entry.value));
        let items = node
            .items()
            .iter()
            .filter_map(|item| Some((called(item)?, item)));
        for (called, next) in entries.chain(items) {
            let mut names = names.clone();
            names.push(called.to_owned());
            if called == name {
                found.push(names.clone());
            }
            left.push((names, next));
        }
    }
    found.sort();
    found
}
