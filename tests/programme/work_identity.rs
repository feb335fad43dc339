//! Work identity: each signal of the table, the nudge and the escalation at their instants, and that it ends by itself.

use super::town::Town;
use crate::said;
use serde_json::json;

async fn absent(town: &Town, at: &str, explained: bool) {
    town.until(at).await;
    let with = json!({ "explained": explained });
    town.event("p-1", "absent_from_work", "company_contact", with)
        .await;
}

async fn talk(town: &Town, at: &str) {
    town.until(at).await;
    town.event("p-1", "talked", "consultant", json!({})).await;
}

#[tokio::test]
async fn one_absence_without_a_word() {
    let town = Town::new().await;
    town.at_work("p-1", "2026-12-18").await;
    absent(&town, "2026-08-10 09:15", true).await;
    absent(&town, "2026-08-12 09:15", false).await;
    talk(&town, "2026-08-12 14:00").await;
    said!(
        town,
        "p-1",
        "ring_today",
        [
            "2026-08-12 09:15 nudge to consultant",
            "2026-08-12 14:00 over"
        ]
    );
    assert_eq!(
        town.stage("p-1", "journey").await,
        "placement",
        "it leads to a talk and to nothing else"
    );
}

#[tokio::test]
async fn an_absence_from_the_group_counts_as_well() {
    let town = Town::new().await;
    town.young("p-1").await;
    town.start("peer_group", "g-1", json!({ "name": "Havnegruppen" }))
        .await;
    town.link("p-1", "group", "g-1").await;
    town.until("2026-08-06 16:00").await;
    let with = json!({ "attendance": { "p-1": "absent" } });
    town.event("g-1", "meeting_held", "consultant", with).await;
    said!(
        town,
        "p-1",
        "ring_today",
        ["2026-08-06 16:00 nudge to consultant"]
    );
}

#[tokio::test]
async fn two_and_three_absences() {
    let town = Town::new().await;
    town.at_work("p-1", "2026-12-18").await;
    absent(&town, "2026-08-10 09:00", false).await;
    absent(&town, "2026-08-20 09:00", false).await;
    assert!(
        town.has_task("p-1", "offer_talk").await,
        "the psychologist is offered, to whoever wants it"
    );
    absent(&town, "2026-08-24 09:00", false).await;
    talk(&town, "2026-08-25 09:00").await;
    said!(
        town,
        "p-1",
        "ring_today",
        [
            "2026-08-10 09:00 nudge to consultant",
            "2026-08-20 09:00 over"
        ]
    );
    said!(
        town,
        "p-1",
        "talk_soon",
        [
            "2026-08-20 09:00 nudge to consultant",
            "2026-08-24 09:00 over"
        ]
    );
    said!(
        town,
        "p-1",
        "talk_together",
        [
            "2026-08-20 09:00 escalation to project_leader",
            "2026-08-24 09:00 over"
        ]
    );
    said!(
        town,
        "p-1",
        "invite_to_talk",
        [
            "2026-08-24 09:00 escalation to project_leader",
            "2026-08-25 09:00 over"
        ]
    );
    assert_eq!(town.outcome("p-1").await, None);
}

#[tokio::test]
async fn waiting_makes_absences_no_fewer() {
    let town = Town::new().await;
    town.at_work("p-1", "2026-12-18").await;
    absent(&town, "2026-08-10 09:00", false).await;
    absent(&town, "2026-08-20 09:00", false).await;
    // Long after the fourteen days, and after one more that stands alone: nobody has talked yet.
    absent(&town, "2026-09-15 09:00", false).await;
    talk(&town, "2026-09-16 09:00").await;
    said!(
        town,
        "p-1",
        "talk_soon",
        [
            "2026-08-20 09:00 nudge to consultant",
            "2026-09-16 09:00 over"
        ]
    );
    said!(
        town,
        "p-1",
        "talk_together",
        [
            "2026-08-20 09:00 escalation to project_leader",
            "2026-09-16 09:00 over"
        ]
    );
    said!(
        town,
        "p-1",
        "ring_today",
        [
            "2026-08-10 09:00 nudge to consultant",
            "2026-08-20 09:00 over"
        ]
    );
}

#[tokio::test]
async fn many_absences_are_not_too_many_for_the_rule() {
    let town = Town::new().await;
    town.at_work("p-1", "2027-03-01").await;
    let first = super::town::instant("2026-08-10 09:00");
    for day in 0..120 {
        let at = first + jiff::SignedDuration::from_hours(24 * day);
        absent(&town, &super::town::local(at), false).await;
    }
    talk(&town, "2026-12-14 09:00").await;
    said!(
        town,
        "p-1",
        "invite_to_talk",
        [
            "2026-08-12 09:00 escalation to project_leader",
            "2026-12-14 09:00 over"
        ]
    );
}

