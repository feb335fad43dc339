//! Golden cases of `check`: each file of `tests/golden/check` is a small programme with a mistake, and beside it lies the
//! complete output.
//!
//! A case `NN-name.case` holds files, each after a line `--- path`. A calendar `plain` is added where a case has no calendar of
//! its own. Run with `BLESS=1` to write what the program says now, then read every changed line.

use forloeb::{
    diagnostic::{Colour, Source, render_all},
    language::programme::load,
};
use std::{env, fs, path::Path, sync::Arc};

const PLAIN: &str = "calendar: plain\nzone: Europe/Copenhagen\n";

/// The files of a case.
fn files(case: &str) -> Vec<Arc<Source>> {
    let mut sources: Vec<(String, String)> = Vec::new();
    for line in case.split_inclusive('\n') {
        if let Some(path) = line.strip_prefix("--- ") {
            sources.push((path.trim().to_owned(), String::new()));
        } else if let Some((_, text)) = sources.last_mut() {
            text.push_str(line);
        }
    }
    if !sources
        .iter()
        .any(|(path, _)| path.starts_with("processes/calendars/"))
    {
        sources.push((
            "processes/calendars/plain.yaml".to_owned(),
            PLAIN.to_owned(),
        ));
    }
    sources.sort();
    sources
        .into_iter()
        .map(|(path, text)| {
            Arc::new(Source {
                path: path.into(),
                text,
            })
        })
        .collect()
}

#[test]
fn each_broken_programme_is_told_what_is_wrong() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/check");
    let bless = env::var_os("BLESS").is_some();
    let mut cases: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "case"))
        .collect();
    cases.sort();
    assert!(cases.len() >= 60, "only {} cases", cases.len());
    let mut wrong = Vec::new();
    for case in cases {
        let said = render_all(
            &load(&files(&fs::read_to_string(&case).unwrap())).diagnostics,
            Colour::Off,
        );
        let expected = case.with_extension("expected");
        if bless {
            fs::write(&expected, said).unwrap();
        } else if fs::read_to_string(&expected).unwrap_or_default() != said {
            wrong.push(format!("{}\n{said}", case.display()));
        }
    }
    assert!(wrong.is_empty(), "not as expected:\n\n{}", wrong.join("\n"));
}
