//! Nothing of one tenant in another's output: a canary in one of them, and every command that there is as the other. A command without a
//! line here fails the test.

use super::bench::{Answer, Bench};
use clap::CommandFactory;
use forloeb::commands::Cli;
use std::{
    fs,
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

/// Stands in everything that the first tenant has, in whatever manner it is written.
const CANARY: &str = "kanarie";

const FILE: &str = "
[tenants.birds]
title = \"Kanariernes Kommune\"
[tenants.fish]
title = \"Fiskenes Kommune\"
";

/// Two tenants of the small programme. The fish have a swimmer and a pool, and so may the birds, with the same ids and others.
fn two(birds: bool) -> Bench {
    let bench = Bench::small();
    fs::write(bench.path().join("forloeb.toml"), FILE).unwrap();
    bench.says(&["activate"]);
    let begin = |tenant: &str, name: &str, id: &str| {
        let pool = format!("h-{id}");
        let swimmer = format!("s-{id}");
        let says = |words: &[&str]| bench.says(&[words, &["--tenant", tenant]].concat());
        let start = ["case", "start"];
        says(
            &[
                &start[..],
                &["pool", "--id", &pool, "--set", &format!("name={name}s Bad")],
            ]
            .concat(),
        );
        says(
            &[
                &start[..],
                &[
                    "swimming",
                    "--id",
                    &swimmer,
                    "--set",
                    &format!("name={name} Vand"),
                ],
            ]
            .concat(),
        );
        says(&["case", "link", &swimmer, "pool", &pool]);
    };
    if birds {
        begin("birds", "Kanarie", "1");
        begin("birds", "Kanarie", "kanarie");
        let key = [
            "case",
            "event",
            "s-1",
            "weighed",
            "--by",
            "nurse:Zelda Kanarie",
        ];
        let with = [
            "--with",
            "weight=77.5",
            "--with",
            "health=kanarie-helbred",
            "--key",
            "kanarie-key",
        ];
        let birds = ["--tenant", "birds"];
        bench.says(&[&key[..], &with, &birds].concat());
        let hold = [
            "case",
            "hold",
            "s-kanarie",
            "--because",
            "kanarie-grund",
            "--by",
            "teacher:Zelda Kanarie",
        ];
        bench.says(&[&hold[..], &birds].concat());
        bench.says(
            &[
                &["case", "show", "s-1", "--as", "nurse:Zelda Kanarie"][..],
                &birds,
            ]
            .concat(),
        );
    }
    begin("fish", "Bo", "1");
    // Another version, to which nobody has gone over yet.
    let file = bench.path().join("processes/swimming.yaml");
    let process = fs::read_to_string(&file).unwrap();
    let edited = process.replace(
        "first_length_within: 2 weeks",
        "first_length_within: 15 days",
    );
    assert_ne!(process, edited);
    fs::write(file, edited).unwrap();
    bench
}

/// What is typed of each command, in this order: the later ones come upon what the earlier ones did.
fn uses() -> Vec<(&'static str, Vec<Vec<&'static str>>)> {
    let reason = ["--because", "vi ringer"];
    vec![
        ("activate", vec![vec![]]),
        ("config", vec![vec![]]),
        (
            "check",
            vec![vec![], vec!["--rules"], vec!["."], vec!["--reference"]],
        ),
        (
            "case start",
            vec![
                vec!["swimming"],
                vec!["swimming", "--key", "kanarie-key"],
                vec![
                    "swimming",
                    "--id",
                    "s-2",
                    "--set",
                    "name=Ida Vand",
                    "--by",
                    "teacher:Per Lund",
                ],
                vec!["swimming", "--id", "s-1"],
            ],
        ),
        (
            "case list",
            vec![
                vec![],
                vec!["--all"],
                vec!["--overdue"],
                vec!["--process", "swimming"],
            ],
        ),
        (
            "case show",
            vec![
                vec!["s-1"],
                vec!["h-1"],
                vec!["s-kanarie"],
                vec!["s-kanari"],
            ],
        ),
        (
            "case event",
            vec![
                vec![
                    "s-1",
                    "weighed",
                    "--by",
                    "nurse",
                    "--with",
                    "weight=70",
                    "--with",
                    "health=rask",
                    "--key",
                    "kanarie-key",
                ],
                vec!["s-kanarie", "passed", "--by", "teacher"],
                vec![
                    "s-1",
                    "moved_pool",
                    "--by",
                    "teacher",
                    "--with",
                    "pool=h-kanarie",
                ],
            ],
        ),
        (
            "case link",
            vec![
                vec!["s-2", "pool", "h-1"],
                vec!["s-1", "friends", "s-2"],
                vec!["s-1", "friends", "s-kanarie"],
                vec!["s-kanarie", "pool", "h-1"],
            ],
        ),
        (
            "case hold",
            vec![
                [&["s-2"], &reason[..]].concat(),
                [&["s-kanarie"], &reason[..]].concat(),
            ],
        ),
        ("case resume", vec![vec!["s-2"], vec!["s-kanarie"]]),
        (
            "migrate",
            vec![
                vec!["swimming", "--preview"],
                [&["swimming", "--by", "teacher:Per Lund"], &reason[..]].concat(),
                [&["swimming", "--undo", "--by", "teacher"], &reason[..]].concat(),
                [&["swimming", "--by", "teacher"], &reason[..]].concat(),
            ],
        ),
        (
            "case correct",
            vec![
                [&["s-1", "7", "--by", "nurse"], &reason[..]].concat(),
                [&["s-1", "8", "--by", "nurse"], &reason[..]].concat(),
                [&["s-kanarie", "7", "--by", "nurse"], &reason[..]].concat(),
            ],
        ),
        ("case reads", vec![vec!["s-1"], vec!["s-kanarie"]]),
        (
            "task list",
            vec![
                vec![],
                vec!["--role", "teacher"],
                vec!["--case", "s-kanarie"],
            ],
        ),
        (
            "task done",
            vec![
                vec!["s-1/first_talk", "--by", "teacher:Per Lund"],
                vec!["s-kanarie/first_talk", "--by", "teacher"],
            ],
        ),
        ("clock", vec![vec![]]),
        ("clock advance", vec![vec!["16 days"]]),
        ("clock set", vec![vec!["2026-11-02"]]),
        ("tick", vec![vec![]]),
        (
            "finding list",
            vec![
                vec![],
                vec!["--all"],
                vec!["--case", "s-kanarie"],
                vec!["--to", "teacher"],
            ],
        ),
        (
            "finding ack",
            vec![
                [&["s-1/length_overdue"], &reason[..]].concat(),
                [&["s-kanarie/length_overdue"], &reason[..]].concat(),
            ],
        ),
        (
            "finding snooze",
            vec![
                [&["s-2/length_overdue"], &reason[..]].concat(),
                [&["s-kanarie/length_overdue"], &reason[..]].concat(),
            ],
        ),
        (
            "explain",
            vec![
                vec!["s-1"],
                vec!["s-1", "first_length"],
                vec!["s-1", "--why-not", "deep"],
                vec!["s-kanarie"],
            ],
        ),
        ("history", vec![vec!["s-1"], vec!["h-1"], vec!["s-kanarie"]]),
        ("apply", vec![vec!["-"]]),
        ("calendar", vec![vec!["town"], vec!["nowhere"]]),
        ("overlay list", vec![vec![]]),
        ("overlay show", vec![vec!["nothing"]]),
        (
            "diff",
            vec![
                vec!["swimming"],
                vec!["active:swimming", "process:swimming"],
                vec!["nothing"],
                vec!["version:0000"],
            ],
        ),
        ("doctor", vec![vec![]]),
        ("completions", vec![vec!["bash"]]),
        ("run", vec![vec![]]),
        ("init", vec![vec!["another"]]),
        ("demo", vec![vec!["a-demo"]]),
    ]
}

/// Inputs in bulk, with a clock that moves for all and a case that only the birds have.
const LINES: &str = r#"{"start":"swimming","key":"kanarie-key-2"}
{"case":"s-kanarie","event":"passed","by":"teacher"}
{"advance":"3 days"}
{"case":"s-1","event":"gave_up","by":"swimmer","key":"kanarie-key"}
"#;

/// The words of every command that can be typed.
fn every_command() -> Vec<String> {
    fn below(command: &clap::Command, words: &str, all: &mut Vec<String>) {
        for sub in command
            .get_subcommands()
            .filter(|sub| sub.get_name() != "help")
        {
            let words = format!("{words} {}", sub.get_name()).trim().to_owned();
            if !sub.is_subcommand_required_set() {
                all.push(words.clone());
            }
            below(sub, &words, all);
        }
    }
    let mut root = Cli::command();
    root.build();
    let mut all = Vec::new();
    below(&root, "", &mut all);
    all
}

#[test]
fn every_command_has_a_line_here() {
    let mut known: Vec<String> = uses()
        .iter()
        .map(|(command, _)| (*command).to_owned())
        .collect();
    let mut all = every_command();
    known.sort();
    all.sort();
    assert_eq!(
        known, all,
        "each command is tried as another tenant: add a line to `uses`"
    );
}

/// Types a command as the fish.
fn as_fish(bench: &Bench, command: &str, rest: &[&str], language: &str, json: bool) -> Answer {
    let mut words: Vec<&str> = command.split(' ').collect();
    words.extend(rest);
    words.extend(["--lang", language]);
    words.extend(json.then_some("--json"));
    match command {
        "run" => daemon(bench, &words),
        // They make a database of their own, which has no such tenant yet.
        "init" | "demo" => bench.types(&words),
        _ => {
            words.extend(["--tenant", "fish"]);
            bench.with_input(&words, LINES.as_bytes())
        }
    }
}

/// Runs the daemon for the fish until it keeps promises, and ends it.
fn daemon(bench: &Bench, words: &[&str]) -> Answer {
    let mut child = Command::new(env!("CARGO_BIN_EXE_forloeb"))
        .args(words)
        .args(["--tenant", "fish", "--poll", "0.02"])
        .current_dir(bench.path())
        .env_clear()
        .env("FORLOEB_LOG", "forloeb=trace")
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut log = BufReader::new(child.stderr.take().unwrap());
    let mut err = String::new();
    while !err.contains("keeping promises") {
        assert_ne!(log.read_line(&mut err).unwrap(), 0, "{err}");
    }
    let id = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .unwrap()
            .success()
    );
    while log.read_line(&mut err).unwrap() > 0 {}
    let code = child.wait().unwrap().code().unwrap();
    // What it logs begins with the time at which it did.
    Answer {
        out: String::new(),
        err: err.replace("2026", ""),
        code,
    }
}

