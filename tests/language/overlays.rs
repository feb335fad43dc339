//! Overlays: what comes out of laying one over its process, and who is told what.

use super::{RAIN, WALK, root, walk};
use crate::world::{Deed, Pace, World};
use forloeb::{
    diagnostic::{Colour, Diagnostic, Source, render_all},
    language::{
        effective::effective,
        programme::{Loaded, Ready, load, load_with, overlays_among, read_folder},
    },
    store::PlanSources,
    turn::Plans,
};
use forloeb_core::{
    case::CaseId,
    entry::What,
    input::{Given, Input, Raw},
    name::Name,
    plan::Plan,
};
use jiff::{SignedDuration, Timestamp};
use std::{collections::BTreeMap, sync::Arc};

const HEAD: &str = "overlay: town\nextends: walk\nbecause: The council decided so\n";

fn source(path: &str, text: String) -> Arc<Source> {
    Arc::new(Source {
        path: path.into(),
        text,
    })
}

/// The small programme with an overlay `town`.
fn with(process: &str, overlay: &str) -> Vec<Arc<Source>> {
    let mut sources = walk(process, RAIN);
    sources.push(source(
        "processes/overlays/town.yaml",
        format!("{HEAD}{overlay}"),
    ));
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    sources
}

fn town() -> Vec<Name> {
    vec!["town".into()]
}

/// The effective plan, of which nothing is wrong.
fn laid(process: &str, overlay: &str) -> Arc<Plan> {
    let sources = with(process, overlay);
    let loaded = load(&sources);
    assert_eq!(render_all(&loaded.diagnostics, Colour::Off), "");
    let ready = loaded.overlays["town"].ready.clone().unwrap();
    let in_force = load_with(&sources, &town(), |_| false);
    assert_eq!(in_force.plans["walk"].plan, ready.plan);
    assert_eq!(in_force.plans["walk"].sources, ready.sources);
    ready.plan
}

fn codes(loaded: &Loaded) -> Vec<&'static str> {
    loaded
        .diagnostics
        .iter()
        .map(|one: &Diagnostic| one.code)
        .collect()
}

/// What a plan means: without its name and its overlay, and without places.
fn meaning(plan: &Plan) -> String {
    let mut plan = plan.clone();
    plan.id = "".into();
    plan.overlay = None;
    let mut value = serde_json::to_value(plan).unwrap();
    without_places(&mut value);
    value.to_string()
}

fn without_places(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Object(map) => {
            map.retain(|key, _| !key.ends_with("ground"));
            map.values_mut().for_each(without_places);
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(without_places),
        _ => {}
    }
}

#[test]
fn an_overlay_that_says_nothing_different_has_the_meaning_of_its_process() {
    let plan = laid(WALK, "");
    let base = load(&walk(WALK, RAIN)).plans["walk"].plan.clone();
    assert_eq!(plan.overlay, Some("town".into()));
    assert_eq!(base.overlay, None);
    assert_eq!(meaning(&plan), meaning(&base));
    assert_ne!(plan.id, base.id);
}

/// Names that only serve overlays change nothing else.
#[test]
fn the_name_of_an_exit_means_nothing() {
    let named = WALK.replace("[{ end: home", "[{ name: all_done, end: home");
    let id = |process| load(&walk(process, RAIN)).plans["walk"].plan.id.clone();
    assert_eq!(id(&named), id(WALK));
}

