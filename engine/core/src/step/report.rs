//! Events: recorded once, with what they set, and told to the cases that they are also about.

use super::{Stepper, inputs::refuse};
use crate::{
    accept::{listed, nearest, read_fields},
    case::CaseId,
    entry::What,
    input::{Given, Input, Raw, Refusal, Teller},
    name::Name,
    plan::{Event, Tell},
    value::{Kind, SealedKey, Value},
};
use jiff::{Span, Timestamp};
use std::collections::BTreeMap;

/// How long before its case an event may have happened.
const YEARS_BEFORE: i16 = 1;

impl<'a> Stepper<'a> {
    /// Records an event, sets and clears what it sets and clears, and tells it on.
    pub(super) fn report(
        &mut self,
        given: &Given,
        name: &Name,
        with: &Raw,
        happened: Option<Timestamp>,
        from: Option<&Teller>,
    ) -> Result<(), Refusal> {
        let event = self.declared(name)?;
        self.need_reporter(given, name, event, from)?;
        if let Some(happened) = happened {
            self.need_likely(name, happened, from)?;
        }
        let values = read_fields(event, name, with, self.case(), &self.scene.around)?;
        let kept = self.seal_fields(event, &values);
        let what = What::Reported {
            event: name.clone(),
            happened: happened.unwrap_or(self.now()),
            with: kept.clone(),
            from: from.map(|teller| (teller.case.clone(), teller.seq)),
        };
        let seq = self.record_input(given, what, Some(&event.ground));
        let links_before = self.case().links.clone();
        self.set_from(event, &kept, seq);
        for (target, tell) in &event.tell {
            let targets = targets(event, target, &values, &links_before, &self.case().links);
            self.tell_on(targets, tell, &values, happened, seq);
        }
        Ok(())
    }

    /// Refuses a time at which the event cannot have happened: one that has not come, and one so long before the case began that it
    /// must be a slip of the year. Some things do happen before a case is entered: what somebody told the evening before.
    fn need_likely(
        &self,
        name: &Name,
        happened: Timestamp,
        from: Option<&Teller>,
    ) -> Result<(), Refusal> {
        if happened > self.now() {
            return refuse(
                format!("`{name}` cannot have happened in the future"),
                "give a time that has passed, or leave it out for now",
            );
        }
        let (day, began) = (self.day(happened), self.day(self.case().started));
        let earliest = began.checked_sub(Span::new().years(YEARS_BEFORE));
        // What another case tells was looked at there; this one may be much younger.
        if from.is_none() && earliest.is_ok_and(|earliest| day < earliest) {
            return refuse(
                format!(
                    "`{name}` cannot have happened on {day}: `{}` began on {began}",
                    self.case().id
                ),
                "look at the year; nothing is taken in that is more than a year older than its case",
            );
        }
        Ok(())
    }

