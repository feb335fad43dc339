//! Lays an overlay over the tree of its process. Everything is resolved against the process as it is; what would change the same place
//! twice is refused; then the tree is built.

use super::{
    Overlay, Removed, Setting,
    add::{Added, added},
    address::{Found, find, is_list, scalar, spoken},
    build::{Places, build},
    moved::{Said, misplaced, same},
};
use crate::diagnostic::{Diagnostic, Span};
use crate::language::{
    read::Problems,
    tree::{Content, Entry, Node},
};
use forloeb_core::name::Name;
use serde::Serialize;

/// A process with an overlay laid over it.
#[derive(Debug)]
pub struct Laid {
    /// The overlay.
    pub overlay: Name,
    /// Its process.
    pub process: Name,
    /// Where it says which process it extends.
    pub extends: Span,
    /// The tree of the process as it is with it.
    pub root: Node,
    /// What it changes.
    pub changes: Vec<Change>,
}

/// What an overlay does at one place.
#[derive(Clone, Debug)]
pub struct Change {
    /// What it does.
    pub did: Did,
    /// The names on the way to the place.
    pub names: Vec<String>,
    /// Where the overlay says so.
    pub at: Span,
    /// What the overlay says.
    pub to: Option<Node>,
    /// What the process says.
    pub was: Option<Node>,
    /// Where the process says it; for what is added, where it goes in.
    pub base: Span,
    /// Why, where the overlay says it at this place.
    pub because: Option<String>,
}

/// What can be done at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Did {
    /// A value is replaced.
    Set,
    /// An element is added.
    Added,
    /// An element is taken out.
    Removed,
}

/// Lays an overlay over the tree of its process. Without a tree there is at least one error.
pub fn lay(overlay: &Overlay<'_>, base: &Node, problems: &mut Problems) -> Option<Laid> {
    let mut laying = Laying {
        overlay,
        base,
        problems: Problems::new(),
        changes: Vec::new(),
        places: Places::default(),
        added: Vec::new(),
    };
    for set in &overlay.set {
        laying.set(set);
    }
    for removed in &overlay.remove {
        laying.remove(removed);
    }
    for entry in overlay.add {
        laying.add(entry);
    }
    laying.said();
    laying.refuse_overlaps();
    laying.refuse_lost_places();
    let good = !laying.problems.iter().any(Diagnostic::is_error);
    problems.append(&mut laying.problems);
    for added in laying.added {
        let into = laying.places.added.entry(added.parent.clone());
        into.or_default().push(added);
    }
    good.then(|| Laid {
        overlay: overlay.name.clone(),
        process: overlay.process.clone(),
        extends: overlay.extends.clone(),
        root: build(base, &laying.places),
        changes: laying.changes,
    })
}

struct Laying<'a> {
    overlay: &'a Overlay<'a>,
    base: &'a Node,
    problems: Problems,
    changes: Vec<Change>,
    places: Places,
    added: Vec<Added>,
}

