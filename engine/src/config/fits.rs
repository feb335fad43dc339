//! Whether the processes and overlays that a tenant names are in the programme's folder.

use super::{Placed, Tenant};
use crate::{
    diagnostic::{Diagnostic, Source},
    language::{folder, problems::suggestion},
};
use forloeb_core::name::Name;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// What a programme's folder has to name.
#[derive(Clone, Debug, Default)]
pub struct Folder {
    /// Its processes.
    pub processes: BTreeSet<Name>,
    /// Its overlays, each with the process that it extends, where it says so.
    pub overlays: BTreeMap<Name, Option<Name>>,
}

impl Folder {
    /// What these files have.
    #[must_use]
    pub fn of(sources: &[Arc<Source>]) -> Self {
        let processes = sources
            .iter()
            .filter_map(|source| folder::process_of(&source.path));
        let overlays = sources.iter().filter_map(folder::overlay_of);
        Self {
            processes: processes.collect(),
            overlays: overlays.collect(),
        }
    }
}

impl Tenant {
    /// What it names and the folder does not have, and overlays that would both change one process.
    #[must_use]
    pub fn misfits(&self, folder: &Folder) -> Vec<Diagnostic> {
        let mut wrong = Vec::new();
        for process in self.processes.iter().flat_map(|list| &list.value) {
            if !folder.processes.contains(&process.value) {
                let known = folder.processes.iter().map(Name::as_str);
                let none = "the folder has no `processes/*.yaml`";
                wrong.push(
                    unknown("unknown-process", "process", process).help(suggestion(
                        &process.value,
                        known,
                        none,
                    )),
                );
            }
        }
        let mut extended: BTreeMap<&Name, &Placed<Name>> = BTreeMap::new();
        for overlay in self.overlays.iter().flat_map(|list| &list.value) {
            let Some(extends) = folder.overlays.get(&overlay.value) else {
                let known = folder.overlays.keys().map(Name::as_str);
                let none = "the folder has no `processes/overlays/*.yaml`";
                wrong.push(
                    unknown("unknown-overlay", "overlay", overlay).help(suggestion(
                        &overlay.value,
                        known,
                        none,
                    )),
                );
                continue;
            };
            let Some(process) = extends else { continue };
            if let Some(other) = extended.insert(process, overlay) {
                let message = format!(
                    "`{}` and `{}` both extend `{process}`",
                    other.value, overlay.value
                );
                wrong.push(
                    Diagnostic::error("two-overlays", &overlay.span, message)
                        .also(&other.span, "the other one")
                        .help("two overlays are never merged: keep one for each process, or write a third that holds both"),
                );
            }
        }
        wrong
    }
}

fn unknown(code: &'static str, what: &str, name: &Placed<Name>) -> Diagnostic {
    Diagnostic::error(
        code,
        &name.span,
        format!("there is no {what} `{}` in the folder", name.value),
    )
}