#[tokio::test]
async fn three_absences_lie_in_a_window_that_ends_at_the_last() {
    let town = Town::new().await;
    town.at_work("p-1", "2026-12-18").await;
    for day in ["2026-08-10", "2026-08-20", "2026-08-31"] {
        absent(&town, &format!("{day} 09:00"), false).await;
    }
    talk(&town, "2026-10-01 09:00").await;
    said!(
        town,
        "p-1",
        "invite_to_talk",
        [
            "2026-08-31 09:00 escalation to project_leader",
            "2026-10-01 09:00 over"
        ]
    );
}

#[tokio::test]
async fn absences_far_apart_do_not_add_up() {
    let town = Town::new().await;
    town.at_work("p-1", "2026-12-18").await;
    absent(&town, "2026-08-10 09:00", false).await;
    // The fourteenth day was the 24th.
    absent(&town, "2026-08-25 09:00", false).await;
    talk(&town, "2026-08-26 09:00").await;
    said!(town, "p-1", "talk_soon", []);
    said!(
        town,
        "p-1",
        "ring_today",
        [
            "2026-08-10 09:00 nudge to consultant",
            "2026-08-26 09:00 over"
        ]
    );
}

#[tokio::test]
async fn nobody_has_heard_from_them() {
    let town = Town::new().await;
    town.at_work("p-1", "2026-12-18").await;
    town.until("2026-08-05 10:00").await;
    town.week("c-1", "p-1", 20, "").await;
    talk(&town, "2026-08-17 10:00").await;
    said!(
        town,
        "p-1",
        "no_contact",
        [
            "2026-08-16 00:00 escalation to project_leader",
            "2026-08-17 10:00 over"
        ]
    );
}

#[tokio::test]
async fn few_hours_at_work() {
    let town = Town::new().await;
    town.at_work("p-1", "2026-12-18").await;
    for (friday, hours) in [("07", 20), ("14", 10), ("21", 14), ("28", 12)] {
        town.until(&format!("2026-08-{friday} 13:00")).await;
        town.week("c-1", "p-1", hours, "Came on time").await;
    }
    town.until("2026-09-04 13:00").await;
    town.week("c-1", "p-1", 14, "Came on time").await;
    town.until("2026-09-11 13:00").await;
    town.week("c-1", "p-1", 15, "Came on time").await;
    said!(
        town,
        "p-1",
        "few_hours",
        [
            "2026-08-21 13:00 nudge to consultant",
            "2026-09-11 13:00 over"
        ]
    );
    said!(
        town,
        "p-1",
        "few_hours_for_long",
        [
            "2026-09-04 13:00 escalation to project_leader",
            "2026-09-11 13:00 over"
        ]
    );
}

#[tokio::test]
async fn hours_are_few_against_what_was_agreed() {
    let town = Town::new().await;
    town.at_work("p-1", "2026-12-18").await;
    // Twelve hours are less than the programme's fifteen, but they are what was agreed.
    let with = json!({ "company": "c-1", "hours": 12, "ends": "2026-12-18" });
    town.event("p-1", "placement_agreed", "consultant", with)
        .await;
    for (friday, hours) in [("07", 12), ("14", 13), ("21", 10), ("28", 11)] {
        town.until(&format!("2026-08-{friday} 13:00")).await;
        town.week("c-1", "p-1", hours, "Came on time").await;
    }
    town.until("2026-09-04 13:00").await;
    town.week("c-1", "p-1", 12, "Came on time").await;
    said!(
        town,
        "p-1",
        "few_hours",
        [
            "2026-08-28 13:00 nudge to consultant",
            "2026-09-04 13:00 over"
        ]
    );
}

#[tokio::test]
async fn nothing_done_well_is_told() {
    let town = Town::new().await;
    town.at_work("p-1", "2026-12-18").await;
    town.until("2026-08-07 13:00").await;
    town.week("c-1", "p-1", 20, "Came on time").await;
    town.until("2026-08-14 13:00").await;
    town.week("c-1", "p-1", 20, "").await;
    town.until("2026-09-01 13:00").await;
    town.week("c-1", "p-1", 20, "Asked a good question").await;
    said!(
        town,
        "p-1",
        "tell_what_went_well",
        [
            "2026-08-22 00:00 nudge to company_contact",
            "2026-09-01 13:00 over"
        ]
    );
    said!(
        town,
        "p-1",
        "help_company_praise",
        [
            "2026-08-29 00:00 escalation to entrepreneur",
            "2026-09-01 13:00 over"
        ]
    );
}

async fn check_in(town: &Town, at: &str, wellbeing: u32) {
    town.until(at).await;
    let with = json!({ "wellbeing": wellbeing });
    town.event("p-1", "checked_in", "participant", with).await;
}

