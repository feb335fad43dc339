//! How the state of a case lies in a database: an object of what is there, without what has columns of its own, and without its
//! occurrences, which are an object of their own.
//!
//! `started` leads, in microseconds since 1970 UTC; the other instants are told from it.

use super::{
    Result, StoreError,
    entries::{instant, micros},
    shape::{Frame, Names, Shape, Told, Writer, read},
};
use forloeb_core::{
    case::{Case, Occurrence},
    name::Name,
};
use serde::{
    Deserializer,
    de::{DeserializeSeed, Error, MapAccess, Visitor},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt, result,
    sync::Arc,
};

/// What of a state has columns of its own.
pub(super) struct Columns<'n> {
    pub id: Name,
    pub process: Name,
    pub plan: Name,
    pub seq: u64,
    /// The names of what is read together with it.
    pub names: &'n Names,
}

/// The fields of a state, in their order; each is left out where it says nothing.
macro_rules! fields {
    ($($field:ident),+) => {
        /// The text of a state.
        pub(super) fn state(case: &Case) -> Result<String> {
            let zero = micros(case.started)?;
            let mut to = Writer::new(zero);
            to.raw("{\"started\":");
            to.serde(&zero)?;
            $(if !case.$field.is_absent(zero) {
                to.raw(concat!(",\"", stringify!($field), "\":"));
                case.$field.write(&mut to)?;
            })+
            to.raw("}");
            to.finish()
        }

        impl<'de> Visitor<'de> for Columns<'_> {
            type Value = Case;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the state of a case")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> result::Result<Case, A::Error> {
                let (mut case, frame) = self.started(&mut map)?;
                while let Some(key) = map.next_key_seed(Told::<Name>::within(frame))? {
                    match key.as_str() {
                        $(stringify!($field) => case.$field = map.next_value_seed(Told::within(frame))?,)+
                        other => return Err(A::Error::unknown_field(other, &[$(stringify!($field)),+])),
                    }
                }
                Ok(case)
            }
        }
    };
}

fields!(
    now, ended, facts, links, tracks, visits, tasks, deadlines, recurring, findings, raised, hold,
    circled
);

impl<'n> Columns<'n> {
    /// The case as it would be with nothing in it, and the instant that the others are told from.
    fn started<'de, A: MapAccess<'de>>(
        self,
        map: &mut A,
    ) -> result::Result<(Case, Frame<'n>), A::Error> {
        let names = self.names;
        match map.next_key_seed(Told::<Name>::within(Frame { zero: 0, names }))? {
            Some(key) if key == *"started" => {}
            _ => return Err(A::Error::missing_field("started")),
        }
        let zero = map.next_value::<i64>()?;
        let started = instant(zero).map_err(A::Error::custom)?;
        let case = Case {
            id: self.id,
            process: self.process,
            plan: self.plan,
            seq: self.seq,
            now: started,
            started,
            ended: None,
            facts: BTreeMap::new(),
            links: BTreeMap::new(),
            events: BTreeMap::new(),
            tracks: BTreeMap::new(),
            visits: BTreeMap::new(),
            tasks: BTreeMap::new(),
            deadlines: BTreeMap::new(),
            recurring: BTreeMap::new(),
            findings: BTreeMap::new(),
            raised: BTreeSet::new(),
            hold: None,
            circled: Vec::new(),
        };
        Ok((case, Frame { zero, names }))
    }
}

impl<'de> DeserializeSeed<'de> for Columns<'_> {
    type Value = Case;
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> result::Result<Case, D::Error> {
        from.deserialize_map(self)
    }
}

/// A case from the texts of its state and its occurrences.
pub(super) fn case(columns: Columns<'_>, state: &str, occurrences: Option<&str>) -> Result<Case> {
    let (id, names) = (columns.id.clone(), columns.names);
    let mut case = read(state, columns, || format!("the state of case `{id}`"))?;
    if let Some(text) = occurrences {
        let zero = micros(case.started)?;
        let what = || format!("what has happened to case `{id}`");
        case.events = read(text, Told::within(Frame { zero, names }), what)?;
    }
    Ok(case)
}

/// The text of what has happened to a case.
pub(super) fn occurrences(case: &Case) -> Result<String> {
    let mut to = Writer::new(micros(case.started)?);
    case.events.write(&mut to)?;
    to.finish()
}

/// Whether the same has happened to a case at two states of it, which share what occurred.
pub(super) fn same_occurrences(before: &Case, after: &Case) -> bool {
    let same = |a: &[Arc<Occurrence>], b: &[Arc<Occurrence>]| {
        a.len() == b.len() && a.iter().zip(b).all(|(a, b)| Arc::ptr_eq(a, b))
    };
    before.events.len() == after.events.len()
        && before
            .events
            .iter()
            .zip(&after.events)
            .all(|((a, those), (b, these))| a == b && same(those, these))
}

/// A task, deadline or finding, which a state holds under its number: `(started, what lies under the number)`.
pub(super) fn item<T: Shape>(
    (started, text): (Option<i64>, Option<String>),
    what: impl Fn() -> String,
) -> Result<T> {
    match (started, text) {
        (Some(zero), Some(text)) => {
            let names = &Names::default();
            read(&text, Told::<T>::within(Frame { zero, names }), what)
        }
        _ => Err(StoreError::Unreadable {
            what: what(),
            detail: "the state of the case does not hold it".to_string(),
        }),
    }
}
