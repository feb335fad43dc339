//! Conditions: what a designer may wait for. Structured, never strings of code.

use crate::{ground::Ground, name::Name, plan::Amount, time::Duration, value::Value};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A condition and the place where it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Condition {
    /// What must hold.
    pub test: Test,
    /// Where the process file says so.
    pub ground: Ground,
}

/// What must hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Test {
    /// Each task of the stage that is not optional is done.
    TasksDone,
    /// This task of the stage is done.
    TaskDone(Name),
    /// An event has been recorded.
    Event(EventTest),
    /// A fact compares as said.
    Fact {
        /// The fact.
        fact: Name,
        /// How its value must compare; every one must hold. Empty: it only has to have a value.
        compare: Vec<Compare>,
    },
    /// A link leads to a number of cases.
    Link {
        /// The link.
        link: Name,
        /// At least so many.
        at_least: Amount<u32>,
        /// At most so many.
        at_most: Option<Amount<u32>>,
    },
    /// The stage was entered so long ago.
    InStageFor(Amount<Duration>),
    /// A Rhai rule answers yes.
    Rule(Name),
    /// Every one holds.
    All(Vec<Condition>),
    /// At least one holds.
    Any(Vec<Condition>),
    /// It does not hold.
    Not(Box<Condition>),
}

/// Which event, told or reported how.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EventTest {
    /// The event.
    pub event: Name,
    /// Reported by one of these roles; empty: by anybody.
    pub by: Vec<Name>,
    /// Its fields have these values.
    pub with: BTreeMap<Name, Amount<Value>>,
    /// At least so many times.
    pub times: Amount<u32>,
    /// Looks at the whole journey, not only since the stage was entered.
    pub ever: bool,
}

/// One comparison of a fact with a value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Compare {
    /// Equal.
    Is(Amount<Value>),
    /// Has a value, and another one.
    Not(Amount<Value>),
    /// Equal to one of these.
    OneOf(Vec<Amount<Value>>),
    /// This or more.
    AtLeast(Amount<Decimal>),
    /// This or less.
    AtMost(Amount<Decimal>),
    /// More than this.
    MoreThan(Amount<Decimal>),
    /// Less than this.
    LessThan(Amount<Decimal>),
}
