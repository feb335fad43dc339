//! What a migration means or has done: how many cases are safe, need a mapping, are blocked, and what changes for each.

use super::{
    difference::Difference,
    reader::Reader,
    rich::{Rich, Style},
};
use forloeb_core::{
    case::Case,
    name::Name,
    plan::Plan,
    step::{NotMoved, Unfit},
};
use serde::Serialize;
use std::collections::BTreeMap;

/// How many cases are told one by one; of the others only the counts.
const CASES_TOLD: usize = 20;

/// How many ids of cases that do not go over are told at a time.
const IDS_TOLD: usize = 10;

/// What is to happen, happens or is taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// It is only looked at.
    Preview,
    /// It is done.
    Migrated,
    /// It is taken back.
    TakenBack,
    /// It is only looked at what taking it back would mean.
    BackPreview,
}

/// How it stands with one case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It goes over.
    Safe,
    /// It would, once something is said to bear another name.
    NeedsMapping,
    /// It does not.
    Blocked,
}

/// What a migration means for one case.
#[derive(Clone, Debug, Serialize)]
pub struct CaseMigration {
    /// The plan that it goes by, or went by before.
    pub plan: Name,
    /// How it stands with it.
    pub outcome: Outcome,
    /// Where it is, on each track: the stage, by the version before.
    pub stages: BTreeMap<Name, Name>,
    /// The title of its stage on the first track, in the reader's language.
    pub stage: String,
    /// Why it does not go over, in the reader's language; a refusal as it is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub why: Vec<String>,
    /// What changes.
    #[serde(flatten)]
    pub difference: Difference,
}

/// What a migration means or has done.
#[derive(Clone, Debug, Serialize)]
pub struct MigrationPage {
    /// The process.
    pub process: Name,
    /// Its title.
    pub title: String,
    /// The plan in force.
    pub plan: Name,
    /// What is done.
    pub what: What,
    /// How many cases stand how with it.
    pub outcomes: BTreeMap<Outcome, usize>,
    /// For how many cases nothing changes.
    pub untouched: usize,
    /// The other processes whose rules may ask these cases for names that are gone.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Name>,
    /// Each case.
    pub cases: Vec<CaseMigration>,
}

/// The stage of a case on each track.
fn stages(case: &Case) -> BTreeMap<Name, Name> {
    let tracks = case.tracks.iter();
    tracks
        .map(|(track, place)| (track.clone(), place.stage.clone()))
        .collect()
}

fn first_stage(reader: &Reader<'_>, plan: &Plan, case: &Case) -> String {
    let first = plan.tracks.keys().find_map(|track| {
        let place = case.tracks.get(track)?;
        Some(reader.stage(plan, track, &place.stage))
    });
    first.unwrap_or_default()
}

impl CaseMigration {
    /// A case that goes over, with what changes for it.
    #[must_use]
    pub fn moved(reader: &Reader<'_>, before: (&Plan, &Case), difference: Difference) -> Self {
        let (plan, case) = before;
        Self {
            plan: case.plan.clone(),
            outcome: Outcome::Safe,
            stages: stages(case),
            stage: first_stage(reader, plan, case),
            why: Vec::new(),
            difference,
        }
    }

    /// A case that does not go over, with the reasons.
    #[must_use]
    pub fn not_moved(reader: &Reader<'_>, plan: &Plan, case: &Case, why: &NotMoved) -> Self {
        let (outcome, why) = match why {
            NotMoved::Refused(refusal) => (Outcome::Blocked, vec![refusal.to_string()]),
            NotMoved::Unfit(unfit) => {
                let mapping = |one: &Unfit| matches!(one, Unfit::NeedsMapping { .. });
                let outcome = match unfit.iter().all(mapping) {
                    true => Outcome::NeedsMapping,
                    false => Outcome::Blocked,
                };
                let tongue = reader.tongue();
                let words = unfit.iter().map(|one| match one {
                    Unfit::NeedsMapping { section, name } => tongue.name_is_gone(section, name),
                    Unfit::Confidential { name } => tongue.confidential_changes(name),
                    Unfit::Misfit { fact, value } => tongue.value_misfits(fact, value),
                    Unfit::SealedMisfit { fact } => tongue.sealed_misfits(fact),
                    Unfit::LinkElsewhere { link, to } => tongue.link_elsewhere(link, to),
                    Unfit::TooManyLinked { link } => tongue.too_many_linked(link),
                    Unfit::BecomesOne { name } => tongue.becomes_one(name),
                });
                (outcome, words.collect())
            }
        };
        Self {
            plan: case.plan.clone(),
            outcome,
            stages: stages(case),
            stage: first_stage(reader, plan, case),
            why,
            difference: Difference {
                case: case.id.clone(),
                name: reader.case_name(&case.id),
                changes: Vec::new(),
            },
        }
    }
}

impl MigrationPage {
    /// Adds a case.
    pub fn add(&mut self, case: CaseMigration) {
        *self.outcomes.entry(case.outcome).or_default() += 1;
        if case.outcome == Outcome::Safe && case.difference.changes.is_empty() {
            self.untouched += 1;
        }
        self.cases.push(case);
    }

