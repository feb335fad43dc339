//! Lists over many cases: tasks as a to-do list, findings by how strong they are, cases by where they are.

use super::{
    case_page::{DuePage, due_page},
    case_print::{level_sign, level_style, near_style},
    dates::Nearness,
    ladder::level_name,
    message::message,
    page::{Column, Page},
    reader::{Reader, Subject},
    rich::{Rich, Style},
    tongue::{Counted, Label},
};
use forloeb_core::{
    case::{Case, CaseId, TaskState},
    input::Which,
    name::Name,
    plan::{Level, Plan},
};
use jiff::{Timestamp, civil::Date};
use serde::Serialize;

/// How a task or finding is called in commands: the case and its number in it.
#[must_use]
pub fn handle(case: &CaseId, number: u64) -> String {
    format!("{case}/{number}")
}

/// The case that a handle means, and which of its tasks or findings: `p-7/14`, or by its name `p-7/agree_start`.
#[must_use]
pub fn read_handle(handle: &str) -> Option<(CaseId, Which)> {
    let (case, which) = handle
        .rsplit_once('/')
        .filter(|(case, which)| !case.is_empty() && !which.is_empty())?;
    let which = which
        .parse()
        .map_or_else(|_| Which::Named(Name::from(which)), Which::Number);
    Some((CaseId::from(case), which))
}

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
            due: row.task.due.as_ref().map(|due| due_page(reader, due)),
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
            let when = if told_by_heading {
                ""
            } else {
                task.due.as_ref().map_or("", |due| due.words.as_str())
            };
            vec![
                Rich::new(near_style(nearness), when),
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

/// An open finding of some case.
#[derive(Clone, Copy, Debug)]
pub struct FindingRow<'a> {
    /// Its case; the history is not needed.
    pub subject: Subject<'a>,
    /// Its number in the case.
    pub number: u64,
}

/// Findings, the strongest first.
#[derive(Clone, Debug, Serialize)]
pub struct FindingList {
    /// The findings.
    pub findings: Vec<FindingItem>,
}

/// A finding of the list.
#[derive(Clone, Debug, Serialize)]
pub struct FindingItem {
    /// What commands call it: `p-7/31`.
    pub id: String,
    /// The case.
    pub case: CaseId,
    /// By which name people know the case.
    pub name: String,
    /// Its number in the case.
    pub number: u64,
    /// How strong it is: `nudge` or `escalation`.
    pub level: &'static str,
    /// What it says, in the reader's language.
    pub message: String,
    /// The roles that are told.
    pub to: Vec<Name>,
    /// Their titles, in a list.
    pub to_titles: String,
    /// Since when it holds.
    pub since: Timestamp,
    /// The local date of that instant.
    pub since_date: Date,
    /// Since when somebody has taken it on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acknowledged: Option<Timestamp>,
    /// Until when it is put off; in the future.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snoozed_until: Option<Timestamp>,
    #[serde(skip)]
    strength: Level,
}

/// The findings of a list, the strongest and oldest first; what is put off comes last.
#[must_use]
pub fn finding_list(reader: &Reader<'_>, rows: &[FindingRow<'_>]) -> FindingList {
    let found = rows
        .iter()
        .filter_map(|row| Some((row, row.subject.case.findings.get(&row.number)?)));
    let mut findings: Vec<FindingItem> = found
        .map(|(row, finding)| FindingItem {
            id: handle(&row.subject.case.id, row.number),
            case: row.subject.case.id.clone(),
            name: reader.case_name(&row.subject.case.id),
            number: row.number,
            level: level_name(finding.level),
            message: message(reader, row.subject, finding),
            to: finding.to.clone(),
            to_titles: reader.roles(row.subject.plan, &finding.to),
            since: finding.since,
            since_date: reader.day_of(finding.since),
            acknowledged: finding.acknowledged,
            snoozed_until: finding.snoozed_until.filter(|until| *until > reader.now),
            strength: finding.level,
        })
        .collect();
    findings.sort_by(|a, b| {
        let order = |item: &FindingItem| {
            (
                item.snoozed_until.is_some(),
                std::cmp::Reverse(item.strength),
                item.since,
            )
        };
        order(a).cmp(&order(b)).then_with(|| a.case.cmp(&b.case))
    });
    FindingList { findings }
}

