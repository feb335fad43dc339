//! What is known of a value before a rule runs.

use forloeb_core::{
    name::Name,
    value::{Kind, SettingValue},
};

/// Whose case something belongs to.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Whose {
    /// Its process.
    pub(super) process: Name,
    /// It is the case itself, not a linked one.
    pub(super) own: bool,
}

/// What is known of a value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Sort {
    /// Nothing is known.
    Any,
    /// `()`.
    Nothing,
    Number,
    YesNo,
    Date,
    Instant,
    Length,
    /// This very text, written out.
    Word(Name),
    Text,
    /// One of these names.
    Choice(Vec<Name>),
    /// The id of a case.
    Case,
    It(Whose),
    Far,
    Facts(Whose),
    Settings(Whose),
    /// An occurrence of this event, or of any.
    Happening(Whose, Option<Name>),
    With(Whose, Option<Name>),
    List(Box<Sort>),
    /// A map with these entries, or any.
    Map(Option<Vec<(Name, Sort)>>),
    /// A function without a name, and what is known of the variables that it uses.
    Function(Name, Vec<Sort>),
}

/// What can be compared with what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Number,
    Text,
    YesNo,
    Date,
    Instant,
    Length,
    Other,
}

impl Sort {
    /// Its class; none when it is not known, or nothing, which compares with everything.
    pub(super) fn class(&self) -> Option<Class> {
        match self {
            Self::Any | Self::Nothing => None,
            Self::Number => Some(Class::Number),
            Self::YesNo => Some(Class::YesNo),
            Self::Date => Some(Class::Date),
            Self::Instant => Some(Class::Instant),
            Self::Length => Some(Class::Length),
            Self::Word(_) | Self::Text | Self::Choice(_) => Some(Class::Text),
            Self::Case | Self::It(_) | Self::Far => Some(Class::Text),
            _ => Some(Class::Other),
        }
    }

    /// What a person would call it.
    pub(super) fn people(&self) -> &'static str {
        match self {
            Self::Any => "something",
            Self::Nothing => "nothing (`()`)",
            Self::Number => "a number",
            Self::YesNo => "yes/no",
            Self::Date => "a date",
            Self::Instant => "an instant",
            Self::Length => "a duration",
            Self::Word(_) | Self::Text | Self::Choice(_) => "a text",
            Self::Case => "the id of a case",
            Self::It(_) => "a case",
            Self::Far => "a case behind two links",
            Self::Facts(_) => "`facts`",
            Self::Settings(_) => "`settings`",
            Self::Happening(..) => "an occurrence",
            Self::With(..) => "`with`",
            Self::List(_) => "a list",
            Self::Map(_) => "a map",
            Self::Function(..) => "a function",
        }
    }

    /// What is known of a value that is either of two.
    pub(super) fn join(self, other: Self) -> Self {
        match (self, other) {
            (one, other) if one == other => one,
            (Self::Nothing, known) | (known, Self::Nothing) => known,
            (Self::Happening(one, _), Self::Happening(other, _)) if one == other => {
                Self::Happening(one, None)
            }
            (Self::List(one), Self::List(other)) => Self::List(Box::new(one.join(*other))),
            (Self::Map(_), Self::Map(_)) => Self::Map(None),
            // More can be asked of a case than of its id.
            (Self::It(_) | Self::Far, _) | (_, Self::It(_) | Self::Far) => Self::Any,
            (one, other) if one.class() == Some(Class::Text) && other.class() == one.class() => {
                Self::Text
            }
            _ => Self::Any,
        }
    }

    /// What the elements of a list are.
    pub(super) fn element(self) -> Self {
        match self {
            Self::List(element) => *element,
            _ => Self::Any,
        }
    }

    /// What a fact or field of a kind holds.
    pub(super) fn of(kind: &Kind) -> Self {
        match kind {
            Kind::Text => Self::Text,
            Kind::Number { .. } | Kind::Whole { .. } | Kind::Scale { .. } => Self::Number,
            Kind::YesNo => Self::YesNo,
            Kind::Date => Self::Date,
            Kind::Choice(options) => Self::Choice(options.keys().cloned().collect()),
            Kind::Link { .. } => Self::Case,
            Kind::Each { .. } => Self::Map(None),
        }
    }

    /// What a setting holds.
    pub(super) fn of_setting(value: &SettingValue) -> Self {
        match value {
            SettingValue::Duration(_) => Self::Length,
            SettingValue::Number(_) => Self::Number,
            SettingValue::YesNo(_) => Self::YesNo,
            SettingValue::Text(_) => Self::Text,
        }
    }
}