#[test]
fn nothing_of_one_tenant_is_told_to_another() {
    for (language, json) in [("da", false), ("en", true)] {
        let (beside, alone) = (two(true), two(false));
        for (command, all) in uses() {
            // It has a database of its own, and takes long.
            if command == "demo" && (language, json) != ("da", false) {
                continue;
            }
            for rest in all {
                let told = as_fish(&beside, command, &rest, language, json);
                let same = as_fish(&alone, command, &rest, language, json);
                let what = format!("{command} {rest:?} in {language}, JSON: {json}");
                // Who types a name reads it in the answer.
                let typed = rest.iter().any(|word| word.contains(CANARY)) || command == "apply";
                for text in [&told.out, &told.err] {
                    let text = text.to_lowercase();
                    let text = match typed {
                        true => text
                            .replace("s-kanarie", "")
                            .replace("h-kanarie", "")
                            .replace("kanarie-key", ""),
                        false => text,
                    };
                    assert!(
                        !text.contains(CANARY),
                        "{what} tells of another tenant:\n{text}"
                    );
                }
                assert_eq!(told.code, same.code, "{what}\n{}", told.err);
                if command != "run" {
                    assert_eq!(told.out, same.out, "{what}");
                    assert_eq!(told.err, same.err, "{what}");
                }
            }
        }
    }
}

