//! Journeys from start to outcome, as people have told them, with exact dates.

use super::town::Town;
use crate::said;
use serde_json::{Map, Value, json};

/// In the middle of his placement he lost his home and fell ill, and came to work every day all the same. What made the
/// difference was that the tie to the company held.
#[tokio::test]
async fn a_crisis_ends_nothing() {
    let town = Town::new().await;
    for company in ["c-1", "c-2", "c-3"] {
        town.company(company, 1).await;
    }
    town.start("peer_group", "g-1", json!({ "name": "Havnegruppen" }))
        .await;
    town.young("p-1").await;
    town.link("p-1", "group", "g-1").await;
    town.until("2026-08-05 10:00").await;
    town.event("p-1", "welcomed", "consultant", json!({})).await;
    town.until("2026-08-12 10:00").await;
    town.met("p-1", &["c-1", "c-2", "c-3"]).await;
    town.until("2026-08-14 10:00").await;
    town.wish("p-1", "c-1", "participant").await;
    town.agree("p-1", "c-1", "2026-11-06").await;
    town.until("2026-08-24 08:00").await;
    town.begin("p-1", "c-1").await;

    // The crisis: well-being falls, and he decides that the psychologist may hear of it.
    for (wednesday, wellbeing) in [("2026-09-16 14:00", 7), ("2026-09-23 14:00", 3)] {
        town.until(wednesday).await;
        town.event(
            "p-1",
            "checked_in",
            "participant",
            json!({ "wellbeing": wellbeing }),
        )
        .await;
    }
    town.event(
        "p-1",
        "said_who_may_know",
        "participant",
        json!({ "psychologist": true }),
    )
    .await;
    said!(
        town,
        "p-1",
        "offer_an_ear",
        ["2026-09-23 14:00 escalation to psychologist"]
    );
    town.event("p-1", "talk_offered", "consultant", json!({}))
        .await;
    town.until("2026-09-24 10:00").await;
    town.event("p-1", "talk_booked", "participant", json!({}))
        .await;
    town.until("2026-09-29 10:00").await;
    town.event("p-1", "talk_held", "psychologist", json!({}))
        .await;
    town.event("p-1", "talked", "consultant", json!({})).await;
    assert_eq!(
        town.stages("p-1", "support").await,
        [
            "2026-08-03 08:00 available",
            "2026-09-23 14:00 offered",
            "2026-09-24 10:00 booked",
            "2026-09-29 10:00 available",
        ]
    );

    // A longer placement, then six months of education in another part of the country. The place is kept for him.
    town.until("2026-10-20 10:00").await;
    town.event(
        "p-1",
        "placement_extended",
        "consultant",
        json!({ "ends": "2027-07-30" }),
    )
    .await;
    town.until("2026-11-02 09:00").await;
    town.event("p-1", "study_away_started", "participant", json!({}))
        .await;
    assert_eq!(town.linked("c-1", "placements").await, ["p-1"]);
    assert_eq!(
        town.stage("c-1", "work").await,
        "nobody_at_work",
        "the company is not asked about weeks that are not there"
    );
    town.until("2027-04-30 09:00").await;
    assert_eq!(town.outcome("p-1").await, None);
    assert_eq!(town.linked("p-1", "placement").await, ["c-1"]);
    for text in ["no_contact", "tell_what_went_well"] {
        let said = town.said("p-1", text).await;
        assert!(
            !said
                .iter()
                .any(|line| **line > *"2026-11-02 09:00" && !line.ends_with("over")),
            "{text}: {said:?}"
        );
    }
    assert!(
        town.has_task("p-1", "call_while_away").await,
        "somebody calls every fourth week"
    );
    assert_eq!(town.stage("p-1", "account").await, "before_account");

    town.event("p-1", "study_away_ended", "participant", json!({}))
        .await;
    assert_eq!(town.stage("p-1", "journey").await, "placement");
    assert_eq!(town.stage("c-1", "work").await, "somebody_at_work");

    // And afterwards he moved on.
    town.until("2027-07-12 10:00").await;
    town.event(
        "p-1",
        "next_step_agreed",
        "participant",
        json!({ "step": "job" }),
    )
    .await;
    town.until("2027-07-30 15:00").await;
    town.event("p-1", "placement_ended", "participant", json!({}))
        .await;
    town.until("2027-08-09 08:00").await;
    town.event("p-1", "job_started", "participant", json!({}))
        .await;
    // Nobody ends the journey but people. After three months somebody asks whether it is time to say goodbye.
    town.until("2027-12-31 09:00").await;
    assert_eq!(town.outcome("p-1").await, None);
    said!(
        town,
        "p-1",
        "say_goodbye",
        ["2027-11-10 00:00 nudge to consultant"]
    );
    town.event("p-1", "settled_in", "participant", json!({}))
        .await;
    assert_eq!(town.outcome("p-1").await.as_deref(), Some("job"));
    assert_eq!(
        town.stages("p-1", "journey").await,
        [
            "2026-08-03 08:00 joining",
            "2026-08-05 10:00 meeting_companies",
            "2026-08-12 10:00 wishing",
            "2026-08-24 08:00 placement",
            "2026-11-02 09:00 studying_away",
            "2027-04-30 09:00 placement",
            "2027-07-30 15:00 moving_on",
            "2027-08-09 08:00 in_job",
        ]
    );
}

