//! What is reported, as a line for `apply` and as a request for the engine.

use forloeb::turn::{Request, Who};
use forloeb_core::{
    input::{Input, Which},
    name::Name,
};
use serde_json::{Map, Value as Json, json};

/// What is done.
#[derive(Clone, Debug)]
pub enum Act {
    /// It starts, in this process.
    Start(&'static str),
    /// This event is reported.
    Event(&'static str),
    /// This task is done.
    Task(&'static str),
    /// It is linked to another case.
    Link(&'static str, String),
}

/// Something that is done to a case.
#[derive(Clone, Debug)]
pub struct Line {
    /// The case.
    pub case: String,
    /// What is done to it.
    pub act: Act,
    /// The facts or fields.
    pub with: Map<String, Json>,
    /// The role, and who.
    pub by: String,
    /// What makes a second delivery harmless.
    pub key: Option<String>,
}

impl Line {
    fn new(case: &str, act: Act, with: Json, by: &str) -> Self {
        Self {
            case: case.to_owned(),
            act,
            with: with.as_object().cloned().unwrap_or_default(),
            by: by.to_owned(),
            key: None,
        }
    }

    /// A case that starts.
    pub fn start(process: &'static str, case: &str, with: Json, by: &str) -> Self {
        Self::new(case, Act::Start(process), with, by)
    }

    /// An event that is reported.
    pub fn event(case: &str, event: &'static str, with: Json, by: &str) -> Self {
        Self::new(case, Act::Event(event), with, by)
    }

    /// A task that is done.
    pub fn task(case: &str, task: &'static str, with: Json, by: &str) -> Self {
        Self::new(case, Act::Task(task), with, by)
    }

    /// A link to another case.
    pub fn link(case: &str, link: &'static str, to: &str, by: &str) -> Self {
        Self::new(case, Act::Link(link, to.to_owned()), Json::Null, by)
    }

    /// As it stands in a file.
    pub fn json(&self) -> Json {
        let Self { case, with, by, .. } = self;
        let mut line = match &self.act {
            Act::Start(process) => json!({ "start": process, "id": case, "set": with, "by": by }),
            Act::Event(event) => json!({ "case": case, "event": event, "with": with, "by": by }),
            Act::Task(task) => json!({ "task": format!("{case}/{task}"), "set": with, "by": by }),
            Act::Link(link, to) => json!({ "link": link, "case": case, "to": to, "by": by }),
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
        let process = match self.act {
            Act::Start(process) => Some(Name::from(process)),
            _ => None,
        };
        let input = match &self.act {
            Act::Start(_) => Input::Start { facts: with },
            Act::Event(event) => Input::Report {
                event: Name::from(*event),
                with,
                happened: None,
                from: None,
            },
            Act::Task(task) => Input::Finish {
                task: Which::Named(Name::from(*task)),
                set: with,
            },
            Act::Link(link, to) => Input::Link {
                link: Name::from(*link),
                to: to.as_str().into(),
                from: None,
            },
        };
        Request {
            case: Some(self.case.as_str().into()),
            process,
            input,
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
