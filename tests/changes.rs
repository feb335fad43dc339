//! Every change that an entry can make to a case, for tests of who sees it.

use forloeb_core::{
    case::{Case, CaseId, Origin},
    entry::{Actor, EndedBecause, Entry, What},
    fold::apply,
    name::Name,
    plan::{Fact, Plan},
    value::{Kind, SealedKey, Value},
};
use jiff::Timestamp;
use std::{collections::BTreeMap, sync::Arc};

/// A value of a kind, another one for other numbers.
fn value(fact: &Fact, number: usize, cases: &BTreeMap<CaseId, Name>) -> Value {
    let number = i64::try_from(number).unwrap();
    let of = |kind: &Kind| match kind {
        Kind::Text => Value::Text(format!("words {number}")),
        Kind::Number { .. } => Value::Number(number.into()),
        Kind::Whole { min, .. } => Value::Number((min.unwrap_or(0) + number % 5).into()),
        Kind::Scale { min, max } => Value::Number((min + number % (max - min + 1)).into()),
        Kind::YesNo => Value::YesNo(number % 2 == 0),
        Kind::Date => {
            Value::Date(jiff::civil::date(2026, 3, 1) + jiff::Span::new().days((number * 37) % 400))
        }
        Kind::Choice(options) => {
            let place = usize::try_from(number).unwrap() % options.len();
            Value::Text(options.get_index(place).unwrap().0.to_string())
        }
        Kind::Link { to } => Value::Case(case_of(to, number, cases)),
        Kind::Each { .. } => Value::Number(number.into()),
    };
    match &fact.kind {
        _ if fact.sealed() => Value::Sealed(SealedKey {
            seq: 0,
            field: "nothing".into(),
        }),
        Kind::Each { kind, .. } => {
            let each = cases.keys().map(|id| (id.clone(), of(kind)));
            Value::Each(each.collect())
        }
        kind => of(kind),
    }
}

fn case_of(process: &Name, number: i64, cases: &BTreeMap<CaseId, Name>) -> CaseId {
    let fit: Vec<&CaseId> = cases
        .iter()
        .filter(|(_, of)| *of == process)
        .map(|(id, _)| id)
        .collect();
    let place = usize::try_from(number).unwrap() % fit.len().max(1);
    fit.get(place).map_or("c-9".into(), |id| (*id).clone())
}

/// An entry of each kind and each name that may be written to a case; `cases` are those that there are, with their processes. Other
/// numbers give other values.
pub(crate) fn every_change(
    plan: &Plan,
    case: &Case,
    cases: &BTreeMap<CaseId, Name>,
    now: Timestamp,
    number: usize,
) -> Vec<What> {
    let mut all = vec![
        What::Resumed,
        What::Held {
            until: None,
            because: String::new(),
        },
    ];
    for (fact, declared) in &plan.facts {
        all.push(What::FactCleared { fact: fact.clone() });
        all.push(What::FactSet {
            fact: fact.clone(),
            value: value(declared, number + all.len(), cases),
        });
    }
    for (event, declared) in &plan.events {
        let number = number + all.len();
        let with = declared.with.iter();
        let from = declared.told_by.first();
        let back = jiff::SignedDuration::from_hours(i64::try_from(number % 50).unwrap());
        all.push(What::Reported {
            event: event.clone(),
            happened: now - back,
            with: with
                .map(|(name, field)| (name.clone(), value(&field.fact, number, cases)))
                .collect(),
            from: from.map(|process| (case_of(process, 1, cases), 1)),
        });
    }
    for (link, declared) in &plan.links {
        for to in case.links.get(link).into_iter().flatten() {
            let (link, to) = (link.clone(), to.clone());
            all.push(What::Unlinked { link, to });
        }
        let to = case_of(&declared.to, i64::try_from(number).unwrap(), cases);
        let link = link.clone();
        all.push(What::Linked { link, to });
    }
    for (task, state) in &case.tasks {
        all.push(
            match (number + all.len()).is_multiple_of(2) || state.done.is_some() {
                true => What::TaskDone { task: *task },
                false => What::TaskEnded {
                    task: *task,
                    why: EndedBecause::Restarted,
                },
            },
        );
    }
    for (track, declared) in &plan.tracks {
        for (stage, declared) in &declared.stages {
            for task in declared.tasks.keys() {
                all.push(What::TaskOpened {
                    task: task.clone(),
                    origin: Origin::Stage {
                        track: track.clone(),
                        stage: stage.clone(),
                    },
                    role: "somebody".into(),
                    due: None,
                });
            }
            all.push(What::StageEntered {
                track: track.clone(),
                stage: stage.clone(),
                visit: 2,
            });
        }
    }
    let outcome = plan.outcomes.keys().next().cloned();
    all.push(What::Ended {
        outcome: outcome.unwrap_or("gone".into()),
    });
    all
}

/// The case after these.
pub(crate) fn after<'w>(
    case: &Case,
    changes: impl IntoIterator<Item = &'w What>,
    now: Timestamp,
) -> Arc<Case> {
    let mut changed = case.clone();
    for what in changes {
        let entry = Entry {
            again: None,
            seq: changed.seq + 1,
            at: now,
            recorded: now,
            cause: None,
            ground: None,
            by: Some(Actor {
                role: "somebody".into(),
                person: None,
            }),
            on_behalf_of: None,
            what: what.clone(),
        };
        apply(&mut changed, &entry);
    }
    Arc::new(changed)
}
