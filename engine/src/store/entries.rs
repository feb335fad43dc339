//! How entries, instants and numbers lie in a database, whichever it is.

use super::{Result, StoreError};
use forloeb_core::{
    entry::{Actor, Entry, What},
    ground::Ground,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// What of an entry has no column of its own.
#[derive(Serialize)]
pub(super) struct BodyOut<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    ground: Option<&'a Ground>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<&'a Actor>,
    #[serde(skip_serializing_if = "Option::is_none")]
    on_behalf_of: Option<&'a Actor>,
    what: &'a What,
}

impl<'a> BodyOut<'a> {
    pub(super) fn of(entry: &'a Entry) -> Self {
        Self {
            ground: entry.ground.as_ref(),
            by: entry.by.as_ref(),
            on_behalf_of: entry.on_behalf_of.as_ref(),
            what: &entry.what,
        }
    }
}

#[derive(Deserialize)]
struct BodyIn {
    ground: Option<Ground>,
    by: Option<Actor>,
    on_behalf_of: Option<Actor>,
    what: What,
}

/// An entry from its columns `(seq, at_us, recorded_us, cause, body)`.
pub(super) fn entry(case: &str, row: (i64, i64, i64, Option<i64>, String)) -> Result<Entry> {
    let (seq, at_us, recorded_us, cause, body) = row;
    let body: BodyIn = json(&body, || format!("entry {seq} of case `{case}`"))?;
    Ok(Entry {
        seq: number(seq)?,
        at: instant(at_us)?,
        recorded: instant(recorded_us)?,
        cause: cause.map(number).transpose()?,
        ground: body.ground,
        by: body.by,
        on_behalf_of: body.on_behalf_of,
        what: body.what,
    })
}

/// What was written as JSON; `what` names it for the case that it cannot be read.
pub(super) fn json<T: DeserializeOwned>(text: &str, what: impl FnOnce() -> String) -> Result<T> {
    serde_json::from_str(text).map_err(|error| StoreError::Unreadable {
        what: what(),
        detail: error.to_string(),
    })
}

/// JSON of what is written. Our shapes always have one.
pub(super) fn to_json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| StoreError::Constraint(error.to_string()))
}

/// An instant as it is stored.
pub(super) fn micros(at: Timestamp) -> Result<i64> {
    if at.subsec_nanosecond() % 1_000 == 0 {
        Ok(at.as_microsecond())
    } else {
        Err(StoreError::TooFine(at))
    }
}

/// A stored instant.
pub(super) fn instant(micros: i64) -> Result<Timestamp> {
    Timestamp::from_microsecond(micros).map_err(|error| StoreError::Unreadable {
        what: format!("the instant {micros}"),
        detail: error.to_string(),
    })
}

/// A number as it is stored.
pub(super) fn stored(number: u64) -> Result<i64> {
    i64::try_from(number)
        .map_err(|_| StoreError::Constraint(format!("the number {number} is too large")))
}

/// A stored number.
pub(super) fn number(stored: i64) -> Result<u64> {
    u64::try_from(stored).map_err(|error| StoreError::Unreadable {
        what: format!("the number {stored}"),
        detail: error.to_string(),
    })
}
