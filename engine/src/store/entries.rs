//! How histories, instants and numbers lie in a database, whichever it is.
//!
//! A history lies in records: about what one step wrote, and cut by what the entries say alone, so that it does not matter how steps
//! were batched. A record has the instants of its entries, its first and last number, and a body: an array of entries.
//! `[["reported",[0,"clerk","7"],[15,3],"received"],["stage_entered",1,[34,18],"main","documents",1]]`
//!
//! An entry is a row of its kind, why it is there (by how many entries its cause comes before it, 0 for none; where somebody did it,
//! also their role and number, and those of the person for whom they did), the line and column of its ground, and its own fields.
//! Instants are told from that of the record. Grounds lie in `processes/<process>.yaml` unless a path stands before the entry, which
//! counts for those after it too.

use super::{
    Result, StoreError,
    shape::{Fields, Frame, Kinds, Names, Shape, Writer, read},
};
use forloeb_core::{
    entry::{Actor, Entry, What},
    ground::Ground,
    name::Name,
};
use jiff::Timestamp;
use serde::{
    Deserializer, Serialize,
    de::{DeserializeOwned, DeserializeSeed, Error, SeqAccess, Visitor},
};
use std::{collections::BTreeMap, fmt, result};

/// A body of so many bytes takes no more entries: SQLite puts what is much longer on pages of their own, which stay half empty.
const FULL: usize = 600;

/// What lies in one row of a history.
pub(super) struct Record<'a> {
    pub first: i64,
    pub last: i64,
    pub at_us: i64,
    /// By how much later than `at_us` it was recorded.
    pub late_us: i64,
    /// The idempotency key of its first entry.
    pub key: Option<&'a str>,
    pub body: String,
}

/// The records of new entries, which follow entry `before` of their case. One begins at each entry whose cause is not in the record
/// (an input has none; what became due comes of an earlier one), or that has a key or other instants, and where the record is full.
pub(super) fn records<'a>(
    process: &str,
    before: u64,
    entries: &'a [Entry],
    keys: &'a BTreeMap<u64, String>,
) -> Result<Vec<Record<'a>>> {
    let file = usual_file(process);
    let mut records = Vec::new();
    let mut rest = entries;
    let mut last = before;
    while let Some(first) = rest.first() {
        let mut body = Body::of(first, &file)?;
        let mut taken = 0;
        for entry in rest {
            let begins = entry.cause.is_none_or(|cause| cause < first.seq)
                || keys.contains_key(&entry.seq)
                || (entry.at, entry.recorded) != (first.at, first.recorded)
                || body.is_full();
            if taken > 0 && begins {
                break;
            }
            last += 1;
            if entry.seq != last {
                return Err(StoreError::Constraint(format!(
                    "entry {} does not follow the last one",
                    entry.seq
                )));
            }
            body.add(entry)?;
            taken += 1;
        }
        let at_us = micros(first.at)?;
        records.push(Record {
            first: stored(first.seq)?,
            last: stored(last)?,
            at_us,
            late_us: micros(first.recorded)? - at_us,
            key: keys.get(&first.seq).map(String::as_str),
            body: body.finish()?,
        });
        rest = &rest[taken..];
    }
    Ok(records)
}

/// The file of grounds where no other is named.
fn usual_file(process: &str) -> Name {
    format!("processes/{process}.yaml").into()
}

/// A body that is being written.
struct Body<'a> {
    json: Writer,
    file: &'a Name,
    comma: &'static str,
}

impl<'a> Body<'a> {
    fn of(first: &Entry, file: &'a Name) -> Result<Self> {
        let mut json = Writer::new(micros(first.at)?);
        json.raw("[");
        Ok(Self {
            json,
            file,
            comma: "",
        })
    }

    fn is_full(&self) -> bool {
        self.json.len() >= FULL
    }

