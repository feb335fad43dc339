//! Transcripts: what is typed and all that is answered. What is refused must also leave the database as it was.

use super::bench::{Answer, Bench};
use std::{
    env, fs,
    path::{Path, PathBuf},
    thread,
};

/// One command of a transcript.
#[derive(Default)]
struct Typed {
    /// Remarks and empty lines before it.
    before: String,
    /// As it is typed, without `forloeb`.
    words: Vec<String>,
    line: String,
    input: Vec<u8>,
    input_lines: String,
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/commands")
}

/// The words of a line as a shell would split it: double quotes hold a word together, and `''` is an empty one.
fn split(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted, mut begun) = (Vec::new(), String::new(), false, false);
    for c in line.chars() {
        match c {
            '"' => (quoted, begun) = (!quoted, true),
            ' ' if !quoted => {
                if begun {
                    words.push(std::mem::take(&mut word));
                }
                begun = false;
            }
            c => {
                word.push(c);
                begun = true;
            }
        }
    }
    if begun {
        words.push(word);
    }
    words
}

/// A line of standard input; `\r` and `\xNN` stand for bytes that a text file should not hold.
fn bytes(line: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = line;
    while let Some(place) = rest.find("\\x").or_else(|| rest.find("\\r")) {
        bytes.extend_from_slice(&rest.as_bytes()[..place]);
        if rest[place..].starts_with("\\r") {
            bytes.push(b'\r');
            rest = &rest[place + 2..];
        } else {
            bytes.push(u8::from_str_radix(&rest[place + 2..place + 4], 16).unwrap());
            rest = &rest[place + 4..];
        }
    }
    bytes.extend_from_slice(rest.as_bytes());
    bytes.push(b'\n');
    bytes
}

/// The first line says in which folder: `small`, `shipped`, `demo` or `empty`.
fn read(text: &str) -> (String, Vec<Typed>, String) {
    let (place, rest) = text.split_once('\n').unwrap();
    let (mut typed, mut before, mut answered) = (Vec::<Typed>::new(), String::new(), false);
    for line in rest.lines() {
        if let Some(command) = line.strip_prefix("$ ") {
            typed.push(Typed {
                before: std::mem::take(&mut before),
                words: split(command),
                line: command.to_owned(),
                ..Typed::default()
            });
            answered = false;
        } else if let (Some(input), false) = (line.strip_prefix("< "), answered) {
            let last = typed.last_mut().unwrap();
            last.input.extend(bytes(input));
            last.input_lines.push_str(line);
            last.input_lines.push('\n');
        } else if line.starts_with("= exit") {
            answered = true;
        } else if line.starts_with("# ") || typed.is_empty() || answered {
            before.push_str(line);
            before.push('\n');
        }
    }
    (place.to_owned(), typed, before)
}

fn told(typed: &Typed, answer: &Answer) -> String {
    let err: String = answer
        .err
        .lines()
        .map(|line| format!("! {line}\n"))
        .collect();
    // A command without an answer gets its exit code all the same when a transcript is first written.
    format!(
        "{}$ {}\n{}{}{err}= exit {}\n",
        typed.before, typed.line, typed.input_lines, answer.out, answer.code
    )
}

/// The short names of plans change with each edit of the shipped programme, and say nothing to a reader of a transcript.
fn without_versions(text: &str) -> String {
    let mut text = text.to_owned();
    let word = "version ";
    let mut from = 0;
    while let Some(place) = text[from..].find(word) {
        let start = from + place + word.len();
        let hash = text[start..]
            .chars()
            .take_while(char::is_ascii_hexdigit)
            .count();
        if hash == 8 {
            text.replace_range(start..start + hash, "········");
        }
        from = start;
    }
    text
}

