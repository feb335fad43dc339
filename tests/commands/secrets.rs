//! What only some may see shows in no output to anybody else, and names and secrets stand in no log: a canary, and every command.

use super::bench::Bench;
use std::fs;

const SECRET: &str = "canary-in-the-file";
const WEIGHT: &str = "77.7125";
const NAME: &str = "Zelda Canary";

/// A swimmer about whom the nurse knows something.
fn weighed() -> Bench {
    let bench = Bench::small();
    bench.says(&[
        "case",
        "start",
        "pool",
        "--id",
        "h-1",
        "--set",
        "name=Byens Bad",
    ]);
    bench.says(&[
        "case",
        "start",
        "swimming",
        "--id",
        "s-1",
        "--set",
        "name=Bo Vand",
    ]);
    bench.says(&["case", "link", "s-1", "pool", "h-1"]);
    let (weight, health) = (format!("weight={WEIGHT}"), format!("health={SECRET}"));
    let by = format!("nurse:{NAME}");
    bench.says(&[
        "case", "event", "s-1", "weighed", "--by", &by, "--with", &weight, "--with", &health,
    ]);
    bench
}

/// Every command that prints anything about cases, with what comes of using it.
fn commands() -> Vec<Vec<&'static str>> {
    vec![
        vec!["case", "list", "--all"],
        vec!["case", "show", "s-1"],
        vec!["case", "show", "h-1"],
        vec!["case", "reads", "s-1"],
        vec!["history", "s-1"],
        vec!["history", "h-1"],
        vec!["explain", "s-1"],
        vec!["explain", "s-1", "weight"],
        vec!["explain", "s-1", "health"],
        vec!["explain", "s-1", "weighed"],
        vec!["explain", "s-1", "--why-not", "deep"],
        vec!["explain", "s-1", "--why-not", "swims"],
        vec!["explain", "s-1", "--as-of", "2026-10-05 08:00"],
        vec!["task", "list"],
        vec!["finding", "list", "--all"],
        vec!["clock"],
        vec!["doctor"],
        vec!["check"],
        vec![
            "case",
            "event",
            "s-1",
            "weighed",
            "--by",
            "nurse:Zelda Canary",
            "--with",
            "weight=77.7125",
            "--with",
            "health=canary-in-the-file",
        ],
        vec![
            "case",
            "event",
            "s-1",
            "weighed",
            "--by",
            "nurse",
            "--with",
            "weight=canary-in-the-file",
            "--with",
            "health=x",
        ],
        vec![
            "case",
            "start",
            "swimming",
            "--set",
            "weight=canary-in-the-file",
        ],
        vec![
            "case",
            "start",
            "swimming",
            "--set",
            "health=canary-in-the-file",
            "--set",
            "weight=77.7125",
        ],
        vec!["case", "hold", "s-1", "--because", "ferie"],
        vec!["case", "resume", "s-1"],
        vec!["clock", "advance", "20 days"],
        vec!["finding", "list"],
        vec![
            "finding",
            "ack",
            "s-1/length_overdue",
            "--because",
            "vi ringer",
        ],
        vec![
            "finding",
            "snooze",
            "s-1/length_overdue",
            "--because",
            "vi ringer",
        ],
        vec!["tick"],
        vec!["apply", "-"],
        vec![
            "migrate",
            "swimming",
            "--by",
            "teacher",
            "--because",
            "bedre",
        ],
        vec!["history", "s-1"],
        vec![
            "case",
            "correct",
            "s-1",
            "11",
            "--by",
            "nurse:Zelda Canary",
            "--because",
            "en anden",
        ],
        vec!["history", "s-1", "--all"],
        vec!["case", "show", "s-1"],
        vec!["migrate", "swimming", "--preview"],
    ]
}

const LINES: &str = r#"{"case":"s-1","event":"weighed","by":"nurse:Zelda Canary","with":{"weight":"77.7125","health":"canary-in-the-file"}}
{"case":"s-1","event":"weighed","by":"nurse:Zelda Canary","with":{"weight":"canary-in-the-file","health":"x"}}
{"case":"s-1","event":"weighed","by":"teacher:Zelda Canary","with":{"weight":"77.7125","health":"canary-in-the-file"}}
"#;

fn leaks(text: &str) -> bool {
    // In Danish a number has a comma.
    [SECRET, WEIGHT, "77,7125"]
        .iter()
        .any(|secret| text.contains(secret))
}

