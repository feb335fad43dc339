//! Files that are edited under a running daemon: a good version reaches new cases, a bad one is told once, and nobody starts anything anew.

use super::house::{Daemon, House, hours, monday};
use serde_json::Value as Json;
use sqlx::{Connection, SqliteConnection};
use std::{fs, thread::sleep, time::Duration};

const WALKER: &str = "processes/walker.yaml";

/// What it wrote on standard error that is not a line of its log.
fn rendered(logged: &[Json]) -> String {
    logged.iter().filter_map(Json::as_str).collect()
}

fn count(logged: &[Json], message: &str) -> usize {
    let lines = logged.iter();
    lines
        .filter(|line| {
            line["message"]
                .as_str()
                .is_some_and(|said| said.contains(message))
        })
        .count()
}

const REFUSED: &str = "the programme has errors and is not put in force; the one before stays (`forloeb check` shows them)";

#[tokio::test]
async fn an_edited_file_reaches_new_cases_and_a_bad_one_is_told_once() {
    let house = House::new().await;
    let start = |id: &str| {
        // The daemon alone puts versions in force: the command reads a folder that has nothing in it.
        house.run(&[
            "case",
            "start",
            "walker",
            "--id",
            id,
            "--programme",
            "nothing",
            "--db",
            "forloeb.db",
        ])
    };
    fs::create_dir(house.path("nothing")).unwrap();
    start("w-1");
    let mut daemon = house.daemon();

    house.edit(WALKER, "within: 3 days", "within: 5 days");
    let came = daemon.wait_for("in force for new cases");
    assert_eq!(
        (&came["process"], &came["tenant"]),
        (&"walker".into(), &"main".into())
    );
    assert_ne!(came["old"], came["new"]);
    daemon.wait_for("read the edited programme");
    start("w-2");
    let last_day = |id: &str| {
        let page: Json = serde_json::from_str(&house.run(&["case", "show", id, "--json"])).unwrap();
        page["deadlines"].to_string()
    };
    // Its programme is read by the command too, and it is the one that the daemon has put in force.
    assert!(
        last_day("w-2").contains("2026-08-08"),
        "{}",
        last_day("w-2")
    );
    assert!(
        last_day("w-1").contains("2026-08-06"),
        "{}",
        last_day("w-1")
    );

    // A slip, saved twice: what is wrong is shown as `check` shows it.
    house.edit(WALKER, "within: 5 days", "within: 5 dyas");
    daemon.wait_for(REFUSED);
    let check = String::from_utf8(house.ends(&["check"], 1).stdout).unwrap();
    let shown = check.split("\n\nnothing of it").next().unwrap();
    // Two more looks: it is not told again.
    sleep(Duration::from_millis(2_500));
    house.let_pass(monday() + hours(5 * 24)).await;
    daemon.wait_for("woke what was due");
    assert_eq!(rendered(&daemon.logged).trim_end(), shown.trim_end());
    assert_eq!(count(&daemon.logged, REFUSED), 1);
    start("w-3");
    assert!(
        last_day("w-3").contains("2026-08-13"),
        "{}",
        last_day("w-3")
    );

    house.edit(WALKER, "within: 5 dyas", "within: 6 days");
    daemon.wait_for("in force for new cases");
    start("w-4");
    assert!(
        last_day("w-4").contains("2026-08-14"),
        "{}",
        last_day("w-4")
    );
    let (code, logged) = daemon.end_with("TERM");
    assert_eq!(code, Some(0));
    assert_eq!(count(&logged, REFUSED), 1);
    house.run(&["doctor"]);
}

/// A comment does not make another version, and a file that is taken away and put back, as editors do it, is no error.
#[tokio::test]
async fn what_means_the_same_stays_in_force() {
    let house = House::new().await;
    let mut daemon = house.daemon();
    house.edit(WALKER, "process: walker", "# a remark\nprocess: walker");
    assert_eq!(daemon.wait_for("read the edited programme")["new"], 0);
    fs::rename(house.path(WALKER), house.path("kept")).unwrap();
    fs::rename(house.path("kept"), house.path(WALKER)).unwrap();
    fs::write(house.path("processes/.walker.yaml.swp"), "half of it").unwrap();
    sleep(Duration::from_millis(2_500));
    let (_, logged) = daemon.end_with("TERM");
    assert_eq!(count(&logged, "in force for new cases"), 0);
    assert_eq!(count(&logged, REFUSED), 0);
}

