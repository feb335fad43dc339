//! Power shift: each signal of the table, the nudge and the escalation at their instants, and that it ends by itself.

use super::town::Town;
use crate::said;
use serde_json::json;

/// A young person who has met three companies and is about to wish, on Monday the 17th at ten.
async fn about_to_wish() -> Town {
    let town = Town::new().await;
    for company in ["c-1", "c-2", "c-3"] {
        town.company(company, 2).await;
    }
    town.young("p-1").await;
    town.met("p-1", &["c-1", "c-2"]).await;
    town.until("2026-08-17 10:00").await;
    town.met("p-1", &["c-3"]).await;
    town
}

#[tokio::test]
async fn a_placement_that_was_never_wished_for() {
    let town = about_to_wish().await;
    town.wish("p-1", "c-1", "participant").await;
    town.agree("p-1", "c-2", "2026-10-30").await;
    town.until("2026-08-26 10:00").await;
    town.event("p-1", "wish_confirmed", "participant", json!({}))
        .await;
    said!(
        town,
        "p-1",
        "whose_choice",
        [
            "2026-08-17 10:00 nudge to consultant",
            "2026-08-26 10:00 over"
        ]
    );
    said!(
        town,
        "p-1",
        "choice_unclear",
        [
            "2026-08-25 00:00 escalation to project_leader",
            "2026-08-26 10:00 over"
        ]
    );
}

#[tokio::test]
async fn a_wish_that_staff_wrote_down() {
    let town = about_to_wish().await;
    town.wish("p-1", "c-1", "consultant").await;
    town.until("2026-08-21 10:00").await;
    town.event("p-1", "wish_confirmed", "participant", json!({}))
        .await;
    said!(
        town,
        "p-1",
        "confirm_wish",
        [
            "2026-08-17 10:00 nudge to participant",
            "2026-08-21 10:00 over"
        ]
    );
    said!(
        town,
        "p-1",
        "wish_not_confirmed",
        [
            "2026-08-21 00:00 escalation to consultant",
            "2026-08-21 10:00 over"
        ]
    );
}

#[tokio::test]
async fn no_wish_after_meeting_companies() {
    let town = about_to_wish().await;
    town.until("2026-08-28 10:00").await;
    town.wish("p-1", "c-1", "participant").await;
    said!(
        town,
        "p-1",
        "wish_reminder",
        [
            "2026-08-25 00:00 nudge to participant",
            "2026-08-28 10:00 over"
        ]
    );
    said!(
        town,
        "p-1",
        "help_with_wish",
        [
            "2026-08-27 00:00 escalation to consultant",
            "2026-08-28 10:00 over"
        ]
    );
}

#[tokio::test]
async fn a_wish_that_the_company_does_not_answer() {
    let town = about_to_wish().await;
    town.wish("p-1", "c-1", "participant").await;
    town.until("2026-08-27 10:00").await;
    let with = json!({ "young_person": "p-1", "answer": "welcome" });
    town.event("c-1", "wish_answered", "company_contact", with)
        .await;
    said!(
        town,
        "p-1",
        "company_not_answered",
        [
            "2026-08-21 00:00 nudge to entrepreneur",
            "2026-08-27 10:00 over"
        ]
    );
    said!(
        town,
        "p-1",
        "company_still_not_answered",
        [
            "2026-08-26 00:00 escalation to project_leader",
            "2026-08-27 10:00 over",
        ]
    );
    said!(
        town,
        "c-1",
        "wish_waits",
        [
            "2026-08-17 10:00 nudge to company_contact",
            "2026-08-27 10:00 over"
        ]
    );
}

async fn answer(town: &Town, at: &str, company: &str, answer: &str) {
    town.until(at).await;
    let with = json!({ "young_person": "p-1", "answer": answer });
    town.event(company, "wish_answered", "company_contact", with)
        .await;
}

#[tokio::test]
async fn a_wish_that_the_company_turns_down() {
    let town = about_to_wish().await;
    town.wish("p-1", "c-1", "consultant").await;
    answer(&town, "2026-08-18 10:00", "c-1", "cannot").await;
    // Another place is found: the young person wishes anew, and that company has no place either before somebody agrees.
    town.until("2026-08-20 10:00").await;
    town.wish("p-1", "c-2", "participant").await;
    answer(&town, "2026-08-21 10:00", "c-2", "cannot").await;
    town.until("2026-08-24 10:00").await;
    town.agree("p-1", "c-3", "2026-10-30").await;
    for (text, to) in [
        ("find_another_place", "consultant"),
        ("wish_anew", "participant"),
    ] {
        let told = [
            format!("2026-08-18 10:00 nudge to {to}"),
            "2026-08-20 10:00 over".to_owned(),
            format!("2026-08-21 10:00 nudge to {to}"),
            "2026-08-24 10:00 over".to_owned(),
        ];
        assert_eq!(town.said("p-1", text).await, told, "{text}");
    }
    // Whether a wish that was turned down is their own, nobody asks any more.
    said!(
        town,
        "p-1",
        "confirm_wish",
        [
            "2026-08-17 10:00 nudge to participant",
            "2026-08-18 10:00 over"
        ]
    );
    // The promise is the programme's, and runs from the first wish.
    town.until("2026-09-01 09:00").await;
    said!(
        town,
        "p-1",
        "start_overdue",
        ["2026-09-01 00:00 escalation to project_leader"]
    );
}

