//! README.md is true: each of its commands is run, each file of it is written, and what it prints is compared.
//!
//! The page is worked through from top to bottom in one empty folder, with the built `forloeb` on the PATH. What a block is, its
//! first word says, and all of it can be seen by whoever reads the page:
//!
//! - `sh`: each line is a command. `cargo run --` is the built program; `cargo test` is what runs this, and is left out.
//! - `console`: a line `$ …` is a command; what follows, up to the next one, is all that it prints on both outputs. Where nothing
//!   follows, nothing is compared. A command ends with exit code 0, or with the one in its comment: `# exit 1`. It starts in the
//!   folder where the one before ended, with a shell of its own.
//! - `diff`: the file of its first line, `--- FILE`, is changed: the lines with ` ` and `-`, which stand in it once, become those
//!   with ` ` and `+`.
//! - `yaml`, `toml` and `rust` (Rhai reads like it): a file, named in a comment on the first line, is written; after `# from FILE` the
//!   lines stand in that file as they are.
//! - `text`: lines that some command of the page prints, one after another.
//! - `ini`: files of other programs, not tested.
//!
//! `…` stands for any number of lines where it is alone on a line, else for any part of a line.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// A fenced block: its language, and its lines.
struct Block<'a> {
    language: &'a str,
    line: usize,
    lines: Vec<&'a str>,
}

fn blocks(page: &str) -> Vec<Block<'_>> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut inside = false;
    for (at, line) in page.lines().enumerate() {
        match (line.strip_prefix("```"), inside) {
            (Some(language), false) => {
                inside = true;
                blocks.push(Block {
                    language,
                    line: at + 1,
                    lines: Vec::new(),
                });
            }
            (Some(_), true) => inside = false,
            (None, true) => blocks.last_mut().unwrap().lines.push(line),
            (None, false) => {}
        }
    }
    assert!(!inside, "a block is not closed");
    blocks
}

/// Whether lines of a page stand for printed ones.
fn shows(shown: &[&str], printed: &[&str]) -> bool {
    match (shown.split_first(), printed.split_first()) {
        (None, None) => true,
        (Some((&"…", rest)), _) => {
            (0..=printed.len()).any(|skipped| shows(rest, &printed[skipped..]))
        }
        (Some((line, shown)), Some((real, printed))) => {
            shows_line(line, real.trim_end()) && shows(shown, printed)
        }
        _ => false,
    }
}

fn shows_line(shown: &str, real: &str) -> bool {
    match shown.split_once('…') {
        None => shown == real,
        Some((before, after)) => real.strip_prefix(before).is_some_and(|rest| {
            rest.char_indices()
                .map(|(at, _)| at)
                .chain([rest.len()])
                .any(|at| shows_line(after, &rest[at..]))
        }),
    }
}

/// Somebody who does what the page says.
struct Reader {
    folder: PathBuf,
    printed: Vec<String>,
}

impl Reader {
    /// Runs a command as typed, and gives what it printed.
    fn run(&mut self, command: &str, place: usize) -> &str {
        let expected = command.split_once("# exit ").map_or("0", |(_, code)| code);
        let program = Path::new(env!("CARGO_BIN_EXE_forloeb")).parent().unwrap();
        let script = format!("exec 2>&1\n{command}\nprintf '\\n%s %s' \"$?\" \"$PWD\"");
        let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
        let output = Command::new("sh")
            .args(["-c", &script])
            .current_dir(&self.folder)
            .env("PATH", path)
            .env("LANG", "C.UTF-8")
            .env("NO_COLOR", "1")
            .env_remove("FORLOEB_DB")
            .env_remove("FORLOEB_TENANT")
            .env_remove("FORLOEB_PROGRAMME")
            .env_remove("FORLOEB_LANG")
            .env_remove("FORLOEB_LOG")
            .output()
            .unwrap();
        let all = String::from_utf8(output.stdout).unwrap();
        let (printed, end) = all.rsplit_once('\n').unwrap();
        let (code, folder) = end.split_once(' ').unwrap();
        assert_eq!(
            code, expected,
            "README.md:{place}: exit code of `{command}`, which printed\n{printed}"
        );
        self.folder = folder.into();
        self.printed.push(printed.trim_end().to_owned());
        self.printed.last().unwrap()
    }

