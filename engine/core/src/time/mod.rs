//! Shapes only, until the real module lands.
#![allow(missing_docs)]
use crate::{ground::Ground, name::Name, text::Text};
use jiff::{
    Timestamp,
    civil::{Date, Time},
};
use serde::{Deserialize, Serialize};
use std::fmt;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duration {
    pub count: u32,
    pub unit: Unit,
}
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unit {
    Minutes,
    Hours,
    Days,
    Weeks,
    Months,
    WorkingDays,
}
impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?}", self.count, self.unit)
    }
}
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit {
    pub runs_out: Timestamp,
    pub last_day: Date,
}
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Default)]
pub enum OnClosed {
    Skip,
    NextWorkingDay,
    #[default]
    Keep,
}
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Calendar {
    pub name: Name,
    pub zone: Name,
    pub weekend: Vec<i8>,
    pub closed: Vec<ClosedDay>,
}
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClosedDay {
    pub name: Name,
    pub title: Text,
    pub kind: DayKind,
    pub when: DayRule,
    pub from_year: Option<i16>,
    pub until_year: Option<i16>,
    pub closed_from: Option<Time>,
    pub ground: Ground,
}
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DayKind {
    Holiday,
    Closing,
}
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DayRule {
    Fixed { month: i8, day: i8 },
    Easter { offset: i16 },
    Once(Date),
}
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recurrence {
    pub text: String,
    pub on_closed: OnClosed,
}
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Default)]
pub enum EndOnClosed {
    #[default]
    Keep,
    NextWorkingDay,
}
