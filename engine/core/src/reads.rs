//! What a rule reads, known before anything runs: an entry that changes nothing of it cannot change the answer.
//!
//! It may say too much, never too little. The id of a case, its process and when it started never change, and settings are the
//! plan's own, so reading them needs no word here.

use crate::{
    case::Case,
    entry::What,
    judge::View,
    name::Name,
    plan::{Plan, RuleUse},
};
use std::collections::{BTreeMap, BTreeSet};

/// What is read of a case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reads {
    /// These facts.
    pub facts: BTreeSet<Name>,
    /// The occurrences of these events.
    pub events: BTreeSet<Name>,
    /// Which cases are behind these links.
    pub links: BTreeSet<Name>,
    /// Where it is, and since when.
    pub places: bool,
    /// Whether and how it ended, and whether it is on hold.
    pub status: bool,
    /// Which tasks are open or done.
    pub tasks: bool,
    /// It cannot be told what is read.
    pub everything: bool,
}

impl Reads {
    /// Whether nothing is read of it that can change.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether an entry of the case may change what is read of it.
    #[must_use]
    pub fn sees(&self, what: &What) -> bool {
        match what {
            // These may change anything about the case.
            What::Started { .. } | What::Migrated { .. } | What::Corrected { .. } => {
                !self.is_empty()
            }
            What::Reported { event, .. } => self.everything || self.events.contains(event),
            What::FactSet { fact, .. } | What::FactCleared { fact } => {
                self.everything || self.facts.contains(fact)
            }
            What::Linked { link, .. } | What::Unlinked { link, .. } => {
                self.everything || self.links.contains(link)
            }
            // The tasks that are done go with their stage, without an entry of their own.
            What::StageEntered { .. } => self.everything || self.places || self.tasks,
            What::TaskOpened { .. } | What::TaskDone { .. } | What::TaskEnded { .. } => {
                self.everything || self.tasks
            }
            What::Held { .. } | What::Resumed | What::Ended { .. } => {
                self.everything || self.status
            }
            // Nobody can ask about these.
            What::TaskOverdue { .. }
            | What::TaskMoved { .. }
            | What::DeadlineStarted { .. }
            | What::DeadlineMet { .. }
            | What::DeadlineEnded { .. }
            | What::DeadlineOverdue { .. }
            | What::DeadlineMoved { .. }
            | What::RungReached { .. }
            | What::FindingOpened { .. }
            | What::FindingChanged { .. }
            | What::FindingClosed { .. }
            | What::FindingAcknowledged { .. }
            | What::FindingSnoozed { .. }
            | What::RaiseBegan(_)
            | What::RaiseEnded(_)
            | What::RecurringBegan { .. }
            | What::RecurringStopped { .. }
            | What::Recurred { .. }
            | What::RecurringMissed { .. }
            | What::RuleFailed { .. }
            | What::TaskCarried { .. }
            | What::DeadlineCarried { .. }
            | What::LeftOut { .. }
            | What::Circled { .. }
            | What::NotTold { .. } => false,
        }
    }

    /// Reads what another reads, too.
    pub fn add(&mut self, other: &Self) {
        self.facts.extend(other.facts.iter().cloned());
        self.events.extend(other.events.iter().cloned());
        self.links.extend(other.links.iter().cloned());
        self.places |= other.places;
        self.status |= other.status;
        self.tasks |= other.tasks;
        self.everything |= other.everything;
    }
}

/// What a rule reads altogether.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// Of its own case.
    pub own: Reads,
    /// The links through which it reaches other cases: those must be at hand.
    pub through: BTreeSet<Name>,
    /// Of the cases that it reaches, by their process.
    pub of: BTreeMap<Name, Reads>,
    /// Its answer may also change as time goes by.
    pub time: bool,
}

impl Reading {
    /// Reads what another reads, too.
    pub fn add(&mut self, other: &Self) {
        self.own.add(&other.own);
        self.through.extend(other.through.iter().cloned());
        for (process, reads) in &other.of {
            self.of.entry(process.clone()).or_default().add(reads);
        }
        self.time |= other.time;
    }

    /// What a rule reads, at a glance: while that is the same and no time is asked for, its answer is the same. None where it cannot be
    /// told.
    #[must_use]
    pub fn glance(&self, rule: &RuleUse, view: &View) -> Option<Glance> {
        let mut glance = Glance::default();
        glance.add(&self.own, &view.case)?;
        // A confidential value never changes, and can be erased without an entry.
        if !rule.reads.is_empty() {
            glance.numbers.push(view.around.sealed.len() as u64);
            for key in view.around.sealed.keys() {
                glance.numbers.push(key.seq);
                glance.names.push(key.field.clone());
            }
        }
        for link in &self.through {
            for id in view.linked(link) {
                glance.names.push(id.clone());
                let Some((_, other)) = view.around.cases.get(id) else {
                    continue;
                };
                if let Some(reads) = self.of.get(&other.process) {
                    glance.add(reads, other)?;
                }
            }
            // What belongs to one link is never taken for what belongs to the next.
            glance.names.push(link.clone());
        }
        Some(glance)
    }

    /// What is read by something of which only is known through which links it reaches other cases.
    #[must_use]
    pub fn unknown(plan: &Plan, through: BTreeSet<Name>) -> Self {
        let everything = Reads {
            everything: true,
            ..Reads::default()
        };
        let links = through.iter().filter_map(|link| plan.links.get(link));
        Self {
            of: links
                .map(|link| (link.to.clone(), everything.clone()))
                .collect(),
            own: everything,
            through,
            time: true,
        }
    }
}

/// What is read of some cases, by the numbers of the entries that made it so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Glance {
    numbers: Vec<u64>,
    names: Vec<Name>,
}

impl Glance {
    fn add(&mut self, reads: &Reads, case: &Case) -> Option<()> {
        if reads.everything {
            return None;
        }
        let numbers = &mut self.numbers;
        for fact in &reads.facts {
            numbers.push(case.facts.get(fact).map_or(0, |known| known.seq));
        }
        // Occurrences are only ever added.
        for event in &reads.events {
            let last = case.events.get(event).and_then(|events| events.last());
            numbers.push(last.map_or(0, |last| last.seq));
        }
        for link in &reads.links {
            let linked = case.links.get(link).map_or(&[][..], Vec::as_slice);
            numbers.push(linked.len() as u64);
            self.names.extend(linked.iter().cloned());
        }
        if reads.places {
            numbers.extend(case.tracks.values().map(|place| place.seq));
        }
        if reads.status {
            numbers.push(u64::from(case.ended.is_some()));
            numbers.push(case.hold.as_ref().map_or(0, |hold| hold.seq));
        }
        if reads.tasks {
            numbers.push(case.tasks.len() as u64);
            for (number, task) in &case.tasks {
                numbers.push(number * 2 + u64::from(task.done.is_some()));
                self.names.push(task.name.clone());
            }
        }
        Some(())
    }
}
