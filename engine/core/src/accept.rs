//! Reading the values of an input by the kinds of the plan, and saying what would have been accepted.

use crate::{
    accept_each::{expected_each, read_each},
    case::{Case, CaseId},
    entry::{Entry, What},
    input::{Input, Raw, Refusal},
    judge::Around,
    name::Name,
    plan::{Event, Fact, Plan},
    time::parse_date,
    value::{Kind, SealedKey, Value},
};
use rust_decimal::Decimal;
use serde_json::Value as Json;
use std::{
    collections::{BTreeMap, BTreeSet},
    str::FromStr,
};

/// Longest text that a value may hold, in characters: a note, not a document.
pub const MOST_CHARACTERS: usize = 10_000;

/// Reads a value of a kind from JSON, or from text as a person writes it.
///
/// # Errors
/// What would have been accepted, to stand behind "`field` must be".
pub fn read_value(kind: &Kind, raw: &Json, case: &Case, around: &Around) -> Result<Value, String> {
    let text = match raw {
        Json::String(text) => text.trim().to_owned(),
        Json::Number(number) => number.to_string(),
        Json::Bool(yes) => (if *yes { "yes" } else { "no" }).to_owned(),
        Json::Object(_) if matches!(kind, Kind::Each { .. }) => String::new(),
        Json::Null | Json::Array(_) | Json::Object(_) => return Err(expected(kind)),
    };
    match kind {
        Kind::Text if text.is_empty() => Err("a text that is not empty".to_owned()),
        Kind::Text if text.chars().count() > MOST_CHARACTERS => {
            Err(format!("a text of at most {MOST_CHARACTERS} characters"))
        }
        Kind::Text => Ok(Value::Text(text)),
        Kind::Number { min, max } => {
            let number = Decimal::from_str(&text).map_err(|_| expected(kind))?;
            let fits = min.is_none_or(|min| number >= min) && max.is_none_or(|max| number <= max);
            if fits {
                Ok(Value::Number(number))
            } else {
                Err(expected(kind))
            }
        }
        Kind::Whole { min, max } => read_whole(&text, *min, *max).ok_or_else(|| expected(kind)),
        Kind::Scale { min, max } => {
            read_whole(&text, Some(*min), Some(*max)).ok_or_else(|| expected(kind))
        }
        Kind::YesNo => match text.as_str() {
            "yes" | "true" => Ok(Value::YesNo(true)),
            "no" | "false" => Ok(Value::YesNo(false)),
            _ => Err(expected(kind)),
        },
        Kind::Date => parse_date(&text)
            .map(Value::Date)
            .map_err(|error| format!("{} ({})", expected(kind), error.help)),
        Kind::Choice(options) if options.contains_key(text.as_str()) => Ok(Value::Text(text)),
        Kind::Choice(_) => Err(expected(kind)),
        Kind::Link { to } => match around.cases.get(text.as_str()) {
            Some((_, other)) if other.process == *to && other.id == case.id => {
                Err(format!("another case of `{to}` than `{text}` itself"))
            }
            Some((_, other)) if other.process == *to => Ok(Value::Case(other.id.clone())),
            Some((_, other)) => Err(format!(
                "a case of `{to}`; `{text}` is a case of `{}`",
                other.process
            )),
            None => Err(format!(
                "a case of `{to}` that exists; there is no case `{text}` (forloeb case list --process {to})"
            )),
        },
        Kind::Each { link, kind } => read_each(link, kind, raw, &text, case, around),
    }
}

/// Whether a value that was read by another kind is one of this kind, too. Cases and what each of them got go by their links.
#[must_use]
pub fn fits(kind: &Kind, value: &Value) -> bool {
    match (kind, value) {
        (Kind::Text, Value::Text(_)) | (Kind::YesNo, Value::YesNo(_)) => true,
        (Kind::Date, Value::Date(_)) | (Kind::Link { .. }, Value::Case(_)) => true,
        (Kind::Each { .. }, Value::Each(_)) => true,
        (Kind::Choice(options), Value::Text(option)) => options.contains_key(option.as_str()),
        (Kind::Number { min, max }, Value::Number(number)) => {
            min.is_none_or(|min| *number >= min) && max.is_none_or(|max| *number <= max)
        }
        (Kind::Whole { min, max }, Value::Number(number)) => {
            read_whole(&number.normalize().to_string(), *min, *max).is_some()
        }
        (Kind::Scale { min, max }, Value::Number(number)) => {
            read_whole(&number.normalize().to_string(), Some(*min), Some(*max)).is_some()
        }
        _ => false,
    }
}

