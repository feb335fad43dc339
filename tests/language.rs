//! The process language on the shipped programme.

use forloeb::{
    diagnostic::{Colour, render_all},
    language::programme::{load, read_folder},
};
use std::path::Path;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_shipped_programme_has_nothing_wrong() {
    let loaded = load(&read_folder(root()).unwrap());
    assert_eq!(render_all(&loaded.diagnostics, Colour::Off), "");
    let names: Vec<&str> = loaded.plans.keys().map(|name| name.as_str()).collect();
    assert_eq!(names, ["company", "nextwork", "peer_group"]);
}

#[test]
fn a_plan_is_the_same_when_loaded_from_its_own_sources() {
    let loaded = load(&read_folder(root()).unwrap());
    for (name, ready) in &loaded.plans {
        let again = load(&ready.sources);
        assert_eq!(again.plans[name].plan, ready.plan, "{name}");
    }
}
