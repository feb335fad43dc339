//! Flag before environment before `forloeb.toml` before default, each with its origin; and what a command does with what is meant.

use super::bench::Bench;
use forloeb::{
    config::Config,
    diagnostic::{Colour, Source, render_all},
};
use proptest::prelude::*;
use serde_json::Value as Json;
use std::{fs, sync::Arc};

const FILE: &str = "
tenant = \"ry\"
language = \"da\"
db = \"house.db\"
[tenants.ry]
[tenants.als]
language = \"en\"
";

/// A setting with its origin, as `config` tells it.
fn told(bench: &Bench, words: &[&str], env: &[(&str, &str)], setting: &str) -> String {
    let words = [&["config", "--json"], words].concat();
    let answer = bench.with_env(&words, env);
    assert_eq!(answer.code, 0, "{}", answer.err);
    let all: Json = serde_json::from_str(&answer.out).unwrap();
    let lines = all["settings"].as_array().unwrap();
    let line = lines
        .iter()
        .find(|line| line["setting"] == setting)
        .unwrap();
    format!(
        "{} ({})",
        line["value"].as_str().unwrap_or("-"),
        line["origin"].as_str().unwrap()
    )
}

#[test]
fn flag_before_environment_before_file_before_default() {
    let bench = Bench::small();
    let bare = |setting| told(&bench, &[], &[], setting);
    assert_eq!(bare("programme"), ". (default)");
    assert_eq!(bare("tenant"), "main (default)");
    assert_eq!(bare("language"), "en (default)");
    assert_eq!(bare("db"), "./forloeb.db (default)");
    fs::write(bench.path().join("forloeb.toml"), FILE).unwrap();
    for (setting, words, env, expected) in [
        ("tenant", &[][..], &[][..], "ry (forloeb.toml:2:10)"),
        (
            "tenant",
            &[],
            &[("FORLOEB_TENANT", "als")],
            "als (environment FORLOEB_TENANT)",
        ),
        (
            "tenant",
            &["--tenant", "ry"],
            &[("FORLOEB_TENANT", "als")],
            "ry (flag --tenant)",
        ),
        (
            "language",
            &[],
            &[("LANG", "en_GB.UTF-8")],
            "da (forloeb.toml:3:12)",
        ),
        (
            "language",
            &["--tenant", "als"],
            &[("LANG", "da_DK")],
            "en (forloeb.toml:7:12)",
        ),
        (
            "language",
            &["--tenant", "als"],
            &[("FORLOEB_LANG", "da")],
            "da (environment FORLOEB_LANG)",
        ),
        (
            "language",
            &["--lang", "en"],
            &[("FORLOEB_LANG", "da")],
            "en (flag --lang)",
        ),
        ("db", &[], &[], "./house.db (forloeb.toml:4:6)"),
        (
            "db",
            &[],
            &[("FORLOEB_DB", "b.db")],
            "b.db (environment FORLOEB_DB)",
        ),
        (
            "db",
            &["--db", "c.db"],
            &[("FORLOEB_DB", "b.db")],
            "c.db (flag --db)",
        ),
        // A flag that says the same as the environment is a flag all the same.
        (
            "db",
            &["--db", "b.db"],
            &[("FORLOEB_DB", "b.db")],
            "b.db (flag --db)",
        ),
        (
            "programme",
            &[],
            &[("FORLOEB_PROGRAMME", ".")],
            ". (environment FORLOEB_PROGRAMME)",
        ),
        (
            "programme",
            &["--programme", "."],
            &[],
            ". (flag --programme)",
        ),
    ] {
        assert_eq!(
            told(&bench, words, env, setting),
            expected,
            "{words:?} {env:?}"
        );
    }
    fs::write(bench.path().join("forloeb.toml"), "[tenants.ry]\n").unwrap();
    assert_eq!(bare("tenant"), "ry (forloeb.toml:1:10)");
    assert_eq!(
        told(&bench, &[], &[("LANG", "da_DK.UTF-8")], "language"),
        "da (environment LANG)"
    );
    fs::write(
        bench.path().join("forloeb.toml"),
        "db = \"sqlite:../a.db\"\n",
    )
    .unwrap();
    assert_eq!(bare("db"), "sqlite:./../a.db (forloeb.toml:1:6)");
}

