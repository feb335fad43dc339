//! Who reads, and what is at hand for it: language, clock and width of the page, names, and the case that is read about. Nothing here is looked up.

use super::{
    language::Language,
    page::Page,
    tongue::{Label, Tongue},
};
use forloeb_core::{
    case::{Case, CaseId, Source},
    entry::{Actor, Entry, What},
    in_effect::in_effect,
    name::Name,
    plan::{Deadline, Described, Level, Plan, Task},
    text::Text,
    value::{SealedKey, Value},
    versions::Renamed,
};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use std::{collections::BTreeMap, sync::Arc};

/// The reader of a page, and what is at hand for all pages.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    /// In which language.
    pub language: Language,
    /// The zone in which dates and times are told.
    pub zone: TimeZone,
    /// Whether the terminal shows colours.
    pub colour: bool,
    /// Characters in a line.
    pub width: usize,
    /// The present instant.
    pub now: Timestamp,
    /// By which name people know a case; one that is not here goes by its id.
    pub names: &'a BTreeMap<CaseId, String>,
    /// The names of persons by their opaque ids.
    pub people: &'a BTreeMap<Name, String>,
    /// The text of each file of the plans that are read about, by the plan and its path inside the programme.
    pub sources: &'a BTreeMap<(Name, Name), String>,
    /// The role in which is read; none where nobody said: then only what everybody may see is shown.
    pub role: Option<Name>,
}

impl Reader<'_> {
    /// The sentences of the reader's language.
    #[must_use]
    pub fn tongue(&self) -> &'static dyn Tongue {
        self.language.tongue()
    }

    /// A word or sentence that needs nothing filled in.
    #[must_use]
    pub fn label(&self, label: Label) -> &'static str {
        self.tongue().label(label)
    }

    /// A page as wide as the reader's.
    #[must_use]
    pub fn page(&self) -> Page {
        Page::new(self.width, self.colour)
    }

    /// The local date at an instant.
    #[must_use]
    pub fn day_of(&self, at: Timestamp) -> Date {
        self.zone.to_datetime(at).date()
    }

    /// The local date now.
    #[must_use]
    pub fn today(&self) -> Date {
        self.day_of(self.now)
    }

    /// The text in the reader's language, or `name` where the process has no words for it.
    pub(crate) fn text(&self, text: &Text, name: &Name) -> String {
        match text.in_language(self.language.code()) {
            "" => name.to_string(),
            words => words.to_owned(),
        }
    }

    /// What a rule is for, in the reader's language where its comment has it.
    pub(super) fn rule_is_for(&self, rule: &Described) -> String {
        rule.in_language(self.language.code()).to_owned()
    }

    /// A case as people know it, without its id.
    pub(super) fn case_name(&self, id: &CaseId) -> String {
        self.names
            .get(id)
            .cloned()
            .unwrap_or_else(|| id.to_string())
    }

    /// A case as people know it, with its id where that says something else.
    pub fn case_with_id(&self, id: &CaseId) -> String {
        match self.names.get(id) {
            Some(name) if name.as_str() != id.as_str() => format!("{name} ({id})"),
            _ => id.to_string(),
        }
    }

    /// `a, b and c`.
    pub(super) fn list(&self, items: &[String]) -> String {
        match items.split_last() {
            None => String::new(),
            Some((last, [])) => last.clone(),
            Some((last, before)) => self.tongue().and(&before.join(", "), last),
        }
    }

    pub(super) fn level(&self, level: Level) -> &'static str {
        self.label(match level {
            Level::Nudge => Label::Nudge,
            Level::Escalation => Label::Escalation,
        })
    }
}

/// The case that is read about.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The plan that it is pinned to, or that it was pinned to at the time that is told of.
    pub plan: &'a Plan,
    /// Each plan that it has gone by, where there were several.
    pub plans: &'a BTreeMap<Name, Arc<Plan>>,
    /// The case.
    pub case: &'a Case,
    /// Its whole history, from its first entry.
    pub history: &'a [Entry],
    /// The entries of it that count: without those that corrections have taken back.
    pub entries: &'a [Entry],
    /// Its confidential values that the reader may see; no others are shown.
    pub sealed: &'a BTreeMap<SealedKey, Value>,
}

impl<'a> Subject<'a> {
    /// Since when it is on hold.
    #[must_use]
    pub fn held_since(&self) -> Option<Timestamp> {
        self.case.hold.as_ref().map(|hold| hold.since)
    }

    /// Whether the reader may see a value: a sealed one is at hand only where they may.
    pub(super) fn seen(&self, value: &Value) -> bool {
        !matches!(value, Value::Sealed(key) if !self.sealed.contains_key(key))
    }

