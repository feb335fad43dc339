//! The parts of a programme, and what they make together: compiling trees of processes to plans, and checking these against each other.

use super::{
    Ready,
    files::{CALENDARS, Files, OVERLAYS, PROCESSES, RULES},
};
use crate::language::{
    calendar::{self, Calendars},
    checks,
    compile::{Outside, compile},
    explore, identity,
    read::Problems,
    tree::{Content, Node},
};
use crate::scripts::Scripts;
use forloeb_core::{name::Name, plan::Plan};
use indexmap::IndexMap;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// The parts of a programme.
pub struct Parts {
    /// The files.
    pub files: Files,
    /// The rules.
    pub scripts: Scripts,
    /// The calendars.
    pub calendars: Calendars,
    /// The rule files with errors, by the names under which their rules are known.
    broken_rules: BTreeSet<Name>,
    /// The processes.
    names: Vec<Name>,
}

/// The trees of the processes, as they are or with an overlay.
pub type Roots<'n> = IndexMap<Name, &'n Node>;

impl Parts {
    /// The parts that files make.
    pub fn of(files: Files, problems: &mut Problems) -> Self {
        let (scripts, wrong) = Scripts::compile(&files.rules);
        let broken = wrong.iter().filter(|problem| problem.is_error());
        let broken_rules = broken
            .filter_map(|problem| {
                let path = &problem.span.source.path;
                path.strip_prefix(RULES)?.strip_suffix(".rhai")
            })
            .map(Name::from)
            .collect();
        problems.extend(wrong);
        let calendars = calendar::compile_all(&files.calendars, problems);
        let names = files.processes.keys().cloned().collect();
        Self {
            files,
            scripts,
            calendars,
            broken_rules,
            names,
        }
    }

    /// The processes.
    pub fn processes(&self) -> &[Name] {
        &self.names
    }

    /// The trees of the processes as they are.
    pub fn roots(&self) -> Roots<'_> {
        let roots = self.files.processes.iter();
        roots
            .filter_map(|(name, root)| Some((name.clone(), root.as_ref()?)))
            .collect()
    }

    /// The plan of a tree by itself.
    pub fn compile(&self, root: &Node, problems: &mut Problems) -> Option<Plan> {
        let outside = Outside {
            processes: &self.names,
            calendars: &self.calendars,
            rules: &self.scripts,
            broken_rules: &self.broken_rules,
        };
        let mut own = Problems::new();
        let plan = compile(root, &outside, &mut own);
        problems.append(&mut own);
        plan
    }

    /// Checks plans against each other, and those of `fresh` by themselves; gives each its name and what its rules read.
    pub fn check(
        &self,
        roots: &Roots<'_>,
        plans: &mut BTreeMap<Name, Plan>,
        fresh: &[Name],
        problems: &mut Problems,
        known: &dyn Fn(&Name) -> bool,
    ) {
        checks::across(roots, plans, problems);
        let mut reads = checks::rules(plans, &self.scripts, problems);
        for (name, plan) in plans {
            let meaning = |rule: &Name| self.scripts.meaning(rule).unwrap_or_default();
            if fresh.contains(name) {
                plan.id = identity::id(plan, meaning).unwrap_or_else(|_| "".into());
                if let Some(root) = roots.get(name) {
                    checks::within(root, plan, &self.files.rules, problems);
                    if !broken(name, plan, problems) && !known(&plan.id) {
                        explore::explore(root, plan, problems);
                    }
                }
            }
            plan.reads_by = reads.remove(name).unwrap_or_default();
            plan.reads_through.clear();
            plan.reads_of.clear();
            for reading in plan.reads_by.values() {
                plan.reads_through.extend(reading.through.iter().cloned());
                for (process, read) in &reading.of {
                    plan.reads_of.entry(process.clone()).or_default().add(read);
                }
            }
        }
    }

    /// The files that a process is made of, together with the processes that it is tied to, since those are checked with it.
    pub fn paths_of(&self, name: &Name, plans: &BTreeMap<Name, Plan>) -> BTreeSet<Name> {
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
            if let Some(overlay) = &plan.overlay {
                paths.insert(format!("{OVERLAYS}{overlay}.yaml").into());
            }
            for calendar in self.calendars.chain(plan.calendar.name()) {
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

    /// A plan that may run, when all files that it is made of are there and none of them is bad.
    pub fn ready(
        &self,
        name: &Name,
        plans: &BTreeMap<Name, Plan>,
        bad: &BTreeSet<Name>,
    ) -> Option<Ready> {
        let plan = plans.get(name)?;
        let paths = self.paths_of(name, plans);
        let whole = paths
            .iter()
            .all(|path| self.files.by_path.contains_key(path) && !bad.contains(path));
        (whole && !plan.id.is_empty()).then(|| Ready {
            plan: Arc::new(plan.clone()),
            judge: self.scripts.judge(),
            sources: paths
                .iter()
                .filter_map(|path| self.files.by_path.get(path).cloned())
                .collect(),
        })
    }

    /// The rule files and calendars that trees speak of, by their paths.
    pub fn spoken_of(&self, roots: &Roots<'_>) -> BTreeSet<Name> {
        let mut paths = BTreeSet::new();
        for root in roots.values() {
            if let Some(Content::Scalar(calendar)) = root.get("calendar").map(|node| &node.content)
            {
                for calendar in self.calendars.chain(&Name::from(calendar.text.as_str())) {
                    paths.insert(format!("{CALENDARS}{calendar}.yaml").into());
                }
            }
            let mut left = vec![*root];
            while let Some(node) = left.pop() {
                match &node.content {
                    Content::Scalar(scalar) => {
                        if let Some((file, _)) = scalar.text.split_once('.') {
                            paths.insert(format!("{RULES}{file}.rhai").into());
                        }
                    }
                    Content::Map(entries) => left.extend(entries.iter().map(|entry| &entry.value)),
                    Content::List(items) => left.extend(items),
                    Content::Empty => {}
                }
            }
        }
        paths
    }
}

/// The paths of the files that have errors.
pub fn bad_files(problems: &Problems) -> BTreeSet<Name> {
    let bad = problems.iter().filter(|problem| problem.is_error());
    bad.map(|problem| problem.span.source.path.clone())
        .collect()
}

/// Whether there is an error in one of the files in which the lines of a process stand.
fn broken(name: &Name, plan: &Plan, problems: &Problems) -> bool {
    let mut paths = vec![format!("{PROCESSES}{name}.yaml")];
    paths.extend(
        plan.overlay
            .iter()
            .map(|overlay| format!("{OVERLAYS}{overlay}.yaml")),
    );
    problems.iter().any(|problem| {
        problem.is_error()
            && paths
                .iter()
                .any(|path| problem.span.source.path == *path.as_str())
    })
}
