//! What is told of one difference: its words, what both say, and where.

use super::{
    Changed, PlanDifference,
    compare::{At, Comparing},
    element::{Element, List, Part, Said},
    names::{Aspect, Thing},
    touch::{Touch, of_setting},
};
use forloeb_core::{ground::Ground, name::Name, text::Text};
use std::collections::BTreeSet;

/// A longer sentence says what differs first, and both below.
const LONG: usize = 110;

pub fn written(ground: &Ground) -> String {
    format!("{}:{}", ground.file, ground.line)
}

fn join(path: &str, key: &str) -> String {
    match (path, key) {
        ("", key) => key.to_owned(),
        (path, "") => path.to_owned(),
        (path, key) => format!("{path}.{key}"),
    }
}

impl PlanDifference {
    /// A difference of which nothing more is known.
    pub fn of(at: &At, kind: Changed, words: String) -> Self {
        let [_, path] = at.paths.clone();
        Self {
            section: at.section.name(),
            path,
            kind,
            from: None,
            to: None,
            from_place: None,
            to_place: None,
            words,
            touches: None,
            because: None,
            lines: Vec::new(),
            group: at.group.clone(),
            head: None,
            touch: Touch::All,
        }
    }
}

impl Comparing<'_> {
    pub fn part(&mut self, at: &At, (a, before): (&Element, &Part), (b, now): (&Element, &Part)) {
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
        let [from_place, to_place] = self.apart(places, [&from_path, &to_path]);
        self.found.push(PlanDifference {
            path: to_path,
            from: (!from.is_empty()).then_some(from),
            to: (!to.is_empty()).then_some(to),
            from_place,
            to_place,
            head: long.then_some(subject),
            touch: self.touch(0, a).or(self.touch(1, b)),
            ..PlanDifference::of(at, Changed::Changed, words)
        });
    }

    /// What an overlay adds to a list stands elsewhere than the list does: where both seem to be said at one place, that is told.
    fn apart(&self, places: [Option<String>; 2], paths: [&str; 2]) -> [Option<String>; 2] {
        let [from, to] = places;
        if from != to {
            return [from, to];
        }
        let elsewhere = |side: usize, at: &Option<String>| {
            let at = at.as_ref()?;
            let (file, _) = at.split_once(':')?;
            let below = format!("{}.", paths.get(side)?);
            let inside = self.versions.get(side)?.places.range(below.clone()..);
            let mut inside = inside.take_while(|(path, _)| path.starts_with(&below));
            let (_, ground) = inside.find(|(_, ground)| ground.file != *file)?;
            Some(written(ground))
        };
        let (old, new) = (elsewhere(0, &from), elsewhere(1, &to));
        [old.or(from), new.or(to)]
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

    pub fn whole(
        &self,
        at: &At,
        element: &Element,
        kind: Changed,
        words: String,
    ) -> PlanDifference {
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
            path,
            from,
            to,
            from_place,
            to_place,
            touch: self.touch(side, element),
            ..PlanDifference::of(at, kind, words)
        }
    }

    /// Whether those that both have come in another order.
    pub fn order(
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
        let words = format!("{subject}: {from} → {to}");
        let below = at.below(now.key, ["", ""]);
        let [from_place, to_place] = [(0, a), (1, b)].map(|(side, element)| {
            let path = below.paths.get(side).map_or("", String::as_str);
            self.place(side, path, None, None, element)
        });
        self.found.push(PlanDifference {
            from: Some(from),
            to: Some(to),
            from_place,
            to_place,
            head: Some(subject),
            touch: b.touch.clone(),
            ..PlanDifference::of(&below, Changed::Moved, words)
        });
    }

    /// Which cases an element of one of the two is about. A setting is looked for in all of the plan, so only where it differs.
    fn touch(&self, side: usize, element: &Element) -> Touch {
        match (element.thing, self.versions.get(side)) {
            (Thing::Setting, Some(version)) => {
                of_setting(*version, &Name::from(element.name.as_str()))
            }
            _ => element.touch.clone(),
        }
    }

    /// The address of an element that its own plan gives no name.
    pub fn address(&self, side: usize, element: &Element) -> Option<String> {
        match element.thing {
            Thing::Exit | Thing::Rung => {
                let version = self.versions.get(side)?;
                version.addresses.get(&element.ground).cloned()
            }
            _ => None,
        }
    }

    /// Where something stands in one of the two.
    pub fn place(
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
