//! How two versions of a process differ, in people's words: a plan is told element by element, and what is told is compared.
//!
//! What is compared is meaning, never the words for it: two languages show the same differences. It reads no file and no database; where
//! each value stands is handed in.

mod beside;
mod compare;
mod condition;
mod element;
mod events;
mod found;
mod lines;
mod names;
mod plan;
mod print;
mod renamed;
mod said;
mod stages;
mod touch;

pub use lines::{CodeLine, Written, WrittenLine};
pub use names::{Side, side};
pub use print::VersionsPage;
pub use renamed::between;
pub use touch::Touch;

use super::reader::Reader;
use forloeb_core::{ground::Ground, name::Name, plan::Plan};
use serde::Serialize;
use std::collections::BTreeMap;

/// A version of a process, with what is known of its files.
#[derive(Clone, Copy, Debug)]
pub struct Version<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// Its rules as they are written.
    pub rules: &'a BTreeMap<Name, Written>,
    /// Where each value stands, by its address.
    pub places: &'a BTreeMap<String, Ground>,
    /// The address of what stands at a place.
    pub addresses: &'a BTreeMap<Ground, String>,
}

/// What kind of difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Changed {
    /// It is in both, and is another one.
    Changed,
    /// It is in the second only.
    Added,
    /// It is in the first only.
    Removed,
    /// It bears another name.
    Renamed,
    /// The elements of a list stand in another order.
    Moved,
}

/// One difference.
#[derive(Clone, Debug, Serialize)]
pub struct PlanDifference {
    /// The part of the process: `settings`, `stages`, `texts` …
    pub section: &'static str,
    /// The address of what differs.
    pub path: String,
    /// What kind of difference.
    pub kind: Changed,
    /// What the first version says, in words.
    pub from: Option<String>,
    /// What the second version says, in words.
    pub to: Option<String>,
    /// Where the first version says it, `file:line`.
    pub from_place: Option<String>,
    /// Where the second version says it, `file:line`.
    pub to_place: Option<String>,
    /// The difference in a sentence, in the reader's language.
    pub words: String,
    /// How many open cases it touches; none when nobody counted.
    pub touches: Option<usize>,
    /// Why, where the second version says why and the first does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
    /// The lines of code that differ.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<CodeLine>,
    /// Under which heading it stands.
    #[serde(skip)]
    pub group: String,
    /// The sentence without what both say, where those are too long to stand in one.
    #[serde(skip)]
    pub head: Option<String>,
    /// Which cases it touches, by the names of the second version.
    #[serde(skip)]
    pub touch: Touch,
}

/// Compares two versions of one process.
#[must_use]
pub fn versions(reader: &Reader<'_>, from: Version<'_>, to: Version<'_>) -> Vec<PlanDifference> {
    let names = between(from.plan, to.plan);
    // What only bears another name means the same: from here on both go by the names of the second.
    let renamed = renamed::under(from.plan, &names);
    let from = Version {
        plan: &renamed,
        ..from
    };
    let old = renamed::old_names(&names);
    compare::compare(reader, from, to, &old)
}