    /// The entry with this number.
    #[must_use]
    pub fn entry(&self, seq: u64) -> Option<&'a Entry> {
        let place = self
            .history
            .binary_search_by_key(&seq, |entry| entry.seq)
            .ok()?;
        self.history.get(place)
    }

    /// Every plan that it has gone by.
    pub(super) fn all_plans(&self) -> impl Iterator<Item = &'a Plan> {
        let (plan, plans) = (self.plan, self.plans.values());
        let others = plans
            .map(AsRef::as_ref)
            .filter(|other: &&Plan| other.id != plan.id);
        others.chain([plan])
    }

    /// The case with the plan by which it went at an entry.
    #[must_use]
    pub fn at(self, seq: u64) -> Self {
        Self {
            plan: self.plan_at(seq),
            ..self
        }
    }

    /// The entries up to one that counted then, or still count.
    fn told_at(&self, seq: u64) -> Vec<&'a Entry> {
        let until = |entry: &&Entry| entry.seq <= seq;
        match self.entries.binary_search_by_key(&seq, |entry| entry.seq) {
            Ok(_) => self.entries.iter().take_while(until).collect(),
            Err(_) => in_effect(self.history.iter().take_while(until)),
        }
    }

    fn plan_at(&self, seq: u64) -> &'a Plan {
        if self.plans.len() < 2 {
            return self.plan;
        }
        let before = self.told_at(seq).into_iter().rev();
        let mut gone_by = before.filter_map(|entry| match &entry.what {
            What::Started { plan, .. } | What::Migrated { plan, .. } => self.plans.get(plan),
            _ => None,
        });
        gone_by.next().map_or(self.plan, |plan| plan)
    }

    /// The names that something of an entry has later: `name` as it is called by the plan at `seq`.
    pub(super) fn renamed_until(
        &self,
        seq: u64,
        since: u64,
        name: &'a Name,
        names: impl Fn(&'a Renamed) -> &'a BTreeMap<Name, Name>,
    ) -> &'a Name {
        if self.plans.len() < 2 {
            return name;
        }
        let told = self.told_at(seq).into_iter();
        let moves = told.filter_map(|entry| match &entry.what {
            What::Migrated { renamed, .. } if entry.seq > since => Some(renamed),
            _ => None,
        });
        moves.fold(name, |name, renamed| {
            names(renamed).get(name).unwrap_or(name)
        })
    }

    /// What is meant by a task's name, wherever it was opened.
    #[must_use]
    pub fn task(&self, name: &Name, origin: &forloeb_core::case::Origin) -> Option<&'a Task> {
        use forloeb_core::case::Origin;
        match origin {
            Origin::Stage { track, stage } => self.plan.stage(track, stage)?.tasks.get(name),
            Origin::Recurring(recurring) => {
                self.plan.recurring.get(recurring).map(|work| &work.task)
            }
            Origin::Raised(_) => self.plan.tasks.get(name),
        }
    }

    /// A deadline of the plan.
    #[must_use]
    pub fn deadline(&self, track: &Name, stage: &Name, name: &Name) -> Option<&'a Deadline> {
        self.plan.stage(track, stage)?.deadlines.get(name)
    }
}

impl Reader<'_> {
    pub(super) fn role(&self, plan: &Plan, role: &Name) -> String {
        plan.roles
            .get(role)
            .map_or_else(|| role.to_string(), |known| self.text(&known.title, role))
    }

    pub(super) fn roles(&self, plan: &Plan, roles: &[Name]) -> String {
        let titles: Vec<String> = roles.iter().map(|role| self.role(plan, role)).collect();
        self.list(&titles)
    }

    pub(super) fn actor(&self, plan: &Plan, actor: &Actor) -> String {
        let role = self.role(plan, &actor.role);
        match &actor.person {
            Some(person) => format!(
                "{role} {}",
                self.people
                    .get(person)
                    .map_or(person.as_str(), String::as_str)
            ),
            None => role,
        }
    }

    pub(super) fn track(&self, plan: &Plan, track: &Name) -> String {
        plan.tracks
            .get(track)
            .map_or_else(|| track.to_string(), |known| self.text(&known.title, track))
    }

    pub(super) fn stage(&self, plan: &Plan, track: &Name, stage: &Name) -> String {
        plan.stage(track, stage)
            .map_or_else(|| stage.to_string(), |known| self.text(&known.title, stage))
    }

    pub(super) fn outcome(&self, plan: &Plan, outcome: &Name) -> String {
        plan.outcomes.get(outcome).map_or_else(
            || outcome.to_string(),
            |known| self.text(&known.title, outcome),
        )
    }

    pub(super) fn event(&self, plan: &Plan, event: &Name) -> String {
        plan.events
            .get(event)
            .map_or_else(|| event.to_string(), |known| self.text(&known.title, event))
    }

    pub(super) fn fact(&self, plan: &Plan, fact: &Name) -> String {
        plan.facts
            .get(fact)
            .map_or_else(|| fact.to_string(), |known| self.text(&known.title, fact))
    }

    pub(super) fn link(&self, plan: &Plan, link: &Name) -> String {
        plan.links
            .get(link)
            .map_or_else(|| link.to_string(), |known| self.text(&known.title, link))
    }

    pub(super) fn task(
        &self,
        subject: Subject<'_>,
        name: &Name,
        origin: &forloeb_core::case::Origin,
    ) -> String {
        let task = subject.task(name, origin);
        task.map_or_else(|| name.to_string(), |task| self.text(&task.title, name))
    }

    pub(super) fn deadline(
        &self,
        subject: Subject<'_>,
        track: &Name,
        stage: &Name,
        name: &Name,
    ) -> String {
        let deadline = subject.deadline(track, stage, name);
        deadline.map_or_else(
            || name.to_string(),
            |deadline| self.text(&deadline.title, name),
        )
    }

    pub(super) fn source(&self, subject: Subject<'_>, source: &Source) -> String {
        match source {
            Source::Deadline {
                track,
                stage,
                deadline,
            } => self.deadline(subject, track, stage, deadline),
            Source::Rule(rule) | Source::Fault(rule) => rule.to_string(),
        }
    }

    /// The first characters of a plan's hash, enough to tell versions apart.
    pub(super) fn version(&self, plan: &Name) -> String {
        let short: String = plan.chars().take(8).collect();
        self.tongue().version(&short)
    }
}
