//! What is asked for on the command line.

use super::Outcome;
use std::path::PathBuf;

/// The figures, in the order in which they are shown, those together that share what is costly to furnish; and what each is about.
pub const FIGURES: [(&[&str], &str); 7] = [
    (
        &["apply"],
        "inputs a second through `forloeb apply`, and bytes on the disk",
    ),
    (
        &["callers"],
        "single inputs from 1, 8 and 64 callers, each answered after its commit",
    ),
    (&["wake"], "cases woken a second when 50,000 are due"),
    (
        &["tick", "restart", "idle"],
        "among 1,000,000 sleeping cases: a tick, ready after kill -9, doing nothing",
    ),
    (&["rules"], "evaluations a second of the shipped rules"),
    (
        &["migration"],
        "10,000 open cases that go over to a new version: looked at, done, taken back",
    ),
    (
        &["country"],
        "journeys over a year with all rules, and the memory that they take",
    ),
];

const OPTIONS: &str = "\
  --json          print for machines
  --quick         small loads: a first look, not a measurement
  --scale N       loads so many times as large (0.1 is a tenth)
  --rounds N      how often each is measured; the median counts (default 3)
  --journeys N    how many journeys the country has (default 2,400; the full run is 60,000)
  --keep          leave the folders with their databases and input files, and tell where they are
";

/// What is asked for.
#[derive(Debug)]
pub struct Options {
    figures: Vec<String>,
    /// Print for machines.
    pub json: bool,
    /// Leave the folders.
    pub keep: bool,
    /// How many times as large as documented.
    pub scale: f64,
    /// How often each is measured.
    pub rounds: usize,
    /// How many journeys the country has.
    pub journeys: Option<usize>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            figures: Vec::new(),
            json: false,
            keep: false,
            scale: 1.0,
            rounds: 3,
            journeys: None,
        }
    }
}

impl Options {
    /// Reads the command line; none when it only asked for help.
    pub fn read(words: &[String]) -> Outcome<Option<Self>> {
        let mut options = Self::default();
        let mut words = words.iter().cloned();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--json" => options.json = true,
                "--keep" => options.keep = true,
                "--quick" => {
                    options.scale = 0.05;
                    options.rounds = 1;
                }
                "--scale" => options.scale = number(words.next())?,
                "--journeys" => options.journeys = Some(number(words.next())?),
                "--rounds" => options.rounds = number(words.next())?,
                "--help" | "-h" => {
                    print!("{}", help());
                    return Ok(None);
                }
                figure if FIGURES.iter().any(|(names, _)| names.contains(&figure)) => {
                    options.figures.push(figure.to_owned());
                }
                other => return Err(format!("`{other}` is not known\n\n{}", help()).into()),
            }
        }
        Ok(Some(options))
    }

    /// Whether this figure is asked for.
    pub fn wants(&self, figure: &str) -> bool {
        self.figures.is_empty() || self.figures.iter().any(|wanted| wanted == figure)
    }

    /// A load of documented size, as large as was asked for.
    pub fn scaled(&self, size: usize) -> usize {
        ((size as f64 * self.scale).round() as usize).max(1)
    }

    /// Where a folder is made: on the disk on which the program is built, since a file in memory would make every commit free.
    pub fn place(&self, name: &str) -> PathBuf {
        PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("bench-{}", std::process::id()))
            .join(name)
    }
}

fn number<T: std::str::FromStr>(word: Option<String>) -> Outcome<T> {
    let word = word.unwrap_or_default();
    let number = word.parse().ok();
    number.ok_or_else(|| format!("`{word}` is not a number").into())
}

fn help() -> String {
    let mut text = "cargo bench -- [FIGURE ...] [OPTIONS]\n\n".to_owned();
    for (names, about) in FIGURES {
        text.push_str(&format!("  {:<20} {about}\n", names.join(" ")));
    }
    text.push_str("\n  guard                counts instructions instead, and fails where they have grown (engine/benches/guard.rs)\n");
    format!("{text}\n{OPTIONS}")
}
