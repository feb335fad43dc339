//! What `tick`, `apply` and `clock advance` have done, in words.

use super::{
    case_print::who,
    dates::days_between,
    history::{Line, line},
    page::{Column, Page},
    reader::{Reader, Subject},
    rich::{Rich, Style},
    tongue::{Counted, Label},
};
use forloeb_core::{
    case::CaseId,
    entry::{Entry, What},
    plan::Level,
};
use jiff::Timestamp;
use serde::Serialize;

/// How many cases are told one by one; of the others only the counts.
pub const CASES_TOLD: usize = 20;

/// What was done to one case.
#[derive(Clone, Copy, Debug)]
pub struct Worked<'a> {
    /// The case after it; its history is read of the first cases only (see [`CASES_TOLD`]).
    pub subject: Subject<'a>,
    /// The new entries.
    pub entries: &'a [Entry],
}

/// What was done.
#[derive(Clone, Debug, Serialize)]
pub struct Done {
    /// Cases with new entries.
    pub cases: usize,
    /// New entries.
    pub entries: usize,
    /// How often what was done, in the reader's language.
    pub counts: Vec<String>,
    /// What was done to each case; only of the first cases when there are many.
    pub told: Vec<CaseDone>,
    /// How far the clock was moved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clock: Option<ClockMoved>,
    /// When there is something to do next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wake_at: Option<Timestamp>,
}

/// A virtual clock was moved.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct ClockMoved {
    /// What it said before.
    pub from: Timestamp,
    /// What it says now.
    pub to: Timestamp,
}

/// What was done to one case.
#[derive(Clone, Debug, Serialize)]
pub struct CaseDone {
    /// The case.
    pub case: CaseId,
    /// By which name people know it.
    pub name: String,
    /// What happened, the bookkeeping left out.
    pub entries: Vec<Line>,
}

/// What was done, counted and told.
#[must_use]
pub fn done(
    reader: &Reader<'_>,
    worked: &[Worked<'_>],
    clock: Option<ClockMoved>,
    wake_at: Option<Timestamp>,
) -> Done {
    let worked: Vec<&Worked<'_>> = worked
        .iter()
        .filter(|case| !case.entries.is_empty())
        .collect();
    Done {
        cases: worked.len(),
        entries: worked.iter().map(|case| case.entries.len()).sum(),
        counts: counts(reader, worked.iter().flat_map(|case| case.entries)),
        told: worked
            .iter()
            .take(CASES_TOLD)
            .map(|case| case_done(reader, case))
            .collect(),
        clock,
        wake_at,
    }
}

fn case_done(reader: &Reader<'_>, worked: &Worked<'_>) -> CaseDone {
    let id = &worked.subject.case.id;
    let told = worked.entries.iter().filter(|entry| matters(&entry.what));
    CaseDone {
        case: id.clone(),
        name: reader.case_name(id),
        entries: told
            .map(|entry| Line {
                // Whoever reads this has just recorded it.
                late: None,
                ..line(reader, worked.subject, entry)
            })
            .collect(),
    }
}

/// Whether a summary tells of it: what is only bookkeeping, or follows from the line before, is left to the history.
fn matters(what: &What) -> bool {
    !matches!(
        what,
        What::RungReached { .. }
            | What::RaiseBegan(_)
            | What::RaiseEnded(_)
            | What::Recurred { .. }
            | What::RecurringBegan { .. }
            | What::RecurringStopped { .. }
            | What::FactSet { .. }
            | What::FactCleared { .. }
            | What::TaskEnded { .. }
            | What::DeadlineEnded { .. }
            | What::DeadlineStarted { .. }
            | What::FindingClosed { .. }
    )
}

/// What an entry counts as.
fn counts_as(what: &What) -> Option<Counted> {
    Some(match what {
        What::Started { .. } => Counted::Started,
        What::Reported { .. } => Counted::Events,
        What::StageEntered { .. } => Counted::StagesEntered,
        What::TaskOpened { .. } => Counted::TasksOpened,
        What::TaskDone { .. } => Counted::TasksDone,
        What::TaskOverdue { .. } => Counted::TasksOverdue,
        What::DeadlineMet { .. } => Counted::DeadlinesMet,
        What::DeadlineOverdue { .. } => Counted::DeadlinesPassed,
        What::FindingOpened {
            level: Level::Nudge,
            ..
        } => Counted::Nudges,
        What::FindingOpened {
            level: Level::Escalation,
            ..
        } => Counted::Escalations,
        What::FindingClosed { .. } => Counted::FindingsClosed,
        What::RuleFailed { .. } => Counted::RulesFailed,
        What::NotTold { .. } => Counted::NotTold,
        What::Ended { .. } => Counted::Ended,
        _ => return None,
    })
}

fn counts<'e>(
    reader: &Reader<'_>,
    entries: impl Iterator<Item = &'e Entry> + Clone,
) -> Vec<String> {
    let order = [
        Counted::Started,
        Counted::Events,
        Counted::StagesEntered,
        Counted::TasksOpened,
        Counted::TasksDone,
        Counted::TasksOverdue,
        Counted::DeadlinesMet,
        Counted::DeadlinesPassed,
        Counted::Nudges,
        Counted::Escalations,
        Counted::FindingsClosed,
        Counted::RulesFailed,
        Counted::NotTold,
        Counted::Ended,
    ];
    let count = |counted| {
        entries
            .clone()
            .filter(|entry| counts_as(&entry.what) == Some(counted))
            .count()
    };
    let counted = order
        .into_iter()
        .map(|counted| (count(counted), counted))
        .filter(|(count, _)| *count > 0);
    counted
        .map(|(count, counted)| reader.tongue().counted(count, counted))
        .collect()
}

