//! Texts for people, in each language that a process has.

use crate::name::Name;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One text in several languages, keyed by language code (`da`, `en`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Text(pub BTreeMap<Name, String>);

impl Text {
    /// The text in `language`, or in the first language that it has; empty when it has none.
    #[must_use]
    pub fn in_language(&self, language: &str) -> &str {
        self.0
            .get(language)
            .or_else(|| self.0.values().next())
            .map_or("", String::as_str)
    }

    /// The text in `language`, or else `plain`, unless that is empty.
    #[must_use]
    pub fn in_language_or<'a>(&'a self, language: &str, plain: &'a str) -> &'a str {
        match plain {
            "" => self.in_language(language),
            plain => self.0.get(language).map_or(plain, String::as_str),
        }
    }

    /// Whether it has no words in any language.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
