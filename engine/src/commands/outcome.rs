//! How a command ends: the exit codes, and how what went wrong is told on standard error.

use super::context::WIDTH;
use crate::{
    store::StoreError,
    turn::{PlanError, TurnError},
    words::{Page, Rich},
};
use forloeb_core::{input::Refusal, time::Misread};
use std::{io, process::ExitCode};

/// How a command ended well enough to have an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Exit 0.
    Fine,
    /// Exit 1: findings or refusals in what was asked.
    Found,
}

/// What kept a command from its work.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Failure {
    /// An input was refused. Exit 1.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Something on the command line cannot be read. Exit 2.
    #[error("{message}")]
    Usage {
        /// What is wrong.
        message: String,
        /// What to write instead.
        help: String,
    },
    /// What surrounds the program does not let it work. Exit 3.
    #[error("{message}")]
    Environment {
        /// What is wrong.
        message: String,
        /// What to do.
        help: Option<String>,
    },
    /// What surrounds the program is wrong in its files. Exit 3.
    #[error("{0}")]
    InFiles(
        /// The diagnostics, rendered.
        String,
    ),
    /// Whoever read the output has gone. Exit 0: nothing is wrong.
    #[error("nobody reads the output any more")]
    NobodyReads,
}

impl Failure {
    /// A mistake on the command line.
    pub fn usage(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Usage {
            message: message.into(),
            help: help.into(),
        }
    }

    /// Something around the program, with what to do.
    pub fn environment(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Environment {
            message: message.into(),
            help: Some(help.into()),
        }
    }

    fn code(&self) -> u8 {
        match self {
            Self::NobodyReads => 0,
            Self::Refused(_) => 1,
            Self::Usage { .. } => 2,
            Self::Environment { .. } | Self::InFiles(_) => 3,
        }
    }

    fn help(&self) -> Option<&str> {
        match self {
            Self::Refused(refusal) => refusal.help.as_deref(),
            Self::Usage { help, .. } => Some(help),
            Self::Environment { help, .. } => help.as_deref(),
            Self::InFiles(_) | Self::NobodyReads => None,
        }
    }
}

impl From<Misread> for Failure {
    fn from(misread: Misread) -> Self {
        Self::Usage {
            message: misread.message,
            help: misread.help,
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Environment {
            help: error.help().map(str::to_owned),
            message: error.to_string(),
        }
    }
}

impl From<PlanError> for Failure {
    fn from(error: PlanError) -> Self {
        Self::environment(
            error.to_string(),
            "use the forloeb that stored it, and run `forloeb doctor`",
        )
    }
}

impl From<TurnError> for Failure {
    fn from(error: TurnError) -> Self {
        match error {
            TurnError::Store(error) => error.into(),
            TurnError::Plan(error) => error.into(),
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::NobodyReads,
            _ => Self::Environment {
                message: error.to_string(),
                help: None,
            },
        }
    }
}

/// An advice in lines of a page, since lists of names are long. A command is left in one piece: it is copied and typed.
fn help_lines(help: &str) -> String {
    if help.contains("forloeb ") {
        return format!("  help: {help}\n");
    }
    let mut page = Page::new(WIDTH, false);
    page.hanging(&Rich::plain("  help: "), &Rich::plain(help));
    page.finish()
}

/// Tells how a command ended, and gives its exit code.
#[must_use]
pub fn conclude(ending: Result<Ending, Failure>) -> ExitCode {
    match ending {
        Ok(Ending::Fine) => ExitCode::SUCCESS,
        Ok(Ending::Found) => ExitCode::from(1),
        Err(failure) => {
            if let Failure::InFiles(rendered) = &failure {
                eprint!("{rendered}");
            } else if !matches!(failure, Failure::NobodyReads) {
                let word = if matches!(failure, Failure::Refused(_)) {
                    "refused"
                } else {
                    "error"
                };
                eprintln!("{word}: {failure}");
                if let Some(help) = failure.help() {
                    eprint!("{}", help_lines(help));
                }
            }
            ExitCode::from(failure.code())
        }
    }
}
