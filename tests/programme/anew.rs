//! What the shipped programme needed of the language: a stage that leads into itself, and an event with several values for each case.

use super::town::Town;
use crate::said;
use serde_json::json;

const PLAIN: (&str, &str) = (
    "processes/calendars/plain.yaml",
    "calendar: plain\nzone: Europe/Copenhagen\n",
);

const GARDEN: &str = "process: garden
title: { en: A garden }
calendar: plain
roles: { gardener: {} }
events:
  watered: { by: [gardener] }
  sold: { by: [gardener] }
tracks:
  water:
    starts_in: watered_well
    stages:
      watered_well:
        tasks:
          water_it: { role: gardener, done_when: { event: watered } }
        deadlines:
          dry:
            within: 3 days
            until: { event: watered }
            nudge: [{ to: gardener, say: thirsty }]
        leave:
          - { to: watered_well, when: { event: watered } }
any_stage: { leave: [{ end: over, when: { event: sold } }] }
outcomes: { over: { result: other } }
texts: { thirsty: Water the garden }
";

#[tokio::test]
async fn a_stage_that_leads_into_itself_starts_anew() {
    let town = Town::of(&[PLAIN, ("processes/garden.yaml", GARDEN)]).await;
    town.start("garden", "g", json!({})).await;
    town.until("2026-08-05 09:00").await;
    town.event("g", "watered", "gardener", json!({})).await;
    assert!(
        town.has_task("g", "water_it").await,
        "the watering that ended one visit is not that of the next"
    );
    town.until("2026-08-10 09:00").await;
    said!(town, "g", "thirsty", ["2026-08-09 00:00 nudge to gardener"]);
    assert_eq!(
        town.stages("g", "water").await,
        [
            "2026-08-03 08:00 watered_well",
            "2026-08-05 09:00 watered_well"
        ]
    );
}