#[test]
fn what_only_some_may_see_shows_to_nobody_else() {
    for (reader, language, json) in [
        (None, "da", true),
        (None, "en", false),
        (Some("teacher"), "da", false),
        (Some("teacher:Per Lund"), "en", true),
    ] {
        let bench = weighed();
        for command in commands() {
            let mut words = command.clone();
            words.extend(["--lang", language]);
            words.extend(json.then_some("--json"));
            words.extend(reader.iter().flat_map(|reader| ["--as", reader]));
            let answer = bench.with_input(&words, LINES.as_bytes());
            assert!(!leaks(&answer.out), "{words:?}\n{}", answer.out);
            assert!(!leaks(&answer.err), "{words:?}\n{}", answer.err);
            assert!(!answer.err.contains(NAME), "{words:?}\n{}", answer.err);
        }
    }
}

#[test]
fn who_may_see_it_sees_it_and_is_written_down() {
    let bench = weighed();
    let page = bench.says(&["case", "show", "s-1", "--as", "nurse:Ina Vest"]);
    assert!(page.contains(SECRET) && page.contains(WEIGHT), "{page}");
    let history = bench.says(&["history", "s-1", "--as", "nurse"]);
    assert!(history.contains(SECRET), "{history}");
    let reads = bench.says(&["case", "reads", "s-1"]);
    assert!(reads.contains("Nurse Ina Vest  case show s-1"), "{reads}");
    // A page about another case that names this one is a reading of it, too.
    bench.says(&["case", "show", "h-1"]);
    let reads = bench.says(&["case", "reads", "s-1"]);
    assert!(reads.contains("case show h-1"), "{reads}");
}

#[test]
fn logs_hold_neither_names_nor_secrets() {
    let bench = weighed();
    for command in commands() {
        let answer = bench.logging(&command, LINES.as_bytes());
        for canary in [SECRET, WEIGHT, NAME, "Bo Vand"] {
            assert!(!answer.err.contains(canary), "{command:?}\n{}", answer.err);
        }
    }
}

/// Rules that go by the confidential `health`: one speaks and asks for a task at once, one speaks after a fortnight, one fails.
const RULES: &str = r#"
/// Canary-purpose: whoever is frail is treated gently.
fn frail(it) {
    if it.facts.health == () { return; }
    nudge("teacher", "be_gentle");
    raise("gentle_hour");
}

/// Canary-purpose: and still is after a fortnight.
fn still_frail(it) {
    if it.facts.health == () { return; }
    if older(it.last("weighed").at, it.settings.first_length_within) { escalate("teacher", "still_gentle"); }
}

/// Canary-purpose: and is never shouted at.
fn fails(it) {
    if it.facts.health == () { return; }
    throw "canary-of-the-fault";
}
"#;

const ATTACHED: &str = "
faults_to: teacher
tasks:
  gentle_hour: { role: teacher, title: { da: Time for sig, en: Hour apart } }
rules:
  - { rule: health.frail, reads: [health] }
  - { rule: health.still_frail, reads: [health] }
  - { rule: health.fails, reads: [health] }

texts:
  be_gentle:    { da: 'Canary-sætning om {name}.', en: 'Canary-sentence about {name}.' }
  still_gentle: { da: 'Canary-sætning to om {name}.', en: 'Canary-sentence two about {name}.' }
";

/// The small programme with those rules, and a swimmer who can be weighed.
fn frail() -> Bench {
    let bench = Bench::small();
    fs::create_dir_all(bench.path().join("rules")).unwrap();
    fs::write(bench.path().join("rules/health.rhai"), RULES).unwrap();
    let file = bench.path().join("processes/swimming.yaml");
    let process = fs::read_to_string(&file).unwrap();
    fs::write(&file, process.replace("\ntexts:\n", ATTACHED)).unwrap();
    let start = ["case", "start", "swimming", "--id", "s-1"];
    bench.says(&[&start[..], &["--set", "name=Bo Vand"]].concat());
    bench
}

const WEIGHED: &str =
    r#"{"case":"s-1","event":"weighed","by":"nurse","with":{"weight":"70","health":"frail"}}"#;

