//! Inputs other than events: starts, tasks done, links, holds, and what people do about findings.

use super::{Stepper, links::TOLD};
use crate::{
    accept::{listed, nearest, read_facts},
    case::Finding,
    entry::What,
    input::{Given, Input, Raw, Refusal, Which},
    name::Name,
    value::{SealedKey, Value},
};
use jiff::Timestamp;
use std::sync::Arc;

pub(super) fn refuse<T>(message: impl Into<String>, help: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal {
        message: message.into(),
        help: Some(help.into()),
    })
}

impl Stepper<'_> {
    /// Takes an input in.
    pub(super) fn take_in(&mut self, given: &Given) -> Result<(), Refusal> {
        refuse_key(given)?;
        self.refuse_when_ended(given)?;
        self.need_known_roles(given)?;
        match &given.input {
            Input::Start { .. } => refuse(
                format!("there is a case `{}` already", self.case().id),
                "give another id, or report an event to this one",
            ),
            Input::Report {
                event,
                with,
                happened,
                from,
            } => self.report(given, event, with, *happened, from.as_ref()),
            Input::Finish { task, set } => self.finish(given, task, set),
            Input::Link { link, to, from } => self.link(given, link, to, from.as_ref()),
            Input::Unlink { link, to, from } => self.unlink(given, link, to, from.as_ref()),
            Input::Wake => Ok(()),
            Input::Hold { until, because } => self.hold(given, *until, because),
            Input::Resume => self.resume(given),
            Input::Acknowledge { finding, because } => {
                let finding = self.need_finding(given, finding)?;
                need_reason(because)?;
                let because = because.clone();
                self.record_input(given, What::FindingAcknowledged { finding, because }, None);
                Ok(())
            }
            Input::Snooze {
                finding,
                until,
                because,
            } => {
                let finding = self.need_finding(given, finding)?;
                need_reason(because)?;
                self.need_ahead(*until)?;
                let (until, because) = (*until, because.clone());
                self.record_input(
                    given,
                    What::FindingSnoozed {
                        finding,
                        until,
                        because,
                    },
                    None,
                );
                Ok(())
            }
            // These look at more than the case and its plan: they have doors of their own.
            Input::Migrate { .. } | Input::Correct { .. } | Input::Void { .. } => refuse(
                "this is no input for a single step",
                "say it with: forloeb case correct, or forloeb migrate",
            ),
            Input::NotTold {
                event,
                to,
                cause,
                why,
            } => {
                let what = What::NotTold {
                    event: event.clone(),
                    to: to.clone(),
                    why: why.clone(),
                };
                self.record(what, Some(*cause), None);
                Ok(())
            }
        }
    }

    /// Refuses roles that the process does not have: who did it could not be told to anybody.
    pub(super) fn need_known_roles(&self, given: &Given) -> Result<(), Refusal> {
        let plan = self.plan();
        for actor in [&given.by, &given.on_behalf_of].into_iter().flatten() {
            if !plan.roles.contains_key(&actor.role) {
                return refuse(
                    format!("`{}` has no role `{}`", plan.process, actor.role),
                    match nearest(&actor.role, plan.roles.keys()) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => format!("its roles are {}", listed(plan.roles.keys())),
                    },
                );
            }
        }
        Ok(())
    }

    fn refuse_when_ended(&self, given: &Given) -> Result<(), Refusal> {
        let bookkeeping = matches!(
            given.input,
            Input::Wake
                | Input::Link { from: Some(_), .. }
                | Input::Unlink { from: Some(_), .. }
                | Input::NotTold { .. }
        );
        match &self.case().ended {
            Some(ended) if !bookkeeping => refuse(
                format!("`{}` has ended as `{}`", self.case().id, ended.outcome),
                format!(
                    "it ended on {}; a closed case takes nothing more in",
                    self.day(ended.at)
                ),
            ),
            _ => Ok(()),
        }
    }

    /// Begins a case: its facts, and the first stage of each track.
    pub(super) fn begin(&mut self, given: &Given, facts: &Raw) -> Result<(), Refusal> {
        self.need_known_roles(given)?;
        let values = read_facts(self.plan(), facts, self.case(), &self.scene.around)?;
        for (fact, value) in values {
            self.set_fact(&fact, value, Some(1));
        }
        for (name, track) in &self.plan().tracks {
            self.enter(name, &track.starts_in, Some(1), &track.ground);
        }
        Ok(())
    }

    /// Sets a fact. What only some may see is sealed: the history holds a key, never the value.
    pub(super) fn set_fact(&mut self, fact: &Name, value: Value, cause: Option<u64>) {
        let declared = self.plan().facts.get(fact);
        let value = match value {
            Value::Sealed(key) => Value::Sealed(key),
            open if declared.is_some_and(crate::plan::Fact::sealed) => self.seal(
                SealedKey {
                    seq: self.case().seq + 1,
                    field: fact.clone(),
                },
                open,
            ),
            open => open,
        };
        let ground = declared.map(|declared| declared.ground.clone());
        self.record(
            What::FactSet {
                fact: fact.clone(),
                value,
            },
            cause,
            ground.as_ref(),
        );
    }

    pub(super) fn seal(&mut self, key: SealedKey, value: Value) -> Value {
        // The rules of this very step see it, where they declare that they read it.
        Arc::make_mut(&mut self.view.around)
            .sealed
            .insert(key.clone(), value.clone());
        self.sealed.push((key.clone(), value));
        Value::Sealed(key)
    }

    fn hold(
        &mut self,
        given: &Given,
        until: Option<Timestamp>,
        because: &str,
    ) -> Result<(), Refusal> {
        need_reason(because)?;
        if self.case().hold.is_some() {
            return refuse(
                format!("`{}` is on hold already", self.case().id),
                format!("end it first: forloeb case resume {}", self.case().id),
            );
        }
        if let Some(until) = until {
            self.need_ahead(until)?;
        }
        self.record_input(
            given,
            What::Held {
                until,
                because: because.to_owned(),
            },
            None,
        );
        Ok(())
    }

    fn resume(&mut self, given: &Given) -> Result<(), Refusal> {
        let Some(since) = self.case().hold.as_ref().map(|hold| hold.since) else {
            return refuse(
                format!("`{}` is not on hold", self.case().id),
                format!(
                    "put it on hold with: forloeb case hold {} --because TEXT",
                    self.case().id
                ),
            );
        };
        let resumed = self.record_input(given, What::Resumed, None);
        self.give_back(since, resumed);
        Ok(())
    }

    /// The open finding that is meant. By its name it is found only for those who may read it: whether there is one of that name is
    /// what the others may not know.
    fn need_finding(&self, given: &Given, which: &Which) -> Result<u64, Refusal> {
        let open = &self.case().findings;
        let role = given.by.as_ref().map(|by| &by.role);
        let shown = |finding: &Finding| {
            let rule = finding.source.rule();
            rule.is_none_or(|rule| self.plan().shows_rule(rule, &finding.to, role))
        };
        let numbers: Vec<u64> = match which {
            Which::Number(number) => open
                .contains_key(number)
                .then_some(*number)
                .into_iter()
                .collect(),
            Which::Named(say) => open
                .iter()
                .filter(|(_, finding)| finding.say == *say && shown(finding))
                .map(|(number, _)| *number)
                .collect(),
        };
        if let [number] = numbers.as_slice() {
            return Ok(*number);
        }
        let id = &self.case().id;
        let listed: Vec<String> = open
            .iter()
            .map(|(number, finding)| match shown(finding) {
                true => format!("{id}/{number} `{}`", finding.say),
                false => format!("{id}/{number}"),
            })
            .collect();
        let help = match listed.as_slice() {
            [] => "it has none".to_owned(),
            open => format!("its open findings are {}", open.join(", ")),
        };
        match which {
            Which::Number(number) => refuse(format!("`{id}` has no open finding {number}"), help),
            Which::Named(say) if numbers.is_empty() => match open.values().all(shown) {
                true => refuse(format!("`{id}` has no open finding `{say}`"), help),
                false => refuse(
                    format!("`{id}` has no open finding that you may call `{say}`"),
                    format!("{help}; what is for others to read goes by its number"),
                ),
            },
            Which::Named(say) => refuse(format!("`{id}` has several open findings `{say}`"), help),
        }
    }

    fn need_ahead(&self, until: Timestamp) -> Result<(), Refusal> {
        if until > self.now() {
            return Ok(());
        }
        refuse(
            format!("{} is not ahead", self.day(until)),
            format!("it is {} now; give a later date", self.day(self.now())),
        )
    }
}

pub(super) fn need_reason(because: &str) -> Result<(), Refusal> {
    if because.trim().is_empty() {
        return refuse("a reason is needed", "say it with --because TEXT");
    }
    Ok(())
}

/// Refuses a key of the kind that cases use when they tell each other.
pub(super) fn refuse_key(given: &Given) -> Result<(), Refusal> {
    let told = matches!(
        given.input,
        Input::Report { from: Some(_), .. }
            | Input::Link { from: Some(_), .. }
            | Input::Unlink { from: Some(_), .. }
            | Input::Void { .. }
    );
    match &given.key {
        Some(key) if key.starts_with(TOLD) && !told => refuse(
            format!("the key `{key}` is of the kind that cases use among themselves"),
            format!("give a key that does not begin with `{TOLD}`"),
        ),
        _ => Ok(()),
    }
}
