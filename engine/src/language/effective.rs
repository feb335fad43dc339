//! The effective process: every value as it is with an overlay, each with the file and line that it comes from, and what the overlay changes.
//!
//! It reads trees only, so it shows what is written, in short forms as they are written; what that means is the compiler's.

use super::{
    overlay::{Change, Did, Laid, called, is_list, lay, read, spoken, written},
    read::Problems,
    tree::{Content, Node},
    yaml,
};
use crate::diagnostic::Source;
use forloeb_core::{ground::Ground, name::Name};
use serde::Serialize;
use std::{collections::BTreeMap, sync::Arc};

/// A process with an overlay over it, line by line.
#[derive(Clone, Debug, Serialize)]
pub struct Effective {
    /// The overlay.
    pub overlay: Name,
    /// Its process.
    pub process: Name,
    /// Every value, in the order of the process.
    pub rows: Vec<Row>,
    /// What the overlay changes, in its own order.
    pub changes: Vec<Changed>,
}

/// A line of the effective process.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// The names from the top of the process to it.
    pub address: Vec<String>,
    /// Its name.
    pub name: String,
    /// It stands in a list.
    pub item: bool,
    /// Its value on one line; none when lines below it hold it.
    pub value: Option<String>,
    /// Where it comes from.
    pub ground: Ground,
    /// The overlay has replaced or added it.
    pub did: Option<Did>,
    /// What the process says instead, and where.
    pub was: Option<Was>,
}

/// What a process says without the overlay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Was {
    /// The value on one line.
    pub value: String,
    /// Where it stands.
    pub ground: Ground,
}

/// What an overlay does at one place.
#[derive(Clone, Debug, Serialize)]
pub struct Changed {
    /// What it does.
    pub did: Did,
    /// The address.
    pub address: String,
    /// The value that holds now; none when it is taken out.
    pub value: Option<String>,
    /// Where the overlay says so.
    pub ground: Ground,
    /// What the process says; none for what is added.
    pub was: Option<Was>,
    /// Why, where the overlay says it at this place.
    pub because: Option<String>,
}

/// Lays an overlay of a programme over its process. Nothing when there is no such overlay, or it or its process cannot be read.
#[must_use]
pub fn effective(sources: &[Arc<Source>], overlay: &Name) -> Option<Effective> {
    // What is wrong is told by loading; here it only means that there is nothing to show.
    let mut problems = Problems::new();
    let mut tree = |path: String| {
        let source = sources
            .iter()
            .find(|source| source.path == *path.as_str())?;
        yaml::parse(source, &mut problems)
    };
    let own = tree(format!("processes/overlays/{overlay}.yaml"))?;
    let process = match &own.get("extends")?.content {
        Content::Scalar(scalar) => Name::from(scalar.text.as_str()),
        _ => return None,
    };
    let base = tree(format!("processes/{process}.yaml"))?;
    let read = read(&own, std::slice::from_ref(&process), &mut problems)?;
    let laid = lay(&read, &base, &mut problems)?;
    let mut rows = Rows {
        laid: &laid,
        rows: Vec::new(),
    };
    rows.below(&laid.root, &[], None);
    Some(Effective {
        overlay: overlay.clone(),
        rows: rows.rows,
        changes: laid.changes.iter().map(changed).collect(),
        process,
    })
}

/// Where each value of a process stands, by its address; and the addresses of the elements of its lists, by where these stand.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// By address.
    pub by_address: BTreeMap<String, Ground>,
    /// By the place of an element of a list.
    pub of_items: BTreeMap<Ground, String>,
}

/// Where everything stands in a process, with an overlay over it or as it is. What cannot be read stands nowhere.
#[must_use]
pub fn places(sources: &[Arc<Source>], process: &Name, overlay: Option<&Name>) -> Places {
    let mut problems = Problems::new();
    let mut tree = |path: String| {
        let source = sources
            .iter()
            .find(|source| source.path == *path.as_str())?;
        yaml::parse(source, &mut problems)
    };
    let mut places = Places::default();
    let Some(base) = tree(format!("processes/{process}.yaml")) else {
        return places;
    };
    let own = overlay.and_then(|name| tree(format!("processes/overlays/{name}.yaml")));
    let laid = own.as_ref().and_then(|own| {
        let read = read(own, std::slice::from_ref(process), &mut problems)?;
        lay(&read, &base, &mut problems)
    });
    let root = laid.as_ref().map_or(&base, |laid| &laid.root);
    places.below(root, &[]);
    places
}

