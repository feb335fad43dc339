//! What a rule is handed: read-only handles on a shared view, and the values in them as the script engine's own.
//! Never copies a case, and never hands out a confidential value that the rule does not declare to read.

use forloeb_core::{
    case::{CaseId, Occurrence},
    judge::View,
    name::Name,
    time::Duration,
    value::{SettingValue, Value},
};
use jiff::{Timestamp, civil::Date};
use rhai::{Dynamic, EvalAltResult, Map};
use rust_decimal::{Decimal, prelude::ToPrimitive};
use std::sync::Arc;

/// How a question fails.
pub(super) type Failure = Box<EvalAltResult>;

/// A case that a rule sees.
#[derive(Debug)]
pub(super) struct Seen {
    pub(super) view: View,
    /// The case is another one, seen through a link: only its public side shows.
    pub(super) linked: bool,
    /// The confidential facts that the rule declares to read.
    pub(super) reads: Vec<Name>,
}

/// `it`, or a linked case.
#[derive(Clone, Debug)]
pub(super) struct It(pub(super) Arc<Seen>);

/// A case behind the link of a linked case: only its id and its process are known.
#[derive(Clone, Debug)]
pub(super) struct Far {
    pub(super) id: CaseId,
    pub(super) process: Name,
}

/// `it.facts`.
#[derive(Clone, Debug)]
pub(super) struct Facts(pub(super) Arc<Seen>);

/// `it.settings`.
#[derive(Clone, Debug)]
pub(super) struct Settings(pub(super) Arc<Seen>);

/// An occurrence of an event.
#[derive(Clone, Debug)]
pub(super) struct Happening {
    pub(super) seen: Arc<Seen>,
    pub(super) event: Name,
    pub(super) occurrence: Arc<Occurrence>,
}

/// The fields of an occurrence.
#[derive(Clone, Debug)]
pub(super) struct With(pub(super) Happening);

/// The id of a case in a field or fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reference(pub(super) CaseId);

/// An instant.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment(pub(super) Timestamp);

/// A date.
#[derive(Clone, Copy, Debug)]
pub(super) struct Day(pub(super) Date);

/// A duration, from a setting.
#[derive(Clone, Copy, Debug)]
pub(super) struct Length(pub(super) Duration);

impl Seen {
    /// A value of the case for the script; `name` is the fact or field that holds it.
    pub(super) fn hand_out(&self, name: &Name, value: &Value) -> Result<Dynamic, Failure> {
        if !matches!(value, Value::Sealed(_)) {
            return Ok(dynamic(value));
        }
        if self.linked {
            return Err(format!("`{name}` of another case is confidential").into());
        }
        if !self.reads.contains(name) {
            return Err(format!(
                "`{name}` is confidential, and this rule does not declare that it reads it"
            )
            .into());
        }
        // A value that was erased since is as good as none.
        Ok(self.view.unsealed(value).map_or(Dynamic::UNIT, dynamic))
    }
}

/// A value as the script engine's own. A number without a fraction is whole.
pub(super) fn dynamic(value: &Value) -> Dynamic {
    match value {
        Value::Text(text) => text.clone().into(),
        Value::Number(number) => self::number(*number),
        Value::YesNo(yes) => (*yes).into(),
        Value::Date(date) => Dynamic::from(Day(*date)),
        Value::Case(id) => Dynamic::from(Reference(id.clone())),
        Value::Each(values) => {
            let entry = |(id, value): (&CaseId, &Value)| (id.as_str().into(), dynamic(value));
            values.iter().map(entry).collect::<Map>().into()
        }
        Value::Sealed(_) => Dynamic::UNIT,
    }
}

/// The value of a setting as the script engine's own.
pub(super) fn setting(value: &SettingValue) -> Dynamic {
    match value {
        SettingValue::Duration(duration) => Dynamic::from(Length(*duration)),
        SettingValue::Number(number) => self::number(*number),
        SettingValue::YesNo(yes) => (*yes).into(),
        SettingValue::Text(text) => text.clone().into(),
    }
}

/// A number as the script engine's own: whole where it has no fraction.
pub(super) fn number(number: Decimal) -> Dynamic {
    match number.to_i64().filter(|_| number.fract().is_zero()) {
        Some(whole) => whole.into(),
        None => Dynamic::from_decimal(number),
    }
}

/// What a script made, as a value of a case; none for what cannot be one.
pub(super) fn value(made: &Dynamic) -> Option<Value> {
    if let Some(number) = decimal(made) {
        return Some(Value::Number(number));
    }
    if let Ok(yes) = made.as_bool() {
        return Some(Value::YesNo(yes));
    }
    if let Some(Day(date)) = made.read_lock::<Day>().map(|day| *day) {
        return Some(Value::Date(date));
    }
    match case(made) {
        Some(id) => Some(Value::Case(id)),
        None => text(made).map(Value::Text),
    }
}

/// A whole or decimal number.
pub(super) fn decimal(made: &Dynamic) -> Option<Decimal> {
    match made.as_int() {
        Ok(whole) => Some(whole.into()),
        Err(_) => made.as_decimal().ok(),
    }
}

/// A text or a single letter.
pub(super) fn text(made: &Dynamic) -> Option<String> {
    match made.as_immutable_string_ref() {
        Ok(text) => Some(text.as_str().to_owned()),
        Err(_) => made.as_char().ok().map(String::from),
    }
}

/// A case, however it is held.
pub(super) fn case(made: &Dynamic) -> Option<CaseId> {
    if let Some(it) = made.read_lock::<It>() {
        return Some(it.0.view.case.id.clone());
    }
    if let Some(far) = made.read_lock::<Far>() {
        return Some(far.id.clone());
    }
    made.read_lock::<Reference>().map(|id| id.0.clone())
}

/// What a person would call it.
pub(super) fn kind(made: &Dynamic) -> &'static str {
    match () {
        () if made.is_unit() => "nothing (`()`)",
        () if decimal(made).is_some() => "a number",
        () if made.is_string() || made.is_char() => "a text",
        () if made.is_bool() => "yes/no",
        () if made.is::<Day>() => "a date",
        () if made.is::<Moment>() => "an instant",
        () if made.is::<Length>() => "a duration",
        () if case(made).is_some() => "a case",
        () if made.is::<Happening>() => "an occurrence",
        () if made.is::<Facts>() => "the facts",
        () if made.is::<Settings>() => "the settings",
        () if made.is::<With>() => "the fields of an occurrence",
        () if made.is_array() => "a list",
        () if made.is_map() => "a map",
        () => "a function",
    }
}
