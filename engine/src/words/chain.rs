//! Chains of causes: from an entry back to the input that began it.

use super::{
    case_print::number,
    counting::{Counting, counting},
    history::{Line, line},
    page::Page,
    quote::{self, Place},
    reader::{Reader, Subject},
    rich::{Rich, Style},
};
use forloeb_core::{
    condition::{Condition, Test},
    entry::{Entry, What},
    name::Name,
};
use serde::Serialize;
use std::collections::BTreeSet;

/// No chain is followed further: it would be a mistake in the history.
const LONGEST: usize = 100;

/// One entry of a chain.
#[derive(Clone, Debug, Serialize)]
pub struct Because {
    /// The entry.
    #[serde(flatten)]
    pub line: Line,
    /// The line of the file that is its ground.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// How the date that it set was counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counted: Option<Counting>,
    #[serde(skip)]
    pub(super) place: Option<Place>,
}

/// An entry and everything that led to it, the entry first, the input last.
#[must_use]
pub fn chain(reader: &Reader<'_>, subject: Subject<'_>, seq: u64) -> Vec<Because> {
    let mut chain = Vec::new();
    let mut next = Some(seq);
    while let Some(entry) = next
        .and_then(|seq| subject.entry(seq))
        .filter(|_| chain.len() < LONGEST)
    {
        chain.push(because(reader, subject, entry));
        // A cause lies before its effect; anything else would be a circle. What led to something that the reader may not read would
        // tell what it is about.
        next = cause(entry)
            .filter(|cause| *cause < entry.seq)
            .filter(|_| reader.withheld_entry(subject, entry).is_none())
            .filter(|cause| !only_the_stage_before(subject, entry, *cause));
    }
    chain
}

/// What a rule saw changed in another case, and this history has no entry of it. That the case was in the stage before is then all
/// that it can name, and no reason.
fn only_the_stage_before(subject: Subject<'_>, entry: &Entry, cause: u64) -> bool {
    let before = subject.entry(cause).map(|before| &before.what);
    let same_track = matches!(
        (&entry.what, before),
        (What::StageEntered { track, .. }, Some(What::StageEntered { track: other, .. })) if track == other
    );
    same_track && rule_asked(subject, entry).is_some()
}

/// The rule that the exit asked which led to a stage.
pub(super) fn rule_asked<'a>(subject: Subject<'a>, entry: &Entry) -> Option<&'a Name> {
    let ground = entry.ground.as_ref()?;
    let plan = subject.at(entry.seq).plan;
    let stages = plan.tracks.values().flat_map(|track| track.stages.values());
    let exits = stages.flat_map(|stage| &stage.leave).chain(&plan.any_stage);
    let mut taken = exits.filter(|exit| exit.ground == *ground);
    first_rule(&taken.next()?.when)
}

fn first_rule(condition: &Condition) -> Option<&Name> {
    match &condition.test {
        Test::Rule(rule) => Some(rule),
        Test::All(parts) | Test::Any(parts) => parts.iter().find_map(first_rule),
        Test::Not(part) => first_rule(part),
        _ => None,
    }
}

fn because(reader: &Reader<'_>, subject: Subject<'_>, entry: &Entry) -> Because {
    let line = line(reader, subject, entry);
    let ground = entry.ground.clone().filter(|_| line.ground.is_some());
    let plan = &subject.at(entry.seq).plan.id;
    let place = ground.map(|ground| Place {
        plan: plan.clone(),
        ground,
    });
    Because {
        source: place
            .as_ref()
            .and_then(|place| quote::quoted(reader, place))
            .map(|quote| quote.text),
        counted: counting(reader, subject, entry),
        line,
        place,
    }
}

/// What made an entry happen: the cause that it names, or the promise that it is about.
fn cause(entry: &Entry) -> Option<u64> {
    entry.cause.or(match &entry.what {
        What::TaskOverdue { task } => Some(*task),
        What::DeadlineOverdue { deadline } | What::RungReached { deadline, .. } => Some(*deadline),
        _ => None,
    })
}

/// Prints the causes of a chain. What was told before on the page is only named.
pub(super) fn print(
    reader: &Reader<'_>,
    page: &mut Page,
    chain: &[Because],
    told: &mut BTreeSet<u64>,
    quotes: &mut BTreeSet<Place>,
) {
    let front = format!("  {}  ", reader.tongue().because());
    let indent = front.chars().count();
    for because in chain {
        let line = &because.line;
        let when = Rich::plain(&format!("{}  ", reader.moment(line.at)));
        let again = !told.insert(line.seq);
        page.beside(
            &Rich::new(Style::Dim, &front),
            &when.then(line.what()),
            &number(line.seq),
        );
        if again {
            return;
        }
        because.print_ground(reader, page, indent, quotes);
    }
}

impl Because {
    /// Prints what belongs to the entry: details, how its date was counted, and the lines that say so.
    pub(super) fn print_ground(
        &self,
        reader: &Reader<'_>,
        page: &mut Page,
        indent: usize,
        quotes: &mut BTreeSet<Place>,
    ) {
        for detail in &self.line.details {
            page.line(indent, &Rich::new(Style::Dim, detail));
        }
        if let Some(place) = &self.place
            && quotes.insert(place.clone())
        {
            quote::print(reader, page, indent, place);
        }
        let Some(counted) = &self.counted else { return };
        for words in &counted.words {
            page.line(indent, &Rich::plain(words));
        }
        if let Some(place) = &counted.place
            && quotes.insert(place.clone())
        {
            quote::print(reader, page, indent, place);
        }
    }
}
