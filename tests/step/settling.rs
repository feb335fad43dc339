//! Recording the input, and settling until nothing changes.

use super::tale::{WALKER, in_role, report, walk};
use forloeb_core::{
    input::{Given, Input, Moment, Which},
    judge::Around,
    step::{Scene, step},
};
use std::sync::Arc;

const STEPS: &str = r#"
  stepped: { by: [walker, guide], with: { how: { type: text, optional: yes } } }
  rested:  { by: [walker] }
tracks:
  way:
    starts_in: packing
    stages:
      packing:
        tasks:
          pack: { role: walker, due: 1 day, done_when: { event: stepped } }
        deadlines:
          off: { within: 3 days, until: { event: stepped, with: { how: far } }, nudge: [{ to: walker, say: near }] }
        leave: [{ to: walking, when: { tasks: done } }]
      walking:
        tasks:
          look: { role: guide, done_when: { event: rested } }
        deadlines:
          rest: { from: { event: stepped }, within: 2 hours, until: { event: rested }, nudge: [{ to: guide, say: late }] }
        leave: [{ to: packing, when: { event: rested } }]
"#;

#[test]
fn the_input_is_recorded_first_and_what_follows_settles_at_the_same_instant() {
    walk(STEPS)
        .reads(
            "03-02 09:00 started
             03-02 09:00 stage_entered packing
             03-02 09:00 task_opened pack until 03-04 00:00
             03-02 09:00 deadline_started off until 03-06 00:00",
        )
        .at("03-02 10:00")
        .event("stepped")
        .reads(
            "03-02 10:00 reported stepped
             03-02 10:00 task_done pack
             03-02 10:00 deadline_ended off stage_left
             03-02 10:00 stage_entered walking
             03-02 10:00 task_opened look
             03-02 10:00 deadline_started rest until 03-02 12:00",
        );
}

#[test]
fn an_input_says_who_did_it_for_whom_and_when_it_happened() {
    let mut tale = walk(STEPS);
    tale.at("03-02 10:00")
        .skip()
        .by("guide")
        .on_behalf_of("walker");
    tale.event_of("stepped", "03-01 18:00");
    let entry = tale.entry("03-02 10:00 reported stepped of 03-01 18:00");
    assert_eq!(entry.by, Some(in_role("guide")));
    assert_eq!(entry.on_behalf_of, Some(in_role("walker")));
    assert_eq!((entry.cause, entry.at), (None, tale.world.now));
}

#[test]
fn every_change_names_its_cause_and_its_ground() {
    let mut tale = walk(STEPS);
    tale.at("03-02 10:00").event("stepped").at("03-02 13:00");
    let history = &tale.world.cases[WALKER].history;
    let reported = tale.entry("03-02 10:00 reported stepped").seq;
    assert_eq!(
        tale.entry("03-02 10:00 task_done pack").cause,
        Some(reported)
    );
    let entered = tale.entry("03-02 10:00 stage_entered walking");
    let started = tale.entry("03-02 10:00 deadline_started rest until 03-02 12:00");
    assert_eq!(started.cause, Some(reported));
    let overdue = tale.entry("03-02 12:00 deadline_overdue rest");
    assert_eq!(overdue.cause, Some(started.seq));
    assert_eq!(
        tale.entry("03-02 12:00 rung_reached rest 0").cause,
        Some(started.seq)
    );
    assert_eq!(
        tale.entry("03-02 10:00 task_opened look").cause,
        Some(entered.seq)
    );
    for entry in &history[1..] {
        assert!(
            entry.ground.is_some() || entry.what.kind() == "deadline_ended",
            "{entry:?}"
        );
    }
}

#[test]
fn tasks_done_lead_on_because_of_what_finished_the_last_of_them() {
    let mut tale = walk(STEPS);
    tale.at("03-02 10:00").event("stepped");
    let reported = tale.entry("03-02 10:00 reported stepped").seq;
    assert_eq!(
        tale.entry("03-02 10:00 stage_entered walking").cause,
        Some(reported)
    );
}

#[test]
fn the_first_exit_that_holds_wins_and_those_of_any_stage_come_first() {
    walk(
        r#"
  rested: { by: [walker] }
tracks:
  way:
    starts_in: walking
    stages:
      walking:
        leave:
          - { to: resting, when: { event: rested } }
          - { to: sleeping, when: { event: rested } }
          - { to: sleeping, when: { event: arrived } }
      resting: {}
      sleeping: {}
"#,
    )
    .skip()
    .at("03-02 10:00")
    .event("rested")
    .reads(
        "03-02 10:00 reported rested
         03-02 10:00 stage_entered resting",
    )
    .event("arrived")
    .reads(
        "03-02 10:00 reported arrived
         03-02 10:00 ended home",
    );
}

