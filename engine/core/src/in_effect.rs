//! Which entries of a history count: a correction takes back what it voids and all that came after, and what was taken in since
//! follows it anew. Nothing is ever deleted; a reader of the history decides which of the two it wants to see.

use crate::{
    entry::{Entry, What},
    name::Name,
};
use std::collections::BTreeSet;

/// The entries that count, in their order: without those that corrections have taken back.
#[must_use]
pub fn in_effect<'a>(history: impl IntoIterator<Item = &'a Entry>) -> Vec<&'a Entry> {
    let mut counts: Vec<&Entry> = Vec::new();
    for entry in history {
        if let Some(first) = takes_back_from(&entry.what) {
            let kept = counts.partition_point(|before| before.seq < first);
            counts.truncate(kept);
        }
        counts.push(entry);
    }
    counts
}

/// The first entry that a correction takes back; none for what is no correction.
#[must_use]
pub fn takes_back_from(what: &What) -> Option<u64> {
    match what {
        What::Corrected { voided, .. } => voided.iter().min().copied(),
        _ => None,
    }
}

/// The plans that a case has gone by, whether or not the entries count that say so.
#[must_use]
pub fn plans_gone_by(history: &[Entry]) -> BTreeSet<&Name> {
    let plans = history.iter().filter_map(|entry| match &entry.what {
        What::Started { plan, .. } | What::Migrated { plan, .. } => Some(plan),
        _ => None,
    });
    plans.collect()
}
