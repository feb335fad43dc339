//! The shapes that others are made of: numbers, texts, instants, lists and maps.

use super::{Frame, Names, Shape, Told, Writer};
use crate::store::{Result, entries::micros};
use forloeb_core::{
    carried::Carried,
    case::CaseId,
    entry::{EndedBecause, LeftBecause},
    name::Name,
    plan::{Level, OnHold},
    time::{EndOnClosed, Unit},
    value::Value,
    versions::Renamed,
};
use jiff::{Timestamp, civil::Date};
use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    marker::PhantomData,
    result,
    sync::Arc,
};

/// What lies as the core's own serde writes it.
macro_rules! as_in_the_core {
    ($($of:ty),+) => { $(
        impl Shape for $of {
            fn write(&self, to: &mut Writer) -> Result<()> {
                to.serde(self)
            }
            fn read<'de, D: Deserializer<'de>>(from: D, _frame: Frame<'_>) -> result::Result<Self, D::Error> {
                Self::deserialize(from)
            }
        }
    )+ };
}

as_in_the_core!(
    u32,
    u64,
    (u32, u32),
    (CaseId, u64),
    String,
    Date,
    Level,
    EndedBecause,
    LeftBecause,
    Unit
);

/// The same, and one of its values goes without saying. It can never be another one: databases leave it out.
macro_rules! as_in_the_core_but {
    ($($of:ty: $absent:expr),+) => { $(
        impl Shape for $of {
            fn write(&self, to: &mut Writer) -> Result<()> {
                to.serde(self)
            }
            fn read<'de, D: Deserializer<'de>>(from: D, _frame: Frame<'_>) -> result::Result<Self, D::Error> {
                Self::deserialize(from)
            }
            fn is_absent(&self, _zero: i64) -> bool {
                *self == $absent
            }
            fn absent(_zero: i64) -> Option<Self> {
                Some($absent)
            }
        }
    )+ };
}

as_in_the_core_but!(
    bool: false,
    EndOnClosed: EndOnClosed::Keep,
    OnHold: OnHold::Stop,
    Renamed: Renamed::default()
);

impl Shape for Name {
    fn write(&self, to: &mut Writer) -> Result<()> {
        to.serde(self.as_str())
    }

    fn read<'de, D: Deserializer<'de>>(
        from: D,
        frame: Frame<'_>,
    ) -> result::Result<Self, D::Error> {
        struct Letters<'n>(&'n Names);
        impl Visitor<'_> for Letters<'_> {
            type Value = Name;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }
            fn visit_str<E: Error>(self, text: &str) -> result::Result<Name, E> {
                Ok(self.0.name(text))
            }
        }
        from.deserialize_str(Letters(frame.names))
    }
}

/// Texts and yes or no lie as they are, the others as in the core: an object of their kind.
impl Shape for Value {
    fn write(&self, to: &mut Writer) -> Result<()> {
        match self {
            Self::Text(text) => to.serde(text),
            Self::YesNo(yes) => to.serde(yes),
            other => to.serde(other),
        }
    }

    fn read<'de, D: Deserializer<'de>>(
        from: D,
        _frame: Frame<'_>,
    ) -> result::Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Value;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value")
            }
            fn visit_str<E: Error>(self, text: &str) -> result::Result<Value, E> {
                Ok(Value::Text(text.to_string()))
            }
            fn visit_bool<E: Error>(self, yes: bool) -> result::Result<Value, E> {
                Ok(Value::YesNo(yes))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> result::Result<Value, A::Error> {
                Value::deserialize(MapAccessDeserializer::new(map))
            }
        }
        from.deserialize_any(Any)
    }
}

impl Shape for Timestamp {
    fn write(&self, to: &mut Writer) -> Result<()> {
        let after = micros(*self)? - to.zero;
        to.serde(&after)
    }

    fn read<'de, D: Deserializer<'de>>(
        from: D,
        frame: Frame<'_>,
    ) -> result::Result<Self, D::Error> {
        let after = i64::deserialize(from)?;
        Self::from_microsecond(frame.zero.saturating_add(after)).map_err(D::Error::custom)
    }

    fn is_absent(&self, zero: i64) -> bool {
        micros(*self).is_ok_and(|at| at == zero)
    }

    fn absent(zero: i64) -> Option<Self> {
        Self::from_microsecond(zero).ok()
    }
}

impl<T: Shape> Shape for Option<T> {
    fn write(&self, to: &mut Writer) -> Result<()> {
        match self {
            Some(value) => value.write(to),
            None => {
                to.raw("null");
                Ok(())
            }
        }
    }

    fn read<'de, D: Deserializer<'de>>(
        from: D,
        frame: Frame<'_>,
    ) -> result::Result<Self, D::Error> {
        struct Maybe<'n, T>(Told<'n, T>);
        impl<'de, T: Shape> Visitor<'de> for Maybe<'_, T> {
            type Value = Option<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("something or nothing")
            }
            fn visit_none<E: Error>(self) -> result::Result<Option<T>, E> {
                Ok(None)
            }
            fn visit_some<D: Deserializer<'de>>(
                self,
                from: D,
            ) -> result::Result<Option<T>, D::Error> {
                T::read(from, self.0.frame).map(Some)
            }
        }
        from.deserialize_option(Maybe(Told::within(frame)))
    }

    fn is_absent(&self, _zero: i64) -> bool {
        self.is_none()
    }

    fn absent(_zero: i64) -> Option<Self> {
        Some(None)
    }
}

