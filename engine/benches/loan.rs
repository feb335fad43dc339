//! The plain journey: lending an aid, six events from the request to the end (`loan/processes/loan.yaml`), without rules. All invented.

use super::lines::Line;
use serde_json::json;

/// How many events a journey has after its start.
pub const EVENTS: usize = 6;

const FIRST: [&str; 8] = [
    "Anna", "Birk", "Clara", "Dagny", "Ejnar", "Frida", "Gorm", "Hilde",
];
const LAST: [&str; 7] = ["Ager", "Birkedal", "Dam", "Eng", "Fjord", "Grove", "Holt"];
const AIDS: [&str; 5] = ["Kørestol", "Rollator", "Plejeseng", "Badebænk", "Lift"];
const STAFF: [&str; 4] = ["Mette Lund", "Jens Uldal", "Karen Bruun", "Ole Kvist"];

fn pick<'a>(list: &[&'a str], at: usize) -> &'a str {
    list.get(at % list.len()).copied().unwrap_or_default()
}

/// The id of a case: all are of one length.
pub fn id(number: usize) -> String {
    format!("l{number:07}")
}

/// The request for a loan.
pub fn start(number: usize) -> Line {
    let name = format!("{} {}", pick(&FIRST, number), pick(&LAST, number / 8));
    let adviser = format!("adviser:{}", pick(&STAFF, number));
    Line::start("loan", &id(number), json!({ "name": name }), &adviser)
}

/// A loan from its request to its end.
pub fn journey(number: usize) -> Vec<Line> {
    let id = id(number);
    let adviser = format!("adviser:{}", pick(&STAFF, number));
    let depot = format!("depot:{}", pick(&STAFF, number + 1));
    vec![
        start(number),
        Line::event(
            &id,
            "assessed",
            json!({ "need": "large", "note": "Trapper i opgangen, elevator til tredje sal" }),
            &adviser,
        ),
        Line::event(
            &id,
            "granted",
            json!({ "aid": pick(&AIDS, number), "back_on": "2026-11-20" }),
            &adviser,
        ),
        Line::event(&id, "delivered", json!({ "place": "Ved døren" }), &depot),
        Line::event(&id, "followed_up", json!({ "works": true }), &adviser),
        Line::event(&id, "brought_back", json!({}), "borrower"),
        Line::event(&id, "settled", json!({ "state": "Som ny" }), &depot),
    ]
}

/// So many of them.
pub fn journeys(count: usize) -> Vec<Vec<Line>> {
    (0..count).map(journey).collect()
}
