//! How the values of the core lie in a database: short JSON that a person can still read. What lies where is in `entries` (histories)
//! and `state` (cases).
//!
//! What has fields lies as a row: an array of them. What has kinds lies as a row that begins with the kind. Fields at the end of a row
//! that say nothing (none, no, empty, the instant that all are told from) are left out; so a field that is added one day
//! must come last and be one that can be left out. Instants are microseconds from another instant, `zero`, which the reader knows.
//! Of equal names that are read together there is one in memory: the states of cases consist of few names, many times.

mod plain;
mod rows;

use super::{Result, StoreError};
use forloeb_core::name::Name;
use serde::{
    Deserializer, Serialize,
    de::{DeserializeSeed, Error, SeqAccess},
};
use std::{cell::RefCell, collections::HashSet, fmt, marker::PhantomData, result};

/// What lies in a database in a form of its own.
pub(super) trait Shape {
    /// Writes it.
    fn write(&self, to: &mut Writer) -> Result<()>;

    /// Reads it.
    fn read<'de, D: Deserializer<'de>>(from: D, frame: Frame<'_>) -> result::Result<Self, D::Error>
    where
        Self: Sized;

    /// Whether it says nothing and may be left out.
    fn is_absent(&self, _zero: i64) -> bool {
        false
    }

    /// What was left out.
    fn absent(_zero: i64) -> Option<Self>
    where
        Self: Sized,
    {
        None
    }
}

/// What has kinds, each with its fields.
pub(super) trait Kinds: Sized {
    /// Writes it as a row: the kind, `head`, the fields.
    fn write_row(&self, head: &[&dyn Shape], to: &mut Writer) -> Result<()>;

    /// Reads the fields of a kind.
    fn read_fields<'de, A: SeqAccess<'de>>(
        kind: &str,
        fields: &mut Fields<'_, A>,
    ) -> result::Result<Self, A::Error>;
}

/// JSON that is being written.
pub(super) struct Writer {
    json: Vec<u8>,
    zero: i64,
}

impl Writer {
    /// Instants are told from `zero`.
    pub(super) fn new(zero: i64) -> Self {
        Self {
            json: Vec::with_capacity(512),
            zero,
        }
    }

    /// JSON as it is.
    pub(super) fn raw(&mut self, json: &str) {
        self.json.extend_from_slice(json.as_bytes());
    }

    /// What lies as the core's own serde writes it.
    pub(super) fn serde(&mut self, value: &(impl Serialize + ?Sized)) -> Result<()> {
        serde_json::to_writer(&mut self.json, value).map_err(unwritable)
    }

    /// A row: a kind if there are several, a head, and the rest; what is absent at its end is left out.
    pub(super) fn row(
        &mut self,
        kind: Option<&str>,
        head: &[&dyn Shape],
        rest: &[&dyn Shape],
    ) -> Result<()> {
        let zero = self.zero;
        let left_out = |fields: &[&dyn Shape]| {
            let told = fields.iter().rposition(|field| !field.is_absent(zero));
            told.map_or(0, |last| last + 1)
        };
        let (head, rest) = match left_out(rest) {
            0 => (&head[..left_out(head)], &rest[..0]),
            told => (head, &rest[..told]),
        };
        self.raw("[");
        if let Some(kind) = kind {
            self.serde(kind)?;
        }
        for (place, field) in head.iter().chain(rest).enumerate() {
            if place > 0 || kind.is_some() {
                self.raw(",");
            }
            field.write(self)?;
        }
        self.raw("]");
        Ok(())
    }

    /// How many bytes there are by now.
    pub(super) fn len(&self) -> usize {
        self.json.len()
    }

    /// The text.
    pub(super) fn finish(self) -> Result<String> {
        String::from_utf8(self.json).map_err(unwritable)
    }
}

/// Our shapes always have a form.
fn unwritable(error: impl fmt::Display) -> StoreError {
    StoreError::Constraint(error.to_string())
}

/// The names that are read together.
#[derive(Default)]
pub(super) struct Names(RefCell<HashSet<Name>>);

impl Names {
    /// The name of these letters, the same each time.
    pub(super) fn name(&self, letters: &str) -> Name {
        let mut names = self.0.borrow_mut();
        if let Some(known) = names.get(letters) {
            return known.clone();
        }
        let name = Name::from(letters);
        names.insert(name.clone());
        name
    }
}

/// What is the same for all that is read of one text.
#[derive(Clone, Copy)]
pub(super) struct Frame<'n> {
    /// Instants are told from it.
    pub(super) zero: i64,
    /// The names that were read before.
    pub(super) names: &'n Names,
}

/// Reads a shape in a frame.
pub(super) struct Told<'n, T> {
    frame: Frame<'n>,
    shape: PhantomData<T>,
}

impl<'n, T> Told<'n, T> {
    pub(super) fn within(frame: Frame<'n>) -> Self {
        Self {
            frame,
            shape: PhantomData,
        }
    }
}

impl<'de, T: Shape> DeserializeSeed<'de> for Told<'_, T> {
    type Value = T;
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> result::Result<T, D::Error> {
        T::read(from, self.frame)
    }
}

/// The fields of a row, one after the other.
pub(super) struct Fields<'n, A> {
    pub(super) row: A,
    pub(super) frame: Frame<'n>,
}

impl<'de, A: SeqAccess<'de>> Fields<'_, A> {
    /// The next one, or what stands for it when it was left out.
    pub(super) fn next<T: Shape>(&mut self, name: &'static str) -> result::Result<T, A::Error> {
        match self.row.next_element_seed(Told::within(self.frame))? {
            Some(field) => Ok(field),
            None => T::absent(self.frame.zero).ok_or_else(|| A::Error::missing_field(name)),
        }
    }
}

/// What a seed makes of JSON; `what` names it for the case that it cannot be read.
pub(super) fn read<'de, S: DeserializeSeed<'de>>(
    json: &'de str,
    seed: S,
    what: impl FnOnce() -> String,
) -> Result<S::Value> {
    let mut from = serde_json::Deserializer::from_str(json);
    seed.deserialize(&mut from)
        .and_then(|read| from.end().map(|()| read))
        .map_err(|error| StoreError::Unreadable {
            what: what(),
            detail: error.to_string(),
        })
}
