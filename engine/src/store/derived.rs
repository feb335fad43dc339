//! What the read models hold of a case: a pure function of its state, and the difference between two states.

use super::{Result, StoreError, entries::micros, rows::Status};
use forloeb_core::{case::Case, plan::Level};
use std::collections::{BTreeMap, BTreeSet};

/// The rows of the read models that follow from a state, keyed as in their tables.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Derived<'a> {
    /// number -> (name, role, due_us, overdue)
    pub tasks: BTreeMap<u64, (&'a str, &'a str, i64, bool)>,
    /// number -> (name, due_us, overdue)
    pub deadlines: BTreeMap<u64, (&'a str, i64, bool)>,
    /// (number, role) -> what it is told
    pub findings: BTreeMap<(u64, &'a str), Told<'a>>,
    /// track -> (stage, since_us)
    pub places: BTreeMap<&'a str, (&'a str, i64)>,
    /// (link, other)
    pub links: BTreeSet<(&'a str, &'a str)>,
}

/// (leads, level, say, since_us, snoozed_us)
type Told<'a> = (bool, &'a str, &'a str, i64, Option<i64>);

/// The due instant of what has no due date: it sorts last.
pub(super) const NEVER_US: i64 = i64::MAX;

impl<'a> Derived<'a> {
    /// What follows from a state; from none, nothing does.
    pub(super) fn of(case: Option<&'a Case>) -> Result<Self> {
        let Some(case) = case else {
            return Ok(Self::default());
        };
        let mut rows = Self::default();
        rows.work(case)?;
        rows.findings(case)?;
        if case.ended.is_none() {
            for (track, place) in &case.tracks {
                let row = (place.stage.as_str(), micros(place.since)?);
                rows.places.insert(track.as_str(), row);
            }
        }
        for (link, others) in &case.links {
            for other in others {
                rows.links.insert((link.as_str(), other.as_str()));
            }
        }
        Ok(rows)
    }

    fn work(&mut self, case: &'a Case) -> Result<()> {
        for (number, task) in case.tasks.iter().filter(|(_, task)| task.done.is_none()) {
            let due_us = match &task.due {
                Some(due) => micros(due.limit.runs_out)?,
                None => NEVER_US,
            };
            let row = (task.name.as_str(), task.role.as_str(), due_us, task.overdue);
            self.tasks.insert(*number, row);
        }
        let running = |met: &Option<_>| met.is_none();
        for (number, deadline) in case.deadlines.iter().filter(|(_, d)| running(&d.met)) {
            let due_us = micros(deadline.due.limit.runs_out)?;
            let row = (deadline.name.as_str(), due_us, deadline.overdue);
            self.deadlines.insert(*number, row);
        }
        Ok(())
    }

    fn findings(&mut self, case: &'a Case) -> Result<()> {
        for (number, finding) in &case.findings {
            let since_us = micros(finding.since)?;
            let snoozed_us = finding.snoozed_until.map(micros).transpose()?;
            for (place, role) in finding.to.iter().enumerate() {
                let row = (
                    place == 0,
                    level_word(finding.level),
                    finding.say.as_str(),
                    since_us,
                    snoozed_us,
                );
                self.findings.entry((*number, role.as_str())).or_insert(row);
            }
        }
        Ok(())
    }

    /// Whether an open task or a running deadline is overdue.
    pub(super) fn overdue(&self) -> bool {
        self.tasks.values().any(|(_, _, _, overdue)| *overdue)
            || self.deadlines.values().any(|(_, _, overdue)| *overdue)
    }
}

/// The word of a level, in which escalations sort first.
pub(super) fn level_word(level: Level) -> &'static str {
    match level {
        Level::Escalation => "escalation",
        Level::Nudge => "nudge",
    }
}

/// The keys of rows that go, and the rows that come or are no longer the same.
pub(super) fn difference<'a, K: Ord, R: PartialEq>(
    before: &'a BTreeMap<K, R>,
    after: &'a BTreeMap<K, R>,
) -> (
    impl Iterator<Item = &'a K>,
    impl Iterator<Item = (&'a K, &'a R)>,
) {
    let gone = before.keys().filter(|key| !after.contains_key(key));
    let come = after
        .iter()
        .filter(|(key, row)| before.get(key) != Some(row));
    (gone, come)
}

/// The columns of a case that follow from its state: `(status, outcome)`.
pub(super) fn columns(case: &Case) -> (&'static str, Option<&str>) {
    let outcome = case.ended.as_ref().map(|ended| ended.outcome.as_str());
    (Status::of(case).word(), outcome)
}

/// The number of the last entry must be that of the state.
pub(super) fn check_seq(case: &Case, last: u64) -> Result<()> {
    if case.seq == last {
        Ok(())
    } else {
        Err(StoreError::Constraint(format!(
            "case `{}` is at entry {}, and its last entry is {last}",
            case.id, case.seq
        )))
    }
}
