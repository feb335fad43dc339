//! Two versions of a process compared: each kind of difference in words, nothing that differs untold, and nothing told that does not.

use forloeb::{
    diagnostic::{Colour, Source, render_all},
    language::programme::{load, read_folder},
    words::{Changed, Language, PlanDifference, Reader, Version, versions},
};
use forloeb_core::plan::Plan;
use jiff::{Timestamp, tz::TimeZone};
use serde_json::Value;
use std::{collections::BTreeMap, fs, path::Path, sync::Arc};

const SMALL: &str = "tests/golden/commands/programme";

fn file(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

fn swimming() -> String {
    file(&format!("{SMALL}/processes/swimming.yaml"))
}

/// The plan of the small programme with these texts of its process and its calendar.
fn plan(process: &str, calendar: &str) -> Arc<Plan> {
    let pool = file(&format!("{SMALL}/processes/pool.yaml"));
    let sources: Vec<Arc<Source>> = [
        ("processes/calendars/town.yaml", calendar),
        ("processes/pool.yaml", &pool),
        ("processes/swimming.yaml", process),
    ]
    .into_iter()
    .map(|(path, text)| {
        Arc::new(Source {
            path: path.into(),
            text: text.to_owned(),
        })
    })
    .collect();
    let loaded = load(&sources);
    assert!(
        !loaded.has_errors(),
        "{}",
        render_all(&loaded.diagnostics, Colour::Off)
    );
    loaded.plans["swimming"].plan.clone()
}

fn town() -> String {
    file(&format!("{SMALL}/processes/calendars/town.yaml"))
}

fn compare(language: Language, from: &Plan, to: &Plan) -> Vec<PlanDifference> {
    let nobody = BTreeMap::new();
    let reader = Reader {
        language,
        zone: TimeZone::UTC,
        colour: false,
        width: 80,
        now: Timestamp::UNIX_EPOCH,
        names: &nobody,
        people: &BTreeMap::new(),
        sources: &BTreeMap::new(),
        role: None,
    };
    let (rules, places, addresses) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    let version = |plan| Version {
        plan,
        rules: &rules,
        places: &places,
        addresses: &addresses,
    };
    versions(&reader, version(from), version(to))
}

fn told(found: &[PlanDifference]) -> Vec<String> {
    let sign = |kind| match kind {
        Changed::Changed => "~",
        Changed::Added => "+",
        Changed::Removed => "-",
        Changed::Renamed => "=",
        Changed::Moved => "^",
    };
    found
        .iter()
        .map(|one| format!("{} {} | {}", sign(one.kind), one.path, one.words))
        // What holds a date together on a page is a common space in data.
        .map(|line| line.replace('\u{a0}', " "))
        .collect()
}

/// What is told when pieces of the process are written otherwise.
fn process(pieces: &[(&str, &str)], wanted: &[&str]) {
    let before = swimming();
    let mut after = before.clone();
    for (old, new) in pieces {
        assert_eq!(after.matches(old).count(), 1, "{old}");
        after = after.replace(old, new);
    }
    let (a, b) = (plan(&before, &town()), plan(&after, &town()));
    assert_eq!(told(&compare(Language::English, &a, &b)), wanted);
    let back = compare(Language::English, &b, &a);
    assert_eq!(back.len(), wanted.len(), "{:?}", told(&back));
}

#[test]
fn settings() {
    process(
        &[(
            "first_length_within: 2 weeks",
            "first_length_within: 10 working days",
        )],
        &["~ settings.first_length_within | first length within: 2 weeks → 10 working days"],
    );
    process(
        &[(
            "first_length_within: 2 weeks",
            "first_length_within:\n    - { value: 2 weeks, valid_to: 2026-12-31 }\n    - { value: 3 weeks, valid_from: 2027-01-01 }",
        )],
        &[
            "~ settings.first_length_within | first length within: 2 weeks → 2 weeks to Thu 31 Dec 2026, 3 weeks from Fri 1 Jan 2027",
        ],
    );
    process(
        &[(
            "first_length_within: 2 weeks",
            "first_length_within: { value: 2 weeks, because: it was so }",
        )],
        &[
            "~ settings.first_length_within.because | first length within, because: nothing → it was so",
        ],
    );
    process(
        &[("within: first_length_within", "within: 2 weeks")],
        &[
            "~ stages.shallow.deadlines.first_length.within | deadline “The first length”, within: first length within (2 weeks) → 2 weeks",
        ],
    );
}

#[test]
fn roles_facts_and_links() {
    process(
        &[("en: Teacher }", "en: Coach }")],
        &["~ roles.teacher.title | role: “Teacher” → “Coach”"],
    );
    process(
        &[("da: Lærer,", "da: Træner,")],
        &["~ roles.teacher.title | role (da): “Lærer” → “Træner”"],
    );
    process(
        &[(
            "  nurse:   {",
            "  doctor: { title: { da: Læge, en: Doctor } }\n  nurse:   {",
        )],
        &["+ roles.doctor | role “Doctor”"],
    );
    process(
        &[
            (
                "  lengths: { type: whole, min: 0, title",
                "  lengths: { type: whole, min: 1, personal: yes, title",
            ),
            ("sets: { lengths: lengths }", "clears: [lengths]"),
            ("            fills: [lengths]\n", ""),
        ],
        &[
            "~ facts.lengths.type | fact “Lengths”, kind: whole number from 0 → whole number from 1",
            "~ facts.lengths.personal | fact “Lengths”, personal: no → yes",
            "~ events.measured.sets | event “Measured”, sets: “Lengths” from “Lengths” → nothing",
            "~ events.measured.clears | event “Measured”, empties: nothing → “Lengths”",
            "~ stages.shallow.tasks.fill_in.fills | task “Write how many lengths you can swim”, fills in: “Lengths” → nothing",
        ],
    );
    process(
        &[(
            "friends: { to: swimming, many: yes",
            "friends: { to: swimming",
        )],
        &["~ links.friends.many | link “Friends”, to several: yes → no"],
    );
}

#[test]
fn events() {
    process(
        &[(
            "    title: { da: Bestået, en: Passed }\n    by: [teacher]",
            "    title: { da: Bestået, en: Passed }\n    by: [teacher, nurse]",
        )],
        &["~ events.passed.by | event “Passed”, reported by: Teacher → Teacher and Nurse"],
    );
    process(
        &[
            (
                "          breast: { da: Brystsvømning, en: Breaststroke }\n",
                "",
            ),
            (
                "joy:     { type: scale, min: 1, max: 5",
                "joy:     { type: scale, min: 1, max: 7",
            ),
            (
                "      alone:   { type: yes_no, title: { da: Alene, en: Alone } }\n",
                "",
            ),
        ],
        &[
            "- events.measured.with.style.options.breast | event “Measured”, field “Stroke”, option “Breaststroke”",
            "~ events.measured.with.joy.type | event “Measured”, field “Joy”, kind: scale from 1 to 5 → scale from 1 to 7",
            "- events.measured.with.alone | event “Measured”, field “Alone”: yes or no",
        ],
    );
}

#[test]
fn stages_tasks_and_deadlines() {
    process(
        &[(
            "      deep:\n        title: { da: Dybt vand, en: Deep water }",
            "      deep:\n        title: { da: Dybt vand, en: Deep water }\n        leave: [{ to: sea, when: { event: measured, times: 3 } }]\n      sea:\n        title: { da: Havet, en: The sea }\n        tasks: { dive: { title: { da: Dyk, en: Dive }, role: swimmer } }",
        )],
        &[
            "+ stages.deep.leave.sea | exit to “The sea”, when “Measured” has happened, times: 3",
            "+ stages.sea | stage “The sea”",
            "+ stages.sea.tasks.dive | task “Dive”, for Swimmer",
        ],
    );
    process(
        &[(
            "            role: swimmer\n            due: 1 week",
            "            role: teacher\n            due: 2 weeks\n            after: first_talk\n            optional: yes",
        )],
        &[
            "~ stages.shallow.tasks.fill_in.role | task “Write how many lengths you can swim”, for: Swimmer → Teacher",
            "~ stages.shallow.tasks.fill_in.due | task “Write how many lengths you can swim”, due within: 1 week → 2 weeks",
            "~ stages.shallow.tasks.fill_in.after | task “Write how many lengths you can swim”, opens after: nothing → “Talk about what you are afraid of”",
            "~ stages.shallow.tasks.fill_in.optional | task “Write how many lengths you can swim”, may be left out: no → yes",
        ],
    );
    process(
        &[
            ("before: 3 days, say", "before: 2 days, say"),
            (
                "escalate: [{ to: teacher, say: length_overdue }]",
                "escalate: [{ to: teacher, say: length_overdue }, { to: nurse, after: 1 week, say: length_overdue }]",
            ),
            ("from: entered", "from: { event: weighed }"),
        ],
        &[
            "~ stages.shallow.deadlines.first_length.from | deadline “The first length”, runs from: entering the stage → “Weighed”",
            "~ stages.shallow.deadlines.first_length.nudge.swimmer.when | deadline “The first length”, nudge to Swimmer, when: 3 days before → 2 days before",
            "+ stages.shallow.deadlines.first_length.escalate.nurse | deadline “The first length”, escalation to Nurse, 1 week after: “length overdue”",
        ],
    );
}

#[test]
fn exits() {
    process(
        &[(
            "- { to: deep, when: { event: measured } }",
            "- { to: deep, when: { event: measured, with: { alone: yes } } }",
        )],
        &[
            "~ stages.shallow.leave.deep.when | exit to “Deep water”, when: “Measured” has happened → “Measured” has happened, where Alone is yes",
        ],
    );
    process(
        &[(
            "- { to: deep, when: { event: measured } }",
            "- { to: deep, when: { event: measured } }\n          - { end: swims, when: { event: weighed } }",
        )],
        &[
            "+ stages.shallow.leave.swims | exit to the outcome “Can swim”, when “Weighed” has happened",
        ],
    );
    process(
        &[
            ("    - { end: swims, when: { event: passed } }\n", ""),
            (
                "    - { end: stopped, when: { event: gave_up } }\n",
                "    - { end: stopped, when: { event: gave_up } }\n    - { end: swims, when: { event: passed } }\n",
            ),
        ],
        &[
            "^ any_stage.leave | exits in another order: exit to the outcome “Can swim”, when “Passed” has happened; exit to the outcome “Stopped”, when “Stopped” has happened → exit to the outcome “Stopped”, when “Stopped” has happened; exit to the outcome “Can swim”, when “Passed” has happened",
        ],
    );
    process(
        &[(
            "- { to: deep, when: { event: measured } }",
            "- { end: swims, when: { event: measured } }\n          - { to: deep, when: { event: weighed } }",
        )],
        &[
            "~ stages.shallow.leave.swims.to | exit when “Measured” has happened, leads to: “Deep water” → the outcome “Can swim”",
            "+ stages.shallow.leave.deep | exit to “Deep water”, when “Weighed” has happened",
        ],
    );
}

#[test]
fn outcomes_texts_and_the_process_itself() {
    process(
        &[("result: other }", "result: left }")],
        &[
            "~ outcomes.stopped.result | outcome “Stopped”, counts as: something else that is agreed → left",
        ],
    );
    process(
        &[(
            "en: \"Swim your first length by {due}.\"",
            "en: \"Swim by {due}.\"",
        )],
        &[
            "~ texts.length_is_near | length is near: “Swim your first length by {due}.” → “Swim by {due}.”",
        ],
    );
    process(
        &[
            ("shown_as: name\n", "adopt: when_safe\n"),
            ("en: Swimming course", "en: Swimming"),
        ],
        &[
            "~ title | title: “Swimming course” → “Swimming”",
            "~ shown_as | cases are known by: “Name” → nothing",
            "~ adopt | open cases go over by themselves: never → when safe",
        ],
    );
}

#[test]
fn recurring_work() {
    let with = |every: &str| {
        swimming().replace(
            "any_stage:",
            &format!("recurring:\n  swim:\n    every: {every}\n    while_in: [deep]\n    task: {{ title: {{ da: Svøm, en: Swim }}, role: swimmer }}\n\nany_stage:"),
        )
    };
    let of = |every| plan(&with(every), &town());
    let found = compare(
        Language::English,
        &of("\"wednesday 13:00\""),
        &of("\"friday 09:00\"\n    on_closed: skip\n    missed: all"),
    );
    assert_eq!(
        told(&found),
        [
            "~ recurring.swim.every | recurring work “Swim”, comes: Wednesday 13:00 → Friday 09:00",
            "~ recurring.swim.on_closed | recurring work “Swim”, on a closed day: comes all the same → is left out",
            "~ recurring.swim.missed | recurring work “Swim”, when missed: made up for once → each is made up for",
        ]
    );
    let found = compare(
        Language::English,
        &plan(&swimming(), &town()),
        &of("4 weeks"),
    );
    assert_eq!(
        told(&found),
        ["+ recurring.swim | recurring work “Swim”, every 4 weeks"]
    );
}

#[test]
fn the_calendar() {
    let other = town()
        .replace("closed_from: \"12:00\"", "until: 2030")
        .replace("weekend: [saturday, sunday]", "weekend: [sunday]")
        + "  summer: { title: { da: Sommer, en: Summer }, on: 2026-07-01 }\n";
    let found = compare(
        Language::English,
        &plan(&swimming(), &town()),
        &plan(&swimming(), &other),
    );
    assert_eq!(
        told(&found),
        [
            "~ calendar.weekend | weekend: Saturday and Sunday → Sunday",
            "~ calendar.christmas_eve.from | closed day “Christmas Eve”, years: nothing → until 2030",
            "~ calendar.christmas_eve.closed_from | closed day “Christmas Eve”, closed from: 12:00 → nothing",
            "+ calendar.summer | closed day “Summer”, Wed 1 Jul 2026",
        ]
    );
}

/// What only bears another name is one line, wherever it is spoken of; so is it backwards, when the newer version comes first.
#[test]
fn names() {
    let renamed = swimming()
        .replace("shallow", "baby_pool")
        .replace("gave_up", "went_home")
        .replace("first_talk", "talk")
        .replace("lengths: lengths", "laps: lengths")
        .replace("fills: [lengths]", "fills: [laps]")
        .replace("  lengths: { type: whole, min: 0, title", "  laps: { type: whole, min: 0, title")
        .replace(
            "any_stage:",
            "renamed:\n  stages: { shallow: baby_pool }\n  events: { gave_up: went_home }\n  tasks: { first_talk: talk, older: talk }\n  facts: { lengths: laps }\n\nany_stage:",
        );
    let (a, b) = (plan(&swimming(), &town()), plan(&renamed, &town()));
    assert_eq!(
        told(&compare(Language::English, &a, &b)),
        [
            "= facts.laps | fact lengths is now called laps",
            "= events.went_home | event gave up is now called went home",
            "= stages.baby_pool | stage shallow is now called baby pool",
            "= stages.baby_pool.tasks.talk | task first talk is now called talk",
            "+ renamed.tasks.older | talk was called older",
        ]
    );
    let back = told(&compare(Language::English, &b, &a));
    assert!(
        back.contains(&"= stages.shallow | stage baby pool is now called shallow".to_owned()),
        "{back:?}"
    );
    assert_eq!(back.len(), 5, "{back:?}");
    // Without a word on it, one is gone and another one new.
    let silent = swimming().replace("gave_up", "went_home");
    let found = told(&compare(Language::English, &a, &plan(&silent, &town())));
    assert!(
        found
            .iter()
            .any(|line| line.starts_with("- events.gave_up")),
        "{found:?}"
    );
    assert!(
        found
            .iter()
            .any(|line| line.starts_with("+ events.went_home")),
        "{found:?}"
    );
}

#[test]
fn comments_and_layout_mean_nothing() {
    let other = format!("# Another comment\n\n{}", swimming())
        .replace("starts_in: shallow", "starts_in:    \"shallow\"   # here");
    let (a, b) = (plan(&swimming(), &town()), plan(&other, &town()));
    assert_eq!(a.id, b.id);
    assert_eq!(told(&compare(Language::English, &a, &b)), [""; 0]);
}

/// Every leaf of a plan, as data, put otherwise: if that still is a plan, at least one difference is told.
#[test]
fn nothing_that_differs_is_left_untold() {
    // Small ones that have something of everything in them.
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let programmes = ["tests/properties/dense", SMALL, "."];
    let loaded = programmes.map(|path| load(&read_folder(&folder.join(path)).unwrap()));
    let all = loaded.iter().flat_map(|loaded| loaded.plans.values());
    let plans = all
        .filter(|ready| ["walk", "swimming", "peer_group"].contains(&ready.plan.process.as_str()));
    let (mut tried, mut untold) = (0, Vec::new());
    for ready in plans {
        let data = serde_json::to_value(&*ready.plan).unwrap();
        let mut leaves = Vec::new();
        leaves_of(&data, &mut Vec::new(), &mut leaves);
        for path in leaves {
            let section = path.first().unwrap();
            let changed = otherwise(data.pointer(&pointer(&path)).unwrap())
                .into_iter()
                .find_map(|other| {
                    let mut part = data[section].clone();
                    *part.pointer_mut(&pointer(&path[1..])).unwrap() = other;
                    let changed = with(&ready.plan, section, part)?;
                    (changed != *ready.plan).then_some(changed)
                });
            let Some(changed) = changed else {
                continue;
            };
            tried += 1;
            let language = [Language::English, Language::Danish][tried % 2];
            if compare(language, &ready.plan, &changed).is_empty() {
                untold.push(format!("{}: {}", ready.plan.process, pointer(&path)));
            }
        }
    }
    assert!(tried > 700, "{tried}");
    assert!(
        untold.is_empty(),
        "{} of {tried}: {untold:#?}",
        untold.len()
    );
}

/// A plan with one of its parts from data.
fn with(plan: &Plan, part: &str, data: Value) -> Option<Plan> {
    let mut plan = plan.clone();
    macro_rules! put {
        ($($field:ident),+) => {
            match part {
                $(stringify!($field) => plan.$field = serde_json::from_value(data).ok()?,)+
                other => panic!("a plan has a part `{other}` that nobody compares"),
            }
        };
    }
    put!(
        title, languages, calendar, shown_as, faults_to, roles, settings, facts, links, events,
        tasks, tracks, recurring, any_stage, outcomes, rules, texts, renamed, adopt
    );
    Some(plan)
}

fn pointer(path: &[String]) -> String {
    path.iter()
        .map(|key| format!("/{}", key.replace('~', "~0").replace('/', "~1")))
        .collect()
}

/// The leaves that mean something: not the names of plan and overlay, nor places, nor descriptions.
fn leaves_of(value: &Value, path: &mut Vec<String>, leaves: &mut Vec<Vec<String>>) {
    let place = value.get("file").is_some() && value.get("line").is_some();
    let top = matches!(
        path.as_slice(),
        [one] if ["id", "overlay", "process", "described", "reads_through"].contains(&one.as_str())
    );
    // Recurring work says once more what happens on closed days; the two are never apart.
    let again = path.ends_with(&["every", "Calendar", "on_closed"].map(str::to_owned));
    if place || top || again {
        return;
    }
    let mut below = |key: String, value: &Value| {
        path.push(key);
        leaves_of(value, path, leaves);
        path.pop();
    };
    match value {
        Value::Object(map) if !map.is_empty() => {
            for (key, value) in map {
                below(key.clone(), value);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for (place, value) in items.iter().enumerate() {
                below(place.to_string(), value);
            }
        }
        _ => leaves.push(path.clone()),
    }
}

/// Other values that might stand there.
fn otherwise(value: &Value) -> Vec<Value> {
    let words = |words: &[&str]| words.iter().map(|word| Value::from(*word)).collect();
    match value {
        Value::Bool(yes) => vec![Value::from(!yes)],
        Value::Number(number) => vec![Value::from(number.as_i64().unwrap_or(0) + 1)],
        Value::Null => words(&["other", "2031-05-06", "12:34:00", "Stop"]),
        Value::Array(_) => vec![Value::from(vec!["other"])],
        Value::String(_) => words(&[
            "other",
            "77 days",
            "2031-05-06",
            "7.5",
            "Run",
            "Stop",
            "Nudge",
            "Escalation",
            "Once",
            "All",
            "Skip",
            "left",
            "success",
            "when_safe",
            "skip",
            "keep",
            "next_working_day",
            "closing",
            "holiday",
            "friday",
            "04:05:00",
            "Europe/Berlin",
            "At",
            "Entered",
            "YesNo",
            "Text",
            "Date",
        ]),
        Value::Object(_) => Vec::new(),
    }
}
