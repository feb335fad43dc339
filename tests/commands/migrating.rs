//! What a new version may not do to a case unseen: promises ahead, names that become one, links, confidentiality, and the way back.

use super::bench::Bench;
use std::fs;

const PROCESS: &str = "
process: errand
title: Errand
languages: [en]
calendar: town
roles: { walker: {}, boss: {} }
facts:
  weight: { type: number, min: 0 }
links:
  buddy: { to: errand, inverse: buddy }
events:
  left:   { by: [walker], title: Has left }
  rested: { by: [walker], title: Has rested }
  came:   { by: [walker], title: Came back, with: { weight: { type: number, min: 0, optional: yes } }, sets: { weight: weight } }
  waved:  { by: [walker], tell: { buddy: { event: saw } } }
  saw:    { told_by: [errand] }
tasks:
  look: { role: boss, due: 1 day, title: Go and look }
tracks:
  way:
    starts_in: out
    stages:
      out:
        title: Out and about
        deadlines:
          back:
            title: Back again
            within: 1 week
            until: { event: came }
            escalate: [{ to: boss, say: late, raise: look }]
        leave:
          - { to: home, when: { event: came } }
      home: { title: At home }
recurring:
  call: { every: \"wednesday 09:00\", while_in: [out], task: { role: walker, due: 2 days, title: Call in } }
any_stage: { leave: [{ end: gone, when: { event: left, times: 9 } }] }
outcomes: { gone: { result: left } }
texts: { late: Where are they }
";

/// A folder with this process, and two cases of it.
fn errands() -> Bench {
    let bench = Bench::small();
    version(&bench, PROCESS);
    for id in ["e-1", "e-2"] {
        bench.says(&["case", "start", "errand", "--id", id]);
    }
    bench
}

fn version(bench: &Bench, text: &str) {
    fs::write(
        bench.path().join("processes/errand.yaml"),
        text.trim_start(),
    )
    .unwrap();
}

fn event(bench: &Bench, id: &str, event: &str, with: &[&str]) {
    let words = ["case", "event", id, event, "--by", "walker"];
    bench.says(&[&words[..], with].concat());
}

const WHO: [&str; 4] = ["--by", "boss", "--because", "so it is"];

fn migrate(bench: &Bench, more: &[&str]) -> String {
    let words: Vec<&str> = ["migrate", "errand"].iter().chain(more).copied().collect();
    let answer = bench.types(&words);
    format!("{}{}", answer.out, answer.err)
}

#[track_caller]
fn says(said: &str, what: &str) {
    assert!(said.contains(what), "no `{what}` in\n{said}");
}

fn clean(bench: &Bench) {
    bench.says(&["doctor"]);
}

/// Nothing of it shows in the state of a case yet, and each is a promise.
#[test]
fn promises_that_lie_ahead_are_told_and_never_adopted() {
    let otherwise = [
        (
            "{ to: boss, say: late, raise: look }",
            "{ to: boss, after: 3 weeks, say: late }",
            "Back again, from now on: Tue 3 Nov Escalation to boss",
        ),
        (
            "{ to: boss, say: late, raise: look }",
            "{ to: walker, say: late, raise: look }",
            "Back again, from now on: Tue 13 Oct Escalation to walker with the task “Go and",
        ),
        (
            "until: { event: came }",
            "until: { event: rested }",
            "What it asks or waits for is otherwise: Back again",
        ),
        (
            "wednesday 09:00",
            "friday 09:00",
            "Call in, next time: Wed 7 Oct 09:00 → Fri 9 Oct 09:00",
        ),
        (
            "due: 2 days, title: Call in",
            "due: 9 days, title: Call in",
            "What it asks each time is otherwise: Call in",
        ),
        (
            "{ to: home, when: { event: came } }",
            "{ to: home, when: { event: rested } }",
            "The tasks to come or the ways out are otherwise: Out and about",
        ),
        (
            "times: 9",
            "times: 1",
            "The ways out of every stage are otherwise",
        ),
    ];
    for (old, new, told) in otherwise {
        let bench = errands();
        let text = format!("{}adopt: when_safe\n", PROCESS.replace(old, new));
        assert!(text.contains(new));
        version(&bench, &text);
        says(&migrate(&bench, &["--preview"]), told);
        let activated = bench.says(&["activate"]);
        says(&activated, "the open cases stay");
    }
}

/// Of two events that become one, both have happened.
#[test]
fn names_that_become_one_keep_what_was_known() {
    let bench = errands();
    event(&bench, "e-1", "rested", &[]);
    event(&bench, "e-1", "left", &[]);
    let text = PROCESS
        .replace("  left:   { by: [walker], title: Has left }\n", "")
        .replace("  rested: {", "  paused: {")
        .replace(
            "event: left, times: 9",
            "event: paused, times: 2, ever: yes",
        );
    version(
        &bench,
        &format!("{text}renamed: {{ events: {{ left: paused, rested: paused }} }}\n"),
    );
    says(&migrate(&bench, &WHO), "2 open cases went over");
    says(&bench.says(&["case", "show", "e-1"]), "gone");
    clean(&bench);
}

#[test]
fn what_is_told_is_put_into_the_names_of_the_version_over_there() {
    let bench = errands();
    bench.says(&["case", "link", "e-1", "buddy", "e-2"]);
    event(&bench, "e-2", "came", &["--with", "weight=5"]);
    // What e-2 weighed does not fit any more: only e-1 goes over.
    let text = PROCESS
        .replace("  saw: ", "  seen:")
        .replace("event: saw", "event: seen")
        .replace(
            "  buddy: { to: errand, inverse: buddy }",
            "  friend: { to: errand, inverse: friend }",
        )
        .replace("tell: { buddy:", "tell: { friend:")
        .replace(
            "weight: { type: number, min: 0 }\n",
            "weight: { type: number, min: 9 }\n",
        )
        .replace(
            "weight: { type: number, min: 0, optional",
            "weight: { type: number, min: 9, optional",
        );
    version(
        &bench,
        &format!("{text}renamed: {{ events: {{ saw: seen }}, links: {{ buddy: friend }} }}\n"),
    );
    let done = migrate(&bench, &WHO);
    says(&done, "1 safe · 0 need a mapping · 1 blocked");
    says(&done, "Blocked: the value 5 of weight");
    event(&bench, "e-1", "waved", &[]);
    event(&bench, "e-2", "waved", &[]);
    bench.says(&["case", "link", "e-1", "friend", "e-2", "--remove"]);
    bench.says(&["case", "link", "e-2", "buddy", "e-1"]);
    says(&bench.says(&["case", "show", "e-1"]), "e-2");
    clean(&bench);
}

#[test]
fn links_and_confidentiality_are_looked_at_before_a_case_goes_over() {
    let bench = errands();
    bench.says(&["case", "link", "e-1", "buddy", "e-2"]);
    event(&bench, "e-1", "came", &["--with", "weight=5"]);
    let without = PROCESS
        .replace("links:\n  buddy: { to: errand, inverse: buddy }\n", "")
        .replace(", tell: { buddy: { event: saw } }", "")
        .replace("  saw:    { told_by: [errand] }\n", "");
    version(&bench, &without);
    says(&migrate(&bench, &["--preview"]), "2 need a mapping");
    let secret = PROCESS.replace(
        "weight: { type: number, min: 0 }\n",
        "weight: { type: number, min: 0, visible_to: [boss] }\n",
    );
    version(&bench, &secret);
    says(
        &migrate(&bench, &["--preview"]),
        "Blocked: whether weight is confidential has changed",
    );
    // Not even by way of a version that does not know it.
    let unknown = PROCESS
        .replace("facts:\n  weight: { type: number, min: 0 }\n", "")
        .replace(", sets: { weight: weight }", "");
    version(&bench, &unknown);
    says(&migrate(&bench, &WHO), "Not known any more: weight");
    version(&bench, &secret);
    says(
        &migrate(&bench, &["--preview"]),
        "Blocked: whether weight is confidential has changed",
    );
}

#[test]
fn a_link_that_made_way_comes_back_with_the_correction() {
    let bench = errands();
    bench.says(&["case", "start", "errand", "--id", "e-3"]);
    bench.says(&["case", "link", "e-1", "buddy", "e-2"]);
    bench.says(&["case", "link", "e-1", "buddy", "e-3"]);
    let history = bench.says(&["history", "e-1"]);
    let added = history
        .lines()
        .find(|line| line.contains("e-3 added"))
        .unwrap();
    let number = added.split_whitespace().next().unwrap();
    let words = ["case", "correct", "e-1", number];
    bench.says(&[&words[..], &WHO[..]].concat());
    says(&bench.says(&["case", "show", "e-1"]), "e-2");
    says(&bench.says(&["case", "show", "e-2"]), "e-1");
    assert!(!bench.says(&["case", "show", "e-3"]).contains("e-1"));
    clean(&bench);
}

#[test]
fn what_was_taken_back_stays_so_and_is_found_whatever_has_come_into_force_since() {
    let bench = errands();
    let weeks = PROCESS.replace("within: 1 week", "within: 2 weeks");
    version(&bench, &weeks);
    says(
        &migrate(&bench, &WHO),
        "Back again: Mon 12 Oct → Mon 19 Oct",
    );
    // The file is put back before anybody thinks of the cases.
    version(&bench, PROCESS);
    bench.says(&["activate"]);
    let undone = migrate(&bench, &["--undo", "--by", "boss", "--because", "no"]);
    says(&undone, "Back again: Mon 19 Oct → Mon 12 Oct");
    // What was taken back is not followed by itself.
    let worded = format!(
        "{}adopt: when_safe\n",
        PROCESS.replace("Where are they", "Where on earth are they")
    );
    version(&bench, &worded);
    says(&bench.says(&["activate"]), "its 2 open cases went over");
    migrate(&bench, &["--undo", "--by", "boss", "--because", "no"]);
    assert!(!bench.says(&["activate"]).contains("went over"));
    clean(&bench);
}

#[test]
fn a_step_that_is_taken_again_raises_its_task_again() {
    let bench = errands();
    bench.says(&["clock", "advance", "9 days"]);
    bench.says(&["task", "done", "e-1/look", "--by", "boss"]);
    version(
        &bench,
        &PROCESS.replace("within: 1 week", "within: 3 weeks"),
    );
    says(&migrate(&bench, &WHO), "Settled: Where are they");
    let page = bench.says(&["case", "show", "e-1"]);
    says(
        &page,
        "›  Tue 27 Oct  Escalation to boss, with the task “Go and look”",
    );
    bench.says(&["clock", "advance", "15 days"]);
    says(
        &bench.says(&["task", "list", "--case", "e-1"]),
        "Go and look",
    );
    clean(&bench);
}

#[test]
fn a_comment_moves_no_line_that_a_history_points_to() {
    let bench = errands();
    let worded = PROCESS.replace("Where are they", "Where on earth are they");
    version(&bench, &worded);
    bench.says(&["activate"]);
    version(
        &bench,
        &format!("# one\n# two\n# three\n{}", worded.trim_start()),
    );
    migrate(&bench, &WHO);
    bench.says(&["clock", "advance", "9 days"]);
    let why = bench.says(&["explain", "e-1", "back"]);
    assert!(
        !why.contains("│ texts") && !why.contains("│ outcomes"),
        "{why}"
    );
    says(&why, "│ back:");
}
