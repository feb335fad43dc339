//! Which version of a process a word on the command line means: a process or an overlay of the programme's folder, or one that is stored.

use super::{Context, Failure, context::read};
use crate::{
    language::programme::{Loaded, Ready, load, overlays_among},
    store::{
        Environment, Store, StoreError,
        sqlite::{Open, SqliteStore},
    },
    turn::Engine,
    words::Side,
};
use forloeb_core::{
    accept::{listed, nearest},
    name::Name,
};
use std::{collections::BTreeSet, sync::Arc};

/// The fewest characters that a version is called by: fewer are met by chance.
const FEWEST: usize = 4;
/// How many stored versions are listed.
const SHOWN: usize = 8;
/// How many characters of a plan's name tell versions apart.
const SHORT: usize = 8;

/// A version that is meant.
#[derive(Clone, Debug)]
pub struct Meant {
    pub side: Side,
    pub ready: Arc<Ready>,
}

impl Meant {
    /// Whether it is one of the database.
    pub fn is_stored(&self) -> bool {
        matches!(self.side, Side::Stored(..) | Side::InForce(..))
    }
}

/// Where versions are looked for.
#[derive(Debug)]
pub struct Versions {
    loaded: Loaded,
    /// The processes of the folder, those with errors among them.
    processes: BTreeSet<Name>,
    overlays: BTreeSet<Name>,
    /// The database, or why it is not at hand.
    engine: Result<Engine<SqliteStore>, Failure>,
    /// The stored versions, each with its process.
    stored: Vec<(Name, Name)>,
}

impl Versions {
    /// Looks at the folder and, where there is one, at the database.
    ///
    /// # Errors
    /// When the folder cannot be read, or a database that is there, or that somebody asks for, cannot.
    pub async fn at_hand(context: &Context) -> Result<Self, Failure> {
        let sources = read(&context.common.programme)?;
        let engine = engine(context).await?;
        let stored = match &engine {
            Ok(engine) => engine.store().plans(engine.tenant()).await?,
            Err(_) => Vec::new(),
        };
        let process = |path: &Name| {
            let name = path.strip_prefix("processes/")?.strip_suffix(".yaml")?;
            (!name.contains('/')).then(|| Name::from(name))
        };
        Ok(Self {
            processes: sources
                .iter()
                .filter_map(|source| process(&source.path))
                .collect(),
            overlays: overlays_among(&sources).into_iter().collect(),
            loaded: load(&sources),
            engine,
            stored,
        })
    }

    /// The engine, where there is a database.
    pub fn engine(&self) -> Option<&Engine<SqliteStore>> {
        self.engine.as_ref().ok()
    }

    /// The engine for something that is only in a database.
    fn need_engine(&self) -> Result<&Engine<SqliteStore>, Failure> {
        self.engine.as_ref().map_err(Clone::clone)
    }

    /// What a word means.
    ///
    /// # Errors
    /// When it means nothing, or several things, or something with errors.
    pub async fn meant(&self, word: &str) -> Result<Meant, Failure> {
        match word.split_once(':') {
            Some(("process", name)) => {
                self.process(&self.known("process", name, &self.processes)?)
            }
            Some(("overlay", name)) => {
                self.overlay(&self.known("overlay", name, &self.overlays)?)
            }
            Some(("version", id)) => self.version(id).await,
            Some(("active", process)) => self.in_force(process).await,
            Some((kind, _)) => Err(Failure::usage(
                format!("`{kind}` is no kind of version"),
                "write `process:NAME`, `overlay:NAME`, `version:ID` or `active:PROCESS`",
            )),
            None => self.bare(word).await,
        }
    }

    async fn bare(&self, word: &str) -> Result<Meant, Failure> {
        let mut ways = Vec::new();
        if self.processes.contains(word) {
            ways.push("process");
        }
        if self.overlays.contains(word) {
            ways.push("overlay");
        }
        if is_beginning(word) && self.stored.iter().any(|(id, _)| id.starts_with(word)) {
            ways.push("version");
        }
        match ways.as_slice() {
            [] => Err(self.unknown(word)),
            ["process"] => self.process(&Name::from(word)),
            ["overlay"] => self.overlay(&Name::from(word)),
            ["version"] => self.version(word).await,
            several => {
                let kinds: Vec<String> = several
                    .iter()
                    .map(|kind| match *kind {
                        "version" => "the beginning of a stored version".to_owned(),
                        kind => format!("the name of {} {kind}", article(kind)),
                    })
                    .collect();
                let ways: Vec<String> = several
                    .iter()
                    .map(|kind| format!("`{kind}:{word}`"))
                    .collect();
                Err(Failure::usage(
                    format!("`{word}` is {}", kinds.join(" and ")),
                    format!("write {}", ways.join(" or ")),
                ))
            }
        }
    }

    fn process(&self, name: &Name) -> Result<Meant, Failure> {
        let ready = self.loaded.plans.get(name);
        let ready = ready.ok_or_else(|| with_errors("process", name))?;
        Ok(Meant {
            side: Side::Files(name.clone()),
            ready: Arc::new(ready.clone()),
        })
    }

    fn overlay(&self, name: &Name) -> Result<Meant, Failure> {
        let overlaid = self.loaded.overlays.get(name);
        let ready = overlaid.and_then(|one| Some((&one.process, one.ready.as_ref()?)));
        let (process, ready) = ready.ok_or_else(|| with_errors("overlay", name))?;
        Ok(Meant {
            side: Side::Overlay(name.clone(), process.clone()),
            ready: Arc::new(ready.clone()),
        })
    }

