//! The languages in which the program itself speaks.

use super::{danish::Danish, english::English, tongue::Tongue};

/// A language of the program. A process may have others: its own texts then stand between English sentences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Danish, `da`.
    Danish,
    /// English, `en`.
    English,
}

impl Language {
    /// The language with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "da" => Some(Self::Danish),
            "en" => Some(Self::English),
            _ => None,
        }
    }

    /// Its code, as the texts of a process use it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Danish => "da",
            Self::English => "en",
        }
    }

    /// Its sentences.
    #[must_use]
    pub fn tongue(self) -> &'static dyn Tongue {
        match self {
            Self::Danish => &Danish,
            Self::English => &English,
        }
    }
}
