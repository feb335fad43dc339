//! Tasks that people say are done.

use super::{Stepper, inputs::refuse};
use crate::{
    accept::{expected, listed, read_facts},
    case::TaskState,
    condition::{Condition, Test},
    entry::What,
    input::{Given, Raw, Refusal, Which},
    name::Name,
    plan::Task,
    value::Value,
};

impl Stepper<'_> {
    pub(super) fn finish(
        &mut self,
        given: &Given,
        which: &Which,
        set: &Raw,
    ) -> Result<(), Refusal> {
        let (number, state) = self.need_task(which)?;
        let Some(task) = self.plan().task_of(&state) else {
            return refuse(
                format!("the plan has no task `{}`", state.name),
                self.open_tasks(),
            );
        };
        self.need_role(given, &state.name, task)?;
        if let Some(condition) = task.done_when.as_ref().filter(|_| task.fills.is_empty()) {
            let help = self.what_closes(condition);
            return refuse(format!("the task `{}` closes by itself", state.name), help);
        }
        let values = self.need_fills(&state.name, task, set)?;
        let done = self.record_input(given, What::TaskDone { task: number }, Some(&task.ground));
        for (fact, value) in values {
            self.set_fact(&fact, value, Some(done));
        }
        Ok(())
    }

    /// What somebody can report so that a task closes, as it would be typed.
    fn what_closes(&self, condition: &Condition) -> String {
        let commands: Vec<String> = events_of(condition)
            .into_iter()
            .filter_map(|event| {
                let role = self.plan().events.get(&event)?.by.first()?;
                let id = &self.case().id;
                Some(format!("forloeb case event {id} {event} --by {role}"))
            })
            .collect();
        if commands.is_empty() {
            format!("it is done when what {} says holds", condition.ground)
        } else {
            format!("report what has happened: {}", commands.join(", or "))
        }
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
}

fn events_of(condition: &Condition) -> Vec<Name> {
    let mut events = Vec::new();
    condition.each(&mut |part| {
        if let Test::Event(test) = &part.test {
            events.push(test.event.clone());
        }
    });
    events
}
