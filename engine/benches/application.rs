//! The plainest journey: an application, six events from its arrival to the end (`application/processes/application.yaml`), without
//! rules. All invented.

use super::lines::Line;
use serde_json::json;

/// How many events a journey has after its start.
pub const EVENTS: usize = 6;

const TOPICS: [&str; 4] = ["Bolig", "Tandlæge", "Briller", "Flytning"];
const CLERK: &str = "clerk:Eva Holm";

fn journey(number: usize) -> Vec<Line> {
    let id = format!("a{number:07}");
    let topic = TOPICS.get(number % TOPICS.len());
    vec![
        Line::start("application", &id, json!({}), CLERK),
        Line::event(&id, "received", json!({ "topic": topic }), CLERK),
        Line::event(&id, "documented", json!({}), "applicant"),
        Line::event(&id, "assessed", json!({ "amount": 1_200 }), CLERK),
        Line::event(&id, "decided", json!({}), CLERK),
        Line::event(&id, "paid", json!({}), CLERK),
        Line::event(&id, "closed", json!({}), CLERK),
    ]
}

/// So many of them.
pub fn journeys(count: usize) -> Vec<Vec<Line>> {
    (0..count).map(journey).collect()
}