#[tokio::test]
async fn well_being_falls() {
    let town = Town::new().await;
    town.at_work("p-1", "2026-12-18").await;
    check_in(&town, "2026-08-05 14:00", 8).await;
    check_in(&town, "2026-08-12 14:00", 6).await;
    check_in(&town, "2026-08-19 14:00", 7).await;
    said!(
        town,
        "p-1",
        "ask_how_it_goes",
        [
            "2026-08-12 14:00 nudge to consultant",
            "2026-08-19 14:00 over"
        ]
    );
    said!(town, "p-1", "offer_an_ear", []);
}

#[tokio::test]
async fn well_being_is_low_and_the_psychologist_hears_only_with_consent() {
    let town = Town::new().await;
    town.at_work("p-1", "2026-12-18").await;
    check_in(&town, "2026-08-05 14:00", 4).await;
    check_in(&town, "2026-08-12 14:00", 4).await;
    let say = async |at: &str, yes: bool| {
        town.until(at).await;
        let with = json!({ "psychologist": yes });
        town.event("p-1", "said_who_may_know", "participant", with)
            .await;
    };
    say("2026-08-13 10:00", true).await;
    say("2026-08-13 12:00", false).await;
    say("2026-08-14 10:00", true).await;
    talk(&town, "2026-08-14 15:00").await;
    said!(
        town,
        "p-1",
        "ask_how_it_goes",
        [
            "2026-08-12 14:00 nudge to consultant",
            "2026-08-14 15:00 over"
        ]
    );
    said!(
        town,
        "p-1",
        "offer_an_ear",
        [
            "2026-08-13 10:00 escalation to psychologist",
            "2026-08-13 12:00 over",
            "2026-08-14 10:00 escalation to psychologist",
            "2026-08-14 15:00 over",
        ]
    );
}

#[tokio::test]
async fn an_account_is_due() {
    let town = Town::new().await;
    town.young("p-1").await;
    town.until("2026-09-11 09:00").await;
    assert!(town.has_task("p-1", "write_account").await);
    town.until("2026-09-18 09:00").await;
    town.event(
        "p-1",
        "account_sent",
        "consultant",
        json!({ "account": "It goes well." }),
    )
    .await;
    assert!(!town.has_task("p-1", "write_account").await);
    town.until("2026-10-26 09:00").await;
    // Day 38 and day 45; then day 38 from the account.
    said!(
        town,
        "p-1",
        "account_is_due",
        [
            "2026-09-10 00:00 nudge to consultant",
            "2026-09-18 09:00 over",
            "2026-10-26 00:00 nudge to consultant",
        ]
    );
    said!(
        town,
        "p-1",
        "account_is_late",
        [
            "2026-09-17 00:00 escalation to project_leader",
            "2026-09-18 09:00 over",
        ]
    );
    assert_eq!(
        town.stages("p-1", "account").await,
        [
            "2026-08-03 08:00 before_account",
            "2026-09-18 09:00 before_account"
        ]
    );
}

#[tokio::test]
async fn a_placement_ends_and_no_next_step_is_agreed() {
    let town = Town::new().await;
    town.at_work("p-1", "2026-10-12").await;
    town.until("2026-08-20 10:00").await;
    // An extension moves the end, and this with it.
    let with = json!({ "ends": "2026-10-30" });
    town.event("p-1", "placement_extended", "consultant", with)
        .await;
    town.until("2026-10-26 10:00").await;
    town.event(
        "p-1",
        "next_step_agreed",
        "participant",
        json!({ "step": "job" }),
    )
    .await;
    said!(
        town,
        "p-1",
        "your_next_step",
        [
            "2026-10-16 00:00 nudge to participant",
            "2026-10-26 10:00 over"
        ]
    );
    said!(
        town,
        "p-1",
        "plan_next_step",
        [
            "2026-10-16 00:00 nudge to consultant",
            "2026-10-26 10:00 over"
        ]
    );
    said!(
        town,
        "p-1",
        "next_step_missing",
        [
            "2026-10-25 00:00 escalation to project_leader",
            "2026-10-26 10:00 over"
        ]
    );
}

#[tokio::test]
async fn what_worries_a_company_is_talked_about() {
    let town = Town::new().await;
    town.at_work("p-1", "2026-12-18").await;
    town.until("2026-08-12 10:00").await;
    let with = json!({ "young_person": "p-1", "what": "She seems tired." });
    town.event("c-1", "worry_told", "company_contact", with)
        .await;
    talk(&town, "2026-08-13 10:00").await;
    said!(
        town,
        "p-1",
        "company_worries",
        [
            "2026-08-12 10:00 nudge to consultant",
            "2026-08-13 10:00 over"
        ]
    );
    for case in ["c-1", "p-1"] {
        let history = format!("{:?}", town.history(case).await);
        assert!(
            !history.contains("tired"),
            "what worries them lies apart from the history of {case}"
        );
    }
}