/// The file is found, and its database, from wherever a command is typed.
#[test]
fn what_the_file_names_is_seen_from_its_folder() {
    let bench = Bench::small();
    fs::rename(
        bench.path().join("forloeb.db"),
        bench.path().join("house.db"),
    )
    .unwrap();
    fs::write(bench.path().join("forloeb.toml"), FILE).unwrap();
    let folder = bench.path().to_str().unwrap();
    let elsewhere = Bench::empty();
    let words = [
        "case",
        "start",
        "swimming",
        "--id",
        "s-1",
        "--programme",
        folder,
    ];
    let page = elsewhere.says(&words);
    assert!(page.contains("Startet"), "{page}");
    let page = elsewhere.says(&["case", "list", "--programme", folder]);
    assert!(page.contains("s-1"), "{page}");
    let env = [("FORLOEB_PROGRAMME", folder), ("FORLOEB_TENANT", "als")];
    let other = elsewhere.with_env(&["tick"], &env);
    assert_eq!(other.code, 0, "{}", other.err);
    let other = elsewhere.with_env(&["case", "list"], &env);
    assert!(!other.out.contains("s-1"), "{}", other.out);
    assert_eq!(other.code, 0, "{}", other.err);
}

/// Reads a file, and looks at every place that is pointed at.
fn read(text: &str) -> Config {
    let source = Arc::new(Source {
        path: "forloeb.toml".into(),
        text: text.to_owned(),
    });
    let config = Config::of(&source);
    for found in &config.diagnostics {
        let also = found.also.iter().map(|(span, _)| span);
        for span in also.chain([&found.span]) {
            assert!(span.start <= span.end, "{found:?}");
            assert!(
                span.source.text.get(span.start..span.end).is_some(),
                "{found:?}"
            );
        }
        assert!(found.help.is_some(), "{found:?}");
        let _ = found.to_json();
    }
    let _ = render_all(&config.diagnostics, Colour::Off);
    config
}

#[test]
fn what_no_such_file_should_be_is_told() {
    for text in [
        "[".repeat(100_000),
        format!("a = {}", "[".repeat(50_000)),
        "a.".repeat(50_000),
        "x = 1\n".repeat(100_000),
        "tenant = \"ry\u{0}\"".to_owned(),
        "\u{FFFD}\u{FFFD}".to_owned(),
        "tenants = [{}, {}]".to_owned(),
        "[[tenants.ry]]".to_owned(),
        "tenants.ry.processes = [[\"a\"]]".to_owned(),
        "language = 1979-05-27".to_owned(),
        "db = \"\"\"\n\n\"\"\"".to_owned(),
    ] {
        let start: String = text.chars().take(40).collect();
        assert!(read(&text).is_broken(), "{start}");
    }
    assert!(!read("").is_broken());
    assert!(!read("# nothing\n").is_broken());
    assert!(!read("tenants.ry = { title = \"Ry\", overlays = [] }\r\n").is_broken());
}

proptest! {
    #[test]
    fn whatever_stands_in_it_is_read_or_told(text in "\\PC{0,60}") {
        read(&text);
    }

    #[test]
    fn a_damaged_file_is_read_or_told(at in 0..FILE.len(), with in "[\\PC\n]{0,3}", cut in 0usize..8) {
        if FILE.is_char_boundary(at) && FILE.is_char_boundary((at + cut).min(FILE.len())) {
            let after = &FILE[(at + cut).min(FILE.len())..];
            read(&format!("{}{with}{after}", &FILE[..at]));
        }
    }
}
