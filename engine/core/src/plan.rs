//! The plan: a compiled, checked process with its calendar. Data only; what it means is in `step`.

use crate::{
    condition::Condition,
    ground::Ground,
    name::Name,
    reads::{Reading, Reads},
    text::Text,
    time::{Calendar, Duration, EndOnClosed, OnClosed, Recurrence},
    value::{Kind, SettingValue},
    versions::{Adopt, Renamed},
};
use indexmap::IndexMap;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A value, or the name of the setting that holds it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Amount<T> {
    /// Written out.
    Literal(T),
    /// The setting of this name, at its value on the day when it is asked.
    Setting(Name),
}

/// A compiled, checked process. Every name in it resolves and every value has the right kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Hash of what the plan means, in hexadecimal; a comment does not change it.
    pub id: Name,
    /// The process.
    pub process: Name,
    /// The overlay that was laid over the process; a plan without one is named as if there were none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overlay: Option<Name>,
    /// Title for people.
    pub title: Text,
    /// The languages that every text has, the first one leading.
    pub languages: Vec<Name>,
    /// The calendar in which its dates are counted.
    pub calendar: Calendar,
    /// The fact by which people know a case.
    pub shown_as: Option<Name>,
    /// The role that is told when a rule fails; there is one wherever there are rules.
    pub faults_to: Option<Name>,
    /// Who takes part.
    pub roles: IndexMap<Name, Role>,
    /// The numbers that those who use the process turn.
    pub settings: IndexMap<Name, Setting>,
    /// What is known of a case.
    pub facts: IndexMap<Name, Fact>,
    /// The ties to other cases.
    pub links: IndexMap<Name, Link>,
    /// What can happen.
    pub events: IndexMap<Name, Event>,
    /// Tasks that open only when something raises them.
    pub tasks: IndexMap<Name, Task>,
    /// The tracks that run side by side, in the order of the file.
    pub tracks: IndexMap<Name, Track>,
    /// Work that comes back.
    pub recurring: IndexMap<Name, Recurring>,
    /// Exits that hold in every stage, looked at before the stage's own.
    pub any_stage: Vec<Exit>,
    /// How a journey can end.
    pub outcomes: IndexMap<Name, Outcome>,
    /// The rules attached all the way.
    pub rules: Vec<RuleUse>,
    /// Each rule that the plan uses anywhere, with its description.
    pub described: IndexMap<Name, Described>,
    /// What people are told.
    pub texts: IndexMap<Name, Message>,
    /// What bore another name in versions before this one.
    #[serde(default, skip_serializing_if = "Renamed::is_empty")]
    pub renamed: Renamed,
    /// Whether open cases go over to it by themselves.
    #[serde(default, skip_serializing_if = "Adopt::is_never")]
    pub adopt: Adopt,
    /// The links through which rules or conditions read other cases.
    pub reads_through: BTreeSet<Name>,
    /// What rules read of the cases behind those links, by the process of these; nothing of a process that is not here. It is found
    /// anew whenever the plan is compiled, and no part of what it means.
    #[serde(skip)]
    pub reads_of: BTreeMap<Name, Reads>,
    /// What each rule reads, attached or asked by a condition. Found anew as well.
    #[serde(skip)]
    pub reads_by: BTreeMap<Name, Reading>,
}

/// Who takes part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Role {
    /// Title for people.
    pub title: Text,
    /// Where it is declared.
    pub ground: Ground,
}

/// A number that those who use the process turn, with the periods in which each value is valid.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Setting {
    /// The values, in the order of their periods; they never overlap.
    pub values: Vec<SettingPeriod>,
    /// Why it has this value, for the record.
    pub because: Option<String>,
    /// Where it is declared.
    pub ground: Ground,
}

/// A value of a setting and the days on which it is valid.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SettingPeriod {
    /// The value.
    pub value: SettingValue,
    /// First day.
    pub valid_from: Option<Date>,
    /// Last day.
    pub valid_to: Option<Date>,
    /// Where the value stands.
    pub ground: Ground,
}

/// Something known of a case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fact {
    /// Title for people.
    pub title: Text,
    /// Which values fit.
    pub kind: Kind,
    /// Only these roles see it; empty: everybody in the programme.
    pub visible_to: Vec<Name>,
    /// Kept apart from the history, and out of logs and rules.
    pub personal: bool,
    /// Where it is declared.
    pub ground: Ground,
}

impl Fact {
    /// Whether its values are kept apart from the history.
    #[must_use]
    pub fn sealed(&self) -> bool {
        self.personal || !self.visible_to.is_empty()
    }
}

/// A tie to other cases.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Link {
    /// Title for people.
    pub title: Text,
    /// The process of the cases that it leads to.
    pub to: Name,
    /// Leads to any number of cases rather than to one.
    pub many: bool,
    /// The link of the other process that is kept in step with this one.
    pub inverse: Option<Name>,
    /// Where it is declared.
    pub ground: Ground,
}

/// Something that can happen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Title for people.
    pub title: Text,
    /// The roles that may report it.
    pub by: Vec<Name>,
    /// The processes whose cases may tell it.
    pub told_by: Vec<Name>,
    /// What it carries. A field is a fact of one moment.
    pub with: IndexMap<Name, Field>,
    /// Fact or link, and the field that it takes its value from.
    pub sets: IndexMap<Name, Name>,
    /// Facts and links that it empties.
    pub clears: Vec<Name>,
    /// Whom it is told to: a link or a link field, and what is told there.
    pub tell: IndexMap<Name, Tell>,
    /// Where it is declared.
    pub ground: Ground,
}

/// A field of an event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Field {
    /// Title, kind and visibility, as for a fact.
    #[serde(flatten)]
    pub fact: Fact,
    /// May be left out.
    pub optional: bool,
}