fn read_whole(text: &str, min: Option<i64>, max: Option<i64>) -> Option<Value> {
    let number = i64::from_str(text).ok()?;
    let fits = min.is_none_or(|min| number >= min) && max.is_none_or(|max| number <= max);
    fits.then(|| Value::Number(Decimal::from(number)))
}

/// What a value of a kind looks like, for people.
#[must_use]
pub fn expected(kind: &Kind) -> String {
    fn limits<T: std::fmt::Display>(min: Option<T>, max: Option<T>) -> String {
        match (min, max) {
            (Some(min), Some(max)) => format!(" from {min} to {max}"),
            (Some(min), None) => format!(", {min} or more"),
            (None, Some(max)) => format!(", {max} or less"),
            (None, None) => String::new(),
        }
    }
    match kind {
        Kind::Text => "a text".to_owned(),
        Kind::Number { min, max } => {
            format!("a number{} (such as `7` or `7.5`)", limits(*min, *max))
        }
        Kind::Whole { min, max } => format!("a whole number{}", limits(*min, *max)),
        Kind::Scale { min, max } => format!("a whole number from {min} to {max}"),
        Kind::YesNo => "`yes` or `no`".to_owned(),
        Kind::Date => "a date such as `2026-03-27`".to_owned(),
        Kind::Choice(options) => {
            let names = options
                .keys()
                .map(|name| format!("`{name}`"))
                .collect::<Vec<_>>();
            format!("one of {}", names.join(", "))
        }
        Kind::Link { to } => format!("the id of a case of `{to}`"),
        Kind::Each { link, kind } => expected_each(link, kind),
    }
}

/// Reads the fields of an event.
pub(crate) fn read_fields(
    event: &Event,
    name: &Name,
    raw: &Raw,
    case: &Case,
    around: &Around,
) -> Result<BTreeMap<Name, Value>, Refusal> {
    if let Some(unknown) = raw.keys().find(|field| !event.with.contains_key(*field)) {
        return Err(Refusal {
            message: format!("`{name}` does not carry `{unknown}`"),
            help: Some(match nearest(unknown, event.with.keys()) {
                Some(near) => format!("did you mean `{near}`?"),
                None if event.with.is_empty() => "it carries nothing".to_owned(),
                None => format!("it carries {}", listed(event.with.keys())),
            }),
        });
    }
    let mut values = BTreeMap::new();
    for (field, declared) in &event.with {
        match raw.get(field) {
            Some(raw) => {
                let value =
                    read_value(&declared.fact.kind, raw, case, around).map_err(|expected| {
                        Refusal {
                            message: format!(
                                "`{field}` of `{name}` cannot be {}",
                                shown(&declared.fact, raw)
                            ),
                            help: Some(format!("it must be {expected}")),
                        }
                    })?;
                values.insert(field.clone(), value);
            }
            None if declared.optional => {}
            None => {
                return Err(Refusal {
                    message: format!("`{name}` needs `{field}`"),
                    help: Some(format!("it must be {}", expected(&declared.fact.kind))),
                });
            }
        }
    }
    Ok(values)
}

/// Reads facts of the plan, for a start or a task.
pub(crate) fn read_facts(
    plan: &Plan,
    raw: &Raw,
    case: &Case,
    around: &Around,
) -> Result<BTreeMap<Name, Value>, Refusal> {
    let mut values = BTreeMap::new();
    for (name, raw) in raw {
        let Some(fact) = plan.facts.get(name) else {
            return Err(Refusal {
                message: format!("`{}` has no fact `{name}`", plan.process),
                help: Some(match nearest(name, plan.facts.keys()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("its facts are {}", listed(plan.facts.keys())),
                }),
            });
        };
        let value = read_value(&fact.kind, raw, case, around).map_err(|expected| Refusal {
            message: format!("the fact `{name}` cannot be {}", shown(fact, raw)),
            help: Some(format!("it must be {expected}")),
        })?;
        values.insert(name.clone(), value);
    }
    Ok(values)
}

/// What was written, cut short. What only some may see is not repeated: the answer may be read by others.
fn shown(fact: &Fact, raw: &Json) -> String {
    let text = match raw {
        _ if fact.sealed() => return "what was given".to_owned(),
        Json::String(text) => text.clone(),
        other => other.to_string(),
    };
    format!("`{}`", text.chars().take(60).collect::<String>())
}

