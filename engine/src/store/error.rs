//! What can go wrong at the door to the database, in named types with what is needed to act on them.

use forloeb_core::case::CaseId;
use jiff::Timestamp;
use std::path::PathBuf;

/// Why the store did not do what it was asked. Nothing of the transaction stays; after an error at its commit that is not known.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// A case is not as it was loaded.
    #[error("case `{case}` has been changed by somebody else in the meantime")]
    Conflict {
        /// The case.
        case: CaseId,
    },
    /// An invariant that the database holds would have been broken: a mistake in the program.
    #[error("the database refuses this, because it would break what must hold: {0}")]
    Constraint(String),
    /// An instant finer than a microsecond would not come back as it was.
    #[error("`{0}` is finer than a microsecond")]
    TooFine(Timestamp),
    /// What is stored does not have the shape that it was written in.
    #[error("{what} cannot be read: {detail}")]
    Unreadable {
        /// What is stored.
        what: String,
        /// Why it cannot be read.
        detail: String,
    },
    /// The program stopped while it wrote.
    #[error("what was being written was broken off")]
    BrokenOff,
    /// The clock of this database is the machine's.
    #[error("the clock of this database is real and cannot be set")]
    RealClock,
    /// A virtual clock was asked to go back.
    #[error("the clock of this database stands at `{now}` and cannot go back to `{asked}`")]
    ClockGoesBack {
        /// Where it stands.
        now: Timestamp,
        /// What was asked.
        asked: Timestamp,
    },
    /// What surrounds the program does not let it work.
    #[error(transparent)]
    Environment(#[from] Environment),
}

/// What surrounds the program: files, disk, other programs.
#[derive(Clone, Debug, thiserror::Error)]
#[allow(missing_docs, reason = "the messages say it")]
pub enum Environment {
    #[error("`{0}` is not the address of a database that forloeb knows")]
    UnknownKind(String),
    #[error("there is no database at `{}`", .0.display())]
    Missing(PathBuf),
    #[error("there is already a database at `{}`", .0.display())]
    AlreadyThere(PathBuf),
    #[error("there is no folder `{}`", .0.display())]
    NoFolder(PathBuf),
    #[error("`{}` is a folder", .0.display())]
    IsFolder(PathBuf),
    #[error("the database at `{}` is empty: it was never set up", .0.display())]
    Empty(PathBuf),
    #[error("`{}` is not a database of forloeb", .0.display())]
    NotOurs(PathBuf),
    #[error("the database at `{}` was written by a newer forloeb", .0.display())]
    Newer(PathBuf),
    #[error("the database at `{}` cannot be brought up to date: {why}", .path.display())]
    Migration { path: PathBuf, why: String },
    #[error("SQLite {0} is too old")]
    OldSqlite(String),
    #[error("the database or its folder may not be written")]
    ReadOnly,
    #[error("the database cannot be opened: {0}")]
    CannotOpen(String),
    #[error("the disk that holds the database is full")]
    Full,
    #[error("the disk that holds the database fails: {0}")]
    Disk(String),
    #[error("the database is damaged: {0}")]
    Damaged(String),
    #[error("another program keeps the database locked")]
    Busy,
    #[error("the database failed: {0}")]
    Failed(String),
}

impl StoreError {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::Conflict { .. } => Some("try again"),
            Self::Constraint(_) => {
                Some("nothing was written; please report this as a mistake in forloeb")
            }
            Self::TooFine(_) => Some("give at most six digits after the second"),
            Self::Unreadable { .. } => {
                Some("run `forloeb doctor`; a backup brings the database back")
            }
            Self::BrokenOff => Some("nothing was written; try again"),
            Self::RealClock => {
                Some("only a database that was made with a virtual clock can be moved in time")
            }
            Self::ClockGoesBack { .. } => Some("give a later instant"),
            Self::Environment(environment) => environment.help(),
        }
    }
}

impl Environment {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> Option<&'static str> {
        Some(match self {
            Self::UnknownKind(_) => "give the path of a file, or `sqlite:` and a path",
            Self::Missing(_) => {
                "make one with `forloeb init`, or give its path with `--db` or FORLOEB_DB"
            }
            Self::AlreadyThere(_) => "choose another place, or use the database that is there",
            Self::NoFolder(_) => "make the folder first, or give another path",
            Self::IsFolder(_) => "give the path of a file in it",
            Self::Empty(_) => "remove the file and make a database with `forloeb init`",
            Self::NotOurs(_) => "give another path with `--db` or FORLOEB_DB",
            Self::Newer(_) => "use the forloeb that wrote it, or a newer one",
            Self::Migration { .. } => "use the forloeb that wrote it; nothing has been changed",
            Self::OldSqlite(_) => {
                "build forloeb with SQLite 3.51.3 or newer, as it does by default: older ones can damage a database"
            }
            Self::ReadOnly => "give this user the right to write the file and its folder",
            Self::CannotOpen(_) => {
                "see whether this user may read and write the file and its folder"
            }
            Self::Full => "make room; nothing was written, and what was there is safe",
            Self::Disk(_) => {
                "see whether the disk is full, over its quota or broken; nothing was written, and what was there is safe"
            }
            Self::Damaged(_) => "stop every forloeb on it, keep a copy, and bring back a backup",
            Self::Busy => "try again when the other program is done",
            Self::Failed(_) => return None,
        })
    }
}
