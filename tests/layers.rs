//! The layer rules: what may stand where in the engine, and why. Each rule is tried on a line that it must catch, and on one that
//! it must let pass.
//!
//! What the compiler and clippy see to (unwrap, unsafe code, what is public) is left to them.

use forloeb::language::programme::{load, read_folder};
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// Something that may not stand in some files.
struct Ban {
    /// What is looked for in code, comments left out.
    needles: &'static [&'static str],
    /// Whether a file, named from the root, may not have it.
    of: fn(&str) -> bool,
    /// Why, and what to do instead.
    why: &'static str,
    /// A line that is caught.
    caught: &'static str,
    /// A line that passes, though it looks like it.
    passes: &'static str,
}

const BANS: &[Ban] = &[
    Ban {
        needles: &[
            "std::fs",
            "std::io",
            "std::net",
            "std::env",
            "std::process",
            "println!",
            "include_str!",
            "tracing::",
        ],
        of: |file| in_core(file),
        why: "the core does no IO: whoever calls it hands it what it needs and keeps what it returns",
        caught: "let text = std::fs::read_to_string(path);",
        passes: "pub fn fold(entries: &[Entry]) -> Case {",
    },
    Ban {
        needles: &[
            "Timestamp::now",
            "Zoned::now",
            "SystemTime",
            "Instant::now",
            "std::time",
            "TimeZone::system",
        ],
        of: |file| in_core(file),
        why: "the core has no clock: `now` is an argument, so that a journey can be stepped again and give the same",
        caught: "let now = Timestamp::now();",
        passes: "let later = now.checked_add(span);",
    },
    Ban {
        needles: &[
            "async ",
            ".await",
            "tokio",
            "std::thread",
            "std::sync::mpsc",
            "Mutex",
            "RwLock",
            "Atomic",
        ],
        of: |file| in_core(file),
        why: "the core is one pure call: no async, no threads, nothing shared that changes",
        caught: "async fn step() {",
        passes: "use std::sync::Arc;",
    },
    Ban {
        needles: &["HashMap", "HashSet", "RandomState", "rand::", "thread_rng"],
        of: |file| in_core(file),
        why: "the same inputs give the same bytes: use BTreeMap or IndexMap, and take ids and seeds as arguments",
        caught: "use std::collections::HashMap;",
        passes: "use std::collections::BTreeMap;",
    },
    Ban {
        needles: &[
            "sqlx",
            "SELECT ",
            "INSERT INTO",
            "DELETE FROM",
            "CREATE TABLE",
            "PRAGMA ",
        ],
        of: |file| in_engine(file) && !file.starts_with("engine/src/store/sqlite/"),
        why: "SQL stands behind the traits of `engine/src/store`, so that a second database implements them and nothing else changes",
        caught: "sqlx::query(\"SELECT id FROM cases\")",
        passes: "let selected = cases.iter().filter(wanted);",
    },
    Ban {
        needles: &["rhai::", "use rhai"],
        of: |file| in_engine(file) && !file.starts_with("engine/src/scripts/"),
        why: "the script engine stands behind `Judge`; everything else knows rules by their names",
        caught: "let engine = rhai::Engine::new_raw();",
        passes: "let path = format!(\"rules/{file}.rhai\");",
    },
    Ban {
        needles: &["serde_saphyr", "serde_yaml"],
        of: |file| in_engine(file) && !file.starts_with("engine/src/language/yaml"),
        why: "YAML is read in `engine/src/language/yaml*.rs` alone, into a tree that keeps every position",
        caught: "let map: Map = serde_saphyr::from_str(text)?;",
        passes: "use super::yaml;",
    },
    Ban {
        needles: &["toml::"],
        of: |file| in_engine(file) && !file.starts_with("engine/src/config/"),
        why: "`forloeb.toml` is read in `engine/src/config` alone, with the place of each value",
        caught: "let table: toml::Table = text.parse()?;",
        passes: "use crate::config::Config;",
    },
    Ban {
        needles: &["clap"],
        of: |file| {
            in_engine(file)
                && !file.starts_with("engine/src/commands/")
                && file != "engine/src/main.rs"
        },
        why: "the command line is read in `engine/src/commands`; below it nobody knows that there is one",
        caught: "use clap::ValueEnum;",
        passes: "let laps = 3;",
    },
    Ban {
        needles: &["Timestamp::now", "Zoned::now", "SystemTime"],
        of: |file| {
            in_engine(file)
                && !file.starts_with("engine/src/turn/")
                && !file.starts_with("engine/src/commands/")
        },
        why: "a database has its own clock, real or virtual: ask `turn` for its instant, or take it as an argument",
        caught: "let now = jiff::Timestamp::now();",
        passes: "let now = engine.now().await?;",
    },
    Ban {
        needles: &["æ", "ø", "å", "Æ", "Ø", "Å", " og ", " ikke ", " eller "],
        // The core reads and words durations, weekdays and dates in both languages.
        of: |file| {
            in_engine(file)
                && !file.starts_with("engine/src/words/")
                && !file.starts_with("engine/core/src/time/")
                && file != "engine/src/language/problems.rs"
        },
        why: "what people read is worded in `engine/src/words`, in each language",
        caught: "out.push_str(\"på pause\");",
        passes: "out.push_str(\"on hold\");",
    },
    Ban {
        needles: &["todo!", "unimplemented!"],
        of: |file| in_engine(file),
        why: "what stands here works",
        caught: "todo!()",
        passes: "let todo = list(tasks);",
    },
];