impl<'a> Laying<'a> {
    /// The element at an address, which must not be what names the process.
    fn find(
        &mut self,
        address: &'a str,
        at: &'a Span,
        set: Option<&'a Setting<'a>>,
    ) -> Option<Found<'a>> {
        match find(self.base, address) {
            Ok(found) if found.names.first().is_some_and(|first| first == "process") => {
                self.problems.push(
                    Diagnostic::error(
                        "overlay-fixed",
                        at,
                        "an overlay cannot give its process another name",
                    )
                    .also(&found.node.span, "the process is called so")
                    .help("what people read is `title:`"),
                );
                None
            }
            Ok(found) => Some(found),
            Err(missed) => {
                let said = Said {
                    overlay: self.overlay,
                    base: self.base,
                    address,
                    at,
                    set,
                    new: false,
                };
                self.problems.push(said.missed(*missed));
                None
            }
        }
    }

    fn set(&mut self, set: &'a Setting<'a>) {
        let Some(found) = self.find(set.address, set.at, Some(set)) else {
            return;
        };
        let of_setting = found.names.first().is_some_and(|first| first == "settings");
        if let Some(problem) = misplaced(set, &found, of_setting) {
            let stops = problem.is_error();
            self.problems.push(problem);
            if stops {
                return;
            }
        }
        let node = match set.because {
            Some(because) if of_setting && found.names.len() <= 3 => with_reason(set.to, because),
            _ => set.to.clone(),
        };
        self.replaced(&found, set.at, set.to, set.because);
        self.places.set.insert(found.path, node);
    }

    /// Notes that a value is replaced.
    fn replaced(&mut self, found: &Found<'_>, at: &Span, to: &Node, because: Option<&Node>) {
        self.changes.push(Change {
            did: Did::Set,
            names: found.names.clone(),
            at: at.clone(),
            to: Some(to.clone()),
            was: Some(found.node.clone()),
            base: found.node.span.clone(),
            because: because.and_then(scalar).map(|said| said.trim().to_owned()),
        });
    }

    fn remove(&mut self, removed: &'a Removed<'a>) {
        let Some(found) = self.find(removed.address, removed.at, None) else {
            return;
        };
        self.changes.push(Change {
            did: Did::Removed,
            names: found.names.clone(),
            at: removed.at.clone(),
            to: None,
            was: Some(found.node.clone()),
            base: found.at.clone(),
            because: None,
        });
        match found.path.len() < found.names.len() {
            true => self.places.emptied.insert(found.path),
            false => self.places.removed.insert(found.path),
        };
    }

    fn add(&mut self, entry: &Entry) {
        let new = added(
            self.overlay,
            self.base,
            entry,
            &self.added,
            &mut self.problems,
        );
        if let Some(new) = new {
            self.go_in(new);
        }
    }

    fn go_in(&mut self, new: Added) {
        self.changes.push(Change {
            did: Did::Added,
            names: new.names.clone(),
            at: new.at.clone(),
            to: Some(new.node.clone()),
            was: None,
            base: new.into.clone(),
            because: None,
        });
        self.added.push(new);
    }

    /// What stands under `title`, `calendar` and `texts`: it is replaced, or added, without saying what it was.
    fn said(&mut self) {
        for entry in self.overlay.title.iter().chain(&self.overlay.calendar) {
            self.say(&entry.key, entry);
        }
        for entry in self.overlay.texts {
            self.say(&format!("texts.{}", entry.key), entry);
        }
    }

    /// A text in some languages changes those; anything else is replaced as a whole.
    fn say(&mut self, address: &str, entry: &Entry) {
        let Ok(found) = find(self.base, address) else {
            let mut names: Vec<String> = address.split('.').map(str::to_owned).collect();
            self.put(&mut names, entry);
            return;
        };
        let (Content::Map(languages), Content::Map(_)) =
            (&entry.value.content, &found.node.content)
        else {
            self.say_again(address, &found, &entry.value, &entry.key_span);
            return;
        };
        for language in languages {
            let address = format!("{address}.{}", language.key);
            match find(self.base, &address) {
                Ok(found) => {
                    self.say_again(&address, &found, &language.value, &language.key_span);
                }
                Err(_) => {
                    let mut names = found.names.clone();
                    names.push(language.key.clone());
                    self.put(&mut names, language);
                }
            }
        }
    }

    fn say_again(&mut self, address: &str, found: &Found<'_>, to: &Node, at: &Span) {
        if super::alike::alike(found.node, to, false) {
            self.problems.push(same(address, &to.span, found));
        }
        self.replaced(found, at, to, None);
        self.places.set.insert(found.path.clone(), to.clone());
    }

    /// Adds at the names, of which all but the last one or two exist.
    fn put(&mut self, names: &mut Vec<String>, entry: &Entry) {
        let all = names.clone();
        let Some(name) = names.pop() else { return };
        let mut missing = Vec::new();
        let parent = loop {
            match find(self.base, &names.join(".")) {
                Ok(found) => break found,
                Err(_) if names.is_empty() => return,
                Err(_) => missing.extend(names.pop()),
            }
            if names.is_empty() {
                break root(self.base);
            }
        };
        self.go_in(Added {
            parent: parent.path,
            missing,
            name,
            names: all,
            node: entry.value.clone(),
            at: entry.key_span.clone(),
            into: parent.at,
            before: None,
        });
    }

    /// Two changes of one place, or of a place inside another.
    fn refuse_overlaps(&mut self) {
        for (at, later) in self.changes.iter().enumerate() {
            let earlier = self.changes.iter().take(at);
            let mut clashing = earlier.filter(|one| {
                one.names.starts_with(&later.names) || later.names.starts_with(&one.names)
            });
            let Some(first) = clashing.next() else {
                continue;
            };
            // What lies inside is the one to move.
            let (inner, outer) = match later.names.starts_with(&first.names) {
                true => (later, first),
                false => (first, later),
            };
            let did = match outer.did {
                Did::Set => "replaced",
                Did::Added => "added",
                Did::Removed => "taken out",
            };
            let same = inner.names == outer.names;
            let message = match same {
                true => format!("`{}` is changed twice", spoken(&inner.names)),
                false => format!(
                    "`{}` lies inside what is {did} as a whole",
                    spoken(&inner.names)
                ),
            };
            self.problems.push(
                Diagnostic::error("overlay-overlap", &inner.at, message)
                    .also(&outer.at, format!("{did} here"))
                    .also(&outer.base, "in the process")
                    .help(match (same, outer.did) {
                        (true, _) => "keep one of the two",
                        (false, Did::Removed) => {
                            "keep one of the two: what is taken out goes with all that is in it"
                        }
                        (false, _) => "write it there, or keep one of the two",
                    }),
            );
        }
    }

    /// An element can come only before one that stays and keeps its name.
    fn refuse_lost_places(&mut self) {
        for added in &self.added {
            let Some(before) = &added.before else {
                continue;
            };
            let mut names = added.names.clone();
            names.pop();
            names.push(before.clone());
            let lost = self.changes.iter().find(|change| match change.did {
                Did::Removed => change.names == names,
                Did::Added => false,
                Did::Set => match change.names.strip_prefix(names.as_slice()) {
                    Some([]) => change.to.as_ref().and_then(super::called) != Some(before),
                    Some([key]) => ["name", "rule", "to", "end"].contains(&key.as_str()),
                    _ => false,
                },
            });
            // In a map the name is the key, which stays whatever is set.
            let lost =
                lost.filter(|change| change.did == Did::Removed || is_list(listed_under(&names)));
            if let Some(change) = lost {
                self.problems.push(
                    Diagnostic::error(
                        "overlay-unknown-place",
                        &added.at,
                        format!("it comes before `{before}`, which this overlay takes away"),
                    )
                    .also(&change.at, "here")
                    .help("name another element in `place_before`, or leave it out"),
                );
            }
        }
    }
}

/// The key under which the elements stand to which these names lead.
fn listed_under(names: &[String]) -> &str {
    names.iter().rev().nth(1).map_or("", String::as_str)
}

fn root(base: &Node) -> Found<'_> {
    Found {
        path: Vec::new(),
        node: base,
        at: base.span.clone(),
        names: Vec::new(),
    }
}

/// The value of a setting, with the reason that the overlay gives for it.
fn with_reason(to: &Node, because: &Node) -> Node {
    let entry = |key: &str, value: &Node| Entry {
        key: key.to_owned(),
        key_span: value.span.clone(),
        value: value.clone(),
    };
    let own = |node: &Node| node.get("because").is_some();
    let content = match &to.content {
        Content::Scalar(_) => Content::Map(vec![entry("value", to), entry("because", because)]),
        Content::Map(entries) if !own(to) => {
            let mut entries = entries.clone();
            entries.push(entry("because", because));
            Content::Map(entries)
        }
        Content::List(items) if !items.iter().any(own) => {
            let mut items = items.clone();
            if let Some(first) = items.first_mut() {
                *first = with_reason(first, because);
            }
            Content::List(items)
        }
        other => other.clone(),
    };
    Node {
        span: to.span.clone(),
        content,
    }
}