#[test]
fn an_event_counts_since_its_stage_was_entered_and_with_ever_always() {
    walk(
        r#"
  stepped: { by: [walker] }
  rested:  { by: [walker] }
tracks:
  way:
    starts_in: packing
    stages:
      packing:
        leave: [{ to: walking, when: { event: rested } }]
      walking:
        tasks:
          first:  { role: walker, done_when: { event: stepped } }
          before: { role: walker, done_when: { event: stepped, ever: yes } }
          second: { role: walker, after: first, done_when: { event: stepped } }
        leave: [{ to: sleeping, when: { event: stepped, times: 2 } }]
      sleeping: {}
"#,
    )
    .event("stepped")
    .skip()
    .event("rested")
    .reads(
        "03-02 09:00 reported rested
         03-02 09:00 stage_entered walking
         03-02 09:00 task_opened first
         03-02 09:00 task_opened before
         03-02 09:00 task_done before",
    )
    .event("stepped")
    .reads(
        "03-02 09:00 reported stepped
         03-02 09:00 task_done first
         03-02 09:00 task_opened second",
    )
    .event("stepped")
    .reads(
        "03-02 09:00 reported stepped
         03-02 09:00 task_done second
         03-02 09:00 stage_entered sleeping",
    );
}

#[test]
fn entering_a_stage_again_starts_it_anew_and_counts() {
    walk(STEPS)
        .event("stepped")
        .at("03-03 09:00")
        .event("rested")
        .skip()
        .at("03-04 09:00")
        .event("stepped")
        .reads(
            "03-04 09:00 reported stepped
             03-04 09:00 task_done pack
             03-04 09:00 deadline_ended off stage_left
             03-04 09:00 stage_entered walking #2
             03-04 09:00 task_opened look
             03-04 09:00 deadline_started rest until 03-04 11:00",
        );
}

#[test]
fn the_event_that_leads_to_a_stage_is_the_first_that_happens_in_it_also_by_what_it_sets() {
    let turning = |when: &str| {
        format!(
            r#"
  turned: {{ by: [walker], with: {{ far: yes_no }}, sets: {{ far: far }} }}
  rested: {{ by: [walker] }}
facts: {{ far: yes_no }}
tracks:
  way:
    starts_in: here
    stages:
      here: {{ leave: [{{ to: there, when: {when} }}] }}
      there:
        tasks: {{ look: {{ role: walker, done_when: {{ event: turned }} }} }}
        deadlines: {{ rest: {{ from: {{ event: turned }}, within: 1 day, until: {{ event: rested }}, nudge: [{{ to: guide, say: late }}] }} }}
"#
        )
    };
    for when in [
        "{ event: turned }",
        "{ fact: { far: yes } }",
        "{ event: turned, fact: { far: yes } }",
        "{ all: [{ fact: far }, { event: turned }] }",
    ] {
        walk(&turning(when))
            .skip()
            .event_with("turned", &[("far", "yes")])
            .reads(
                "03-02 09:00 reported turned far=yes
             03-02 09:00 fact_set far=yes
             03-02 09:00 stage_entered there
             03-02 09:00 task_opened look
             03-02 09:00 task_done look
             03-02 09:00 deadline_started rest until 03-04 00:00",
            );
    }
}

#[test]
fn the_event_that_leads_to_a_stage_does_not_lead_out_of_it() {
    walk(
        r#"
  turned: { by: [walker] }
tracks:
  way:
    starts_in: left
    stages:
      left:  { leave: [{ to: right, when: { event: turned } }] }
      right: { leave: [{ to: left, when: { event: turned } }] }
"#,
    )
    .skip()
    .event("turned")
    .reads(
        "03-02 09:00 reported turned
         03-02 09:00 stage_entered right",
    )
    .event("turned")
    .reads(
        "03-02 09:00 reported turned
         03-02 09:00 stage_entered left #2",
    );
}

const CIRCLE: &str = r#"
  marked: { by: [walker], with: { mark: yes_no }, sets: { mark: mark } }
facts: { mark: yes_no }
settings:
  here: [{ value: yes, valid_to: 2026-03-04 }, { value: no, valid_from: 2026-03-05 }]
tracks:
  way:
    starts_in: waiting
    stages:
      waiting:
        deadlines:
          patience: { within: 5 days, until: { event: marked, with: { mark: yes } }, nudge: [{ to: walker, say: late }] }
        leave: [{ to: left, when: { fact: { mark: no } } }]
      left:  { leave: [{ to: right, when: { fact: { mark: { not: here } } } }] }
      right: { leave: [{ to: left, when: { fact: { mark: { not: here } } } }] }
"#;