    /// Whether every case goes over.
    #[must_use]
    pub fn all_safe(&self) -> bool {
        self.outcomes
            .keys()
            .all(|outcome| *outcome == Outcome::Safe)
    }

    /// The page.
    #[must_use]
    pub fn print(&self, reader: &Reader<'_>) -> String {
        let tongue = reader.tongue();
        let count = self.cases.len();
        let mut page = reader.page();
        let version = reader.version(&self.plan);
        let of = |outcome| self.outcomes.get(&outcome).copied().unwrap_or(0);
        let safe = of(Outcome::Safe);
        let heading = match self.what {
            What::TakenBack | What::BackPreview if count == 0 => {
                tongue.nothing_to_take_back(&self.title)
            }
            What::TakenBack => tongue.taken_back(&self.title, safe),
            What::BackPreview => tongue.would_go_back(&self.title, count),
            _ if count == 0 => tongue.nobody_left(&self.title, &version),
            What::Preview => tongue.would_mean(&self.title, &version, count),
            What::Migrated => tongue.went_over(&self.title, &version, safe),
        };
        page.line(0, &Rich::new(Style::Bold, &heading));
        let counts = [
            tongue.safe(safe),
            tongue.need_mapping(of(Outcome::NeedsMapping)),
            tongue.blocked(of(Outcome::Blocked)),
        ];
        if count > 0 {
            page.line(2, &Rich::plain(&counts.join(" · ")));
        }
        for (title, cases) in self.together() {
            let front = Rich::new(Style::Dim, &format!("  {cases:>5} × "));
            page.hanging(&front, &Rich::plain(&title));
        }
        if self.untouched > 0 {
            page.line(2, &Rich::plain(&tongue.untouched(self.untouched)));
        }
        for (why, cases) in self.in_the_way() {
            let count = cases.len();
            let front = Rich::new(Style::Red, &format!("  {count:>5} × "));
            page.hanging(&front, &Rich::new(Style::Red, why));
            let shown: Vec<String> = cases
                .into_iter()
                .take(IDS_TOLD)
                .map(str::to_owned)
                .collect();
            let more = if count > shown.len() { ", …" } else { "" };
            let words = format!("{}{more}", reader.list(&shown));
            page.line(front.width(), &Rich::new(Style::Dim, &words));
        }
        if !self.also.is_empty() {
            let also: Vec<String> = self.also.iter().map(ToString::to_string).collect();
            let commands: Vec<String> = self
                .also
                .iter()
                .map(|one| format!("forloeb migrate {one}"))
                .collect();
            let words = tongue.read_by(&reader.list(&also), &commands.join("; "));
            page.line(2, &Rich::new(Style::Yellow, &words));
        }
        let told: Vec<&CaseMigration> = self
            .cases
            .iter()
            .filter(|case| !case.difference.changes.is_empty())
            .collect();
        for case in told.iter().take(CASES_TOLD) {
            case.print(reader, &mut page);
        }
        if told.len() > CASES_TOLD {
            page.blank();
            page.line(0, &Rich::plain(&tongue.more(told.len() - CASES_TOLD)));
        }
        page.finish()
    }

    /// What stands in the way of which cases.
    fn in_the_way(&self) -> BTreeMap<&str, Vec<&str>> {
        let mut cases: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for case in &self.cases {
            for why in &case.why {
                let id = case.difference.case.as_str();
                cases.entry(why.as_str()).or_default().push(id);
            }
        }
        cases
    }

    /// The same change of many cases, counted: what a designer looks at first.
    fn together(&self) -> Vec<(String, usize)> {
        let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for change in self.cases.iter().flat_map(|case| &case.difference.changes) {
            *counts.entry((change.kind, &change.title)).or_default() += 1;
        }
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts.sort_by_key(|(key, count)| (std::cmp::Reverse(*count), *key));
        let sign = |kind: &str| match kind {
            new if new.ends_with("_new") => "+ ",
            gone if gone.ends_with("_gone") => "− ",
            _ => "→ ",
        };
        counts
            .into_iter()
            .map(|((kind, title), count)| (format!("{}{title}", sign(kind)), count))
            .collect()
    }
}

impl CaseMigration {
    fn print(&self, reader: &Reader<'_>, page: &mut super::page::Page) {
        let name = reader.case_with_id(&self.difference.case);
        page.heading(&format!("{name} · {}", self.stage));
        self.difference.print(page, reader);
    }
}

impl Difference {
    /// What is otherwise, line by line.
    pub fn print(&self, page: &mut super::page::Page, reader: &Reader<'_>) {
        for change in &self.changes {
            let style = match change.kind {
                "finding_new" => Style::Yellow,
                "finding_gone" => Style::Green,
                _ => Style::Plain,
            };
            page.line(2, &Rich::new(style, &change.words));
            if let Some(days) = &change.not_counted {
                let words = reader.tongue().not_counted(days);
                page.line(4, &Rich::new(Style::Dim, &words));
            }
        }
    }
}