/// Every command that prints anything about the swimmer, from the weighing on.
fn about_the_frail() -> Vec<Vec<&'static str>> {
    let reason = ["--because", "canary-reason"];
    vec![
        vec!["apply", "-"],
        vec![
            "case",
            "event",
            "s-1",
            "weighed",
            "--by",
            "nurse",
            "--with",
            "weight=71",
            "--with",
            "health=frail",
        ],
        vec!["clock", "advance", "20 days"],
        vec!["tick"],
        [
            &["finding", "ack", "s-1/be_gentle", "--by", "nurse"],
            &reason[..],
        ]
        .concat(),
        [
            &["finding", "snooze", "s-1/still_gentle", "--by", "teacher"],
            &reason[..],
        ]
        .concat(),
        [
            &["finding", "ack", "s-1/be_gentle", "--by", "swimmer"],
            &reason[..],
        ]
        .concat(),
        [&["finding", "ack", "s-1/nothing_of_the_kind"], &reason[..]].concat(),
        vec!["finding", "list"],
        vec!["finding", "list", "--all"],
        vec!["finding", "list", "--all", "--to", "teacher"],
        vec!["task", "list"],
        vec!["case", "list", "--all"],
        vec!["case", "show", "s-1"],
        vec!["case", "reads", "s-1"],
        vec!["history", "s-1"],
        vec!["explain", "s-1"],
        vec!["explain", "s-1", "gentle_hour"],
        vec!["explain", "s-1", "weighed"],
        vec!["explain", "s-1", "health"],
        vec!["explain", "s-1", "shallow"],
        vec!["explain", "s-1", "--as-of", "2026-10-05 08:00"],
        vec!["explain", "s-1", "--why-not", "deep"],
        vec!["doctor"],
        // Numbers of the first entries, whatever they are about.
        vec!["explain", "s-1", "11"],
        vec!["explain", "s-1", "12"],
        vec!["explain", "s-1", "13"],
        vec!["explain", "s-1", "14"],
        vec!["explain", "s-1", "15"],
        vec!["explain", "s-1", "16"],
        vec!["explain", "s-1", "17"],
        vec!["explain", "s-1", "18"],
        vec!["case", "hold", "s-1", "--because", "ferie"],
        vec!["case", "resume", "s-1"],
        vec!["case", "event", "s-1", "gave_up", "--by", "swimmer"],
        vec!["history", "s-1"],
        vec!["case", "show", "s-1"],
    ]
}

/// What tells somebody that the swimmer is frail: sentences, the names of texts and rules, the lines of rules, and reasons.
const TELLING: [&str; 9] = [
    "Canary-s",
    "Canary-purpose",
    "canary-of-the-fault",
    "canary-reason",
    "be_gentle",
    "still_gentle",
    "frail",
    "health.fails",
    "rules/health.rhai",
];

#[test]
fn what_a_rule_says_of_confidential_facts_is_for_those_who_are_told_or_may_see_them() {
    for (reader, language, json, may) in [
        (None, "da", true, false),
        (None, "en", false, false),
        (Some("swimmer:Bo"), "da", false, false),
        (Some("swimmer"), "en", true, false),
        (Some("teacher"), "en", false, true),
        (Some("nurse:Ina"), "da", true, true),
    ] {
        let bench = frail();
        let mut sentences = 0;
        for command in about_the_frail() {
            let mut words = command.clone();
            words.extend(["--lang", language]);
            words.extend(json.then_some("--json"));
            words.extend(reader.iter().flat_map(|reader| ["--as", reader]));
            let answer = bench.with_input(&words, WEIGHED.as_bytes());
            let said = format!("{}{}", answer.out, answer.err);
            sentences += said.matches("Canary-s").count();
            for telling in TELLING {
                // Who writes a name reads it in the answer.
                let typed = command.iter().any(|word| word.contains(telling));
                assert!(
                    may || typed || !said.contains(telling),
                    "{words:?} tells `{telling}`:\n{said}"
                );
            }
        }
        assert!(!may || sentences > 20, "{sentences} as {reader:?}");
    }
}