/// One daemon for all tenants, and for those that come while it runs.
#[tokio::test]
async fn one_daemon_serves_all_tenants_and_those_that_come() {
    let house = House::new().await;
    let file = house.path("forloeb.toml");
    fs::write(&file, "[tenants.north]\n[tenants.south]\n").unwrap();
    for tenant in ["north", "south"] {
        house.run(&["case", "start", "walker", "--id", "w-1", "--tenant", tenant]);
    }
    let mut daemon = house.daemon();
    house.let_pass(monday() + hours(2 * 24)).await;
    let woke = [
        daemon.wait_for("woke what was due"),
        daemon.wait_for("woke what was due"),
    ];
    assert_eq!(
        woke.map(|line| line["tenant"].to_string()),
        ["\"north\"", "\"south\""]
    );

    fs::write(
        &file,
        "[tenants.north]\n[tenants.south]\nprocesses = [\"walkr\"]\n[tenants.west]\n",
    )
    .unwrap();
    daemon.wait_for(REFUSED);
    // What one tenant names wrongly is told, and keeps nobody else from what is new.
    let came = daemon.wait_for("in force for new cases");
    assert_eq!(came["tenant"], "west");
    assert!(
        rendered(&daemon.logged).contains("did you mean `walker`?"),
        "{:?}",
        daemon.logged
    );
    house.run(&["case", "start", "walker", "--id", "w-1", "--tenant", "west"]);
    // A file that is wrong by itself changes nothing.
    fs::write(&file, "[tenants.north]\ntitel = \"Nord\"\n").unwrap();
    daemon.wait_for(
        "forloeb.toml has errors; what it said before stays (`forloeb check` shows them)",
    );
    // A tenant that is taken out of the file keeps its promises.
    fs::write(&file, "[tenants.north]\n[tenants.south]\n").unwrap();
    let stray = daemon.wait_for("the tenant `west` is not in forloeb.toml, and has cases in the database: its promises are kept, with the programme that it has");
    assert_eq!(stray["tenant"], "west");
    house.let_pass(monday() + hours(5 * 24)).await;
    let mut served = Vec::new();
    while !served.contains(&"west".into()) {
        served.push(daemon.wait_for("woke what was due")["tenant"].clone());
    }
    assert_eq!(daemon.end_with("TERM").0, Some(0));
    house.ends(&["doctor"], 1);
}

/// A tenant whose stored plan cannot be read any more keeps nobody else from what is due.
#[tokio::test]
async fn a_broken_tenant_stops_no_other() {
    let house = House::new().await;
    fs::write(
        house.path("forloeb.toml"),
        "[tenants.north]\n[tenants.south]\n",
    )
    .unwrap();
    for tenant in ["north", "south"] {
        house.run(&["case", "start", "walker", "--id", "w-1", "--tenant", tenant]);
    }
    // Another version for new cases, so that the one of the case is only in the database.
    house.edit(WALKER, "within: 3 days", "within: 4 days");
    house.run(&["activate"]);
    let mut connection = SqliteConnection::connect(&house.url()).await.unwrap();
    let damage = "DROP TRIGGER plans_stay;
        UPDATE plans SET sources = json_set(sources, '$.\"processes/walker.yaml\"', 'process: [')
        WHERE tenant = 'north' AND process = 'walker'";
    sqlx::raw_sql(damage)
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
    house.let_pass(monday() + hours(2 * 24)).await;
    let mut daemon = Daemon::spawn(house.program(&["run", "--poll", "0.02"]));
    let trouble = daemon.wait_for("a tenant cannot be gone through");
    assert_eq!(trouble["tenant"], "north");
    assert_eq!(daemon.wait_for("woke what was due")["tenant"], "south");
    assert_eq!(daemon.end_with("TERM").0, Some(0));
    // A command says for whom it could not do it, and does it for the other.
    house.let_pass(monday() + hours(5 * 24)).await;
    let tick = house.ends(&["tick"], 3);
    let (out, err) = (
        String::from_utf8_lossy(&tick.stdout),
        String::from_utf8_lossy(&tick.stderr),
    );
    assert!(out.contains("south") && out.contains("w-1"), "{out}");
    assert!(err.contains("tenant `north`"), "{err}");
    // The clock is everybody's: it does not pass what one of them has not gone through.
    let clock = house.run(&["clock", "--json", "--tenant", "south"]);
    let advance = house.ends(&["clock", "advance", "1 day"], 3);
    let err = String::from_utf8_lossy(&advance.stderr).into_owned();
    assert!(err.contains("tenant `north`"), "{err}");
    assert_eq!(house.run(&["clock", "--json", "--tenant", "south"]), clock);
}

/// An overlay that is edited reaches new cases of the tenant who has it, and of nobody else.
#[tokio::test]
async fn an_edited_overlay_reaches_its_tenant() {
    const OVERLAY: &str = "processes/overlays/slow.yaml";
    let house = House::new().await;
    fs::create_dir(house.path("processes/overlays")).unwrap();
    let overlay = "overlay: slow\nextends: walker\nbecause: it is hilly here\nset:\n  tracks.way.stages.strolling.deadlines.first_walk.within: { was: 3 days, to: 4 days }\n";
    fs::write(house.path(OVERLAY), overlay).unwrap();
    let file = "[tenants.north]\noverlays = [\"slow\"]\n[tenants.south]\n";
    fs::write(house.path("forloeb.toml"), file).unwrap();
    let mut daemon = house.daemon();
    house.edit(OVERLAY, "to: 4 days", "to: 6 days");
    assert_eq!(daemon.wait_for("read the edited programme")["new"], 1);
    let last_day = |tenant: &str| {
        // From elsewhere, so that the daemon alone puts versions in force.
        let (db, away) = (house.url(), house.path("nothing"));
        let away = away.to_str().unwrap();
        let at = ["--db", &db, "--programme", away, "--tenant", tenant];
        house.run(&[&["case", "start", "walker", "--id", "w-1"][..], &at].concat());
        house.run(&[&["case", "show", "w-1", "--json"][..], &at].concat())
    };
    fs::create_dir(house.path("nothing")).unwrap();
    let (north, south) = (last_day("north"), last_day("south"));
    assert!(
        north.contains("2026-08-09") && !south.contains("2026-08-09"),
        "{north}{south}"
    );
    assert!(south.contains("2026-08-06"), "{south}");
    assert_eq!(daemon.end_with("TERM").0, Some(0));
    house.run(&["doctor"]);
}
