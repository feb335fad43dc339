//! Trouble around the program: a database that is locked, a disk that takes nothing more, a file that may not be written.

use super::house::{Daemon, House, hours, monday};
use sqlx::{Connection, SqliteConnection};
use std::{
    fs::{self, Permissions},
    os::unix::fs::{MetadataExt, PermissionsExt},
    process::Command,
};

/// While somebody else writes, the daemon waits; then it goes on.
#[tokio::test]
async fn it_waits_for_whoever_writes() {
    let house = House::new().await;
    house.run(&["case", "start", "walker", "--id", "w-1"]);
    house.let_pass(monday() + hours(9 * 24)).await;
    let mut other = SqliteConnection::connect(&house.url()).await.unwrap();
    let lock = other.begin_with("BEGIN IMMEDIATE").await.unwrap();
    let mut daemon = house.daemon();
    // Reading goes on meanwhile.
    house.run(&["clock"]);
    assert!(daemon.child.try_wait().unwrap().is_none());
    lock.rollback().await.unwrap();
    daemon.wait_for("woke what was due");
    assert_eq!(daemon.end_with("TERM").0, Some(0));
}

/// A disk that takes nothing more ends nothing: the daemon says so, tries again, and goes on when there is room.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn it_goes_on_when_the_disk_takes_something_again() {
    let house = House::new().await;
    house.run(&["case", "start", "walker", "--id", "w-1"]);
    // Without the trap the system would end a program that writes more than it may.
    let run = house.program(&["run", "--poll", "0.02"]);
    let mut command = house.program(&[]);
    let mut shell = Command::new("sh");
    shell
        .args(["-c", "trap '' XFSZ; exec \"$0\" run --poll 0.02"])
        .arg(run.get_program())
        .current_dir(house.path("."))
        .stderr(std::process::Stdio::piped())
        .stdout(std::process::Stdio::null());
    std::mem::swap(&mut command, &mut shell);
    let mut daemon = Daemon::spawn(command);
    daemon.wait_for("keeping promises");
    let may_write = |bytes: &str| {
        let pid = daemon.child.id().to_string();
        let set = Command::new("prlimit")
            .args(["--pid", &pid, &format!("--fsize={bytes}:")])
            .status();
        assert!(set.unwrap().success());
    };
    may_write("1");
    house.let_pass(monday() + hours(9 * 24)).await;
    let pid = daemon.child.id();
    let trouble = daemon.wait_for("trying again");
    assert!(
        trouble["help"].as_str().unwrap().contains("disk"),
        "{trouble}"
    );
    let set = Command::new("prlimit")
        .args(["--pid", &pid.to_string(), "--fsize=unlimited:"])
        .status();
    assert!(set.unwrap().success());
    daemon.wait_for("woke what was due");
    assert_eq!(daemon.end_with("TERM").0, Some(0));
    house.run(&["doctor"]);
}

/// A file that may not be written is told with what to do, and nothing else is tried.
#[tokio::test]
async fn a_file_that_may_not_be_written() {
    let house = House::new().await;
    house.run(&["case", "start", "walker", "--id", "w-1"]);
    let (folder, file) = (house.path("."), house.path("forloeb.db"));
    fs::set_permissions(&folder, Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(&file, Permissions::from_mode(0o444)).unwrap();
    let direct = house.program(&["case", "start", "walker"]);
    let mut command = match fs::metadata(&file).unwrap().uid() {
        // Nothing stops the superuser from writing.
        0 => {
            let mut nobody = Command::new("setpriv");
            nobody
                .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
                .arg(direct.get_program())
                .args(direct.get_args())
                .current_dir(&folder);
            nobody
        }
        _ => direct,
    };
    let output = command.output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3), "{told}");
    assert!(
        told.contains("help: ") && told.contains("this user"),
        "{told}"
    );
}
