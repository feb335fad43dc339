//! The names that a process file declares, collected before anything is resolved, so that the order of sections does not
//! matter and a broken declaration is not also reported wherever it is used.

use super::{
    problems::suggestion,
    read::{Problems, word},
    tree::{Content, Entry, Node},
};
use crate::diagnostic::Diagnostic;
use forloeb_core::name::Name;
use indexmap::IndexMap;

/// A kind of named element, for errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// A role.
    Role,
    /// A setting.
    Setting,
    /// A fact.
    Fact,
    /// A link.
    Link,
    /// An event.
    Event,
    /// A field of an event.
    Field,
    /// A task of the process.
    RaisedTask,
    /// A task of the stage.
    StageTask,
    /// A stage.
    Stage,
    /// An outcome.
    Outcome,
    /// A text.
    Text,
    /// A process of the programme.
    Process,
    /// A calendar of the programme.
    Calendar,
}

impl Sort {
    /// The section of a process file that declares such things.
    fn section(self) -> Option<&'static str> {
        Some(match self {
            Self::Role => "roles",
            Self::Setting => "settings",
            Self::Fact => "facts",
            Self::Link => "links",
            Self::Event => "events",
            Self::RaisedTask => "tasks",
            Self::Stage => "tracks",
            Self::Outcome => "outcomes",
            Self::Text => "texts",
            Self::Field | Self::StageTask | Self::Process | Self::Calendar => return None,
        })
    }

    /// Code of the error, what it is called, and where such things are declared.
    fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Role => ("unknown-role", "role", "declare it under `roles:`"),
            Self::Setting => ("unknown-setting", "setting", "declare it under `settings:`"),
            Self::Fact => ("unknown-fact", "fact", "declare it under `facts:`"),
            Self::Link => ("unknown-link", "link", "declare it under `links:`"),
            Self::Event => ("unknown-event", "event", "declare it under `events:`"),
            Self::Field => (
                "unknown-field",
                "field",
                "declare it under `with:` of the event",
            ),
            Self::RaisedTask => (
                "unknown-task",
                "task of the process",
                "declare it under the `tasks:` of the process",
            ),
            Self::StageTask => (
                "unknown-task",
                "task in this stage",
                "declare it under `tasks:` of the stage",
            ),
            Self::Stage => (
                "unknown-stage",
                "stage",
                "declare it under `stages:` of a track",
            ),
            Self::Outcome => ("unknown-outcome", "outcome", "declare it under `outcomes:`"),
            Self::Text => ("unknown-text", "text", "declare it under `texts:`"),
            Self::Process => (
                "unknown-process",
                "process",
                "put its file into `processes/`",
            ),
            Self::Calendar => (
                "unknown-calendar",
                "calendar",
                "put its file into `processes/calendars/`",
            ),
        }
    }
}

/// Reads the name of a declared element.
pub fn resolve<'k>(
    node: &Node,
    sort: Sort,
    known: impl IntoIterator<Item = &'k str>,
    problems: &mut Problems,
) -> Option<Name> {
    let (_, what, _) = sort.words();
    let scalar = word(node, &format!("the name of a {what}"), problems)?;
    let known: Vec<&str> = known.into_iter().collect();
    if known.contains(&scalar.text.as_str()) {
        return Some(scalar.text.as_str().into());
    }
    problems.push(unknown(node, &scalar.text, sort, known));
    None
}

/// A name that nothing bears.
pub fn unknown<'k>(
    node: &Node,
    text: &str,
    sort: Sort,
    known: impl IntoIterator<Item = &'k str>,
) -> Diagnostic {
    let (code, what, none) = sort.words();
    let message = match sort {
        Sort::RaisedTask => format!("the process has no task `{text}` of its own"),
        Sort::StageTask => format!("this stage has no task `{text}`"),
        Sort::Field => format!("this event has no field `{text}`"),
        _ => format!("there is no {what} `{text}`"),
    };
    Diagnostic::error(code, &node.span, message).help(suggestion(text, known, none))
}

/// The names that a process file declares.
#[derive(Debug, Default)]
pub struct Declared<'n> {
    /// Roles.
    pub roles: IndexMap<&'n str, &'n Entry>,
    /// Settings.
    pub settings: IndexMap<&'n str, &'n Entry>,
    /// Facts.
    pub facts: IndexMap<&'n str, &'n Entry>,
    /// Links.
    pub links: IndexMap<&'n str, &'n Entry>,
    /// Events.
    pub events: IndexMap<&'n str, &'n Entry>,
    /// Tasks of the process.
    pub tasks: IndexMap<&'n str, &'n Entry>,
    /// Stages of all tracks.
    pub stages: IndexMap<&'n str, &'n Entry>,
    /// Outcomes.
    pub outcomes: IndexMap<&'n str, &'n Entry>,
    /// Texts.
    pub texts: IndexMap<&'n str, &'n Entry>,
}

impl<'n> Declared<'n> {
    /// The names in the tree of a process file.
    pub fn collect(root: &'n Node) -> Self {
        let section = |name: &str| names(root.get(name));
        let mut stages = IndexMap::new();
        for track in root.get("tracks").map(Node::entries).unwrap_or_default() {
            for (name, entry) in names(track.value.get("stages")) {
                stages.entry(name).or_insert(entry);
            }
        }
        Self {
            roles: section("roles"),
            settings: section("settings"),
            facts: section("facts"),
            links: section("links"),
            events: section("events"),
            tasks: section("tasks"),
            stages,
            outcomes: section("outcomes"),
            texts: section("texts"),
        }
    }

    /// Whether the section that declares such things is there but cannot be read, which has been said already.
    pub fn unreadable(root: &Node, sort: Sort) -> bool {
        let section = sort.section().and_then(|section| root.get(section));
        section.is_some_and(|section| !matches!(section.content, Content::Map(_)))
    }

    /// The declared names of one sort.
    pub fn of(&self, sort: Sort) -> &IndexMap<&'n str, &'n Entry> {
        match sort {
            Sort::Role => &self.roles,
            Sort::Setting => &self.settings,
            Sort::Link => &self.links,
            Sort::Event => &self.events,
            Sort::RaisedTask => &self.tasks,
            Sort::Stage => &self.stages,
            Sort::Outcome => &self.outcomes,
            Sort::Text => &self.texts,
            _ => &self.facts,
        }
    }
}

/// The names under a node.
pub fn names(node: Option<&Node>) -> IndexMap<&str, &Entry> {
    node.map(Node::entries)
        .unwrap_or_default()
        .iter()
        .map(|entry| (entry.key.as_str(), entry))
        .collect()
}
