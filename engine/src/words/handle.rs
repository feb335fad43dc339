//! How commands call a task or a finding of some case.

use forloeb_core::{case::CaseId, input::Which, name::Name};

/// How a task or finding is called in commands: the case and its number in it.
#[must_use]
pub fn handle(case: &CaseId, number: u64) -> String {
    format!("{case}/{number}")
}

/// The case that a handle means, and which of its tasks or findings: `p-7/14`, or by its name `p-7/agree_start`.
#[must_use]
pub fn read_handle(handle: &str) -> Option<(CaseId, Which)> {
    let (case, which) = handle
        .rsplit_once('/')
        .filter(|(case, which)| !case.is_empty() && !which.is_empty())?;
    let which = which
        .parse()
        .map_or_else(|_| Which::Named(Name::from(which)), Which::Number);
    Some((CaseId::from(case), which))
}