/// Marks of unfinished work, also in comments.
const MARKS: [&str; 4] = ["TODO", "FIXME", "XXX", "HACK"];

/// What the core may depend on: nothing that has a clock of its own, does IO, or starts threads.
const CORE_MAY_USE: [&str; 8] = [
    "croner",
    "indexmap",
    "jiff",
    "rust_decimal",
    "serde",
    "serde_json",
    "strsim",
    "thiserror",
];

/// The most lines of a file, before it is worth asking whether it holds two things.
const MOST_LINES: usize = 450;

/// Longer files, and why they are one thing.
const LONGER: [(&str, &str); 3] = [
    (
        "engine/src/commands/args.rs",
        "one declaration: all that `--help` prints",
    ),
    ("engine/src/words/danish.rs", "one language"),
    ("engine/src/words/english.rs", "one language"),
];

/// What stands at the top, hidden files apart.
const TOP: [&str; 11] = [
    "CHANGELOG.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "clippy.toml",
    "engine",
    "migrations",
    "processes",
    "rules",
    "tests",
];

/// Beginnings of words that only this programme uses.
const OF_THE_PROGRAMME: [&str; 9] = [
    "wish",
    "placement",
    "compan",
    "consultant",
    "participant",
    "psychologist",
    "municipal",
    "entrepreneur",
    "wellbeing",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn in_core(file: &str) -> bool {
    file.starts_with("engine/core/src/")
}

/// The benches stand outside: they write the rows of a baseline with SQL of their own, read clocks, and tell of the shipped programme.
fn in_engine(file: &str) -> bool {
    file.starts_with("engine/") && !file.starts_with("engine/benches/")
}

/// The Rust files below a folder, named from the root, with their text.
fn rust_files(folder: &str) -> Vec<(String, String)> {
    let mut folders: Vec<PathBuf> = vec![root().join(folder)];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let name = path.strip_prefix(root()).unwrap();
                let name = name.to_str().unwrap().replace('\\', "/");
                files.push((name, fs::read_to_string(path).unwrap()));
            }
        }
    }
    files.sort();
    files
}

/// A line without its comment.
fn code(line: &str) -> &str {
    line.split("//").next().unwrap_or(line)
}

fn fail_with(wrong: &[String]) {
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn what_is_banned_from_a_layer_is_not_in_it() {
    let mut wrong = Vec::new();
    for (file, text) in rust_files("engine") {
        for ban in BANS.iter().filter(|ban| (ban.of)(&file)) {
            for (at, line) in text.lines().enumerate() {
                if let Some(needle) = found(ban, line) {
                    wrong.push(format!("{file}:{}: `{needle}`: {}", at + 1, ban.why));
                }
            }
        }
    }
    fail_with(&wrong);
}

fn found(ban: &Ban, line: &str) -> Option<&'static str> {
    let code = code(line);
    ban.needles
        .iter()
        .copied()
        .find(|needle| code.contains(needle))
}

#[test]
fn each_ban_catches_what_it_is_for() {
    let files: Vec<String> = rust_files("engine")
        .into_iter()
        .map(|(file, _)| file)
        .collect();
    for ban in BANS {
        assert!(
            found(ban, ban.caught).is_some(),
            "not caught: {}",
            ban.caught
        );
        assert_eq!(found(ban, ban.passes), None, "caught: {}", ban.passes);
        let comment = format!("/// {}", ban.caught);
        assert_eq!(found(ban, &comment), None, "caught in a comment");
        let applies = files.iter().any(|file| (ban.of)(file));
        assert!(applies, "it is for no file: {}", ban.why);
    }
}

