//! The lines of `apply`: one JSON object each, read and checked by itself.

use super::{
    Failure,
    case::{AN_ID, NO_ID, is_id},
    context::who,
    task::handle,
};
use crate::turn::{Request, Who};
use forloeb_core::{
    accept::nearest,
    input::{Input, Raw, Refusal, Which},
    name::Name,
    time::Duration,
};
use jiff::Timestamp;
use serde::{
    Deserialize, Deserializer,
    de::{Error as _, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Value as Json};
use std::fmt;

/// A line that has been read.
#[derive(Debug)]
pub enum Line {
    /// An input; `at` is still as it was written, since the calendar says in which zone it is read.
    Input(Box<Request>, Option<String>),
    /// A virtual clock moves on.
    Advance(Duration),
    /// Where the virtual clock of a demo begins.
    Clock(Timestamp),
    /// A finding is left out; until when is still as it was written, or not said at all.
    Snooze(Box<Request>, Option<String>),
}

/// The kinds of lines: the key by which each is known, and the other keys that it may have.
const KINDS: [(&str, &[&str]); 11] = [
    ("start", &["id", "set", "by", "key"]),
    ("event", &["case", "with", "by", "for", "at", "key"]),
    ("task", &["by", "for", "set", "key"]),
    ("link", &["case", "to", "by", "key"]),
    ("unlink", &["case", "to", "by", "key"]),
    ("hold", &["because", "until", "by", "key"]),
    ("resume", &["by", "key"]),
    ("ack", &["because", "by", "key"]),
    ("snooze", &["because", "until", "by", "key"]),
    ("correct", &["because", "by", "for", "key"]),
    ("advance", &[]),
];

pub fn refuse<T>(message: impl Into<String>, help: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal {
        message: message.into(),
        help: Some(help.into()),
    })
}

/// The key that was probably meant.
fn nearest_of<'k>(written: &str, keys: &[&'k str]) -> Option<&'k str> {
    let names: Vec<Name> = keys.iter().map(|key| Name::from(*key)).collect();
    let near = nearest(written, &names)?;
    keys.iter().copied().find(|key| near == key)
}

/// What a mistake in a command is, in a line.
pub fn as_refusal(failure: Failure) -> Refusal {
    match failure {
        Failure::Usage { message, help } => Refusal {
            message,
            help: Some(help),
        },
        Failure::Refused(refusal) => refusal,
        other => Refusal {
            message: other.to_string(),
            help: None,
        },
    }
}

/// A line as an object, in which no key comes twice: the second would silently win.
fn object(text: &str) -> Result<Map<String, Json>, Refusal> {
    const FORM: &str =
        r#"write one object a line, such as {"case":"p-1","event":"EVENT","by":"ROLE"}"#;
    match serde_json::from_str::<Strict>(text) {
        Ok(Strict(Json::Object(line))) => Ok(line),
        Ok(_) => refuse("this is not a JSON object", FORM),
        Err(error) if error.is_data() => {
            let why = error.to_string();
            let why = why.split(" at line ").next().unwrap_or(&why);
            refuse(why, "say it once")
        }
        Err(error) => refuse(
            format!("this is not JSON, from character {} on", error.column()),
            FORM,
        ),
    }
}

