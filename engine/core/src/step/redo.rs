//! What had been taken in is recorded anew, in its order and at its own instants, with everything that follows from it now.

use super::{
    Stepper,
    correct::{Past, scene},
    fits::unfit,
    migrate::past_holds,
    retell::{Told, hearers, ties, void},
};
use crate::{
    case::{Case, CaseId, Finding, TaskState},
    entry::{Entry, LeftBecause, What},
    fold::apply,
    input::{Given, Input, Moment, Refusal},
    name::Name,
    versions::Renamed,
};
use jiff::Timestamp;
use std::collections::BTreeSet;

impl<'a> Stepper<'a> {
    /// Records anew what of `again` people and other cases had brought in, but for what is void. `old` is the case as it was before
    /// the first of these entries; it goes along, so that it is known what each of them was about.
    pub(super) fn redo(
        &mut self,
        past: Past<'a>,
        kept: &[&Entry],
        again: &[&Entry],
        mut old: Case,
        voided: &[u64],
        corrected: u64,
    ) -> Result<Told, Refusal> {
        let now = self.moment;
        let mut told = Told::default();
        self.missed = Some(missed(again));
        self.trigger = None;
        // What the rules say at that instant tells until when they say so.
        self.view.now = self.case().now;
        self.settle();
        // What was taken in under new names goes by the old ones, once what brought them is void.
        let mut back = Renamed::default();
        let mut at = 0;
        while let Some(&entry) = again.get(at) {
            let rest = again.get(at + 1..).unwrap_or_default();
            let own = rest
                .iter()
                .take_while(|next| belongs(next, entry.seq))
                .count();
            let own = rest.get(..own).unwrap_or_default();
            at += 1 + own.len();
            let mut before = old.clone();
            apply(&mut old, entry);
            own.iter().for_each(|next| apply(&mut old, next));
            if !is_redone(entry, voided) {
                continue;
            }
            // Who heard it, and who was tied by it, is as the plan said that the case went by then.
            let then = &scene(past, &before.plan)?.plan;
            let hearers = hearers(then, entry, &before, &old);
            let tied = ties(then, std::iter::once(entry).chain(own.iter().copied()));
            if voided.contains(&entry.seq) {
                void(past.history, &mut told, entry, hearers.into_iter());
                told.untied(&tied, &BTreeSet::new());
                if let What::Migrated { renamed, .. } = &entry.what {
                    back = renamed.back();
                }
                continue;
            }
            if matches!(entry.what, What::Migrated { .. }) {
                back = Renamed::default();
            }
            let entry = &back.entry(entry);
            let own: Vec<Entry> = own.iter().map(|own| back.entry(own)).collect();
            back.apply(&mut before);
            self.go_to(entry.at, now);
            let (links, first) = (self.case().links.clone(), self.entries.len());
            let seq = self.redo_one(past, kept, entry, &own, &before, corrected)?;
            told.untied(&tied, &self.ties_since(first));
            // Inputs may share an instant.
            self.settled_at = None;
            self.settle();
            self.hear(past.history, &mut told, entry, hearers, &links, seq);
        }
        self.go_to(now.at, now);
        self.settled_at = None;
        self.settle();
        self.missed = None;
        self.moment = now;
        told.back = back;
        Ok(told)
    }

    /// Goes through all that became due until then.
    fn go_to(&mut self, at: Timestamp, now: Moment) {
        self.trigger = None;
        self.migrating = false;
        let at = at.max(self.case().now);
        self.moment = Moment {
            at,
            recorded: now.recorded,
        };
        self.catch_up(at);
    }

    /// Records one input anew. Gives its new number, unless it has no place any more.
    fn redo_one(
        &mut self,
        past: Past<'a>,
        kept: &[&Entry],
        entry: &Entry,
        own: &[Entry],
        before: &Case,
        corrected: u64,
    ) -> Result<Option<u64>, Refusal> {
        if self.ended() && !matches!(entry.what, What::Linked { .. } | What::Unlinked { .. }) {
            self.leave_out(entry, own, corrected, LeftBecause::CaseEnded);
            return Ok(None);
        }
        let done = match &entry.what {
            What::Reported { event, with, .. } => {
                let plan = self.plan();
                let Some(declared) = plan.events.get(event) else {
                    self.leave_out(entry, own, corrected, LeftBecause::NoSuchEvent);
                    return Ok(None);
                };
                let seq = self.anew(entry, entry.what.clone());
                self.set_from(declared, with, seq);
                Some(seq)
            }
            What::TaskDone { task } => {
                let task = before.tasks.get(task).and_then(|task| self.same_task(task));
                task.map(|task| {
                    let seq = self.anew(entry, What::TaskDone { task });
                    self.redo_facts(own, seq);
                    seq
                })
            }
            What::Linked { link, to } => Some(self.redo_link(entry, link, to)),
            What::Unlinked { .. } => Some(self.anew(entry, entry.what.clone())),
            What::Held { .. } if self.case().hold.is_none() => {
                Some(self.anew(entry, entry.what.clone()))
            }
            What::Resumed => self
                .case()
                .hold
                .as_ref()
                .map(|hold| hold.since)
                .map(|since| {
                    let seq = self.anew(entry, What::Resumed);
                    self.give_back(since, seq);
                    seq
                }),
            What::FindingAcknowledged { finding, because } => {
                let open = before.findings.get(finding);
                open.and_then(|open| self.same_finding(open))
                    .map(|finding| {
                        let because = because.clone();
                        self.anew(entry, What::FindingAcknowledged { finding, because })
                    })
            }
            What::FindingSnoozed {
                finding,
                until,
                because,
            } => {
                let open = before.findings.get(finding);
                open.and_then(|open| self.same_finding(open))
                    .map(|finding| {
                        let (until, because) = (*until, because.clone());
                        self.anew(
                            entry,
                            What::FindingSnoozed {
                                finding,
                                until,
                                because,
                            },
                        )
                    })
            }
            What::NotTold { .. } => Some(self.record(entry.what.clone(), Some(corrected), None)),
            What::Migrated { plan, .. } => Some(self.redo_migration(past, kept, entry, plan)?),
            _ => None,
        };
        if done.is_none() {
            self.leave_out(entry, own, corrected, LeftBecause::NothingThere);
        }
        Ok(done)
    }

