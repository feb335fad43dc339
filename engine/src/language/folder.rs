//! What the files of a programme's folder are by their paths, and which of its processes belong together. Reads no folder by itself.

use super::{checks, problems::is_name, programme::Ready, tree::Content, yaml};
use crate::diagnostic::Source;
use forloeb_core::name::Name;
use indexmap::IndexMap;
use std::{collections::BTreeSet, sync::Arc};

const PROCESSES: &str = "processes/";
const OVERLAYS: &str = "processes/overlays/";

/// The process that a file is, by its path.
#[must_use]
pub fn process_of(path: &str) -> Option<Name> {
    named(path, PROCESSES)
}

/// The overlay that a file is, with the process that it extends, where it says so.
#[must_use]
pub fn overlay_of(source: &Arc<Source>) -> Option<(Name, Option<Name>)> {
    let name = named(&source.path, OVERLAYS)?;
    // What is wrong with it is told when it is compiled.
    let tree = yaml::parse(source, &mut Vec::new());
    let extends = tree.as_ref().and_then(|tree| tree.get("extends"));
    let extends = extends.and_then(|node| match &node.content {
        Content::Scalar(scalar) if is_name(&scalar.text) => Some(Name::from(scalar.text.as_str())),
        _ => None,
    });
    Some((name, extends))
}

fn named(path: &str, folder: &str) -> Option<Name> {
    let file = path.strip_prefix(folder)?.strip_suffix(".yaml")?;
    (!file.contains('/')).then(|| Name::from(file))
}

/// These processes, and those that they are tied to by links and events: one cannot be in force without the other.
#[must_use]
pub fn together(plans: &IndexMap<Name, Ready>, named: &[Name]) -> BTreeSet<Name> {
    let mut together = BTreeSet::new();
    let mut left = named.to_vec();
    while let Some(process) = left.pop() {
        if let Some(ready) = plans.get(&process) {
            let tied = checks::tied(&ready.plan);
            left.extend(tied.into_iter().filter(|other| !together.contains(other)));
        }
        together.insert(process);
    }
    together
}