#[tokio::test]
async fn whoever_meets_a_company_on_the_first_day_is_welcomed_as_well() {
    let town = Town::new().await;
    town.company("c-1", 1).await;
    town.young("p-1").await;
    town.met("p-1", &["c-1"]).await;
    assert_eq!(town.stage("p-1", "journey").await, "meeting_companies");
    town.until("2026-08-12 10:00").await;
    assert!(town.has_task("p-1", "welcome_talk").await);
    town.event("p-1", "welcomed", "consultant", json!({})).await;
    assert!(!town.has_task("p-1", "welcome_talk").await);
    // Whether the psychologist may hear is asked for four weeks. No answer is a no.
    town.until("2026-08-31 23:00").await;
    assert!(town.has_task("p-1", "say_who_may_know").await);
    town.until("2026-09-01 10:00").await;
    assert!(!town.has_task("p-1", "say_who_may_know").await);

    // With an answer it is over at once; without the talk it is not.
    town.young("p-2").await;
    town.met("p-2", &["c-1"]).await;
    let with = json!({ "psychologist": false });
    town.event("p-2", "said_who_may_know", "participant", with)
        .await;
    town.until("2026-10-12 10:00").await;
    assert!(town.has_task("p-2", "welcome_talk").await);
    town.event("p-2", "welcomed", "consultant", json!({})).await;
    assert_eq!(
        town.stages("p-2", "welcome").await,
        [
            "2026-09-01 10:00 being_welcomed",
            "2026-10-12 10:00 has_been_welcomed"
        ]
    );
}

#[tokio::test]
async fn a_job_that_does_not_last_leads_back_and_nobody_starts_from_the_beginning() {
    let town = Town::new().await;
    town.at_work("p-1", "2026-10-30").await;
    town.until("2026-10-12 08:00").await;
    town.event("p-1", "job_started", "participant", json!({}))
        .await;
    assert_eq!(town.stage("p-1", "youth_network").await, "has_moved_on");
    town.until("2026-11-20 08:00").await;
    said!(town, "p-1", "no_company_met", []);
    assert!(town.has_task("p-1", "call_after").await);
    town.event("p-1", "did_not_last", "participant", json!({}))
        .await;
    assert_eq!(town.stage("p-1", "journey").await, "moving_on");
    assert_eq!(town.stage("p-1", "youth_network").await, "finding_group");
    town.until("2026-11-23 08:00").await;
    town.event(
        "p-1",
        "next_step_agreed",
        "participant",
        json!({ "step": "new_placement" }),
    )
    .await;
    assert_eq!(town.stage("p-1", "journey").await, "wishing");
}

