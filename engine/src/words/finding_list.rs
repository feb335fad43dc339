//! Open findings of many cases as a to-do list: overdue, today, still open, this week, later, waiting.

use super::{
    case_gather::due_page,
    case_page::DuePage,
    case_print::{level_sign, level_style},
    dates::{Nearness, days_between},
    handle::handle,
    ladder::level_name,
    message::glued_message,
    page::Column,
    reader::{Reader, Subject},
    rich::{Rich, Style, glued},
    tongue::Label,
};
use forloeb_core::{
    case::{CaseId, DeadlineState, Finding, Source},
    name::Name,
    plan::Level,
};
use jiff::{Timestamp, civil::Date};
use serde::Serialize;
use std::cmp::Reverse;

/// An open finding of some case.
#[derive(Clone, Copy, Debug)]
pub struct FindingRow<'a> {
    /// Its case; the history is not needed.
    pub subject: Subject<'a>,
    /// Its number in the case.
    pub number: u64,
}

/// Findings as a to-do list.
#[derive(Clone, Debug, Serialize)]
pub struct FindingList {
    /// The findings, the most urgent first.
    pub findings: Vec<FindingItem>,
}

/// When something is to be done about a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Turn {
    /// The promise that it is about has run out.
    Overdue,
    /// The promise runs out today; or it is about no promise, and has come up today.
    Today,
    /// It is about no promise and has been true since before today: nobody has taken it on yet.
    StillOpen,
    /// The promise runs out within this week, or the next two days.
    ThisWeek,
    /// The promise runs out later.
    Later,
    /// Somebody has taken it on or put it off, or the case is on hold.
    Waiting,
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
    /// When something is to be done about it.
    pub turn: Turn,
    /// How strong it is: `nudge` or `escalation`.
    pub level: &'static str,
    /// What it says, in the reader's language; where that is not for the reader, for whom it is.
    pub message: String,
    /// Whether what it says is shown.
    pub shown: bool,
    /// The roles that are told.
    pub to: Vec<Name>,
    /// Their titles, in a list.
    pub to_titles: String,
    /// Since when it holds.
    pub since: Timestamp,
    /// The local date of that instant.
    pub since_date: Date,
    /// When the promise that it is about runs out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<DuePage>,
    /// It holds, or is as it is, because the case went over to a new version, not because of anything that happened.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub by_migration: bool,
    /// Since when somebody has taken it on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acknowledged: Option<Timestamp>,
    /// Until when it is put off; in the future.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snoozed_until: Option<Timestamp>,
    #[serde(skip)]
    strength: Level,
}

/// The findings of a list: what is overdue first, and in each group the strongest and oldest first.
#[must_use]
pub fn finding_list(reader: &Reader<'_>, rows: &[FindingRow<'_>]) -> FindingList {
    let found = rows
        .iter()
        .filter_map(|row| Some((row, row.subject.case.findings.get(&row.number)?)));
    let mut findings: Vec<FindingItem> = found
        .map(|(row, finding)| item(reader, row, finding))
        .collect();
    findings.sort_by(|a, b| {
        let order = |item: &FindingItem| {
            let runs_out = item.due.as_ref().map(|due| due.runs_out);
            let first = runs_out.filter(|_| item.turn != Turn::Waiting);
            (
                item.turn,
                Reverse(item.strength),
                first.unwrap_or(item.since),
            )
        };
        order(a).cmp(&order(b)).then_with(|| a.case.cmp(&b.case))
    });
    FindingList { findings }
}

fn item(reader: &Reader<'_>, row: &FindingRow<'_>, finding: &Finding) -> FindingItem {
    let due = due(reader, row.subject, &finding.source);
    let snoozed_until = finding.snoozed_until.filter(|until| *until > reader.now);
    let nearness = due.as_ref().map_or(Nearness::NoDate, |due| due.nearness);
    let since_date = reader.day_of(finding.since);
    let turn = match nearness {
        _ if snoozed_until.is_some() || finding.acknowledged.is_some() => Turn::Waiting,
        Nearness::Overdue => Turn::Overdue,
        Nearness::NoDate if since_date < reader.today() => Turn::StillOpen,
        Nearness::Today | Nearness::NoDate => Turn::Today,
        Nearness::ThisWeek => Turn::ThisWeek,
        Nearness::Later => Turn::Later,
        Nearness::OnHold => Turn::Waiting,
    };
    FindingItem {
        id: handle(&row.subject.case.id, row.number),
        case: row.subject.case.id.clone(),
        name: reader.case_name(&row.subject.case.id),
        number: row.number,
        turn,
        level: level_name(finding.level),
        message: glued_message(reader, row.subject, finding),
        shown: reader.withheld_finding(row.subject, finding).is_none(),
        to: finding.to.clone(),
        to_titles: reader.roles(row.subject.plan, &finding.to),
        since: finding.since,
        since_date,
        due,
        by_migration: finding.by_migration,
        acknowledged: finding.acknowledged,
        snoozed_until,
        strength: finding.level,
    }
}

