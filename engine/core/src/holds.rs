//! Whether a condition holds, which entry made it hold, and until when that can stay so.

use crate::{
    case::{Case, Occurrence},
    condition::{Compare, Condition, EventTest, Test},
    horizon::Horizon,
    judge::{Fault, Judge, View},
    name::Name,
    plan::{Plan, RuleUse},
    time::{EndOnClosed, limit},
    value::Value,
};
use jiff::{Timestamp, civil::Date};
use rust_decimal::Decimal;
use std::{cell::RefCell, sync::Arc};

/// Where a condition is asked: the stage, and since when it looks.
#[derive(Clone, Copy, Debug)]
pub struct Since<'a> {
    /// The track whose stage it stands in.
    pub track: &'a str,
    /// Only what was recorded after this entry counts, unless it says `ever`.
    pub seq: u64,
    /// This entry before it counts as well: the event that led to the stage.
    pub also: Option<u64>,
}

impl Since<'_> {
    /// Whether an entry counts.
    #[must_use]
    pub fn counts(&self, seq: u64) -> bool {
        seq > self.seq || self.also == Some(seq)
    }
}

/// The answer to a condition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// Whether it holds.
    pub holds: bool,
    /// The entry that made it hold, where it is one of what the condition asks about.
    pub because: Option<u64>,
}

impl Held {
    fn no() -> Self {
        Self::default()
    }

    fn when(holds: bool, because: Option<u64>) -> Self {
        Self {
            holds,
            because: because.filter(|_| holds),
        }
    }
}

/// Asks the conditions of one case at one instant, and gathers the horizon and the rules that failed.
#[derive(Debug)]
pub struct Asker<'a> {
    /// What the conditions look at.
    pub view: &'a View,
    /// Who evaluates rules.
    pub judge: &'a dyn Judge,
    /// The earliest instant at which one of the answers may change.
    pub horizon: RefCell<Horizon>,
    /// The rules that failed on the way.
    pub faults: RefCell<Vec<(Name, Fault)>>,
    /// The reasons that rules gave for their yes or no.
    pub reasons: RefCell<Vec<(Name, String)>>,
}

impl<'a> Asker<'a> {
    /// Asks about a view.
    #[must_use]
    pub fn new(view: &'a View, judge: &'a dyn Judge) -> Self {
        Self {
            view,
            judge,
            horizon: RefCell::default(),
            faults: RefCell::default(),
            reasons: RefCell::default(),
        }
    }

    fn plan(&self) -> &Plan {
        &self.view.plan
    }

    fn case(&self) -> &Case {
        &self.view.case
    }

    fn today(&self) -> Date {
        self.plan().calendar.zone().date(self.view.now)
    }

    /// Notes that a setting with periods of validity was read.
    fn note_setting(&self, name: Option<&Name>) {
        let change = name.and_then(|name| self.plan().setting_changes(name, self.today()));
        let at = change.and_then(|day| self.plan().calendar.zone().start_of(day).ok());
        self.horizon.borrow_mut().note(at);
    }

    /// Whether the condition holds.
    pub fn holds(&self, condition: &Condition, since: Since<'_>) -> Held {
        match &condition.test {
            Test::TasksDone => self.tasks_done(since),
            Test::TaskDone(name) => self.task_done(name, since),
            Test::Event(test) => self.event(test, since),
            Test::Fact { fact, compare } => self.fact(fact, compare),
            Test::Link {
                link,
                at_least,
                at_most,
            } => {
                self.note_setting(at_least.setting_name());
                self.note_setting(at_most.as_ref().and_then(|most| most.setting_name()));
                let count = self.case().links.get(link).map_or(0, Vec::len);
                let day = self.today();
                let enough = at_least
                    .on(self.plan(), day)
                    .is_some_and(|least| count >= least as usize);
                let few = at_most.as_ref().is_none_or(|most| {
                    most.on(self.plan(), day)
                        .is_some_and(|most| count <= most as usize)
                });
                Held::when(enough && few, None)
            }
            Test::InStageFor(amount) => self.in_stage_for(amount, since),
            Test::Rule(rule) => self.rule(rule, condition),
            Test::All(parts) => self.all(parts, since),
            Test::Any(parts) => {
                // Each part is asked, so that the horizon of one that does not hold yet is known.
                let held: Vec<Held> = parts.iter().map(|part| self.holds(part, since)).collect();
                held.into_iter()
                    .find(|held| held.holds)
                    .unwrap_or_else(Held::no)
            }
            Test::Not(part) => Held::when(!self.holds(part, since).holds, None),
        }
    }

    fn all(&self, parts: &[Condition], since: Since<'_>) -> Held {
        let mut because = None;
        let mut holds = true;
        for part in parts {
            let held = self.holds(part, since);
            holds &= held.holds;
            because = because.max(held.because);
        }
        Held::when(holds, because)
    }

    fn tasks_done(&self, since: Since<'_>) -> Held {
        let Some(place) = self.case().tracks.get(since.track) else {
            return Held::no();
        };
        let Some(stage) = self.plan().stage(since.track, &place.stage) else {
            return Held::no();
        };
        let mut needed = stage.tasks.iter().filter(|(_, task)| !task.optional);
        let done = needed.all(|(name, _)| self.task_done(name, since).holds);
        Held::when(done, None)
    }

