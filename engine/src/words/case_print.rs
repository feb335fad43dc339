//! The page of a case on a terminal.

use super::{
    case_page::{CasePage, DeadlinePage, FactPage, FindingPage},
    dates::Nearness,
    ladder::Step,
    page::{Column, Page},
    reader::Reader,
    rich::{Rich, Style, glued},
    tongue::Label,
};
use forloeb_core::plan::Level;

/// The style of something that is so near.
pub(super) fn near_style(nearness: Nearness) -> Style {
    match nearness {
        Nearness::Overdue => Style::Red,
        Nearness::Today => Style::Yellow,
        _ => Style::Plain,
    }
}

pub(super) fn level_style(level: Level) -> Style {
    match level {
        Level::Nudge => Style::Yellow,
        Level::Escalation => Style::Red,
    }
}

/// The sign before a finding.
pub(super) fn level_sign(level: Level) -> &'static str {
    match level {
        Level::Nudge => "• ",
        Level::Escalation => "! ",
    }
}

pub(super) fn number(number: u64) -> Rich {
    Rich::new(Style::Dim, &format!("#{number}"))
}

/// `Amina Holm  p-7`.
pub(super) fn who(name: &str, id: &str) -> Rich {
    let name_only = Rich::new(Style::Bold, name);
    if name == id {
        name_only
    } else {
        name_only.and(Style::Dim, &format!("  {id}"))
    }
}

impl CasePage {
    /// The page on a terminal.
    #[must_use]
    pub fn print(&self, reader: &Reader<'_>) -> String {
        let mut page = reader.page();
        let version =
            Rich::plain(&self.title).and(Style::Dim, &format!(", {}", reader.version(&self.plan)));
        page.ends(0, &who(&self.name, &self.case), &version);
        page.rule();
        self.place(reader, &mut page);
        self.findings(reader, &mut page);
        self.tasks(reader, &mut page);
        self.deadlines(reader, &mut page);
        if self.ended.is_none()
            && self.findings.is_empty()
            && self.tasks.is_empty()
            && self.deadlines.is_empty()
        {
            page.blank();
            page.line(2, &Rich::plain(reader.label(Label::NothingOpen)));
        }
        self.known(reader, &mut page);
        self.events(reader, &mut page);
        page.finish()
    }

    fn place(&self, reader: &Reader<'_>, page: &mut Page) {
        let tongue = reader.tongue();
        if let Some(ended) = &self.ended {
            let words = tongue.ended(&ended.title);
            page.line(
                2,
                &Rich::new(Style::Bold, &words)
                    .and(Style::Plain, &format!(", {}", reader.near_date(ended.date))),
            );
        }
        let rows: Vec<Vec<Rich>> = self
            .tracks
            .iter()
            .map(|track| {
                let visit = if track.visit > 1 {
                    format!(" ({})", tongue.times(track.visit))
                } else {
                    String::new()
                };
                let mut row = vec![
                    Rich::new(Style::Dim, &track.title),
                    Rich::new(Style::Bold, &track.stage_title).and(Style::Plain, &visit),
                ];
                // Of an ended case it is where it was last, and no longer is.
                if self.ended.is_none() {
                    row.push(Rich::plain(&reader.since(track.since)));
                    let days = match track.days {
                        0 => String::new(),
                        days => tongue.days(days),
                    };
                    row.push(Rich::new(Style::Dim, &days));
                }
                row
            })
            .collect();
        page.table(
            2,
            &[
                Column::wrapping(8),
                Column::wrapping(16),
                Column::FIXED,
                Column::NUMBER,
            ],
            &rows,
        );
        if let Some(hold) = &self.hold {
            let mut words = format!(
                "{} {}",
                reader.label(Label::OnHold),
                reader.since(hold.since)
            );
            if let Some(until) = hold.until {
                words = format!("{words}, {}", tongue.until(&reader.date_or_moment(until)));
            }
            if !hold.because.is_empty() {
                words = format!("{words}: {}", hold.because);
            }
            page.line(2, &Rich::new(Style::Yellow, &words));
        }
    }