    fn console(&mut self, block: &Block) {
        let mut at = 0;
        while let Some(line) = block.lines.get(at) {
            let place = block.line + 1 + at;
            let command = line
                .strip_prefix("$ ")
                .unwrap_or_else(|| panic!("README.md:{place}: no command: {line}"));
            let shown: Vec<&str> = block.lines[at + 1..]
                .iter()
                .copied()
                .take_while(|line| !line.starts_with("$ "))
                .collect();
            at += 1 + shown.len();
            let printed = self.run(command, place);
            let lines: Vec<&str> = printed.lines().collect();
            assert!(
                shown.is_empty() || shows(&shown, &lines),
                "README.md:{place}: `{command}` is shown to print\n{}\nand prints\n{printed}",
                shown.join("\n")
            );
        }
    }

    fn change(&self, block: &Block) {
        let name = block.lines[0].strip_prefix("--- ").unwrap();
        let file = self.folder.join(name);
        let side = |kept: char| -> String {
            let lines = block.lines[1..].iter();
            let lines = lines.filter(|line| line.starts_with([' ', kept]));
            lines.map(|line| format!("{}\n", &line[1..])).collect()
        };
        let text = fs::read_to_string(&file).unwrap();
        let (before, after) = (side('-'), side('+'));
        assert_eq!(
            text.matches(&before).count(),
            1,
            "README.md:{}: these lines do not stand in {name} once:\n{before}",
            block.line
        );
        fs::write(file, text.replacen(&before, &after, 1)).unwrap();
    }

    fn file(&self, block: &Block) {
        let comment = block.lines[0].trim_start_matches(['#', '/']).trim();
        let rest = |lines: &[&str]| format!("{}\n", lines.join("\n"));
        if let Some(name) = comment.strip_prefix("from ") {
            let text = fs::read_to_string(self.folder.join(name)).unwrap();
            assert!(
                text.contains(&rest(&block.lines[1..])),
                "README.md:{}: {name} reads otherwise",
                block.line
            );
        } else {
            fs::write(self.folder.join(comment), rest(&block.lines)).unwrap();
        }
    }

    fn excerpt(&self, block: &Block) {
        let mut shown = vec!["…"];
        shown.extend(&block.lines);
        shown.push("…");
        let printed = |text: &String| shows(&shown, &text.lines().collect::<Vec<_>>());
        assert!(
            self.printed.iter().any(printed),
            "README.md:{}: no command prints\n{}",
            block.line,
            block.lines.join("\n")
        );
    }
}

#[test]
fn what_the_page_says_happens() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut reader = Reader {
        folder: folder.path().to_owned(),
        printed: Vec::new(),
    };
    let blocks = blocks(&page);
    for block in &blocks {
        match block.language {
            "sh" => {
                for command in &block.lines {
                    if !command.starts_with("cargo test") {
                        reader.run(&command.replace("cargo run --", "forloeb"), block.line);
                    }
                }
            }
            "console" => reader.console(block),
            "diff" => reader.change(block),
            "yaml" | "rust" | "toml" => reader.file(block),
            "text" | "ini" => {}
            other => panic!("README.md:{}: a block of `{other}`", block.line),
        }
    }
    for block in blocks.iter().filter(|block| block.language == "text") {
        reader.excerpt(block);
    }
}

#[test]
fn the_two_commands_stand_alone() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let commands: Vec<&str> = blocks(&page)
        .into_iter()
        .filter(|block| block.language == "sh")
        .flat_map(|block| block.lines)
        .collect();
    // `.ci/run` reads the second one from here.
    assert_eq!(commands, ["cargo run -- demo", "cargo test --workspace"]);
}

#[test]
fn dots_stand_for_lines_and_parts_of_lines() {
    assert!(shows(&["a", "…", "d"], &["a", "b", "c", "d"]));
    assert!(shows(&["…"], &[]));
    assert!(shows(&["a…c"], &["abc"]));
    assert!(shows(&["a…"], &["a…"]));
    assert!(!shows(&["a", "…", "d"], &["a", "b"]));
    assert!(!shows(&["a"], &["a", "b"]));
    assert!(!shows(&["a…c"], &["abd"]));
}
