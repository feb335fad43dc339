//! How a date was counted: how long, from what, by which line, and which days were passed over.

use super::{
    quote::Place,
    reader::{Reader, Subject},
    sentence::deadline_plan,
    tongue::Counted,
};
use forloeb_core::{
    case::Due,
    entry::{Entry, What},
    ground::Ground,
    name::Name,
    plan::{Amount, Anchor},
    time::{DayStatus, Duration, EndOnClosed, Skipped, limit, skipped},
};
use jiff::{Timestamp, civil::Date};
use serde::Serialize;

/// How a date was counted.
#[derive(Clone, Debug, Serialize)]
pub struct Counting {
    /// The length: `2 weeks`.
    pub length: String,
    /// The setting that holds it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub setting: Option<Name>,
    /// `file:line:column` of the length.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ground: Option<String>,
    /// The instant from which it was counted.
    pub from: Timestamp,
    /// The local date of that instant.
    pub from_date: Date,
    /// The last local date on which there was time left, as first counted.
    pub last_day: Date,
    /// The first instant at which it was too late, as first counted.
    pub runs_out: Timestamp,
    /// The closed days that were passed over.
    pub not_counted: Vec<NotCounted>,
    /// The last day after a hold gave time back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moved_to: Option<Date>,
    /// All of it in sentences, in the reader's language.
    pub words: Vec<String>,
    #[serde(skip)]
    pub(super) place: Option<Place>,
}

/// A closed day that was passed over.
#[derive(Clone, Debug, Serialize)]
pub struct NotCounted {
    /// The date.
    pub date: Date,
    /// The titles of the days that close it; none: the weekend.
    pub because: Vec<String>,
}

/// How the date of the deadline or task that `entry` began was counted; none for other entries, and where there is no date.
#[must_use]
pub fn counting(reader: &Reader<'_>, subject: Subject<'_>, entry: &Entry) -> Option<Counting> {
    match &entry.what {
        What::DeadlineStarted {
            track,
            stage,
            from,
            due,
            ..
        } => {
            let begun = subject.at(entry.seq).plan;
            let carried = carried(subject, entry.seq);
            let seq = carried.as_ref().map_or(entry.seq, |(seq, _)| *seq);
            let plan = deadline_plan(subject, entry.seq, seq)?;
            let subject = subject.at(seq);
            let due = carried.as_ref().map_or(due, |(_, due)| due);
            let anchor = match &plan.from {
                Anchor::Event(event) => reader.tongue().quoted(&reader.event(subject.plan, event)),
                Anchor::Fact(fact) => reader.tongue().quoted(&reader.fact(subject.plan, fact)),
                Anchor::Entered => reader
                    .tongue()
                    .counted_from_entering(&reader.stage(begun, track, stage)),
            };
            let counted = Count {
                amount: &plan.within,
                anchor,
                from: *from,
                due,
                place: &plan.within_ground,
            };
            counted.told(reader, subject, entry.seq)
        }
        What::TaskOpened {
            task, origin, due, ..
        } => {
            // What a new version made of it is told by the version's own line.
            let subject = subject.at(entry.seq);
            let plan = subject.task(task, origin)?;
            let anchor = reader.tongue().counted_from_opening().to_owned();
            let (amount, due) = (plan.due.as_ref()?, due.as_ref()?);
            let counted = Count {
                amount,
                anchor,
                from: entry.at,
                due,
                place: &plan.ground,
            };
            counted.told(reader, subject, entry.seq)
        }
        _ => None,
    }
}

struct Count<'a> {
    amount: &'a Amount<Duration>,
    anchor: String,
    from: Timestamp,
    due: &'a Due,
    place: &'a Ground,
}

impl Count<'_> {
    fn told(&self, reader: &Reader<'_>, subject: Subject<'_>, number: u64) -> Option<Counting> {
        let tongue = reader.tongue();
        let on = reader.day_of(self.from);
        let length = self.amount.on(subject.plan, on)?;
        let (setting, place) = match self.amount {
            Amount::Literal(_) => (None, self.place.clone()),
            Amount::Setting(name) => (
                Some(name.clone()),
                setting_ground(subject, name, on).unwrap_or_else(|| self.place.clone()),
            ),
        };
        let passed = skipped(
            &subject.plan.calendar,
            self.from,
            length,
            self.due.on_closed,
        )
        .unwrap_or_default();
        let moved_to = moved_to(subject, number, self.due.limit.last_day);
        let length_words = length.in_language(reader.language.code());
        let from = if length.unit().is_exact() {
            reader.moment(self.from)
        } else {
            reader.full_date(on)
        };
        let last_day = if length.unit().is_exact() {
            reader.moment(self.due.limit.runs_out)
        } else {
            reader.full_date(self.due.limit.last_day)
        };
        let counted = if length == Duration::SAME_DAY {
            tongue.counted_same_day(&self.anchor, &last_day)
        } else {
            tongue.counted_from(&length_words, &self.anchor, &from, &last_day)
        };
        let mut words = vec![counted];
        if !passed.is_empty() {
            words.push(tongue.not_counted(&passed_words(reader, subject, &passed)));
        }
        if let Some(moved) = moved_to {
            words.push(tongue.given_back(&reader.full_date(moved)));
        }
        Some(Counting {
            length: length.to_string(),
            setting,
            ground: Some(place.to_string()),
            from: self.from,
            from_date: on,
            last_day: self.due.limit.last_day,
            runs_out: self.due.limit.runs_out,
            not_counted: passed
                .iter()
                .map(|day| NotCounted {
                    date: day.date,
                    because: titles(reader, subject, day),
                })
                .collect(),
            moved_to,
            words,
            place: Some(Place {
                plan: subject.plan.id.clone(),
                ground: place,
            }),
        })
    }
}

