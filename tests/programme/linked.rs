//! Rules over many linked cases are exact at the instant when a linked case changes, without evaluating everything: against a
//! town in which every case is woken after every input and every day.

use super::town::Town;
use forloeb::turn::Request;
use forloeb_core::{entry::What, input::Input};
use jiff::SignedDuration;
use proptest::{prelude::*, test_runner::TestCaseError};
use serde_json::{Map, Value, json};
use std::env;

const COMPANIES: [&str; 3] = ["c-1", "c-2", "c-3"];
const YOUNG: [&str; 7] = ["p-1", "p-2", "p-3", "p-4", "p-5", "p-6", "p-7"];
const TOGETHER: [&str; 2] = ["n-1", "g-1"];
/// How often every case is woken by force.
const STEP: SignedDuration = SignedDuration::from_hours(24);
/// How long is waited after the last deed: longer than a place or a group may stay as it should not be.
const AFTERWARDS: SignedDuration = SignedDuration::from_hours(24 * 25);

/// Something that happens, to whom, and how long after the one before.
#[derive(Clone, Debug)]
struct Deed {
    pause: SignedDuration,
    kind: u8,
    young: usize,
    company: usize,
    number: u32,
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let deed = (
        0..96_i64,
        0..17_u8,
        0..YOUNG.len(),
        0..COMPANIES.len(),
        0..3_u32,
    );
    let deed = deed.prop_map(|(hours, kind, young, company, number)| Deed {
        pause: SignedDuration::from_hours(hours / 3),
        kind,
        young,
        company,
        number,
    });
    prop::collection::vec(deed, 10..35)
}

async fn people(town: &Town) {
    town.start("network", "n-1", json!({ "name": "Fjordnetværket" }))
        .await;
    town.start("peer_group", "g-1", json!({ "name": "Havnegruppen" }))
        .await;
    for company in COMPANIES {
        town.company(company, 1).await;
        town.link(company, "network", "n-1").await;
    }
    for young in YOUNG {
        town.young(young).await;
        town.link(young, "network", "n-1").await;
        town.link(young, "group", "g-1").await;
    }
}

/// One value for each case behind a link, as the town knows it.
async fn each(town: &Town, case: &str, link: &str, value: Value) -> Map<String, Value> {
    let linked = town.linked(case, link).await;
    linked.into_iter().map(|id| (id, value.clone())).collect()
}

/// A deed as an input: who does it to which case.
async fn input(town: &Town, deed: &Deed) -> (&'static str, &'static str, Input) {
    let (young, company) = (YOUNG[deed.young], COMPANIES[deed.company]);
    let report = |case, event, by, with| (case, by, Town::report(event, with));
    let link = |link: &str, to: &str| Input::Link {
        link: link.into(),
        to: to.into(),
        from: None,
    };
    let here = json!({ "company": company });
    match deed.kind {
        0 => report(young, "company_met", "participant", here),
        1 => report(young, "ready_to_wish", "participant", json!({})),
        2 | 3 => report(
            young,
            "wish_stated",
            "participant",
            json!({ "company": company, "why": "I like it" }),
        ),
        4 | 5 => report(young, "placement_started", "consultant", here),
        6 => report(young, "placement_ended", "participant", json!({})),
        7 => report(
            company,
            "places_changed",
            "entrepreneur",
            json!({ "places": deed.number }),
        ),
        8 => report(young, "left_group", "participant", json!({})),
        9 => (young, "consultant", link("group", "g-1")),
        10 => report("g-1", "meeting_cancelled", "consultant", json!({})),
        11 => {
            let attendance = each(town, "g-1", "members", json!("present")).await;
            report(
                "g-1",
                "meeting_held",
                "consultant",
                json!({ "attendance": attendance }),
            )
        }
        12 => (
            young,
            "consultant",
            Input::Hold {
                until: None,
                because: "a pause".to_owned(),
            },
        ),
        13 => (young, "consultant", Input::Resume),
        14 => match deed.number {
            0 => report(company, "took_a_break", "entrepreneur", json!({})),
            1 => report(company, "came_back", "entrepreneur", json!({})),
            _ => (
                company,
                "entrepreneur",
                Input::Unlink {
                    link: "network".into(),
                    to: "n-1".into(),
                    from: None,
                },
            ),
        },
        15 => match deed.number {
            0 => report(young, "study_away_started", "participant", json!({})),
            1 => report(young, "study_away_ended", "participant", json!({})),
            _ => report(young, "job_started", "participant", json!({})),
        },
        _ => {
            let hours = each(town, company, "placements", json!(20)).await;
            report(
                company,
                "week_told",
                "company_contact",
                json!({ "hours": hours }),
            )
        }
    }
}

fn everybody() -> impl Iterator<Item = &'static str> {
    TOGETHER.into_iter().chain(COMPANIES).chain(YOUNG)
}

/// Wakes every case, whatever it waits for and whatever was asked before.
async fn wake_all(town: &Town) {
    let wake = |case: &str| Request {
        case: Some(case.into()),
        process: None,
        input: Input::Wake,
        by: None,
        on_behalf_of: None,
        key: None,
    };
    let everybody = everybody().map(wake).collect();
    for woken in town.stranger().await.submit(everybody).await.unwrap() {
        woken.unwrap();
    }
}

async fn wait(lazy: &Town, forced: &Town, long: SignedDuration) {
    let mut now = lazy.engine.now().await.unwrap();
    let until = now + long;
    lazy.until_instant(until).await;
    while now < until {
        now = (now + STEP).min(until);
        forced.until_instant(now).await;
        wake_all(forced).await;
    }
}

/// Goes through the deeds in both towns. How often something about the network or the group itself changed.
async fn compare(deeds: &[Deed]) -> Result<usize, TestCaseError> {
    let (lazy, forced) = (Town::new().await, Town::new().await);
    people(&lazy).await;
    people(&forced).await;
    for deed in deeds {
        wait(&lazy, &forced, deed.pause).await;
        let (case, by, given) = input(&lazy, deed).await;
        let one = lazy.give(case, None, by, given.clone()).await.is_ok();
        let other = forced.give(case, None, by, given).await.is_ok();
        prop_assert_eq!(one, other, "{:?}", deed);
        wake_all(&forced).await;
    }
    wait(&lazy, &forced, AFTERWARDS).await;
    for case in everybody() {
        prop_assert_eq!(
            lazy.history(case).await,
            forced.history(case).await,
            "the history of {}",
            case
        );
    }
    let mut changes = 0;
    for case in TOGETHER {
        let found = |what: &What| {
            matches!(
                what,
                What::StageEntered { .. } | What::FindingOpened { .. } | What::FindingClosed { .. }
            )
        };
        changes += lazy
            .history(case)
            .await
            .iter()
            .filter(|entry| found(&entry.what))
            .count();
    }
    Ok(changes)
}

/// `PROPTEST_CASES=200 cargo test linked` looks at more.
fn cases() -> u32 {
    let given = env::var("PROPTEST_CASES").ok();
    given.and_then(|given| given.parse().ok()).unwrap_or(3)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), max_shrink_iters: 20, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_found_over_linked_cases_is_what_evaluating_everything_finds(deeds in deeds()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let changes = runtime.block_on(compare(&deeds))?;
        // The group is one too many from the beginning, or the test would show nothing.
        prop_assert!(changes > 2, "{changes}");
    }
}
