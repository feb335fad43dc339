//! Inputs other than events: starts, tasks done, links, holds, and what people do about findings.

use super::Stepper;
use crate::{
    accept::{expected, listed, read_facts},
    case::{CaseId, TaskState},
    entry::What,
    input::{Given, Input, Raw, Refusal, Teller, Told, Which},
    name::Name,
    plan::{Plan, Task},
    value::{SealedKey, Value},
};
use jiff::Timestamp;
use std::sync::Arc;

fn refuse<T>(message: impl Into<String>, help: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal {
        message: message.into(),
        help: Some(help.into()),
    })
}

impl Stepper<'_> {
    /// Takes an input in.
    pub(super) fn take_in(&mut self, given: &Given) -> Result<(), Refusal> {
        self.refuse_when_ended(given)?;
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
            Input::Link { link, to, .. } => self.link(given, link, to),
            Input::Unlink { link, to, .. } => self.unlink(given, link, to),
            Input::Wake => Ok(()),
            Input::Hold { until, because } => self.hold(given, *until, because),
            Input::Resume => self.resume(given),
            Input::Acknowledge { finding, because } => {
                let finding = self.need_finding(finding)?;
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
                let finding = self.need_finding(finding)?;
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
    pub(super) fn begin(&mut self, facts: &Raw) -> Result<(), Refusal> {
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

    fn finish(&mut self, given: &Given, which: &Which, set: &Raw) -> Result<(), Refusal> {
        let (number, state) = self.need_task(which)?;
        let Some(task) = self.plan().task_of(&state) else {
            return refuse(
                format!("the plan has no task `{}`", state.name),
                self.open_tasks(),
            );
        };
        self.need_role(given, &state.name, task)?;
        if let Some(condition) = task.done_when.as_ref().filter(|_| task.fills.is_empty()) {
            let events = events_of(condition);
            let help = if events.is_empty() {
                format!("it is done when what {} says holds", condition.ground)
            } else {
                format!(
                    "report {}: forloeb case event {} EVENT --by ROLE",
                    listed(&events),
                    self.case().id
                )
            };
            return refuse(format!("the task `{}` closes by itself", state.name), help);
        }
        let values = self.need_fills(&state.name, task, set)?;
        let done = self.record_input(given, What::TaskDone { task: number }, Some(&task.ground));
        for (fact, value) in values {
            self.set_fact(&fact, value, Some(done));
        }
        Ok(())
    }

    fn need_task(&self, which: &Which) -> Result<(u64, TaskState), Refusal> {
        let id = &self.case().id;
        let mut open = self
            .case()
            .tasks
            .iter()
            .filter(|(_, task)| task.done.is_none());
        let found = match which {
            Which::Number(number) => open.find(|(known, _)| *known == number),
            Which::Named(name) => {
                let named: Vec<_> = open.filter(|(_, task)| task.name == *name).collect();
                match named.as_slice() {
                    [] | [_] => named.first().copied(),
                    _ => {
                        return refuse(
                            format!("`{id}` has several open tasks `{name}`"),
                            self.open_tasks(),
                        );
                    }
                }
            }
        };
        match (found, which) {
            (Some((number, task)), _) => Ok((*number, task.clone())),
            (None, Which::Number(number)) => refuse(
                format!("`{id}` has no open task {number}"),
                self.open_tasks(),
            ),
            (None, Which::Named(name)) => refuse(
                format!("`{id}` has no open task `{name}`"),
                self.open_tasks(),
            ),
        }
    }

    fn need_role(&self, given: &Given, name: &Name, task: &Task) -> Result<(), Refusal> {
        let Some(by) = &given.by else {
            return Ok(());
        };
        need_known_role(self.plan(), &by.role)?;
        let behalf = given.on_behalf_of.as_ref().map(|actor| &actor.role);
        if by.role == task.role || behalf == Some(&task.role) {
            return Ok(());
        }
        refuse(
            format!(
                "the task `{name}` is for `{}`, not for `{}`",
                task.role, by.role
            ),
            format!(
                "say --by {}, or --by {} --for {} when it was done on their behalf",
                task.role, by.role, task.role
            ),
        )
    }

    fn need_fills(
        &self,
        name: &Name,
        task: &Task,
        set: &Raw,
    ) -> Result<Vec<(Name, Value)>, Refusal> {
        if let Some(other) = set.keys().find(|fact| !task.fills.contains(fact)) {
            return refuse(
                format!("the task `{name}` does not fill in `{other}`"),
                match task.fills.is_empty() {
                    true => "it fills in nothing".to_owned(),
                    false => format!("it fills in {}", listed(&task.fills)),
                },
            );
        }
        if let Some(missing) = task.fills.iter().find(|fact| !set.contains_key(*fact)) {
            let kind = self
                .plan()
                .facts
                .get(missing)
                .map(|fact| expected(&fact.kind))
                .unwrap_or_default();
            return refuse(
                format!("the task `{name}` fills in `{missing}`"),
                format!("add --set {missing}=…, {kind}"),
            );
        }
        Ok(
            read_facts(self.plan(), set, self.case(), &self.scene.around)?
                .into_iter()
                .collect(),
        )
    }

    fn open_tasks(&self) -> String {
        let open: Vec<String> = self
            .case()
            .tasks
            .iter()
            .filter(|(_, task)| task.done.is_none())
            .map(|(number, task)| format!("{}/{number} `{}`", self.case().id, task.name))
            .collect();
        if open.is_empty() {
            "it has no open tasks".to_owned()
        } else {
            format!("its open tasks are {}", open.join(", "))
        }
    }

    fn need_link(&self, link: &Name) -> Result<&crate::plan::Link, Refusal> {
        let plan: &Plan = &self.view.plan;
        plan.links.get(link).ok_or_else(|| Refusal {
            message: format!("`{}` has no link `{link}`", plan.process),
            help: Some(format!("its links are {}", listed(plan.links.keys()))),
        })
    }

    fn link(&mut self, given: &Given, link: &Name, to: &CaseId) -> Result<(), Refusal> {
        let declared = self.need_link(link)?.clone();
        match self.scene.around.cases.get(to) {
            None => {
                return refuse(
                    format!("there is no case `{to}`"),
                    "start it first, or check its id",
                );
            }
            Some((_, other)) if other.process != declared.to => {
                return refuse(
                    format!(
                        "`{link}` leads to a case of `{}`; `{to}` is a case of `{}`",
                        declared.to, other.process
                    ),
                    format!("forloeb case list --process {}", declared.to),
                );
            }
            Some(_) => {}
        }
        self.tie(link, to, None, Some(given));
        Ok(())
    }

    fn unlink(&mut self, given: &Given, link: &Name, to: &CaseId) -> Result<(), Refusal> {
        self.need_link(link)?;
        let linked = self
            .case()
            .links
            .get(link)
            .is_some_and(|cases| cases.contains(to));
        if linked {
            self.untie(link, to, None, Some(given));
        }
        Ok(())
    }

    /// Adds a case to a link, replaces the one of a single link, and keeps the inverse link in step.
    pub(super) fn tie(
        &mut self,
        link: &Name,
        to: &CaseId,
        cause: Option<u64>,
        given: Option<&Given>,
    ) {
        let Some(declared) = self.plan().links.get(link) else {
            return;
        };
        let linked = self.case().links.get(link).cloned().unwrap_or_default();
        if linked.contains(to) {
            return;
        }
        if !declared.many {
            for old in &linked {
                self.untie(link, old, cause, given);
            }
        }
        let what = What::Linked {
            link: link.clone(),
            to: to.clone(),
        };
        let seq = self.record_tie(what, cause, given, &declared.ground);
        if let Some(inverse) = &declared.inverse {
            let from = Some(self.teller(seq));
            let input = Input::Link {
                link: inverse.clone(),
                to: self.case().id.clone(),
                from,
            };
            self.tell(to, input, seq);
        }
    }

    /// Takes a case out of a link, and keeps the inverse link in step.
    pub(super) fn untie(
        &mut self,
        link: &Name,
        to: &CaseId,
        cause: Option<u64>,
        given: Option<&Given>,
    ) {
        let Some(declared) = self.plan().links.get(link) else {
            return;
        };
        let what = What::Unlinked {
            link: link.clone(),
            to: to.clone(),
        };
        let seq = self.record_tie(what, cause, given, &declared.ground);
        if let Some(inverse) = &declared.inverse {
            let from = Some(self.teller(seq));
            let input = Input::Unlink {
                link: inverse.clone(),
                to: self.case().id.clone(),
                from,
            };
            self.tell(to, input, seq);
        }
    }

    fn record_tie(
        &mut self,
        what: What,
        cause: Option<u64>,
        given: Option<&Given>,
        ground: &crate::ground::Ground,
    ) -> u64 {
        match given {
            Some(given) => self.record_input(given, what, Some(ground)),
            None => self.record(what, cause, Some(ground)),
        }
    }

    /// This case, as the one that tells.
    pub(super) fn teller(&self, seq: u64) -> Teller {
        Teller {
            case: self.case().id.clone(),
            process: self.case().process.clone(),
            seq,
        }
    }

    /// Tells another case something, once: the key is the entry that says so.
    pub(super) fn tell(&mut self, to: &CaseId, input: Input, seq: u64) {
        let word = match &input {
            Input::Report { event, .. } => event.to_string(),
            Input::Link { link, .. } => format!("link:{link}"),
            Input::Unlink { link, .. } => format!("unlink:{link}"),
            _ => String::new(),
        };
        let key = Some(format!("told:{}:{seq}:{word}", self.case().id));
        let given = Given {
            input,
            by: None,
            on_behalf_of: None,
            key,
        };
        self.tells.push(Told {
            to: to.clone(),
            given,
        });
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

    fn need_finding(&self, which: &Which) -> Result<u64, Refusal> {
        let open = &self.case().findings;
        let numbers: Vec<u64> = match which {
            Which::Number(number) => open
                .contains_key(number)
                .then_some(*number)
                .into_iter()
                .collect(),
            Which::Named(say) => open
                .iter()
                .filter(|(_, finding)| finding.say == *say)
                .map(|(number, _)| *number)
                .collect(),
        };
        if let [number] = numbers.as_slice() {
            return Ok(*number);
        }
        let id = &self.case().id;
        let listed: Vec<String> = open
            .iter()
            .map(|(number, finding)| format!("{id}/{number} `{}`", finding.say))
            .collect();
        let help = if listed.is_empty() {
            "it has none".to_owned()
        } else {
            format!("its open findings are {}", listed.join(", "))
        };
        match which {
            Which::Number(number) => refuse(format!("`{id}` has no open finding {number}"), help),
            Which::Named(say) if numbers.is_empty() => {
                refuse(format!("`{id}` has no open finding `{say}`"), help)
            }
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

fn need_reason(because: &str) -> Result<(), Refusal> {
    if because.trim().is_empty() {
        return refuse("a reason is needed", "say it with --because TEXT");
    }
    Ok(())
}

/// Refuses a role that the process does not have.
pub(super) fn need_known_role(plan: &Plan, role: &Name) -> Result<(), Refusal> {
    if plan.roles.contains_key(role) {
        return Ok(());
    }
    refuse(
        format!("`{}` has no role `{role}`", plan.process),
        format!("its roles are {}", listed(plan.roles.keys())),
    )
}

fn events_of(condition: &crate::condition::Condition) -> Vec<Name> {
    let mut events = Vec::new();
    condition.each(&mut |part| {
        if let crate::condition::Test::Event(test) = &part.test {
            events.push(test.event.clone());
        }
    });
    events
}