/// When the promise runs out whose ladder found it; a rule makes no promise.
fn due(reader: &Reader<'_>, subject: Subject<'_>, source: &Source) -> Option<DuePage> {
    let Source::Deadline {
        track,
        stage,
        deadline,
    } = source
    else {
        return None;
    };
    let same = |state: &&DeadlineState| {
        (&state.track, &state.stage, &state.name) == (track, stage, deadline)
    };
    let running = subject.case.deadlines.values().rev().find(same)?;
    Some(due_page(reader, &running.due, subject.held_since()))
}

impl FindingList {
    /// The list on a page.
    #[must_use]
    pub fn print(&self, reader: &Reader<'_>) -> String {
        let mut page = reader.page();
        if self.findings.is_empty() {
            page.line(0, &Rich::plain(reader.label(Label::NoFindings)));
        }
        // When everything is for one role, saying so on each line says nothing.
        let one_role = self
            .findings
            .windows(2)
            .all(|pair| matches!(pair, [a, b] if a.to == b.to));
        let turns = [
            (Turn::Overdue, Label::Overdue),
            (Turn::Today, Label::TodayHeading),
            (Turn::StillOpen, Label::StillOpen),
            (Turn::ThisWeek, Label::ThisWeek),
            (Turn::Later, Label::Later),
            (Turn::Waiting, Label::Waiting),
        ];
        let findings = |turn| {
            let of_turn = self.findings.iter().filter(move |item| item.turn == turn);
            of_turn
                .map(|item| item.row(reader, one_role))
                .collect::<Vec<_>>()
        };
        let groups: Vec<(String, Vec<Vec<Rich>>)> = turns
            .into_iter()
            .map(|(turn, label)| (label, findings(turn)))
            .filter(|(_, rows)| !rows.is_empty())
            .map(|(label, rows)| (reader.headed(label, rows.len()), rows))
            .collect();
        let columns = [Column::FIXED, Column::filling(30), Column::NUMBER];
        page.tables(2, &columns, &groups);
        page.finish()
    }
}

impl FindingItem {
    fn row(&self, reader: &Reader<'_>, one_role: bool) -> Vec<Rich> {
        // What is said to somebody (`you`) does not say who that is.
        let name = (!self.message.contains(&self.name)).then_some(&self.name);
        // What is withheld says no more than for whom it is.
        let roles = (!one_role || !self.shown).then_some(&self.to_titles);
        let by_migration = reader.label(Label::ByMigration).to_owned();
        let tail: String = name
            .into_iter()
            .chain(roles)
            .chain(self.by_migration.then_some(&by_migration))
            .map(|words| format!(" {}", glued(&format!("· {words}"))))
            .collect();
        let style = level_style(self.strength);
        vec![
            Rich::new(style, level_sign(self.strength)).and(style, &self.when(reader)),
            Rich::plain(&self.message).and(Style::Dim, &tail),
            Rich::new(Style::Dim, &self.id),
        ]
    }

    /// Under the heading: how long it is overdue, how long it has been so, which day is the last, or what it waits for.
    fn when(&self, reader: &Reader<'_>) -> String {
        let tongue = reader.tongue();
        match (&self.due, self.snoozed_until, self.acknowledged) {
            (_, Some(until), _) => tongue.until(&reader.date_or_moment(until)),
            (_, None, Some(_)) => reader.label(Label::InHand).to_owned(),
            (Some(due), None, None) => due.beneath_heading(reader),
            (None, None, None) => match days_between(self.since_date, reader.today()) {
                0 => reader.label(Label::New).to_owned(),
                days => tongue.for_days(days),
            },
        }
    }
}