/// The cases that an input mentions: they must be at hand in the step.
#[must_use]
pub fn mentioned(plan: &Plan, input: &Input) -> Vec<CaseId> {
    match input {
        Input::Link { to, .. } => vec![to.clone()],
        Input::Report { event, with, .. } => {
            let Some(event) = plan.events.get(event) else {
                return Vec::new();
            };
            let links = event
                .with
                .iter()
                .filter(|(_, field)| matches!(field.fact.kind, Kind::Link { .. }));
            links
                .filter_map(|(name, _)| with.get(name)?.as_str().map(|id| Name::from(id.trim())))
                .collect()
        }
        _ => Vec::new(),
    }
}

/// The cases that the rules and conditions of a case read.
#[must_use]
pub fn read_by(plan: &Plan, case: &Case) -> Vec<CaseId> {
    let links = plan
        .reads_through
        .iter()
        .filter_map(|link| case.links.get(link));
    links.flatten().cloned().collect()
}

/// The keys of the confidential values of a case that rules of its plan declare to read: of facts, and of events in the fields from
/// which such a fact is set or that go by its name.
#[must_use]
pub fn sealed_for_rules(plan: &Plan, case: &Case) -> BTreeSet<SealedKey> {
    let reads = read_facts_of(plan);
    let mut keys = BTreeSet::new();
    if reads.is_empty() {
        return keys;
    }
    for fact in &reads {
        let known = case.facts.get(*fact);
        keys.extend(known.and_then(|known| sealed(&known.value)));
    }
    for (name, event) in &plan.events {
        let fields = read_fields_of(event, &reads);
        // Most events hold nothing of the kind, and there are many occurrences of them.
        let occurrences = case.events.get(name).filter(|_| !fields.is_empty());
        for occurrence in occurrences.into_iter().flatten() {
            let values = fields.iter().filter_map(|field| occurrence.with.get(field));
            keys.extend(values.filter_map(sealed));
        }
    }
    keys
}

/// The same of everything in a history, whether or not it counts any more.
#[must_use]
pub fn sealed_for_rules_in(plan: &Plan, history: &[Entry]) -> BTreeSet<SealedKey> {
    let reads = read_facts_of(plan);
    let now = |names: &BTreeMap<Name, Name>, name: &Name| names.get(name).unwrap_or(name).clone();
    let mut keys = BTreeSet::new();
    for entry in history.iter().filter(|_| !reads.is_empty()) {
        match &entry.what {
            What::FactSet { fact, value } if reads.contains(&now(&plan.renamed.facts, fact)) => {
                keys.extend(sealed(value));
            }
            What::Reported { event, with, .. } => {
                let event = plan.events.get(&now(&plan.renamed.events, event));
                let fields = event.map(|event| read_fields_of(event, &reads));
                let values = fields.iter().flatten().filter_map(|field| with.get(*field));
                keys.extend(values.filter_map(sealed));
            }
            _ => {}
        }
    }
    keys
}

/// The key of a confidential value.
#[must_use]
pub fn sealed(value: &Value) -> Option<SealedKey> {
    match value {
        Value::Sealed(key) => Some(key.clone()),
        _ => None,
    }
}

/// The confidential facts that rules of a plan declare to read.
fn read_facts_of(plan: &Plan) -> BTreeSet<&Name> {
    plan.attached_rules().flat_map(|rule| &rule.reads).collect()
}

/// The fields of an event from which one of these facts is set, or that go by its name.
fn read_fields_of<'p>(event: &'p Event, reads: &BTreeSet<&Name>) -> BTreeSet<&'p Name> {
    let sets = event.sets.iter().filter(|(fact, _)| reads.contains(fact));
    let named = event.with.keys().filter(|field| reads.contains(field));
    sets.map(|(_, field)| field).chain(named).collect()
}

/// Names as a list for people: `a`, `b`, `c`.
#[must_use]
pub fn listed<'a>(names: impl IntoIterator<Item = &'a Name>) -> String {
    names
        .into_iter()
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ")
}

/// The name nearest to what was written, when it is near enough to be a slip.
#[must_use]
pub fn nearest<'a>(written: &str, names: impl IntoIterator<Item = &'a Name>) -> Option<&'a Name> {
    let scored = names
        .into_iter()
        .map(|name| (strsim::jaro_winkler(written, name), name));
    scored
        .filter(|(score, _)| *score > 0.85)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}