    /// Records an input anew, as it was given then.
    fn anew(&mut self, entry: &Entry, what: What) -> u64 {
        let given = Given {
            input: Input::Wake,
            by: entry.by.clone(),
            on_behalf_of: entry.on_behalf_of.clone(),
            key: None,
        };
        self.again = Some(entry.again.unwrap_or(entry.seq));
        let seq = self.record_input(&given, what, entry.ground.as_ref());
        self.again = None;
        seq
    }

    /// Notes that something has no place any more. What was filled in with it is known all the same.
    fn leave_out(&mut self, entry: &Entry, own: &[Entry], corrected: u64, why: LeftBecause) {
        let what = What::LeftOut {
            entry: entry.seq,
            why,
        };
        let seq = self.record(what, Some(corrected), None);
        if matches!(entry.what, What::TaskDone { .. }) && !self.ended() {
            self.redo_facts(own, seq);
        }
    }

    fn redo_facts(&mut self, own: &[Entry], cause: u64) {
        for entry in own {
            if let What::FactSet { fact, value } = &entry.what {
                self.set_fact(fact, value.clone(), Some(cause));
            }
        }
    }

    /// A link that people made. Where it leads to a single case, the one before it goes.
    fn redo_link(&mut self, entry: &Entry, link: &Name, to: &CaseId) -> u64 {
        let seq = self.anew(entry, entry.what.clone());
        let single = self.plan().links.get(link).is_some_and(|link| !link.many);
        let linked = self.case().links.get(link).cloned().unwrap_or_default();
        for old in linked.into_iter().filter(|old| single && old != to) {
            let link = link.clone();
            self.record(
                What::Unlinked { link, to: old },
                Some(seq),
                entry.ground.as_ref(),
            );
        }
        seq
    }

    fn redo_migration(
        &mut self,
        past: Past<'a>,
        kept: &[&Entry],
        entry: &Entry,
        plan: &Name,
    ) -> Result<u64, Refusal> {
        let next = scene(past, plan)?;
        let old = self.scene.plan.clone();
        if !unfit(self.case(), &old, &next.plan, past.sealed).is_empty() {
            return Err(Refusal {
                message: format!(
                    "without this, `{}` does not fit into the plan that it went over to in entry {}",
                    self.case().id,
                    entry.seq
                ),
                help: Some(format!(
                    "take that back first: forloeb case correct {} {} --by ROLE --because TEXT",
                    self.case().id,
                    entry.seq
                )),
            });
        }
        let seq = self.anew(entry, entry.what.clone());
        let holds = past_holds(kept.iter().copied().chain(&self.entries));
        self.go_over(next, &old, &holds);
        Ok(seq)
    }

    /// The task that is what another one was: the first open one of its name, best of the same origin.
    fn same_task(&self, was: &TaskState) -> Option<u64> {
        let open = || {
            let tasks = self.case().tasks.iter();
            tasks.filter(|(_, task)| task.done.is_none() && task.name == was.name)
        };
        let same = open().find(|(_, task)| task.origin == was.origin);
        same.or_else(|| open().next()).map(|(number, _)| *number)
    }

    fn same_finding(&self, was: &Finding) -> Option<u64> {
        let mut findings = self.case().findings.iter();
        let same = |open: &Finding| {
            (&open.source, &open.say, &open.about) == (&was.source, &was.say, &was.about)
        };
        let found = findings.find(|(_, open)| same(open));
        found.map(|(number, _)| *number)
    }
}

/// Whether an entry is what people or other cases brought in, rather than what followed or fell due.
pub(super) fn is_input(entry: &Entry) -> bool {
    let by_somebody = matches!(
        entry.what,
        What::Reported { .. }
            | What::TaskDone { .. }
            | What::Linked { .. }
            | What::Unlinked { .. }
            | What::Held { .. }
            | What::Resumed
            | What::FindingAcknowledged { .. }
            | What::FindingSnoozed { .. }
            | What::Migrated { .. }
    );
    by_somebody && entry.cause.is_none()
}

/// Whether an entry is to be recorded anew: an input, or what is remembered of what was told. What came of a void entry is not.
fn is_redone(entry: &Entry, voided: &[u64]) -> bool {
    let noted = matches!(entry.what, What::NotTold { .. });
    is_input(entry) || (noted && !entry.cause.is_some_and(|cause| voided.contains(&cause)))
}

/// Whether an entry is what another one did at once: the facts and links that it set.
fn belongs(next: &Entry, seq: u64) -> bool {
    let sets = matches!(
        next.what,
        What::FactSet { .. }
            | What::FactCleared { .. }
            | What::Linked { .. }
            | What::Unlinked { .. }
    );
    sets && next.cause == Some(seq)
}

/// The occurrences of recurring work that were missed.
fn missed(entries: &[&Entry]) -> BTreeSet<(Name, Timestamp)> {
    let missed = entries.iter().filter_map(|entry| match &entry.what {
        What::RecurringMissed {
            recurring,
            occurrence,
        } => Some((recurring.clone(), *occurrence)),
        _ => None,
    });
    missed.collect()
}