    fn task_done(&self, name: &Name, since: Since<'_>) -> Held {
        let in_stage = |task: &&crate::case::TaskState| {
            task.name == *name
                && matches!(&task.origin, crate::case::Origin::Stage { track, .. } if *track == since.track)
        };
        let done = self
            .case()
            .tasks
            .values()
            .filter(in_stage)
            .any(|task| task.done.is_some());
        Held::when(done, None)
    }

    fn event(&self, test: &EventTest, since: Since<'_>) -> Held {
        self.note_setting(test.times.setting_name());
        for amount in test.with.values() {
            self.note_setting(amount.setting_name());
        }
        let times = test
            .times
            .on(self.plan(), self.today())
            .unwrap_or(u32::MAX)
            .max(1);
        let fitting = self.fitting(test, since);
        let enough = fitting.get(times as usize - 1);
        Held::when(enough.is_some(), enough.map(|occurrence| occurrence.seq))
    }

    /// The occurrences that fit an event's test, in the order of recording.
    pub(crate) fn fitting(&self, test: &EventTest, since: Since<'_>) -> Vec<&Arc<Occurrence>> {
        let occurrences = self
            .case()
            .events
            .get(&test.event)
            .map_or(&[][..], Vec::as_slice);
        let fits = |occurrence: &&Arc<Occurrence>| {
            (test.ever || since.counts(occurrence.seq)) && self.fits(occurrence, test)
        };
        occurrences.iter().filter(fits).collect()
    }

    fn fits(&self, occurrence: &Occurrence, test: &EventTest) -> bool {
        let by = test.by.is_empty()
            || occurrence
                .by
                .as_ref()
                .is_some_and(|by| test.by.contains(by));
        by && test.with.iter().all(|(field, wanted)| {
            let wanted = wanted.on(self.plan(), self.today());
            wanted.is_some() && occurrence.with.get(field) == wanted.as_ref()
        })
    }

    fn fact(&self, fact: &Name, compare: &[Compare]) -> Held {
        let Some(known) = self.case().facts.get(fact) else {
            return Held::no();
        };
        Held::when(
            compare
                .iter()
                .all(|compare| self.compares(&known.value, compare)),
            Some(known.seq),
        )
    }

    fn compares(&self, value: &Value, compare: &Compare) -> bool {
        let day = self.today();
        let number = |amount: &crate::plan::Amount<Decimal>| {
            self.note_setting(amount.setting_name());
            amount.on(self.plan(), day)
        };
        let same = |amount: &crate::plan::Amount<Value>| {
            self.note_setting(amount.setting_name());
            amount
                .on(self.plan(), day)
                .is_some_and(|wanted| wanted == *value)
        };
        let against = |amount: &crate::plan::Amount<Decimal>,
                       fits: fn(Decimal, Decimal) -> bool| match (
            value,
            number(amount),
        ) {
            (Value::Number(value), Some(limit)) => fits(*value, limit),
            _ => false,
        };
        match compare {
            Compare::Is(amount) => same(amount),
            Compare::Not(amount) => !same(amount),
            Compare::OneOf(amounts) => amounts.iter().any(same),
            Compare::AtLeast(amount) => against(amount, |value, limit| value >= limit),
            Compare::AtMost(amount) => against(amount, |value, limit| value <= limit),
            Compare::MoreThan(amount) => against(amount, |value, limit| value > limit),
            Compare::LessThan(amount) => against(amount, |value, limit| value < limit),
        }
    }

    fn in_stage_for(
        &self,
        amount: &crate::plan::Amount<crate::time::Duration>,
        since: Since<'_>,
    ) -> Held {
        let Some(place) = self.case().tracks.get(since.track) else {
            return Held::no();
        };
        let calendar = &self.plan().calendar;
        // As with a deadline, the number counts that was valid when the stage was entered.
        let Some(duration) = amount.on(self.plan(), calendar.zone().date(place.since)) else {
            return Held::no();
        };
        match limit(calendar, place.since, duration, EndOnClosed::Keep) {
            Ok(limit) if limit.runs_out <= self.view.now => Held::when(true, Some(place.seq)),
            Ok(limit) => {
                self.horizon.borrow_mut().note(Some(limit.runs_out));
                Held::no()
            }
            Err(_) => Held::no(),
        }
    }

    fn rule(&self, rule: &Name, condition: &Condition) -> Held {
        let attached = self
            .plan()
            .attached_rules()
            .find(|attached| attached.rule == *rule);
        let rule_use = RuleUse {
            rule: rule.clone(),
            reads: attached.map_or_else(Vec::new, |attached| attached.reads.clone()),
            ground: condition.ground.clone(),
        };
        let verdict = self.judge.judge(&rule_use, self.view);
        self.horizon.borrow_mut().note(verdict.horizon);
        match verdict.answer {
            Ok(answer) => {
                if let Some(reason) = answer.reason {
                    self.reasons.borrow_mut().push((rule.clone(), reason));
                }
                Held::when(answer.holds == Some(true), verdict.because)
            }
            Err(fault) => {
                self.faults.borrow_mut().push((rule.clone(), fault));
                Held::no()
            }
        }
    }

    /// The instant until which the answers given so far can hold.
    #[must_use]
    pub fn until(&self) -> Option<Timestamp> {
        self.horizon.borrow().0
    }
}
