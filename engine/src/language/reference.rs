//! Every key of the language: what it is, what it takes, what holds without it. The reader refuses keys by this table, and
//! `processes/REFERENCE.md` is written from it.

mod calendar_keys;
mod case_keys;
mod condition_keys;
mod keys;
mod overlay_keys;
mod values;

use std::fmt::Write;

pub use calendar_keys::{CALENDAR, CLOSED_DAY};
pub use case_keys::{EVENT, FACT, FIELD, LINK, TELL};
pub use condition_keys::{COMPARE, CONDITION, LINK_COUNT};
pub use keys::{
    ANCHOR, ANY_STAGE, DEADLINE, EXIT, OUTCOME, PROCESS, RECURRING, RENAMED, ROLE, RULE_USE, RUNG,
    SETTING, STAGE, TASK, TRACK,
};
pub use overlay_keys::{ADDED, ADDRESSES, OVERLAY, SET};
pub use values::{DURATIONS, PLACEHOLDERS, VALUES};

/// A map of the language with its keys.
#[derive(Debug)]
pub struct Shape {
    /// What it is called in errors and in the reference: `a task`.
    pub name: &'static str,
    /// Where it stands.
    pub stands: &'static str,
    /// Its keys, in the order in which a designer would write them.
    pub keys: &'static [Key],
}

/// A key of the language.
#[derive(Debug)]
pub struct Key {
    /// The key.
    pub name: &'static str,
    /// What it takes.
    pub takes: &'static str,
    /// Whether it must be there, or what holds without it.
    pub without: Without,
    /// What it is for.
    pub about: &'static str,
}

/// What holds without a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Without {
    /// It must be there.
    Required,
    /// Nothing.
    Nothing,
    /// This, in words.
    Default(&'static str),
}

/// Each map of the language, in the order of the reference.
pub static SHAPES: &[&Shape] = &[
    &PROCESS,
    &ROLE,
    &SETTING,
    &FACT,
    &LINK,
    &EVENT,
    &FIELD,
    &TELL,
    &TRACK,
    &STAGE,
    &TASK,
    &DEADLINE,
    &ANCHOR,
    &RUNG,
    &EXIT,
    &ANY_STAGE,
    &RECURRING,
    &OUTCOME,
    &RULE_USE,
    &RENAMED,
    &CONDITION,
    &COMPARE,
    &LINK_COUNT,
    &CALENDAR,
    &CLOSED_DAY,
    &OVERLAY,
    &SET,
    &ADDED,
];

impl Shape {
    /// The names of its keys.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.keys.iter().map(|key| key.name)
    }

    /// Its key of a name.
    #[must_use]
    pub fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }
}

/// The reference of the language as Markdown tables.
#[must_use]
pub fn reference_markdown() -> String {
    let mut out = values_markdown();
    for shape in SHAPES {
        let (first, rest) = shape.name.split_at(1);
        // Writing to a string cannot fail.
        let _ = write!(
            out,
            "### {}{rest}\n\n{}\n\n| key | takes | without it | what it is for |\n|---|---|---|---|\n",
            first.to_uppercase(),
            shape.stands
        );
        for key in shape.keys {
            let without = match key.without {
                Without::Required => "**required**",
                Without::Nothing => "",
                Without::Default(words) => words,
            };
            let cell = |text: &str| text.replace('|', "\\|");
            let _ = writeln!(
                out,
                "| `{}` | {} | {} | {} |",
                key.name,
                cell(key.takes),
                cell(without),
                cell(key.about)
            );
        }
        out.push('\n');
    }
    out.push_str("### Addresses\n\n");
    out.push_str(ADDRESSES);
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

/// How values are written, and what a text may say.
fn values_markdown() -> String {
    let mut out = String::from("### Values\n\n| kind | written | what it means |\n|---|---|---|\n");
    for kind in VALUES {
        let written = kind.examples.join("`, `");
        // Writing to a string cannot fail.
        let _ = writeln!(out, "| {} | `{written}` | {} |", kind.name, kind.about);
    }
    out.push_str(
        "\n### Placeholders of a text\n\nIn every text of `texts:`. Beside these it may say each fact that is not confidential, each link, the fields of the event that \
         its deadline runs from, and what a rule passes to it.\n\n| placeholder | what stands there |\n|---|---|\n",
    );
    for (name, about) in PLACEHOLDERS {
        let _ = writeln!(out, "| `{{{name}}}` | {about} |");
    }
    out.push('\n');
    out
}

const fn required(name: &'static str, takes: &'static str, about: &'static str) -> Key {
    Key {
        name,
        takes,
        without: Without::Required,
        about,
    }
}

const fn optional(name: &'static str, takes: &'static str, about: &'static str) -> Key {
    Key {
        name,
        takes,
        without: Without::Nothing,
        about,
    }
}

const fn default(
    name: &'static str,
    takes: &'static str,
    without: &'static str,
    about: &'static str,
) -> Key {
    Key {
        name,
        takes,
        without: Without::Default(without),
        about,
    }
}
