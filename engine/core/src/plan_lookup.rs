//! Finding one's way in a plan: the settings on a day, the elements behind the names that a case remembers.

use crate::{
    case::{DeadlineState, Origin, TaskState},
    condition::Condition,
    name::Name,
    plan::{Amount, Deadline, Described, Plan, RuleUse, Stage, Task},
    reads::Reads,
    time::Duration,
    value::{SettingValue, Value},
};
use jiff::civil::Date;
use rust_decimal::{Decimal, prelude::ToPrimitive};
use std::collections::BTreeSet;

impl Plan {
    /// The value of a setting on a day; none when the setting does not exist or has no value on that day.
    #[must_use]
    pub fn setting(&self, name: &str, day: Date) -> Option<&SettingValue> {
        let setting = self.settings.get(name)?;
        let valid = |period: &&crate::plan::SettingPeriod| {
            period.valid_from.is_none_or(|from| from <= day)
                && period.valid_to.is_none_or(|to| day <= to)
        };
        setting
            .values
            .iter()
            .find(valid)
            .map(|period| &period.value)
    }

    /// The first day after `day` on which the setting has another value; none when it keeps its value.
    #[must_use]
    pub fn setting_changes(&self, name: &str, day: Date) -> Option<Date> {
        let periods = &self.settings.get(name)?.values;
        let starts = periods.iter().filter_map(|period| period.valid_from);
        let ends = periods
            .iter()
            .filter_map(|period| period.valid_to?.tomorrow().ok());
        starts.chain(ends).filter(|change| *change > day).min()
    }

    /// Whether the value of a setting depends on the day.
    #[must_use]
    pub fn setting_varies(&self, name: &str) -> bool {
        let always = |period: &crate::plan::SettingPeriod| {
            period.valid_from.is_none() && period.valid_to.is_none()
        };
        let setting = self.settings.get(name);
        !setting.is_some_and(|setting| setting.values.iter().any(always))
    }

    /// The stage of a track.
    #[must_use]
    pub fn stage(&self, track: &str, stage: &str) -> Option<&Stage> {
        self.tracks.get(track)?.stages.get(stage)
    }

    /// What the plan says of a task that a case remembers.
    #[must_use]
    pub fn task_of(&self, state: &TaskState) -> Option<&Task> {
        match &state.origin {
            Origin::Stage { track, stage } => self.stage(track, stage)?.tasks.get(&state.name),
            Origin::Recurring(name) => Some(&self.recurring.get(name)?.task),
            Origin::Raised(_) => self.tasks.get(&state.name),
        }
    }

    /// What the plan says of a deadline that a case remembers.
    #[must_use]
    pub fn deadline_of(&self, state: &DeadlineState) -> Option<&Deadline> {
        self.stage(&state.track, &state.stage)?
            .deadlines
            .get(&state.name)
    }

    /// The processes of whose cases rules of this plan ask through a link what has happened to them.
    #[must_use]
    pub fn reads_events_of(&self) -> BTreeSet<&Name> {
        let asks = |reads: &Reads| reads.everything || !reads.events.is_empty();
        let reads = self.reads_of.iter().filter(|(_, reads)| asks(reads));
        reads.map(|(process, _)| process).collect()
    }

    /// Whether a fact is shown to whoever reads in this role, or in none.
    #[must_use]
    pub fn shows_fact(&self, fact: &str, role: Option<&Name>) -> bool {
        let to = self
            .facts
            .get(fact)
            .map_or(&[][..], |fact| &fact.visible_to);
        to.is_empty() || role.is_some_and(|role| to.contains(role))
    }

    /// Whether what a rule says to these roles is shown to whoever reads in this role, or in none. A rule that reads confidential
    /// facts can give them away: then it is for those who are told, and for those who may see all that it reads.
    #[must_use]
    pub fn shows_rule(&self, rule: &str, to: &[Name], role: Option<&Name>) -> bool {
        let mut uses = self
            .attached_rules()
            .filter(|attached| attached.rule == *rule);
        role.is_some_and(|role| to.contains(role))
            || uses.all(|attached| {
                attached
                    .reads
                    .iter()
                    .all(|fact| self.shows_fact(fact, role))
            })
    }

    /// Each rule attached anywhere, the process's own first.
    pub fn attached_rules(&self) -> impl Iterator<Item = &RuleUse> {
        let stages = self.tracks.values().flat_map(|track| track.stages.values());
        self.rules
            .iter()
            .chain(stages.flat_map(|stage| &stage.rules))
    }
}

/// What an amount can be: something that a setting may hold.
pub trait FromSetting: Clone {
    /// The value as this kind; none when the setting holds something else.
    fn from_setting(value: &SettingValue) -> Option<Self>;
}

impl FromSetting for Duration {
    fn from_setting(value: &SettingValue) -> Option<Self> {
        match value {
            SettingValue::Duration(duration) => Some(*duration),
            _ => None,
        }
    }
}

impl FromSetting for Decimal {
    fn from_setting(value: &SettingValue) -> Option<Self> {
        match value {
            SettingValue::Number(number) => Some(*number),
            _ => None,
        }
    }
}

impl FromSetting for u32 {
    fn from_setting(value: &SettingValue) -> Option<Self> {
        Decimal::from_setting(value)?.to_u32()
    }
}

impl FromSetting for Value {
    fn from_setting(value: &SettingValue) -> Option<Self> {
        match value {
            SettingValue::Duration(_) => None,
            SettingValue::Number(number) => Some(Self::Number(*number)),
            SettingValue::YesNo(yes) => Some(Self::YesNo(*yes)),
            SettingValue::Text(text) => Some(Self::Text(text.clone())),
        }
    }
}

impl<T: FromSetting> Amount<T> {
    /// What it is on a day; none when its setting has no value then, or holds something else.
    #[must_use]
    pub fn on(&self, plan: &Plan, day: Date) -> Option<T> {
        match self {
            Self::Literal(value) => Some(value.clone()),
            Self::Setting(name) => T::from_setting(plan.setting(name, day)?),
        }
    }
}

impl<T> Amount<T> {
    /// The setting that it names.
    #[must_use]
    pub fn setting_name(&self) -> Option<&Name> {
        match self {
            Self::Literal(_) => None,
            Self::Setting(name) => Some(name),
        }
    }
}

impl Condition {
    /// Calls `visit` for this condition and each one inside it.
    pub fn each<'a>(&'a self, visit: &mut impl FnMut(&'a Condition)) {
        use crate::condition::Test;
        visit(self);
        match &self.test {
            Test::All(parts) | Test::Any(parts) => parts.iter().for_each(|part| part.each(visit)),
            Test::Not(part) => part.each(visit),
            _ => {}
        }
    }
}

impl Described {
    /// Its doc comment in `language`, or else what it says in none in particular.
    #[must_use]
    pub fn in_language(&self, language: &str) -> &str {
        self.in_languages
            .in_language_or(language, &self.description)
    }
}
