//! The history of a case, entry by entry: when, what, who, because of which entry, and by which line of which file.

use super::{
    reader::{Reader, Subject},
    rich::{Rich, Style},
    tongue::Label,
};
use forloeb_core::{
    case::CaseId,
    entry::{Actor, Entry, What},
    name::Name,
};
use jiff::{Timestamp, civil::Date};
use serde::Serialize;

/// The history of a case, for people and as data.
#[derive(Clone, Debug, Serialize)]
pub struct History {
    /// The case.
    pub case: CaseId,
    /// By which name people know it.
    pub name: String,
    /// The title of its process.
    pub title: String,
    /// Its entries, in order.
    pub entries: Vec<Line>,
}

/// One entry.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    /// Its number.
    pub seq: u64,
    /// The instant at which it was due, or came.
    pub at: Timestamp,
    /// The local date of that instant.
    pub date: Date,
    /// The instant at which it was recorded.
    pub recorded: Timestamp,
    /// What happened, in the reader's language.
    pub words: String,
    /// A correction took it back: it does not count any more.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub void: bool,
    /// The entry that it records anew, after a correction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub again: Option<u64>,
    /// More about it, in the reader's language: what an event carried, when it happened, who told it.
    pub details: Vec<String>,
    /// The details that the reader may see, without who told it.
    #[serde(skip)]
    pub(super) shown: Vec<String>,
    /// When it happened, if that is not when it was reported, in the reader's language.
    #[serde(skip)]
    pub(super) happened: Option<String>,
    /// The case that told it, by its name.
    #[serde(skip)]
    pub(super) told_by: Option<String>,
    /// That it was recorded later than it was due, in the reader's language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub late: Option<String>,
    /// Who did it, in the reader's language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by_words: Option<String>,
    /// Who did it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<Actor>,
    /// On whose behalf.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<Actor>,
    /// The entry that made it happen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<u64>,
    /// `file:line:column` of what says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ground: Option<String>,
    /// The kind of entry: `event_reported`, `task_opened` …
    pub kind: &'static str,
    /// The element of the process that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<Name>,
}

/// The history of a case: what counts, in the order in which it happened, or everything, in the order in which it was recorded.
#[must_use]
pub fn history(reader: &Reader<'_>, subject: Subject<'_>, all: bool) -> History {
    let counts = |seq| {
        let place = subject
            .entries
            .binary_search_by_key(&seq, |entry| entry.seq);
        place.is_ok()
    };
    let mut lines: Vec<Line> = match all {
        true => subject.history,
        false => subject.entries,
    }
    .iter()
    .map(|entry| Line {
        void: !counts(entry.seq),
        ..line(reader, subject, entry)
    })
    .collect();
    if !all {
        lines.sort_by_key(|line| line.at);
    }
    History {
        case: subject.case.id.clone(),
        name: reader.case_name(&subject.case.id),
        title: reader.text(&subject.plan.title, &subject.plan.process),
        entries: lines,
    }
}

/// One entry as a line of history.
#[must_use]
pub fn line(reader: &Reader<'_>, subject: Subject<'_>, entry: &Entry) -> Line {
    let (kind, about) = kind(entry);
    let shown_whole = reader.withheld_entry(subject, entry).is_none();
    let (details, shown) = details(reader, subject, entry);
    Line {
        seq: entry.seq,
        at: entry.at,
        date: reader.day_of(entry.at),
        recorded: entry.recorded,
        words: reader.sentence(subject, entry),
        void: false,
        again: entry.again,
        details,
        shown,
        happened: happened(reader, entry),
        told_by: told_by(entry).map(|case| reader.case_name(case)),
        late: late(reader, subject, entry),
        by_words: by(reader, subject, entry),
        by: entry.by.clone(),
        on_behalf_of: entry.on_behalf_of.clone(),
        cause: entry.cause.filter(|_| shown_whole),
        ground: entry
            .ground
            .as_ref()
            .filter(|_| shown_whole)
            .map(ToString::to_string),
        kind,
        about: about.filter(|_| shown_whole),
    }
}