/// What another tenant has is refused in the very words in which something is refused that nobody has.
#[test]
fn what_another_tenant_has_is_not_there() {
    let bench = two(true);
    let mut tried = 0;
    for (command, all) in uses() {
        for rest in all {
            let Some(place) = rest.iter().position(|word| word.contains("-kanarie")) else {
                continue;
            };
            if rest[place] == "kanarie-key" {
                continue;
            }
            let invented = rest[place].replace("-kanarie", "-invente");
            let mut other = rest.clone();
            other[place] = &invented;
            let real = as_fish(&bench, command, &rest, "en", false);
            let none = as_fish(&bench, command, &other, "en", false);
            assert_ne!(real.code, 0, "{command} {rest:?}: {}", real.out);
            assert_eq!(
                real.err.replace("-kanarie", "-invente"),
                none.err,
                "{command} {rest:?}"
            );
            assert_eq!(real.out, none.out);
            tried += 1;
        }
    }
    assert!(tried > 10, "{tried}");
}

#[test]
fn the_same_ids_live_side_by_side() {
    let bench = two(true);
    let fish = bench.says(&["case", "show", "s-1", "--tenant", "fish"]);
    let birds = bench.says(&["case", "show", "s-1", "--tenant", "birds"]);
    assert!(
        fish.contains("Bo Vand") && birds.contains("Kanarie Vand"),
        "{fish}{birds}"
    );
    bench.says(&[
        "case", "event", "s-1", "gave_up", "--by", "swimmer", "--tenant", "fish",
    ]);
    let list = bench.says(&["case", "list", "--tenant", "birds"]);
    assert!(list.contains("s-1") && list.contains("s-kanarie"), "{list}");
    assert!(
        !bench
            .says(&["case", "list", "--tenant", "fish"])
            .contains("s-1")
    );
    bench.says(&["doctor"]);
}

