//! What `tick`, `apply` and `clock advance` have done, in words.

use super::{
    case_print::who,
    dates::days_between,
    history::{Line, line},
    page::{Column, Page},
    reader::{Reader, Subject},
    rich::{Rich, Style, glued},
    tongue::{Counted, Label},
};
use forloeb_core::{
    case::CaseId,
    entry::{EndedBecause, Entry, What},
    plan::Level,
};
use jiff::Timestamp;
use serde::Serialize;
use std::{
    collections::{BTreeMap, BTreeSet},
    hash::{DefaultHasher, Hash, Hasher},
};

/// How many cases are told one by one; of the others only the counts.
pub const CASES_TOLD: usize = 20;

/// How many lines are told of one case.
const LINES_TOLD: usize = 20;

/// What has been done, as it is gathered: all of it counted, and the first of it kept to be told. A country's year is counted in
/// eight bytes a case, and nothing else grows with it.
#[derive(Clone, Debug, Default)]
pub struct Work {
    /// Marks of the cases with new entries.
    seen: BTreeSet<u64>,
    entries: usize,
    counts: BTreeMap<Counted, usize>,
    told: Vec<ToldCase>,
}

/// A case that is told, with the first of its new entries.
#[derive(Clone, Debug)]
struct ToldCase {
    case: CaseId,
    entries: Vec<Entry>,
    left_out: usize,
}

impl Work {
    /// Adds what was done to a case.
    pub fn add(&mut self, case: &CaseId, entries: &[Entry]) {
        if entries.is_empty() {
            return;
        }
        let mut mark = DefaultHasher::new();
        case.hash(&mut mark);
        self.seen.insert(mark.finish());
        self.entries += entries.len();
        for counted in entries.iter().filter_map(|entry| counts_as(&entry.what)) {
            *self.counts.entry(counted).or_default() += 1;
        }
        let place = self.told.iter().position(|told| told.case == *case);
        if place.is_none() && self.told.len() < CASES_TOLD {
            self.told.push(ToldCase {
                case: case.clone(),
                entries: Vec::new(),
                left_out: 0,
            });
        }
        let place = place.unwrap_or(self.told.len().saturating_sub(1));
        let Some(told) = self.told.get_mut(place).filter(|told| told.case == *case) else {
            return;
        };
        for entry in entries.iter().filter(|entry| matters(&entry.what)) {
            if told.entries.len() < LINES_TOLD {
                told.entries.push(entry.clone());
            } else {
                told.left_out += 1;
            }
        }
    }

    /// How many new entries there are.
    #[must_use]
    pub fn entries(&self) -> usize {
        self.entries
    }

    /// The cases that are told one by one.
    pub fn told(&self) -> impl Iterator<Item = &CaseId> {
        self.told.iter().map(|told| &told.case)
    }
}

/// What was done.
#[derive(Clone, Debug, Serialize)]
pub struct Done {
    /// Cases with new entries.
    pub cases: usize,
    /// New entries.
    pub entries: usize,
    /// How often what was done.
    pub counts: BTreeMap<Counted, usize>,
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
    /// How many more lines there are in its history.
    #[serde(skip_serializing_if = "is_zero")]
    pub left_out: usize,
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands a reference in"
)]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// What was done, counted and told. The subjects are those of the cases that are told, in any order.
#[must_use]
pub fn done(
    reader: &Reader<'_>,
    work: &Work,
    subjects: &[Subject<'_>],
    clock: Option<ClockMoved>,
    wake_at: Option<Timestamp>,
) -> Done {
    let told = work.told.iter().filter_map(|told| {
        let subject = subjects
            .iter()
            .find(|subject| subject.case.id == told.case)?;
        Some(case_done(reader, *subject, told))
    });
    Done {
        cases: work.seen.len(),
        entries: work.entries,
        counts: work.counts.clone(),
        told: told.collect(),
        clock,
        wake_at,
    }
}

fn case_done(reader: &Reader<'_>, subject: Subject<'_>, told: &ToldCase) -> CaseDone {
    CaseDone {
        case: told.case.clone(),
        name: reader.case_name(&told.case),
        entries: told
            .entries
            .iter()
            .map(|entry| Line {
                // Whoever reads this has just recorded it.
                late: None,
                ..line(reader, subject, entry)
            })
            .collect(),
        left_out: told.left_out,
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
            | What::TaskEnded {
                why: EndedBecause::NextOccurrence
                    | EndedBecause::Restarted
                    | EndedBecause::AnchorCleared,
                ..
            }
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
        What::TaskEnded {
            why: EndedBecause::StageLeft | EndedBecause::CaseEnded,
            ..
        } => Counted::TasksDropped,
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

/// The order in which the counts are told: what people did, what followed, what is late, who is told.
const ORDER: [Counted; 15] = [
    Counted::Started,
    Counted::Events,
    Counted::StagesEntered,
    Counted::TasksOpened,
    Counted::TasksDone,
    Counted::TasksDropped,
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

impl Done {
    /// What was done, on a page: each case, then the counts.
    #[must_use]
    pub fn print(&self, reader: &Reader<'_>) -> String {
        let tongue = reader.tongue();
        let mut page = reader.page();
        if let Some(clock) = &self.clock {
            let days = days_between(reader.day_of(clock.from), reader.day_of(clock.to));
            let moved = tongue.clock_moved(&reader.moment(clock.from), &reader.moment(clock.to));
            let far = match days {
                0 => String::new(),
                days => format!(" ({})", tongue.days(days)),
            };
            page.line(0, &Rich::plain(&moved).and(Style::Dim, &far));
        }
        for case in &self.told {
            case.print(reader, &mut page);
        }
        if let Some(more) = self
            .cases
            .checked_sub(self.told.len())
            .filter(|more| *more > 0)
        {
            page.blank();
            page.line(0, &Rich::plain(&tongue.more(more)));
        }
        if self.cases == 0 {
            page.blank();
            page.line(0, &Rich::plain(reader.label(Label::NothingDone)));
        } else {
            let counts: Vec<String> = ORDER
                .into_iter()
                .filter_map(|counted| Some(tongue.counted(*self.counts.get(&counted)?, counted)))
                .collect();
            let cases = tongue.counted(self.cases, Counted::Cases);
            // Without anything to count, the cases have told it all.
            if !counts.is_empty() {
                page.blank();
                let words = format!("{cases}: {}", reader.list(&counts));
                page.line(0, &Rich::new(Style::Bold, &words));
            }
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
                    // What was understood of `--at` is seen at once, not only in the history.
                    line.happened.iter().fold(line.what(), |what, happened| {
                        what.and(Style::Dim, &format!(" {}", glued(&format!("· {happened}"))))
                    }),
                ]
            })
            .collect();
        page.table(2, &[Column::FIXED, Column::wrapping(24)], &rows);
        if self.left_out > 0 {
            let more = reader.tongue().more_lines(self.left_out);
            page.line(2, &Rich::new(Style::Dim, &more));
        }
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
