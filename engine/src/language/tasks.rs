//! Compiles tasks: those of a stage, those that are raised, and those of recurring work.

use super::{
    compile::{Compiler, ground},
    conditions::Place,
    declared::{Sort, resolve},
    read::Fields,
    reference::TASK,
    tree::{Entry, Node},
};
use crate::diagnostic::Diagnostic;
use forloeb_core::{
    name::Name,
    plan::{OnHold, Task},
};
use indexmap::IndexMap;

/// What `on_hold` can be.
pub const ON_HOLD: [(&str, OnHold); 2] = [("stop", OnHold::Stop), ("run", OnHold::Run)];

impl<'n> Compiler<'n> {
    /// The tasks of the process, which open only when raised.
    pub(super) fn raised_tasks(&mut self, fields: Fields<'n>) -> IndexMap<Name, Task> {
        let mut tasks = IndexMap::new();
        for entry in fields.named("tasks", &mut self.problems) {
            if let Some(task) = self.task(entry, Place::Task) {
                tasks.insert(Name::from(entry.key.as_str()), task);
            }
        }
        tasks
    }

    /// The tasks of a stage.
    pub(super) fn stage_tasks_of(
        &mut self,
        stage: Fields<'n>,
        place: Place<'n>,
    ) -> IndexMap<Name, Task> {
        let entries = stage.named("tasks", &mut self.problems);
        let mut tasks = IndexMap::new();
        for entry in &entries {
            if let Some(task) = self.task(entry, place) {
                tasks.insert(Name::from(entry.key.as_str()), task);
            }
        }
        self.refuse_circles(&tasks, &entries);
        tasks
    }

    /// One task.
    pub(super) fn task(&mut self, entry: &'n Entry, place: Place<'n>) -> Option<Task> {
        let fields = self.fields(entry, &TASK)?;
        let title = self.title(fields, entry);
        let role = self.named_in(fields, "role", Sort::Role);
        let due = fields.get("due").map(|node| self.duration(node));
        let after = self.after(fields, place);
        let optional = fields.yes_no("optional", &mut self.problems);
        if let (Place::Task, Some(entry)) = (place, fields.entry("optional")) {
            self.problems.push(Diagnostic::error(
                "misplaced-key",
                &entry.key_span,
                "only a task of a stage can be optional: no stage waits for this one",
            ));
        }
        let done_when = fields
            .get("done_when")
            .map(|node| self.condition(node, place));
        let fills = self.known_all(fields, "fills", Sort::Fact);
        let on_hold = fields.choice("on_hold", &ON_HOLD, &mut self.problems);
        Some(Task {
            title,
            role: role?,
            due: transposed(due)?,
            after,
            optional,
            done_when: transposed(done_when)?,
            fills,
            on_hold: on_hold.unwrap_or_default(),
            ground: ground(entry),
        })
    }

    fn after(&mut self, fields: Fields<'_>, place: Place<'n>) -> Vec<Name> {
        let nodes = fields.one_or_many("after");
        let Place::Stage(tasks) = place else {
            if let Some(entry) = fields.entry("after") {
                self.problems.push(Diagnostic::error(
                    "misplaced-key",
                    &entry.key_span,
                    "only a task of a stage can come after another",
                ));
            }
            return Vec::new();
        };
        self.each_once(&nodes, |compiler, node| {
            let known = tasks.iter().map(|task| task.key.as_str());
            resolve(node, Sort::StageTask, known, &mut compiler.problems)
        })
    }

    /// No task waits for itself.
    fn refuse_circles(&mut self, tasks: &IndexMap<Name, Task>, entries: &[&Entry]) {
        let mut told: Vec<Name> = Vec::new();
        for name in tasks.keys() {
            let Some(circle) = circle_from(name, tasks) else {
                continue;
            };
            if circle.iter().any(|task| told.contains(task)) {
                continue;
            }
            told.extend(circle.iter().cloned());
            let Some(entry) = entries.iter().find(|entry| *name == *entry.key) else {
                continue;
            };
            let after: &Node = entry.value.get("after").unwrap_or(&entry.value);
            let story: Vec<&str> = circle
                .iter()
                .chain(circle.first())
                .map(Name::as_str)
                .collect();
            self.problems.push(
                Diagnostic::error(
                    "tasks-in-circle",
                    &after.span,
                    "these tasks wait for each other, so none of them can open",
                )
                .label(story.join(" after "))
                .help("take one `after` out"),
            );
        }
    }
}

/// A broken value is a broken task; no value is none.
fn transposed<T>(value: Option<Option<T>>) -> Option<Option<T>> {
    match value {
        None => Some(None),
        Some(read) => read.map(Some),
    }
}

/// The tasks on a way along `after` from a task back to itself.
fn circle_from(start: &Name, tasks: &IndexMap<Name, Task>) -> Option<Vec<Name>> {
    let mut ways = vec![vec![start.clone()]];
    let mut seen: Vec<Name> = Vec::new();
    while let Some(way) = ways.pop() {
        let after = way.last().and_then(|last| tasks.get(last))?;
        for next in &after.after {
            if next == start {
                return Some(way);
            }
            if tasks.contains_key(next) && !seen.contains(next) {
                seen.push(next.clone());
                let mut longer = way.clone();
                longer.push(next.clone());
                ways.push(longer);
            }
        }
    }
    None
}