/// The whole database's clock goes through all tenants in the order of what is due, and each is told at its own instant.
#[test]
fn a_clock_that_moves_takes_all_tenants_along() {
    let bench = two(true);
    // Whose turn it is to be told does not matter: all come along.
    bench.says(&["clock", "advance", "5 days", "--tenant", "fish"]);
    let says = bench.says(&["clock", "advance", "15 days", "--json"]);
    let all: serde_json::Value = serde_json::from_str(&says).unwrap();
    for tenant in ["birds", "fish"] {
        let told = all[tenant]["told"].as_array().unwrap();
        let changes = told
            .iter()
            .flat_map(|case| case["entries"].as_array().unwrap());
        let mut count = 0;
        for change in changes {
            assert_eq!(change["at"], change["recorded"], "{tenant}: {change}");
            count += 1;
        }
        assert!(count >= 4, "{tenant}: {says}");
    }
    let early = bench.says(&["history", "s-1", "--tenant", "birds"]);
    assert!(early.contains("Friday 9 October 2026"), "{early}");
    let clock: serde_json::Value = serde_json::from_str(&bench.says(&["clock", "--json"])).unwrap();
    assert_eq!(clock["birds"]["now"], clock["fish"]["now"]);
    bench.says(&["doctor"]);
}

/// The rules that look over a whole network look no further than its tenant: both have the same network, with the same ids; in one of
/// them, the young people wait, and then all begin in the same company.
#[test]
fn rules_over_a_network_stay_within_a_tenant() {
    const COMPANIES: [&str; 3] = ["c-1", "c-2", "c-3"];
    let bench = Bench::shipped();
    let file = "[tenants.roskilde]\n[tenants.fredericia]\n";
    fs::write(bench.path().join("forloeb.toml"), file).unwrap();
    bench.says(&["activate"]);
    let apply = |tenant: &str, lines: &[String]| {
        let lines = lines.join("\n");
        let answer = bench.with_input(&["apply", "-", "--tenant", tenant], lines.as_bytes());
        assert_eq!(answer.code, 0, "{}{}", answer.out, answer.err);
    };
    let mut network = vec![
        r#"{"start":"network","id":"n-1","set":{"name":"Netværket"}}"#.to_owned(),
        r#"{"start":"peer_group","id":"g-1","set":{"name":"Gruppen"}}"#.to_owned(),
    ];
    for id in COMPANIES {
        network.push(format!(
            r#"{{"start":"company","id":"{id}","set":{{"name":"Firma {id}"}}}}"#
        ));
        network.push(format!(r#"{{"case":"{id}","event":"joined_network","by":"entrepreneur","with":{{"places":1}}}}"#));
        network.push(format!(
            r#"{{"case":"n-1","link":"companies","to":"{id}","by":"entrepreneur"}}"#
        ));
    }
    let (mut wait, mut begin) = (Vec::new(), Vec::new());
    for number in 1..=5 {
        network.push(format!(
            r#"{{"start":"nextwork","id":"p-{number}","set":{{"name":"Ung {number}"}}}}"#
        ));
        network.push(format!(
            r#"{{"case":"p-{number}","link":"group","to":"g-1","by":"consultant"}}"#
        ));
        network.push(format!(
            r#"{{"case":"n-1","link":"young_people","to":"p-{number}","by":"project_leader"}}"#
        ));
        for id in COMPANIES {
            wait.push(format!(r#"{{"case":"p-{number}","event":"company_met","by":"participant","with":{{"company":"{id}"}}}}"#));
        }
        begin.push(format!(r#"{{"case":"p-{number}","event":"wish_stated","by":"participant","with":{{"company":"c-1","why":"Jeg vil"}}}}"#));
        begin.push(format!(r#"{{"case":"p-{number}","event":"placement_started","by":"participant","with":{{"company":"c-1"}}}}"#));
    }
    let stage = |tenant: &str| {
        let says = bench.says(&["case", "show", "n-1", "--json", "--tenant", tenant]);
        let page: serde_json::Value = serde_json::from_str(&says).unwrap();
        page["tracks"].to_string().contains("too_few_places")
    };
    let share = |tenant: &str| {
        let says = bench.says(&["finding", "list", "--case", "n-1", "--tenant", tenant]);
        says.contains("100 % of all placements")
    };
    apply("fredericia", &network);
    apply("roskilde", &network);
    apply("roskilde", &wait);
    assert_eq!((stage("roskilde"), stage("fredericia")), (true, false));
    apply("roskilde", &begin);
    assert_eq!((share("roskilde"), share("fredericia")), (true, false));
    bench.says(&["doctor"]);
}
