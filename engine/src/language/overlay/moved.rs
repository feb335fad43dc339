//! Words about addresses and values that do not fit the process: what the process says, what the overlay says, and what to write.

use super::{
    Overlay, Setting,
    address::{Found, Missed, elsewhere, find, is_map, names_below, scalar, spoken},
    alike::alike,
    written::written,
};
use crate::diagnostic::{Diagnostic, Span};
use crate::language::{
    problems::{listed, nearest},
    tree::{Content, Node},
};

/// Where an overlay says something, and how.
pub struct Said<'a> {
    /// The overlay.
    pub overlay: &'a Overlay<'a>,
    /// The tree of its process.
    pub base: &'a Node,
    /// The address as it is written.
    pub address: &'a str,
    /// Where.
    pub at: &'a Span,
    /// The value that was to be replaced, where one was.
    pub set: Option<&'a Setting<'a>>,
    /// The element at the address is not there yet.
    pub new: bool,
}

impl Said<'_> {
    /// The address leads nowhere.
    pub fn missed(&self, missed: Missed<'_>) -> Diagnostic {
        match missed {
            Missed::Alike { list, name, items } => self.ambiguous(&list, &name, &items),
            Missed::Beyond { reached, left } => self.unknown(&reached, &left),
        }
    }

    fn ambiguous(&self, list: &Found<'_>, name: &str, items: &[Span]) -> Diagnostic {
        let mut problem = Diagnostic::error(
            "overlay-ambiguous",
            self.at,
            format!(
                "{} elements of `{}` are called `{name}`",
                items.len(),
                list.address()
            ),
        );
        for item in items {
            problem = problem.also(item, "one of them");
        }
        let file = &list.at.source.path;
        let help = match list.key() {
            "leave" | "nudge" | "escalate" => format!(
                "give each a `name:` of its own in {file} (it changes nothing else), or `set` the whole list `{}`",
                list.address()
            ),
            _ => format!("`set` the whole list `{}`", list.address()),
        };
        problem.help(help)
    }

    fn unknown(&self, reached: &Found<'_>, left: &[String]) -> Diagnostic {
        let next = left.first().map_or("", String::as_str);
        let process = &self.overlay.process;
        let inside_added = self.overlay.add.iter().find(|added| {
            self.address
                .strip_prefix(added.key.as_str())
                .is_some_and(|rest| rest.starts_with('.'))
        });
        if let Some(added) = inside_added {
            return Diagnostic::error(
                "overlay-overlap",
                self.at,
                format!("`{}` lies inside what this overlay adds", self.address),
            )
            .also(&added.key_span, "added here as a whole")
            .help("write it there");
        }
        if let (Content::Scalar(_), false) = (&reached.node.content, reached.names.is_empty()) {
            return Diagnostic::error(
                "overlay-unknown-address",
                self.at,
                format!(
                    "`{}` is a single value in `{process}`, and nothing lies below it",
                    reached.address()
                ),
            )
            .also(&reached.node.span, "the process goes as far as here")
            .help(format!(
                "`set` it as a whole: `{}: {{ was: {}, to: … }}`",
                reached.address(),
                written(reached.node)
            ));
        }
        let whole = join(&reached.address(), next);
        let (shown, help) = if reached.names.is_empty() && next == "stages" {
            let stage = left.get(1).map_or("", String::as_str);
            (join(next, stage), self.stage(stage, left))
        } else {
            (whole, self.suggested(reached, left))
        };
        let mut problem = Diagnostic::error(
            "overlay-unknown-address",
            self.at,
            format!("the process `{process}` has no `{shown}`"),
        )
        .also(&reached.at, "the process goes as far as here");
        // What was only misspelt has not changed.
        if let Some(set) = self.set
            && !help.starts_with("did you mean")
        {
            let yours = written(set.to);
            problem = problem.label(match set.was {
                Some(was) => format!("the process then: {}; yours: {yours}", written(was)),
                None => format!("yours: {yours}"),
            });
        }
        problem.help(help)
    }

    /// Advice on a stage that is named without its track.
    fn stage(&self, stage: &str, left: &[String]) -> String {
        let tracks = self
            .base
            .get("tracks")
            .map(Node::entries)
            .unwrap_or_default();
        let known: Vec<&str> = tracks
            .iter()
            .filter_map(|track| track.value.get("stages"))
            .flat_map(names_below)
            .collect();
        match nearest(stage, known.iter().copied()) {
            Some(near) => format!(
                "did you mean `{}`?",
                whole(&format!("stages.{near}"), left.get(2..))
            ),
            None => format!("its stages are {}", listed(known, "and")),
        }
    }

    fn suggested(&self, reached: &Found<'_>, left: &[String]) -> String {
        let next = left.first().map_or("", String::as_str);
        let below = names_below(reached.node);
        let rest = left.get(1..);
        let near = nearest(next, below.iter().copied());
        let here = self.renamed(reached, next).or(near);
        let here = here.map(|name| whole(&join(&reached.address(), name), rest));
        if let Some(here) = here.as_deref().filter(|address| self.leads(address)) {
            return format!("did you mean `{here}`?");
        }
        let others: Vec<String> = elsewhere(self.base, next)
            .iter()
            .map(|names| whole(&spoken(names), rest))
            .filter(|address| self.leads(address))
            .collect();
        if let [only] = others.as_slice() {
            return format!("did you mean `{only}`?");
        }
        if let Some(here) = here {
            return format!("did you mean `{here}`?");
        }
        let address = reached.address();
        let there = match (below.is_empty(), reached.names.is_empty()) {
            (true, _) => format!("there is nothing below `{address}`"),
            (false, true) => format!("an address begins with {}", listed(below, "or")),
            (false, false) => format!("below `{address}` there is {}", listed(below, "and")),
        };
        let by_name = is_map(reached.key()) || matches!(reached.node.content, Content::List(_));
        match (self.set, left) {
            (Some(set), [_]) if !by_name && !reached.names.is_empty() => format!(
                "{there}; to say what the process does not say, write `{}: {}` under `add:`",
                self.address,
                written(set.to)
            ),
            _ if by_name && !self.new => {
                format!("{there}; if it was given up, take this out")
            }
            _ => there,
        }
    }

    /// The name of an element that had none, and was called by what it leads to.
    fn renamed<'n>(&self, reached: &Found<'n>, next: &str) -> Option<&'n str> {
        let item = reached.node.items().iter().find(|item| {
            item.get("name").is_some()
                && ["rule", "to", "end"]
                    .iter()
                    .any(|key| item.get(key).and_then(scalar) == Some(next))
        });
        item.and_then(|item| item.get("name")).and_then(scalar)
    }

    /// Whether an address leads somewhere; that of a new element, to where it goes in.
    fn leads(&self, address: &str) -> bool {
        let address = match self.new {
            true => address.rsplit_once('.').map_or(address, |(above, _)| above),
            false => address,
        };
        find(self.base, address).is_ok()
    }
}

