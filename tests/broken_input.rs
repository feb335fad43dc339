//! Whatever stands in the files, loading ends, does not panic, and points at places that exist.

use forloeb::{
    diagnostic::{Colour, Diagnostic, Source, Span, render_all},
    language::programme::{Loaded, load, read_folder},
};
use proptest::prelude::*;
use std::{fs, path::Path, sync::Arc, time::Instant};

/// How many processes are shipped: a damaged programme has fewer.
const SHIPPED: usize = 4;

/// How many overlays there are over them.
const OVERLAYS: usize = 2;

fn one(text: &str) -> Vec<Arc<Source>> {
    vec![Arc::new(Source {
        path: "processes/walk.yaml".into(),
        text: text.to_owned(),
    })]
}

fn exists(span: &Span) {
    assert!(span.start <= span.end, "{span:?}");
    assert!(span.source.text.get(span.start..span.end).is_some());
}

/// Loads, and looks at every place that is pointed at.
fn checked(sources: &[Arc<Source>]) -> Loaded {
    let loaded = load(sources);
    for diagnostic in &loaded.diagnostics {
        exists(&diagnostic.span);
        diagnostic.also.iter().for_each(|(span, _)| exists(span));
        let _ = diagnostic.to_json();
    }
    let _ = render_all(&loaded.diagnostics, Colour::Off);
    loaded
}

fn codes(loaded: &Loaded) -> Vec<&'static str> {
    loaded
        .diagnostics
        .iter()
        .map(|one: &Diagnostic| one.code)
        .collect()
}

#[test]
fn what_no_file_should_be_is_told_and_not_read() {
    let began = Instant::now();
    assert_eq!(codes(&checked(&one(""))), ["empty-file"]);
    assert_eq!(codes(&checked(&one("~"))), ["missing-key"; 5]);
    for (text, code) in [
        ("[".repeat(100_000), "bad-yaml"),
        ("{a: ".repeat(50_000), "bad-yaml"),
        ("- ".repeat(50_000), "too-deep"),
        ("x: y\n".repeat(100_000), "too-large"),
        ("[,,,,]".to_owned(), "bad-yaml"),
        ("process: walk\u{0}".to_owned(), "bad-yaml"),
        ("? [a]\n: b".to_owned(), "bad-key"),
        ("<<: *base".to_owned(), "bad-yaml"),
        ("%YAML 1.1\n---\na: b".to_owned(), "bad-yaml"),
    ] {
        let loaded = checked(&one(&text));
        assert_eq!(codes(&loaded), [code], "{}", &text[..text.len().min(40)]);
    }
    let many = "a,".repeat(60_000);
    assert_eq!(
        codes(&checked(&one(&format!("x: [{many}]")))),
        ["too-many-values"]
    );
    assert!(began.elapsed().as_secs() < 10, "{:?}", began.elapsed());
}

#[test]
fn a_folder_is_read_whatever_its_encoding() {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, bytes: &[u8]| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    };
    write(
        "processes/latin.yaml",
        b"process: latin\ntitle: { da: F\xf8r }\n",
    );
    write(
        "processes/calendars/bom.yaml",
        "\u{FEFF}calendar: bom\nzone: UTC\n".as_bytes(),
    );
    write(
        "processes/calendars/crlf.yaml",
        b"calendar: crlf\r\nzone: UTC\r\nweekend: [sonday]\r\n",
    );
    write("processes/.hidden.yaml", b"[");
    write("notes.yaml", b"[");
    let loaded = checked(&read_folder(folder.path()).unwrap());
    assert_eq!(codes(&loaded), ["unknown-weekday", "not-utf8"]);
    let weekday = loaded.diagnostics[0].span.ground();
    assert_eq!((weekday.line, weekday.column), (3, 11));
    let said = render_all(&loaded.diagnostics, Colour::Off);
    assert!(!said.contains('\r'), "{said}");
    assert!(read_folder(&folder.path().join("nowhere")).is_err());
}

/// One way to damage a text.
#[derive(Clone, Debug)]
enum Damage {
    Cut(usize, usize),
    Double(usize, usize),
    Insert(usize, char),
    SwapLines(usize, usize),
}

fn damage() -> impl Strategy<Value = Damage> {
    let sign = prop::sample::select(vec![
        '{',
        '}',
        '[',
        ']',
        ':',
        ',',
        '"',
        '\'',
        '-',
        '#',
        '&',
        '*',
        '!',
        '|',
        '>',
        '\t',
        '\n',
        '\r',
        ' ',
        'ø',
        '\u{1F33B}',
        '\u{0}',
    ]);
    prop_oneof![
        (any::<usize>(), 1..40_usize).prop_map(|(at, length)| Damage::Cut(at, length)),
        (any::<usize>(), 1..200_usize).prop_map(|(at, length)| Damage::Double(at, length)),
        (any::<usize>(), sign).prop_map(|(at, sign)| Damage::Insert(at, sign)),
        (any::<usize>(), any::<usize>()).prop_map(|(a, b)| Damage::SwapLines(a, b)),
    ]
}

fn damaged(text: &str, damage: &Damage) -> String {
    let letters: Vec<char> = text.chars().collect();
    let (place, length) = match damage {
        Damage::Cut(at, length) | Damage::Double(at, length) => (at % (letters.len() + 1), *length),
        Damage::Insert(at, _) => (at % (letters.len() + 1), 0),
        Damage::SwapLines(..) => (0, 0),
    };
    let end = (place + length).min(letters.len());
    let string = |letters: &[char]| letters.iter().collect::<String>();
    match damage {
        Damage::Cut(..) => format!("{}{}", string(&letters[..place]), string(&letters[end..])),
        Damage::Double(..) => format!("{}{}", string(&letters[..end]), string(&letters[place..])),
        Damage::Insert(_, sign) => format!(
            "{}{sign}{}",
            string(&letters[..place]),
            string(&letters[place..])
        ),
        Damage::SwapLines(a, b) => {
            let mut lines: Vec<&str> = text.lines().collect();
            let count = lines.len().max(1);
            if !lines.is_empty() {
                lines.swap(a % count, b % count);
            }
            lines.join("\n")
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_damaged_programme_never_breaks_the_loader(
        which in any::<prop::sample::Index>(),
        damages in prop::collection::vec(damage(), 1..4),
    ) {
        let mut sources = read_folder(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
        let at = which.index(sources.len());
        let mut text = sources[at].text.clone();
        for one in &damages {
            text = damaged(&text, one);
        }
        sources[at] = Arc::new(Source { path: sources[at].path.clone(), text });
        let loaded = checked(&sources);
        if loaded.has_errors() {
            let overlaid = loaded.overlays.values().filter(|one| one.ready.is_some());
            prop_assert!(loaded.plans.len() < SHIPPED || overlaid.count() < OVERLAYS);
        }
    }
}
