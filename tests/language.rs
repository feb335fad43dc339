//! The process language on the shipped programme.

use forloeb::{
    diagnostic::{Colour, Source, render_all},
    language::{
        programme::{load, read_folder},
        reference::{DURATIONS, SHAPES, reference_markdown},
    },
    scripts::vocabulary::{FREE, OF_CASE, OF_IT, OF_OCCURRENCE, OF_VALUES},
};
use forloeb_core::{time::Duration, value::Kind};
use std::{env, fs, path::Path, process::Command, sync::Arc};

mod overlays;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_shipped_programme_has_nothing_wrong() {
    let loaded = load(&read_folder(root()).unwrap());
    assert_eq!(render_all(&loaded.diagnostics, Colour::Off), "");
    let names: Vec<&str> = loaded.plans.keys().map(|name| name.as_str()).collect();
    assert_eq!(names, ["company", "network", "nextwork", "peer_group"]);
}

#[test]
fn a_plan_is_the_same_when_loaded_from_its_own_sources() {
    let loaded = load(&read_folder(root()).unwrap());
    for (name, ready) in &loaded.plans {
        let again = load(&ready.sources);
        assert_eq!(again.plans[name].plan, ready.plan, "{name}");
    }
}

/// A small programme whose parts a test can change.
fn walk(process: &str, rule: &str) -> Vec<Arc<Source>> {
    let source = |path: &str, text: &str| {
        Arc::new(Source {
            path: path.into(),
            text: text.to_owned(),
        })
    };
    vec![
        source(
            "processes/calendars/plain.yaml",
            "calendar: plain\nzone: Europe/Copenhagen\n",
        ),
        source("processes/walk.yaml", process),
        source("rules/weather.rhai", rule),
    ]
}

const WALK: &str = "process: walk
title: { en: A walk }
calendar: plain
faults_to: walker
roles: { walker: {} }
settings: { rest_after: 2 hours }
events: { arrived: { by: [walker] } }
tracks:
  way:
    starts_in: walking
    stages:
      walking:
        tasks: { rest: { role: walker, due: rest_after } }
        leave: [{ end: home, when: { event: arrived } }]
outcomes: { home: { result: success } }
rules: [weather.rain]
texts: { wet: Take cover }
";
const RAIN: &str = "/// Rain.\nfn rain(it) {\n    nudge(\"walker\", \"wet\");\n}\n";

fn id(process: &str, rule: &str) -> String {
    let loaded = load(&walk(process, rule));
    assert_eq!(render_all(&loaded.diagnostics, Colour::Off), "");
    loaded.plans["walk"].plan.id.to_string()
}

#[test]
fn a_plan_is_named_by_what_it_means() {
    let plain = id(WALK, RAIN);
    assert_eq!(plain.len(), 32);
    let commented = format!(
        "# a comment\n\n{}",
        WALK.replace("outcomes", "# another\noutcomes")
    );
    assert_eq!(id(&commented, RAIN), plain);
    assert_eq!(
        id(
            WALK,
            &RAIN.replace("/// Rain.", "/// It rains.\n// and rains")
        ),
        plain
    );
    assert_ne!(id(&WALK.replace("2 hours", "3 hours"), RAIN), plain);
    assert_ne!(id(&WALK.replace("Take cover", "Take cover!"), RAIN), plain);
    assert_ne!(id(WALK, &RAIN.replace("nudge", "escalate")), plain);
}

#[test]
fn what_is_written_stays_text_where_text_is_meant() {
    let process = WALK
        .replace("2 hours }", "2 hours, code: \"012\", word: no_way }")
        .replace("[{ end: home, when: { event: arrived } }]", "[{ end: home, when: { fact: { name: no } } }, { end: home, when: { fact: { name: 012 } } }, { end: home, when: { fact: { name: code } } }]")
        .replace("events:", "facts: { name: text }\nevents:");
    let loaded = load(&walk(&process, RAIN));
    let plan = &loaded.plans["walk"].plan;
    let exits = serde_json::to_string(&plan.tracks["way"].stages["walking"].leave).unwrap();
    for value in [
        r#"{"Literal":{"t":"no"}}"#,
        r#"{"Literal":{"t":"012"}}"#,
        r#"{"Setting":"code"}"#,
    ] {
        assert!(exits.contains(value), "{value} in {exits}");
    }
}

