//! A condition of a plan in one clause, whatever case it is asked of.

use super::said::Teller;
use forloeb_core::{
    condition::{Compare, Condition, EventTest, Test},
    name::Name,
    plan::{Amount, Fact, Target},
    value::{Kind, Value},
};
use rust_decimal::Decimal;

impl Teller<'_> {
    pub fn condition(&self, condition: &Condition) -> String {
        let tongue = self.reader.tongue();
        match &condition.test {
            Test::TasksDone => tongue.tasks_done().to_owned(),
            Test::TaskDone(task) => tongue.task_is_done(&self.task(task)),
            Test::Event(test) => self.event_test(test),
            Test::Fact { fact, compare } => self.fact_test(fact, compare),
            Test::Link {
                link,
                at_least,
                at_most,
            } => self.link_test(link, at_least, at_most.as_ref()),
            Test::InStageFor(length) => tongue.in_stage_for(&self.length(length)),
            Test::Rule(rule) => tongue.rule_says_yes(rule),
            Test::All(parts) => self.joined(parts, self.say(" and ", " og ")),
            Test::Any(parts) => self.joined(parts, self.say(" or ", " eller ")),
            Test::Not(part) => format!("{} ({})", self.say("not", "ikke"), self.condition(part)),
        }
    }

    fn joined(&self, parts: &[Condition], with: &str) -> String {
        let part = |part: &Condition| {
            let words = self.condition(part);
            match &part.test {
                Test::All(_) | Test::Any(_) => format!("({words})"),
                _ => words,
            }
        };
        parts.iter().map(part).collect::<Vec<_>>().join(with)
    }

    fn event_test(&self, test: &EventTest) -> String {
        let tongue = self.reader.tongue();
        let event = self.quoted(&self.reader.event(self.plan, &test.event));
        let by = (!test.by.is_empty()).then(|| self.named(&test.by));
        let declared = self.plan.events.get(&test.event);
        let fields = test.with.iter().map(|(name, value)| {
            let field = declared.and_then(|event| event.with.get(name));
            let fact = field.map(|field| &field.fact);
            let title = match fact {
                Some(fact) => self.reader.text(&fact.title, name),
                None => name.to_string(),
            };
            tongue.is(&title, &self.value(fact, value))
        });
        let fields: Vec<String> = fields.collect();
        let with = (!fields.is_empty()).then(|| self.reader.list(&fields));
        let mut words = tongue.event_happened(&event, by.as_deref(), with.as_deref());
        if test.times != Amount::Literal(1) {
            let times = self.count(&test.times);
            words = format!("{words}, {} {times}", self.say("times:", "antal gange:"));
        }
        if test.ever {
            words = format!(
                "{words} ({})",
                self.say("at any time", "på et hvilket som helst tidspunkt")
            );
        }
        words
    }

    fn fact_test(&self, name: &Name, compare: &[Compare]) -> String {
        let tongue = self.reader.tongue();
        let fact = self.plan.facts.get(name);
        let title = self.quoted(&self.reader.fact(self.plan, name));
        let number = |amount: &Amount<Decimal>| self.amount(amount, |number| self.decimal(number));
        let clause = |compare: &Compare| match compare {
            Compare::Is(value) => tongue.is(&title, &self.value(fact, value)),
            Compare::Not(value) => tongue.is_not(&title, &self.value(fact, value)),
            Compare::OneOf(values) => {
                let values: Vec<String> =
                    values.iter().map(|value| self.value(fact, value)).collect();
                tongue.one_of(&title, &values.join(", "))
            }
            Compare::AtLeast(value) => tongue.at_least(&title, &number(value)),
            Compare::AtMost(value) => tongue.at_most(&title, &number(value)),
            Compare::MoreThan(value) => tongue.more_than(&title, &number(value)),
            Compare::LessThan(value) => tongue.less_than(&title, &number(value)),
        };
        match compare.is_empty() {
            true => tongue.has_value(&title),
            false => self
                .reader
                .list(&compare.iter().map(clause).collect::<Vec<_>>()),
        }
    }

    fn link_test(
        &self,
        link: &Name,
        at_least: &Amount<u32>,
        at_most: Option<&Amount<u32>>,
    ) -> String {
        let tongue = self.reader.tongue();
        let title = self.quoted(&self.reader.link(self.plan, link));
        let least = self.count(at_least);
        match at_most {
            None if *at_least == Amount::Literal(1) => tongue.linked_to(&title),
            None => tongue.at_least(&title, &least),
            Some(most) if *at_least == Amount::Literal(0) => {
                tongue.at_most(&title, &self.count(most))
            }
            Some(most) => tongue.between(&title, &least, &self.count(most)),
        }
    }

    fn value(&self, fact: Option<&Fact>, amount: &Amount<Value>) -> String {
        let kind = fact.map(|fact| match &fact.kind {
            Kind::Each { kind, .. } => &**kind,
            kind => kind,
        });
        self.amount(amount, |value| self.reader.open_value(kind, value))
    }

    /// A task by its title, of a stage or raised.
    pub fn task(&self, name: &Name) -> String {
        let stages = self
            .plan
            .tracks
            .values()
            .flat_map(|track| track.stages.values());
        let mut of_stages = stages.filter_map(|stage| stage.tasks.get(name));
        let found = of_stages.next().or_else(|| self.plan.tasks.get(name));
        match found {
            Some(task) => self.titled(&task.title, name),
            None => self.quoted(name),
        }
    }

    /// A stage by its title.
    pub fn stage(&self, name: &Name) -> String {
        let mut tracks = self.plan.tracks.values();
        let found = tracks.find_map(|track| track.stages.get(name));
        match found {
            Some(stage) => self.titled(&stage.title, name),
            None => self.quoted(name),
        }
    }

    /// Where an exit leads.
    pub fn target(&self, target: &Target) -> String {
        match target {
            Target::Stage(stage) => self.stage(stage),
            Target::Outcome(outcome) => {
                let title = self.quoted(&self.reader.outcome(self.plan, outcome));
                format!("{} {title}", self.say("the outcome", "udfaldet"))
            }
        }
    }
}
