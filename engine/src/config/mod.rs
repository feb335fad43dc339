//! `forloeb.toml`, which lies in a programme's folder and may be missing: the tenants, and what is meant where a command does not say.
//!
//! It owns what may stand in the file, and where each value stands. It never decides between the file, the environment and the command
//! line, and never opens a database.

mod fits;
mod walk;

pub use fits::Folder;

use crate::{
    diagnostic::{Diagnostic, Source, Span, in_order},
    words::Language,
};
use forloeb_core::name::Name;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{self, Read},
    path::Path,
    sync::Arc,
};

/// The name of the file.
pub const FILE: &str = "forloeb.toml";

/// More than any list of tenants takes; a larger file is something else.
const MAX_BYTES: usize = 256 * 1024;

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

/// What the file says. What could be read is there even when something else in it is wrong.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The tenant that commands mean where none is given.
    pub tenant: Option<Placed<Name>>,
    /// The language of those tenants that have none of their own.
    pub language: Option<Placed<Language>>,
    /// The database, seen from the file's folder.
    pub db: Option<Placed<String>>,
    /// The tenants.
    pub tenants: BTreeMap<Name, Tenant>,
    /// What is wrong with the file by itself.
    pub diagnostics: Vec<Diagnostic>,
}

/// One tenant: an office, say, or a school, with the processes and overlays that are in force for it.
#[derive(Clone, Debug)]
pub struct Tenant {
    /// Where its name stands.
    pub span: Span,
    /// By which name people know it.
    pub title: Option<Placed<String>>,
    /// Its language.
    pub language: Option<Placed<Language>>,
    /// Its processes; none where it has all of the folder.
    pub processes: Option<Placed<Vec<Placed<Name>>>>,
    /// Its overlays.
    pub overlays: Option<Placed<Vec<Placed<Name>>>>,
}

impl Tenant {
    /// Those of its overlays that the folder has, one for a process at most: `misfits` tells of the others.
    #[must_use]
    pub fn overlays_in(&self, folder: &Folder) -> Vec<Name> {
        let mut extended = BTreeSet::new();
        let overlays = self.overlays.iter().flat_map(|list| &list.value);
        let there = overlays.filter(|overlay| match folder.overlays.get(&overlay.value) {
            None => false,
            Some(None) => true,
            Some(Some(process)) => extended.insert(process),
        });
        there.map(|overlay| overlay.value.clone()).collect()
    }
}

impl Config {
    /// Reads the file of a folder. Where there is none, nothing is declared.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    pub fn read(folder: &Path) -> io::Result<Self> {
        let file = match fs::File::open(folder.join(FILE)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(error),
        };
        let mut bytes = Vec::new();
        file.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes)?;
        let text = String::from_utf8_lossy(&bytes);
        let source = Source {
            path: FILE.into(),
            text: text.strip_prefix('\u{FEFF}').unwrap_or(&text).to_owned(),
        };
        Ok(Self::of(&Arc::new(source)))
    }

    /// Reads what stands in it.
    #[must_use]
    pub fn of(source: &Arc<Source>) -> Self {
        if source.text.len() > MAX_BYTES {
            let whole = Span::new(source, 0, 0);
            return Self {
                diagnostics: vec![
                    Diagnostic::error("too-large", &whole, "the file is larger than 256 KiB")
                        .help("it holds `tenant`, `language`, `db` and `[tenants.NAME]`"),
                ],
                ..Self::default()
            };
        }
        let mut config = walk::read(source);
        in_order(&mut config.diagnostics);
        config
    }

    /// Whether something in it is wrong by itself.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }
}
