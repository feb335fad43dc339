//! The shipped overlays: what is different for the people in these towns, and that nothing else is.

use super::town::Town;
use crate::said;
use serde_json::json;

/// Somebody joins on the last day of November, with a group, and is welcomed two days later.
async fn joins(town: &Town) {
    for company in ["c-1", "c-2", "c-3"] {
        town.company(company, 2).await;
    }
    town.start("peer_group", "g-1", json!({ "name": "Havnegruppen" }))
        .await;
    town.until("2026-11-30 09:00").await;
    town.young("p-1").await;
    town.link("p-1", "group", "g-1").await;
    town.until("2026-12-02 10:00").await;
    town.event("p-1", "welcomed", "consultant", json!({})).await;
}

/// And wishes on the last Friday before Christmas.
async fn wishes(town: &Town) {
    town.until("2026-12-18 10:00").await;
    town.met("p-1", &["c-1", "c-2", "c-3"]).await;
    town.wish("p-1", "c-1", "participant").await;
    town.until("2027-02-01 08:00").await;
}

#[tokio::test]
async fn in_roskilde_the_talk_comes_first_and_the_promise_counts_working_days() {
    let town = Town::with_overlay("roskilde").await;
    joins(&town).await;
    assert_eq!(town.stage("p-1", "journey").await, "first_talk");
    assert!(town.has_task("p-1", "offer_first_talk").await);
    town.until("2026-12-08 10:00").await;
    town.event("p-1", "talk_offered", "talk_coordinator", json!({}))
        .await;
    // Three working days for an offer, and two more before somebody else hears of it.
    said!(
        town,
        "p-1",
        "offer_the_talk",
        [
            "2026-12-08 00:00 nudge to talk_coordinator",
            "2026-12-08 10:00 over"
        ]
    );
    said!(town, "p-1", "talk_not_offered", []);
    assert!(town.has_task("p-1", "find_an_hour").await);

    // The rule: an offer without an hour is the office's to mend, and an hour that is booked gets its own time.
    town.until("2026-12-16 10:00").await;
    town.event("p-1", "talk_booked", "psychologist", json!({}))
        .await;
    said!(
        town,
        "p-1",
        "find_a_nearer_hour",
        [
            "2026-12-16 00:00 nudge to psychologist",
            "2026-12-16 10:00 over"
        ]
    );
    assert!(town.has_task("p-1", "hold_talk").await);
    town.until("2026-12-17 14:00").await;
    town.event("p-1", "talk_held", "psychologist", json!({}))
        .await;
    said!(town, "p-1", "hours_are_missing", []);
    assert_eq!(
        town.stages("p-1", "journey").await,
        [
            "2026-11-30 09:00 joining",
            "2026-12-02 10:00 first_talk",
            "2026-12-17 14:00 meeting_companies",
        ]
    );

    // Ten working days from 18 December: 24 and 31 December count, although the office closes at noon.
    wishes(&town).await;
    said!(
        town,
        "p-1",
        "start_is_near",
        ["2026-12-30 00:00 nudge to consultant"]
    );
    said!(
        town,
        "p-1",
        "start_overdue",
        ["2027-01-06 00:00 escalation to project_leader"]
    );
}

#[tokio::test]
async fn the_plain_one_beside_it_is_as_it_was() {
    let town = Town::new().await;
    joins(&town).await;
    assert_eq!(town.stage("p-1", "journey").await, "meeting_companies");
    wishes(&town).await;
    said!(
        town,
        "p-1",
        "start_is_near",
        ["2026-12-28 00:00 nudge to consultant"]
    );
    said!(
        town,
        "p-1",
        "start_overdue",
        ["2027-01-02 00:00 escalation to project_leader"]
    );
}

#[tokio::test]
async fn in_roskilde_an_offer_without_an_hour_is_told_on_and_lapses_without_a_no() {
    let town = Town::with_overlay("roskilde").await;
    joins(&town).await;
    town.event("p-1", "talk_offered", "talk_coordinator", json!({}))
        .await;
    town.until("2026-12-31 08:00").await;
    said!(
        town,
        "p-1",
        "find_a_nearer_hour",
        [
            "2026-12-10 00:00 nudge to psychologist",
            "2026-12-24 00:00 over"
        ]
    );
    said!(
        town,
        "p-1",
        "hours_are_missing",
        [
            "2026-12-15 00:00 escalation to project_leader",
            "2026-12-24 00:00 over"
        ]
    );
    assert_eq!(
        town.stages("p-1", "journey").await,
        [
            "2026-11-30 09:00 joining",
            "2026-12-02 10:00 first_talk",
            "2026-12-24 00:00 meeting_companies",
        ]
    );
}