    async fn version(&self, begins: &str) -> Result<Meant, Failure> {
        let engine = self.need_engine()?;
        if !is_beginning(begins) {
            return Err(Failure::usage(
                format!("`{begins}` is no beginning of a version"),
                format!(
                    "write at least {FEWEST} of its characters (0-9, a-f), as `case show` prints them"
                ),
            ));
        }
        let found: Vec<&(Name, Name)> = self
            .stored
            .iter()
            .filter(|(id, _)| id.starts_with(begins))
            .collect();
        match found.as_slice() {
            [] => Err(Failure::usage(
                format!("there is no version that begins with `{begins}`"),
                match self.stored_words() {
                    words if words.is_empty() => {
                        "no version is stored yet: `forloeb activate` stores one".to_owned()
                    }
                    words => format!("these are stored: {words}"),
                },
            )),
            [(id, _)] => {
                let ready = engine.ready(id).await?;
                Ok(Meant {
                    side: Side::Stored(short(id), ready.plan.overlay.clone()),
                    ready,
                })
            }
            several => Err(Failure::usage(
                format!("{} versions begin with `{begins}`", several.len()),
                format!("write more of one: {}", versions(several.iter().copied())),
            )),
        }
    }

    /// What is in force of a process.
    ///
    /// # Errors
    /// When nothing is.
    pub async fn in_force(&self, process: &str) -> Result<Meant, Failure> {
        let engine = self.need_engine()?;
        let in_force = engine.in_force().await?;
        let Some(id) = in_force.get(process) else {
            let message = format!("no version of `{process}` is in force");
            let known: BTreeSet<Name> = in_force.into_keys().collect();
            let help = match nearest(process, &known) {
                Some(near) => format!("did you mean `active:{near}`?"),
                None if known.is_empty() => {
                    "`forloeb activate` puts the programme in force".to_owned()
                }
                None => format!("in force are {}", listed(&known)),
            };
            return Err(Failure::usage(message, help));
        };
        let ready = engine.ready(id).await?;
        Ok(Meant {
            side: Side::InForce(short(id), ready.plan.overlay.clone()),
            ready,
        })
    }

    fn known(&self, what: &str, name: &str, known: &BTreeSet<Name>) -> Result<Name, Failure> {
        if let Some(found) = known.get(name) {
            return Ok(found.clone());
        }
        let help = match nearest(name, known) {
            Some(near) => format!("did you mean `{what}:{near}`?"),
            None if known.is_empty() => format!("there is no {what} in the programme's folder"),
            None => format!("there are {}", listed(known)),
        };
        Err(Failure::usage(format!("there is no {what} `{name}`"), help))
    }

    fn unknown(&self, word: &str) -> Failure {
        let names: BTreeSet<Name> = self.processes.union(&self.overlays).cloned().collect();
        let help = match nearest(word, &names) {
            Some(near) => format!("did you mean `{near}`?"),
            None => {
                let listing = |what: &str, names: String| match names.is_empty() {
                    true => None,
                    false => Some(format!("{what} {names}")),
                };
                let known = [
                    listing("there are processes", listed(&self.processes)),
                    listing("overlays", listed(&self.overlays)),
                    listing("stored are", self.stored_words()),
                ];
                let known: Vec<String> = known.into_iter().flatten().collect();
                match known.is_empty() {
                    true => {
                        "there is no process in the programme's folder; give it with --programme"
                            .to_owned()
                    }
                    false => known.join("; "),
                }
            }
        };
        Failure::usage(
            format!("`{word}` is neither a process, an overlay nor a stored version"),
            help,
        )
    }

    fn stored_words(&self) -> String {
        versions(self.stored.iter())
    }
}

/// Stored versions, each with its process; of many, some.
fn versions<'a>(stored: impl Iterator<Item = &'a (Name, Name)>) -> String {
    let all: Vec<String> = stored
        .map(|(id, process)| format!("version {} of {process}", short(id)))
        .collect();
    match all.get(SHOWN..) {
        Some(more) if !more.is_empty() => {
            let shown: Vec<&str> = all.iter().take(SHOWN).map(String::as_str).collect();
            format!("{} and {} more", shown.join(", "), more.len())
        }
        _ => all.join(", "),
    }
}

fn is_beginning(word: &str) -> bool {
    word.len() >= FEWEST && word.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f'))
}

fn short(id: &Name) -> String {
    id.chars().take(SHORT).collect()
}

fn article(word: &str) -> &'static str {
    match word.starts_with('o') {
        true => "an",
        false => "a",
    }
}

fn with_errors(what: &str, name: &Name) -> Failure {
    Failure::usage(
        format!("the {what} `{name}`, or what it stands on, has errors"),
        "`forloeb check` shows them",
    )
}

/// The database for the tenant that is meant. One that nobody asks for need not be there, nor does a tenant have to be named when only
/// files are compared: then the inner result says what is missing.
async fn engine(context: &Context) -> Result<Result<Engine<SqliteStore>, Failure>, Failure> {
    context.config()?;
    let store = match SqliteStore::open(&context.db(), Open::Existing).await {
        Ok(store) => store,
        Err(StoreError::Environment(missing @ Environment::Missing(_)))
            if context.common.db.is_none() =>
        {
            return Ok(Err(StoreError::Environment(missing).into()));
        }
        Err(error) => return Err(error.into()),
    };
    match context.tenant_in(&store).await {
        Ok(tenant) => Ok(Ok(Engine::new(store, tenant))),
        Err(several @ Failure::Usage { .. }) if context.settled_tenant().is_none() => {
            Ok(Err(several))
        }
        Err(failure) => Err(failure),
    }
}