#[tokio::test]
async fn a_switch_to_a_second_placement() {
    let town = Town::new().await;
    town.at_work("p-1", "2026-10-30").await;
    town.until("2026-09-07 10:00").await;
    town.event("p-1", "switch_wished", "participant", json!({}))
        .await;
    town.until("2026-09-10 10:00").await;
    town.event(
        "p-1",
        "switch_answered",
        "consultant",
        json!({ "answer": "agreed" }),
    )
    .await;
    assert_eq!(town.stage("p-1", "journey").await, "wishing");
    assert_eq!(
        town.linked("p-1", "placement").await,
        ["c-1"],
        "the old one goes on until the new one starts"
    );
    town.until("2026-09-14 10:00").await;
    town.wish("p-1", "c-2", "participant").await;
    town.agree("p-1", "c-2", "2026-12-11").await;
    town.until("2026-09-21 08:00").await;
    town.begin("p-1", "c-2").await;
    assert_eq!(town.linked("c-1", "placements").await, Vec::<String>::new());
    assert_eq!(town.linked("c-2", "placements").await, ["p-1"]);
    assert_eq!(town.stage("c-1", "work").await, "nobody_at_work");
    assert_eq!(town.stage("c-2", "work").await, "somebody_at_work");
    assert_eq!(
        town.stages("p-1", "journey").await[3..],
        [
            "2026-08-03 08:00 placement",
            "2026-09-10 10:00 wishing",
            "2026-09-21 08:00 placement",
        ]
    );
    // The two weeks ran from the new wish, and were kept; the day before the new placement ends in two weeks is the new one.
    said!(town, "p-1", "start_overdue", []);
    town.until("2026-12-01 10:00").await;
    said!(
        town,
        "p-1",
        "your_next_step",
        ["2026-11-27 00:00 nudge to participant"]
    );
    said!(town, "p-1", "few_companies", []);
}

#[tokio::test]
async fn a_placement_extended_twice_meets_both_limits_of_the_law() {
    let town = Town::new().await;
    town.at_work("p-1", "2026-10-12").await;
    town.until("2026-10-10 10:00").await;
    town.event(
        "p-1",
        "placement_extended",
        "consultant",
        json!({ "ends": "2026-12-21" }),
    )
    .await;
    town.until("2027-02-05 10:00").await;
    // Thirteen weeks are never reached; twenty-six end on Monday the 1st of February.
    said!(
        town,
        "p-1",
        "limit_is_near",
        ["2027-01-18 00:00 nudge to consultant"]
    );
    said!(
        town,
        "p-1",
        "limit_reached",
        ["2027-02-02 00:00 escalation to project_leader"]
    );
    assert_eq!(
        town.stage("p-1", "journey").await,
        "placement",
        "a limit tells somebody, and ends nothing"
    );
}

#[tokio::test]
async fn a_placement_with_a_company_that_was_never_wished_for() {
    let town = Town::new().await;
    town.company("c-1", 1).await;
    town.young("p-1").await;
    town.until("2026-08-10 10:00").await;
    town.met("p-1", &["c-1"]).await;
    // No wish at all, and agreed before the journey is at wishing.
    town.agree("p-1", "c-1", "2026-10-30").await;
    town.until("2026-08-12 08:00").await;
    town.event(
        "p-1",
        "placement_started",
        "consultant",
        json!({ "company": "c-1" }),
    )
    .await;
    assert_eq!(
        town.stage("p-1", "journey").await,
        "placement",
        "the journey is where the young person is"
    );
    town.until("2026-08-19 10:00").await;
    said!(
        town,
        "p-1",
        "whose_choice",
        ["2026-08-10 10:00 nudge to consultant"]
    );
    said!(
        town,
        "p-1",
        "choice_unclear",
        ["2026-08-18 00:00 escalation to project_leader"]
    );
}

#[tokio::test]
async fn a_wish_that_staff_entered_becomes_their_own_or_another() {
    let town = Town::new().await;
    for company in ["c-1", "c-2", "c-3"] {
        town.company(company, 1).await;
    }
    town.young("p-1").await;
    town.met("p-1", &["c-1", "c-2", "c-3"]).await;
    town.until("2026-08-10 10:00").await;
    town.wish("p-1", "c-1", "consultant").await;
    town.until("2026-08-11 10:00").await;
    town.wish("p-1", "c-3", "participant").await;
    said!(
        town,
        "p-1",
        "confirm_wish",
        [
            "2026-08-10 10:00 nudge to participant",
            "2026-08-11 10:00 over"
        ]
    );
    said!(town, "p-1", "wish_not_confirmed", []);
    assert_eq!(town.linked("c-1", "wishes").await, Vec::<String>::new());
    assert_eq!(town.linked("c-3", "wishes").await, ["p-1"]);
}