impl Done {
    /// What was done, on a page: each case, then the counts.
    #[must_use]
    pub fn print(&self, reader: &Reader<'_>) -> String {
        let tongue = reader.tongue();
        let mut page = reader.page();
        if let Some(clock) = &self.clock {
            let days = days_between(reader.day_of(clock.from), reader.day_of(clock.to));
            let moved = tongue.clock_moved(&reader.moment(clock.from), &reader.moment(clock.to));
            page.line(
                0,
                &Rich::plain(&moved).and(Style::Dim, &format!(" ({})", tongue.days(days))),
            );
        }
        for case in &self.told {
            case.print(reader, &mut page);
        }
        page.blank();
        if let Some(more) = self
            .cases
            .checked_sub(self.told.len())
            .filter(|more| *more > 0)
        {
            page.line(0, &Rich::plain(&tongue.more(more)));
        }
        if self.cases == 0 {
            page.line(0, &Rich::plain(reader.label(Label::NothingDone)));
        } else {
            let mut words = tongue.counted(self.cases, Counted::Cases);
            if !self.counts.is_empty() {
                words = format!("{words}: {}", reader.list(&self.counts));
            }
            page.line(0, &Rich::new(Style::Bold, &words));
        }
        if let Some(at) = self.wake_at {
            page.line(
                0,
                &Rich::new(Style::Dim, &tongue.next_wake(&reader.date_or_moment(at))),
            );
        }
        page.finish()
    }
}

impl CaseDone {
    fn print(&self, reader: &Reader<'_>, page: &mut Page) {
        if self.entries.is_empty() {
            return;
        }
        page.blank();
        page.line(0, &who(&self.name, &self.case));
        let rows: Vec<Vec<Rich>> = self
            .entries
            .iter()
            .map(|line| {
                vec![
                    Rich::new(Style::Dim, &reader.date_or_moment(line.at)),
                    line.what(),
                ]
            })
            .collect();
        page.table(2, &[Column::FIXED, Column::wrapping(24)], &rows);
    }
}

/// What `apply` did with its lines.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Applied {
    /// Inputs that were taken in.
    pub accepted: usize,
    /// Inputs that were in the history already, by their key.
    pub again: usize,
    /// Lines that changed nothing.
    pub refused: Vec<RefusedLine>,
}

/// A line of `apply` that changed nothing.
#[derive(Clone, Debug, Serialize)]
pub struct RefusedLine {
    /// Its number, from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
    /// What would have been accepted, or what to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

impl Applied {
    /// What was done, on a page: each refused line, then the counts.
    #[must_use]
    pub fn print(&self, reader: &Reader<'_>) -> String {
        let tongue = reader.tongue();
        let mut page = reader.page();
        for refused in &self.refused {
            page.line(
                0,
                &Rich::new(
                    Style::Red,
                    &tongue.refused_line(refused.line, &refused.message),
                ),
            );
            if let Some(help) = &refused.help {
                page.line(2, &Rich::plain(help));
            }
        }
        page.blank();
        page.line(
            0,
            &Rich::new(
                Style::Bold,
                &tongue.applied(self.accepted, self.again, self.refused.len()),
            ),
        );
        page.finish()
    }
}
