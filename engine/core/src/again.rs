//! Whether an input whose key is known is the one that was taken in under it, delivered again, or another one.

use crate::{
    entry::What,
    input::{Input, Raw, Which},
    name::Name,
    value::Value,
};
use rust_decimal::Decimal;
use serde_json::Value as Json;
use std::collections::BTreeMap;

impl Input {
    /// Whether an entry may have been recorded by this input. What cannot be told from the entry (a confidential value, the name of a task,
    /// what was filled in with it) is taken as the same.
    #[must_use]
    pub fn may_have_recorded(&self, what: &What) -> bool {
        match (self, what) {
            (Self::Start { .. }, What::Started { .. }) | (Self::Resume, What::Resumed) => true,
            (
                Self::Report { event, with, .. },
                What::Reported {
                    event: recorded,
                    with: values,
                    ..
                },
            ) => event == recorded && same_fields(with, values),
            (Self::Finish { task, .. }, What::TaskDone { task: number }) => is(task, *number),
            (
                Self::Link { link, to, .. },
                What::Linked {
                    link: recorded,
                    to: other,
                },
            )
            | (
                Self::Unlink { link, to, .. },
                What::Unlinked {
                    link: recorded,
                    to: other,
                },
            ) => (link, to) == (recorded, other),
            (
                Self::Hold { until, because },
                What::Held {
                    until: recorded,
                    because: reason,
                },
            ) => (until, because.trim()) == (recorded, reason.trim()),
            (
                Self::Acknowledge { finding, because },
                What::FindingAcknowledged {
                    finding: number,
                    because: reason,
                },
            )
            | (
                Self::Snooze {
                    finding, because, ..
                },
                What::FindingSnoozed {
                    finding: number,
                    because: reason,
                    ..
                },
            ) => is(finding, *number) && because.trim() == reason.trim(),
            (
                Self::Correct { entry, because },
                What::Corrected {
                    voided,
                    because: reason,
                },
            ) => voided.contains(entry) && because.trim() == reason.trim(),
            _ => false,
        }
    }
}

fn is(which: &Which, number: u64) -> bool {
    match which {
        Which::Number(asked) => *asked == number,
        Which::Named(_) => true,
    }
}

fn same_fields(raw: &Raw, values: &BTreeMap<Name, Value>) -> bool {
    let same =
        |(field, raw): (&Name, &Json)| values.get(field).is_some_and(|value| is_read(raw, value));
    raw.len() == values.len() && raw.iter().all(same)
}

/// Whether a value may have been read from this.
fn is_read(raw: &Json, value: &Value) -> bool {
    let text = match raw {
        Json::String(text) => text.trim().to_owned(),
        Json::Number(number) => number.to_string(),
        Json::Bool(yes) => (if *yes { "yes" } else { "no" }).to_owned(),
        Json::Null | Json::Array(_) | Json::Object(_) => String::new(),
    };
    match value {
        Value::Text(value) => *value == text,
        Value::Number(value) => text.parse::<Decimal>().is_ok_and(|number| number == *value),
        Value::YesNo(true) => matches!(text.as_str(), "yes" | "true"),
        Value::YesNo(false) => matches!(text.as_str(), "no" | "false"),
        Value::Date(value) => value.to_string() == text,
        Value::Case(value) => *value == text.as_str(),
        Value::Each(_) | Value::Sealed(_) => true,
    }
}
