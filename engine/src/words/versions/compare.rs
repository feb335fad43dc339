//! Compares what two plans are told as, element by element.

use super::{
    Changed, PlanDifference, Version,
    element::{Element, List, Part, Said},
    lines::otherwise,
    names::{Aspect, Section, Thing},
    plan::sections,
    said::{Teller, spoken},
    touch::{Touch, of_rule, written_otherwise},
};
use crate::words::reader::Reader;
use forloeb_core::{ground::Ground, name::Name, text::Text, versions::Renamed};
use std::collections::{BTreeMap, BTreeSet};

/// Old names by the key of their lists and the new name.
type OldNames = BTreeMap<(&'static str, Name), Name>;

struct Comparing<'a> {
    from: Teller<'a>,
    to: Teller<'a>,
    versions: [Version<'a>; 2],
    old: &'a OldNames,
    found: Vec<PlanDifference>,
}

/// Where in a plan, as people and as addresses say it.
#[derive(Clone)]
struct At {
    section: Section,
    group: String,
    /// What the elements on the way are called, below the heading.
    chain: String,
    /// The address in each of the two.
    paths: [String; 2],
}

impl At {
    fn below(&self, key: &str, names: [&str; 2]) -> Self {
        let path = |at: &str, name: &str| {
            // No two stages of a process share a name: the track says nothing.
            let at = if key == "stages" { "" } else { at };
            // A rung says itself whether it stands under `nudge` or `escalate`.
            let key = if key == "ladder" { "" } else { key };
            let parts = [at, key, name].into_iter().filter(|part| !part.is_empty());
            parts.collect::<Vec<_>>().join(".")
        };
        let [from, to] = &self.paths;
        Self {
            paths: [path(from, names[0]), path(to, names[1])],
            ..self.clone()
        }
    }

    fn called(&self, called: &str) -> Self {
        let chain = match self.chain.is_empty() {
            true => called.to_owned(),
            false => format!("{}, {called}", self.chain),
        };
        Self {
            chain,
            ..self.clone()
        }
    }
}

/// Every difference between two plans that go by the same names.
pub fn compare(
    reader: &Reader<'_>,
    from: Version<'_>,
    to: Version<'_>,
    old: &OldNames,
) -> Vec<PlanDifference> {
    let teller = |plan| Teller { reader, plan };
    let mut comparing = Comparing {
        from: teller(from.plan),
        to: teller(to.plan),
        versions: [from, to],
        old,
        found: Vec::new(),
    };
    let before = sections(&comparing.from, from);
    let after = sections(&comparing.to, to);
    for ((section, a), (_, b)) in before.iter().zip(&after) {
        let at = At {
            section: *section,
            group: section.heading(reader.language).to_owned(),
            chain: String::new(),
            paths: Default::default(),
        };
        comparing.element(&at, a, b);
        if *section == Section::Rules {
            comparing.rules(&at);
        }
    }
    comparing.names_of_before(reader);
    comparing.found
}

impl Comparing<'_> {
    fn element(&mut self, at: &At, a: &Element, b: &Element) {
        let because = b
            .parts
            .iter()
            .find(|part| part.aspect == Aspect::Because)
            .zip(a.parts.iter().find(|part| part.aspect == Aspect::Because))
            .filter(|(now, before)| !same(&before.said, &now.said))
            .map(|(now, _)| now);
        let mut told_why = false;
        for now in &b.parts {
            let before = a.parts.iter().find(|part| part.aspect == now.aspect);
            let Some(before) = before.filter(|before| !same(&before.said, &now.said)) else {
                continue;
            };
            // A reason that comes with another value is told with it.
            if now.aspect == Aspect::Because && told_why {
                continue;
            }
            self.part(at, (a, before), (b, now));
            if now.aspect == Aspect::Value
                && let Some(because) = because
                && let Some(last) = self.found.last_mut()
                && let Said::Words { words, .. } = &because.said
                && !words.is_empty()
            {
                last.because = Some(words.clone());
                told_why = true;
            }
        }
        for now in &b.lists {
            if let Some(before) = a.lists.iter().find(|list| list.key == now.key) {
                self.list(at, (a, before), (b, now));
            }
        }
    }

    fn part(&mut self, at: &At, (a, before): (&Element, &Part), (b, now): (&Element, &Part)) {
        let language = self.to.language();
        let (from, to, marked) = self.both(&before.said, &now.said);
        let none = self.to.say("nothing", "ingenting");
        let or_none = |words: &str| match words.is_empty() {
            true => none.to_owned(),
            false => words.to_owned(),
        };
        let aspect = now.aspect.word(language);
        let subject = match now.aspect {
            Aspect::Value | Aspect::Words if b.thing != Thing::Tell => at.chain.clone(),
            // An element whose title changes cannot be called by it.
            Aspect::Title if b.thing != Thing::Process => self.without_title(at, b),
            _ if at.chain.is_empty() => aspect.to_owned(),
            _ => format!("{}, {aspect}", at.chain),
        };
        let subject = match &marked {
            Some(language) => format!("{subject} ({language})"),
            None => subject,
        };
        let [from_path, to_path] = [0, 1].map(|side| {
            let path = at.paths.get(side).map_or("", String::as_str);
            join(path, now.key)
        });
        let words = format!("{subject}: {} → {}", or_none(&from), or_none(&to));
        let long = words.chars().count() > LONG;
        let places = [
            self.place(0, &from_path, marked.as_deref(), before.ground.as_ref(), a),
            self.place(1, &to_path, marked.as_deref(), now.ground.as_ref(), b),
        ];
        let [from_place, to_place] = places;
        self.found.push(PlanDifference {
            section: at.section.name(),
            path: to_path,
            kind: Changed::Changed,
            from: (!from.is_empty()).then_some(from),
            to: (!to.is_empty()).then_some(to),
            from_place,
            to_place,
            words,
            touches: None,
            because: None,
            lines: Vec::new(),
            group: at.group.clone(),
            head: long.then_some(subject),
            touch: a.touch.clone().or(b.touch.clone()),
        });
    }

    /// `stage`, or `event “Sent”, field` below one that has its title still.
    fn without_title(&self, at: &At, element: &Element) -> String {
        let word = element.thing.word(self.to.language());
        match at.chain.rsplit_once(", ") {
            Some((before, _)) if !at.chain.is_empty() && at.chain != element.called => {
                format!("{before}, {word}")
            }
            _ => word.to_owned(),
        }
    }

    /// What both say, in the reader's language, or in the first in which they differ; that is told then.
    fn both(&self, a: &Said, b: &Said) -> (String, String, Option<String>) {
        let words = |said: &Said| match said {
            Said::Words { words, .. } => words.clone(),
            Said::Text(text) => text.in_language(self.to.language().code()).to_owned(),
        };
        let (Said::Text(from), Said::Text(to)) = (a, b) else {
            return (words(a), words(b), None);
        };
        let quoted = |text: &Text, language: &str| {
            let words = text.0.get(language).map(|words| self.to.quoted(words));
            words.unwrap_or_default()
        };
        let own = self.to.language().code();
        let languages: BTreeSet<&Name> = from.0.keys().chain(to.0.keys()).collect();
        let mut differ = languages
            .into_iter()
            .filter(|language| from.0.get(*language) != to.0.get(*language));
        let own_differs = from.0.get(own) != to.0.get(own);
        match differ.next().filter(|_| !own_differs) {
            Some(language) => (
                quoted(from, language),
                quoted(to, language),
                Some(language.to_string()),
            ),
            None => (quoted(from, own), quoted(to, own), None),
        }
    }

    fn list(&mut self, at: &At, (a, before): (&Element, &List), (b, now): (&Element, &List)) {
        let pairs = pairs(&before.elements, &now.elements);
        for (place, element) in now.elements.iter().enumerate() {
            let pair = pairs.iter().find(|(_, of)| *of == place);
            let old = pair.and_then(|(of, _)| before.elements.get(*of));
            match old {
                Some(old) => self.pair(at, now, old, element),
                None => self.alone(at, now, element, Changed::Added),
            }
        }
        for (place, element) in before.elements.iter().enumerate() {
            if !pairs.iter().any(|(of, _)| *of == place) {
                self.alone(at, now, element, Changed::Removed);
            }
        }
        self.order(at, (a, before), (b, now), &pairs);
    }

    /// One that both have.
    fn pair(&mut self, at: &At, list: &List, a: &Element, b: &Element) {
        let language = self.to.language();
        let old = self.old.get(&(list.key, Name::from(b.name.as_str())));
        let old_name = old.map_or(a.name.as_str(), Name::as_str);
        let mut below = at.below(list.key, [old_name, &b.name]);
        for (side, element) in [(0, a), (1, b)] {
            if let Some(path) = self.address(side, element)
                && let Some(own) = below.paths.get_mut(side)
            {
                *own = path;
            }
        }
        // An exit that leads elsewhere now is called by where it led.
        let called = match b.thing {
            Thing::Exit | Thing::Rung => &a.called,
            _ => &b.called,
        };
        let below = match b.heads {
            true => At {
                group: b.called.clone(),
                chain: String::new(),
                ..below
            },
            false => below.called(called),
        };
        if let Some(old) = old {
            let word = b.thing.word(language);
            let now = self.to.say("is now called", "hedder nu");
            let words = format!("{word} {} {now} {}", spoken(old), spoken(&b.name));
            let found = self.whole(&below, b, Changed::Renamed, words);
            self.found.push(PlanDifference {
                from: Some(old.to_string()),
                to: Some(b.name.clone()),
                from_place: self.place(0, &below.paths[0], None, None, a),
                ..found
            });
        }
        self.element(&below, a, b);
    }

    /// One that only one of the two has; what stands in a stage is told as well.
    fn alone(&mut self, at: &At, list: &List, element: &Element, kind: Changed) {
        let mut below = at.below(list.key, [&element.name, &element.name]);
        let side = usize::from(kind == Changed::Added);
        if let Some(path) = self.address(side, element) {
            below.paths = [path.clone(), path];
        }
        let words = match at.chain.is_empty() {
            true => element.whole.clone(),
            false => format!("{}, {}", at.chain, element.whole),
        };
        if element.heads {
            below.group.clone_from(&element.called);
        }
        let found = self.whole(&below, element, kind, words);
        self.found.push(found);
        if element.heads {
            for list in &element.lists {
                for inside in &list.elements {
                    self.alone(&below, list, inside, kind);
                }
            }
        }
    }

    fn whole(&self, at: &At, element: &Element, kind: Changed, words: String) -> PlanDifference {
        let side = usize::from(kind != Changed::Removed);
        let path = at.paths.get(side).cloned().unwrap_or_default();
        let place = self.place(side, &path, None, None, element);
        let (from_place, to_place) = match side {
            0 => (place, None),
            _ => (None, place),
        };
        let said = Some(element.whole.clone());
        let (from, to) = match side {
            0 => (said, None),
            _ => (None, said),
        };
        PlanDifference {
            section: at.section.name(),
            path,
            kind,
            from,
            to,
            from_place,
            to_place,
            words,
            touches: None,
            because: None,
            lines: Vec::new(),
            group: at.group.clone(),
            head: None,
            touch: element.touch.clone(),
        }
    }

    /// Whether those that both have come in another order.
    fn order(
        &mut self,
        at: &At,
        (a, before): (&Element, &List),
        (b, now): (&Element, &List),
        pairs: &[(usize, usize)],
    ) {
        let mut by_now = pairs.to_vec();
        by_now.sort_by_key(|(_, now)| *now);
        if by_now.is_sorted_by_key(|(before, _)| *before) {
            return;
        }
        let mut by_before = pairs.to_vec();
        by_before.sort_unstable();
        let called = |list: &List, places: Vec<usize>| {
            let elements = places.into_iter().filter_map(|at| list.elements.get(at));
            elements
                .map(|element| match element.thing {
                    Thing::Exit => element.whole.clone(),
                    _ => element.called.clone(),
                })
                .collect::<Vec<_>>()
                .join("; ")
        };
        let from = called(before, by_before.iter().map(|(at, _)| *at).collect());
        let to = called(now, by_now.iter().map(|(_, at)| *at).collect());
        let language = self.to.language();
        let word = now.together.together(language);
        let order = self.to.say("in another order", "i en anden rækkefølge");
        let subject = match at.chain.is_empty() {
            true => format!("{word} {order}"),
            false => format!("{}: {word} {order}", at.chain),
        };
        let below = at.below(now.key, ["", ""]);
        let [from_place, to_place] = [(0, a), (1, b)].map(|(side, element)| {
            let path = below.paths.get(side).map_or("", String::as_str);
            self.place(side, path, None, None, element)
        });
        self.found.push(PlanDifference {
            section: at.section.name(),
            path: below.paths[1].clone(),
            kind: Changed::Moved,
            words: format!("{subject}: {from} → {to}"),
            from: Some(from),
            to: Some(to),
            from_place,
            to_place,
            touches: None,
            because: None,
            lines: Vec::new(),
            group: at.group.clone(),
            head: Some(subject),
            touch: b.touch.clone(),
        });
    }

    /// The rules that both know and that are written otherwise.
    fn rules(&mut self, at: &At) {
        let [from, to] = self.versions;
        let language = self.to.language();
        for (name, before, now) in written_otherwise(from.rules, to.rules) {
            let is = self.to.say("is written otherwise", "er skrevet anderledes");
            let words = format!("{} {name} {is}", Thing::Rule.word(language));
            self.found.push(PlanDifference {
                section: at.section.name(),
                path: format!("rules.{name}"),
                kind: Changed::Changed,
                from: None,
                to: None,
                from_place: Some(before.place.clone()),
                to_place: Some(now.place.clone()),
                words,
                touches: None,
                because: None,
                lines: otherwise(before, now),
                group: at.group.clone(),
                head: None,
                touch: of_rule(from.plan, name).or(of_rule(to.plan, name)),
            });
        }
    }

    /// What is said of names of before and takes no effect between these two: it means something to cases of other versions.
    fn names_of_before(&mut self, reader: &Reader<'_>) {
        let [from, to] = self.versions.map(|version| told(&version.plan.renamed));
        let applied: BTreeSet<(&str, &Name)> = self
            .old
            .iter()
            .flat_map(|((key, new), old)| [(*key, new), (*key, old)])
            .collect();
        let mut push = |(key, old, new): &(&'static str, Name, Name), kind| {
            if applied.contains(&(*key, old)) && applied.contains(&(*key, new)) {
                return;
            }
            let called = self.to.say("was called", "hed");
            let words = format!("{} {called} {}", spoken(new), spoken(old));
            let gone = kind == Changed::Removed;
            let side = usize::from(!gone);
            let path = format!("renamed.{key}.{old}");
            let version = self.versions.get(side);
            let place = version.and_then(|version| version.places.get(&path));
            let place = place.map(written);
            self.found.push(PlanDifference {
                section: Section::Renamed.name(),
                path,
                kind,
                from: gone.then(|| new.to_string()),
                to: (!gone).then(|| new.to_string()),
                from_place: place.clone().filter(|_| gone),
                to_place: place.filter(|_| !gone),
                words,
                touches: None,
                because: None,
                lines: Vec::new(),
                group: Section::Renamed.heading(reader.language).to_owned(),
                head: None,
                touch: Touch::Any(Vec::new()),
            });
        };
        for one in to.iter().filter(|one| !from.contains(one)) {
            push(one, Changed::Added);
        }
        for one in from.iter().filter(|one| !to.contains(one)) {
            push(one, Changed::Removed);
        }
    }

    /// The address of an element that its own plan gives no name.
    fn address(&self, side: usize, element: &Element) -> Option<String> {
        match element.thing {
            Thing::Exit | Thing::Rung => {
                let version = self.versions.get(side)?;
                version.addresses.get(&element.ground).cloned()
            }
            _ => None,
        }
    }

    /// Where something stands in one of the two.
    fn place(
        &self,
        side: usize,
        path: &str,
        language: Option<&str>,
        known: Option<&Ground>,
        element: &Element,
    ) -> Option<String> {
        let places = self.versions.get(side)?.places;
        let own = language.unwrap_or_else(|| self.to.language().code());
        let by_address = || {
            places
                .get(&join(path, own))
                .or_else(|| places.get(path))
                .or(Some(&element.ground))
        };
        let ground = known.or_else(by_address)?;
        (ground.line > 0).then(|| written(ground))
    }
}