/// What a version does not have any more, it cannot say who may see: then nobody does.
#[test]
fn a_version_without_the_fact_or_the_rule_shows_it_to_nobody() {
    for json in [false, true] {
        let bench = frail();
        bench.with_input(&["apply", "-"], WEIGHED.replace("frail", SECRET).as_bytes());
        let history: serde_json::Value =
            serde_json::from_str(&bench.says(&["history", "s-1", "--json"])).unwrap();
        let mut entries = history["entries"].as_array().unwrap().iter();
        let weighed = entries.find(|entry| entry["about"] == "weighed").unwrap();
        let weighed = weighed["seq"].to_string();
        let file = bench.path().join("processes/swimming.yaml");
        let process = fs::read_to_string(&file).unwrap();
        let without: String = process
            .lines()
            .filter(|line| !line.contains("health"))
            .map(|line| format!("{line}\n"))
            .collect();
        let without = without
            .replace("rules:\n", "")
            .replace("  gentle_hour:", "  other_hour:")
            .replace("  be_gentle:", "  be_kind:")
            .replace("  still_gentle:", "  still_kind:")
            .replace("Canary-s", "S");
        fs::write(&file, without).unwrap();
        let migrate = ["migrate", "swimming"];
        let who = ["--by", "teacher", "--because", "bedre"];
        for words in [
            [&migrate[..], &["--preview"]].concat(),
            [&migrate[..], &who[..]].concat(),
            vec!["case", "show", "s-1"],
            vec!["history", "s-1"],
            vec!["history", "s-1", "--all"],
            vec!["explain", "s-1"],
            vec!["explain", "s-1", "weighed"],
            vec!["explain", "s-1", "health"],
            vec!["explain", "s-1", "--as-of", "2026-10-05 08:00"],
            vec!["explain", "s-1", "12"],
            vec!["explain", "s-1", "14"],
            vec!["explain", "s-1", "16"],
            vec!["finding", "list", "--all"],
            [&migrate[..], &["--undo"], &who[..]].concat(),
            vec!["history", "s-1", "--all"],
            vec![
                "case",
                "correct",
                "s-1",
                &weighed,
                "--by",
                "nurse",
                "--because",
                "en anden",
            ],
            vec!["history", "s-1", "--all"],
        ] {
            for reader in [None, Some("swimmer")] {
                let mut words = words.clone();
                words.extend(json.then_some("--json"));
                words.extend(reader.iter().flat_map(|reader| ["--as", reader]));
                let answer = bench.types(&words);
                let said = format!("{}{}", answer.out, answer.err);
                for telling in TELLING.iter().chain(&[SECRET]) {
                    assert!(
                        !said.contains(telling),
                        "{words:?} tells `{telling}`:\n{said}"
                    );
                }
            }
        }
        let history = bench.says(&["history", "s-1", "--all", "--json"]);
        assert!(history.contains("\"migrated\""), "{history}");
        assert_eq!(history.matches("\"corrected\"").count(), 2, "{history}");
    }
}

#[test]
fn logs_hold_nothing_of_what_a_rule_says() {
    let bench = frail();
    for command in about_the_frail() {
        let log = bench.logging(&command, WEIGHED.as_bytes()).err;
        for telling in TELLING {
            let typed = command.iter().any(|word| word.contains(telling));
            assert!(typed || !log.contains(telling), "{command:?}\n{log}");
        }
    }
}

/// The same answer whether a rule has found something or not: otherwise asking by its name would tell.
#[test]
fn asking_for_a_withheld_finding_by_name_tells_nothing() {
    let (without, with) = (frail(), frail());
    let fine = with.with_input(&["apply", "-"], WEIGHED.as_bytes());
    assert_eq!(fine.code, 0, "{}{}", fine.out, fine.err);
    for name in [
        "be_gentle",
        "health.frail",
        "frail",
        "still_gentle",
        "fails",
    ] {
        for reader in [&[][..], &["--as", "swimmer"]] {
            let words = [&["explain", "s-1", name], reader].concat();
            let (without, with) = (without.types(&words), with.types(&words));
            assert_eq!(without.out, with.out, "{words:?}");
            assert!(
                with.out.contains("there is nothing of it that you may"),
                "{}",
                with.out
            );
        }
    }
    let said = with.says(&["explain", "s-1", "frail", "--as", "teacher"]);
    assert!(said.contains("Canary-sentence about Bo Vand"), "{said}");
    let ack = ["finding", "ack", "s-1/be_gentle", "--because", "x"];
    for by in [&[][..], &["--by", "swimmer"]] {
        let (real, invented) = (
            ack,
            ack.map(|word| match word {
                "s-1/be_gentle" => "s-1/invented!",
                other => other,
            }),
        );
        let real = with.types(&[&real[..], by].concat());
        let invented = with.types(&[&invented[..], by].concat());
        assert_eq!(real.code, 1);
        assert_eq!(real.err.replace("be_gentle", "invented!"), invented.err);
    }
    with.says(&[&ack[..], &["--by", "teacher"]].concat());
}

#[test]
fn everybody_reads_that_there_is_a_finding_and_for_whom() {
    let bench = frail();
    bench.with_input(&["apply", "-"], WEIGHED.as_bytes());
    let page = bench.says(&["case", "show", "s-1"]);
    assert!(page.contains("• (only teacher and nurse)"), "{page}");
    let page = bench.says(&["case", "show", "s-1", "--lang", "da"]);
    assert!(page.contains("• (kun lærer og sygeplejerske)"), "{page}");
    assert!(page.contains("Påmindelse til Lærer · i dag"), "{page}");
    let list: serde_json::Value =
        serde_json::from_str(&bench.says(&["finding", "list", "--json"])).unwrap();
    let finding = &list["findings"][1];
    assert_eq!(finding["shown"], false);
    assert_eq!(finding["level"], "nudge");
    assert_eq!(finding["to"][0], "teacher");
}