#[tokio::test]
async fn a_company_falls_silent_and_is_found_again() {
    let town = Town::new().await;
    town.at_work("p-1", "2026-12-18").await;
    town.until("2026-08-14 12:30").await;
    assert!(town.has_task("c-1", "weekly_feedback").await);
    town.week("c-1", "p-1", 20, "Knew the names of all herbs")
        .await;
    assert!(!town.has_task("c-1", "weekly_feedback").await);
    town.until("2026-09-20 10:00").await;
    said!(
        town,
        "c-1",
        "company_silent",
        ["2026-08-29 00:00 nudge to entrepreneur"]
    );
    said!(
        town,
        "c-1",
        "company_still_silent",
        ["2026-09-12 00:00 escalation to project_leader"]
    );
    said!(
        town,
        "p-1",
        "tell_what_went_well",
        ["2026-08-29 00:00 nudge to company_contact"]
    );
    said!(
        town,
        "p-1",
        "help_company_praise",
        ["2026-09-05 00:00 escalation to entrepreneur"]
    );
    town.week("c-1", "p-1", 20, "Opened the shop alone").await;
    for (case, text) in [
        ("c-1", "company_silent"),
        ("c-1", "company_still_silent"),
        ("p-1", "tell_what_went_well"),
        ("p-1", "help_company_praise"),
    ] {
        let said = town.said(case, text).await;
        assert_eq!(
            said.last().map(String::as_str),
            Some("2026-09-20 10:00 over"),
            "{text}"
        );
    }
    assert_eq!(town.outcome("c-1").await, None);
    assert_eq!(town.stage("p-1", "journey").await, "placement");
}

#[tokio::test]
async fn a_group_melts_to_four() {
    let town = Town::new().await;
    town.start("peer_group", "g-1", json!({ "name": "Havnegruppen" }))
        .await;
    for number in 1..=6 {
        let young = format!("p-{number}");
        town.young(&young).await;
        town.link(&young, "group", "g-1").await;
    }
    assert_eq!(town.stage("g-1", "life").await, "meeting");
    town.until("2026-08-20 16:00").await;
    let attendance: Map<String, Value> = (1..=6)
        .map(|number| (format!("p-{number}"), json!("present")))
        .collect();
    town.event(
        "g-1",
        "meeting_held",
        "consultant",
        json!({ "attendance": attendance }),
    )
    .await;

    // One begins in a job, one leaves the group.
    town.until("2026-09-01 09:00").await;
    town.event("p-1", "job_started", "participant", json!({}))
        .await;
    town.until("2026-09-03 09:00").await;
    town.event("p-2", "left_group", "participant", json!({}))
        .await;
    assert_eq!(
        town.linked("g-1", "members").await,
        ["p-3", "p-4", "p-5", "p-6"]
    );
    town.until("2026-09-28 09:00").await;
    said!(
        town,
        "g-1",
        "group_too_small",
        ["2026-09-01 09:00 nudge to consultant"]
    );
    said!(
        town,
        "g-1",
        "group_stays_off_size",
        ["2026-09-23 00:00 escalation to project_leader"]
    );
    // Whoever left without going on is found another group, whoever has a job is not.
    said!(
        town,
        "p-2",
        "find_group",
        ["2026-09-11 00:00 nudge to consultant"]
    );
    said!(town, "p-1", "find_group", []);

    // The group is closed, and each of the four looks for another one.
    town.event("g-1", "closed_down", "consultant", json!({}))
        .await;
    assert_eq!(town.outcome("g-1").await.as_deref(), Some("closed"));
    for young in ["p-3", "p-4", "p-5", "p-6"] {
        assert_eq!(town.stage(young, "youth_network").await, "finding_group");
    }
    said!(
        town,
        "g-1",
        "group_too_small",
        [
            "2026-09-01 09:00 nudge to consultant",
            "2026-09-28 09:00 over"
        ]
    );
}

#[tokio::test]
async fn what_has_moved_is_said_in_words_and_no_rule_reads_it() {
    let town = Town::new().await;
    town.at_work("p-1", "2026-12-18").await;
    town.until("2026-09-01 09:00").await;
    let movements = [
        "direction",
        "persistence",
        "curiosity",
        "resilience",
        "self_worth",
    ];
    let seen: Map<String, Value> = movements
        .iter()
        .map(|one| ((*one).to_owned(), json!("growing")))
        .collect();
    town.done(
        "p-1",
        "look_at_movements",
        "consultant",
        Value::Object(seen),
    )
    .await;
    let history = format!("{:?}", town.history("p-1").await);
    assert!(
        !history.contains("growing"),
        "what staff see lies apart from the history"
    );
}