/// The days that an amount passes over from an instant on, in words; none when it passes over none.
pub(super) fn passed_over(
    reader: &Reader<'_>,
    subject: Subject<'_>,
    amount: &Amount<Duration>,
    from: Timestamp,
    on_closed: EndOnClosed,
) -> Option<String> {
    let length = amount.on(subject.plan, reader.day_of(from))?;
    let passed = skipped(&subject.plan.calendar, from, length, on_closed).ok()?;
    (!passed.is_empty()).then(|| passed_words(reader, subject, &passed))
}

/// Where the value of a setting that is valid on a day stands.
pub(super) fn setting_ground(subject: Subject<'_>, name: &Name, on: Date) -> Option<Ground> {
    let mut periods = subject.plan.settings.get(name)?.values.iter();
    let valid = |from: Option<Date>, to: Option<Date>| {
        from.is_none_or(|from| from <= on) && to.is_none_or(|to| on <= to)
    };
    periods
        .find(|period| valid(period.valid_from, period.valid_to))
        .map(|period| period.ground.clone())
}

/// What the newest version made of a deadline: the entry that says so, and the limit as it was counted before what holds gave back.
fn carried(subject: Subject<'_>, number: u64) -> Option<(u64, Due)> {
    let mut latest = subject.entries.iter().rev();
    let (seq, due) = latest.find_map(|entry| match &entry.what {
        What::DeadlineCarried { deadline, due, .. } if *deadline == number => {
            Some((entry.seq, due.clone()))
        }
        _ => None,
    })?;
    let state = subject.case.deadlines.get(&number)?;
    let plan = subject.at(seq).plan;
    let declared = deadline_plan(subject, number, seq)?;
    let length = declared
        .within
        .on(plan, plan.calendar.zone().date(state.from))?;
    let limit = limit(&plan.calendar, state.from, length, due.on_closed).ok()?;
    Some((seq, Due { limit, ..due }))
}

/// The last day to which holds have moved a task or deadline, whose last day was `counted`.
fn moved_to(subject: Subject<'_>, number: u64, counted: Date) -> Option<Date> {
    subject
        .entries
        .iter()
        .rev()
        .find_map(|entry| match &entry.what {
            What::DeadlineMoved {
                deadline: moved,
                due,
            }
            | What::TaskMoved { task: moved, due }
                if *moved == number =>
            {
                Some(Some(due.limit.last_day))
            }
            // The holds before it are in what the new version made of it.
            What::DeadlineCarried {
                deadline: moved,
                due,
                ..
            } if *moved == number => {
                Some((due.limit.last_day != counted).then_some(due.limit.last_day))
            }
            _ => None,
        })
        .flatten()
}

fn titles(reader: &Reader<'_>, subject: Subject<'_>, day: &Skipped) -> Vec<String> {
    let DayStatus::Closed { because, .. } = &day.why else {
        return Vec::new();
    };
    let closed = subject.plan.calendar.closed_days();
    let title = |name: &Name| {
        closed
            .iter()
            .find(|day| &day.name == name)
            .map(|day| reader.text(&day.title, name))
    };
    because.iter().filter_map(title).collect()
}

/// Days off by name; weekends only by their number.
fn passed_words(reader: &Reader<'_>, subject: Subject<'_>, passed: &[Skipped]) -> String {
    let weekend = |day: &&Skipped| matches!(&day.why, DayStatus::Closed { because, .. } if because.is_empty());
    let weekends = passed.iter().filter(weekend).count();
    let mut words: Vec<String> = Vec::new();
    if weekends > 0 {
        words.push(reader.tongue().counted(weekends, Counted::WeekendDays));
    }
    for day in passed.iter().filter(|day| !weekend(day)) {
        words.push(format!(
            "{} ({})",
            reader.date(day.date),
            reader.list(&titles(reader, subject, day))
        ));
    }
    words.join(", ")
}