fn by(reader: &Reader<'_>, subject: Subject<'_>, entry: &Entry) -> Option<String> {
    let plan = subject.at(entry.seq).plan;
    let actor = reader.actor(plan, entry.by.as_ref()?);
    Some(match &entry.on_behalf_of {
        Some(other) => {
            let other = reader.actor(plan, other);
            format!("{actor}, {} {other}", reader.label(Label::OnBehalfOf))
        }
        None => actor,
    })
}

/// The case that told of an event.
fn told_by(entry: &Entry) -> Option<&CaseId> {
    match &entry.what {
        What::Reported { from, .. } => from.as_ref().map(|(case, _)| case),
        _ => None,
    }
}

/// All details of an entry, and those that are worth a line on the page of a case.
fn details(reader: &Reader<'_>, subject: Subject<'_>, entry: &Entry) -> (Vec<String>, Vec<String>) {
    let tongue = reader.tongue();
    let (mut details, mut shown) = (Vec::new(), Vec::new());
    if let What::Reported {
        event, with, from, ..
    } = &entry.what
    {
        for field in reader.fields(subject, event, with) {
            let words = format!("{}: {}", field.title, field.value);
            if field.shown {
                shown.push(words.clone());
            }
            details.push(words);
        }
        if let Some((case, _)) = from {
            details.push(tongue.told_by(&reader.case_with_id(case)));
        }
    }
    if let Some(first) = entry.again {
        details.push(tongue.first_recorded_as(first));
    }
    if let Some(words) = happened(reader, entry) {
        shown.push(words.clone());
        details.push(words);
    }
    (details, shown)
}

/// When an event happened that was reported later.
fn happened(reader: &Reader<'_>, entry: &Entry) -> Option<String> {
    let happened = match &entry.what {
        What::Reported { happened, .. } if *happened != entry.at => *happened,
        _ => return None,
    };
    let when = match reader.day_of(happened) == reader.day_of(entry.at) {
        true => reader.tongue().clock(&reader.time(happened)),
        false => reader.moment(happened),
    };
    Some(reader.tongue().happened(&when))
}

/// When it was recorded, if later. Seconds between a wake's instant and its recording are not worth a word.
fn late(reader: &Reader<'_>, subject: Subject<'_>, entry: &Entry) -> Option<String> {
    let late = entry.recorded.duration_since(entry.at).as_mins() > 0;
    // What a correction recorded anew was known in time.
    let anew = |other: &Entry| {
        let corrected = matches!(other.what, What::Corrected { .. });
        corrected && other.seq < entry.seq && other.recorded == entry.recorded
    };
    (late && !subject.entries.iter().any(anew)).then(|| {
        reader
            .tongue()
            .recorded_late(&reader.moment(entry.recorded))
    })
}

/// What an entry is called in data, and which element it is about.
fn kind(entry: &Entry) -> (&'static str, Option<Name>) {
    let named = |kind, name: &Name| (kind, Some(name.clone()));
    match &entry.what {
        What::Started { process, .. } => named("started", process),
        What::Reported { event, .. } => named("event_reported", event),
        What::FactSet { fact, .. } => named("fact_set", fact),
        What::FactCleared { fact } => named("fact_cleared", fact),
        What::Linked { link, .. } => named("linked", link),
        What::Unlinked { link, .. } => named("unlinked", link),
        What::StageEntered { stage, .. } => named("stage_entered", stage),
        What::TaskOpened { task, .. } => named("task_opened", task),
        What::TaskDone { .. } => ("task_done", None),
        What::TaskEnded { .. } => ("task_ended", None),
        What::TaskOverdue { .. } => ("task_overdue", None),
        What::TaskMoved { .. } => ("task_moved", None),
        What::DeadlineStarted { deadline, .. } => named("deadline_started", deadline),
        What::DeadlineMet { .. } => ("deadline_met", None),
        What::DeadlineEnded { .. } => ("deadline_ended", None),
        What::DeadlineOverdue { .. } => ("deadline_overdue", None),
        What::DeadlineMoved { .. } => ("deadline_moved", None),
        What::RungReached { .. } => ("rung_reached", None),
        What::FindingOpened { say, .. } => named("finding_opened", say),
        What::FindingChanged { .. } => ("finding_changed", None),
        What::FindingClosed { .. } => ("finding_closed", None),
        What::FindingAcknowledged { .. } => ("finding_acknowledged", None),
        What::FindingSnoozed { .. } => ("finding_snoozed", None),
        What::RaiseBegan(raised) => named("raise_began", &raised.task),
        What::RaiseEnded(raised) => named("raise_ended", &raised.task),
        What::Recurred { recurring, .. } => named("recurred", recurring),
        What::RecurringBegan { recurring } => named("recurring_began", recurring),
        What::RecurringStopped { recurring } => named("recurring_stopped", recurring),
        What::Circled { .. } => ("circled", None),
        What::RecurringMissed { recurring, .. } => named("recurring_missed", recurring),
        What::Held { .. } => ("held", None),
        What::Resumed => ("resumed", None),
        What::RuleFailed { rule, .. } => named("rule_failed", rule),
        What::NotTold { event, .. } => named("not_told", event),
        What::Migrated { .. } => ("migrated", None),
        What::TaskCarried { .. } => ("task_carried", None),
        What::DeadlineCarried { .. } => ("deadline_carried", None),
        What::Corrected { .. } => ("corrected", None),
        What::LeftOut { .. } => ("left_out", None),
        What::Ended { outcome } => named("ended", outcome),
    }
}

