//! The files of a programme: reading them from a folder, and telling what each of them is.

use crate::diagnostic::{Diagnostic, Source, Span};
use crate::language::{read::Problems, tree::Node, yaml};
use forloeb_core::name::Name;
use indexmap::IndexMap;
use std::{
    collections::BTreeMap,
    fs, io,
    io::Read,
    path::{Path, PathBuf},
    sync::Arc,
};

pub const PROCESSES: &str = "processes/";
pub const CALENDARS: &str = "processes/calendars/";
/// The folder of the overlays.
pub const OVERLAYS: &str = "processes/overlays/";
pub const RULES: &str = "rules/";

/// The files of a programme folder, `processes/*.yaml`, `processes/calendars/*.yaml`, `processes/overlays/*.yaml` and `rules/*.rhai`, each
/// with its path inside it and where it lies, in the order of their paths. A folder that is not there holds no files.
///
/// # Errors
/// When the folder itself is not there, or one in it cannot be read.
pub fn list_folder(folder: &Path) -> io::Result<Vec<(Name, PathBuf)>> {
    fs::read_dir(folder)?;
    let mut listed = Vec::new();
    for (inside, endings) in [
        (PROCESSES, &["yaml", "yml"][..]),
        (CALENDARS, &["yaml", "yml"][..]),
        (OVERLAYS, &["yaml", "yml"][..]),
        (RULES, &["rhai"][..]),
    ] {
        let files = match fs::read_dir(folder.join(inside)) {
            Ok(files) => files,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        for file in files {
            let path = file?.path();
            let ending = path.extension().and_then(|ending| ending.to_str());
            let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
                continue;
            };
            if ending.is_some_and(|ending| endings.contains(&ending))
                && !name.starts_with('.')
                && path.is_file()
            {
                listed.push((format!("{inside}{name}").into(), path));
            }
        }
    }
    listed.sort();
    Ok(listed)
}

/// Reads the files of a programme folder. A file is read no further than it could be accepted.
///
/// # Errors
/// When the folder itself is not there, or a file in it cannot be read.
pub fn read_folder(folder: &Path) -> io::Result<Vec<Arc<Source>>> {
    let listed = list_folder(folder)?.into_iter();
    listed
        .map(|(path, file)| {
            Ok(Arc::new(Source {
                path,
                text: read_file(&file)?,
            }))
        })
        .collect()
}

/// The text of a file. What is not UTF-8 becomes the replacement character, which reading then points at.
fn read_file(path: &Path) -> io::Result<String> {
    let mut bytes = Vec::new();
    let most = yaml::MAX_BYTES as u64 + 1;
    fs::File::open(path)?.take(most).read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    Ok(text.strip_prefix('\u{FEFF}').unwrap_or(&text).to_owned())
}

/// The files of a programme by what they are. One that could not be parsed is known, but has no tree.
pub struct Files {
    /// Processes.
    pub processes: IndexMap<Name, Option<Node>>,
    /// Calendars.
    pub calendars: IndexMap<Name, Option<Node>>,
    /// Overlays, of those that are looked at.
    pub overlays: IndexMap<Name, Option<Node>>,
    /// The names of all overlay files.
    pub known_overlays: Vec<Name>,
    /// Rule files.
    pub rules: Vec<Arc<Source>>,
    /// Each file by its path.
    pub by_path: BTreeMap<Name, Arc<Source>>,
}

impl Files {
    /// Parses the files. An overlay is looked at only where `wanted` says so.
    pub fn parse(
        sources: &[Arc<Source>],
        wanted: impl Fn(&Name) -> bool,
        problems: &mut Problems,
    ) -> Self {
        let mut files = Self {
            processes: IndexMap::new(),
            calendars: IndexMap::new(),
            overlays: IndexMap::new(),
            known_overlays: Vec::new(),
            rules: Vec::new(),
            by_path: BTreeMap::new(),
        };
        for source in sources {
            let path = source.path.as_str();
            files
                .by_path
                .insert(source.path.clone(), Arc::clone(source));
            if path.starts_with(RULES) {
                files.rules.push(Arc::clone(source));
                continue;
            }
            let stem = |folder: &str| {
                let file = path.strip_prefix(folder)?.strip_suffix(".yaml")?;
                (!file.contains('/')).then(|| Name::from(file))
            };
            if let Some(name) = stem(CALENDARS) {
                let tree = yaml::parse(source, problems);
                files.calendars.insert(name, tree);
            } else if let Some(name) = stem(OVERLAYS) {
                files.known_overlays.push(name.clone());
                if wanted(&name) {
                    let tree = yaml::parse(source, problems);
                    files.overlays.insert(name, tree);
                }
            } else if let Some(name) = stem(PROCESSES) {
                let tree = yaml::parse(source, problems);
                files.processes.insert(name, tree);
            } else {
                problems.push(
                    Diagnostic::warning("unread-file", &Span::new(source, 0, 0), "this file is not read")
                        .help("the files of a programme are `processes/*.yaml`, `processes/calendars/*.yaml`, `processes/overlays/*.yaml` and `rules/*.rhai`"),
                );
            }
        }
        files
    }
}
