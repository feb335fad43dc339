//! Several tenants go through time together: the clock never passes what is due for one of them, and each lives as it would alone.

use super::house::{House, hours, monday};
use forloeb::{
    store::{Clock, Store},
    turn::Tenants,
};
use serde_json::{Value as Json, json};

/// Walkers who begin and leave home at different minutes, so that much is due in between.
fn lines(from: usize, step: usize) -> Vec<Json> {
    let mut lines = Vec::new();
    for number in (from..60).step_by(step) {
        let id = format!("w-{number:02}");
        let left =
            monday() - hours(1) + jiff::SignedDuration::from_mins(i64::try_from(number).unwrap());
        let left = left.min(monday());
        lines.push(json!({"start": "walker", "id": id}));
        lines.push(
            json!({"case": id, "event": "left_home", "by": "walker", "at": left.to_string()}),
        );
    }
    lines
}

async fn two() -> House {
    let house = House::new().await;
    let file = "[tenants.north]\n[tenants.south]\n";
    std::fs::write(house.path("forloeb.toml"), file).unwrap();
    house.run(&["activate"]);
    house
}

#[tokio::test]
async fn the_clock_passes_nothing_that_is_due_for_anybody() {
    let house = two().await;
    house.lines("north", &lines(0, 3));
    house.lines("south", &lines(1, 2));
    for tenant in ["north", "south"] {
        house.run(&["apply", tenant, "--tenant", tenant]);
    }
    let store = house.store().await;
    let mut tenants = Tenants::over(store.clone());
    tenants.add_stored().await.unwrap();
    let to = monday() + hours(6 * 24);
    let (mut turns, mut before) = (0, monday());
    loop {
        let tenant = tenants.first().await.unwrap().unwrap();
        let woken = tenants.advance(&tenant, to).await.unwrap();
        let Clock::Virtual(now) = store.clock().await.unwrap() else {
            panic!("the clock is virtual");
        };
        assert!(now >= before);
        let wakes = tenants.wakes().await.unwrap();
        for (other, wake) in &wakes {
            assert!(
                *wake >= now,
                "after {tenant}, {other} has been due since {wake}, and it is {now}"
            );
        }
        (before, turns) = (now, turns + 1);
        if woken.all {
            assert_eq!(now, to);
            assert!(wakes.values().all(|wake| *wake > to));
            break;
        }
    }
    assert!(turns > 20, "{turns}");
    house.run(&["doctor"]);
}

/// What a tenant lives through is the same beside another one and alone: every row of it.
#[tokio::test]
async fn each_lives_as_it_would_alone() {
    let (beside, alone) = (two().await, two().await);
    beside.lines("north", &lines(0, 3));
    beside.run(&["apply", "north", "--tenant", "north"]);
    for house in [&beside, &alone] {
        house.lines("south", &lines(1, 2));
        house.run(&["apply", "south", "--tenant", "south"]);
        house.run(&["clock", "advance", "3 days", "--tenant", "south"]);
        house.run(&["clock", "advance", "5 days"]);
        house.let_pass(monday() + hours(9 * 24)).await;
        house.run(&["tick"]);
    }
    let of_south = |rows: Vec<String>| -> Vec<String> {
        rows.into_iter()
            .filter(|row| row.contains(": 'south'"))
            .collect()
    };
    let (beside, alone) = (of_south(beside.rows().await), of_south(alone.rows().await));
    assert!(alone.len() > 300, "{}", alone.len());
    assert_eq!(beside, alone);
}

/// A line that moves the clock moves it for all.
#[tokio::test]
async fn lines_that_move_the_clock_take_all_along() {
    let house = two().await;
    house.lines("north", &lines(0, 20));
    house.run(&["apply", "north", "--tenant", "north"]);
    let mut south = lines(1, 20);
    south.push(json!({"advance": "2 days"}));
    south.push(json!({"advance": "2 days"}));
    house.lines("south", &south);
    house.run(&["apply", "south", "--tenant", "south"]);
    let store = house.store().await;
    for tenant in ["north", "south"] {
        assert!(store.next_wake(tenant).await.unwrap().unwrap() > monday() + hours(4 * 24));
    }
    assert_eq!(
        house
            .number("SELECT count(*) FROM history WHERE late_us > 0")
            .await,
        0
    );
}