fn join(address: &str, name: &str) -> String {
    match address {
        "" => name.to_owned(),
        _ => format!("{address}.{name}"),
    }
}

fn whole(address: &str, rest: Option<&[String]>) -> String {
    let rest = rest.unwrap_or_default().iter();
    rest.fold(address.to_owned(), |address, part| join(&address, part))
}

/// A value is replaced, and it is not said which.
pub fn without_was(set: &Setting<'_>, found: &Found<'_>) -> Diagnostic {
    Diagnostic::error(
        "overlay-without-was",
        set.at,
        format!("it is not said what `{}` was", set.address),
    )
    .label("`was:` is missing")
    .also(&found.node.span, "the process says this")
    .help(format!(
        "write `{}: {{ was: {}, to: {} }}`: should the process say something else one day, you are told",
        set.address,
        written(found.node),
        written(set.to)
    ))
}

/// What is wrong with replacing a value, if anything.
pub fn misplaced(set: &Setting<'_>, found: &Found<'_>, of_setting: bool) -> Option<Diagnostic> {
    let Some(was) = set.was else {
        return Some(without_was(set, found));
    };
    let now = written(found.node);
    if !alike(found.node, was, of_setting) {
        let help = match alike(found.node, set.to, of_setting) {
            true => format!(
                "the process now says what you say: take `{}` out of `set:`",
                set.address
            ),
            false => format!(
                "if yours still holds, write `was: {now}`; if it does not, take `{}` out of `set:`",
                set.address
            ),
        };
        return Some(
            Diagnostic::error(
                "overlay-base-moved",
                &was.span,
                format!(
                    "`{}` has changed in the process since this overlay was written",
                    set.address
                ),
            )
            .label(format!("the process then: {}", written(was)))
            .also(&set.to.span, format!("yours: {}", written(set.to)))
            .also(&found.node.span, format!("the process now: {now}"))
            .help(help),
        );
    }
    alike(found.node, set.to, of_setting).then(|| same(set.address, &set.to.span, found))
}

/// An overlay says what the process says.
pub fn same(address: &str, at: &Span, found: &Found<'_>) -> Diagnostic {
    Diagnostic::warning(
        "overlay-says-the-same",
        at,
        format!("`{address}` is what the process says anyway"),
    )
    .also(&found.node.span, "the process says the same")
    .help("take it out: an overlay holds only what differs")
}
