//! The ground of a decision: the place in a file that says so.

use crate::name::Name;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A place in a process, calendar, overlay or rule file. Lines and columns count from 1; columns count characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Ground {
    /// The file's path inside its programme, with `/` between folders.
    pub file: Name,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

impl fmt::Display for Ground {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}
