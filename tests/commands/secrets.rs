//! What only some may see shows in no output to anybody else, and names and secrets stand in no log: a canary, and every command.

use super::bench::Bench;

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