    fn add(&mut self, entry: &'a Entry) -> Result<()> {
        if let Some(ground) = &entry.ground
            && *self.file != ground.file
        {
            self.json.raw(self.comma);
            self.comma = ",";
            ground.file.write(&mut self.json)?;
            self.file = &ground.file;
        }
        let back = match entry.cause {
            None => 0,
            Some(cause) if cause >= 1 && cause < entry.seq => entry.seq - cause,
            Some(cause) => {
                return Err(StoreError::Constraint(format!(
                    "entry {} cannot come of entry {cause}: a cause comes before what it causes",
                    entry.seq
                )));
            }
        };
        let why = Why {
            back,
            by: entry.by.clone(),
            on_behalf_of: entry.on_behalf_of.clone(),
            again: entry.again,
        };
        let ground = entry.ground.as_ref();
        let place = ground.map(|ground| (ground.line, ground.column));
        self.json.raw(self.comma);
        self.comma = ",";
        entry.what.write_row(&[&why, &place], &mut self.json)
    }

    fn finish(mut self) -> Result<String> {
        self.json.raw("]");
        self.json.finish()
    }
}

/// Why an entry is there: by how many entries its cause comes before it, 0 for none, who did it, and which entry it records anew.
/// Without the latter two it lies as the number alone.
struct Why {
    back: u64,
    by: Option<Actor>,
    on_behalf_of: Option<Actor>,
    again: Option<u64>,
}

impl Shape for Why {
    fn write(&self, to: &mut Writer) -> Result<()> {
        if self.by.is_none() && self.on_behalf_of.is_none() && self.again.is_none() {
            return to.serde(&self.back);
        }
        let parts = |actor: &Option<Actor>| match actor {
            None => (None, None),
            Some(actor) => (Some(actor.role.clone()), actor.person.clone()),
        };
        let (role, person) = parts(&self.by);
        let (for_role, for_person) = parts(&self.on_behalf_of);
        to.row(
            None,
            &[&self.back],
            &[&role, &person, &for_role, &for_person, &self.again],
        )
    }

    fn is_absent(&self, _zero: i64) -> bool {
        self.back == 0 && self.by.is_none() && self.on_behalf_of.is_none() && self.again.is_none()
    }

    fn absent(_zero: i64) -> Option<Self> {
        Some(Self {
            back: 0,
            by: None,
            on_behalf_of: None,
            again: None,
        })
    }

    fn read<'de, D: Deserializer<'de>>(
        from: D,
        frame: Frame<'_>,
    ) -> result::Result<Self, D::Error> {
        struct NumberOrRow<'n>(Frame<'n>);
        impl<'de> Visitor<'de> for NumberOrRow<'_> {
            type Value = Why;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("why an entry is there")
            }
            fn visit_u64<E: Error>(self, back: u64) -> result::Result<Why, E> {
                Ok(Why {
                    back,
                    by: None,
                    on_behalf_of: None,
                    again: None,
                })
            }
            fn visit_seq<A: SeqAccess<'de>>(self, row: A) -> result::Result<Why, A::Error> {
                let mut fields = Fields { row, frame: self.0 };
                let back = fields.next("cause")?;
                let mut actor = || {
                    let role: Option<Name> = fields.next("role")?;
                    let person = fields.next("person")?;
                    Ok(role.map(|role| Actor { role, person }))
                };
                let (by, on_behalf_of) = (actor()?, actor()?);
                Ok(Why {
                    back,
                    by,
                    on_behalf_of,
                    again: fields.next("again")?,
                })
            }
        }
        from.deserialize_any(NumberOrRow(frame))
    }
}

/// The entries of a row `(process, first, last, at_us, late_us, body)`.
pub(super) fn entries(case: &str, row: (String, i64, i64, i64, i64, String)) -> Result<Vec<Entry>> {
    let (process, first, last, at_us, late_us, body) = row;
    let names = Names::default();
    let seed = Lines {
        first: number(first)?,
        last: number(last)?,
        at: instant(at_us)?,
        recorded: instant(at_us.saturating_add(late_us))?,
        frame: Frame {
            zero: at_us,
            names: &names,
        },
        file: usual_file(&process),
    };
    read(&body, seed, || {
        format!("entries {first} to {last} of case `{case}`")
    })
}

