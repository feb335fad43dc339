//! A programme: its files, and the plans that they make together.
//!
//! A plan travels with the sources that it is made of, so that it can be stored whole and compiled again to the same plan.

pub use super::checks::uses as rule_uses;
use super::{
    calendar::{self, Calendars},
    checks,
    compile::{Outside, compile},
    explore, identity,
    read::Problems,
    tree::Node,
    yaml,
};
use crate::{
    diagnostic::{Diagnostic, Source, Span, in_order},
    scripts::Scripts,
};
use forloeb_core::{judge::Judge, name::Name, plan::Plan, time::Calendar};
use indexmap::IndexMap;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    io::Read,
    path::Path,
    sync::Arc,
};

/// What loading the files of a programme gives. It never fails: what is wrong is in the diagnostics.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The plans that may run, by process.
    pub plans: IndexMap<Name, Ready>,
    /// The calendars that have no errors, by name.
    pub calendars: IndexMap<Name, Calendar>,
    /// Everything that was found, in the order of files and places.
    pub diagnostics: Vec<Diagnostic>,
}

/// A plan that may run.
#[derive(Clone, Debug)]
pub struct Ready {
    /// The plan.
    pub plan: Arc<Plan>,
    /// What evaluates its rules.
    pub judge: Arc<dyn Judge>,
    /// The files that it is made of, in the order of their paths: loading exactly these gives the same plan.
    pub sources: Vec<Arc<Source>>,
}

impl Loaded {
    /// Whether anything blocks.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }
}

const PROCESSES: &str = "processes/";
const CALENDARS: &str = "processes/calendars/";
const RULES: &str = "rules/";

/// Reads the files of a programme folder: `processes/*.yaml`, `processes/calendars/*.yaml` and `rules/*.rhai`, in the order of
/// their paths. A folder that is not there holds no files. A file is read no further than it could be accepted.
///
/// # Errors
/// When the folder itself is not there, or a file in it cannot be read.
pub fn read_folder(folder: &Path) -> io::Result<Vec<Arc<Source>>> {
    fs::read_dir(folder)?;
    let mut sources = Vec::new();
    for (inside, endings) in [
        (PROCESSES, &["yaml", "yml"][..]),
        (CALENDARS, &["yaml", "yml"][..]),
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
                sources.push(Arc::new(Source {
                    path: format!("{inside}{name}").into(),
                    text: read_file(&path)?,
                }));
            }
        }
    }
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(sources)
}

/// The text of a file. What is not UTF-8 becomes the replacement character, which reading then points at.
fn read_file(path: &Path) -> io::Result<String> {
    let mut bytes = Vec::new();
    let most = yaml::MAX_BYTES as u64 + 1;
    fs::File::open(path)?.take(most).read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    Ok(text.strip_prefix('\u{FEFF}').unwrap_or(&text).to_owned())
}

/// Compiles and checks the files of a programme.
#[must_use]
pub fn load(sources: &[Arc<Source>]) -> Loaded {
    load_but(sources, |_| false)
}

/// The same, but the states of plans that are `known` by their id are not explored: they were before they were stored.
#[must_use]
pub fn load_but(sources: &[Arc<Source>], known: impl Fn(&Name) -> bool) -> Loaded {
    let mut problems = Problems::new();
    let files = Files::parse(sources, &mut problems);
    let (scripts, wrong) = Scripts::compile(&files.rules);
    let broken_rules = wrong
        .iter()
        .filter(|problem| problem.is_error())
        .filter_map(|problem| {
            problem
                .span
                .source
                .path
                .strip_prefix(RULES)?
                .strip_suffix(".rhai")
        })
        .map(Name::from)
        .collect();
    problems.extend(wrong);
    let calendars = calendar::compile_all(&files.calendars, &mut problems);
    let names: Vec<Name> = files.processes.keys().cloned().collect();
    let outside = Outside {
        processes: &names,
        calendars: &calendars,
        rules: &scripts,
        broken_rules: &broken_rules,
    };
    let mut plans = BTreeMap::new();
    for (name, root) in &files.processes {
        let Some(root) = root else { continue };
        let mut own = Problems::new();
        if let Some(plan) = compile(root, &outside, &mut own) {
            plans.insert(name.clone(), plan);
        }
        problems.extend(own);
    }
    checks::across(&files.processes, &plans, &mut problems);
    let mut reads = checks::rules(&plans, &scripts, &mut problems);
    for (name, plan) in &mut plans {
        let meaning = |rule: &Name| scripts.meaning(rule).unwrap_or_default();
        plan.id = identity::id(plan, meaning).unwrap_or_else(|_| "".into());
        if let Some(Some(root)) = files.processes.get(name) {
            checks::within(root, plan, &files.rules, &mut problems);
            if !broken(root, &problems) && !known(&plan.id) {
                explore::explore(root, plan, &mut problems);
            }
        }
        plan.reads_by = reads.remove(name).unwrap_or_default();
        for reading in plan.reads_by.values() {
            plan.reads_through.extend(reading.through.iter().cloned());
            for (process, read) in &reading.of {
                plan.reads_of.entry(process.clone()).or_default().add(read);
            }
        }
    }
    // While something is wrong, nobody knows yet what else would be used.
    if !problems.iter().any(Diagnostic::is_error) {
        let mut used: BTreeMap<&Name, BTreeSet<Name>> = BTreeMap::new();
        for plan in plans.values() {
            for rule in plan.described.keys() {
                let languages = used.entry(rule).or_default();
                languages.extend(plan.languages.iter().cloned());
            }
        }
        problems.extend(scripts.unused(&used.keys().copied().collect()));
        problems.extend(scripts.unread(&used));
    }
    in_order(&mut problems);
    let plans = ready(&files, &calendars, &scripts, plans, &problems);
    Loaded {
        plans,
        calendars: calendars.into_good(),
        diagnostics: problems,
    }
}

