//! An explanation on a terminal.

use super::{
    chain,
    explain::{Explanation, Thing},
    page::{Column, Page},
    quote::{self, Place},
    reader::Reader,
    rich::{Rich, Style},
    tongue::Label,
};
use std::collections::BTreeSet;

/// Room for the number of an entry at the end of a line.
const NUMBER: usize = 8;

impl Explanation {
    /// The explanation on a page.
    #[must_use]
    pub fn print(&self, reader: &Reader<'_>) -> String {
        let mut page = reader.page();
        page.line(0, &Rich::new(Style::Bold, &self.heading));
        page.rule();
        for note in &self.notes {
            page.line(2, &Rich::plain(note));
        }
        for place in &self.places {
            quote::print(reader, &mut page, 2, place);
        }
        let (mut told, mut quotes) = (BTreeSet::new(), BTreeSet::new());
        for (place, thing) in self.things.iter().enumerate() {
            if place > 0 || !self.notes.is_empty() {
                page.blank();
            }
            thing.print(reader, &mut page, &mut told, &mut quotes);
        }
        page.finish()
    }
}

impl Thing {
    fn print(
        &self,
        reader: &Reader<'_>,
        page: &mut Page,
        told: &mut BTreeSet<u64>,
        quotes: &mut BTreeSet<Place>,
    ) {
        let sign = Rich::new(self.style, self.sign);
        let title = Rich::new(self.style, &self.title);
        let number = self.because.first().map_or_else(Rich::default, |first| {
            Rich::new(Style::Dim, &format!("#{}", first.line.seq))
        });
        let whole = sign.clone().then(title.clone());
        let whole = whole.and(Style::Plain, &format!("  {}", self.state));
        if whole.width() + NUMBER <= page.room(0) {
            page.ends(0, &whole, &number);
        } else {
            page.hanging(&sign, &title);
            page.ends(2, &Rich::plain(&self.state), &number);
        }
        if let Some(description) = &self.description {
            page.line(2, &Rich::plain(description));
        }
        if let Some((first, causes)) = self.because.split_first() {
            told.insert(first.line.seq);
            first.print_ground(reader, page, 2, quotes);
            chain::print(reader, page, causes, told, quotes);
        }
        self.print_since(reader, page);
        self.print_next(reader, page);
    }

    fn print_since(&self, reader: &Reader<'_>, page: &mut Page) {
        let rows: Vec<Vec<Rich>> = self
            .since
            .iter()
            .map(|line| {
                vec![
                    Rich::plain(&reader.moment(line.at)),
                    line.what(),
                    Rich::new(Style::Dim, &format!("#{}", line.seq)),
                ]
            })
            .collect();
        if !rows.is_empty() {
            page.line(
                2,
                &Rich::new(Style::Bold, reader.label(Label::WhatFollowed)),
            );
            page.table(
                4,
                &[Column::FIXED, Column::filling(20), Column::NUMBER],
                &rows,
            );
        }
    }

    fn print_next(&self, reader: &Reader<'_>, page: &mut Page) {
        if self.next.is_empty() {
            return;
        }
        page.line(
            2,
            &Rich::new(Style::Bold, reader.tongue().if_nothing_is_done()),
        );
        let rows: Vec<Vec<Rich>> = self
            .next
            .iter()
            .map(|step| {
                let words = reader
                    .tongue()
                    .told_to(reader.level(step.strength), &step.to_title);
                vec![
                    Rich::plain(&reader.date_or_moment(step.at)),
                    Rich::plain(&words),
                    Rich::new(Style::Dim, &step.ground),
                ]
            })
            .collect();
        page.table(
            4,
            &[Column::FIXED, Column::wrapping(20), Column::wrapping(16)],
            &rows,
        );
    }
}
