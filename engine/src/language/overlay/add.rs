//! Finds where an element goes that an overlay adds, and makes it what it would be if it stood in the process.

use super::{
    Overlay,
    address::{Found, Missed, called, find, is_list, is_map, names_below, spoken},
    moved::Said,
    written::written,
};
use crate::diagnostic::{Diagnostic, Span};
use crate::language::{
    problems::suggestion,
    read::{Problems, word},
    tree::{Content, Entry, Node, Scalar},
};

/// An element that is added.
pub struct Added {
    /// The path of the element of the process in which it goes.
    pub parent: Vec<usize>,
    /// The sections between the two that the process does not have yet.
    pub missing: Vec<String>,
    /// Its name.
    pub name: String,
    /// The names on the way, its own last.
    pub names: Vec<String>,
    /// Itself.
    pub node: Node,
    /// Where the overlay says so.
    pub at: Span,
    /// Where it goes in.
    pub into: Span,
    /// The element that it comes before.
    pub before: Option<String>,
}

/// Where an element goes.
struct Place<'n> {
    parent: Found<'n>,
    missing: Vec<String>,
    name: String,
}

/// Resolves one entry of `add:`. `earlier` are those before it.
pub fn added(
    overlay: &Overlay<'_>,
    base: &Node,
    entry: &Entry,
    earlier: &[Added],
    problems: &mut Problems,
) -> Option<Added> {
    let said = Said {
        overlay,
        base,
        address: &entry.key,
        at: &entry.key_span,
        set: None,
        new: true,
    };
    let place = match find(base, &entry.key) {
        Ok(found) => {
            problems.push(already_there(entry, &found));
            return None;
        }
        Err(missed) => place(*missed)
            .map_err(|missed| problems.push(said.missed(*missed)))
            .ok()?,
    };
    if place.parent.names.is_empty() && place.missing == ["stages"] {
        problems.push(trackless(entry, base, &place.name));
        return None;
    }
    let (element, before) = lifted(&entry.value, problems);
    let list = place
        .missing
        .last()
        .map_or(place.parent.key(), String::as_str)
        .to_owned();
    let in_list = in_list(&place.parent, &place.missing);
    let node = match in_list {
        true => in_a_list(entry, element, &list, &place.name, problems)?,
        false => element,
    };
    let mut names = place.parent.names.clone();
    names.extend(place.missing.iter().cloned());
    names.push(place.name.clone());
    let beside = names.get(..names.len() - 1).unwrap_or_default();
    let before = match before {
        Some((before, at)) => {
            let mut known = match place.missing.is_empty() {
                true => names_below(place.parent.node),
                false => Vec::new(),
            };
            let new = earlier
                .iter()
                .filter(|other| other.names.get(..other.names.len() - 1) == Some(beside));
            known.extend(new.map(|other| other.name.as_str()));
            if !known.contains(&before.as_str()) {
                problems.push(unknown_place(&before, &at, &place, known));
                return None;
            }
            Some(before)
        }
        None => None,
    };
    Some(Added {
        parent: place.parent.path,
        missing: place.missing,
        name: place.name,
        names,
        node,
        at: entry.key_span.clone(),
        into: place.parent.at,
        before,
    })
}

/// A stage that is there is found without its track; a new one could go into any of them.
fn trackless(entry: &Entry, base: &Node, name: &str) -> Diagnostic {
    let tracks = base.get("tracks").map(names_below).unwrap_or_default();
    let ways: Vec<String> = tracks
        .iter()
        .map(|track| format!("`tracks.{track}.stages.{name}`"))
        .collect();
    Diagnostic::error(
        "overlay-stage-without-track",
        &entry.key_span,
        format!("the new stage `{name}` needs a track"),
    )
    .help(format!("write {}", ways.join(" or ")))
}

