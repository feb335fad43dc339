//! Many to many: each signal of the table, the nudge and the escalation at their instants, and that it ends by itself.

use super::town::Town;
use crate::said;
use serde_json::{Map, Value, json};

#[tokio::test]
async fn a_wish_after_few_companies() {
    let town = Town::new().await;
    for company in ["c-1", "c-2", "c-3"] {
        town.company(company, 1).await;
    }
    town.young("p-1").await;
    town.met("p-1", &["c-1"]).await;
    town.until("2026-08-06 09:30").await;
    town.wish("p-1", "c-1", "participant").await;
    town.until("2026-08-07 10:00").await;
    town.met("p-1", &["c-2"]).await;
    said!(
        town,
        "p-1",
        "few_companies",
        ["2026-08-06 09:30 nudge to consultant"]
    );
    town.met("p-1", &["c-3"]).await;
    said!(
        town,
        "p-1",
        "few_companies",
        [
            "2026-08-06 09:30 nudge to consultant",
            "2026-08-07 10:00 over"
        ]
    );
}

#[tokio::test]
async fn no_company_met() {
    let town = Town::new().await;
    town.company("c-1", 1).await;
    town.young("p-1").await;
    town.until("2026-08-19 09:00").await;
    town.met("p-1", &["c-1"]).await;
    said!(
        town,
        "p-1",
        "no_company_met",
        [
            "2026-08-14 00:00 nudge to consultant",
            "2026-08-19 09:00 over"
        ]
    );
    said!(
        town,
        "p-1",
        "still_no_company",
        [
            "2026-08-18 00:00 escalation to project_leader",
            "2026-08-19 09:00 over"
        ]
    );
}

#[tokio::test]
async fn no_group() {
    let town = Town::new().await;
    town.young("p-1").await;
    town.start("peer_group", "g-1", json!({ "name": "Havnegruppen" }))
        .await;
    town.until("2026-08-19 09:00").await;
    town.link("p-1", "group", "g-1").await;
    // Five working days from Monday the 3rd end on Monday the 10th, ten on Monday the 17th.
    said!(
        town,
        "p-1",
        "find_group",
        [
            "2026-08-11 00:00 nudge to consultant",
            "2026-08-19 09:00 over"
        ]
    );
    said!(
        town,
        "p-1",
        "still_no_group",
        [
            "2026-08-18 00:00 escalation to project_leader",
            "2026-08-19 09:00 over"
        ]
    );
}

/// A group of so many, which meets.
async fn group(town: &Town, size: u32) {
    town.start("peer_group", "g-1", json!({ "name": "Havnegruppen" }))
        .await;
    for number in 1..=size {
        let young = format!("p-{number}");
        town.young(&young).await;
        town.link(&young, "group", "g-1").await;
    }
}

#[tokio::test]
async fn a_group_is_too_small() {
    let town = Town::new().await;
    group(&town, 6).await;
    town.until("2026-08-04 10:00").await;
    town.event("p-6", "left_group", "participant", json!({}))
        .await;
    town.until("2026-08-27 11:00").await;
    town.link("p-6", "group", "g-1").await;
    said!(
        town,
        "g-1",
        "group_too_small",
        [
            "2026-08-04 10:00 nudge to consultant",
            "2026-08-27 11:00 over"
        ]
    );
    said!(
        town,
        "g-1",
        "group_stays_off_size",
        [
            "2026-08-26 00:00 escalation to project_leader",
            "2026-08-27 11:00 over"
        ]
    );
}

#[tokio::test]
async fn a_group_is_too_large() {
    let town = Town::new().await;
    group(&town, 8).await;
    town.until("2026-08-04 10:00").await;
    town.young("p-9").await;
    town.link("p-9", "group", "g-1").await;
    town.until("2026-08-26 10:00").await;
    town.event("p-9", "left_group", "participant", json!({}))
        .await;
    said!(
        town,
        "g-1",
        "group_too_large",
        [
            "2026-08-04 10:00 nudge to consultant",
            "2026-08-26 10:00 over"
        ]
    );
    said!(
        town,
        "g-1",
        "group_stays_off_size",
        [
            "2026-08-26 00:00 escalation to project_leader",
            "2026-08-26 10:00 over"
        ]
    );
}

#[tokio::test]
async fn group_meetings_are_cancelled() {
    let town = Town::new().await;
    group(&town, 6).await;
    let cancel = async || {
        town.event("g-1", "meeting_cancelled", "consultant", json!({}))
            .await
    };
    town.until("2026-08-06 12:00").await;
    cancel().await;
    town.until("2026-08-07 09:00").await;
    town.event(
        "g-1",
        "meeting_booked",
        "consultant",
        json!({ "day": "2026-08-10" }),
    )
    .await;
    town.until("2026-08-10 12:00").await;
    cancel().await;
    town.until("2026-08-13 16:00").await;
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
    town.until("2026-08-20 12:00").await;
    cancel().await;
    said!(
        town,
        "g-1",
        "book_new_meeting",
        [
            "2026-08-06 12:00 nudge to consultant",
            "2026-08-07 09:00 over",
            "2026-08-10 12:00 nudge to consultant",
            "2026-08-13 16:00 over",
            "2026-08-20 12:00 nudge to consultant",
        ]
    );
    said!(
        town,
        "g-1",
        "meetings_keep_failing",
        [
            "2026-08-10 12:00 escalation to project_leader",
            "2026-08-13 16:00 over",
        ]
    );
}

