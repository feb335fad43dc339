//! The shipped programme, inside the binary.

use rust_embed::RustEmbed;

/// The processes, their calendars, and the inputs of the demo.
#[derive(RustEmbed)]
#[folder = "processes/"]
struct Processes;

/// The rules.
#[derive(RustEmbed)]
#[folder = "rules/"]
struct Rules;

/// The inputs of the demo, beside the processes.
const DEMO: &str = "demo.ndjson";

/// Each file of the shipped programme by its path in a programme's folder.
pub fn files() -> Vec<(String, String)> {
    let processes = Processes::iter()
        .filter(|path| path != DEMO)
        .filter_map(|path| Some((format!("processes/{path}"), text(Processes::get(&path)?))));
    let rules =
        Rules::iter().filter_map(|path| Some((format!("rules/{path}"), text(Rules::get(&path)?))));
    processes.chain(rules).collect()
}

/// The inputs of the demo, as lines for `apply`.
pub fn demo() -> String {
    Processes::get(DEMO).map(text).unwrap_or_default()
}

fn text(file: rust_embed::EmbeddedFile) -> String {
    String::from_utf8_lossy(&file.data).into_owned()
}
