//! Compiles one process file: from its tree to a plan in which every name resolves within the file. Collects everything that is
//! wrong rather than stopping at the first.
//!
//! What needs the plans of other processes is in `checks`.

use super::{
    calendar::Calendars,
    declared::{Declared, Sort, resolve},
    read::{Fields, Problems, list, word},
    reference::PROCESS,
    rules::Rules,
    tree::{Content, Entry, Node},
};
use crate::diagnostic::{Diagnostic, Span};
use forloeb_core::{
    ground::Ground,
    name::Name,
    plan::{Described, Event, Fact, Link, Plan, RuleUse, Setting},
    text::Text,
    value::Kind,
};
use indexmap::IndexMap;
use std::collections::{BTreeMap, BTreeSet};

/// What a process file may refer to outside itself.
pub struct Outside<'n> {
    /// The processes of the programme.
    pub processes: &'n [Name],
    /// Its calendars.
    pub calendars: &'n Calendars,
    /// Its rules.
    pub rules: &'n dyn Rules,
    /// The rule files with errors, by the names under which their rules are known.
    pub broken_rules: &'n BTreeSet<Name>,
}

/// The state of compiling one file.
pub struct Compiler<'n> {
    pub(super) problems: Problems,
    pub(super) root: &'n Node,
    pub(super) declared: Declared<'n>,
    pub(super) outside: &'n Outside<'n>,
    pub(super) languages: Vec<Name>,
    pub(super) settings: IndexMap<Name, Setting>,
    pub(super) facts: IndexMap<Name, Fact>,
    pub(super) links: IndexMap<Name, Link>,
    pub(super) events: IndexMap<Name, Event>,
    /// Each rule that is used anywhere, with the place of its first use.
    pub(super) rules_used: IndexMap<Name, Span>,
    /// Something is missing for a reason that another file has been told.
    pub(super) incomplete: bool,
}

/// Compiles the tree of a process. A plan is given when nothing is an error; nothing has been found before.
pub fn compile(root: &Node, outside: &Outside<'_>, problems: &mut Problems) -> Option<Plan> {
    let fields = Fields::read(root, &root.span.start_point(), &PROCESS, problems)?;
    let mut compiler = Compiler {
        problems: std::mem::take(problems),
        root,
        declared: Declared::collect(root),
        outside,
        languages: Vec::new(),
        settings: IndexMap::new(),
        facts: IndexMap::new(),
        links: IndexMap::new(),
        events: IndexMap::new(),
        rules_used: IndexMap::new(),
        incomplete: false,
    };
    let plan = compiler.plan(fields);
    let incomplete = compiler.incomplete;
    *problems = compiler.problems;
    // With an overlay the lines of a process stand in two files.
    let clean = !problems.iter().any(Diagnostic::is_error);
    plan.filter(|_| clean && !incomplete)
}

impl<'n> Compiler<'n> {
    /// The sections, in an order in which each finds what it needs typed.
    fn plan(&mut self, fields: Fields<'n>) -> Option<Plan> {
        self.read_languages(fields);
        let title = fields.get("title").map(|node| self.text(node));
        let process = self.process_name(fields);
        let calendar = self.calendar(fields);
        let roles = self.roles(fields);
        self.read_settings(fields);
        self.read_facts(fields);
        self.read_links(fields);
        self.read_events(fields);
        let shown_as = self.named_in(fields, "shown_as", Sort::Fact);
        let faults_to = self.named_in(fields, "faults_to", Sort::Role);
        let outcomes = self.outcomes(fields);
        let tasks = self.raised_tasks(fields);
        let tracks = self.tracks(fields);
        let any_stage = self.any_stage(fields);
        let recurring = self.recurring(fields, &tasks);
        let rules = fields.list("rules", &mut self.problems);
        let rules = self.rule_uses(rules);
        let texts = self.messages(fields);
        let (renamed, adopt) = self.versions(fields);
        let described = self.described();
        self.check_faults_to(fields);
        Some(Plan {
            id: "".into(),
            process: process?,
            overlay: None,
            title: title?,
            languages: std::mem::take(&mut self.languages),
            calendar: calendar?,
            shown_as,
            faults_to,
            roles,
            settings: std::mem::take(&mut self.settings),
            facts: std::mem::take(&mut self.facts),
            links: std::mem::take(&mut self.links),
            events: std::mem::take(&mut self.events),
            tasks,
            tracks,
            recurring,
            any_stage,
            outcomes,
            rules,
            described,
            texts,
            renamed,
            adopt,
            reads_through: BTreeSet::new(),
            reads_of: BTreeMap::new(),
            reads_by: BTreeMap::new(),
        })
    }

