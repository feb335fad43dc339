//! Compares what two plans are told as, element by element.

use super::{
    Changed, PlanDifference, Version,
    element::{Element, List, Said},
    names::{Aspect, Section, Thing},
    plan::sections,
    said::{Teller, spoken},
};
use crate::words::reader::Reader;
use forloeb_core::name::Name;
use std::collections::BTreeMap;

/// Old names by the key of their lists and the new name.
type OldNames = BTreeMap<(&'static str, Name), Name>;

/// Two versions, and what has been found between them so far.
pub struct Comparing<'a> {
    pub from: Teller<'a>,
    pub to: Teller<'a>,
    pub versions: [Version<'a>; 2],
    pub old: &'a OldNames,
    pub found: Vec<PlanDifference>,
}

/// Where in a plan, as people and as addresses say it.
#[derive(Clone, Debug)]
pub struct At {
    pub section: Section,
    pub group: String,
    /// What the elements on the way are called, below the heading.
    pub chain: String,
    /// The address in each of the two.
    pub paths: [String; 2],
}

impl At {
    pub fn below(&self, key: &str, names: [&str; 2]) -> Self {
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
    let before = sections(&comparing.from);
    let after = sections(&comparing.to);
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
        let called = match b.thing {
            Thing::Exit => self.exit(a, b),
            Thing::Rung => a.called.clone(),
            _ => b.called.clone(),
        };
        let below = match b.heads {
            true => At {
                group: b.called.clone(),
                chain: String::new(),
                ..below
            },
            false => below.called(&called),
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
            let a = untitled(a, b, [old, &b.name]);
            return self.element(&below, &a, b);
        }
        self.element(&below, a, b);
    }

    /// An exit is called by where it leads, or by when, where it leads elsewhere now.
    fn exit(&self, a: &Element, b: &Element) -> String {
        let said = |one: &Element, aspect| {
            let part = one.parts.iter().find(|part| part.aspect == aspect);
            part.map(|part| part.said.clone())
        };
        let elsewhere = said(a, Aspect::LeadsTo).zip(said(b, Aspect::LeadsTo));
        match (elsewhere, said(a, Aspect::When)) {
            (Some((led, leads)), Some(Said::Words { words, .. })) if !same(&led, &leads) => {
                let language = self.to.language();
                let (exit, when) = (Thing::Exit.word(language), Aspect::When.word(language));
                format!("{exit} {when} {words}")
            }
            _ => a.called.clone(),
        }
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
}

/// An element that goes by its name has another title when it is renamed, which needs no second word.
fn untitled(a: &Element, b: &Element, names: [&str; 2]) -> Element {
    let mut a = a.clone();
    let by_name = |title: Option<&String>, name: &str| {
        title.is_some_and(|title| *title == name || *title == spoken(name))
    };
    for part in &mut a.parts {
        let now = b.parts.iter().find(|now| now.aspect == part.aspect);
        if let (Said::Text(was), Some(Said::Text(now))) = (&mut part.said, now.map(|now| &now.said))
        {
            for (language, title) in &now.0 {
                if by_name(was.0.get(language), names[0]) && by_name(Some(title), names[1]) {
                    was.0.insert(language.clone(), title.clone());
                }
            }
        }
    }
    a
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