    fn declared(&self, name: &Name) -> Result<&'a Event, Refusal> {
        let plan = self.plan();
        plan.events.get(name).ok_or_else(|| Refusal {
            message: format!("`{}` has no event `{name}`", plan.process),
            help: Some(match nearest(name, plan.events.keys()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("its events are {}", listed(plan.events.keys())),
            }),
        })
    }

    fn need_reporter(
        &self,
        given: &Given,
        name: &Name,
        event: &Event,
        from: Option<&Teller>,
    ) -> Result<(), Refusal> {
        if let Some(teller) = from {
            if event.told_by.contains(&teller.process) {
                return Ok(());
            }
            return Err(Refusal {
                message: format!("`{name}` is not told by a case of `{}`", teller.process),
                help: Some(format!("it is told by {}", listed(&event.told_by))),
            });
        }
        let accepted = match (event.by.is_empty(), event.told_by.is_empty()) {
            (false, _) => format!("it is reported by {}", listed(&event.by)),
            (true, false) => format!("it is told by cases of {}", listed(&event.told_by)),
            (true, true) => "nobody may report it".to_owned(),
        };
        let Some(by) = &given.by else {
            return Err(Refusal {
                message: format!("`{name}` needs somebody who reports it"),
                help: Some(accepted),
            });
        };
        if event.by.contains(&by.role) {
            return Ok(());
        }
        Err(Refusal {
            message: format!("`{}` may not report `{name}`", by.role),
            help: Some(accepted),
        })
    }

    /// Seals the fields that only some may see, or from which a fact is set that only some may see.
    fn seal_fields(
        &mut self,
        event: &Event,
        values: &BTreeMap<Name, Value>,
    ) -> BTreeMap<Name, Value> {
        let seq = self.case().seq + 1;
        let mut kept = BTreeMap::new();
        for (field, value) in values {
            let own = event
                .with
                .get(field)
                .is_some_and(|declared| declared.fact.sealed());
            let mut sets = event.sets.iter().filter(|(_, source)| *source == field);
            let fact = sets.any(|(target, _)| {
                self.plan()
                    .facts
                    .get(target)
                    .is_some_and(crate::plan::Fact::sealed)
            });
            let value = match own || fact {
                true => self.seal(
                    SealedKey {
                        seq,
                        field: field.clone(),
                    },
                    value.clone(),
                ),
                false => value.clone(),
            };
            kept.insert(field.clone(), value);
        }
        kept
    }

    pub(super) fn set_from(&mut self, event: &Event, values: &BTreeMap<Name, Value>, seq: u64) {
        for target in &event.clears {
            if self.case().facts.contains_key(target) {
                self.record(
                    What::FactCleared {
                        fact: target.clone(),
                    },
                    Some(seq),
                    Some(&event.ground),
                );
            }
            for linked in self.case().links.get(target).cloned().unwrap_or_default() {
                self.untie(target, &linked, Some(seq), None);
            }
        }
        for (target, field) in &event.sets {
            match values.get(field) {
                Some(Value::Case(to)) if self.plan().links.contains_key(target) => {
                    let to = to.clone();
                    self.tie(target, &to, Some(seq), None);
                }
                Some(value) => self.set_fact(target, value.clone(), Some(seq)),
                None => {}
            }
        }
    }

    /// Tells an event on, with what each case gets of it.
    pub(super) fn tell_on(
        &mut self,
        targets: Vec<CaseId>,
        tell: &Tell,
        values: &BTreeMap<Name, Value>,
        happened: Option<Timestamp>,
        seq: u64,
    ) {
        for to in targets {
            let mut with = Raw::new();
            let (mut each, mut named) = (false, false);
            for (theirs, mine) in &tell.with {
                match values.get(mine) {
                    Some(Value::Each(values)) => {
                        each = true;
                        if let Some(own) = values.get(&to) {
                            named = true;
                            with.insert(theirs.clone(), raw(own));
                        }
                    }
                    Some(value) => with.extend([(theirs.clone(), raw(value))]),
                    None => {}
                }
            }
            // Who has no value of their own was not part of it: a member who joined after the meeting.
            if each && !named {
                continue;
            }
            let from = Some(self.teller(seq));
            self.tell(
                &to,
                Input::Report {
                    event: tell.event.clone(),
                    with,
                    happened,
                    from,
                },
                seq,
            );
        }
    }
}

/// The cases that an event is told to: the one in its field, those that it has just linked, or those that it has just let go.
pub(super) fn targets(
    event: &Event,
    target: &Name,
    values: &BTreeMap<Name, Value>,
    links_before: &BTreeMap<Name, Vec<CaseId>>,
    links: &BTreeMap<Name, Vec<CaseId>>,
) -> Vec<CaseId> {
    let field = event
        .with
        .get(target)
        .filter(|field| matches!(field.fact.kind, Kind::Link { .. }));
    match (field, values.get(target)) {
        (Some(_), Some(Value::Case(to))) => vec![to.clone()],
        (Some(_), _) => Vec::new(),
        (None, _) => {
            let linked = links.get(target).or_else(|| links_before.get(target));
            linked.cloned().unwrap_or_default()
        }
    }
}

/// A value as an input hands it in.
fn raw(value: &Value) -> serde_json::Value {
    match value {
        Value::YesNo(yes) => serde_json::Value::Bool(*yes),
        Value::Each(values) => serde_json::Value::Object(
            values
                .iter()
                .map(|(id, value)| (id.to_string(), raw(value)))
                .collect(),
        ),
        other => serde_json::Value::String(other.to_string()),
    }
}