    fn findings(&self, reader: &Reader<'_>, page: &mut Page) {
        if self.findings.is_empty() {
            return;
        }
        page.heading(&reader.headed(Label::Findings, self.findings.len()));
        for finding in &self.findings {
            let (sign, style) = (level_sign(finding.strength), level_style(finding.strength));
            let front = Rich::plain("  ").and(style, sign);
            let quiet = finding.snoozed_until.is_some() || finding.acknowledged.is_some();
            let message = Rich::new(
                if quiet { Style::Plain } else { Style::Bold },
                &finding.message,
            );
            page.hanging(&front, &message);
            page.ends(
                4,
                &Rich::new(Style::Dim, &finding.state(reader)),
                &number(finding.number),
            );
        }
    }

    fn tasks(&self, reader: &Reader<'_>, page: &mut Page) {
        if self.tasks.is_empty() {
            return;
        }
        page.heading(&reader.headed(Label::Tasks, self.tasks.len()));
        let rows: Vec<Vec<Rich>> = self
            .tasks
            .iter()
            .map(|task| {
                let when = match &task.due {
                    Some(due) => Rich::new(near_style(due.nearness), &due.words),
                    None => Rich::new(Style::Dim, reader.label(Label::NoDate)),
                };
                let optional = if task.optional {
                    format!(" ({})", reader.label(Label::NotNeeded))
                } else {
                    String::new()
                };
                vec![
                    when,
                    Rich::plain(&task.title).and(Style::Dim, &optional),
                    Rich::plain(&task.role_title),
                    number(task.number),
                ]
            })
            .collect();
        page.table(
            2,
            &[
                Column::FIXED,
                Column::filling(20),
                Column::wrapping(12),
                Column::NUMBER,
            ],
            &rows,
        );
    }

    fn deadlines(&self, reader: &Reader<'_>, page: &mut Page) {
        if self.deadlines.is_empty() {
            return;
        }
        page.heading(&reader.headed(Label::Deadlines, self.deadlines.len()));
        for deadline in &self.deadlines {
            deadline.print(reader, page);
        }
    }

    fn known(&self, reader: &Reader<'_>, page: &mut Page) {
        let columns = [Column::wrapping(14), Column::wrapping(20)];
        if !self.facts.is_empty() {
            page.heading(reader.label(Label::Facts));
        }
        let facts: Vec<Vec<Rich>> = self
            .facts
            .iter()
            .filter(|fact| fact.shown)
            .map(|fact| {
                let only = fact
                    .only
                    .as_ref()
                    .map_or_else(String::new, |only| format!("  {only}"));
                vec![
                    Rich::new(Style::Dim, &fact.title),
                    Rich::plain(&fact.value).and(Style::Dim, &only),
                ]
            })
            .collect();
        page.table(2, &columns, &facts);
        self.withheld(page);
        if !self.links.is_empty() {
            page.heading(reader.label(Label::Links));
        }
        let links: Vec<Vec<Rich>> = self
            .links
            .iter()
            .map(|link| {
                let cases: Vec<String> = link
                    .cases
                    .iter()
                    .map(|case| glued(&reader.case_with_id(&case.case)))
                    .collect();
                vec![
                    Rich::new(Style::Dim, &link.title),
                    Rich::plain(&cases.join(", ")),
                ]
            })
            .collect();
        page.table(2, &columns, &links);
    }

    /// What the reader may not see, in a line for those who may.
    fn withheld(&self, page: &mut Page) {
        let mut told: Vec<&str> = Vec::new();
        for hidden in self.facts.iter().filter(|fact| !fact.shown) {
            if told.contains(&hidden.value.as_str()) {
                continue;
            }
            told.push(&hidden.value);
            let alike = |fact: &&FactPage| !fact.shown && fact.value == hidden.value;
            let titles = self
                .facts
                .iter()
                .filter(alike)
                .map(|fact| fact.title.as_str());
            let titles = titles.collect::<Vec<_>>().join(", ");
            page.line(
                2,
                &Rich::new(Style::Dim, &format!("{titles} {}", hidden.value)),
            );
        }
    }

