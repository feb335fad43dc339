//! Two towns that go through the shipped programme for two weeks, so that in each of them somebody is in every stage.

use serde_json::{Value as Json, json};

/// Days between two rounds of what happens.
pub(super) const ROUNDS: [&str; 3] = ["5 days", "6 days", "2 days"];

/// How many people share a group, and how many a company.
const TOGETHER: usize = 8;

/// What happens in a round, for so many young people. Most of it is the same in each town, and each input has a key.
pub(super) fn lines(round: usize, people: usize) -> Vec<Json> {
    let mut lines = Vec::new();
    if round == 0 {
        found(people, &mut lines);
    }
    for person in 0..people {
        let mut own = happens(round, person);
        for (number, line) in own.iter_mut().enumerate() {
            line["key"] = json!(format!("k{round}-{number}"));
        }
        lines.extend(own);
    }
    lines
}

fn company(person: usize) -> String {
    format!("c-{:02}", person / TOGETHER)
}

fn found(people: usize, lines: &mut Vec<Json>) {
    let by = "entrepreneur:Søren Bak";
    lines.push(json!({ "start": "network", "id": "n", "set": { "name": "Netværket" }, "by": by }));
    for place in 0..people.div_ceil(TOGETHER) {
        let (company, group) = (format!("c-{place:02}"), format!("g-{place:02}"));
        lines.push(json!({ "start": "company", "id": company, "set": { "name": format!("Firma {place}") }, "by": by }));
        lines.push(json!({ "link": "network", "case": company, "to": "n", "by": by }));
        lines.push(json!({ "start": "peer_group", "id": group, "set": { "name": format!("Gruppe {place}") }, "by": "consultant:Mette Holm" }));
    }
}

/// What happens to somebody in a round: in which stage they end is their number.
fn happens(round: usize, person: usize) -> Vec<Json> {
    let id = format!("p-{person:03}");
    let (me, consultant) = (format!("participant:Ung {person}"), "consultant:Mette Holm");
    let company = company(person);
    let event = |event: &str, by: &str, with: Json| json!({ "case": id, "event": event, "by": by, "with": with });
    let alone = |name: &str, by: &str| json!({ "case": id, "event": name, "by": by });
    let at_company = || json!({ "company": company });
    let meets = || event("company_met", &me, at_company());
    let wishes = || {
        event(
            "wish_stated",
            &me,
            json!({ "company": company, "why": "Jeg vil prøve det" }),
        )
    };
    let begins = || event("placement_started", &me, at_company());
    let agreed = || {
        event(
            "placement_agreed",
            consultant,
            json!({ "company": company, "hours": 20, "ends": "2026-10-12" }),
        )
    };
    // Whoever gets the talk that Roskilde offers first goes on by it; elsewhere it is a talk like others.
    let talk = || alone("talk_held", "psychologist:Pia Friis");
    let mut lines = Vec::new();
    let place = person % 11;
    match (round, place) {
        (0, _) => {
            let name = format!("Ung {person}");
            lines.push(
                json!({ "start": "nextwork", "id": id, "set": { "name": name }, "by": consultant }),
            );
            lines.push(json!({ "link": "network", "case": id, "to": "n", "by": consultant }));
            if !matches!(place, 0) && person % 5 != 4 {
                let group = format!("g-{:02}", person / TOGETHER);
                lines.push(json!({ "link": "group", "case": id, "to": group, "by": consultant }));
            }
            if place >= 1 {
                lines.push(alone("welcomed", consultant));
                lines.push(event(
                    "said_who_may_know",
                    &me,
                    json!({ "psychologist": person.is_multiple_of(2) }),
                ));
            }
            if place >= 2 {
                lines.extend([meets(), talk()]);
            }
            if place == 6 {
                lines.push(wishes());
            }
        }
        (1, 3) => lines.push(alone("ready_to_wish", &me)),
        (1, 4) => lines.push(wishes()),
        (1, 5..=10) => lines.extend([wishes(), agreed(), begins()]),
        (2, 4) => lines.push(event("company_met", &me, json!({ "company": "c-00" }))),
        (2, 6) => lines.push(alone("study_away_started", &me)),
        (2, 7 | 8) => lines.push(alone("placement_ended", consultant)),
        (2, 9) => lines.push(alone("job_started", &me)),
        (2, 10) => lines.push(alone("education_started", &me)),
        _ => {}
    }
    match (round, person % 7) {
        (0, 2) => lines.push(json!({ "hold": id, "because": "syg", "by": consultant })),
        (1, 2) => lines.insert(0, json!({ "resume": id, "by": consultant })),
        (1, 3) => lines.push(
            json!({ "hold": id, "because": "på rejse", "until": "2026-08-11", "by": consultant }),
        ),
        (2, 2 | 5) => lines.push(json!({ "hold": id, "because": "pause", "by": consultant })),
        (1, 4) => lines.push(alone("talk_offered", consultant)),
        (2, 6) => lines.extend([alone("talk_offered", consultant), alone("talk_booked", &me)]),
        (_, 1) if place >= 2 => {
            lines.push(event("checked_in", &me, json!({ "wellbeing": 5 + round })))
        }
        _ => {}
    }
    lines
}