/// What an event tells another case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tell {
    /// The event of the other process.
    pub event: Name,
    /// Its fields, and the field of the telling event that each takes its value from.
    pub with: IndexMap<Name, Name>,
    /// Where it is declared.
    pub ground: Ground,
}

/// A task of a stage, or one that is raised.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// Title for people.
    pub title: Text,
    /// Who does it.
    pub role: Name,
    /// How long there is for it.
    pub due: Option<Amount<Duration>>,
    /// Opens when these tasks of the stage are done.
    pub after: Vec<Name>,
    /// The stage can be left without it.
    pub optional: bool,
    /// Closes by itself when this holds.
    pub done_when: Option<Condition>,
    /// The facts that are filled in with it.
    pub fills: Vec<Name>,
    /// What a hold does to its due date.
    pub on_hold: OnHold,
    /// Where it is declared.
    pub ground: Ground,
}

/// What a hold does to a promise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum OnHold {
    /// It stops, and the remaining time is given back.
    #[default]
    Stop,
    /// It runs on.
    Run,
}

/// One of the tracks that run side by side.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Track {
    /// Title for people.
    pub title: Text,
    /// The stage in which it begins.
    pub starts_in: Name,
    /// Its stages, in the order of the file.
    pub stages: IndexMap<Name, Stage>,
    /// Where it is declared.
    pub ground: Ground,
}

/// A stage of a track.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stage {
    /// Title for people.
    pub title: Text,
    /// Its tasks.
    pub tasks: IndexMap<Name, Task>,
    /// Its deadlines.
    pub deadlines: IndexMap<Name, Deadline>,
    /// The rules attached to it.
    pub rules: Vec<RuleUse>,
    /// Its exits: the first that holds wins.
    pub leave: Vec<Exit>,
    /// Where it is declared.
    pub ground: Ground,
}

/// A promise with a date in it, and who hears about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Deadline {
    /// Title for people.
    pub title: Text,
    /// What it runs from.
    pub from: Anchor,
    /// How long it is.
    pub within: Amount<Duration>,
    /// What it waits for.
    pub until: Condition,
    /// A later anchor starts it anew.
    pub restart: bool,
    /// What happens when its last day is closed.
    pub on_closed: EndOnClosed,
    /// What a hold does to it.
    pub on_hold: OnHold,
    /// The ladder: nudges and escalations, in the order of the file.
    pub ladder: Vec<Rung>,
    /// Where it is declared.
    pub ground: Ground,
    /// Where its length is written.
    pub within_ground: Ground,
}

/// What a deadline runs from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Anchor {
    /// The stage was entered.
    Entered,
    /// The first occurrence of this event in the stage.
    Event(Name),
    /// The day that this fact holds.
    Fact(Name),
}

/// One rung of a deadline's ladder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rung {
    /// Reminds somebody who can act, or tells the next person.
    pub level: Level,
    /// Who is told.
    pub to: Name,
    /// When, against the limit.
    pub offset: Offset,
    /// What is said.
    pub say: Name,
    /// The task that it raises.
    pub raise: Option<Name>,
    /// Where it is declared.
    pub ground: Ground,
}

/// When a rung is reached, against the limit of its deadline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Offset {
    /// So long before the limit.
    Before(Amount<Duration>),
    /// At the instant at which the limit has run out.
    At,
    /// So long after the limit.
    After(Amount<Duration>),
}

/// How strong a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Level {
    /// A friendly reminder to somebody who can act.
    Nudge,
    /// The next person is told, because the nudge did not help.
    Escalation,
}

/// A way out of a stage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Exit {
    /// Where it leads.
    pub target: Target,
    /// When it is taken.
    pub when: Condition,
    /// Where it is declared.
    pub ground: Ground,
}

/// Where an exit leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Target {
    /// To a stage of the same track.
    Stage(Name),
    /// To an outcome: the case ends.
    Outcome(Name),
}

/// Work that comes back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recurring {
    /// When it comes.
    pub every: Every,
    /// The stages in which it comes; empty: as long as the case is open.
    pub while_in: Vec<Name>,
    /// What happens to an occurrence on a closed day. A recurrence of weekdays or a cron line carries the same.
    pub on_closed: OnClosed,
    /// What happens to occurrences that were missed.
    pub missed: Missed,
    /// The task that it opens.
    pub task: Task,
    /// Where it is declared.
    pub ground: Ground,
}

/// When recurring work comes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Every {
    /// On weekdays and times, or by a cron line.
    Calendar(Recurrence),
    /// In steps of this length, counted from entering its stages.
    Interval(Amount<Duration>),
}

/// What happens to occurrences of recurring work whose day was over before the case could be woken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Missed {
    /// Only the last of them is made up for.
    #[default]
    Once,
    /// Each of them is.
    All,
    /// None of them is.
    Skip,
}

/// How a journey can end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// Title for people.
    pub title: Text,
    /// What it counts as.
    pub result: OutcomeResult,
    /// Where it is declared.
    pub ground: Ground,
}

/// What an outcome counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeResult {
    /// What the programme aims at.
    Success,
    /// Something else that is agreed.
    Other,
    /// The person left.
    Left,
}

/// A rule attached to a process or a stage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RuleUse {
    /// `principle.function`.
    pub rule: Name,
    /// Confidential facts that it declares to read.
    pub reads: Vec<Name>,
    /// Where it is attached.
    pub ground: Ground,
}

/// What is known of a rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Described {
    /// Its doc comment, without what is said in a language of its own.
    pub description: String,
    /// What it says after a mark such as `da:`.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub in_languages: Text,
    /// Where the function stands.
    pub ground: Ground,
}

/// What people are told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// The text with its placeholders.
    pub text: Text,
    /// Where it is declared.
    pub ground: Ground,
}
