//! What every command has at hand: the programme's folder, the database, the engine, and who reads.

use super::{
    args::Common,
    filters,
    outcome::{Failure, conclude},
};
use crate::{
    config::{self, Config},
    diagnostic::{Colour, Source, render_all},
    language::programme::{self, Loaded},
    store::sqlite::{Open, SqliteStore},
    turn::{Engine, Who},
    words,
};
use forloeb_core::{input::Raw, name::Name};
use std::{
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
    /// What `forloeb.toml` says.
    pub config: Arc<Config>,
    /// Why that file cannot be read, though it is there.
    unreadable: Option<Arc<str>>,
    /// The tenant whose turn it is, in a command that goes through several.
    pub(super) tenant: Option<Name>,
}

impl Context {
    /// What is at hand with these arguments.
    #[must_use]
    pub fn new(common: Common) -> Self {
        let (config, unreadable) = match Config::read(&common.programme) {
            Ok(config) => (config, None),
            Err(error) => (Config::default(), Some(error.to_string().into())),
        };
        Self {
            common,
            config: Arc::new(config),
            unreadable,
            tenant: None,
        }
    }

    /// The same with `forloeb.toml` as it is now.
    #[must_use]
    pub fn anew(&self) -> Self {
        Self::new(self.common.clone())
    }

    /// The same in another programme's folder.
    #[must_use]
    pub fn in_folder(&self, folder: &Path) -> Self {
        let mut common = self.common.clone();
        folder.clone_into(&mut common.programme);
        Self::new(common)
    }

    /// The same for one of several tenants.
    #[must_use]
    pub fn of(&self, tenant: &Name) -> Self {
        Self {
            tenant: Some(tenant.clone()),
            ..self.clone()
        }
    }

    /// What `forloeb.toml` says, if nothing in it is wrong: what the rest of a wrong one means would only be guessed at.
    ///
    /// # Errors
    /// When it cannot be read, or something in it is wrong.
    pub fn config(&self) -> Result<&Config, Failure> {
        let config = self.config_with_errors()?;
        match config.is_broken() {
            true => Err(Failure::InFiles(render_all(
                &config.diagnostics,
                self.paint_errors(),
            ))),
            false => Ok(config),
        }
    }

    /// The same with what is wrong in it.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn config_with_errors(&self) -> Result<&Config, Failure> {
        if let Some(why) = &self.unreadable {
            let file = self.common.programme.join(config::FILE);
            return Err(Failure::environment(
                format!("`{}` cannot be read: {why}", shown(&file)),
                "let this user read it, or take it away",
            ));
        }
        Ok(&self.config)
    }

    /// Whether diagnostics on standard error are coloured.
    #[must_use]
    pub fn paint_errors(&self) -> Colour {
        match !no_colour() && std::io::stderr().is_terminal() {
            true => Colour::On,
            false => Colour::Off,
        }
    }

    /// Whether diagnostics on standard output are coloured.
    #[must_use]
    pub fn paint(&self) -> Colour {
        match self.colour() {
            true => Colour::On,
            false => Colour::Off,
        }
    }

    /// The language of what people in the programme read.
    #[must_use]
    pub fn language(&self) -> words::Language {
        self.settled_language().value
    }

    /// Whether standard output shows colours.
    #[must_use]
    pub fn colour(&self) -> bool {
        !no_colour() && std::io::stdout().is_terminal()
    }

    /// Characters in a line of output: never more than a page of 80, so that it reads the same everywhere.
    #[must_use]
    pub fn width(&self) -> usize {
        WIDTH
    }

    /// Where the database is.
    #[must_use]
    pub fn db(&self) -> String {
        self.settled_db().value
    }

    /// Opens the database.
    ///
    /// # Errors
    /// When `forloeb.toml` is wrong, or there is no database, or it cannot be opened.
    pub async fn store(&self) -> Result<SqliteStore, Failure> {
        self.config()?;
        Ok(SqliteStore::open(&self.db(), Open::Existing).await?)
    }

    /// Opens the database for the tenant that is meant.
    ///
    /// # Errors
    /// When there is none, it cannot be opened, nobody says which tenant is meant, or nobody in it reads in the role that was given.
    pub async fn engine(&self) -> Result<Engine<SqliteStore>, Failure> {
        let store = self.store().await?;
        let tenant = self.tenant_in(&store).await?;
        let engine = Engine::new(store, tenant);
        if let Some(who) = self.reader()? {
            filters::need_role(&engine, &who.role).await?;
        }
        Ok(engine)
    }

    /// Opens the database and puts the programme's folder in force: what is good and new in it is for new cases from now on. A
    /// programme with errors never replaces a good one: it is told, and the one before stays.
    ///
    /// # Errors
    /// When the database or the folder cannot be read.
    pub async fn engine_for_input(&self) -> Result<Engine<SqliteStore>, Failure> {
        let engine = self.engine().await?;
        self.put_in_force_for_input(std::iter::once(&engine))
            .await?;
        Ok(engine)
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

/// Reads and checks a programme's folder, each overlay included.
///
/// # Errors
/// When it cannot be read.
pub fn load(folder: &Path) -> Result<Loaded, Failure> {
    Ok(programme::load(&read(folder)?))
}

fn no_colour() -> bool {
    env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
}

/// The files of a programme's folder.
///
/// # Errors
/// When it cannot be read.
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