/// The names under `[dependencies]` of a manifest.
fn dependencies(manifest: &str) -> Vec<String> {
    let lines = manifest
        .lines()
        .skip_while(|line| *line != "[dependencies]")
        .skip(1);
    lines
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| line.split(['.', ' ', '=']).next())
        .filter(|name| !name.is_empty() && !name.starts_with('#'))
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_core_depends_on_nothing_that_could_make_it_impure() {
    let manifest = fs::read_to_string(root().join("engine/core/Cargo.toml")).unwrap();
    let used = dependencies(&manifest);
    assert!(used.contains(&"jiff".to_owned()), "{used:?}");
    for name in used {
        assert!(
            CORE_MAY_USE.contains(&name.as_str()),
            "engine/core/Cargo.toml: `{name}`: the core is pure; what has a clock, IO, threads or chance in it stays outside"
        );
    }
    let sample = "[package]\nname = \"x\"\n[dependencies]\ntokio.workspace = true\nrand = \"1\"\n[dev-dependencies]\nproptest = \"1\"\n";
    assert_eq!(dependencies(sample), ["tokio", "rand"]);
}

#[test]
fn each_dependency_has_its_reason_in_the_readme() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let dev = manifest
        .replace("[dependencies]", "")
        .replace("[dev-dependencies]", "[dependencies]");
    let mut used = dependencies(&manifest);
    used.extend(dependencies(&dev));
    used.extend(CORE_MAY_USE.map(str::to_owned));
    let used: BTreeSet<String> = used
        .into_iter()
        .filter(|name| name != "forloeb-core")
        .collect();
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let told: BTreeSet<String> = readme
        .split("](https://crates.io/crates/")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
        .map(str::to_owned)
        .collect();
    assert_eq!(
        used, told,
        "the table of README.md and the dependencies of the Cargo.toml files"
    );
}

/// The names that the shipped programme declares: its processes, and what is named by several words. A single word, such as
/// `closed`, is anybody's.
fn declared() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let loaded = load(&read_folder(root()).unwrap());
    for (process, ready) in &loaded.plans {
        let plan = &ready.plan;
        names.insert(process.to_string());
        names.extend(plan.roles.keys().map(ToString::to_string));
        names.extend(plan.settings.keys().map(ToString::to_string));
        names.extend(plan.facts.keys().map(ToString::to_string));
        names.extend(plan.links.keys().map(ToString::to_string));
        names.extend(plan.events.keys().map(ToString::to_string));
        names.extend(plan.tracks.keys().map(ToString::to_string));
        names.extend(plan.outcomes.keys().map(ToString::to_string));
        for track in plan.tracks.values() {
            names.extend(track.stages.keys().map(ToString::to_string));
        }
    }
    let processes: Vec<String> = loaded.plans.keys().map(ToString::to_string).collect();
    names.retain(|name| name.contains('_') || processes.contains(name));
    names
}

/// A word of the programme in a line, comments included: they are read as examples.
fn of_the_programme(line: &str, declared: &BTreeSet<String>) -> Option<String> {
    let line = line.to_lowercase();
    let words = line.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
    let told = |word: &&str| {
        let begins = |part: &str| OF_THE_PROGRAMME.iter().any(|known| part.starts_with(known));
        declared.contains(*word) || word.split('_').any(begins)
    };
    let mut words = words.filter(|word| !word.is_empty());
    words.find(told).map(str::to_owned)
}

#[test]
fn no_word_of_the_shipped_programme_stands_in_the_engine() {
    let declared = declared();
    let mut wrong = Vec::new();
    let engine = rust_files("engine").into_iter();
    for (file, text) in engine.filter(|(file, _)| in_engine(file)) {
        for (at, line) in text.lines().enumerate() {
            if let Some(word) = of_the_programme(line, &declared) {
                wrong.push(format!(
                    "{file}:{}: `{word}` is a word of processes/: the engine is generic; say it in YAML, or take an example from elsewhere",
                    at + 1
                ));
            }
        }
    }
    fail_with(&wrong);
}

