//! The words that rules may use: functions, members of `it` and of what it leads to. The reference of the language is
//! tested against these tables; what each member means is in `ask` and `say`.

use std::ops::RangeInclusive;

/// How a function is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `older(x, y)`.
    Free,
    /// `x.count(y)`.
    Member,
}

/// A function that rules may call.
#[derive(Clone, Debug)]
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// How it is called.
    pub style: Style,
    /// How many arguments it takes, what stands before the dot not counted.
    pub arguments: RangeInclusive<usize>,
    /// What it does, for the reference.
    pub does: &'static str,
}

const fn free(name: &'static str, least: usize, most: usize, does: &'static str) -> Function {
    Function {
        name,
        style: Style::Free,
        arguments: least..=most,
        does,
    }
}

const fn member(name: &'static str, least: usize, most: usize, does: &'static str) -> Function {
    Function {
        name,
        style: Style::Member,
        arguments: least..=most,
        does,
    }
}

/// Questions about time and answers.
pub const FREE: &[Function] = &[
    free(
        "older",
        2,
        3,
        "`older(instant, \"3 days\")`: the limit of that length, counted from the instant or date, has run out; with a third instant: had run out then",
    ),
    free("today", 0, 0, "the local date"),
    free(
        "days_since",
        1,
        1,
        "local dates between an instant or date and now",
    ),
    free(
        "plus",
        2,
        2,
        "`plus(date, \"2 weeks\")`: the date that lies so much later",
    ),
    free(
        "is_working_day",
        1,
        1,
        "whether the calendar is open on a date",
    ),
    free(
        "nudge",
        2,
        3,
        "`nudge(role, text, #{ about: x, key: value })`: a friendly reminder",
    ),
    free(
        "escalate",
        2,
        3,
        "as `nudge`, to the next person, because the nudge did not help",
    ),
    free(
        "raise",
        1,
        1,
        "opens a task of `tasks:`, once for as long as the rule asks for it",
    ),
    free("min", 2, 2, "the smaller of two numbers"),
    free("max", 2, 2, "the larger of two numbers"),
];

/// Methods of `it` and of linked cases.
pub const OF_CASE: &[Function] = &[
    member(
        "since",
        1,
        1,
        "`it.since(\"track\")`: when the stage of that track was entered",
    ),
    member(
        "in_stage",
        1,
        1,
        "whether the case is in the stage, on any track",
    ),
    member("link", 1, 1, "the linked case, or `()`"),
    member("links", 1, 1, "a list of the linked cases"),
    member(
        "last",
        1,
        2,
        "the last occurrence of an event, or `()`; a map filters by its fields",
    ),
    member("first", 1, 2, "the first occurrence"),
    member(
        "all",
        1,
        2,
        "a list of all occurrences, the first one first",
    ),
    member(
        "happened",
        1,
        3,
        "whether an event has happened; at or after an instant; within a duration; with such fields",
    ),
    member("count", 1, 3, "how often"),
    member(
        "task_open",
        1,
        1,
        "whether a task of that name is open; not for linked cases",
    ),
    member(
        "task_done",
        1,
        1,
        "whether it is done, in a stage where the case still is",
    ),
];

/// Methods of lists, maps, texts and numbers.
pub const OF_VALUES: &[Function] = &[
    member("len", 0, 0, "how many elements, entries or letters"),
    member("is_empty", 0, 0, "whether there are none"),
    member(
        "contains",
        1,
        1,
        "whether it is among them; `x in list` reads better",
    ),
    member("push", 1, 1, "adds to the end of a list"),
    member(
        "filter",
        1,
        1,
        "`list.filter(|x| ..)`: those for which it holds",
    ),
    member("map", 1, 1, "what the function makes of each"),
    member("some", 1, 1, "whether it holds for any"),
    member("all", 1, 1, "whether it holds for each"),
    member("find", 1, 1, "the first for which it holds, or `()`"),
    member("reduce", 1, 2, "`list.reduce(|sum, x| ..)`"),
    member("index_of", 1, 1, "where it is, or -1"),
    member("get", 1, 1, "`map.get(key)`: what is there, or `()`"),
    member("set", 2, 2, "`map.set(key, value)`"),
    member("keys", 0, 0, "the keys of a map"),
    member("values", 0, 0, "the values of a map"),
    member("to_upper", 0, 0, "in capital letters"),
    member("to_lower", 0, 0, "in small letters"),
    member("starts_with", 1, 1, "whether a text begins so"),
    member("ends_with", 1, 1, "whether it ends so"),
    member("split", 1, 1, "its parts, as a list"),
    member("to_string", 0, 0, "as a text"),
    member("abs", 0, 0, "a number without its sign"),
    member("round", 0, 1, "rounded, to so many decimals"),
    member("floor", 0, 0, "rounded down"),
    member("ceiling", 0, 0, "rounded up"),
];

/// Properties of `it` and of linked cases.
pub const OF_IT: &[(&str, &str)] = &[
    ("id", "the id of the case"),
    ("process", "its process"),
    ("started", "when it started"),
    ("stage", "its stage, on the first track"),
    ("stages", "a map from each track to its stage"),
    ("since", "when that stage was entered"),
    ("ended", "whether it has ended"),
    ("outcome", "its outcome, or `()`"),
    ("on_hold", "whether it is on hold"),
    ("facts", "`it.facts.NAME`: a fact, `()` while it is empty"),
    (
        "settings",
        "`it.settings.NAME`: a setting, at its value of today",
    ),
];

/// Properties of an occurrence.
pub const OF_OCCURRENCE: &[(&str, &str)] = &[
    ("at", "when it happened"),
    ("by", "the role that reported it, or `()`"),
    ("event", "the event"),
    ("from", "the case that told it, or `()`"),
    ("with", "`x.with.FIELD`: what it carried"),
];

/// The function of that name and style.
pub(super) fn function(name: &str, style: Style) -> Vec<&'static Function> {
    functions()
        .filter(|function| function.name == name && function.style == style)
        .collect()
}

/// All functions.
pub(super) fn functions() -> impl Iterator<Item = &'static Function> {
    FREE.iter().chain(OF_CASE).chain(OF_VALUES)
}

/// There is no such thing: `what` may go on after the name, as in `task .. that can be raised`.
pub(super) fn missing(what: &str, name: &str) -> String {
    match what.split_once(" .. ") {
        Some((what, more)) => format!("there is no {what} `{name}` {more}"),
        None => format!("there is no {what} `{name}`"),
    }
}