/// Reads a body.
struct Lines<'n> {
    first: u64,
    last: u64,
    at: Timestamp,
    recorded: Timestamp,
    frame: Frame<'n>,
    file: Name,
}

impl<'de> DeserializeSeed<'de> for Lines<'_> {
    type Value = Vec<Entry>;
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> result::Result<Vec<Entry>, D::Error> {
        from.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Lines<'_> {
    type Value = Vec<Entry>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("entries and the files of their grounds")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut body: A) -> result::Result<Vec<Entry>, A::Error> {
        let mut read = Read {
            seq: self.first,
            file: self.file.clone(),
            entries: Vec::new(),
        };
        while body.next_element_seed(Line(&self, &mut read))?.is_some() {}
        if read.seq == self.last + 1 {
            Ok(read.entries)
        } else {
            Err(A::Error::custom(format_args!(
                "{} entries lie there",
                read.entries.len()
            )))
        }
    }
}

/// What was read of a body.
struct Read {
    /// The number of the next entry.
    seq: u64,
    file: Name,
    entries: Vec<Entry>,
}

/// Reads the next of a body: the path of a file, or an entry.
struct Line<'a>(&'a Lines<'a>, &'a mut Read);

impl<'de> DeserializeSeed<'de> for Line<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> result::Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Line<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the path of a file, or an entry")
    }

    fn visit_str<E: Error>(self, path: &str) -> result::Result<(), E> {
        self.1.file = path.into();
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, row: A) -> result::Result<(), A::Error> {
        let Self(record, read) = self;
        let mut fields = Fields {
            row,
            frame: record.frame,
        };
        let kind: String = fields.next("kind")?;
        let why: Why = fields.next("why")?;
        let place: Option<(u32, u32)> = fields.next("ground")?;
        let cause = match why.back {
            0 => None,
            back => Some(
                read.seq
                    .checked_sub(back)
                    .ok_or_else(|| A::Error::custom("a cause before the first entry"))?,
            ),
        };
        let ground = place.map(|(line, column)| Ground {
            file: read.file.clone(),
            line,
            column,
        });
        read.entries.push(Entry {
            seq: read.seq,
            at: record.at,
            recorded: record.recorded,
            cause,
            ground,
            by: why.by,
            on_behalf_of: why.on_behalf_of,
            again: why.again,
            what: What::read_fields(&kind, &mut fields)?,
        });
        read.seq += 1;
        Ok(())
    }
}

/// What was written as JSON; `what` names it for the case that it cannot be read.
pub(super) fn json<T: DeserializeOwned>(text: &str, what: impl FnOnce() -> String) -> Result<T> {
    serde_json::from_str(text).map_err(|error| StoreError::Unreadable {
        what: what(),
        detail: error.to_string(),
    })
}

/// JSON of what is written. Our shapes always have one.
pub(super) fn to_json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| StoreError::Constraint(error.to_string()))
}

/// An instant as it is stored.
pub(super) fn micros(at: Timestamp) -> Result<i64> {
    if at.subsec_nanosecond() % 1_000 == 0 {
        Ok(at.as_microsecond())
    } else {
        Err(StoreError::TooFine(at))
    }
}

/// A stored instant.
pub(super) fn instant(micros: i64) -> Result<Timestamp> {
    Timestamp::from_microsecond(micros).map_err(|error| StoreError::Unreadable {
        what: format!("the instant {micros}"),
        detail: error.to_string(),
    })
}

/// A number as it is stored.
pub(super) fn stored(number: u64) -> Result<i64> {
    i64::try_from(number)
        .map_err(|_| StoreError::Constraint(format!("the number {number} is too large")))
}

/// A stored number.
pub(super) fn number(stored: i64) -> Result<u64> {
    u64::try_from(stored).map_err(|error| StoreError::Unreadable {
        what: format!("the number {stored}"),
        detail: error.to_string(),
    })
}