/// JSON in which no key of an object comes twice.
struct Strict(Json);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(StrictVisitor).map(Self)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::from(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::from(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
        Ok(Json::from(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::from(value))
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Json, A::Error> {
        let mut values = Vec::new();
        while let Some(Strict(value)) = seq.next_element()? {
            values.push(value);
        }
        Ok(Json::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
        let mut values = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            if values.contains_key(&key) {
                return Err(A::Error::custom(format_args!("`{key}` comes twice")));
            }
            let Strict(value) = map.next_value()?;
            values.insert(key, value);
        }
        Ok(Json::Object(values))
    }
}

impl Line {
    /// Reads a line.
    pub fn read(text: &str) -> Result<Self, Refusal> {
        let line = object(text)?;
        if let (1, Some(clock)) = (line.len(), line.get("clock")) {
            let start = clock.as_str().and_then(|text| text.parse().ok());
            return match start {
                Some(start) => Ok(Self::Clock(start)),
                None => refuse(
                    "`clock` is not an instant",
                    "write it as 2026-08-03T06:00:00Z",
                ),
            };
        }
        let Some((kind, others)) = KINDS.iter().find(|(kind, _)| line.contains_key(*kind)) else {
            let kinds = KINDS.map(|(kind, _)| kind);
            let near = line.keys().find_map(|key| nearest_of(key, &kinds));
            return refuse(
                "the line does not say what is done",
                match near {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!(
                        "it needs one of {}",
                        kinds.map(|kind| format!("`{kind}`")).join(", ")
                    ),
                },
            );
        };
        if let Some(unknown) = line
            .keys()
            .find(|key| key != kind && !others.contains(&key.as_str()))
        {
            let known = others
                .iter()
                .map(|key| format!("`{key}`"))
                .collect::<Vec<_>>()
                .join(", ");
            let message = format!("a line with `{kind}` has no `{unknown}`");
            if KINDS.iter().any(|(other, _)| other == unknown) {
                return refuse(message, "write one line for each thing that is done");
            }
            return match (nearest_of(unknown, others), others.is_empty()) {
                (Some(near), _) => refuse(message, format!("did you mean `{near}`?")),
                (None, true) => refuse(message, "it has nothing else"),
                (None, false) => refuse(message, format!("it may have {known}")),
            };
        }
        Keys(&line).line(kind)
    }
}

/// The keys of a line.
struct Keys<'l>(&'l Map<String, Json>);

impl Keys<'_> {
    fn text(&self, key: &str) -> Result<Option<String>, Refusal> {
        match self.0.get(key) {
            None | Some(Json::Null) => Ok(None),
            Some(Json::String(text)) if !text.trim().is_empty() => Ok(Some(text.clone())),
            Some(_) => refuse(
                format!("`{key}` is not a text"),
                format!("write it in quotes: \"{key}\":\"…\""),
            ),
        }
    }

    fn need(&self, key: &str) -> Result<String, Refusal> {
        match self.text(key)? {
            Some(text) => Ok(text),
            None => refuse(
                format!("`{key}` is missing"),
                format!("add \"{key}\":\"…\""),
            ),
        }
    }

    fn map(&self, key: &str) -> Result<Raw, Refusal> {
        match self.0.get(key) {
            None | Some(Json::Null) => Ok(Raw::new()),
            Some(Json::Object(map)) => Ok(map
                .iter()
                .map(|(name, value)| (Name::from(name.as_str()), value.clone()))
                .collect()),
            Some(_) => refuse(
                format!("`{key}` is not an object"),
                format!("write \"{key}\":{{\"name\":\"value\"}}"),
            ),
        }
    }

    fn who(&self, key: &str) -> Result<Option<Who>, Refusal> {
        self.text(key)?
            .as_deref()
            .map(who)
            .transpose()
            .map_err(as_refusal)
    }

    fn line(&self, kind: &str) -> Result<Line, Refusal> {
        let mut request = Request {
            case: None,
            process: None,
            input: Input::Resume,
            by: self.who("by")?,
            on_behalf_of: self.who("for")?,
            key: self.text("key")?,
        };
        let mut at = None;
        let case = |text: String| Some(Name::from(text));
        request.input = match kind {
            "start" => {
                request.process = Some(Name::from(self.need("start")?));
                request.case = self.text("id")?.and_then(case);
                if let Some(id) = request.case.as_ref().filter(|id| !is_id(id)) {
                    return refuse(format!("`{id}` cannot be an id: {NO_ID}"), AN_ID);
                }
                Input::Start {
                    facts: self.map("set")?,
                }
            }
            "event" => {
                request.case = case(self.need("case")?);
                at = self.text("at")?;
                let event = Name::from(self.need("event")?);
                Input::Report {
                    event,
                    with: self.map("with")?,
                    happened: None,
                    from: None,
                }
            }
            "task" => {
                let (of, task) = handle(&self.need("task")?).map_err(as_refusal)?;
                request.case = Some(of);
                Input::Finish {
                    task,
                    set: self.map("set")?,
                }
            }
            "link" | "unlink" => {
                request.case = case(self.need("case")?);
                let (link, to) = (Name::from(self.need(kind)?), Name::from(self.need("to")?));
                match kind {
                    "link" => Input::Link {
                        link,
                        to,
                        from: None,
                    },
                    _ => Input::Unlink {
                        link,
                        to,
                        from: None,
                    },
                }
            }
            "hold" => {
                request.case = case(self.need("hold")?);
                at = self.text("until")?;
                Input::Hold {
                    until: None,
                    because: self.need("because")?,
                }
            }
            "resume" => {
                request.case = case(self.need("resume")?);
                Input::Resume
            }
            "ack" | "snooze" => {
                let (of, finding) = handle(&self.need(kind)?).map_err(as_refusal)?;
                request.case = Some(of);
                let because = self.need("because")?;
                if kind == "snooze" {
                    request.input = Input::Snooze {
                        finding,
                        until: Timestamp::UNIX_EPOCH,
                        because,
                    };
                    return Ok(Line::Snooze(Box::new(request), self.text("until")?));
                }
                Input::Acknowledge { finding, because }
            }
            "correct" => {
                let (of, entry) = handle(&self.need("correct")?).map_err(as_refusal)?;
                let Which::Number(entry) = entry else {
                    return refuse(
                        "`correct` does not name an entry",
                        "write \"correct\":\"CASE/NUMBER\"",
                    );
                };
                request.case = Some(of);
                Input::Correct {
                    entry,
                    because: self.need("because")?,
                }
            }
            _ => {
                let duration = Duration::parse(&self.need("advance")?);
                return duration.map(Line::Advance).map_err(|misread| Refusal {
                    message: misread.message,
                    help: Some(misread.help),
                });
            }
        };
        Ok(Line::Input(Box::new(request), at))
    }
}
