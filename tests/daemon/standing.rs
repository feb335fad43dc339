//! How journeys stand: what of two of them must be the same, when one has gone over to another version and the other has gone by it all along.

use super::house::House;
use forloeb::store::Store;
use forloeb_core::case::{Case, Source};
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};

/// The journeys of a town.
pub(super) async fn journeys(house: &House, town: &str) -> BTreeMap<String, Case> {
    let store = house.store().await;
    let mut journeys = BTreeMap::new();
    for audited in store.audit(town, None, 100_000).await.unwrap() {
        let case = (*audited.row.case).clone();
        if case.process == *"nextwork" {
            journeys.insert(case.id.to_string(), case);
        }
    }
    store.close().await;
    journeys
}

pub(super) fn stages(case: &Case) -> BTreeMap<String, String> {
    let tracks = case.tracks.iter();
    tracks
        .map(|(track, place)| (track.to_string(), place.stage.to_string()))
        .collect()
}

/// What is promised: the running deadlines, each with what it runs from and when it runs out. That it has, nobody is told during a hold.
pub(super) fn deadlines(case: &Case) -> BTreeSet<String> {
    let running = case.deadlines.values().filter(|state| state.met.is_none());
    let told = running.map(|state| {
        json!([
            state.track,
            state.stage,
            state.name,
            state.from,
            state.due,
            state.overdue && case.hold.is_none()
        ])
    });
    told.map(|told| told.to_string()).collect()
}

/// The open tasks, but for one that only a new version has.
fn tasks(case: &Case, but: &str) -> BTreeSet<String> {
    let open = case
        .tasks
        .values()
        .filter(|task| task.done.is_none() && task.name != *but);
    let told = open.map(|task| {
        json!([
            task.name,
            task.origin,
            task.role,
            task.due,
            task.overdue && case.hold.is_none()
        ])
    });
    told.map(|told| told.to_string()).collect()
}

/// What has been found: of deadlines alone, or of rules as well.
fn findings(case: &Case, rules: bool) -> BTreeSet<String> {
    let of = |source: &Source| rules || matches!(source, Source::Deadline { .. });
    let found = case.findings.values().filter(|finding| of(&finding.source));
    let told =
        found.map(|found| json!([found.source, found.say, found.about, found.level, found.to]));
    told.map(|told| told.to_string()).collect()
}

/// All that a case is, but for numbers of entries, and since when a rule has said what it says.
pub(super) fn standing(case: &Case) -> Json {
    let knows = case.facts.keys().collect::<Vec<_>>();
    json!([
        stages(case),
        deadlines(case),
        tasks(case, ""),
        findings(case, true),
        knows,
        case.links,
        case.visits,
        case.recurring.keys().collect::<Vec<_>>(),
        case.hold.as_ref().map(|hold| (hold.since, hold.until)),
    ])
}

/// Every journey of a town is over: where it was, with the deadlines of one that has gone by the new version all along.
pub(super) fn is_over(
    town: &str,
    before: &BTreeMap<String, Case>,
    after: &BTreeMap<String, Case>,
    fresh: &BTreeMap<String, Case>,
) {
    let mut opened = 0;
    for (id, case) in after {
        let (was, new) = (&before[id], &fresh[id]);
        let mut there = stages(was);
        for stage in there.values_mut() {
            *stage = stage.replace("moving_on", "going_on");
        }
        assert_eq!(stages(case), there, "{town} {id}");
        assert_eq!(case.plan, new.plan, "{town} {id}");
        assert_eq!(deadlines(case), deadlines(new), "{town} {id}");
        assert_eq!(
            tasks(case, "say_hello"),
            tasks(new, "say_hello"),
            "{town} {id}"
        );
        if case.hold.is_none() {
            assert_eq!(findings(case, false), findings(new, false), "{town} {id}");
        }
        assert_eq!(case.now, new.now, "{town} {id}");
        let known = findings(was, true);
        for finding in case.findings.values() {
            let one = Case {
                findings: [(0, finding.clone())].into(),
                ..case.clone()
            };
            let is_new = findings(&one, true).is_disjoint(&known)
                && matches!(finding.source, Source::Deadline { .. });
            assert!(!is_new || finding.by_migration, "{town} {id}: {finding:?}");
            opened += usize::from(is_new);
        }
    }
    assert!(opened > 0, "{town}: some open at once");
}
