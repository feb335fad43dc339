//! Open tasks of many cases as a to-do list: overdue, today, this week, later.

use super::{
    case_gather::due_page,
    case_page::DuePage,
    case_print::near_style,
    dates::{Nearness, days_between},
    handle::handle,
    page::{Column, Page},
    reader::Reader,
    rich::{Rich, Style},
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
        for (nearness, label) in groups {
            let tasks: Vec<&TaskItem> = self
                .tasks
                .iter()
                .filter(|task| task.nearness() == nearness)
                .collect();
            if !tasks.is_empty() {
                page.heading(&reader.headed(label, tasks.len()));
                print_tasks(reader, &mut page, nearness, &tasks, one_role);
            }
        }
        page.finish()
    }
}

fn print_tasks(
    reader: &Reader<'_>,
    page: &mut Page,
    nearness: Nearness,
    tasks: &[&TaskItem],
    one_role: bool,
) {
    let rows: Vec<Vec<Rich>> = tasks
        .iter()
        .map(|task| {
            // The heading says it already, unless there is a time of day.
            let told_by_heading = nearness == Nearness::Today
                && task
                    .due
                    .as_ref()
                    .is_some_and(|due| due.words == reader.label(Label::Today));
            let over = task
                .due
                .as_ref()
                .map(|due| days_between(due.last_day, reader.today()))
                .filter(|days| nearness == Nearness::Overdue && *days > 0);
            let when = match (over, &task.due) {
                (Some(days), _) => reader.tongue().days(days),
                (None, Some(due)) if !told_by_heading => due.words.clone(),
                (None, _) => String::new(),
            };
            vec![
                Rich::new(near_style(nearness), &when),
                Rich::new(Style::Bold, &task.name),
                Rich::plain(&task.title),
                Rich::plain(if one_role { "" } else { &task.role_title }),
                Rich::new(Style::Dim, &task.id),
            ]
        })
        .collect();
    let columns = [
        Column::wrapping(10),
        Column::wrapping(12),
        Column::wrapping(24),
        Column::wrapping(12),
        Column::FIXED,
    ];
    page.table(2, &columns, &rows);
}