/// So do the lines and columns of its files: `nextwork.yaml:···:··` and `··· │`. The small programme keeps them.
fn without_places(text: &str) -> String {
    let dots = |digits: &str| "·".repeat(digits.len());
    let line = |line: &str| {
        let mut told = String::new();
        let mut rest = line;
        while let Some(place) = [".yaml:", ".rhai:"]
            .iter()
            .filter_map(|ending| Some(rest.find(ending)? + ending.len()))
            .min()
        {
            let (before, after) = rest.split_at(place);
            let end = after.find(|c: char| c != ':' && !c.is_ascii_digit());
            let (digits, after) = after.split_at(end.unwrap_or(after.len()));
            told.push_str(before);
            let parts: Vec<String> = digits.split(':').map(dots).collect();
            told.push_str(&parts.join(":"));
            rest = after;
        }
        told.push_str(rest);
        let gutter = told.trim_start();
        let digits = gutter.find(|c: char| !c.is_ascii_digit()).unwrap_or(0);
        if digits > 0 && gutter[digits..].starts_with(" │") {
            let indent = told.len() - gutter.len();
            told.replace_range(indent..indent + digits, &"·".repeat(digits));
        }
        told + "\n"
    };
    text.lines().map(line).collect()
}

fn play(text: &str) -> String {
    let (place, typed, after) = read(text);
    let bench = match place.as_str() {
        "small" => Bench::small(),
        "shipped" => Bench::shipped(),
        "demo" => Bench::demo(),
        "empty" => Bench::empty(),
        other => panic!("there is no folder `{other}`"),
    };
    let mut played = format!("{place}\n");
    let mut before = bench.dump();
    for typed in &typed {
        let words: Vec<&str> = typed.words.iter().map(String::as_str).collect();
        let (program, words) = words.split_first().unwrap();
        match *program {
            "forloeb" => {
                let answer = bench.with_input(words, &typed.input);
                let after = bench.dump();
                if answer.code != 0 && words[0] != "apply" {
                    assert_eq!(before, after, "`{}` has left a trace", typed.line);
                }
                before = after;
                let told = without_versions(&told(typed, &answer));
                played.push_str(&match place.as_str() {
                    "demo" | "shipped" => without_places(&told),
                    _ => told,
                });
            }
            "write" => {
                let file = bench.path().join(words[0]);
                fs::create_dir_all(file.parent().unwrap()).unwrap();
                fs::write(file, &typed.input).unwrap();
                played.push_str(&format!(
                    "{}$ {}\n{}= exit 0\n",
                    typed.before, typed.line, typed.input_lines
                ));
            }
            "sql" => {
                bench.sql(words[0]);
                before = bench.dump();
                played.push_str(&format!("{}$ {}\n= exit 0\n", typed.before, typed.line));
            }
            other => panic!("a transcript has no `{other}`"),
        }
    }
    played.push_str(&after);
    played
}

/// Plays a transcript, and tells how it differs from what is written; or writes it anew.
fn not_as_written(file: &Path) -> Option<String> {
    let text = fs::read_to_string(file).unwrap();
    let played = play(&text);
    if env::var_os("BLESS").is_some() {
        fs::write(file, &played).unwrap();
        return None;
    }
    let mut lines = played.lines().zip(text.lines());
    let first = lines.find(|(now, before)| now != before);
    (played != text).then(|| {
        let name = file.file_name().unwrap().display();
        format!("{name}: {first:?}\n{played}")
    })
}

#[test]
fn commands_answer_as_written() {
    let mut files: Vec<PathBuf> = fs::read_dir(folder())
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "txt"))
        .collect();
    files.sort();
    assert!(!files.is_empty());
    let wrong: Vec<String> = thread::scope(|scope| {
        let played: Vec<_> = files
            .iter()
            .map(|file| scope.spawn(move || not_as_written(file)))
            .collect();
        played
            .into_iter()
            .filter_map(|played| played.join().unwrap())
            .collect()
    });
    assert!(wrong.is_empty(), "not as expected:\n\n{}", wrong.join("\n"));
}