#[test]
fn words_of_the_programme_are_known() {
    let declared = declared();
    for line in [
        "if event == \"wish_stated\" {",
        "let companies = 3;",
        "// the nextwork case",
    ] {
        assert!(of_the_programme(line, &declared).is_some(), "{line}");
    }
    for line in [
        "EndOnClosed::NextWorkingDay",
        "let name = group.name;",
        "Kind::InvalidColonPlacement",
    ] {
        assert_eq!(of_the_programme(line, &declared), None, "{line}");
    }
    let programme: String = ["nextwork", "company", "peer_group"]
        .map(|name| fs::read_to_string(root().join(format!("processes/{name}.yaml"))).unwrap())
        .concat();
    for begins in OF_THE_PROGRAMME {
        assert!(programme.contains(begins), "nothing begins with {begins}");
    }
}

#[test]
fn each_file_says_first_what_it_owns() {
    let files = [rust_files("engine"), rust_files("tests")].concat();
    let silent = files
        .iter()
        .filter(|(_, text)| !text.starts_with("//! "))
        .map(|(file, _)| {
            format!("{file}:1: it opens with `//!`: what it owns, and what it never does")
        });
    fail_with(&silent.collect::<Vec<_>>());
    assert!(files.len() > 150, "{} files", files.len());
}

/// The mark of unfinished work in a line, as a word of its own.
fn mark(line: &str) -> Option<&'static str> {
    let words: Vec<&str> = line
        .split(|letter: char| !letter.is_alphanumeric())
        .collect();
    MARKS.into_iter().find(|mark| words.contains(mark))
}

#[test]
fn nothing_is_left_for_later() {
    let mut wrong = Vec::new();
    for (file, text) in [rust_files("engine"), rust_files("tests")].concat() {
        if file == "tests/layers.rs" {
            continue;
        }
        for (at, line) in text.lines().enumerate() {
            if let Some(mark) = mark(line) {
                wrong.push(format!(
                    "{file}:{}: `{mark}`: do it, or make an issue of it",
                    at + 1
                ));
            }
        }
    }
    fail_with(&wrong);
    assert_eq!(mark("// TODO: later"), Some("TODO"));
    assert_eq!(mark("const TODOS: u8 = 1;"), None);
}

#[test]
fn long_files_are_one_thing() {
    let mut wrong = Vec::new();
    let files = rust_files("engine");
    for (file, text) in &files {
        let lines = text.lines().count();
        let known = LONGER.iter().any(|(known, _)| known == file);
        if lines > MOST_LINES && !known {
            wrong.push(format!(
                "{file}: {lines} lines: does it hold two things? Split it, or say in tests/layers.rs why it is one"
            ));
        }
        if lines <= MOST_LINES && known {
            wrong.push(format!(
                "{file}: {lines} lines: take it out of the list in tests/layers.rs"
            ));
        }
    }
    fail_with(&wrong);
    for (file, why) in LONGER {
        assert!(files.iter().any(|(known, _)| known == file), "{file}");
        assert!(!why.is_empty());
    }
}

#[test]
fn the_map_names_every_room() {
    let map = fs::read_to_string(root().join("engine/README.md")).unwrap();
    for folder in ["engine/core/src", "engine/src"] {
        for entry in fs::read_dir(root().join(folder)).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            let room = match entry.path().is_dir() {
                true => format!("{name}/`"),
                false => format!("{name}`"),
            };
            let door = ["lib.rs", "main.rs"].contains(&name.as_str());
            assert!(
                door || map.contains(&room),
                "{folder}/{name} is not on the map in engine/README.md"
            );
        }
    }
    let places = map.split('`').skip(1).step_by(2);
    let files = places.filter(|place| place.ends_with(".rs") || place.ends_with('/'));
    let known: Vec<String> = [rust_files("engine"), rust_files("tests")]
        .concat()
        .into_iter()
        .map(|(file, _)| format!("/{file}"))
        .collect();
    for place in files {
        let stands = |file: &String| match place.ends_with('/') {
            true => file.contains(&format!("/{place}")),
            false => file.ends_with(&format!("/{place}")),
        };
        assert!(
            known.iter().any(stands),
            "engine/README.md speaks of {place}, which is not there"
        );
    }
}

#[test]
fn the_top_level_holds_what_the_map_says() {
    let entries = fs::read_dir(root()).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    // What `.gitignore` names is nobody's: what cargo builds, and the demo of the README.
    let ignored = |name: &str| name == "target" || name == "demo" || name.contains(".db");
    let here: BTreeSet<String> = names
        .filter(|name| !name.starts_with('.') && !ignored(name))
        .collect();
    let map: BTreeSet<String> = TOP.map(str::to_owned).into();
    assert_eq!(
        here, map,
        "a newcomer reads the top level first: keep it as short as it is"
    );
}