/// A network with companies of so many places.
async fn network(town: &Town, companies: &[(&str, u32)]) {
    town.start("network", "n-1", json!({ "name": "Fjordnetværket" }))
        .await;
    for (company, places) in companies {
        town.company(company, *places).await;
        town.link(company, "network", "n-1").await;
    }
}

#[tokio::test]
async fn no_company_meeting() {
    let town = Town::new().await;
    network(&town, &[("c-1", 1)]).await;
    town.until("2026-09-25 15:00").await;
    let with = json!({ "attendance": { "c-1": "present" } });
    town.event("n-1", "company_meeting_held", "entrepreneur", with)
        .await;
    town.until("2026-11-20 08:00").await;
    // Day 36 and day 50, counted anew from the meeting.
    said!(
        town,
        "n-1",
        "call_company_meeting",
        [
            "2026-09-08 00:00 nudge to entrepreneur",
            "2026-09-25 15:00 over",
            "2026-10-31 00:00 nudge to entrepreneur",
        ]
    );
    said!(
        town,
        "n-1",
        "still_no_company_meeting",
        [
            "2026-09-22 00:00 escalation to project_leader",
            "2026-09-25 15:00 over",
            "2026-11-14 00:00 escalation to project_leader",
        ]
    );
    let told = town.case("c-1").await.unwrap();
    assert_eq!(
        told.events["network_met"].len(),
        1,
        "each company is told of its own attendance"
    );
}

#[tokio::test]
async fn few_places_for_those_who_wait() {
    let town = Town::new().await;
    network(&town, &[("c-1", 1)]).await;
    town.young("p-1").await;
    town.link("p-1", "network", "n-1").await;
    town.met("p-1", &["c-1"]).await;
    town.until("2026-08-05 10:00").await;
    // Nothing happens to the network itself: the young person enters a stage.
    town.event("p-1", "ready_to_wish", "participant", json!({}))
        .await;
    town.until("2026-08-21 13:00").await;
    // Nor now: a company has more places.
    town.event(
        "c-1",
        "places_changed",
        "company_contact",
        json!({ "places": 2 }),
    )
    .await;
    said!(
        town,
        "n-1",
        "few_places",
        [
            "2026-08-05 10:00 nudge to entrepreneur",
            "2026-08-21 13:00 over"
        ]
    );
    said!(
        town,
        "n-1",
        "places_stay_few",
        [
            "2026-08-20 00:00 escalation to project_leader",
            "2026-08-21 13:00 over",
        ]
    );
}

#[tokio::test]
async fn a_company_says_nothing() {
    let town = Town::new().await;
    town.at_work("p-1", "2026-12-18").await;
    town.until("2026-09-02 10:00").await;
    town.event("c-1", "heard_from", "entrepreneur", json!({}))
        .await;
    // From the 3rd of August: two weeks end on the 17th, four on the 31st.
    said!(
        town,
        "c-1",
        "company_silent",
        [
            "2026-08-18 00:00 nudge to entrepreneur",
            "2026-09-02 10:00 over"
        ]
    );
    said!(
        town,
        "c-1",
        "company_still_silent",
        [
            "2026-09-01 00:00 escalation to project_leader",
            "2026-09-02 10:00 over",
        ]
    );
    // A company that has nobody may be silent.
    said!(town, "c-2", "company_silent", []);
}

#[tokio::test]
async fn most_placements_are_in_one_company() {
    let town = Town::new().await;
    network(&town, &[("c-1", 5), ("c-2", 5), ("c-3", 5)]).await;
    for (young, company) in [("p-1", "c-1"), ("p-2", "c-2"), ("p-3", "c-3")] {
        town.young(young).await;
        town.met(young, &[company]).await;
        town.wish(young, company, "participant").await;
        town.begin(young, company).await;
    }
    town.young("p-4").await;
    town.met("p-4", &["c-1"]).await;
    town.wish("p-4", "c-1", "participant").await;
    town.until("2026-08-10 09:00").await;
    said!(town, "n-1", "one_company_has_many", []);
    town.begin("p-4", "c-1").await;
    town.until("2026-08-12 09:00").await;
    town.event("p-4", "placement_ended", "participant", json!({}))
        .await;
    said!(
        town,
        "n-1",
        "one_company_has_many",
        [
            "2026-08-10 09:00 nudge to entrepreneur",
            "2026-08-12 09:00 over"
        ]
    );
}