/// A longer sentence says what differs first, and both below.
const LONG: usize = 110;

fn written(ground: &Ground) -> String {
    format!("{}:{}", ground.file, ground.line)
}

fn join(path: &str, key: &str) -> String {
    match (path, key) {
        ("", key) => key.to_owned(),
        (path, "") => path.to_owned(),
        (path, key) => format!("{path}.{key}"),
    }
}

fn same(a: &Said, b: &Said) -> bool {
    match (a, b) {
        (Said::Text(a), Said::Text(b)) => a == b,
        (Said::Words { meant: a, .. }, Said::Words { meant: b, .. }) => a == b,
        _ => false,
    }
}

/// Which elements of two lists are the same one: the surest likeness first, each at most once.
fn pairs(before: &[Element], now: &[Element]) -> Vec<(usize, usize)> {
    let rounds = before.iter().chain(now).map(|one| one.alike.len()).max();
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for round in 0..rounds.unwrap_or(0) {
        for (place, element) in now.iter().enumerate() {
            if pairs.iter().any(|(_, of)| *of == place) {
                continue;
            }
            let alike = element.alike.get(round);
            let found = before.iter().enumerate().find(|(at, other)| {
                alike.is_some()
                    && other.alike.get(round) == alike
                    && !pairs.iter().any(|(of, _)| of == at)
            });
            pairs.extend(found.map(|(at, _)| (at, place)));
        }
    }
    pairs
}

/// What a plan says of names of before, flat.
fn told(renamed: &Renamed) -> Vec<(&'static str, Name, Name)> {
    let sections = [
        ("tracks", &renamed.tracks),
        ("stages", &renamed.stages),
        ("tasks", &renamed.tasks),
        ("deadlines", &renamed.deadlines),
        ("recurring", &renamed.recurring),
        ("facts", &renamed.facts),
        ("events", &renamed.events),
        ("links", &renamed.links),
    ];
    let each = sections.into_iter().flat_map(|(key, pairs)| {
        pairs
            .iter()
            .map(move |(old, new)| (key, old.clone(), new.clone()))
    });
    each.collect()
}
