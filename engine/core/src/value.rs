//! Values: what facts, event fields, settings and texts carry, and the kinds that say which values fit.

use crate::{case::CaseId, name::Name, text::Text, time::Duration};
use indexmap::IndexMap;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt};

/// A value of a case. Numbers are exact decimals; a whole number is a number without a fraction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Value {
    /// Free text, or the name of a chosen option.
    #[serde(rename = "t")]
    Text(String),
    /// A number, whole or not.
    #[serde(rename = "n")]
    Number(Decimal),
    /// Yes or no.
    #[serde(rename = "b")]
    YesNo(bool),
    /// A calendar date.
    #[serde(rename = "d")]
    Date(Date),
    /// Another case.
    #[serde(rename = "c")]
    Case(CaseId),
    /// One value for each of several cases.
    #[serde(rename = "e")]
    Each(BTreeMap<CaseId, Value>),
    /// A confidential or personal value: it lies in a table of its own under this key, and only the key is in the history.
    #[serde(rename = "s")]
    Sealed(SealedKey),
}

/// Where a sealed value lies: the entry that brought it and the field or fact that it was given for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SealedKey {
    /// Number of the entry that brought the value.
    pub seq: u64,
    /// Field of the event, or fact.
    pub field: Name,
}

impl fmt::Display for Value {
    /// As a person would write it in a command: `3`, `yes`, `2026-03-27`, `p-1`, `p-1=present,p-2=absent`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Number(number) => write!(f, "{}", number.normalize()),
            Self::YesNo(yes) => f.write_str(if *yes { "yes" } else { "no" }),
            Self::Date(date) => write!(f, "{date}"),
            Self::Case(id) => write!(f, "{id}"),
            Self::Each(values) => {
                for (place, (id, value)) in values.iter().enumerate() {
                    let comma = if place == 0 { "" } else { "," };
                    write!(f, "{comma}{id}={value}")?;
                }
                Ok(())
            }
            Self::Sealed(_) => f.write_str("(confidential)"),
        }
    }
}

/// The kind of a fact or event field: which values fit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Kind {
    /// Free text.
    Text,
    /// A number between two limits, both included.
    Number {
        /// Smallest value that fits.
        min: Option<Decimal>,
        /// Largest value that fits.
        max: Option<Decimal>,
    },
    /// A whole number between two limits, both included.
    Whole {
        /// Smallest value that fits.
        min: Option<i64>,
        /// Largest value that fits.
        max: Option<i64>,
    },
    /// Yes or no.
    YesNo,
    /// A calendar date.
    Date,
    /// One of several named options, each with its title.
    Choice(IndexMap<Name, Text>),
    /// A whole number on a scale that has both ends.
    Scale {
        /// Lowest step.
        min: i64,
        /// Highest step.
        max: i64,
    },
    /// A case of this process.
    Link {
        /// The process.
        to: Name,
    },
    /// One value for each case behind this link.
    Each {
        /// The link of the process that reports the event.
        link: Name,
        /// What each case gets.
        kind: Box<Kind>,
    },
}

/// What a setting holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum SettingValue {
    /// A length of time.
    Duration(Duration),
    /// A number.
    Number(Decimal),
    /// Yes or no.
    YesNo(bool),
    /// A text, a role, an option.
    Text(String),
}

impl fmt::Display for SettingValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Duration(duration) => write!(f, "{duration}"),
            Self::Number(number) => write!(f, "{}", number.normalize()),
            Self::YesNo(yes) => f.write_str(if *yes { "yes" } else { "no" }),
            Self::Text(text) => f.write_str(text),
        }
    }
}
