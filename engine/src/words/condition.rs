//! A condition in words: what it asks, and what was found.

use super::{
    reader::{Reader, Subject},
    tongue::Label,
};
use forloeb_core::{
    condition::{Compare, EventTest, Test},
    name::Name,
    plan::{Amount, Fact},
    time::Duration,
    trace::{Seen, Trace},
    value::{SettingValue, Value},
};
use rust_decimal::Decimal;

impl Reader<'_> {
    /// What a condition asks, as a short clause.
    pub(super) fn asked(&self, subject: Subject<'_>, trace: &Trace) -> String {
        let tongue = self.tongue();
        match &trace.test {
            Test::All(_) => tongue.all_of().to_owned(),
            Test::Any(_) => tongue.any_of().to_owned(),
            Test::Not(_) => tongue.none_of().to_owned(),
            Test::TasksDone => tongue.tasks_done().to_owned(),
            Test::TaskDone(task) => {
                tongue.task_is_done(&tongue.quoted(&self.stage_task(subject, task)))
            }
            Test::Event(event) => self.asked_event(subject, event),
            Test::Fact { fact, compare } => self.asked_fact(subject, fact, compare),
            Test::Link { link, .. } => self.asked_link(subject, link, &trace.seen),
            Test::InStageFor(amount) => tongue.in_stage_for(&self.length(subject, amount)),
            Test::Rule(rule) => tongue.rule_says_yes(rule),
        }
    }

    fn asked_event(&self, subject: Subject<'_>, test: &EventTest) -> String {
        let tongue = self.tongue();
        let title = tongue.quoted(&self.event(subject.plan, &test.event));
        let by = (!test.by.is_empty()).then(|| {
            self.list(
                &test
                    .by
                    .iter()
                    .map(|role| self.role(subject.plan, role))
                    .collect::<Vec<_>>(),
            )
        });
        let declared = subject.plan.events.get(&test.event);
        let fields: Vec<String> = test
            .with
            .iter()
            .map(|(field, value)| {
                let fact = declared
                    .and_then(|event| event.with.get(field))
                    .map(|field| &field.fact);
                let title =
                    fact.map_or_else(|| field.to_string(), |fact| self.text(&fact.title, field));
                tongue.is(&title, &self.amount(subject, fact, value))
            })
            .collect();
        let with = (!fields.is_empty()).then(|| self.list(&fields));
        let happened = tongue.event_happened(&title, by.as_deref(), with.as_deref());
        match test.times.on(subject.plan, self.today()).unwrap_or(1) {
            0 | 1 => happened,
            times => format!("{happened} {}", tongue.at_least_times(times)),
        }
    }

    fn asked_fact(&self, subject: Subject<'_>, fact: &Name, compare: &[Compare]) -> String {
        let tongue = self.tongue();
        let known = subject.plan.facts.get(fact);
        let title = tongue.quoted(&self.fact(subject.plan, fact));
        let number = |amount: &Amount<Decimal>| self.decimal(subject, amount);
        let clauses: Vec<String> = compare
            .iter()
            .map(|compare| match compare {
                Compare::Is(value) => tongue.is(&title, &self.amount(subject, known, value)),
                Compare::Not(value) => tongue.is_not(&title, &self.amount(subject, known, value)),
                Compare::OneOf(values) => {
                    let values: Vec<String> = values
                        .iter()
                        .map(|value| self.amount(subject, known, value))
                        .collect();
                    tongue.one_of(&title, &values.join(", "))
                }
                Compare::AtLeast(value) => tongue.at_least(&title, &number(value)),
                Compare::AtMost(value) => tongue.at_most(&title, &number(value)),
                Compare::MoreThan(value) => tongue.more_than(&title, &number(value)),
                Compare::LessThan(value) => tongue.less_than(&title, &number(value)),
            })
            .collect();
        if clauses.is_empty() {
            tongue.has_value(&title)
        } else {
            self.list(&clauses)
        }
    }

    fn asked_link(&self, subject: Subject<'_>, link: &Name, seen: &Seen) -> String {
        let tongue = self.tongue();
        let title = tongue.quoted(&self.link(subject.plan, link));
        match seen {
            Seen::Link {
                at_least,
                at_most: Some(most),
                ..
            } if at_least == most => tongue.exactly(&title, *at_least),
            Seen::Link {
                at_least: 0,
                at_most: Some(most),
                ..
            } => tongue.at_most(&title, &most.to_string()),
            Seen::Link {
                at_least,
                at_most: Some(most),
                ..
            } => tongue.between(&title, &at_least.to_string(), &most.to_string()),
            Seen::Link { at_least, .. } if *at_least > 1 => {
                tongue.at_least(&title, &at_least.to_string())
            }
            _ => tongue.linked_to(&title),
        }
    }

    /// What was found, where that says more than whether it holds.
    pub(super) fn found(&self, subject: Subject<'_>, trace: &Trace) -> Option<String> {
        let tongue = self.tongue();
        match &trace.seen {
            Seen::Parts => None,
            Seen::Tasks { missing } if missing.is_empty() => None,
            Seen::Tasks { missing } => {
                let titles: Vec<String> = missing
                    .iter()
                    .map(|task| self.stage_task(subject, task))
                    .collect();
                Some(tongue.missing(&self.list(&titles)))
            }
            Seen::Event {
                count,
                needed,
                since,
                last,
            } => Some(match (count, last, since) {
                (0, _, Some(since)) => tongue.not_since(&self.moment(*since)),
                (0, _, None) => tongue.never().to_owned(),
                (count, _, _) if count < needed => tongue.so_far(*count),
                (_, Some(last), _) => tongue.last_time(&self.moment(*last)),
                (count, None, _) => tongue.so_far(*count),
            }),
            Seen::Fact { value } => Some(match value {
                Some(value) => {
                    tongue.it_is(&self.value(subject, self.tested(subject, trace), value))
                }
                None => self.label(Label::Empty).to_owned(),
            }),
            Seen::Link { cases, .. } => Some(if cases.is_empty() {
                self.label(Label::NoCasesYet).to_owned()
            } else {
                let names: Vec<String> = cases.iter().map(|id| self.case_name(id)).collect();
                tongue.it_is(&self.list(&names))
            }),
            Seen::Stage { holds_from, .. } => {
                Some(tongue.holds_from(&self.date_or_moment(*holds_from)))
            }
            Seen::Rule {
                reason,
                fault,
                horizon,
            } => {
                let said = fault.clone().or_else(|| reason.clone());
                said.or_else(|| horizon.map(|at| tongue.may_change(&self.date_or_moment(at))))
            }
        }
    }

    fn tested<'p>(&self, subject: Subject<'p>, trace: &Trace) -> Option<&'p Fact> {
        match &trace.test {
            Test::Fact { fact, .. } => subject.plan.facts.get(fact),
            _ => None,
        }
    }

    /// The title of a task of any stage where the case is.
    fn stage_task(&self, subject: Subject<'_>, task: &Name) -> String {
        let stages = subject.case.tracks.iter().filter_map(|(track, place)| {
            subject
                .plan
                .tracks
                .get(track)?
                .stages
                .get(&place.stage)?
                .tasks
                .get(task)
        });
        let found = stages.into_iter().next();
        found.map_or_else(|| task.to_string(), |found| self.text(&found.title, task))
    }

    fn length(&self, subject: Subject<'_>, amount: &Amount<Duration>) -> String {
        let length = amount.on(subject.plan, self.today());
        length.map_or_else(String::new, |length| {
            length.in_language(self.language.code())
        })
    }

    fn decimal(&self, subject: Subject<'_>, amount: &Amount<Decimal>) -> String {
        match amount {
            Amount::Literal(number) => self.open_value(None, &Value::Number(*number)),
            Amount::Setting(name) => self.setting(subject, None, name),
        }
    }

    fn amount(&self, subject: Subject<'_>, fact: Option<&Fact>, amount: &Amount<Value>) -> String {
        match amount {
            Amount::Literal(value) => self.value(subject, fact, value),
            Amount::Setting(name) => self.setting(subject, fact, name),
        }
    }

    fn setting(&self, subject: Subject<'_>, fact: Option<&Fact>, name: &Name) -> String {
        let kind = fact.map(|fact| &fact.kind);
        match subject.plan.setting(name, self.today()) {
            Some(SettingValue::Number(number)) => self.open_value(kind, &Value::Number(*number)),
            Some(SettingValue::YesNo(yes)) => self.open_value(kind, &Value::YesNo(*yes)),
            Some(SettingValue::Text(text)) => self.open_value(kind, &Value::Text(text.clone())),
            Some(SettingValue::Duration(length)) => length.in_language(self.language.code()),
            None => name.to_string(),
        }
    }
}
