//! Open findings of many cases, by how strong they are.

use super::{
    case_print::{level_sign, level_style},
    handle::handle,
    ladder::level_name,
    message::glued_message,
    page::Page,
    reader::{Reader, Subject},
    rich::{Rich, Style},
    tongue::Label,
};
use forloeb_core::{case::CaseId, name::Name, plan::Level};
use jiff::{Timestamp, civil::Date};
use serde::Serialize;

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
            message: glued_message(reader, row.subject, finding),
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
