//! What callers hand in, and what they get back.

use forloeb_core::{case::CaseId, entry::Entry, input::Input, name::Name};

/// An input from outside, before its people and its plan are looked up.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// The case; none for a start that is given an id.
    pub case: Option<CaseId>,
    /// The process, for a start.
    pub process: Option<Name>,
    /// What is done.
    pub input: Input,
    /// Who does it.
    pub by: Option<Who>,
    /// On whose behalf.
    pub on_behalf_of: Option<Who>,
    /// Idempotency key: a second input with it changes nothing.
    pub key: Option<String>,
}

/// Somebody in a role, by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Who {
    /// The role.
    pub role: Name,
    /// The person's name.
    pub name: Option<String>,
}

/// Why an input did what it did: as asked, or because it had been there before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// It was taken in.
    New,
    /// An input with the same key had been taken in, and is this entry.
    Repeated(u64),
}

/// What an accepted input did.
#[derive(Clone, Debug)]
pub struct Accepted {
    /// The case.
    pub case: CaseId,
    /// Whether it was new.
    pub why: Why,
    /// The entries that it made in its case.
    pub entries: Vec<Entry>,
    /// The cases that were told of it, with the entries that it made there.
    pub told: Vec<(CaseId, Vec<Entry>)>,
}
