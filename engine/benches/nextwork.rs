//! Six events of a young person's journey in the shipped programme, with all its rules, and the companies that they lead to.

use super::{lines::Line, people};
use serde_json::json;

/// How many journeys there are to a company.
const TO_A_COMPANY: usize = 8;

/// Companies for so many journeys, as members with places.
pub fn companies(journeys: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    for place in 0..journeys.div_ceil(TO_A_COMPANY).max(3) {
        let id = company(place);
        let by = format!("entrepreneur:{}", people::staff(place / 20, 0));
        lines.push(Line::start(
            "company",
            &id,
            json!({ "name": people::company(0, place) }),
            &by,
        ));
        lines.push(Line::event(
            &id,
            "joined_network",
            json!({ "places": 10 }),
            &by,
        ));
    }
    lines
}

fn company(place: usize) -> String {
    format!("c{place:05}")
}

/// A journey: from the start to a placement and the first check-in.
pub fn journey(number: usize, journeys: usize) -> Vec<Line> {
    let companies = journeys.div_ceil(TO_A_COMPANY).max(3);
    let id = format!("p{number:06}");
    let name = people::person(number);
    let me = format!("participant:{name}");
    let consultant = format!("consultant:{}", people::staff(number / 60, 1));
    let (first, second) = (
        company(number % companies),
        company((number + 1) % companies),
    );
    vec![
        Line::start("nextwork", &id, json!({ "name": name }), &consultant),
        Line::event(&id, "company_met", json!({ "company": first }), &me),
        Line::event(&id, "company_met", json!({ "company": second }), &me),
        Line::event(
            &id,
            "wish_stated",
            json!({ "company": first, "why": "Jeg kan godt lide at lave noget med hænderne" }),
            &me,
        ),
        Line::event(
            &id,
            "placement_agreed",
            json!({ "company": first, "hours": 20, "ends": "2026-10-30" }),
            &consultant,
        ),
        Line::event(&id, "placement_started", json!({ "company": first }), &me),
        Line::event(
            &id,
            "checked_in",
            json!({ "wellbeing": 5 + number % 4 }),
            &me,
        ),
    ]
}