    fn events(&self, reader: &Reader<'_>, page: &mut Page) {
        if self.last_events.is_empty() {
            return;
        }
        page.heading(reader.label(Label::LastEvents));
        let mut rows: Vec<Vec<Rich>> = Vec::new();
        for event in &self.last_events {
            let by = event.by_words.iter().chain(&event.told_by);
            let words = by.fold(Rich::plain(&event.words), |words, by| {
                words.and(Style::Dim, &format!(" · {by}"))
            });
            let row = vec![
                Rich::plain(&reader.near_date(event.date)),
                words,
                number(event.seq),
            ];
            rows.push(row);
            rows.extend(event.shown.iter().map(|detail| {
                vec![
                    Rich::default(),
                    Rich::new(Style::Dim, detail),
                    Rich::default(),
                ]
            }));
        }
        page.table(
            2,
            &[Column::FIXED, Column::filling(20), Column::NUMBER],
            &rows,
        );
    }
}

impl FindingPage {
    /// Who is told, since when, and what was done about it.
    pub(super) fn state(&self, reader: &Reader<'_>) -> String {
        let tongue = reader.tongue();
        let since = reader.since(self.since);
        let mut words = format!(
            "{} · {since}",
            tongue.told_to(reader.level(self.strength), &self.to_titles)
        );
        if self.by_migration {
            words = format!("{words} · {}", reader.label(Label::ByMigration));
        }
        if let Some(at) = self.acknowledged {
            words = format!(
                "{words} · {} {}",
                reader.label(Label::Acknowledged),
                reader.near_date(reader.day_of(at))
            );
        }
        if let Some(until) = self.snoozed_until {
            words = format!(
                "{words} · {}",
                tongue.snoozed_until(&reader.date_or_moment(until))
            );
        }
        words
    }
}

impl DeadlinePage {
    fn print(&self, reader: &Reader<'_>, page: &mut Page) {
        let tongue = reader.tongue();
        let (words, style) = match (self.met, self.due.nearness) {
            (Some(met), _) => (reader.met(&self.due, met), Style::Green),
            (None, Nearness::Overdue) => {
                let last = tongue.last_day(&reader.date(self.due.last_day));
                (format!("{} ({last})", self.due.words), Style::Red)
            }
            (None, Nearness::OnHold) => (self.due.words.clone(), Style::Yellow),
            (None, near) => (tongue.last_day(&self.due.words), near_style(near)),
        };
        let title = Rich::new(Style::Bold, &self.title).and(Style::Plain, "  ");
        page.ends(2, &title.and(style, &words), &number(self.number));
        // Once met, the rungs that were not reached never will be; on hold, nobody knows when.
        let steps = self.ladder.iter();
        let open = self.met.is_none() && !self.stands_still;
        let shown = steps.filter(|step| step.reached || open);
        let rows: Vec<Vec<Rich>> = shown.map(|step| self.rung(reader, step)).collect();
        let columns = [Column::FIXED, Column::FIXED, Column::wrapping(20)];
        page.table(4, &columns, &rows);
    }

    fn rung(&self, reader: &Reader<'_>, step: &Step) -> Vec<Rich> {
        let tongue = reader.tongue();
        let mut words = tongue.told_to(reader.level(step.strength), &step.to_title);
        if let Some(task) = &step.raises_title {
            words = format!("{words}, {}", tongue.raises(task));
        }
        if step.reached {
            let when = reader.date_or_moment(step.at);
            return vec![
                Rich::new(Style::Green, "✓"),
                Rich::new(Style::Dim, &when),
                Rich::new(Style::Dim, &words),
            ];
        }
        vec![
            Rich::new(Style::Dim, "›"),
            Rich::plain(&reader.date_or_moment(step.at)),
            Rich::plain(&words),
        ]
    }
}