impl Places {
    fn below(&mut self, node: &Node, names: &[String]) {
        for entry in node.entries() {
            // What an overlay replaces keeps the name that the process gave it: the value tells who says it.
            let ground = match entry.value.span.source.path == entry.key_span.source.path {
                true => entry.key_span.ground(),
                false => entry.value.span.ground(),
            };
            let below = self.one(names, &entry.key, ground);
            self.below(&entry.value, &below);
            // The one of a list of one stands there by itself.
            if is_list(&entry.key) && entry.value.items().is_empty() {
                self.item(&entry.value, &below);
            }
        }
        for item in node.items() {
            self.item(item, names);
        }
    }

    fn item(&mut self, item: &Node, names: &[String]) {
        if let Some(name) = called(item) {
            let below = self.one(names, name, item.span.ground());
            self.of_items.insert(item.span.ground(), spoken(&below));
            self.below(item, &below);
        }
    }

    fn one(&mut self, names: &[String], name: &str, ground: Ground) -> Vec<String> {
        let mut below = names.to_vec();
        below.push(name.to_owned());
        self.by_address.insert(spoken(&below), ground);
        below
    }
}

fn changed(change: &Change) -> Changed {
    Changed {
        did: change.did,
        address: spoken(&change.names),
        value: change.to.as_ref().map(written),
        ground: change
            .to
            .as_ref()
            .map_or(&change.at, |to| &to.span)
            .ground(),
        was: change.was.as_ref().map(|was| Was {
            value: written(was),
            ground: change.base.ground(),
        }),
        because: change.because.clone(),
    }
}

struct Rows<'a> {
    laid: &'a Laid,
    rows: Vec<Row>,
}

impl Rows<'_> {
    /// The lines below a node. `inside` is the change in which they lie.
    fn below(&mut self, node: &Node, address: &[String], inside: Option<Did>) {
        match &node.content {
            Content::Map(entries) => {
                for entry in entries {
                    self.row(
                        &entry.key,
                        false,
                        &entry.value,
                        address,
                        inside,
                        &entry.key_span.ground(),
                    );
                }
            }
            Content::List(items) => {
                for item in items {
                    let name = called(item).unwrap_or_default();
                    self.row(name, true, item, address, inside, &item.span.ground());
                }
            }
            _ => {}
        }
    }

    fn row(
        &mut self,
        name: &str,
        item: bool,
        node: &Node,
        above: &[String],
        inside: Option<Did>,
        key: &Ground,
    ) {
        // No change lies inside another.
        let mut changes = self.laid.changes.iter().filter(|_| inside.is_none());
        let stands = |to: &Node| to.span == node.span;
        let change = changes.find(|change| change.to.as_ref().is_some_and(stands));
        let did = change.map(|change| change.did).or(inside);
        let was = change.and_then(|change| {
            Some(Was {
                value: written(change.was.as_ref()?),
                ground: change.base.ground(),
            })
        });
        let mut address = above.to_vec();
        address.push(name.to_owned());
        let one_line = on_one_line(node) && (did.is_some() || !self.changed_below(node));
        let ground = match &node.content {
            Content::Scalar(_) => node.span.ground(),
            _ if one_line => node.span.ground(),
            _ => key.clone(),
        };
        self.rows.push(Row {
            address: address.clone(),
            name: name.to_owned(),
            item,
            value: one_line.then(|| match node.content {
                Content::Empty => String::new(),
                _ => written(node),
            }),
            ground,
            did,
            was,
        });
        if !one_line {
            self.below(node, &address, did);
        }
    }

    /// Whether a change lies somewhere below a node.
    fn changed_below(&self, node: &Node) -> bool {
        let below = |one: &Node| {
            let own = self
                .laid
                .changes
                .iter()
                .any(|change| change.to.as_ref().is_some_and(|to| to.span == one.span));
            own || self.changed_below(one)
        };
        match &node.content {
            Content::Map(entries) => entries.iter().any(|entry| below(&entry.value)),
            Content::List(items) => items.iter().any(below),
            _ => false,
        }
    }
}

/// Whether a value stands on one line of its file: then it is shown so.
fn on_one_line(node: &Node) -> bool {
    fn lines(node: &Node, found: &mut Vec<u32>) {
        found.push(node.span.ground().line);
        match &node.content {
            Content::Map(entries) => {
                for entry in entries {
                    found.push(entry.key_span.ground().line);
                    lines(&entry.value, found);
                }
            }
            Content::List(items) => items.iter().for_each(|item| lines(item, found)),
            _ => {}
        }
    }
    let bracket = node.span.source.text.get(node.span.start..);
    let flat = match &node.content {
        Content::Map(_) | Content::List(_) => {
            bracket.is_some_and(|text| text.starts_with(['{', '[']))
        }
        _ => return true,
    };
    let mut found = Vec::new();
    lines(node, &mut found);
    found.dedup();
    flat && found.len() == 1
}
