//! What other cases must hear of a correction: what they were told and is void, what they are told now, and who is tied to whom.

use super::{Stepper, correct::Past, report::targets};
use crate::{
    case::{Case, CaseId},
    entry::{Entry, What},
    input::{Input, Tie},
    name::Name,
    plan::Plan,
    value::Value,
    versions::Renamed,
};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// What other cases must hear of a correction.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// Whom something was told that is void, or is told to others now.
    pub void: BTreeMap<CaseId, Void>,
    /// What is told to others now.
    pub late: Vec<Late>,
    /// The names that things have had since, when they bear their earlier ones again.
    pub back: Renamed,
}

/// What is void of what a case was told.
#[derive(Debug, Default)]
pub(super) struct Void {
    /// The entries here by which events may have been told.
    pub told_by: BTreeSet<u64>,
    /// Ties.
    pub ties: BTreeSet<Tie>,
}

/// An event that is told later than it was recorded first.
#[derive(Debug)]
pub(super) struct Late {
    pub event: Name,
    /// Under which name of `tell:`.
    pub target: Name,
    pub to: CaseId,
    pub with: BTreeMap<Name, Value>,
    pub happened: Timestamp,
    pub seq: u64,
}

/// Whom an event was told, each under the name in its `tell:`.
pub(super) type Hearers = BTreeSet<(Name, CaseId)>;

/// The ties that entries of a case made or took away under a plan, as those that they lead to know them.
pub(super) fn ties<'e>(
    plan: &Plan,
    entries: impl Iterator<Item = &'e Entry>,
) -> BTreeSet<(CaseId, Tie)> {
    let tie = |entry: &Entry| {
        let (link, to, made) = match &entry.what {
            What::Linked { link, to } => (link, to, true),
            What::Unlinked { link, to } => (link, to, false),
            _ => return None,
        };
        let link = plan.links.get(link)?.inverse.clone()?;
        let at = entry.at;
        Some((to.clone(), Tie { link, made, at }))
    };
    entries.filter_map(tie).collect()
}

/// Whom an event was told under a plan, by the case before and after it.
pub(super) fn hearers(plan: &Plan, entry: &Entry, before: &Case, after: &Case) -> Hearers {
    let What::Reported { event, with, .. } = &entry.what else {
        return Hearers::new();
    };
    would_hear(plan, event, with, &before.links, &after.links)
}

fn would_hear(
    plan: &Plan,
    event: &Name,
    with: &BTreeMap<Name, Value>,
    before: &BTreeMap<Name, Vec<CaseId>>,
    after: &BTreeMap<Name, Vec<CaseId>>,
) -> Hearers {
    let Some(declared) = plan.events.get(event) else {
        return Hearers::new();
    };
    let names = declared.tell.keys();
    let told = names.flat_map(|name| {
        let to = targets(declared, name, with, before, after);
        to.into_iter().map(|to| (name.clone(), to))
    });
    told.collect()
}

impl Stepper<'_> {
    /// The ties that the entries of this step made or took away from this place on.
    pub(super) fn ties_since(&self, first: usize) -> BTreeSet<(CaseId, Tie)> {
        ties(self.plan(), self.entries.iter().skip(first))
    }

    /// Compares whom an event was told with whom it is told now.
    pub(super) fn hear(
        &self,
        history: &[Entry],
        told: &mut Told,
        entry: &Entry,
        was: Hearers,
        links: &BTreeMap<Name, Vec<CaseId>>,
        seq: Option<u64>,
    ) {
        let What::Reported {
            event,
            with,
            happened,
            ..
        } = &entry.what
        else {
            return;
        };
        let is = match seq {
            Some(_) => would_hear(self.plan(), event, with, links, &self.case().links),
            None => Hearers::new(),
        };
        void(history, told, entry, was.difference(&is).cloned());
        for (target, to) in is.difference(&was) {
            told.late.push(Late {
                event: event.clone(),
                target: target.clone(),
                to: to.clone(),
                with: with.clone(),
                happened: *happened,
                seq: seq.unwrap_or(entry.seq),
            });
        }
    }
}

