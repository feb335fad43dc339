//! Corrections: an entry is void, and the case is computed anew from the entries before it and from what was taken in after it.
//!
//! Nothing is deleted: the history goes on with the correction and with what follows from it. Whoever was told what is void is told so.
//! Other cases are looked at as they are now, since what they were then is theirs.

use super::{
    Scene, Stepper,
    inputs::{need_reason, refuse},
    redo::is_input,
};
use crate::{
    case::{Case, CaseId},
    entry::{Entry, What},
    fold::fold,
    in_effect::{in_effect, takes_back_from},
    input::{Given, Input, Moment, Refusal, Step, Tie},
    name::Name,
    value::{SealedKey, Value},
};
use jiff::Timestamp;
use std::{collections::BTreeMap, sync::Arc};

/// What a correction looks back at.
#[derive(Clone, Copy, Debug)]
pub struct Past<'a> {
    /// Each plan that the case has gone by, with what surrounds the case.
    pub scenes: &'a BTreeMap<Name, Scene<'a>>,
    /// Its whole history.
    pub history: &'a [Entry],
    /// All its confidential values that are still there, so that what carried them can be told on.
    pub sealed: &'a BTreeMap<SealedKey, Value>,
}

/// Corrects a case.
///
/// # Errors
/// When what is to be void is none of what people did, or the rest does not fit any more; nothing has changed then.
pub fn correct(
    past: Past<'_>,
    case: &Arc<Case>,
    given: &Given,
    moment: Moment,
) -> Result<Step, Refusal> {
    let counts = in_effect(past.history);
    let (voided, because) = match &given.input {
        Input::Correct { entry, because } => {
            need_reason(because)?;
            (
                vec![need_input(past.history, &counts, case, *entry)?],
                because,
            )
        }
        Input::Void {
            from,
            told_by,
            ties,
            because,
        } => {
            need_no_more(&counts, case, &from.case, ties)?;
            (told(&counts, &from.case, told_by, ties), because)
        }
        _ => return refuse("this is no correction", "say it with: forloeb case correct"),
    };
    let Some(first) = voided.iter().min().copied() else {
        // It had not taken in what is void: there is nothing to be done.
        let scene = scene(past, &case.plan)?;
        return super::step(scene, case, &Given::by_itself(Input::Wake), moment);
    };
    let (kept, again) = counts.split_at(counts.partition_point(|entry| entry.seq < first));
    let Some(mut before) = fold(&case.id, kept.iter().copied()) else {
        return refuse(
            format!(
                "entry {first} of `{}` cannot be void: the case begins with it",
                case.id
            ),
            "a case that should not be is ended by its exits",
        );
    };
    let old = before.clone();
    before.seq = case.seq;
    let scene = scene(past, &before.plan)?;
    let mut stepper = Stepper::new(scene, &Arc::new(before), moment);
    if matches!(given.input, Input::Correct { .. }) {
        stepper.need_known_roles(given)?;
    }
    let what = What::Corrected {
        voided: voided.clone(),
        because: because.clone(),
    };
    let corrected = stepper.record_input(given, what, None);
    let told = stepper.redo(past, kept, again, old, &voided, corrected)?;
    let teller = match &given.input {
        Input::Void { from, .. } => Some(&from.case),
        _ => None,
    };
    stepper.retell(past, case, told, (corrected, because), teller);
    stepper.trigger = Some(corrected);
    Ok(stepper.answer())
}

pub(super) fn scene<'a>(past: Past<'a>, plan: &Name) -> Result<&'a Scene<'a>, Refusal> {
    past.scenes.get(plan).ok_or_else(|| Refusal {
        message: format!("the plan `{plan}` that the case went by is not at hand"),
        help: None,
    })
}

