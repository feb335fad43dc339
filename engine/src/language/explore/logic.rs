//! What follows from a condition, and whether it can hold at all. Careful: it says "impossible" or "follows" only where that is
//! certain, and lets everything else pass.

use super::range::{Range, number_range};
use crate::language::{checks::each_part, identity::without_grounds, kinds::limits};
use forloeb_core::{
    condition::{Compare, Condition, EventTest, Test},
    name::Name,
    plan::{Amount, Plan, Stage},
};

/// Whether `b` holds whenever `a` does.
pub fn implies(plan: &Plan, a: &Condition, b: &Condition) -> bool {
    match (&a.test, &b.test) {
        (_, Test::All(parts)) => parts.iter().all(|part| implies(plan, a, part)),
        (Test::Any(parts), _) => parts.iter().all(|part| implies(plan, part, b)),
        (_, Test::Any(parts)) if parts.iter().any(|part| implies(plan, a, part)) => true,
        (Test::All(parts), _) => parts.iter().any(|part| implies(plan, part, b)),
        (Test::Not(a), Test::Not(b)) => implies(plan, b, a),
        (Test::Event(a), Test::Event(b)) => event_implies(a, b),
        (
            Test::Fact { fact: a, compare },
            Test::Fact {
                fact: b,
                compare: wanted,
            },
        ) if a == b => {
            wanted.is_empty()
                || same(compare, wanted)
                || match (number_range(plan, compare), number_range(plan, wanted)) {
                    (Some(inner), Some(outer)) => inner.inside(&outer),
                    _ => false,
                }
        }
        (a, b) => same(a, b),
    }
}

fn event_implies(a: &EventTest, b: &EventTest) -> bool {
    let reporters =
        b.by.is_empty() || (!a.by.is_empty() && a.by.iter().all(|role| b.by.contains(role)));
    let fields = b
        .with
        .iter()
        .all(|(name, value)| a.with.get(name) == Some(value));
    let times = match (&a.times, &b.times) {
        (Amount::Literal(a), Amount::Literal(b)) => a >= b,
        (Amount::Setting(a), Amount::Setting(b)) => a == b,
        (Amount::Setting(_), Amount::Literal(b)) => *b == 1,
        (Amount::Literal(_), Amount::Setting(_)) => false,
    };
    a.event == b.event && reporters && fields && times && (b.ever || !a.ever)
}

/// Whether two pieces of a plan say the same, wherever they stand.
fn same<T: serde::Serialize>(a: &T, b: &T) -> bool {
    match (serde_json::to_string(a), serde_json::to_string(b)) {
        (Ok(a), Ok(b)) => without_grounds(&a) == without_grounds(&b),
        _ => false,
    }
}

/// What is known when a condition is asked.
#[derive(Clone, Copy)]
pub struct Asked<'p> {
    /// The plan.
    pub plan: &'p Plan,
    /// The stage in which it is asked.
    pub stage: &'p Stage,
    /// The events that have happened, of those that are told apart.
    pub happened: &'p [Name],
}

/// Nothing, or why it is impossible.
pub type Possible = Result<(), String>;