impl FindingList {
    /// The list on a page.
    #[must_use]
    pub fn print(&self, reader: &Reader<'_>) -> String {
        let mut page = reader.page();
        if self.findings.is_empty() {
            page.line(0, &Rich::plain(reader.label(Label::NoFindings)));
        }
        let group = |label, of: &dyn Fn(&&FindingItem) -> bool, page: &mut Page| {
            let items: Vec<&FindingItem> = self.findings.iter().filter(of).collect();
            if !items.is_empty() {
                page.heading(&reader.headed(label, items.len()));
                items.iter().for_each(|item| item.print(reader, page));
            }
        };
        let open = |item: &&FindingItem| item.snoozed_until.is_none();
        group(
            Label::Escalations,
            &|item| open(item) && item.strength == Level::Escalation,
            &mut page,
        );
        group(
            Label::Nudges,
            &|item| open(item) && item.strength == Level::Nudge,
            &mut page,
        );
        group(Label::Snoozed, &|item| !open(item), &mut page);
        page.finish()
    }
}

impl FindingItem {
    fn print(&self, reader: &Reader<'_>, page: &mut Page) {
        let tongue = reader.tongue();
        let front = Rich::plain("  ").and(level_style(self.strength), level_sign(self.strength));
        page.hanging(&front, &Rich::plain(&self.message));
        let mut state = format!(
            "{} · {}",
            tongue.to_roles(&self.to_titles),
            reader.since(self.since)
        );
        if let Some(at) = self.acknowledged {
            state = format!(
                "{state} · {} {}",
                reader.label(Label::Acknowledged),
                reader.near_date(reader.day_of(at))
            );
        }
        if let Some(until) = self.snoozed_until {
            state = format!(
                "{state} · {}",
                tongue.snoozed_until(&reader.date_or_moment(until))
            );
        }
        page.ends(
            4,
            &Rich::new(Style::Dim, &state),
            &Rich::new(Style::Dim, &self.id),
        );
    }
}

/// A case of a list.
#[derive(Clone, Copy, Debug)]
pub struct CaseRow<'a> {
    /// Its plan.
    pub plan: &'a Plan,
    /// The case.
    pub case: &'a Case,
}

/// Cases.
#[derive(Clone, Debug, Serialize)]
pub struct CaseList {
    /// The cases, in the order in which they were given.
    pub cases: Vec<CaseItem>,
}

/// A case of the list.
#[derive(Clone, Debug, Serialize)]
pub struct CaseItem {
    /// The case.
    pub case: CaseId,
    /// By which name people know it.
    pub name: String,
    /// Its process.
    pub process: Name,
    /// The title of its process.
    pub process_title: String,
    /// The stage of its first track.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<Name>,
    /// The title of that stage, or of its outcome.
    pub at: String,
    /// When it came there.
    pub since: Timestamp,
    /// The local date of that instant.
    pub since_date: Date,
    /// Its tasks and deadlines that are overdue.
    pub overdue: usize,
    /// Its open escalations.
    pub escalations: usize,
    /// Its open nudges.
    pub nudges: usize,
    /// It is on hold.
    pub on_hold: bool,
    /// The outcome with which it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Name>,
}

/// The cases of a list.
#[must_use]
pub fn case_list(reader: &Reader<'_>, rows: &[CaseRow<'_>]) -> CaseList {
    CaseList {
        cases: rows.iter().map(|row| case_item(reader, row)).collect(),
    }
}