/// `{met}` is as near to the fact `met_on` as a slip of the pen, and the rule fills it.
#[test]
fn what_a_rule_passes_to_a_text_is_filled() {
    let process = WALK
        .replace("Take cover", "\"{met} of {aim}\"")
        .replace("events:", "facts: { met_on: date, aims: number }\nevents:");
    let rule = RAIN.replace("\"wet\"", "\"wet\", #{ met: 1, aim: 2 }");
    let loaded = load(&walk(&process, &rule));
    assert_eq!(render_all(&loaded.diagnostics, Colour::Off), "");
    let loaded = load(&walk(&process, RAIN));
    let told = render_all(&loaded.diagnostics, Colour::Off);
    assert!(told.contains("nobody fills `{met}`"), "{told}");
}

/// What is like a fact holds the same, and is as confidential; the order of the file stays.
#[test]
fn one_fact_says_what_others_hold() {
    let process = WALK
        .replace("arrived: { by: [walker] }", "arrived: { by: [walker], with: { felt: { like: mood, each: others, optional: yes } } }")
        .replace("events:", "facts:
  shoes: { like: mood }
  mood: { type: scale, min: 0, max: 3, visible_to: [walker], title: { en: How it goes } }
  path: { like: mood, title: { en: The path } }
links: { others: { to: walk, many: yes } }
events:");
    let loaded = load(&walk(&process, RAIN));
    assert_eq!(render_all(&loaded.diagnostics, Colour::Off), "");
    let plan = &loaded.plans["walk"].plan;
    let titles: Vec<&str> = plan
        .facts
        .values()
        .map(|fact| fact.title.in_language("en"))
        .collect();
    assert_eq!(titles, ["How it goes", "How it goes", "The path"]);
    let mood = &plan.facts["mood"];
    for (name, fact) in &plan.facts {
        assert_eq!(
            (&fact.kind, &fact.visible_to),
            (&mood.kind, &mood.visible_to),
            "{name}"
        );
    }
    let felt = &plan.events["arrived"].with["felt"];
    assert!(felt.optional);
    assert_eq!(felt.fact.visible_to, mood.visible_to);
    let each = Kind::Each {
        link: "others".into(),
        kind: Box::new(mood.kind.clone()),
    };
    assert_eq!(felt.fact.kind, each);
}

#[test]
fn every_key_of_the_reference_is_read() {
    let folder = root().join("engine/src/language");
    let code: String = [folder.join("overlay"), folder]
        .iter()
        .flat_map(|folder| fs::read_dir(folder).unwrap())
        .map(|file| file.unwrap().path())
        .filter(|path| path.is_file() && !path.ends_with("reference.rs"))
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    for shape in SHAPES {
        for key in shape.keys {
            let read = format!("\"{}\"", key.name);
            assert!(
                code.contains(&read),
                "nothing reads `{}` of {}",
                key.name,
                shape.name
            );
        }
        assert!(reference_markdown().contains(shape.stands));
    }
}

#[test]
fn the_reference_reads_what_it_shows() {
    for written in DURATIONS {
        assert!(Duration::parse(written).is_ok(), "{written}");
    }
}

/// Run with `BLESS=1` to write the page anew.
#[test]
fn the_reference_beside_the_processes_is_the_true_one() {
    let printed = Command::new(env!("CARGO_BIN_EXE_forloeb"))
        .args(["check", "--reference"])
        .output()
        .unwrap();
    let printed = String::from_utf8(printed.stdout).unwrap();
    let page = root().join("processes/REFERENCE.md");
    if env::var_os("BLESS").is_some() {
        fs::write(&page, &printed).unwrap();
    }
    assert!(
        fs::read_to_string(page).unwrap() == printed,
        "processes/REFERENCE.md is not what `forloeb check --reference` prints: BLESS=1 cargo test --test tests language::"
    );
    for (name, _) in OF_IT.iter().chain(OF_OCCURRENCE) {
        assert!(printed.contains(&format!(".{name}`")), "{name}");
    }
    for function in FREE.iter().chain(OF_CASE).chain(OF_VALUES) {
        assert!(printed.contains(function.does.split('|').next().unwrap()));
    }
}

#[test]
fn exploring_is_bounded() {
    let mut process = WALK.replace("outcomes:", "@outcomes:");
    let (head, tail) = process.split_once('@').unwrap();
    let mut tracks = String::new();
    for track in 0..7 {
        tracks += &format!("  track_{track}:\n    starts_in: s_{track}_0\n    stages:\n");
        for stage in 0..6 {
            let next = (stage + 1) % 6;
            tracks += &format!(
                "      s_{track}_{stage}: {{ leave: [{{ to: s_{track}_{next}, when: {{ event: arrived }} }}] }}\n"
            );
        }
    }
    process = format!("{head}{tracks}{tail}");
    let loaded = load(&walk(&process, RAIN));
    let codes: Vec<_> = loaded.diagnostics.iter().map(|one| one.code).collect();
    assert_eq!(codes, ["not-explored"]);
    assert_eq!(loaded.plans.len(), 1);
}
