//! What differs beside the elements of a plan: rules that are written otherwise, and names of before.

use super::{
    Changed, PlanDifference,
    compare::{At, Comparing},
    found::written,
    lines::otherwise,
    names::{Section, Thing},
    said::spoken,
    touch::{Touch, of_rule, written_otherwise},
};
use crate::words::reader::Reader;
use forloeb_core::{name::Name, versions::Renamed};
use std::collections::BTreeSet;

impl Comparing<'_> {
    /// The rules that both know and that are written otherwise.
    pub fn rules(&mut self, at: &At) {
        let [from, to] = self.versions;
        let language = self.to.language();
        for (name, before, now) in written_otherwise(from.rules, to.rules) {
            let is = self.to.say("is written otherwise", "er skrevet anderledes");
            let words = format!("{} {name} {is}", Thing::Rule.word(language));
            self.found.push(PlanDifference {
                path: format!("rules.{name}"),
                from_place: Some(before.place.clone()),
                to_place: Some(now.place.clone()),
                lines: otherwise(before, now),
                touch: of_rule(from.plan, name).or(of_rule(to.plan, name)),
                ..PlanDifference::of(at, Changed::Changed, words)
            });
        }
    }

    /// What is said of names of before and takes no effect between these two: it means something to cases of other versions.
    pub fn names_of_before(&mut self, reader: &Reader<'_>) {
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
            let at = At {
                section: Section::Renamed,
                group: Section::Renamed.heading(reader.language).to_owned(),
                chain: String::new(),
                paths: [path.clone(), path],
            };
            self.found.push(PlanDifference {
                from: gone.then(|| new.to_string()),
                to: (!gone).then(|| new.to_string()),
                from_place: place.clone().filter(|_| gone),
                to_place: place.filter(|_| !gone),
                touch: Touch::Any(Vec::new()),
                ..PlanDifference::of(&at, kind, words)
            });
        };
        for one in to.iter().filter(|one| !from.contains(one)) {
            push(one, Changed::Added);
        }
        for one in from.iter().filter(|one| !to.contains(one)) {
            push(one, Changed::Removed);
        }
    }
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
