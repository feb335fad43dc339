//! Findings: what rules and rungs say now, compared with what is open.

use super::tale::{Tale, WALKER, local, walk, walk_with};
use forloeb_core::input::Input;

const LIFE: &str = r#"
  weighed: { by: [walker], with: { weight: { type: whole, min: 0, max: 30 } }, sets: { weight: weight } }
  called:  { by: [walker] }
facts: { weight: whole }
settings:
  heavy: [{ value: 20, valid_to: 2026-03-09 }, { value: 15, valid_from: 2026-03-10 }]
tasks:
  help: { role: boss, due: 1 day }
tracks:
  way: { starts_in: walking, stages: { walking: {} } }
rules: [judge.load]
"#;

const LOAD: &str = r#"
/// The load.
fn load(it) {
    let weight = it.facts.weight;
    if weight == () { return; }
    if weight > it.settings.heavy { nudge("walker", "heavy", #{ weight: weight }); }
    if weight > 25 { escalate("boss", "heavy", #{ weight: weight }); raise("help"); }
    if weight < 5 { nudge("guide", "worry", #{ about: "food" }); nudge("guide", "worry", #{ about: "water" }); }
    if weight < 3 { nudge("guide", "worry", #{ about: "food" }); escalate("boss", "worry", #{ about: "water" }); }
    if weight == 7 { let none = weight / (weight - 7); }
}
"#;

/// Weighs, and reads that this was recorded.
fn load(tale: &mut Tale, weight: &str) {
    tale.skip()
        .event_with("weighed", &[("weight", weight)])
        .reads_first(&format!(
            "03-02 09:00 reported weighed weight={weight}
         03-02 09:00 fact_set weight={weight}"
        ));
}

#[test]
fn a_finding_opens_changes_its_level_and_closes_by_itself() {
    let mut tale = walk_with(LIFE, &[("rules/judge.rhai", LOAD)]);
    load(&mut tale, "10");
    tale.reads("");
    load(&mut tale, "21");
    tale.reads("03-02 09:00 finding_opened heavy nudges walker weight=21");
    load(&mut tale, "22");
    tale.reads("03-02 09:00 finding_changed heavy nudges walker weight=22");
    load(&mut tale, "26");
    tale.reads(
        "03-02 09:00 finding_changed heavy escalates to walker and boss weight=26
         03-02 09:00 raise_began help for judge.load
         03-02 09:00 task_opened help for judge.load until 03-04 00:00",
    );
    load(&mut tale, "24");
    tale.reads(
        "03-02 09:00 finding_changed heavy nudges walker weight=24
         03-02 09:00 raise_ended help for judge.load",
    );
    load(&mut tale, "10");
    tale.reads("03-02 09:00 finding_closed heavy");
}

#[test]
fn findings_are_told_apart_by_rule_text_and_what_they_are_about() {
    let mut tale = walk_with(LIFE, &[("rules/judge.rhai", LOAD)]);
    load(&mut tale, "4");
    tale.reads(
        "03-02 09:00 finding_opened worry/food nudges guide
         03-02 09:00 finding_opened worry/water nudges guide",
    );
    load(&mut tale, "2");
    tale.reads("03-02 09:00 finding_changed worry/water escalates to guide and boss");
    load(&mut tale, "10");
    tale.reads(
        "03-02 09:00 finding_closed worry/food
         03-02 09:00 finding_closed worry/water",
    );
}

#[test]
fn a_finding_appears_at_the_instant_at_which_a_setting_changes() {
    let mut tale = walk_with(LIFE, &[("rules/judge.rhai", LOAD)]);
    load(&mut tale, "18");
    tale.at("03-20 09:00")
        .reads("03-10 00:00 finding_opened heavy nudges walker weight=18");
}

#[test]
fn who_took_on_a_nudge_has_not_taken_on_the_escalation_that_it_becomes() {
    let mut tale = walk_with(LIFE, &[("rules/judge.rhai", LOAD)]);
    load(&mut tale, "21");
    let late = tale.finding("heavy");
    let because = "talked".to_owned();
    let until = local("03-05 09:00");
    tale.skip()
        .give(
            WALKER,
            Input::Acknowledge {
                finding: late.clone(),
                because: because.clone(),
            },
        )
        .give(
            WALKER,
            Input::Snooze {
                finding: late.clone(),
                until,
                because,
            },
        )
        .reads(
            "03-02 09:00 finding_acknowledged heavy
             03-02 09:00 finding_snoozed heavy until 03-05 09:00",
        );
    let taken_on = |tale: &Tale| {
        let findings = &tale.world.cases[WALKER].case.findings;
        let late = findings.values().next().unwrap();
        (late.acknowledged.is_some(), late.snoozed_until.is_some())
    };
    load(&mut tale, "22");
    assert_eq!(
        taken_on(&tale),
        (true, true),
        "it says another number, no more"
    );
    load(&mut tale, "26");
    assert_eq!(taken_on(&tale), (false, false), "it became an escalation");
    let empty = Input::Acknowledge {
        finding: late,
        because: " ".to_owned(),
    };
    assert_eq!(tale.refused(WALKER, empty), "a reason is needed");
}

#[test]
fn a_task_is_raised_once_while_it_is_asked_for_and_anew_when_it_is_asked_for_again() {
    let mut tale = walk_with(LIFE, &[("rules/judge.rhai", LOAD)]);
    load(&mut tale, "26");
    tale.by("boss").done("help", &[]);
    load(&mut tale, "27");
    tale.reads("03-02 09:00 finding_changed heavy escalates to walker and boss weight=27");
    load(&mut tale, "10");
    load(&mut tale, "26");
    tale.reads(
        "03-02 09:00 finding_opened heavy escalates to walker and boss weight=26
         03-02 09:00 raise_began help for judge.load
         03-02 09:00 task_opened help for judge.load until 03-04 00:00",
    );
    // It is still open when it is asked for once more: one is enough.
    load(&mut tale, "10");
    load(&mut tale, "26");
    tale.reads(
        "03-02 09:00 finding_opened heavy escalates to walker and boss weight=26
         03-02 09:00 raise_began help for judge.load",
    );
}

#[test]
fn a_rule_that_fails_is_an_entry_and_a_finding_and_the_case_goes_on() {
    let mut tale = walk_with(LIFE, &[("rules/judge.rhai", LOAD)]);
    load(&mut tale, "21");
    load(&mut tale, "7");
    // What it found before is neither confirmed nor denied.
    tale.reads(
        "03-02 09:00 rule_failed judge.load
         03-02 09:00 finding_opened rule_failed escalates to boss rule=judge.load",
    );
    let failed = tale.entry("03-02 09:00 rule_failed judge.load");
    assert_eq!(
        failed.ground.as_ref().unwrap().to_string(),
        "rules/judge.rhai:10:40"
    );
    tale.event("called").reads("03-02 09:00 reported called");
    load(&mut tale, "10");
    tale.reads(
        "03-02 09:00 finding_closed heavy
         03-02 09:00 finding_closed rule_failed",
    );
}

#[test]
fn a_rule_is_asked_again_at_the_horizon_of_its_questions_and_not_before() {
    let calls = r#"
/// Calls.
fn calls(it) {
    let last = it.last("called");
    if last == () { return; }
    if older(last.at, "3 working days") { nudge("guide", "late"); }
    if it.count("called", "36 hours") >= 2 { nudge("guide", "worry"); }
}
"#;
    let life = LIFE.replace("judge.load", "judge.calls");
    let mut tale = walk_with(&life, &[("rules/judge.rhai", calls)]);
    tale.at("03-05 20:00").event("called");
    tale.skip().at("03-06 06:00").event("called").reads(
        "03-06 06:00 reported called
         03-06 06:00 finding_opened worry nudges guide",
    );
    assert_eq!(tale.wakes_at().as_deref(), Some("03-07 08:00"));
    tale.at("03-20 09:00").reads(
        "03-07 08:00 finding_closed worry
         03-12 00:00 finding_opened late nudges guide",
    );
    assert_eq!(tale.wakes_at(), None);
}

#[test]
fn rules_of_a_stage_are_asked_in_it_only() {
    let life = r#"
  turned: { by: [walker] }
tracks:
  way:
    starts_in: here
    stages:
      here:  { rules: [judge.here], leave: [{ to: there, when: { event: turned } }] }
      there: { leave: [{ to: here, when: { event: turned } }] }
"#;
    let here = "/// Here.\nfn here(it) { nudge(\"guide\", \"near\"); }\n";
    walk_with(life, &[("rules/judge.rhai", here)])
        .reads(
            "03-02 09:00 started
             03-02 09:00 stage_entered here
             03-02 09:00 finding_opened near nudges guide",
        )
        .event("turned")
        .reads(
            "03-02 09:00 reported turned
             03-02 09:00 stage_entered there
             03-02 09:00 finding_closed near",
        );
}

#[test]
fn a_condition_that_a_rule_answers_is_asked_at_its_horizon_too() {
    let life = r#"
  called: { by: [walker] }
tracks:
  way:
    starts_in: here
    stages:
      here:  { leave: [{ to: there, when: { rule: judge.waited } }] }
      there: {}
"#;
    let waited =
        "/// Waited.\nfn waited(it) { [older(it.started, \"10 hours\"), \"it is late\"] }\n";
    walk_with(life, &[("rules/judge.rhai", waited)])
        .skip()
        .at("03-03 09:00")
        .reads("03-02 19:00 stage_entered there");
}

#[test]
fn tasks_are_flagged_when_their_last_day_is_over() {
    let life = r#"
  called: { by: [walker] }
tracks:
  way:
    starts_in: here
    stages:
      here:
        tasks:
          days:    { role: walker, due: 2 days }
          working: { role: walker, due: 5 working days }
          hours:   { role: walker, due: 12 hours }
          today:   { role: walker, due: same day, done_when: { event: called } }
          open:    { role: walker }
"#;
    walk(life).skip().event("called").at("04-01 09:00").reads(
        "03-02 09:00 reported called
         03-02 09:00 task_done today
         03-02 21:00 task_overdue hours
         03-05 00:00 task_overdue days
         03-10 00:00 task_overdue working",
    );
}