    fn process_name(&mut self, fields: Fields<'_>) -> Option<Name> {
        let node = fields.get("process")?;
        stem_name(node, &mut self.problems)
    }

    fn calendar(&mut self, fields: Fields<'_>) -> Option<forloeb_core::time::Calendar> {
        let node = fields.get("calendar")?;
        let calendars = self.outside.calendars;
        let name = resolve(node, Sort::Calendar, calendars.names(), &mut self.problems)?;
        let calendar = calendars.get(&name);
        if calendar.is_none() {
            self.problems.push(Diagnostic::error(
                "broken-calendar",
                &node.span,
                format!("the calendar `{name}` has errors"),
            ));
        }
        calendar.cloned()
    }

    /// The name of a declared element under a key.
    pub(super) fn named_in(&mut self, fields: Fields<'_>, key: &str, sort: Sort) -> Option<Name> {
        let node = fields.get(key)?;
        self.known(node, sort)
    }

    /// The name of a declared element.
    pub(super) fn known(&mut self, node: &Node, sort: Sort) -> Option<Name> {
        if Declared::unreadable(self.root, sort) {
            return None;
        }
        let known = self.declared.of(sort).keys().copied();
        resolve(node, sort, known, &mut self.problems)
    }

    /// The names of declared elements: one, or a list.
    pub(super) fn known_all(&mut self, fields: Fields<'_>, key: &str, sort: Sort) -> Vec<Name> {
        let nodes = fields.one_or_many(key);
        self.each_once(&nodes, |compiler, node| compiler.known(node, sort))
    }

    /// Reads each node, and says when two of them give the same name.
    pub(super) fn each_once(
        &mut self,
        nodes: &[&Node],
        mut read: impl FnMut(&mut Self, &Node) -> Option<Name>,
    ) -> Vec<Name> {
        let mut names: Vec<Name> = Vec::new();
        for node in nodes {
            let Some(name) = read(self, node) else {
                continue;
            };
            if names.contains(&name) {
                self.problems.push(Diagnostic::warning(
                    "said-twice",
                    &node.span,
                    format!("`{name}` stands here twice"),
                ));
            } else {
                names.push(name);
            }
        }
        names
    }

    /// A process of the programme.
    pub(super) fn known_process(&mut self, node: &Node) -> Option<Name> {
        let known = self.outside.processes.iter().map(Name::as_str);
        resolve(node, Sort::Process, known, &mut self.problems)
    }

    fn described(&self) -> IndexMap<Name, Described> {
        self.rules_used
            .keys()
            .filter_map(|rule| Some((rule.clone(), self.outside.rules.described(rule)?)))
            .collect()
    }

    fn check_faults_to(&mut self, fields: Fields<'_>) {
        let Some((rule, span)) = self.rules_used.first() else {
            return;
        };
        if fields.get("faults_to").is_some() {
            return;
        }
        self.problems.push(
            Diagnostic::error(
                "missing-faults-to",
                span,
                format!("`{rule}` is used, but nobody is told when a rule fails"),
            )
            .help("add `faults_to: ROLE` at the top of the process, with the role that looks after the rules"),
        );
    }

    /// The rules in a list, each with what it declares to read.
    pub(super) fn rule_uses(&mut self, nodes: &[Node]) -> Vec<RuleUse> {
        let mut uses: Vec<RuleUse> = Vec::new();
        for node in nodes {
            let Some(rule) = self.rule_use(node) else {
                continue;
            };
            if let Some(first) = uses.iter().find(|known| known.rule == rule.rule) {
                self.problems.push(
                    Diagnostic::error(
                        "duplicate-rule",
                        &node.span,
                        format!("`{}` is attached here a second time", rule.rule),
                    )
                    .help(format!(
                        "it is attached in line {} already",
                        first.ground.line
                    )),
                );
            } else {
                uses.push(rule);
            }
        }
        uses
    }