fn broken(root: &Node, problems: &Problems) -> bool {
    let path = &root.span.source.path;
    problems
        .iter()
        .any(|problem| problem.is_error() && problem.span.source.path == *path)
}

/// The files of a programme by what they are. One that could not be parsed is known, but has no tree.
struct Files {
    processes: IndexMap<Name, Option<Node>>,
    calendars: IndexMap<Name, Option<Node>>,
    rules: Vec<Arc<Source>>,
    by_path: BTreeMap<Name, Arc<Source>>,
}

impl Files {
    fn parse(sources: &[Arc<Source>], problems: &mut Problems) -> Self {
        let mut files = Self {
            processes: IndexMap::new(),
            calendars: IndexMap::new(),
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
            } else if let Some(name) = stem(PROCESSES) {
                let tree = yaml::parse(source, problems);
                files.processes.insert(name, tree);
            } else {
                problems.push(
                    Diagnostic::warning("unread-file", &Span::new(source, 0, 0), "this file is not read")
                        .help("the files of a programme are `processes/*.yaml`, `processes/calendars/*.yaml` and `rules/*.rhai`"),
                );
            }
        }
        files
    }
}

/// The plans that may run: those of which no file has an error.
fn ready(
    files: &Files,
    calendars: &Calendars,
    scripts: &Scripts,
    plans: BTreeMap<Name, Plan>,
    problems: &Problems,
) -> IndexMap<Name, Ready> {
    let bad: BTreeSet<&Name> = problems
        .iter()
        .filter(|problem| problem.is_error())
        .map(|problem| &problem.span.source.path)
        .collect();
    let judge = scripts.judge();
    let mut ready = IndexMap::new();
    for (name, plan) in &plans {
        let paths = paths_of(name, &plans, calendars);
        let whole = paths
            .iter()
            .all(|path| files.by_path.contains_key(path) && !bad.contains(path));
        if whole && !plan.id.is_empty() {
            let sources = paths
                .iter()
                .filter_map(|path| files.by_path.get(path).cloned());
            let one = Ready {
                plan: Arc::new(plan.clone()),
                judge: Arc::clone(&judge),
                sources: sources.collect(),
            };
            ready.insert(name.clone(), one);
        }
    }
    ready
}

/// The files that a process is made of, together with the processes that it is tied to, since those are checked with it.
fn paths_of(name: &Name, plans: &BTreeMap<Name, Plan>, calendars: &Calendars) -> BTreeSet<Name> {
    let mut paths = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut left = vec![name.clone()];
    while let Some(process) = left.pop() {
        if !seen.insert(process.clone()) {
            continue;
        }
        paths.insert(format!("{PROCESSES}{process}.yaml").into());
        let Some(plan) = plans.get(&process) else {
            continue;
        };
        for calendar in calendars.chain(plan.calendar.name()) {
            paths.insert(format!("{CALENDARS}{calendar}.yaml").into());
        }
        for rule in plan.described.keys() {
            let file = rule.split('.').next().unwrap_or_default();
            paths.insert(format!("{RULES}{file}.rhai").into());
        }
        left.extend(checks::tied(plan));
    }
    paths
}