/// Several, in their order.
fn write_list<'a, T: Shape + 'a>(list: impl Iterator<Item = &'a T>, to: &mut Writer) -> Result<()> {
    to.raw("[");
    for (place, one) in list.enumerate() {
        if place > 0 {
            to.raw(",");
        }
        one.write(to)?;
    }
    to.raw("]");
    Ok(())
}

impl<T: Shape> Shape for Vec<T> {
    fn write(&self, to: &mut Writer) -> Result<()> {
        write_list(self.iter(), to)
    }

    fn read<'de, D: Deserializer<'de>>(
        from: D,
        frame: Frame<'_>,
    ) -> result::Result<Self, D::Error> {
        struct Several<'n, T>(Told<'n, T>);
        impl<'de, T: Shape> Visitor<'de> for Several<'_, T> {
            type Value = Vec<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> result::Result<Vec<T>, A::Error> {
                let mut read = Vec::new();
                while let Some(one) = list.next_element_seed(Told::within(self.0.frame))? {
                    read.push(one);
                }
                Ok(read)
            }
        }
        from.deserialize_seq(Several(Told::within(frame)))
    }

    fn is_absent(&self, _zero: i64) -> bool {
        self.is_empty()
    }

    fn absent(_zero: i64) -> Option<Self> {
        Some(Self::new())
    }
}

impl<T: Shape + Ord> Shape for BTreeSet<T> {
    fn write(&self, to: &mut Writer) -> Result<()> {
        write_list(self.iter(), to)
    }

    fn read<'de, D: Deserializer<'de>>(
        from: D,
        frame: Frame<'_>,
    ) -> result::Result<Self, D::Error> {
        Vec::read(from, frame).map(Self::from_iter)
    }

    fn is_absent(&self, _zero: i64) -> bool {
        self.is_empty()
    }

    fn absent(_zero: i64) -> Option<Self> {
        Some(Self::new())
    }
}

/// What a map is keyed by.
pub(in crate::store) trait Key: Shape + Ord {
    fn write_key(&self, to: &mut Writer) -> Result<()>;
}

impl Key for Name {
    fn write_key(&self, to: &mut Writer) -> Result<()> {
        self.write(to)
    }
}

impl Key for u64 {
    fn write_key(&self, to: &mut Writer) -> Result<()> {
        to.raw("\"");
        to.serde(self)?;
        to.raw("\"");
        Ok(())
    }
}

/// Values by their keys, in their order.
fn write_map<'a, K: Key + 'a, V: Shape + 'a>(
    map: impl Iterator<Item = (&'a K, &'a V)>,
    to: &mut Writer,
) -> Result<()> {
    to.raw("{");
    for (place, (key, value)) in map.enumerate() {
        if place > 0 {
            to.raw(",");
        }
        key.write_key(to)?;
        to.raw(":");
        value.write(to)?;
    }
    to.raw("}");
    Ok(())
}

impl Shape for Carried {
    fn write(&self, to: &mut Writer) -> Result<()> {
        write_map(self.iter(), to)
    }

    fn read<'de, D: Deserializer<'de>>(
        from: D,
        frame: Frame<'_>,
    ) -> result::Result<Self, D::Error> {
        BTreeMap::read(from, frame).map(Self::from)
    }

    fn is_absent(&self, _zero: i64) -> bool {
        self.is_empty()
    }

    fn absent(_zero: i64) -> Option<Self> {
        Some(Self::default())
    }
}

impl<T: Shape> Shape for Arc<T> {
    fn write(&self, to: &mut Writer) -> Result<()> {
        T::write(self, to)
    }

    fn read<'de, D: Deserializer<'de>>(
        from: D,
        frame: Frame<'_>,
    ) -> result::Result<Self, D::Error> {
        T::read(from, frame).map(Self::new)
    }
}

impl<K: Key, V: Shape> Shape for BTreeMap<K, V> {
    fn write(&self, to: &mut Writer) -> Result<()> {
        write_map(self.iter(), to)
    }

    fn read<'de, D: Deserializer<'de>>(
        from: D,
        frame: Frame<'_>,
    ) -> result::Result<Self, D::Error> {
        struct Keyed<'n, K, V>(Told<'n, V>, PhantomData<K>);
        impl<'de, K: Key, V: Shape> Visitor<'de> for Keyed<'_, K, V> {
            type Value = BTreeMap<K, V>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map")
            }
            fn visit_map<A: MapAccess<'de>>(
                self,
                mut map: A,
            ) -> result::Result<Self::Value, A::Error> {
                let frame = self.0.frame;
                let mut read = BTreeMap::new();
                while let Some(key) = map.next_key_seed(Told::<K>::within(frame))? {
                    read.insert(key, map.next_value_seed(Told::<V>::within(frame))?);
                }
                Ok(read)
            }
        }
        from.deserialize_map(Keyed(Told::within(frame), PhantomData))
    }

    fn is_absent(&self, _zero: i64) -> bool {
        self.is_empty()
    }

    fn absent(_zero: i64) -> Option<Self> {
        Some(Self::new())
    }
}