/// The place that is meant by an address at which nothing stands yet.
fn place(missed: Missed<'_>) -> Result<Place<'_>, Box<Missed<'_>>> {
    let (parent, left) = match missed {
        Missed::Beyond { reached, left } => (reached, left),
        alike => return Err(Box::new(alike)),
    };
    let mut missing: Vec<String> = Vec::new();
    let mut rest = left.as_slice();
    // A section of the language that the process does not have yet.
    while let [section, _, ..] = rest
        && (missing.is_empty() || !is_list(missing.last().map_or("", String::as_str)))
        && matches!(parent.node.content, Content::Map(_) | Content::Empty)
        && (is_map(section) || is_list(section))
    {
        missing.push(section.clone());
        rest = rest.get(1..).unwrap_or_default();
    }
    let key = missing.last().map_or(parent.key(), String::as_str);
    let listed = in_list(&parent, &missing);
    let fits = match (&parent.node.content, rest) {
        // The name of a rule has a dot in it.
        (_, [_, _]) if key == "rules" => true,
        (_, [_]) if listed => true,
        (Content::Map(_) | Content::Empty, [_]) => true,
        _ => false,
    };
    if !fits {
        return Err(Box::new(Missed::Beyond {
            reached: parent,
            left,
        }));
    }
    let name = rest.join(".");
    Ok(Place {
        parent,
        missing,
        name,
    })
}

/// Whether what goes in goes into a list.
fn in_list(parent: &Found<'_>, missing: &[String]) -> bool {
    match (missing.last(), &parent.node.content) {
        (Some(section), _) => is_list(section),
        (None, Content::List(_)) => true,
        (None, Content::Map(_)) => false,
        // Nothing, or the one of a list of one.
        (None, _) => is_list(parent.key()),
    }
}

/// The element without the key that says where it comes.
fn lifted(value: &Node, problems: &mut Problems) -> (Node, Option<(String, Span)>) {
    let Some(before) = value.get("place_before") else {
        return (value.clone(), None);
    };
    let name = word(before, "the name of an element beside it", problems)
        .map(|scalar| (scalar.text.clone(), before.span.clone()));
    let entries: Vec<Entry> = value
        .entries()
        .iter()
        .filter(|entry| entry.key != "place_before")
        .cloned()
        .collect();
    let content = match entries.is_empty() {
        true => Content::Empty,
        false => Content::Map(entries),
    };
    let node = Node {
        span: value.span.clone(),
        content,
    };
    (node, name)
}

/// An element of a list bears the name by which the address calls it.
fn in_a_list(
    entry: &Entry,
    mut element: Node,
    list: &str,
    name: &str,
    problems: &mut Problems,
) -> Option<Node> {
    let key = match list {
        "leave" | "nudge" | "escalate" => Some("name"),
        "rules" => Some("rule"),
        _ if entry.key.starts_with("settings.") => Some("valid_from"),
        _ => None,
    };
    let named = || Scalar {
        text: name.to_owned(),
        quoted: false,
    };
    match (&mut element.content, key) {
        (Content::Empty, None | Some("rule")) => element.content = Content::Scalar(named()),
        (Content::Map(entries), Some(key)) if entries.iter().all(|entry| entry.key != key) => {
            let there = Node {
                span: entry.key_span.clone(),
                content: Content::Scalar(named()),
            };
            let own = Entry {
                key: key.to_owned(),
                key_span: entry.key_span.clone(),
                value: there,
            };
            // What it leads to may be its name already.
            if called(&element) != Some(name)
                && let Content::Map(entries) = &mut element.content
            {
                entries.insert(0, own);
            }
        }
        _ => {}
    }
    let own = called(&element)?.to_owned();
    if own != name {
        let at = key
            .and_then(|key| element.get(key))
            .map_or(&element.span, |node| &node.span);
        problems.push(
            Diagnostic::error(
                "overlay-other-name",
                at,
                format!("this element is called `{own}`, but is added as `{name}`"),
            )
            .also(&entry.key_span, "added here")
            .help("write the same name in both places"),
        );
        return None;
    }
    Some(element)
}

fn already_there(entry: &Entry, found: &Found<'_>) -> Diagnostic {
    Diagnostic::error(
        "overlay-already-there",
        &entry.key_span,
        format!("the process has `{}` already", entry.key),
    )
    .also(&found.at, "it stands here")
    .help(format!(
        "to replace it, write it under `set:` as `{}: {{ was: {}, to: {} }}`; to have both, give this one another name",
        entry.key,
        written(found.node),
        written(&entry.value)
    ))
}

fn unknown_place(before: &str, at: &Span, place: &Place<'_>, known: Vec<&str>) -> Diagnostic {
    let mut names = place.parent.names.clone();
    names.extend(place.missing.iter().cloned());
    let beside = spoken(&names);
    Diagnostic::error(
        "overlay-unknown-place",
        at,
        format!("there is no `{before}` beside it for it to come before"),
    )
    .also(&place.parent.at, "it goes in here")
    .help(suggestion(
        before,
        known,
        &format!("nothing stands in `{beside}` yet: leave `place_before` out"),
    ))
}