impl History {
    /// The history on a page: a heading for each day, then its entries.
    #[must_use]
    pub fn print(&self, reader: &Reader<'_>) -> String {
        let mut page = reader.page();
        let known = if self.name == self.case.as_str() {
            self.name.clone()
        } else {
            format!("{} ({})", self.name, self.case)
        };
        page.line(
            0,
            &Rich::new(Style::Bold, &known)
                .and(Style::Plain, " · ")
                .and(Style::Plain, &self.title),
        );
        let digits = self
            .entries
            .iter()
            .map(|line| line.seq.to_string().len())
            .max()
            .unwrap_or(1);
        let mut day: Option<Date> = None;
        for line in &self.entries {
            if day != Some(line.date) {
                page.heading(&reader.long_date(line.date));
                day = Some(line.date);
            }
            let number = format!("{:>width$}", line.seq, width = digits + 2);
            let front = Rich::new(Style::Dim, &number)
                .and(Style::Plain, &format!("  {}  ", reader.time(line.at)));
            page.hanging(&front, &line.what());
            if line.void {
                let void = reader.label(Label::DoesNotCount);
                page.line(front.width() + 2, &Rich::new(Style::Dim, void));
            }
            for detail in &line.details {
                page.line(front.width() + 2, &Rich::plain(detail));
            }
            if let Some(tail) = line.tail() {
                page.line(front.width(), &Rich::new(Style::Dim, &tail));
            }
        }
        page.finish()
    }
}

impl Line {
    /// What happened and who did it.
    pub(super) fn what(&self) -> Rich {
        let more = self.by_words.iter().chain(&self.late);
        let style = if self.void {
            Style::Dim
        } else {
            style(self.kind)
        };
        more.fold(Rich::new(style, &self.words), |what, more| {
            what.and(Style::Dim, &format!(" · {more}"))
        })
    }

    /// `<- 12  processes/walk.yaml:88:9`.
    fn tail(&self) -> Option<String> {
        match (self.cause, &self.ground) {
            (Some(cause), Some(ground)) => Some(format!("<- {cause}  {ground}")),
            (Some(cause), None) => Some(format!("<- {cause}")),
            (None, ground) => ground.clone(),
        }
    }
}

/// What people look for in a history stands out: where the case went, and what went wrong.
fn style(kind: &str) -> Style {
    match kind {
        "started" | "stage_entered" | "event_reported" | "ended" => Style::Bold,
        "corrected" | "migrated" => Style::Bold,
        "circled" | "deadline_overdue" | "task_overdue" | "rule_failed" | "not_told" => Style::Red,
        "finding_opened" | "finding_changed" | "held" => Style::Yellow,
        "task_done" | "deadline_met" | "finding_closed" => Style::Green,
        _ => Style::Plain,
    }
}
