//! A folder with a programme and a database, and the built program in it.

use super::{Outcome, options::Options};
use forloeb::{
    language::programme::{load, read_folder},
    store::{
        Clock,
        sqlite::{Open, SqliteStore},
    },
    turn::Engine,
};
use jiff::Timestamp;
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::Arc,
};

/// The tenant of every database that the commands make.
pub const TENANT: &str = "main";

/// The programmes that are run: two plain ones without rules, and the shipped one with all its rules. As they stand in the repository.
pub const LOAN: &str = "engine/benches/loan";
/// See [`LOAN`].
pub const APPLICATION: &str = "engine/benches/application";
/// See [`LOAN`].
pub const SHIPPED: &str = ".";

/// A Monday, at eight in the morning in Copenhagen.
pub fn monday() -> Outcome<Timestamp> {
    Ok("2026-08-03T06:00:00Z".parse()?)
}

/// A folder. It goes when it is dropped, unless it is to be kept.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    keep: bool,
}

impl Folder {
    /// With a programme that is in force in a new database.
    pub async fn new(options: &Options, name: &str, programme: &str) -> Outcome<Self> {
        let folder = Self::empty(options, name)?;
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join(programme);
        for part in ["processes", "processes/calendars", "rules"] {
            copy_files(&from.join(part), &folder.path.join(part))?;
        }
        let clock = Clock::Virtual(monday()?);
        let store = SqliteStore::open(&folder.url(), Open::Create { clock }).await?;
        let engine = Engine::new(store, TENANT.into());
        let loaded = load(&read_folder(&folder.path)?);
        if let Some(wrong) = loaded.diagnostics.iter().find(|found| found.is_error()) {
            return Err(format!("{programme}: {}", wrong.message).into());
        }
        let plans = loaded.plans.into_values();
        engine
            .activate(&plans.map(Arc::new).collect::<Vec<_>>())
            .await?;
        engine.store().close().await;
        Ok(folder)
    }

    /// The same once more. Nobody may have the first one's database open.
    pub fn again(&self, options: &Options, name: &str) -> Outcome<Self> {
        let folder = Self::empty(options, name)?;
        for part in ["", "processes", "processes/calendars", "rules"] {
            copy_files(&self.path.join(part), &folder.path.join(part))?;
        }
        Ok(folder)
    }

    /// With nothing in it.
    pub fn empty(options: &Options, name: &str) -> Outcome<Self> {
        let path = options.place(name);
        if path.exists() {
            fs::remove_dir_all(&path)?;
        }
        fs::create_dir_all(&path)?;
        if options.keep {
            eprintln!("  {}", path.display());
        }
        Ok(Self {
            path,
            keep: options.keep,
        })
    }

    /// A file in it.
    pub fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Its database.
    pub fn db(&self) -> PathBuf {
        self.file("forloeb.db")
    }

    fn url(&self) -> String {
        self.db().display().to_string()
    }

    /// The engine over its database.
    pub async fn engine(&self) -> Outcome<Engine<SqliteStore>> {
        let store = SqliteStore::open(&self.url(), Open::Existing).await?;
        Ok(Engine::new(store, TENANT.into()))
    }

    /// The size of its database.
    pub fn bytes(&self) -> Outcome<u64> {
        Ok(fs::metadata(self.db())?.len())
    }

    /// The program in it.
    pub fn program(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_forloeb"));
        for name in ["DB", "PROGRAMME", "LANG", "LOG"] {
            command.env_remove(format!("FORLOEB_{name}"));
        }
        command
            .args(words)
            .current_dir(&self.path)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs the program to its end, which must be a good one.
    pub fn run(&self, words: &[&str]) -> Outcome<String> {
        let output = self.program(words).output()?;
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        if output.status.success() {
            return Ok(told);
        }
        let wrong = String::from_utf8_lossy(&output.stderr);
        Err(format!("forloeb {}: {told}{wrong}", words.join(" ")).into())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !self.keep {
            fs::remove_dir_all(&self.path).ok();
        }
    }
}

/// Lets the disk take what was written before: else the first commit that is measured waits for it.
pub fn settle() -> Outcome<()> {
    match Command::new("sync").status()?.success() {
        true => Ok(()),
        false => Err("`sync` failed".into()),
    }
}

fn copy_files(from: &Path, to: &Path) -> Outcome<()> {
    if !from.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
    }
    Ok(())
}