/// Refuses to take a tie back that followed from something here, which would count on without it.
fn need_no_more(counts: &[&Entry], case: &Case, by: &CaseId, ties: &[Tie]) -> Result<(), Refusal> {
    let followed = counts.iter().find_map(|entry| {
        let (link, to, made) = match &entry.what {
            What::Linked { link, to } => (link, to, true),
            What::Unlinked { link, to } => (link, to, false),
            _ => return None,
        };
        let same = |tie: &Tie| (&tie.link, tie.made, tie.at) == (link, made, entry.at);
        let is_it = to == by && ties.iter().any(same);
        entry.cause.filter(|_| is_it)
    });
    // What makes way for another tie goes by itself.
    let caused = followed.and_then(|seq| counts.iter().find(|entry| entry.seq == seq));
    match caused {
        Some(entry) if matches!(entry.what, What::Reported { .. }) => refuse(
            format!("the tie follows from entry {} of `{}`", entry.seq, case.id),
            format!(
                "correct it there: forloeb case correct {} {} --by ROLE --because TEXT",
                case.id, entry.seq
            ),
        ),
        _ => Ok(()),
    }
}

/// The entries that another case told by one of these of its entries, or with one of these ties.
fn told(counts: &[&Entry], by: &CaseId, told_by: &[u64], ties: &[Tie]) -> Vec<u64> {
    let tied = |link: &Name, to: &CaseId, made: bool, at: Timestamp| {
        let same = |tie: &Tie| (&tie.link, tie.made, tie.at) == (link, made, at);
        to == by && ties.iter().any(same)
    };
    let is_told = |entry: &Entry| match &entry.what {
        What::Reported {
            from: Some((case, seq)),
            ..
        } => case == by && told_by.contains(seq),
        What::Linked { link, to } => tied(link, to, true, entry.at),
        What::Unlinked { link, to } => tied(link, to, false, entry.at),
        _ => false,
    };
    let told = counts
        .iter()
        .filter(|entry| is_input(entry) && is_told(entry));
    told.map(|entry| entry.seq).collect()
}

/// The number of an entry that people may declare void: something that was taken in, and that counts.
fn need_input(
    history: &[Entry],
    counts: &[&Entry],
    case: &Case,
    number: u64,
) -> Result<u64, Refusal> {
    let id = &case.id;
    let Some(entry) = history.iter().find(|entry| entry.seq == number) else {
        return refuse(
            format!("`{id}` has no entry {number}"),
            format!("see them with: forloeb history {id}"),
        );
    };
    if !counts.iter().any(|other| other.seq == number) {
        let by = history.iter().find(|other| {
            other.seq > number && takes_back_from(&other.what).is_some_and(|first| first <= number)
        });
        let root = entry.again.unwrap_or(number);
        let anew = counts.iter().find(|other| other.again == Some(root));
        return refuse(
            format!("entry {number} of `{id}` does not count any more"),
            match (anew, by) {
                (Some(anew), _) => format!("it was recorded anew as entry {}", anew.seq),
                (None, Some(by)) => format!("the correction in entry {} took it back", by.seq),
                (None, None) => format!("see: forloeb history {id}"),
            },
        );
    }
    if let Some(root) = root(history, entry) {
        return refuse(
            format!("entry {number} of `{id}` follows from another"),
            format!(
                "correct what it follows from: forloeb case correct {id} {root} --by ROLE --because TEXT"
            ),
        );
    }
    match &entry.what {
        What::Reported {
            from: Some((teller, seq)),
            ..
        } => refuse(
            format!("entry {number} of `{id}` was told by `{teller}`"),
            format!(
                "correct it there: forloeb case correct {teller} {seq} --by ROLE --because TEXT"
            ),
        ),
        What::Started { .. } => refuse(
            format!("entry {number} of `{id}` is its start"),
            "what it says of the case is put right by an event or a task that says it anew; a case that should not be is ended by one of its exits",
        ),
        What::Corrected { .. } => refuse(
            format!("entry {number} of `{id}` is a correction"),
            "record what it voided once more, with the time when it happened",
        ),
        _ if is_input(entry) => Ok(number),
        _ => refuse(
            format!("entry {number} of `{id}` came by itself, when it was due"),
            "correct what people did; the rest follows from it",
        ),
    }
}

/// What an entry follows from in the end, when it follows from another.
fn root(history: &[Entry], entry: &Entry) -> Option<u64> {
    let cause = |seq: u64| {
        let at = history.binary_search_by_key(&seq, |entry| entry.seq);
        history.get(at.ok()?)?.cause
    };
    let mut root = entry.cause?;
    while let Some(next) = cause(root) {
        root = next;
    }
    Some(root)
}
