//! What an event carried: a case keeps all of these, and few fields each.

use crate::{name::Name, value::Value};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;

/// The values that an event carried, in the order of their fields' names. They lie close together, since a case keeps many of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Carried(Box<[(Name, Value)]>);

impl Carried {
    /// The value of a field.
    #[must_use]
    pub fn get(&self, field: &str) -> Option<&Value> {
        let found = self.iter().find(|(name, _)| **name == *field);
        found.map(|(_, value)| value)
    }

    /// The fields with their values.
    pub fn iter(&self) -> impl Iterator<Item = (&Name, &Value)> {
        self.0.iter().map(|(field, value)| (field, value))
    }

    /// The values.
    pub fn values(&self) -> impl Iterator<Item = &Value> {
        self.iter().map(|(_, value)| value)
    }

    /// Whether it carried nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<BTreeMap<Name, Value>> for Carried {
    fn from(values: BTreeMap<Name, Value>) -> Self {
        Self(values.into_iter().collect())
    }
}

impl Serialize for Carried {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for Carried {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        BTreeMap::deserialize(from).map(Self::from)
    }
}