impl Asked<'_> {
    /// Whether a condition can come to hold.
    pub fn can_hold(self, condition: &Condition) -> Possible {
        match &condition.test {
            Test::TasksDone => self.tasks_can_be_done(),
            Test::TaskDone(task) => self.task_can_be_done(task, 0),
            Test::Event(test) => self.event_can_happen(test),
            Test::Fact { fact, compare } => self.fact_can_be(fact, compare),
            Test::Link {
                link,
                at_least,
                at_most,
            } => self.link_can_lead(link, at_least, at_most.as_ref()),
            Test::InStageFor(_) | Test::Rule(_) => Ok(()),
            Test::All(parts) => {
                parts.iter().try_for_each(|part| self.can_hold(part))?;
                self.no_contradiction(condition)
            }
            Test::Any(parts) => {
                let mut why = Ok(());
                for part in parts {
                    why = self.can_hold(part);
                    if why.is_ok() {
                        break;
                    }
                }
                why
            }
            Test::Not(inner) => {
                if self.can_fail(inner) {
                    Ok(())
                } else {
                    Err(match &inner.test {
                        Test::Event(test) => {
                            format!("`{}` has happened, and it must never have", test.event)
                        }
                        _ => "what it denies always holds".to_owned(),
                    })
                }
            }
        }
    }

    /// Whether a condition can fail to hold.
    fn can_fail(self, condition: &Condition) -> bool {
        match &condition.test {
            Test::TasksDone => self.stage.tasks.values().any(|task| !task.optional),
            Test::Event(test) => {
                let bare =
                    test.by.is_empty() && test.with.is_empty() && test.times == Amount::Literal(1);
                !(test.ever && bare && self.happened.contains(&test.event))
            }
            Test::Link {
                at_least, at_most, ..
            } => *at_least != Amount::Literal(0) || at_most.is_some(),
            Test::All(parts) => parts.iter().any(|part| self.can_fail(part)),
            Test::Any(parts) => parts.iter().all(|part| self.can_fail(part)),
            Test::Not(inner) => self.can_hold(inner).is_ok(),
            Test::TaskDone(_) | Test::Fact { .. } | Test::InStageFor(_) | Test::Rule(_) => true,
        }
    }

    fn tasks_can_be_done(self) -> Possible {
        for (name, task) in &self.stage.tasks {
            if !task.optional {
                self.task_can_be_done(name, 0)?;
            }
        }
        Ok(())
    }

    /// A task that closes by itself needs its condition, unless it fills facts: then it can be done by hand. One that comes
    /// after others needs those done.
    fn task_can_be_done(self, name: &Name, depth: usize) -> Possible {
        let Some(task) = self.stage.tasks.get(name) else {
            return Err(format!("the task `{name}` does not belong to this stage"));
        };
        // A circle of tasks is an error of its own; here it only must not go on for ever.
        if depth > self.stage.tasks.len() {
            return Ok(());
        }
        for before in &task.after {
            self.task_can_be_done(before, depth + 1)?;
        }
        match &task.done_when {
            Some(condition) if task.fills.is_empty() && !mentions_task(condition) => self
                .can_hold(condition)
                .map_err(|why| format!("the task `{name}` can never be done: {why}")),
            _ => Ok(()),
        }
    }

    fn event_can_happen(self, test: &EventTest) -> Possible {
        match self.plan.events.get(&test.event) {
            Some(event) if event.by.is_empty() && event.told_by.is_empty() => {
                Err(format!("nobody can report or tell `{}`", test.event))
            }
            _ => Ok(()),
        }
    }

    fn fact_can_be(self, name: &Name, compare: &[Compare]) -> Possible {
        let Some(fact) = self.plan.facts.get(name) else {
            return Ok(());
        };
        let (min, max) = limits(&fact.kind);
        let Some(range) = number_range(self.plan, compare) else {
            return Ok(());
        };
        if range.and(&Range::between(min, max)).is_empty() {
            return Err(format!("the fact `{name}` can have no such value"));
        }
        Ok(())
    }

    fn link_can_lead(
        self,
        name: &Name,
        at_least: &Amount<u32>,
        at_most: Option<&Amount<u32>>,
    ) -> Possible {
        let Amount::Literal(least) = at_least else {
            return Ok(());
        };
        if let Some(Amount::Literal(most)) = at_most
            && most < least
        {
            return Err(format!(
                "at least {least} and at most {most} cannot both hold"
            ));
        }
        match self.plan.links.get(name) {
            Some(link) if !link.many && *least > 1 => {
                Err(format!("the link `{name}` leads to one case only"))
            }
            _ => Ok(()),
        }
    }

    /// No two parts of an *and* deny each other.
    fn no_contradiction(self, condition: &Condition) -> Possible {
        let mut parts: Vec<&Condition> = Vec::new();
        each_part(condition, &mut |part| parts.push(part));
        for part in &parts {
            let Test::Not(denied) = &part.test else {
                continue;
            };
            if parts.iter().any(|other| implies(self.plan, other, denied)) {
                return Err("one part of it denies another".to_owned());
            }
        }
        for (at, part) in parts.iter().enumerate() {
            let Test::Fact { fact, compare } = &part.test else {
                continue;
            };
            let Some(range) = number_range(self.plan, compare) else {
                continue;
            };
            for other in parts.iter().skip(at + 1) {
                if let Test::Fact {
                    fact: again,
                    compare,
                } = &other.test
                    && again == fact
                    && number_range(self.plan, compare)
                        .is_some_and(|other| other.and(&range).is_empty())
                {
                    return Err(format!("the fact `{fact}` cannot be both at once"));
                }
            }
        }
        Ok(())
    }
}

/// A task whose end waits for another task is followed no further.
fn mentions_task(condition: &Condition) -> bool {
    match &condition.test {
        Test::TasksDone | Test::TaskDone(_) => true,
        Test::All(parts) | Test::Any(parts) => parts.iter().any(mentions_task),
        Test::Not(inner) => mentions_task(inner),
        _ => false,
    }
}