    fn rule_use(&mut self, node: &Node) -> Option<RuleUse> {
        if let Content::Scalar(_) = node.content {
            let rule = self.rule(node)?;
            return Some(RuleUse {
                rule,
                reads: Vec::new(),
                ground: node.span.ground(),
            });
        }
        let fields = Fields::read(
            node,
            &node.span,
            &super::reference::RULE_USE,
            &mut self.problems,
        )?;
        let reads = self.known_all(fields, "reads", Sort::Fact);
        let rule = self.rule(fields.get("rule")?)?;
        Some(RuleUse {
            rule,
            reads,
            ground: node.span.ground(),
        })
    }

    /// The name of a rule, which must exist.
    pub(super) fn rule(&mut self, node: &Node) -> Option<Name> {
        let scalar = word(
            node,
            "a rule such as `many_to_many.met_enough`",
            &mut self.problems,
        )?;
        let name = Name::from(scalar.text.as_str());
        if self.outside.rules.described(&name).is_none() {
            let file = name.split('.').next().unwrap_or_default();
            if self.outside.broken_rules.contains(file) {
                self.incomplete = true;
                return None;
            }
            let known = self.outside.rules.names();
            self.problems
                .push(super::rules::unknown_rule(node, &name, &known));
            return None;
        }
        self.rules_used
            .entry(name.clone())
            .or_insert_with(|| node.span.clone());
        Some(name)
    }

    /// The options of a choice.
    pub(super) fn options(&mut self, node: &Node) -> Option<Kind> {
        let mut options = IndexMap::new();
        if let Content::Map(_) = node.content {
            for entry in super::read::named(node, "options", &mut self.problems) {
                let title = self.text(&entry.value);
                options.insert(Name::from(entry.key.as_str()), title);
            }
        } else {
            for item in list(node, &mut self.problems) {
                let Some(option) = word(item, "the name of an option", &mut self.problems) else {
                    continue;
                };
                if super::problems::is_name(&option.text) {
                    let title = self.spoken(&option.text);
                    options.insert(Name::from(option.text.as_str()), title);
                } else {
                    let bad = super::read::bad_name(&option.text, &item.span);
                    self.problems.push(bad);
                }
            }
        }
        (!options.is_empty()).then_some(Kind::Choice(options))
    }

    /// A name as a text for people, for want of a title.
    pub(super) fn spoken(&self, name: &str) -> Text {
        let words = name.replace('_', " ");
        Text(
            self.languages
                .iter()
                .map(|one| (one.clone(), words.clone()))
                .collect(),
        )
    }

    /// The title of a thing, or its name.
    pub(super) fn title(&mut self, fields: Fields<'_>, entry: &Entry) -> Text {
        match fields.get("title") {
            Some(node) => self.text(node),
            None => self.spoken(&entry.key),
        }
    }
}

/// Where an entry is declared.
pub fn ground(entry: &Entry) -> Ground {
    entry.key_span.ground()
}

/// A name that must be that of its file.
pub fn stem_name(node: &Node, problems: &mut Problems) -> Option<Name> {
    let scalar = word(node, "the name of the file without `.yaml`", problems)?;
    let path = &node.span.source.path;
    let file = path.rsplit('/').next().unwrap_or(path);
    let stem = file.strip_suffix(".yaml").unwrap_or(file);
    if scalar.text != stem {
        problems.push(
            Diagnostic::error(
                "name-of-file",
                &node.span,
                format!("`{}` stands in a file called `{file}`", scalar.text),
            )
            .help(format!(
                "write `{stem}`, or rename the file to `{}.yaml`",
                scalar.text
            )),
        );
        return None;
    }
    if !super::problems::is_name(stem) {
        problems.push(super::read::bad_name(stem, &node.span));
        return None;
    }
    Some(Name::from(stem))
}