fn case_item(reader: &Reader<'_>, row: &CaseRow<'_>) -> CaseItem {
    let CaseRow { plan, case } = *row;
    let first = plan
        .tracks
        .keys()
        .find_map(|track| Some((track, case.tracks.get(track)?)));
    let (at, since) = match (&case.ended, first) {
        (Some(ended), _) => (reader.outcome(plan, &ended.outcome), ended.at),
        (None, Some((track, place))) => (reader.stage(plan, track, &place.stage), place.since),
        (None, None) => (String::new(), case.started),
    };
    let late_tasks = case
        .tasks
        .values()
        .filter(|task| task.overdue && task.done.is_none())
        .count();
    let late_deadlines = case
        .deadlines
        .values()
        .filter(|deadline| deadline.overdue && deadline.met.is_none())
        .count();
    let found = |level| {
        case.findings
            .values()
            .filter(|finding| finding.level == level)
            .count()
    };
    CaseItem {
        case: case.id.clone(),
        name: reader.case_name(&case.id),
        process: case.process.clone(),
        process_title: reader.text(&plan.title, &plan.process),
        stage: first
            .filter(|_| case.ended.is_none())
            .map(|(_, place)| place.stage.clone()),
        at,
        since,
        since_date: reader.day_of(since),
        overdue: late_tasks + late_deadlines,
        escalations: found(Level::Escalation),
        nudges: found(Level::Nudge),
        on_hold: case.hold.is_some(),
        outcome: case.ended.as_ref().map(|ended| ended.outcome.clone()),
    }
}

impl CaseList {
    /// The list on a page, under a heading for each process when there are several.
    #[must_use]
    pub fn print(&self, reader: &Reader<'_>) -> String {
        let mut page = reader.page();
        if self.cases.is_empty() {
            page.line(0, &Rich::plain(reader.label(Label::NoCases)));
        }
        let mut processes: Vec<(&Name, &str)> = Vec::new();
        for case in &self.cases {
            if !processes
                .iter()
                .any(|(process, _)| *process == &case.process)
            {
                processes.push((&case.process, &case.process_title));
            }
        }
        for (process, title) in processes {
            let cases: Vec<&CaseItem> = self
                .cases
                .iter()
                .filter(|case| &case.process == process)
                .collect();
            page.heading(&format!("{title} ({})", cases.len()));
            let rows: Vec<Vec<Rich>> = cases.iter().map(|case| case.row(reader)).collect();
            let columns = [
                Column::FIXED,
                Column::wrapping(14),
                Column::wrapping(18),
                Column::FIXED,
                Column::wrapping(14),
            ];
            page.table(2, &columns, &rows);
        }
        page.finish()
    }
}

impl CaseItem {
    fn row(&self, reader: &Reader<'_>) -> Vec<Rich> {
        let tongue = reader.tongue();
        let mut signs = Rich::default();
        let mut add = |style, words: String| {
            let comma = if signs.width() > 0 { ", " } else { "" };
            signs = std::mem::take(&mut signs)
                .and(Style::Plain, comma)
                .and(style, &words);
        };
        if self.overdue > 0 {
            add(Style::Red, tongue.counted(self.overdue, Counted::Overdue));
        }
        if self.escalations > 0 {
            add(
                Style::Red,
                tongue.counted(self.escalations, Counted::Escalations),
            );
        }
        if self.nudges > 0 {
            add(Style::Yellow, tongue.counted(self.nudges, Counted::Nudges));
        }
        if self.on_hold {
            add(Style::Yellow, reader.label(Label::OnHold).to_lowercase());
        }
        let name = if self.name == self.case.as_str() {
            ""
        } else {
            &self.name
        };
        let style = if self.outcome.is_some() {
            Style::Dim
        } else {
            Style::Plain
        };
        vec![
            Rich::new(Style::Dim, &self.case),
            Rich::new(Style::Bold, name),
            Rich::new(style, &self.at),
            Rich::new(Style::Dim, &reader.near_date(self.since_date)),
            signs,
        ]
    }
}