#[tokio::test]
async fn in_roskilde_nobody_waits_for_a_talk() {
    let town = Town::with_overlay("roskilde").await;
    joins(&town).await;
    town.met("p-1", &["c-1"]).await;
    assert_eq!(town.stage("p-1", "journey").await, "first_talk");
    town.wish("p-1", "c-1", "participant").await;
    assert_eq!(town.stage("p-1", "journey").await, "wishing");
    said!(town, "p-1", "hours_are_missing", []);
}

/// A talk that was held while somebody joined is not offered again.
#[tokio::test]
async fn in_roskilde_an_early_talk_counts() {
    let town = Town::with_overlay("roskilde").await;
    town.start("peer_group", "g-1", json!({ "name": "Havnegruppen" }))
        .await;
    town.young("p-1").await;
    for (event, by) in [
        ("talk_offered", "consultant"),
        ("talk_booked", "participant"),
        ("talk_held", "psychologist"),
    ] {
        town.event("p-1", event, by, json!({})).await;
    }
    town.link("p-1", "group", "g-1").await;
    town.event("p-1", "welcomed", "consultant", json!({})).await;
    assert_eq!(town.stage("p-1", "journey").await, "meeting_companies");
}

/// On Christmas Eve the office closes at noon, and the question of Wednesday at one comes when it is open again.
#[tokio::test]
async fn in_roskilde_the_question_of_the_week_waits_for_an_open_office() {
    let asked = |town: Town| async move {
        town.until("2031-12-01 08:00").await;
        town.young("p-1").await;
        town.event("p-1", "company_met", "entrepreneur", {
            town.company("c-1", 1).await;
            json!({ "company": "c-1" })
        })
        .await;
        town.event("p-1", "ready_to_wish", "participant", json!({}))
            .await;
        town.until("2032-01-04 08:00").await;
        let opened = town.opened("p-1", "weekly_checkin").await;
        opened.last_chunk::<2>().unwrap().clone()
    };
    assert_eq!(
        asked(Town::new().await).await,
        ["2031-12-24 13:00", "2031-12-31 13:00"]
    );
    assert_eq!(
        asked(Town::with_overlay("roskilde").await).await,
        ["2031-12-29 13:00", "2032-01-02 13:00"]
    );
}

#[tokio::test]
async fn in_fjordby_two_companies_are_a_choice() {
    for (town, few) in [
        (Town::new().await, true),
        (Town::with_overlay("fjordby").await, false),
    ] {
        joins(&town).await;
        town.met("p-1", &["c-1", "c-2"]).await;
        let stage = town.stage("p-1", "journey").await;
        assert_eq!(stage == "meeting_companies", few, "{stage}");
        town.wish("p-1", "c-1", "participant").await;
        let said = town.said("p-1", "few_companies").await;
        assert_eq!(!said.is_empty(), few, "{said:?}");
    }
}

/// A number that changes on a known day: a deadline takes the one that is valid on the day on which it begins.
#[tokio::test]
async fn in_fjordby_they_keep_in_touch_for_longer_from_new_year() {
    let town = Town::with_overlay("fjordby").await;
    town.young("p-1").await;
    town.young("p-2").await;
    town.until("2026-12-31 12:00").await;
    town.event("p-1", "job_started", "participant", json!({}))
        .await;
    town.until("2027-01-04 12:00").await;
    town.event("p-2", "job_started", "participant", json!({}))
        .await;
    town.until("2027-08-01 08:00").await;
    said!(
        town,
        "p-1",
        "say_goodbye",
        ["2027-04-01 00:00 nudge to consultant"]
    );
    said!(
        town,
        "p-2",
        "say_goodbye",
        ["2027-07-05 00:00 nudge to consultant"]
    );
}
