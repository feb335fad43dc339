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

const CLASS: &str = "process: class
title: { en: A class }
calendar: plain
roles: { teacher: {} }
links: { pupils: { to: pupil, many: yes, inverse: class } }
events:
  lesson_held:
    by: [teacher]
    with:
      marks: { each: pupils, type: number }
      praise: { each: pupils, type: text, optional: yes }
    tell: { pupils: { event: lesson, with: { mark: marks, praise: praise } } }
  closed: { by: [teacher] }
tracks: { life: { starts_in: open, stages: { open: { leave: [{ end: over, when: { event: closed } }] } } } }
outcomes: { over: { result: other } }
";

const PUPIL: &str = "process: pupil
title: { en: A pupil }
calendar: plain
roles: { teacher: {} }
links: { class: { to: class, inverse: pupils } }
events:
  lesson:
    told_by: [class]
    with:
      mark: { type: number, optional: yes }
      praise: { type: text, optional: yes }
  left: { by: [teacher] }
tracks: { life: { starts_in: learning, stages: { learning: { leave: [{ end: gone, when: { event: left } }] } } } }
outcomes: { gone: { result: other } }
";

#[tokio::test]
async fn each_case_that_any_value_names_is_told_what_is_there_for_it() {
    let files = [
        PLAIN,
        ("processes/class.yaml", CLASS),
        ("processes/pupil.yaml", PUPIL),
    ];
    let town = Town::of(&files).await;
    town.start("class", "c", json!({})).await;
    for pupil in ["a", "b", "d", "e"] {
        town.start("pupil", pupil, json!({})).await;
        town.link(pupil, "class", "c").await;
    }
    let with = json!({ "marks": { "a": 7, "b": 10 }, "praise": { "b": "Well read", "d": "Helped others" } });
    town.event("c", "lesson_held", "teacher", with).await;
    let mut told = Vec::new();
    for pupil in ["a", "b", "d", "e"] {
        let case = town.case(pupil).await.unwrap();
        for lesson in case.events.get("lesson").into_iter().flatten() {
            let fields: Vec<String> = lesson
                .with
                .iter()
                .map(|(name, value)| format!("{name} {value}"))
                .collect();
            told.push(format!("{pupil}: {}", fields.join(", ")));
        }
    }
    assert_eq!(
        told,
        [
            "a: mark 7",
            "b: mark 10, praise Well read",
            "d: praise Helped others"
        ]
    );
}
