//! Linked cases: links are kept in step, events are told, and who reads wakes when what it reads changes.

use super::tale::{Tale, WALKER, nobody_walks, report};
use forloeb_core::input::Input;

const WALK: &str = r#"
  club_met: { told_by: club, with: { attendance: { type: choice, options: [there, away] } } }
  waved:    { by: walker, tell: { club: { event: saw_wave } } }
  spun:     { told_by: club, with: { round: yes_no }, sets: { round: round } }
facts: { round: yes_no }
links: { club: { to: club, inverse: members } }
tracks:
  way:
    starts_in: walking
    stages:
      walking: { leave: [{ to: turning, when: { fact: { round: yes } } }] }
      turning: { leave: [{ to: walking, when: { fact: { round: yes } } }] }
  mood:
    starts_in: merry
    stages:
      merry: { leave: [{ to: bored, when: { rule: judge.club_is_shut } }] }
      bored: {}
rules: [judge.club]
"#;

const CLUB: &str = r#"
process: club
title: Club
languages: [en]
calendar: town
roles: { head: {} }
links: { members: { to: walk, many: yes, inverse: club } }
events:
  met:
    by: head
    with: { attendance: { each: members, type: choice, options: [there, away] } }
    tell: { members: { event: club_met, with: { attendance: attendance } } }
  saw_wave: { told_by: walk }
  danced:
    by: head
    with: { round: { each: members, type: yes_no } }
    tell: { members: { event: spun, with: { round: round } } }
  shut:     { by: head }
tracks:
  life:
    starts_in: open
    stages:
      open: { leave: [{ to: quiet, when: { in_stage_for: 2 days } }] }
      quiet: {}
any_stage: { leave: [{ end: closed, when: { event: shut } }] }
outcomes: { closed: { result: other } }
"#;

const JUDGE: &str = r#"
/// Reads the club.
fn club(it) {
    let club = it.link("club");
    if club == () { return; }
    if club.in_stage("quiet") { nudge("guide", "worry"); }
    let met = club.last("met");
    if met != () && older(met.at, "4 hours") { nudge("guide", "late"); }
}

/// A condition that reads the club.
fn club_is_shut(it) {
    let club = it.link("club");
    club != () && club.ended
}
"#;

fn club() -> Tale {
    let files = [("processes/club.yaml", CLUB), ("rules/judge.rhai", JUDGE)];
    let mut tale = nobody_walks(WALK, &files);
    for walker in ["w", "v", "a"] {
        tale.start(walker, "walk");
    }
    tale.start("c", "club").start("d", "club");
    tale.skip();
    tale
}

#[test]
fn the_inverse_of_a_link_is_kept_in_step() {
    let mut tale = club();
    tale.link(WALKER, "club", "c")
        .reads("03-02 09:00 linked club c")
        .case_reads("c", "03-02 09:00 linked members w")
        .by("head")
        .link("d", "members", "w")
        .case_reads("d", "03-02 09:00 linked members w")
        .reads(
            "03-02 09:00 linked club d
             03-02 09:00 unlinked club c",
        )
        .case_reads("c", "03-02 09:00 unlinked members w")
        .unlink(WALKER, "club", "d")
        .reads("03-02 09:00 unlinked club d")
        .case_reads("d", "03-02 09:00 unlinked members w");
}

#[test]
fn a_case_cannot_be_linked_to_itself() {
    let buddies = WALK
        .replace(
            "links: {",
            "links: { buddy: { to: walk, inverse: buddy },",
        )
        .replace("  spun:", "  paired:   { by: walker, with: { buddy: { link: walk } }, sets: { buddy: buddy } }\n  spun:");
    let files = [("processes/club.yaml", CLUB), ("rules/judge.rhai", JUDGE)];
    let mut tale = nobody_walks(&buddies, &files);
    tale.start("w", "walk");
    let to_itself = Input::Link {
        link: "buddy".into(),
        to: "w".into(),
        from: None,
    };
    assert_eq!(
        tale.refused("w", to_itself),
        "`w` cannot be linked to itself"
    );
    assert_eq!(
        tale.refused("w", report("paired", &[("buddy", "w")], None)),
        "`buddy` of `paired` cannot be `w`"
    );
}

#[test]
fn an_event_is_recorded_once_and_told_to_each_member_with_their_own_attendance() {
    let mut tale = club();
    tale.by("head")
        .link("c", "members", "w")
        .by("head")
        .link("c", "members", "v")
        .by("head")
        .link("c", "members", "a")
        .skip()
        .by("head")
        .give(
            "c",
            report("met", &[("attendance", "w=there,a=away")], None),
        )
        .case_reads("c", "03-02 09:00 reported met attendance=a=away,w=there")
        .case_reads("w", "03-02 09:00 reported club_met attendance=there from c")
        .case_reads("a", "03-02 09:00 reported club_met attendance=away from c")
        .case_reads("v", "");
}

#[test]
fn a_closed_case_is_not_told_and_the_teller_says_so() {
    let mut tale = club();
    tale.link(WALKER, "club", "c")
        .by("head")
        .give("c", report("shut", &[], None))
        .skip()
        .event("waved")
        .case_reads("c", "")
        .reads(
            "03-02 09:00 reported waved
             03-02 09:00 not_told saw_wave to c",
        );
}

#[test]
fn a_condition_that_reads_a_linked_case_is_asked_when_it_changes() {
    let mut tale = club();
    tale.link(WALKER, "club", "c")
        .skip()
        .at("03-02 11:00")
        .by("head")
        .give("c", report("shut", &[], None))
        .reads("03-02 11:00 stage_entered bored");
}

#[test]
fn a_linked_case_that_changes_wakes_its_reader_at_the_very_instant() {
    let lines = "03-05 00:00 finding_opened worry nudges guide";
    for late in [false, true] {
        let mut tale = club();
        tale.link(WALKER, "club", "c").link("a", "club", "c").skip();
        match late {
            true => tale.late_at("03-20 09:00"),
            false => tale.at("03-20 09:00"),
        };
        tale.case_reads("c", "03-05 00:00 stage_entered quiet")
            .reads(lines)
            .case_reads("a", lines)
            .case_reads("v", "");
    }
}

#[test]
fn a_question_about_a_linked_case_has_its_horizon() {
    let mut tale = club();
    tale.link(WALKER, "club", "c")
        .by("head")
        .give("c", report("met", &[("attendance", "w=there")], None))
        .skip();
    assert_eq!(tale.wakes_at().as_deref(), Some("03-02 13:00"));
    tale.at("03-02 20:00")
        .reads("03-02 13:00 finding_opened late nudges guide");
    // The reader sees the club as it is: when the tie is cut, there is nothing to say.
    tale.unlink(WALKER, "club", "c").reads(
        "03-02 20:00 unlinked club c
         03-02 20:00 finding_closed late",
    );
}

#[test]
fn an_event_that_is_told_cannot_be_reported() {
    let mut tale = club();
    let told = report("club_met", &[("attendance", "there")], None);
    tale.refused(WALKER, told);
}

#[test]
fn a_tie_that_is_there_already_remembers_the_key_of_who_asked_for_it() {
    let mut tale = club();
    tale.link(WALKER, "club", "c")
        .skip()
        .key("again")
        .link(WALKER, "club", "c")
        .reads("03-02 09:00 linked club c")
        .case_reads("c", "")
        .unlink(WALKER, "club", "c")
        .skip()
        .key("again")
        .link(WALKER, "club", "c")
        .reads("");
}
