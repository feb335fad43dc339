//! `case correct`: declares an entry void, and tells what is otherwise now, here and in the cases that had been told.

use super::{
    Context, Ending, Failure,
    lookup::{Found, Lookup},
    report,
};
use crate::{
    turn::Request,
    words::{Difference, Label, Rich, Style, Subject, difference},
};
use forloeb_core::{case::CaseId, entry::Entry, fold::fold, versions::Renamed};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What a correction has done.
#[derive(Debug, Serialize)]
struct Corrected {
    /// The case.
    #[serde(flatten)]
    difference: Difference,
    /// The sentence of the correction, and of what has no place any more.
    said: Vec<String>,
    /// The cases that had been told what is void, or are told what was not told, and what is otherwise there.
    told: Vec<Difference>,
}

pub async fn run(context: &Context, request: Request) -> Result<Ending, Failure> {
    let engine = context.engine().await?;
    let Some(accepted) = report::taken_in(&engine, request).await? else {
        return Ok(Ending::Fine);
    };
    let lookup = Lookup::over(context, engine).await?;
    let first = lookup.case(&accepted.case).await?;
    let mut names = lookup.names_for(&first).await?;
    // A case that was told several things is told once.
    let mut began: BTreeMap<CaseId, u64> = BTreeMap::new();
    for (id, entries) in &accepted.told {
        if let Some(entry) = entries.first() {
            began.entry(id.clone()).or_insert(entry.seq);
        }
    }
    let mut told = Vec::new();
    for (id, began) in began {
        let found = lookup.case(&id).await?;
        let more = lookup.names_for(&found).await?;
        names.cases.extend(more.cases);
        names.people.extend(more.people);
        names.sources.extend(more.sources);
        told.push((found, began));
    }
    let seen: BTreeSet<CaseId> = names.cases.keys().cloned().collect();
    lookup
        .log_read("case correct", seen.into_iter().collect())
        .await?;
    let reader = lookup.reader(&names, &first.ready.plan);
    let otherwise = |found: &Found, began: u64| {
        let before = fold(
            &found.case.id,
            found.history.iter().take_while(|entry| entry.seq < began),
        );
        let is = found.subject();
        let was = before.as_ref().unwrap_or(&found.case);
        let was = Subject {
            case: was,
            ..is.at(began.saturating_sub(1))
        };
        difference(&reader, was, is, &Renamed::default())
    };
    let began = accepted.entries.first().map_or(0, |entry| entry.seq);
    let said = accepted.entries.iter().filter(|entry| is_said(entry));
    let corrected = Corrected {
        difference: otherwise(&first, began),
        said: said
            .map(|entry| reader.sentence(first.subject(), entry))
            .collect(),
        told: told
            .iter()
            .map(|(found, began)| otherwise(found, *began))
            .collect(),
    };
    context.print_either(&corrected, || {
        if accepted.entries.is_empty() {
            return reader.label(Label::NothingChanged).to_owned();
        }
        let mut page = reader.page();
        let name = reader.case_with_id(&accepted.case);
        page.line(0, &Rich::new(Style::Bold, &name));
        for words in &corrected.said {
            page.line(2, &Rich::new(Style::Bold, words));
        }
        corrected.difference.print(&mut page, &reader);
        if !corrected.told.is_empty() {
            page.blank();
            let words = reader.tongue().told_again(corrected.told.len());
            page.line(0, &Rich::plain(&words));
        }
        for one in &corrected.told {
            page.heading(&reader.case_with_id(&one.case));
            one.print(&mut page, &reader);
        }
        page.finish()
    })?;
    Ok(Ending::Fine)
}

/// What is said of a correction beside what is otherwise.
fn is_said(entry: &Entry) -> bool {
    use forloeb_core::entry::What;
    matches!(entry.what, What::Corrected { .. } | What::LeftOut { .. })
}
