//! Compiles recurring work.

use super::{
    compile::{Compiler, ground},
    conditions::Place,
    declared::Sort,
    problems::is_name,
    read::{Fields, misread, word},
    reference::RECURRING,
    tree::{Content, Entry, Node},
};
use crate::diagnostic::Diagnostic;
use forloeb_core::{
    name::Name,
    plan::{Every, Missed, Recurring, Task},
    time::{Duration, OnClosed, Recurrence},
};
use indexmap::IndexMap;

impl<'n> Compiler<'n> {
    pub(super) fn recurring(
        &mut self,
        fields: Fields<'n>,
        tasks: &IndexMap<Name, Task>,
    ) -> IndexMap<Name, Recurring> {
        let mut recurring = IndexMap::new();
        for entry in fields.named("recurring", &mut self.problems) {
            if let Some(work) = self.recurring_work(entry, tasks) {
                recurring.insert(Name::from(entry.key.as_str()), work);
            }
        }
        recurring
    }

    fn recurring_work(
        &mut self,
        entry: &'n Entry,
        tasks: &IndexMap<Name, Task>,
    ) -> Option<Recurring> {
        let fields = self.fields(entry, &RECURRING)?;
        let closed = [
            ("keep", OnClosed::Keep),
            ("skip", OnClosed::Skip),
            ("next_working_day", OnClosed::NextWorkingDay),
        ];
        let on_closed = fields
            .choice("on_closed", &closed, &mut self.problems)
            .unwrap_or(OnClosed::Keep);
        let every = self.every(entry, fields, on_closed);
        let while_in = self.known_all(fields, "while_in", Sort::Stage);
        let missed = [
            ("once", Missed::Once),
            ("all", Missed::All),
            ("skip", Missed::Skip),
        ];
        let missed = fields.choice("missed", &missed, &mut self.problems);
        let task = fields
            .entry("task")
            .and_then(|task| self.recurring_task(entry, task, tasks));
        Some(Recurring {
            every: every?,
            while_in,
            on_closed,
            missed: missed.unwrap_or_default(),
            task: task?,
            ground: ground(entry),
        })
    }

    /// The task inline, or the one of the process that is named. Inline, it bears the name and title of the recurring work.
    fn recurring_task(
        &mut self,
        entry: &'n Entry,
        task: &'n Entry,
        tasks: &IndexMap<Name, Task>,
    ) -> Option<Task> {
        if let Content::Scalar(_) = task.value.content {
            let name = self.known(&task.value, Sort::RaisedTask)?;
            return tasks.get(&name).cloned();
        }
        let mut read = self.task(task, Place::Task)?;
        if task.value.get("title").is_none() {
            read.title = self.spoken(&entry.key);
        }
        Some(read)
    }

    fn every(
        &mut self,
        entry: &'n Entry,
        fields: Fields<'n>,
        on_closed: OnClosed,
    ) -> Option<Every> {
        match (fields.entry("every"), fields.entry("cron")) {
            (Some(every), None) => self.every_of(&every.value, on_closed),
            (None, Some(cron)) => {
                let scalar = word(&cron.value, "a cron line in quotes", &mut self.problems)?;
                match Recurrence::cron(&scalar.text, on_closed) {
                    Ok(recurrence) => Some(Every::Calendar(recurrence)),
                    Err(error) => {
                        self.problems.push(misread("bad-cron", &cron.value, &error));
                        None
                    }
                }
            }
            (Some(_), Some(cron)) => {
                self.problems.push(
                    Diagnostic::error(
                        "every-and-cron",
                        &cron.key_span,
                        "recurring work has `every` or `cron`, not both",
                    )
                    .help("keep one of them"),
                );
                None
            }
            (None, None) => {
                self.problems.push(
                    Diagnostic::error(
                        "missing-key",
                        &entry.key_span,
                        format!("it is not said when `{}` comes", entry.key),
                    )
                    .help("add `every: \"wednesday 13:00\"`, `every: 6 weeks` or `cron: \"0 6 * * MON\"`"),
                );
                None
            }
        }
    }

    fn every_of(&mut self, node: &'n Node, on_closed: OnClosed) -> Option<Every> {
        let scalar = word(node, "a day and a time, or a duration", &mut self.problems)?;
        let setting = !scalar.quoted && is_name(&scalar.text) && self.names_setting(scalar);
        if setting || Duration::parse(&scalar.text).is_ok() {
            let interval = self.duration(node)?;
            if self
                .lengths(&interval)
                .iter()
                .any(|length| length.count() == 0)
            {
                self.problems.push(
                    Diagnostic::error(
                        "never-ends",
                        &node.span,
                        "an interval of no length comes again at once, without end",
                    )
                    .help("write a length such as `1 day` or `6 weeks`"),
                );
                return None;
            }
            return Some(Every::Interval(interval));
        }
        match Recurrence::every(&scalar.text, on_closed) {
            Ok(recurrence) => Some(Every::Calendar(recurrence)),
            Err(error) => {
                let problem = self
                    .near_setting(node, scalar)
                    .unwrap_or_else(|| misread("bad-recurrence", node, &error));
                self.problems.push(problem);
                None
            }
        }
    }
}
