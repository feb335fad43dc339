//! What a view answers: everything that a rule, a condition or a text may ask about a case. It only reads.

use crate::{
    case::{CaseId, Occurrence, Place},
    judge::View,
    name::Name,
    question::Asked,
    time::Outside,
    value::{SealedKey, SettingValue, Value},
};
use jiff::Timestamp;
use std::{collections::BTreeMap, sync::Arc};

impl View {
    /// The value of a fact; none while it has none. A confidential value comes as its key (see [`View::unsealed`]).
    #[must_use]
    pub fn fact(&self, fact: &str) -> Option<&Value> {
        self.case.facts.get(fact).map(|known| &known.value)
    }

    /// The value of a fact, field or anything else of this case, with a confidential one looked up among those that
    /// came with the view; none when it did not come.
    #[must_use]
    pub fn unsealed<'a>(&'a self, value: &'a Value) -> Option<&'a Value> {
        match value {
            Value::Sealed(key) => self.sealed(key),
            open => Some(open),
        }
    }

    fn sealed(&self, key: &SealedKey) -> Option<&Value> {
        self.around.sealed.get(key)
    }

    /// The value of a setting on the local date of `now`; none when there is no such setting, or none today.
    ///
    /// # Errors
    /// When the years run out.
    pub fn setting(&self, setting: &str) -> Result<Asked<Option<&SettingValue>>, Outside> {
        let zone = self.plan.calendar.zone();
        let today = zone.date(self.now);
        let change = self.plan.setting_changes(setting, today);
        Ok(Asked {
            answer: self.plan.setting(setting, today),
            horizon: change.map(|day| zone.start_of(day)).transpose()?,
        })
    }

    /// The cases behind a link, in the order in which they were linked.
    #[must_use]
    pub fn linked(&self, link: &str) -> &[CaseId] {
        self.case.links.get(link).map_or(&[], Vec::as_slice)
    }

    /// A linked case, seen at the same instant; none when it did not come with the view.
    #[must_use]
    pub fn of(&self, case: &str) -> Option<View> {
        let (plan, case) = self.around.cases.get(case)?;
        Some(View {
            plan: Arc::clone(plan),
            case: Arc::clone(case),
            around: Arc::clone(&self.around),
            now: self.now,
        })
    }

    /// The occurrences of an event, in the order of recording.
    #[must_use]
    pub fn occurrences(&self, event: &str) -> &[Arc<Occurrence>] {
        self.case.events.get(event).map_or(&[], Vec::as_slice)
    }

    /// The occurrences of an event whose fields have these values, in the order in which they happened; of two that
    /// happened at once, the one recorded first comes first.
    #[must_use]
    pub fn all<'a>(
        &'a self,
        event: &str,
        with: &'a BTreeMap<Name, Value>,
    ) -> Vec<&'a Arc<Occurrence>> {
        let mut found: Vec<&Arc<Occurrence>> = self.matching(event, with).collect();
        found.sort_by_key(|one| (one.at, one.seq));
        found
    }

    /// The occurrence that happened last.
    #[must_use]
    pub fn last<'a>(
        &'a self,
        event: &str,
        with: &'a BTreeMap<Name, Value>,
    ) -> Option<&'a Arc<Occurrence>> {
        self.matching(event, with)
            .max_by_key(|one| (one.at, one.seq))
    }

    /// The occurrence that happened first.
    #[must_use]
    pub fn first<'a>(
        &'a self,
        event: &str,
        with: &'a BTreeMap<Name, Value>,
    ) -> Option<&'a Arc<Occurrence>> {
        self.matching(event, with)
            .min_by_key(|one| (one.at, one.seq))
    }

    /// How many occurrences there are, or how many happened at or after `since`.
    #[must_use]
    pub fn count(
        &self,
        event: &str,
        since: Option<Timestamp>,
        with: &BTreeMap<Name, Value>,
    ) -> usize {
        self.matching(event, with)
            .filter(|one| since.is_none_or(|since| one.at >= since))
            .count()
    }

    /// Whether there is an occurrence, or one at or after `since`.
    #[must_use]
    pub fn happened(
        &self,
        event: &str,
        since: Option<Timestamp>,
        with: &BTreeMap<Name, Value>,
    ) -> bool {
        self.matching(event, with)
            .any(|one| since.is_none_or(|since| one.at >= since))
    }

    /// The occurrences of an event whose fields have these values, in the order of recording.
    pub fn matching<'a>(
        &'a self,
        event: &str,
        with: &'a BTreeMap<Name, Value>,
    ) -> impl Iterator<Item = &'a Arc<Occurrence>> {
        self.occurrences(event).iter().filter(move |one| {
            with.iter()
                .all(|(field, value)| one.with.get(field) == Some(value))
        })
    }

    /// Where the case is on a track, or on the first track of the process.
    #[must_use]
    pub fn place(&self, track: Option<&str>) -> Option<&Place> {
        let track = match track {
            Some(track) => track,
            None => self.plan.tracks.keys().next()?.as_str(),
        };
        self.case.tracks.get(track)
    }

    /// Whether the case is in this stage, on any track.
    #[must_use]
    pub fn in_stage(&self, stage: &str) -> bool {
        self.case.tracks.values().any(|place| place.stage == *stage)
    }

    /// Whether a task of this name is open.
    #[must_use]
    pub fn task_open(&self, task: &str) -> bool {
        self.tasks(task, false)
    }

    /// Whether a task of this name is done, in a stage where the case still is.
    #[must_use]
    pub fn task_done(&self, task: &str) -> bool {
        self.tasks(task, true)
    }

    fn tasks(&self, task: &str, done: bool) -> bool {
        let mut states = self.case.tasks.values();
        states.any(|state| state.name == *task && state.done.is_some() == done)
    }

    /// Whether the case is on hold.
    #[must_use]
    pub fn on_hold(&self) -> bool {
        self.case.hold.is_some()
    }

    /// The outcome, once the case has ended.
    #[must_use]
    pub fn outcome(&self) -> Option<&Name> {
        self.case.ended.as_ref().map(|ended| &ended.outcome)
    }
}
