//! Whatever an input can hold can be typed, also a comma in a value that is given for each of several cases; and slips are told.

use super::bench::Bench;
use std::fs;

/// A pool where a note is taken of each swimmer.
fn pool() -> Bench {
    let bench = Bench::small();
    let file = bench.path().join("processes/pool.yaml");
    let notes = "  notes_taken:
    title: { da: Noteret, en: Notes taken }
    by: [teacher]
    with:
      notes: { each: swimmers, type: text, title: { da: Noter, en: Notes } }
";
    let process = fs::read_to_string(&file).unwrap();
    let process = process.replace("  was_closed:\n", &format!("{notes}  was_closed:\n"));
    fs::write(&file, process).unwrap();
    bench.says(&["case", "start", "pool", "--id", "h-1"]);
    for id in ["s-1", "s-2"] {
        bench.says(&["case", "start", "swimming", "--id", id]);
        bench.says(&["case", "link", id, "pool", "h-1"]);
    }
    bench
}

fn noted(notes: &str) -> [&str; 8] {
    [
        "case",
        "event",
        "h-1",
        "notes_taken",
        "--by",
        "teacher",
        "--with",
        notes,
    ]
}

#[test]
fn a_value_for_each_of_several_cases_may_have_a_comma() {
    let bench = pool();
    bench.says(&noted("notes=s-1=a=b,s-2=c"));
    bench.says(&noted(
        r#"notes={"s-1":"kom, men gik igen","s-2":"{ja}, \"s-1=nej\""}"#,
    ));
    let history = bench.says(&["history", "h-1"]);
    assert!(history.contains("Notes: s-1: a=b, s-2: c"), "{history}");
    assert!(
        history.contains("s-1: kom, men gik igen, s-2: {ja}, \"s-1=nej\""),
        "{history}"
    );
}

#[test]
fn what_cannot_be_read_says_how_to_type_it() {
    let bench = pool();
    for (notes, told) in [
        (
            "notes=s-1=kom, men gik,s-2=ja",
            r#"{"id":"value","id":"value"}"#,
        ),
        (r#"notes={"s-1":"kom""#, r#"{"id":"value","id":"value"}"#),
        ("notes=s-1=ja,s-1=nej", "`s-1` comes twice"),
        (r#"notes={"s-1":"ja","s-1":"nej"}"#, "`s-1` comes twice"),
        (r#"notes={"s-9":"ja"}"#, "`s-9` is not behind `swimmers`"),
    ] {
        let answer = bench.types(&noted(notes));
        assert_eq!(answer.code, 1, "{notes}: {}", answer.out);
        let one_line = answer.err.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(one_line.contains(told), "{notes}: {}", answer.err);
    }
}

/// What another case tells counts as it was taken in there, also where this one is much younger.
#[test]
fn an_event_may_be_a_year_older_than_the_case_that_it_is_reported_to() {
    let bench = pool();
    bench.says(&["clock", "advance", "24 months"]);
    bench.says(&["case", "start", "swimming", "--id", "s-3"]);
    bench.says(&["case", "link", "s-3", "pool", "h-1"]);
    let closed = |day| {
        bench.types(&[
            "case",
            "event",
            "h-1",
            "was_closed",
            "--by",
            "lifeguard",
            "--at",
            day,
        ])
    };
    assert_eq!(closed("2025-10-04").code, 1);
    let answer = closed("2025-10-05");
    assert_eq!(answer.code, 0, "{}", answer.err);
    assert!(answer.out.contains("s-3"), "{}", answer.out);
}