#[test]
fn what_an_overlay_says_stays_text_where_text_is_meant() {
    let process = WALK
        .replace("2 hours }", "2 hours, code: plain, word: no_way }")
        .replace(
            "[{ end: home, when: { event: arrived } }]",
            "[{ end: home, when: { fact: { name: yes } } }, { name: by_code, end: home, when: { fact: { name: code } } }]",
        )
        .replace("events:", "facts: { name: text }\nevents:");
    let plan = laid(
        &process.replace(", word: no_way", ""),
        "set:
  stages.walking.leave.home.when.fact.name: { was: \"yes\", to: no }
  settings.code: { was: plain, to: \"012\" }
add:
  stages.walking.leave.third: { end: home, when: { fact: { name: 007 } } }
",
    );
    let exits = serde_json::to_string(&plan.tracks["way"].stages["walking"].leave).unwrap();
    for value in [
        r#"{"Literal":{"t":"no"}}"#,
        r#"{"Literal":{"t":"007"}}"#,
        r#"{"Setting":"code"}"#,
    ] {
        assert!(exits.contains(value), "{value} in {exits}");
    }
    let code = serde_json::to_string(&plan.settings["code"]).unwrap();
    assert!(code.contains("012"), "{code}");
}

/// Every kind of element: set, added and removed, with places that point into the file that says it.
#[test]
fn every_kind_of_element_can_be_addressed() {
    let process = WALK
        .replace(
            "roles: { walker: {} }",
            "roles: { walker: {}, guide: {}, doctor: {} }",
        )
        .replace(
            "events: { arrived: { by: [walker] } }",
            "events: { arrived: { by: walker }, lost: { by: [walker, doctor] } }
facts: { mood: text, shoes: text }
links: { friend: { to: walk }, group: { to: walk } }
tasks: { call: { role: guide } }
recurring: { look: { every: \"monday 09:00\", task: { role: guide } } }",
        )
        .replace(
            "        leave:",
            "        deadlines:
          back:
            within: 3 days
            until: { event: arrived }
            nudge: [{ to: walker, before: 1 day, say: wet }]
            escalate: [{ to: guide, say: wet, raise: call }]
        leave:",
        );
    let plan = laid(
        &process,
        "set:
  stages.walking.tasks.rest.role: { was: walker, to: guide }
  stages.walking.deadlines.back.within: { was: 3 days, to: 5 working days }
  stages.walking.deadlines.back.escalate.guide.to: { was: guide, to: coach }
  stages.walking.leave.home.when: { was: { event: arrived }, to: { event: found } }
  recurring.look.every: { was: monday 09:00, to: tuesday 10:00 }
  events.lost.by.walker: { was: walker, to: coach }
add:
  roles.coach: { title: Coach }
  events.found: { by: [guide] }
  events.arrived.by.guide:
  facts.hat: text
  links.dog: { to: walk }
  stages.walking.deadlines.back.nudge.early: { to: guide, before: 2 days, say: soon, place_before: walker }
  stages.walking.leave.off: { end: gone, when: { event: lost }, place_before: home }
  stages.walking.tasks.talk: { role: coach, place_before: rest }
  recurring.ask: { every: \"friday 09:00\", task: { role: guide } }
  outcomes.gone: { result: left }
  any_stage.leave.lost: { end: gone, when: { event: lost, times: 2 } }
remove:
  - roles.doctor
  - events.lost.by.doctor
  - facts.shoes
  - links.group
  - stages.walking.deadlines.back.escalate.guide.raise
  - tasks.call
texts:
  soon: Come back soon
",
    );
    let stage = &plan.tracks["way"].stages["walking"];
    let back = &stage.deadlines["back"];
    let told: Vec<&str> = back.ladder.iter().map(|rung| rung.to.as_str()).collect();
    assert_eq!(told, ["guide", "walker", "coach"]);
    let tasks: Vec<&str> = stage.tasks.keys().map(|name| name.as_str()).collect();
    assert_eq!(tasks, ["talk", "rest"]);
    assert_eq!(plan.events["arrived"].by, ["walker", "guide"]);
    assert_eq!(plan.events["lost"].by, ["coach"]);
    assert_eq!((stage.leave.len(), plan.any_stage.len()), (2, 1));
    assert!(plan.tasks.is_empty() && !plan.roles.contains_key("doctor"));
    let files = |file: &str| file.rsplit('/').next().unwrap().to_owned();
    assert_eq!(files(&back.within_ground.file), "town.yaml");
    assert_eq!(files(&back.ground.file), "walk.yaml");
    assert_eq!(files(&stage.tasks["talk"].ground.file), "town.yaml");
    assert_eq!(files(&stage.leave[0].ground.file), "town.yaml");
}

#[test]
fn rules_are_attached_replaced_and_detached_by_name() {
    let process = WALK.replace("rules: [weather.rain]", "rules: [{ rule: weather.rain }]");
    let rules = |overlay: &str| {
        let mut sources = with(&process, overlay);
        sources.push(source(
            "rules/town.rhai",
            "/// Sun.\nfn sun(it) { nudge(\"walker\", \"wet\"); }\n".to_owned(),
        ));
        let loaded = load(&sources);
        let errors: Vec<_> = loaded
            .diagnostics
            .iter()
            .filter(|one| one.is_error())
            .collect();
        assert!(errors.is_empty(), "{errors:?}");
        let ready = loaded.overlays["town"].ready.clone().unwrap();
        let files: Vec<String> = ready
            .sources
            .iter()
            .map(|one| one.path.to_string())
            .collect();
        let names: Vec<String> = ready
            .plan
            .rules
            .iter()
            .map(|one| one.rule.to_string())
            .collect();
        (names, files.contains(&"rules/town.rhai".to_owned()))
    };
    let of = |names: &[&str]| {
        names
            .iter()
            .map(|name| (*name).to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        rules("add: { rules.town.sun: }\n"),
        (of(&["weather.rain", "town.sun"]), true)
    );
    assert_eq!(
        rules("add:\n  rules.town.sun: { place_before: weather.rain }\n"),
        (of(&["town.sun", "weather.rain"]), true)
    );
    assert_eq!(
        rules("set:\n  rules.weather.rain: { was: weather.rain, to: town.sun }\n"),
        (of(&["town.sun"]), true)
    );
    assert_eq!(
        rules("remove: [rules.weather.rain]\nadd: { stages.walking.rules.town.sun: }\n"),
        (of(&[]), true)
    );
}

#[test]
fn a_setting_has_values_for_periods_and_says_why() {
    let plan = laid(
        WALK,
        "set:
  settings.rest_after:
    was: 2 hours
    to: [{ value: 2 hours, valid_to: 2026-12-31 }, { value: 3 hours, valid_from: 2027-01-01 }]
    because: The law changes
",
    );
    let setting = &plan.settings["rest_after"];
    assert_eq!(setting.values.len(), 2);
    assert_eq!(setting.because.as_deref(), Some("The law changes"));
    assert!(
        setting
            .values
            .iter()
            .all(|value| value.ground.file == "processes/overlays/town.yaml")
    );
    let long = WALK.replace("2 hours }", "{ value: 2 hours, because: long ago } }");
    let plan = laid(
        &long,
        "set:\n  settings.rest_after: { was: 2 hours, to: 3 hours }\n",
    );
    assert_eq!(plan.settings["rest_after"].because, None);
    // A period that is added to others, called by its first day.
    let periods = WALK.replace("2 hours }", "[{ value: 2 hours }] }");
    let sources = with(
        &periods.replace(
            "{ value: 2 hours }",
            "{ value: 2 hours, valid_to: 2026-12-31 }",
        ),
        "add:\n  settings.rest_after.2027-01-01: { value: 4 hours }\n",
    );
    let loaded = load_with(&sources, &town(), |_| false);
    assert_eq!(codes(&loaded), [""; 0]);
    let plan = &loaded.plans["walk"].plan;
    assert_eq!(
        plan.settings["rest_after"].values[1]
            .valid_from
            .unwrap()
            .to_string(),
        "2027-01-01"
    );
}

/// The number is the one that is valid on the day on which a deadline starts.
#[test]
fn a_deadline_takes_the_number_of_the_overlay_that_is_valid_where_it_starts() {
    let process = WALK.replace(
        "        leave:",
        "        deadlines: { back: { within: rest_after, until: { event: arrived }, nudge: [{ to: walker, say: wet }] } }
        leave:",
    );
    let sources = with(
        &process,
        "set:
  settings.rest_after:
    was: 2 hours
    to: [{ value: 3 hours, valid_to: 2026-12-31 }, { value: 5 hours, valid_from: 2027-01-01 }]
",
    );
    let loaded = load_with(&sources, &town(), |_| false);
    let programme: BTreeMap<Name, Ready> = loaded.plans.into_iter().collect();
    let begin: Timestamp = "2026-12-31T21:30:00Z".parse().unwrap();
    let mut world = World::new(&programme, begin);
    let mut hours = Vec::new();
    // 22:30 of the last day of the year in Copenhagen, and 00:30 of the first.
    for (id, at) in [
        ("old", begin),
        ("new", begin + SignedDuration::from_hours(2)),
    ] {
        world.go_to(at, Pace::Timely);
        let deed = Deed {
            case: id.into(),
            process: Some("walk".into()),
            given: Given::by_itself(Input::Start { facts: Raw::new() }),
        };
        world.give(&deed).unwrap();
    }
    world.go_to(begin + SignedDuration::from_hours(9), Pace::Timely);
    for id in ["old", "new"] {
        let history = &world.cases[&CaseId::from(id)].history;
        let begun = history.iter().find_map(|entry| match &entry.what {
            What::DeadlineStarted { from, due, .. } => Some((*from, due.limit.runs_out)),
            _ => None,
        });
        let (from, runs_out) = begun.unwrap();
        let overdue = history
            .iter()
            .find(|entry| matches!(entry.what, What::DeadlineOverdue { .. }));
        assert_eq!(overdue.unwrap().at, runs_out);
        hours.push(runs_out.duration_since(from).as_hours());
    }
    assert_eq!(hours, [3, 5]);
}

#[test]
fn a_text_in_one_language_leaves_the_others() {
    let process = WALK
        .replace("{ en: A walk }", "{ da: En tur, en: A walk }")
        .replace("wet: Take cover", "wet: { da: Find ly, en: Take cover }");
    let plan = laid(
        &process,
        "title: { da: En bytur }\ntexts:\n  wet: { en: Run }\n",
    );
    assert_eq!(plan.title.in_language("da"), "En bytur");
    assert_eq!(plan.title.in_language("en"), "A walk");
    assert_eq!(plan.texts["wet"].text.in_language("da"), "Find ly");
    assert_eq!(plan.texts["wet"].text.in_language("en"), "Run");
}

/// A calendar that extends another takes a day out, and may bring it again as a half one.
#[test]
fn a_calendar_turns_a_day_of_the_one_that_it_extends() {
    let mut sources = with(WALK, "calendar: city\n");
    sources.retain(|one| one.path != "processes/calendars/plain.yaml");
    for (name, text) in [
        (
            "plain",
            "calendar: plain\nzone: UTC\nholidays: { first: { on: 01-01 }, fifth: { on: 06-05 } }\n",
        ),
        (
            "city",
            "calendar: city\nextends: plain\nremove: [first, fifth]\nclosing_days: { fifth: { on: 06-05, closed_from: \"12:00\" } }\n",
        ),
    ] {
        sources.push(source(
            &format!("processes/calendars/{name}.yaml"),
            text.to_owned(),
        ));
    }
    let loaded = load(&sources);
    assert_eq!(render_all(&loaded.diagnostics, Colour::Off), "");
    let days = |plan: &Plan| {
        let days = plan.calendar.closed_days().iter();
        days.map(|day| (day.name.to_string(), day.closed_from.is_some()))
            .collect::<Vec<_>>()
    };
    let own = loaded.overlays["town"].ready.as_ref().unwrap();
    assert_eq!(days(&own.plan), [("fifth".to_owned(), true)]);
    assert_eq!(days(&loaded.plans["walk"].plan).len(), 2);
    let files = own
        .sources
        .iter()
        .filter(|one| one.path.contains("calendars/"));
    assert_eq!(files.count(), 2);
}

/// What is wrong with an overlay is no obstacle to the process as it is, nor to another overlay.
#[test]
fn an_overlay_with_errors_stands_in_nobody_elses_way() {
    let mut sources = with(WALK, "remove: [roles.walker]\nadd: { rules.town.sun: }\n");
    sources.push(source("rules/town.rhai", "fn sun(it) { nope".to_owned()));
    sources.push(source(
        "processes/overlays/other.yaml",
        HEAD.replace("town", "other"),
    ));
    let loaded = load(&sources);
    assert!(loaded.has_errors());
    assert!(loaded.plans.contains_key("walk"));
    assert!(loaded.overlays["other"].ready.is_some());
    assert!(loaded.overlays["town"].ready.is_none());
    for overlays in [vec![], vec!["other".into()]] {
        let loaded = load_with(&sources, &overlays, |_| false);
        assert_eq!(codes(&loaded), [""; 0], "{overlays:?}");
        assert_eq!(loaded.plans["walk"].plan.overlay.as_ref(), overlays.first());
    }
    let loaded = load_with(&sources, &town(), |_| false);
    assert!(loaded.has_errors() && loaded.plans.is_empty());
}

#[test]
fn two_overlays_of_one_process_are_never_merged() {
    let mut sources = with(WALK, "");
    sources.push(source(
        "processes/overlays/other.yaml",
        HEAD.replace("town", "other"),
    ));
    let both = ["town".into(), "other".into()];
    assert_eq!(
        codes(&load_with(&sources, &both, |_| false)),
        ["two-overlays"]
    );
    let unknown = load_with(&sources, &["twon".into()], |_| false);
    assert_eq!(codes(&unknown), ["unknown-overlay"]);
    let said = render_all(&unknown.diagnostics, Colour::Off);
    assert!(said.contains("did you mean `town`?"), "{said}");
}

/// Processes that are tied to one with an overlay are checked against it, and carry it in their sources.
#[test]
fn a_tied_process_is_checked_against_the_overlaid_one() {
    let club = "process: club
title: { en: A club }
calendar: plain
roles: { head: {} }
links: { members: { to: walk, many: yes } }
events: { meets: { by: [head], tell: { members: { event: told } } }, over: { by: [head] } }
tracks: { life: { starts_in: going, stages: { going: { leave: [{ end: done, when: { event: over } }] } } } }
outcomes: { done: { result: success } }
";
    let process = WALK.replace("events: {", "events: { told: { told_by: [club] },");
    let programme = |overlay: &str| {
        let mut sources = with(&process, overlay);
        sources.push(source("processes/club.yaml", club.to_owned()));
        sources
    };
    let loaded = load_with(&programme("remove: [events.told]\n"), &town(), |_| false);
    assert_eq!(codes(&loaded), ["unknown-event"]);
    assert!(loaded.plans.is_empty());
    let loaded = load_with(&programme(""), &town(), |_| false);
    let club = &loaded.plans["club"];
    assert_eq!(overlays_among(&club.sources), town());
    let again = load_with(&club.sources, &town(), |_| false);
    assert_eq!(again.plans["club"].plan, club.plan);
}

#[test]
fn a_stored_plan_with_an_overlay_is_made_ready_again() {
    let sources = with(
        WALK,
        "set:\n  settings.rest_after: { was: 2 hours, to: 3 hours }\n",
    );
    let loaded = load_with(&sources, &town(), |_| false);
    let ready = &loaded.plans["walk"];
    let again = load_with(&ready.sources, &overlays_among(&ready.sources), |_| true);
    assert_eq!(again.plans["walk"].plan.id, ready.plan.id);
    let stored = PlanSources {
        id: ready.plan.id.clone(),
        process: "walk".into(),
        sources: ready
            .sources
            .iter()
            .map(|one| (one.path.clone(), one.text.clone()))
            .collect(),
    };
    let made = Plans::default()
        .make_ready(&ready.plan.id, Some(stored))
        .unwrap();
    assert_eq!(made.plan, ready.plan);
}

/// A mistake shows the line of the overlay and that of the process.
#[test]
fn a_mistake_shows_both_lines() {
    for (overlay, own, of_process) in [
        (
            "set:\n  settings.rest_after: { was: 1 hour, to: 3 hours }\n",
            5,
            6,
        ),
        ("remove: [roles.walker]\n", 4, 4),
        (
            "set:\n  stages.walking.tasks.rest.role: { was: walker, to: wlaker }\n",
            5,
            13,
        ),
    ] {
        let loaded = load(&with(WALK, overlay));
        let errors = loaded.diagnostics.iter().filter(|one| one.is_error());
        let places: Vec<(u32, Vec<u32>)> = errors
            .map(|error| {
                let place = error.span.ground();
                assert_eq!(place.file, "processes/overlays/town.yaml");
                let also = error.also.iter().map(|(span, _)| span.ground());
                let also = also.filter(|ground| ground.file == "processes/walk.yaml");
                (place.line, also.map(|ground| ground.line).collect())
            })
            .collect();
        assert!(
            places.contains(&(own, vec![of_process])),
            "{overlay}{places:?}"
        );
    }
}

/// In every shipped process each exit and each rung can be told from those beside it.
#[test]
fn nothing_in_the_shipped_processes_is_ambiguous() {
    let sources = read_folder(root()).unwrap();
    let loaded = load(&sources);
    for (process, ready) in &loaded.plans {
        let mut addresses = Vec::new();
        for stage in ready.plan.tracks.values().flat_map(|track| &track.stages) {
            let (name, stage) = stage;
            for exit in &stage.leave {
                let to = match &exit.target {
                    forloeb_core::plan::Target::Stage(to) => to,
                    forloeb_core::plan::Target::Outcome(end) => end,
                };
                addresses.push(format!("stages.{name}.leave.{to}"));
            }
            for (deadline, one) in &stage.deadlines {
                for rung in &one.ladder {
                    for ladder in ["nudge", "escalate"] {
                        addresses.push(format!(
                            "stages.{name}.deadlines.{deadline}.{ladder}.{}",
                            rung.to
                        ));
                    }
                }
            }
        }
        for exit in &ready.plan.any_stage {
            if let forloeb_core::plan::Target::Outcome(end) = &exit.target {
                addresses.push(format!("any_stage.leave.{end}"));
            }
        }
        addresses.sort();
        addresses.dedup();
        let mut text = format!("overlay: try\nextends: {process}\nbecause: to see\nremove:\n");
        addresses
            .iter()
            .for_each(|one| text += &format!("  - {one}\n"));
        let mut sources = sources.clone();
        sources.push(source("processes/overlays/try.yaml", text));
        let found = load(&sources).diagnostics;
        let ambiguous: Vec<&str> = found
            .iter()
            .filter(|one| one.code == "overlay-ambiguous")
            .map(|one| one.message.as_str())
            .collect();
        assert!(ambiguous.is_empty(), "{process}: {ambiguous:?}");
    }
}

/// Whatever is cut out of an overlay, loading ends, and points at places that exist.
#[test]
fn a_damaged_overlay_is_told_of_and_never_panics() {
    let overlay = "title: { en: A town walk }
set:
  settings.rest_after: { was: 2 hours, to: 3 hours, because: the council }
  stages.walking.tasks.rest.role: { was: walker, to: walker }
add:
  stages.walking.leave.early: { end: home, when: { event: arrived }, place_before: home }
  rules.weather.rain:
remove: [texts.wet, stages.walking.leave.home]
texts: { wet: Run }
";
    let places = overlay.char_indices().map(|(at, _)| at).step_by(4);
    for (at, length) in places.flat_map(|at| [(at, 1), (at, 7), (at, usize::MAX)]) {
        let end = at.saturating_add(length).min(overlay.len());
        let cut = format!("{}{}", &overlay[..at], &overlay[end..]);
        let sources = with(WALK, &cut);
        for loaded in [load(&sources), load_with(&sources, &town(), |_| false)] {
            for found in &loaded.diagnostics {
                let spans = [&found.span]
                    .into_iter()
                    .chain(found.also.iter().map(|(span, _)| span));
                for span in spans {
                    assert!(
                        span.source.text.get(span.start..span.end).is_some(),
                        "{cut}"
                    );
                }
            }
            let _ = render_all(&loaded.diagnostics, Colour::Off);
        }
        let _ = effective(&sources, &"town".into());
    }
}

#[test]
fn the_effective_process_tells_where_each_value_is_from() {
    let sources = with(
        WALK,
        "set:\n  settings.rest_after: { was: 2 hours, to: 3 hours, because: it is warm }\nremove: [texts.wet, rules.weather.rain]\n",
    );
    let shown = effective(&sources, &"town".into()).unwrap();
    assert_eq!(shown.process, "walk");
    let row = |address: &str| {
        let row = shown
            .rows
            .iter()
            .find(|row| row.address.join(".") == address);
        row.unwrap_or_else(|| panic!("no {address}"))
    };
    let rest = row("settings.rest_after");
    assert_eq!(rest.was.as_ref().unwrap().value, "2 hours");
    assert_eq!(
        rest.was.as_ref().unwrap().ground.file,
        "processes/walk.yaml"
    );
    let value = row("settings.rest_after.value");
    assert_eq!(value.value.as_deref(), Some("3 hours"));
    assert_eq!(value.ground.file, "processes/overlays/town.yaml");
    assert_eq!(row("calendar").ground.file, "processes/walk.yaml");
    let changes: Vec<_> = shown
        .changes
        .iter()
        .map(|one| (one.address.as_str(), one.value.as_deref()))
        .collect();
    assert_eq!(
        changes,
        [
            ("settings.rest_after", Some("3 hours")),
            ("texts.wet", None),
            ("rules.weather.rain", None)
        ]
    );
    assert!(effective(&sources, &"city".into()).is_none());
}
