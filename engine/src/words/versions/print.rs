//! The page of a comparison: a line a difference, under headings, with the places of both.

use super::{Changed, PlanDifference, names::either};
use crate::words::{
    Language,
    page::Page,
    reader::Reader,
    rich::{Rich, Style},
};

/// What a comparison shows.
#[derive(Clone, Debug)]
pub struct VersionsPage {
    /// What the first is called.
    pub from: String,
    /// What the second is called.
    pub to: String,
    /// What differs.
    pub differences: Vec<PlanDifference>,
    /// How many open cases of the process there are, where they were looked at.
    pub open: Option<usize>,
}

impl VersionsPage {
    /// The page.
    #[must_use]
    pub fn print(&self, reader: &Reader<'_>) -> String {
        let language = reader.language;
        let mut page = reader.page();
        let heading = format!("{} → {}", self.from, self.to);
        page.line(0, &Rich::new(Style::Bold, &heading));
        page.line(0, &Rich::new(Style::Dim, &self.summary(language)));
        let mut group = "";
        for one in &self.differences {
            if one.group != group {
                group = &one.group;
                page.heading(&capital(group));
            }
            difference(&mut page, language, one);
        }
        page.finish()
    }

    fn summary(&self, language: Language) -> String {
        let count = self.differences.len();
        let found = match (count, language) {
            (0, Language::English) => "they mean the same".to_owned(),
            (0, Language::Danish) => "de betyder det samme".to_owned(),
            (1, Language::English) => "1 difference".to_owned(),
            (1, Language::Danish) => "1 forskel".to_owned(),
            (many, Language::English) => format!("{many} differences"),
            (many, Language::Danish) => format!("{many} forskelle"),
        };
        match (self.open.filter(|_| count > 0), language) {
            (None, _) => found,
            (Some(1), Language::English) => {
                format!("{found}; behind each, whether it touches the 1 open case")
            }
            (Some(open), Language::English) => {
                format!("{found}; behind each, how many of the {open} open cases it touches")
            }
            (Some(open), Language::Danish) => {
                format!("{found}; ud for hver står, hvor mange af de {open} åbne forløb den rører")
            }
        }
    }
}

fn difference(page: &mut Page, language: Language, one: &PlanDifference) {
    let (sign, style) = match one.kind {
        Changed::Added => ("+ ", Style::Green),
        Changed::Removed => ("− ", Style::Red),
        Changed::Changed | Changed::Renamed | Changed::Moved => ("", Style::Plain),
    };
    let words = one.head.as_ref().map_or(&one.words, |head| head);
    let colon = if one.head.is_some() { ":" } else { "" };
    let left = Rich::new(style, &format!("{sign}{words}{colon}"));
    let mut right = places(one);
    if let Some(touches) = one.touches {
        let word = either(language, "touches", "rører");
        right = format!("{word} {touches}  {right}");
    }
    beside(page, &left, &Rich::new(Style::Dim, right.trim_end()));
    if one.head.is_some() {
        let none = either(language, "nothing", "ingenting");
        for (sign, style, said) in [("− ", Style::Red, &one.from), ("+ ", Style::Green, &one.to)]
        {
            let said = said.as_deref().unwrap_or(none);
            let front = Rich::new(style, &format!("    {sign}"));
            page.hanging(&front, &Rich::new(style, said));
        }
    }
    if let Some(because) = &one.because {
        let word = either(language, "because", "fordi");
        page.line(4, &Rich::plain(&format!("{word} {because}")));
    }
    for line in &one.lines {
        let (sign, style) = match line.added {
            true => ("+", Style::Green),
            false => ("−", Style::Red),
        };
        let front = Rich::new(Style::Dim, &format!("  {:>4} ", line.line));
        let front = front.and(style, &format!("{sign} "));
        page.hanging(&front, &Rich::new(style, &line.text));
    }
}

/// The words, and at the right edge the places: on the same line where there is room, else on the next.
fn beside(page: &mut Page, left: &Rich, right: &Rich) {
    if 2 + left.width() + 2 + right.width() <= page.room(0) {
        page.ends(2, left, right);
    } else {
        page.hanging(&Rich::plain("  "), left);
        let indent = page.room(0).saturating_sub(right.width()).max(4);
        page.line(indent, right);
    }
}

/// `nextdoor.yaml:52 → overlays/town.yaml:9`: most of these files lie in one folder, whose name would fill half the page.
fn places(one: &PlanDifference) -> String {
    let short = |place: &String| {
        let inside = place.strip_prefix("processes/");
        inside.unwrap_or(place).to_owned()
    };
    match (&one.from_place, &one.to_place) {
        (Some(from), Some(to)) if from == to => short(to),
        (Some(from), Some(to)) => format!("{} → {}", short(from), short(to)),
        (Some(one), None) | (None, Some(one)) => short(one),
        (None, None) => String::new(),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    format!("{}{}", first.unwrap_or_default(), letters.as_str())
}
