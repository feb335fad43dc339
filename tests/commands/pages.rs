//! Pages over the demo: none is wider than 80 characters, in either language, and the same in JSON is JSON.

use super::bench::Bench;

/// Cases of all processes, in many states: overdue, on hold, away, ended, a group and a company.
const CASES: [&str; 7] = ["p-05", "p-06", "p-09", "p-11", "p-16", "g-2", "c-lager"];

fn pages() -> Vec<Vec<&'static str>> {
    let mut pages = vec![
        vec!["case", "list", "--all"],
        vec!["case", "list", "--overdue"],
        vec!["task", "list"],
        vec!["task", "list", "--role", "consultant", "--overdue"],
        vec!["finding", "list", "--all"],
        vec![
            "finding",
            "list",
            "--to",
            "project_leader",
            "--level",
            "escalation",
        ],
        vec!["clock"],
        vec!["doctor"],
        vec!["check"],
        vec!["check", "--rules"],
        vec!["overlay", "list"],
        vec!["overlay", "show", "roskilde"],
        vec!["diff", "nextwork", "roskilde"],
        vec!["diff", "roskilde", "fjordby"],
        vec!["diff", "nextwork"],
        vec!["overlay", "show", "fjordby", "--changed"],
        vec!["calendar", "denmark", "--year", "2026"],
        vec![
            "calendar",
            "denmark",
            "--from",
            "2026-03-27",
            "--add",
            "10 working days",
        ],
        vec!["case", "reads", "p-06"],
        vec!["explain", "p-06", "placement_start"],
        vec![
            "explain",
            "p-06",
            "start_overdue",
            "--as-of",
            "2026-10-30 12:00",
        ],
        vec!["explain", "p-06", "--why-not", "placement"],
        vec!["explain", "p-06", "--why-not", "job"],
    ];
    for case in CASES {
        pages.extend([
            vec!["case", "show", case],
            vec!["explain", case],
            vec!["history", case],
        ]);
    }
    pages.push(vec!["clock", "advance", "1 week"]);
    pages
}

#[test]
fn no_page_is_wider_than_a_terminal() {
    for language in ["da", "en"] {
        let bench = Bench::demo();
        for page in pages() {
            let mut words = page.clone();
            words.extend(["--lang", language]);
            let answer = bench.types(&words);
            assert_eq!(answer.code, 0, "{words:?}: {}", answer.err);
            assert_eq!(answer.err, "", "{words:?}");
            for line in answer.out.lines() {
                assert!(line.chars().count() <= 80, "{words:?}: {line}");
                assert_eq!(line.trim_end(), line, "{words:?}");
                assert!(!line.contains('\u{a0}'), "{words:?}: {line}");
            }
        }
    }
}

#[test]
fn every_page_is_also_data() {
    let bench = Bench::demo();
    for page in pages() {
        let mut words = page.clone();
        words.push("--json");
        let said = bench.says(&words);
        let data: serde_json::Value = serde_json::from_str(&said).unwrap();
        assert!(data.is_object() || data.is_array(), "{words:?}");
        assert!(!said.contains('\u{a0}'), "{words:?}");
    }
}