#[tokio::test]
async fn a_wish_that_can_come_true_later() {
    let town = about_to_wish().await;
    town.wish("p-1", "c-1", "participant").await;
    answer(&town, "2026-08-18 10:00", "c-1", "later").await;
    answer(&town, "2026-08-19 10:00", "c-1", "welcome").await;
    answer(&town, "2026-08-20 10:00", "c-1", "later").await;
    town.until("2026-08-21 10:00").await;
    town.agree("p-1", "c-1", "2026-10-30").await;
    for (text, to) in [
        ("place_comes_later", "consultant"),
        ("wish_comes_later", "participant"),
    ] {
        let told = [
            format!("2026-08-18 10:00 nudge to {to}"),
            "2026-08-19 10:00 over".to_owned(),
            format!("2026-08-20 10:00 nudge to {to}"),
            "2026-08-21 10:00 over".to_owned(),
        ];
        assert_eq!(town.said("p-1", text).await, told, "{text}");
    }
    said!(town, "p-1", "find_another_place", []);
}

#[tokio::test]
async fn a_no_that_comes_when_another_place_is_agreed_troubles_nobody() {
    let town = about_to_wish().await;
    town.wish("p-1", "c-1", "participant").await;
    town.until("2026-08-18 10:00").await;
    town.agree("p-1", "c-2", "2026-10-30").await;
    answer(&town, "2026-08-19 10:00", "c-1", "cannot").await;
    said!(town, "p-1", "find_another_place", []);
    said!(town, "p-1", "wish_anew", []);
    // But when the company takes back what was agreed with itself, somebody hears of it.
    town.until("2026-08-20 10:00").await;
    town.wish("p-1", "c-3", "participant").await;
    town.until("2026-08-21 10:00").await;
    town.agree("p-1", "c-3", "2026-10-30").await;
    answer(&town, "2026-08-22 10:00", "c-3", "cannot").await;
    said!(
        town,
        "p-1",
        "find_another_place",
        ["2026-08-22 10:00 nudge to consultant"]
    );
}

#[tokio::test]
async fn a_placement_that_has_not_started() {
    let town = about_to_wish().await;
    town.wish("p-1", "c-1", "participant").await;
    town.until("2026-08-20 10:00").await;
    // A wish that is stated anew does not move the promise.
    town.wish("p-1", "c-2", "participant").await;
    town.until("2026-09-01 09:00").await;
    assert!(town.has_task("p-1", "unblock_start").await);
    town.until("2026-09-09 10:00").await;
    town.begin("p-1", "c-2").await;
    // Day 10, the day after day 14, and a week later.
    said!(
        town,
        "p-1",
        "start_is_near",
        [
            "2026-08-27 00:00 nudge to consultant",
            "2026-09-09 10:00 over"
        ]
    );
    said!(
        town,
        "p-1",
        "start_overdue",
        [
            "2026-09-01 00:00 escalation to project_leader",
            "2026-09-09 10:00 over"
        ]
    );
    said!(
        town,
        "p-1",
        "start_still_overdue",
        [
            "2026-09-08 00:00 escalation to municipal_manager",
            "2026-09-09 10:00 over",
        ]
    );
    assert!(!town.has_task("p-1", "unblock_start").await);
}

#[tokio::test]
async fn a_wish_to_switch_without_an_answer() {
    let town = Town::new().await;
    town.at_work("p-1", "2026-12-18").await;
    town.until("2026-09-07 10:00").await;
    town.event("p-1", "switch_wished", "participant", json!({}))
        .await;
    town.until("2026-09-23 10:00").await;
    town.event(
        "p-1",
        "switch_answered",
        "consultant",
        json!({ "answer": "stays" }),
    )
    .await;
    said!(
        town,
        "p-1",
        "answer_switch",
        [
            "2026-09-15 00:00 nudge to consultant",
            "2026-09-23 10:00 over"
        ]
    );
    said!(
        town,
        "p-1",
        "switch_unanswered",
        [
            "2026-09-22 00:00 escalation to project_leader",
            "2026-09-23 10:00 over"
        ]
    );
    assert_eq!(town.stage("p-1", "journey").await, "placement");
}

#[tokio::test]
async fn a_stage_is_moved_by_staff() {
    let town = Town::new().await;
    town.company("c-1", 1).await;
    town.young("p-1").await;
    town.met("p-1", &["c-1"]).await;
    town.until("2026-08-06 10:00").await;
    town.event("p-1", "ready_to_wish", "consultant", json!({}))
        .await;
    town.until("2026-08-07 10:00").await;
    town.event("p-1", "talked", "consultant", json!({})).await;
    said!(
        town,
        "p-1",
        "hear_their_view",
        [
            "2026-08-06 10:00 nudge to consultant",
            "2026-08-07 10:00 over"
        ]
    );

    // Their own word is as good as a talk, and when they moved it themselves nobody need ask.
    town.young("p-2").await;
    town.met("p-2", &["c-1"]).await;
    town.event("p-2", "ready_to_wish", "consultant", json!({}))
        .await;
    town.until("2026-08-08 12:00").await;
    town.wish("p-2", "c-1", "participant").await;
    said!(
        town,
        "p-2",
        "hear_their_view",
        [
            "2026-08-07 10:00 nudge to consultant",
            "2026-08-08 12:00 over"
        ]
    );
    town.young("p-3").await;
    town.met("p-3", &["c-1"]).await;
    town.event("p-3", "ready_to_wish", "participant", json!({}))
        .await;
    said!(town, "p-3", "hear_their_view", []);
}
