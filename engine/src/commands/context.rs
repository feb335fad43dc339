//! What every command has at hand: the programme's folder, the database, the engine, and who reads.

use super::{
    args::{Common, Language},
    filters,
    outcome::{Failure, conclude},
};
use crate::{
    diagnostic::{Severity, Source},
    language::programme::{self, Loaded, Ready},
    store::{
        Store,
        sqlite::{Open, SqliteStore},
    },
    turn::{Engine, Who},
    words,
};
use forloeb_core::{input::Raw, name::Name};
use std::{
    collections::BTreeSet,
    env,
    io::{IsTerminal, Write},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

/// The tenant of a database that nobody has divided.
pub const TENANT: &str = "main";

/// The width of a page, in characters, where nobody can tell how wide the terminal is.
pub const WIDTH: usize = 80;

/// What every command has at hand.
#[derive(Clone, Debug)]
pub struct Context {
    /// The arguments of every command.
    pub common: Common,
}

impl Context {
    /// The language of what people in the programme read.
    #[must_use]
    pub fn language(&self) -> words::Language {
        let code = match self.common.lang {
            Some(language) => language.code(),
            None if env::var("LANG").is_ok_and(|lang| lang.starts_with("da")) => {
                Language::Da.code()
            }
            None => Language::En.code(),
        };
        if code == "da" {
            words::Language::Danish
        } else {
            words::Language::English
        }
    }

    /// Whether standard output shows colours.
    #[must_use]
    pub fn colour(&self) -> bool {
        let refused = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        !refused && std::io::stdout().is_terminal()
    }

    /// Characters in a line of output: never more than a page of 80, so that it reads the same everywhere.
    #[must_use]
    pub fn width(&self) -> usize {
        WIDTH
    }

    /// Where the database is.
    #[must_use]
    pub fn db(&self) -> String {
        self.common.db.clone().unwrap_or_else(|| {
            self.common
                .programme
                .join("forloeb.db")
                .display()
                .to_string()
        })
    }

    /// Opens the database.
    ///
    /// # Errors
    /// When there is none, it cannot be opened, or nobody in it reads in the role that was given.
    pub async fn engine(&self) -> Result<Engine<SqliteStore>, Failure> {
        let store = SqliteStore::open(&self.db(), Open::Existing).await?;
        let engine = Engine::new(store, Name::from(TENANT));
        if let Some(who) = self.reader()? {
            filters::need_role(&engine, &who.role).await?;
        }
        Ok(engine)
    }

    /// Opens the database and puts the programme's folder in force: what is good and new in it is for new cases from now on. A
    /// programme with errors never replaces a good one: it is logged, and the one before stays.
    ///
    /// # Errors
    /// When the database or the folder cannot be read.
    pub async fn engine_in_force(&self) -> Result<Engine<SqliteStore>, Failure> {
        let engine = self.engine().await?;
        if let Some(errors) = self.put_in_force(&engine).await? {
            tracing::warn!(
                errors,
                "the programme has errors and is not put in force; the one before stays (`forloeb check` shows them)"
            );
        }
        Ok(engine)
    }

    /// The same for a command that somebody waits for: errors are told on standard error.
    ///
    /// # Errors
    /// When the database or the folder cannot be read.
    pub async fn engine_for_input(&self) -> Result<Engine<SqliteStore>, Failure> {
        let engine = self.engine().await?;
        if let Some(errors) = self.put_in_force(&engine).await? {
            let errors = match errors {
                1 => "an error".to_owned(),
                many => format!("{many} errors"),
            };
            eprintln!(
                "warning: the programme in `{}` has {errors}, so what was in force before stays in force",
                shown(&self.common.programme)
            );
            eprintln!("  help: `forloeb check` shows what is wrong with it");
        }
        Ok(engine)
    }

    /// Puts what is good and new in the programme's folder in force, if there is one; or gives the number of its errors, and then
    /// nothing changes.
    ///
    /// # Errors
    /// When the database or the folder cannot be read.
    pub async fn put_in_force<S: Store>(
        &self,
        engine: &Engine<S>,
    ) -> Result<Option<usize>, Failure> {
        if !self.common.programme.join("processes").is_dir() {
            return Ok(None);
        }
        let sources = read(&self.common.programme)?;
        // What is in force was explored before it came into force.
        let known: BTreeSet<Name> = engine.in_force().await?.into_values().collect();
        let loaded = programme::load_with(&sources, &[], |plan| known.contains(plan));
        let errors = loaded
            .diagnostics
            .iter()
            .filter(|found| found.severity == Severity::Error)
            .count();
        if errors > 0 {
            return Ok(Some(errors));
        }
        let plans: Vec<Arc<Ready>> = loaded.plans.into_values().map(Arc::new).collect();
        engine.activate(&plans).await?;
        Ok(None)
    }

    /// Prints data on standard output.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn print(&self, text: &str) -> Result<(), Failure> {
        let mut out = std::io::stdout().lock();
        out.write_all(text.as_bytes())?;
        if !text.ends_with('\n') {
            out.write_all(b"\n")?;
        }
        out.flush()?;
        Ok(())
    }

    /// Prints data as JSON, or as a page for people.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn print_either<T: serde::Serialize>(
        &self,
        data: &T,
        page: impl FnOnce() -> String,
    ) -> Result<(), Failure> {
        if self.common.json {
            let text = words::json(data)
                .and_then(|data| serde_json::to_string_pretty(&data))
                .map_err(|error| Failure::Environment {
                    message: error.to_string(),
                    help: None,
                })?;
            self.print(&text)
        } else {
            self.print(&page())
        }
    }

    /// Who reads, where that was said.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn reader(&self) -> Result<Option<Who>, Failure> {
        self.common.reader.as_deref().map(who).transpose()
    }
}

