//! Who has looked at the personal data of a case, when, and why.

use super::{
    page::Column,
    reader::Reader,
    rich::{Rich, Style},
    tongue::Label,
};
use crate::store::ReadLog;
use forloeb_core::{name::Name, plan::Plan};
use jiff::Timestamp;
use serde::Serialize;

/// Who has looked at a case.
#[derive(Clone, Debug, Serialize)]
pub struct Reads {
    /// Each reading, the first leading.
    pub reads: Vec<ReadItem>,
}

/// One reading.
#[derive(Clone, Debug, Serialize)]
pub struct ReadItem {
    /// When.
    pub at: Timestamp,
    /// In which role.
    pub role: Name,
    /// The title of that role.
    pub role_title: String,
    /// Who, where that was said and is still known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// With which command.
    pub why: String,
}

/// The readings of a case.
#[must_use]
pub fn reads_page(reader: &Reader<'_>, plan: &Plan, reads: &[ReadLog]) -> Reads {
    let item = |read: &ReadLog| ReadItem {
        at: read.at,
        role: read.by.role.clone(),
        role_title: reader.role(plan, &read.by.role),
        person: read
            .by
            .person
            .as_ref()
            .and_then(|person| reader.people.get(person).cloned()),
        why: read.why.clone(),
    };
    Reads {
        reads: reads.iter().map(item).collect(),
    }
}

impl Reads {
    /// The readings on a page.
    #[must_use]
    pub fn print(&self, reader: &Reader<'_>) -> String {
        let mut page = reader.page();
        if self.reads.is_empty() {
            page.line(0, &Rich::plain(reader.label(Label::NobodyHasRead)));
        }
        let rows: Vec<Vec<Rich>> = self
            .reads
            .iter()
            .map(|read| {
                let who = match &read.person {
                    Some(person) => format!("{} {person}", read.role_title),
                    None => read.role_title.clone(),
                };
                vec![
                    Rich::new(Style::Dim, &reader.full_moment(read.at)),
                    Rich::plain(&who),
                    Rich::plain(&read.why),
                ]
            })
            .collect();
        let columns = [Column::FIXED, Column::wrapping(16), Column::wrapping(16)];
        page.table(0, &columns, &rows);
        page.finish()
    }
}
