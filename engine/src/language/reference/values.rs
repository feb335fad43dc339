//! How the values of the language are written, and the placeholders that every text may use.

/// A kind of value.
#[derive(Debug)]
pub struct ValueKind {
    /// What the tables of keys call it.
    pub name: &'static str,
    /// Values of it, as they are written in YAML.
    pub examples: &'static [&'static str],
    /// What it means.
    pub about: &'static str,
}

/// Each kind of value that is more than a word or a number.
pub static VALUES: &[ValueKind] = &[
    ValueKind {
        name: "name",
        examples: &["letter_sent"],
        about: "small letters, digits and `_`, a letter first",
    },
    ValueKind {
        name: "text in each language",
        examples: &["{ da: Elev, en: Pupil }"],
        about: "in one language it may stand alone: `Pupil`",
    },
    ValueKind {
        name: "duration",
        examples: DURATIONS,
        about: "minutes and hours are exact; the others count local dates: the first day does not count, and the last one counts to its end. Working days skip what the calendar closes. ISO 8601 is read too",
    },
    ValueKind {
        name: "date",
        examples: &["2026-11-30"],
        about: "year, month, day",
    },
    ValueKind {
        name: "yes/no",
        examples: &["yes", "no"],
        about: "`true` and `false` are read too",
    },
    ValueKind {
        name: "setting",
        examples: &["answer_within"],
        about: "the name of a setting stands wherever its value could",
    },
];

/// Durations, as they are written.
pub const DURATIONS: &[&str] = &[
    "30 minutes",
    "24 hours",
    "same day",
    "3 days",
    "10 working days",
    "2 weeks",
    "1 month",
    "P14D",
];

/// What every text may say, beside the facts that are not confidential, the links, the fields of the event that its deadline
/// runs from, and what a rule passes to it.
pub const PLACEHOLDERS: [(&str, &str); 7] = [
    ("name", "the fact of `shown_as`, or the id of the case"),
    ("case", "the id of the case"),
    (
        "days",
        "local dates since the deadline began, or since the `since` that a rule passes",
    ),
    ("due", "the last day of the deadline or task"),
    ("stage", "the stage"),
    ("task", "the task"),
    ("to", "the role that is told"),
];