/// Reads and checks a programme's folder.
///
/// # Errors
/// When it cannot be read.
pub fn load(folder: &Path) -> Result<Loaded, Failure> {
    Ok(programme::load(&read(folder)?))
}

/// The files of a programme's folder.
///
/// # Errors
/// When they cannot be read.
pub fn read(folder: &Path) -> Result<Vec<Arc<Source>>, Failure> {
    programme::read_folder(folder).map_err(|error| {
        Failure::environment(
            format!(
                "the programme at `{}` cannot be read: {error}",
                shown(folder)
            ),
            "give its folder with --programme; `forloeb init DIR` makes one",
        )
    })
}

/// Reads `ROLE` or `ROLE:NAME`.
///
/// # Errors
/// When the role is empty.
pub fn who(text: &str) -> Result<Who, Failure> {
    let (role, name) = match text.split_once(':') {
        Some((role, name)) => (role.trim(), Some(name.trim())),
        None => (text.trim(), None),
    };
    if role.is_empty() || name.is_some_and(str::is_empty) {
        return Err(Failure::usage(
            format!("`{text}` does not say who"),
            "write a role of the process, or a role and a name, such as `teacher:Mette`",
        ));
    }
    Ok(Who {
        role: Name::from(role),
        name: name.map(str::to_owned),
    })
}

/// Reads `NAME=VALUE` pairs.
///
/// # Errors
/// When one has no `=`, or a name comes twice.
pub fn pairs(texts: &[String]) -> Result<Raw, Failure> {
    let mut pairs = Raw::new();
    for text in texts {
        let Some((name, value)) = text.split_once('=') else {
            return Err(Failure::usage(
                format!("`{text}` has no `=`"),
                "write NAME=VALUE, such as `hours=12`",
            ));
        };
        let twice = pairs.insert(Name::from(name.trim()), serde_json::Value::from(value));
        if twice.is_some() {
            return Err(Failure::usage(
                format!("`{name}` is given twice"),
                "give it once",
            ));
        }
    }
    Ok(pairs)
}

/// Makes the runtime that a command needs, and runs it to its end.
pub fn block_on(work: impl Future<Output = Result<super::Ending, Failure>>) -> ExitCode {
    match tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
    {
        Ok(runtime) => conclude(runtime.block_on(work)),
        Err(error) => conclude(Err(error.into())),
    }
}

/// A path for people.
#[must_use]
pub fn shown(path: &Path) -> String {
    let shown: PathBuf = path.components().collect();
    shown.display().to_string()
}
