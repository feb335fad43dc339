//! Open tasks of many cases as a to-do list: overdue, today, this week, later.

use super::{
    case_gather::due_page,
    case_page::DuePage,
    case_print::near_style,
    dates::{Nearness, days_between},
    handle::handle,
    page::Column,
    reader::Reader,
    rich::{Rich, Style, glued},
    tongue::Label,
};
use forloeb_core::{
    case::{CaseId, TaskState},
    name::Name,
    plan::Plan,
};
use jiff::Timestamp;
use serde::Serialize;

/// An open task of some case.
#[derive(Clone, Copy, Debug)]
pub struct TaskRow<'a> {
    /// The case.
    pub case: &'a CaseId,
    /// The plan of the case.
    pub plan: &'a Plan,
    /// The number of the task in the case.
    pub number: u64,
    /// The task.
    pub task: &'a TaskState,
    /// Since when the case is on hold.
    pub held_since: Option<Timestamp>,
}

/// Tasks as a to-do list.
#[derive(Clone, Debug, Serialize)]
pub struct TaskList {
    /// The tasks, the most urgent first.
    pub tasks: Vec<TaskItem>,
}

/// A task of the list.
#[derive(Clone, Debug, Serialize)]
pub struct TaskItem {
    /// What commands call it: `p-7/14`.
    pub id: String,
    /// The case.
    pub case: CaseId,
    /// By which name people know the case.
    pub name: String,
    /// Its number in the case.
    pub number: u64,
    /// The task.
    pub task: Name,
    /// Its title.
    pub title: String,
    /// Who does it.
    pub role: Name,
    /// The title of that role.
    pub role_title: String,
    /// When it was opened.
    pub opened: Timestamp,
    /// When it is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<DuePage>,
}

/// The tasks of a to-do list, the most urgent first.
#[must_use]
pub fn task_list(reader: &Reader<'_>, rows: &[TaskRow<'_>]) -> TaskList {
    let mut tasks: Vec<TaskItem> = rows
        .iter()
        .map(|row| TaskItem {
            id: handle(row.case, row.number),
            case: row.case.clone(),
            name: reader.case_name(row.case),
            number: row.number,
            task: row.task.name.clone(),
            title: row.plan.task_of(row.task).map_or_else(
                || row.task.name.to_string(),
                |known| reader.text(&known.title, &row.task.name),
            ),
            role: row.task.role.clone(),
            role_title: reader.role(row.plan, &row.task.role),
            opened: row.task.opened,
            due: row
                .task
                .due
                .as_ref()
                .map(|due| due_page(reader, due, row.held_since)),
        })
        .collect();
    let urgency = |task: &TaskItem| (task.nearness(), task.due.as_ref().map(|due| due.runs_out));
    tasks.sort_by(|a, b| {
        urgency(a)
            .cmp(&urgency(b))
            .then_with(|| a.case.cmp(&b.case))
    });
    TaskList { tasks }
}

impl TaskItem {
    fn nearness(&self) -> Nearness {
        self.due
            .as_ref()
            .map_or(Nearness::NoDate, |due| due.nearness)
    }
}

impl TaskList {
    /// The list on a page.
    #[must_use]
    pub fn print(&self, reader: &Reader<'_>) -> String {
        let mut page = reader.page();
        if self.tasks.is_empty() {
            page.line(0, &Rich::plain(reader.label(Label::NoTasks)));
        }
        // When everything is for one role, saying so on each line says nothing.
        let one_role = self
            .tasks
            .windows(2)
            .all(|pair| matches!(pair, [a, b] if a.role_title == b.role_title));
        let groups = [
            (Nearness::Overdue, Label::Overdue),
            (Nearness::Today, Label::TodayHeading),
            (Nearness::ThisWeek, Label::ThisWeek),
            (Nearness::Later, Label::Later),
            (Nearness::OnHold, Label::OnHold),
            (Nearness::NoDate, Label::NoDateHeading),
        ];
        let tasks = |nearness| {
            let near = self
                .tasks
                .iter()
                .filter(move |task| task.nearness() == nearness);
            near.map(|task| task.row(reader, one_role))
                .collect::<Vec<_>>()
        };
        let groups: Vec<(String, Vec<Vec<Rich>>)> = groups
            .into_iter()
            .map(|(nearness, label)| (label, tasks(nearness)))
            .filter(|(_, rows)| !rows.is_empty())
            .map(|(label, rows)| (reader.headed(label, rows.len()), rows))
            .collect();
        let columns = [
            Column::FIXED,
            Column::wrapping(12),
            Column::filling(34),
            Column::NUMBER,
        ];
        page.tables(2, &columns, &groups);
        page.finish()
    }
}

impl TaskItem {
    fn row(&self, reader: &Reader<'_>, one_role: bool) -> Vec<Rich> {
        let role = match self.role_title.as_str() {
            _ if one_role => String::new(),
            role => format!(" {}", glued(&format!("· {role}"))),
        };
        let due = self.due.as_ref();
        let when = due.map_or_else(String::new, |due| due.beneath_heading(reader));
        vec![
            Rich::new(near_style(self.nearness()), &when),
            Rich::new(Style::Bold, &self.name),
            Rich::plain(&self.title).and(Style::Dim, &role),
            Rich::new(Style::Dim, &self.id),
        ]
    }
}

impl DuePage {
    /// When that is, under a heading that says how near it is: `3 days` of what is overdue, `last day` of what is due today.
    pub(super) fn beneath_heading(&self, reader: &Reader<'_>) -> String {
        let over = days_between(self.last_day, reader.today());
        match self.nearness {
            Nearness::Overdue if over > 0 => reader.tongue().days(over),
            Nearness::Today if self.words == reader.label(Label::Today) => {
                reader.label(Label::LastDay).to_owned()
            }
            _ => self.words.clone(),
        }
    }
}
