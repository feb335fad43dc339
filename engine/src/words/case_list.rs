//! Many cases: where each is, and what of it needs somebody.

use super::{
    page::Column,
    reader::Reader,
    rich::{Rich, Style, glued},
    tongue::{Counted, Label},
};
use forloeb_core::{
    case::{Case, CaseId},
    name::Name,
    plan::{Level, Plan},
};
use jiff::{Timestamp, civil::Date};
use serde::Serialize;

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
                .and(style, &glued(&words));
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
        // A nudge is worth a word where nothing stronger is said.
        if self.nudges > 0 && self.escalations + self.overdue == 0 {
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
