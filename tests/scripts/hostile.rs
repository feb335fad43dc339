//! Hostile scripts, one a file in `tests/hostile`: the first line says what it tries, the second how it is refused. What
//! ends each is counted in steps and sizes, so that no test depends on how busy the machine is; the time and memory that
//! they take are measured by hand (see `measured`).

use super::small::{World, limits, rule, source};
use forloeb::scripts::{Limits, STEPS, Scripts};
use forloeb_core::{judge::View, value::Value};
use std::{
    process::Command,
    time::{Duration, Instant},
};

/// The files by name, each with how it is refused.
fn corpus() -> Vec<(String, String, String)> {
    let mut files = Vec::new();
    for file in std::fs::read_dir("tests/hostile").unwrap() {
        let path = file.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        let mut lines = text.lines();
        let tries = lines.next().unwrap();
        assert!(tries.starts_with("// "), "{name} says what it tries");
        let refused = lines
            .next()
            .and_then(|line| line.strip_prefix("// => "))
            .unwrap()
            .to_owned();
        files.push((name, refused, text));
    }
    files.sort();
    files
}

fn world() -> View {
    let mut world = World::new();
    for day in 1..=28 {
        let at = format!("2026-02-{day:02}T10:00:00");
        world = world.event(
            "attendance",
            &at,
            "consultant",
            &[("how", Value::Text("absent".to_owned()))],
        );
    }
    world.view("2026-03-05T12:00:00")
}

/// How a script is refused, and the steps that it took until then.
fn refused(text: &str, limits: Limits) -> (String, u64) {
    let (scripts, diagnostics) = Scripts::compile(&[source("rules/h.rhai", text)]);
    if let Some(first) = diagnostics.first() {
        return (first.message.clone(), 0);
    }
    let (verdict, steps) = scripts.measure(&rule("h.hostile"), &world(), limits);
    match verdict.answer {
        Ok(_) => ("it was let through".to_owned(), steps),
        Err(fault) => (fault.message, steps),
    }
}

const FEW: u64 = 5_000;

#[test]
fn every_hostile_script_is_refused_at_the_same_step_each_time() {
    let corpus = corpus();
    assert!(corpus.len() >= 30);
    let mut wrong = String::new();
    for (name, expected, text) in corpus {
        // Those that only the steps end are let run for fewer of them: a step can be slow, above all unoptimised.
        let limits = Limits {
            steps: if expected.contains("too many steps") {
                FEW
            } else {
                STEPS
            },
            wall: None,
            ..Limits::default()
        };
        let (message, steps) = refused(&text, limits);
        if message != expected {
            wrong += &format!("{name}\n  found    {message}\n  expected {expected}\n");
        }
        // One question may cost a few steps at once.
        if steps > limits.steps + 4_000 {
            wrong += &format!("{name} took {steps} steps\n");
        }
        let again = refused(&text, limits);
        if again != (message, steps) {
            wrong += &format!("{name} ends otherwise the second time: {again:?}\n");
        }
    }
    assert_eq!(wrong, "");
}

#[test]
fn a_file_that_is_too_large_is_not_even_read() {
    let text = format!(
        "/// D.\nfn hostile(it) {{ }}\n{}",
        "// more\n".repeat(9_000)
    );
    assert_eq!(
        refused(&text, limits()).0,
        "a rule file has at most 65536 letters"
    );
}

