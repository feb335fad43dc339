//! `diff` with versions of the database, whose names no transcript can hold: they are hashes of what plans mean.

use super::bench::Bench;
use serde_json::Value;
use std::fs;

/// The small programme with a case under one version, and another version in force: their names.
fn two_versions() -> (Bench, String, String) {
    let bench = Bench::small();
    let first = in_force(&bench);
    bench.says(&["case", "start", "swimming", "--id", "s-1"]);
    let file = bench.path().join("processes/swimming.yaml");
    let process = fs::read_to_string(&file).unwrap();
    let other = process.replace(
        "first_length_within: 2 weeks",
        "first_length_within: 3 weeks",
    );
    assert_ne!(process, other);
    fs::write(&file, other).unwrap();
    let second = in_force(&bench);
    (bench, first, second)
}

/// Puts the folder in force, and gives the version of the process.
fn in_force(bench: &Bench) -> String {
    let told: Value = serde_json::from_str(&bench.says(&["activate", "--json"])).unwrap();
    let processes = told["tenants"][0]["processes"].as_array().unwrap();
    let found = processes
        .iter()
        .find(|one| one["process"] == "swimming")
        .unwrap();
    found["now"].as_str().unwrap().to_owned()
}

const LINE: &str = "first length within: 2 weeks → 3 weeks";

#[test]
fn stored_versions_go_by_the_beginning_of_their_names() {
    let (bench, first, second) = two_versions();
    let colon = |id: &str| format!("version:{id}");
    for (a, b) in [
        (first.clone(), second.clone()),
        (first[..8].to_owned(), second[..8].to_owned()),
        (first[..4].to_owned(), "active:swimming".to_owned()),
        (colon(&first[..4]), "swimming".to_owned()),
        (colon(&first), "process:swimming".to_owned()),
    ] {
        let told = bench.says(&["diff", &a, &b]);
        assert!(told.contains(LINE), "{a} {b}: {told}");
        assert!(told.contains("touches 1"), "{told}");
        assert!(told.contains("1 difference;"), "{told}");
    }
    // An old version alone is compared with what came into force after it; a file with what came before it.
    assert!(bench.says(&["diff", &first[..8]]).contains(LINE));
    let same = bench.says(&["diff", &second]);
    assert!(same.contains("they mean the same"), "{same}");
    let same = bench.says(&["diff", "swimming"]);
    assert!(same.contains("they mean the same"), "{same}");
}

/// The grounds of a stored version point into its own files, whatever stands in the folder now.
#[test]
fn a_stored_version_needs_no_folder() {
    let (bench, first, second) = two_versions();
    let told = bench.says(&["diff", &first, &second]);
    fs::remove_file(bench.path().join("processes/swimming.yaml")).unwrap();
    assert_eq!(bench.says(&["diff", &first, &second]), told);
}

#[test]
fn a_beginning_that_several_have_is_refused() {
    let (bench, first, _) = two_versions();
    bench.sql(
        "INSERT INTO plans (tenant, id, process, sources) SELECT tenant, substr(id, 1, 6) || 'ffffffffffffffffffffffffff', process, sources FROM plans",
    );
    let answer = bench.types(&["diff", &first[..6]]);
    assert_eq!(answer.code, 2, "{}", answer.out);
    assert!(
        answer
            .err
            .contains(&format!("2 versions begin with `{}`", &first[..6])),
        "{}",
        answer.err
    );
    // The name of an overlay may look like the beginning of a version.
    let name = &first[..4];
    fs::create_dir_all(bench.path().join("processes/overlays")).unwrap();
    let overlay = format!("overlay: \"{name}\"\nextends: swimming\nbecause: A name\n");
    fs::write(
        bench.path().join(format!("processes/overlays/{name}.yaml")),
        overlay,
    )
    .unwrap();
    let answer = bench.types(&["diff", name]);
    assert_eq!(answer.code, 2, "{}", answer.out);
    assert!(
        answer
            .err
            .contains(&format!("write `overlay:{name}` or `version:{name}`")),
        "{}",
        answer.err
    );
}

/// A task that is done and a deadline that is met are behind a case: what differs in them does not touch it.
#[test]
fn what_is_behind_a_case_does_not_touch_it() {
    let bench = Bench::small();
    for id in ["s-1", "s-2"] {
        bench.says(&["case", "start", "swimming", "--id", id]);
    }
    bench.says(&["task", "done", "s-1/first_talk", "--by", "teacher"]);
    let file = bench.path().join("processes/swimming.yaml");
    let process = fs::read_to_string(&file).unwrap();
    fs::write(&file, process.replace("due: 3 days", "due: 4 days")).unwrap();
    let told = bench.says(&["diff", "swimming"]);
    assert!(told.contains("touches 1 "), "{told}");
    assert!(told.contains("2 open cases"), "{told}");
    // Nothing of it is taken in by looking.
    assert_eq!(bench.says(&["diff", "swimming"]), told);
}

#[test]
fn a_version_that_cannot_be_read_is_told() {
    let (bench, first, _) = two_versions();
    bench.sql(
        "INSERT INTO plans (tenant, id, process, sources) SELECT tenant, 'ffffffffffffffffffffffffffffffff', process, '{\"processes/swimming.yaml\":\"process: swimming\"}' FROM plans LIMIT 1",
    );
    let answer = bench.types(&["diff", "ffffffff", &first]);
    assert_eq!(answer.code, 3, "{}", answer.out);
    assert!(
        answer.err.contains("cannot be made ready"),
        "{}",
        answer.err
    );
}