impl Told {
    /// Notes the ties that were made or taken away and are so no longer.
    pub(super) fn untied(&mut self, was: &BTreeSet<(CaseId, Tie)>, is: &BTreeSet<(CaseId, Tie)>) {
        for (to, tie) in was.difference(is) {
            let void = self.void.entry(to.clone()).or_default();
            void.ties.insert(tie.clone());
        }
    }
}

/// Notes that what an entry told is void. It may have been told when it was recorded first, or when it was recorded anew.
pub(super) fn void(
    history: &[Entry],
    told: &mut Told,
    entry: &Entry,
    hearers: impl Iterator<Item = (Name, CaseId)>,
) {
    let root = entry.again.unwrap_or(entry.seq);
    for (_, to) in hearers {
        let numbers = &mut told.void.entry(to).or_default().told_by;
        numbers.insert(root);
        let anew = history.iter().filter(|other| other.again == Some(root));
        numbers.extend(anew.map(|other| other.seq));
    }
}

impl Stepper<'_> {
    /// Tells the other cases what a correction means for them: what they were told and is void, what they are told now, and who is
    /// linked to whom no longer. `teller` is the case that told of it, if one did.
    pub(super) fn retell(
        &mut self,
        past: Past<'_>,
        old: &Case,
        told: Told,
        (corrected, because): (u64, &str),
        teller: Option<&CaseId>,
    ) {
        let from = self.teller(corrected);
        // Whoever forgets a tie, or that it was taken away, is told how it is now: since then it may have become so again.
        let mut forgets: BTreeSet<(Name, CaseId)> = BTreeSet::new();
        for (to, mut void) in told.void {
            // Whoever told of it tells how it is now between the two.
            if Some(&to) == teller {
                void.ties.clear();
                if void.told_by.is_empty() {
                    continue;
                }
            }
            let ties = void.ties.iter();
            forgets.extend(ties.map(|tie| (tie.link.clone(), to.clone())));
            let input = Input::Void {
                from: from.clone(),
                told_by: void.told_by.into_iter().collect(),
                ties: void.ties.into_iter().collect(),
                because: because.to_owned(),
            };
            self.tell(&to, input, corrected);
        }
        let mut old = old.clone();
        told.back.apply(&mut old);
        let new = self.case().links.clone();
        let plan = self.view.plan.clone();
        for (link, declared) in &plan.links {
            let Some(inverse) = &declared.inverse else {
                continue;
            };
            let of =
                |links: &BTreeMap<Name, Vec<CaseId>>| links.get(link).cloned().unwrap_or_default();
            let (had, has) = (of(&old.links), of(&new));
            let forgot = forgets.iter().filter(|(link, _)| link == inverse);
            let forgot: BTreeSet<&CaseId> = forgot.map(|(_, to)| to).collect();
            let gone = had.iter().filter(|to| !has.contains(to));
            let gone = gone.chain(forgot.iter().copied().filter(|to| !has.contains(to)));
            let come = has
                .iter()
                .filter(|to| !had.contains(to) || forgot.contains(to));
            let another = |to: &&CaseId| Some(*to) != teller;
            let (gone, come) = (gone.filter(another), come.filter(another));
            let id = self.case().id.clone();
            for to in gone.collect::<BTreeSet<_>>() {
                let (link, to_id, from) = (inverse.clone(), id.clone(), Some(from.clone()));
                let unlink = Input::Unlink {
                    link,
                    to: to_id,
                    from,
                };
                self.tell(to, unlink, corrected);
            }
            for to in come {
                let (link, to_id, from) = (inverse.clone(), id.clone(), Some(from.clone()));
                let link = Input::Link {
                    link,
                    to: to_id,
                    from,
                };
                self.tell(to, link, corrected);
            }
        }
        for late in told.late {
            let Some(event) = self.plan().events.get(&late.event).cloned() else {
                continue;
            };
            let Some(tell) = event.tell.get(&late.target) else {
                continue;
            };
            let open = |value: &Value| match value {
                Value::Sealed(key) => past.sealed.get(key).cloned(),
                open => Some(open.clone()),
            };
            let values = late.with.iter();
            let values = values.filter_map(|(field, value)| Some((field.clone(), open(value)?)));
            self.tell_on(
                vec![late.to],
                tell,
                &values.collect(),
                Some(late.happened),
                late.seq,
            );
        }
    }
}