/// The deepest nesting of each kind that can be read, with a call of itself inside, on a thread with less stack than the
/// standard gives (2 MB). Unoptimised code takes the most of it.
#[test]
fn the_deepest_recursion_fits_an_ordinary_thread() {
    for (open, close) in [
        ("if true { ", " }"),
        ("for x in [1] { ", " }"),
        ("1 + (", ")"),
        ("[1, ", "]"),
        ("max(1, ", ")"),
        ("it.count(", ")"),
        ("[1].map(|x| ", ")"),
        ("`${", "}`"),
        ("#{ a: ", " }"),
    ] {
        let text = |depth: usize| {
            let (before, after) = (open.repeat(depth), close.repeat(depth));
            format!("/// D.\nfn hostile(it) {{ _f(it) }}\nfn _f(it) {{ {before}_f(it){after} }}")
        };
        let reads = |depth: &usize| {
            Scripts::compile(&[source("rules/h.rhai", &text(*depth))])
                .1
                .is_empty()
        };
        let deepest = (1..40).rev().find(reads).unwrap();
        let thread = std::thread::Builder::new().stack_size(1_792 * 1024);
        let text = text(deepest);
        let message = thread
            .spawn(move || refused(&text, limits()).0)
            .unwrap()
            .join()
            .unwrap();
        assert_eq!(
            message, "its functions call each other more than 8 deep",
            "{open}"
        );
    }
}

#[test]
fn time_on_the_wall_is_the_last_resort() {
    let limits = Limits {
        wall: Some(Duration::ZERO),
        processor: Duration::ZERO,
        ..Limits::default()
    };
    let text = "/// D.\nfn hostile(it) { loop { } }";
    assert_eq!(refused(text, limits).0, "it takes too long");
}

/// As on a machine that is so busy that the wall's time is over before the rule has begun.
#[test]
fn a_rule_that_had_to_wait_is_not_ended() {
    let limits = Limits {
        wall: Some(Duration::ZERO),
        ..Limits::default()
    };
    let text = "/// D.\nfn patient(it) { let sum = 0; for x in 0..100 { sum += x; } [sum == 4950, \"counted\"] }";
    let (scripts, _) = Scripts::compile(&[source("rules/h.rhai", text)]);
    let verdict = scripts
        .judge_within(limits)
        .judge(&rule("h.patient"), &world());
    assert_eq!(verdict.answer.unwrap().holds, Some(true));
}

#[test]
fn one_that_fails_does_not_touch_the_next() {
    let text = "/// D.\nfn bad(it) { nudge(\"consultant\", \"confirm_wish\"); older(it.started, \"60 days\"); loop { } }\n/// D.\nfn good(it) { [true, \"yes\"] }";
    let (scripts, _) = Scripts::compile(&[source("rules/h.rhai", text)]);
    let (judge, view) = (scripts.judge_within(limits()), world());
    for _ in 0..3 {
        let bad = judge.judge(&rule("h.bad"), &view);
        assert!(bad.answer.is_err());
        assert!(bad.horizon.is_some());
        let good = judge.judge(&rule("h.good"), &view);
        assert_eq!(good.horizon, None);
        let answer = good.answer.unwrap();
        assert_eq!((answer.holds, answer.found.len()), (Some(true), 0));
    }
}

/// The largest memory that this process has had, in KB.
fn peak_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM"))
        .unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Run by `measured` in a process of its own, since a process knows only the largest memory that it ever had.
#[test]
#[ignore = "a part of `measured`"]
fn measured_one() {
    let Ok(name) = std::env::var("FORLOEB_HOSTILE") else {
        return;
    };
    let text = std::fs::read_to_string(format!("tests/hostile/{name}.rhai")).unwrap();
    refused("/// D.\nfn hostile(it) { }", Limits::default());
    let (before, began) = (peak_kb(), Instant::now());
    let (message, steps) = refused(&text, Limits::default());
    let (ms, kb) = (began.elapsed().as_millis(), peak_kb() - before);
    println!("{name}: {ms} ms, {kb} KB more, {steps} steps: {message}");
}

#[test]
#[ignore = "measures time and memory"]
fn measured() {
    for (name, ..) in corpus() {
        let child = Command::new(std::env::current_exe().unwrap())
            .args([
                "scripts::hostile::measured_one",
                "--exact",
                "--ignored",
                "--nocapture",
            ])
            .env("FORLOEB_HOSTILE", &name)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&child.stdout).into_owned();
        let line = said
            .lines()
            .find(|line| line.contains(&name))
            .unwrap_or("it crashed");
        println!("{line}");
    }
}