#[test]
fn stages_in_a_circle_are_named_and_not_entered() {
    let mut tale = walk(CIRCLE);
    tale.skip()
        .event_with("marked", &[("mark", "no")])
        .reads(
            "03-02 09:00 reported marked mark=no
             03-02 09:00 fact_set mark=no
             03-02 09:00 circled way.left way.right",
        )
        .event("arrived");
}

#[test]
fn a_circle_on_the_clock_stands_still_until_the_next_input() {
    let circling = CIRCLE.replace("mark: { not: here }", "mark: here");
    let mut tale = walk(&circling);
    tale.event_with("marked", &[("mark", "no")])
        .skip()
        .at("03-09 09:00")
        .reads("03-05 00:00 circled way.right way.left");
    assert_eq!(tale.wakes_at(), None);
    tale.event_with("marked", &[("mark", "yes")]).reads(
        "03-09 09:00 reported marked mark=yes
         03-09 09:00 fact_set mark=yes",
    );
}

#[test]
fn what_circles_keeps_its_promises_and_takes_in_the_input_that_breaks_its_circle() {
    let circling = CIRCLE
        .replace("mark: { not: here }", "mark: here")
        .replace(
            "      left:  {",
            "      left:\n        tasks: { look: { role: guide, due: 1 week } }\n        X",
        )
        .replace(
            "X leave: [{ to: right, when: { fact: { mark: here } } }] }",
            "leave: [{ to: right, when: { fact: { mark: here } } }]",
        );
    walk(&circling)
        .event_with("marked", &[("mark", "no")])
        .skip()
        .at("03-20 09:00")
        .reads(
            "03-05 00:00 circled way.right way.left
             03-10 00:00 task_overdue look",
        )
        .event_with("marked", &[("mark", "yes")])
        .reads(
            "03-20 09:00 reported marked mark=yes
             03-20 09:00 fact_set mark=yes",
        );
}

#[test]
fn a_circle_is_named_once_until_a_stage_is_entered() {
    let leads_out = CIRCLE
        .replace(
            "leave: [{ to: left, when: { fact: { mark: no } } }]",
            "leave: [{ to: left, when: { fact: { mark: no } } }, { to: aside, when: { fact: { mark: yes } } }]",
        )
        .replace(
            "      left:",
            "      aside: { leave: [{ to: left, when: { fact: { mark: no } } }] }\n      left:",
        );
    let mut tale = walk(&leads_out);
    let circled = "03-02 09:00 reported marked mark=no
                   03-02 09:00 fact_set mark=no
                   03-02 09:00 circled way.left way.right";
    tale.skip()
        .event_with("marked", &[("mark", "no")])
        .reads(circled)
        .event_with("marked", &[("mark", "no")])
        .reads(
            "03-02 09:00 reported marked mark=no
             03-02 09:00 fact_set mark=no",
        )
        .event_with("marked", &[("mark", "yes")])
        .skip()
        .event_with("marked", &[("mark", "no")])
        .reads(circled);
}

#[test]
fn a_closed_case_takes_nothing_more_in() {
    let mut tale = walk(STEPS);
    tale.event("arrived").reads(
        "03-02 09:00 started
         03-02 09:00 stage_entered packing
         03-02 09:00 task_opened pack until 03-04 00:00
         03-02 09:00 deadline_started off until 03-06 00:00
         03-02 09:00 reported arrived
         03-02 09:00 task_ended pack case_ended
         03-02 09:00 deadline_ended off case_ended
         03-02 09:00 ended home",
    );
    assert_eq!(tale.wakes_at(), None);
    for input in [
        report("stepped", &[], None),
        Input::Resume,
        Input::Finish {
            task: Which::Named("pack".into()),
            set: Default::default(),
        },
    ] {
        assert_eq!(tale.refused(WALKER, input), "`w` has ended as `home`");
    }
    tale.at("04-01 09:00").reads("");
}

#[test]
fn an_input_with_a_key_that_is_known_changes_nothing() {
    walk(STEPS)
        .key("a")
        .event("stepped")
        .skip()
        .key("a")
        .event("rested")
        .reads("")
        .key("b")
        .event("stepped")
        .reads("03-02 09:00 reported stepped");
}

#[test]
fn now_never_runs_backwards() {
    let mut tale = walk(STEPS);
    tale.at("03-02 10:00").event("stepped");
    let known = &tale.world.cases[WALKER];
    let scene = Scene {
        plan: known.ready.plan.clone(),
        around: Arc::new(Around::default()),
        judge: &*known.ready.judge,
    };
    let earlier = known.case.started;
    let moment = Moment {
        at: earlier,
        recorded: earlier,
    };
    let given = Given {
        by: Some(in_role("walker")),
        ..Given::by_itself(report("rested", &[], None))
    };
    let stepped = step(&scene, &known.case, &given, moment).unwrap();
    for entry in stepped.entries {
        assert_eq!((entry.at, entry.recorded), (known.case.now, known.case.now));
    }
}
