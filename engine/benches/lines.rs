//! What is reported, as a line for `apply` and as a request for the engine.

use forloeb::turn::{Request, Who};
use forloeb_core::{input::Input, name::Name};
use serde_json::{Map, Value as Json, json};

/// Something that is done to a case.
#[derive(Clone, Debug)]
pub struct Line {
    /// The case.
    pub case: String,
    /// The process, if it starts.
    pub starts: Option<&'static str>,
    /// The event, if it does not.
    pub event: &'static str,
    /// The facts or fields.
    pub with: Map<String, Json>,
    /// The role, and who.
    pub by: String,
    /// What makes a second delivery harmless.
    pub key: Option<String>,
}

impl Line {
    /// A case that starts.
    pub fn start(process: &'static str, case: &str, with: Json, by: &str) -> Self {
        Self {
            case: case.to_owned(),
            starts: Some(process),
            event: "",
            with: with.as_object().cloned().unwrap_or_default(),
            by: by.to_owned(),
            key: None,
        }
    }

    /// An event that is reported.
    pub fn event(case: &str, event: &'static str, with: Json, by: &str) -> Self {
        Self {
            case: case.to_owned(),
            starts: None,
            event,
            with: with.as_object().cloned().unwrap_or_default(),
            by: by.to_owned(),
            key: None,
        }
    }

    /// As it stands in a file.
    pub fn json(&self) -> Json {
        let mut line = match self.starts {
            Some(process) => {
                json!({ "start": process, "id": self.case, "set": self.with, "by": self.by })
            }
            None => {
                json!({ "case": self.case, "event": self.event, "with": self.with, "by": self.by })
            }
        };
        if let (Some(key), Json::Object(line)) = (&self.key, &mut line) {
            line.insert("key".to_owned(), Json::from(key.as_str()));
        }
        line
    }

    /// As the engine takes it.
    pub fn request(&self) -> Request {
        let with = self
            .with
            .iter()
            .map(|(name, value)| (Name::from(name.as_str()), value.clone()));
        let with = with.collect();
        let by = match self.by.split_once(':') {
            Some((role, name)) => Who {
                role: role.into(),
                name: Some(name.to_owned()),
            },
            None => Who {
                role: self.by.as_str().into(),
                name: None,
            },
        };
        Request {
            case: Some(self.case.as_str().into()),
            process: self.starts.map(Name::from),
            input: match self.starts {
                Some(_) => Input::Start { facts: with },
                None => Input::Report {
                    event: self.event.into(),
                    with,
                    happened: None,
                    from: None,
                },
            },
            by: Some(by),
            on_behalf_of: None,
            key: self.key.clone(),
        }
    }
}

/// The lines of many cases in one file, as they would come: so many cases at a time are under way, each at another point of its journey.
pub fn interleaved(cases: Vec<Vec<Line>>, abreast: usize) -> Vec<Line> {
    let mut timed = Vec::new();
    for (at, case) in cases.into_iter().enumerate() {
        for (step, line) in case.into_iter().enumerate() {
            timed.push((at + step * abreast, line));
        }
    }
    timed.sort_by_key(|(when, _)| *when);
    timed.into_iter().map(|(_, line)| line).collect()
}
