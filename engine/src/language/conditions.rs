//! Compiles conditions: what `when`, `until` and `done_when` wait for.

use super::{
    compile::Compiler,
    declared::{Sort, resolve, unknown},
    problems::listed,
    read::{Fields, expected, list, named, word},
    reference::{CONDITION, LINK_COUNT},
    tree::{Content, Entry, Node},
};
use crate::diagnostic::Diagnostic;
use forloeb_core::{
    condition::{Condition, EventTest, Test},
    name::Name,
    plan::Amount,
};
use std::collections::BTreeMap;

/// Where a condition stands: what `task:`, `tasks:` and `in_stage_for:` can mean there.
#[derive(Clone, Copy)]
pub enum Place<'n> {
    /// In a stage with these tasks.
    Stage(&'n [Entry]),
    /// In the exits of every stage.
    AnyStage,
    /// In a task that belongs to no stage.
    Task,
}

/// The keys that only say more about `event`.
const MODIFIERS: [&str; 4] = ["by", "with", "times", "ever"];

impl<'n> Compiler<'n> {
    /// The condition under a key.
    pub(super) fn condition_at(
        &mut self,
        fields: Fields<'n>,
        key: &str,
        place: Place<'n>,
    ) -> Option<Condition> {
        let node = fields.get(key)?;
        self.condition(node, place)
    }

    /// A condition.
    pub(super) fn condition(&mut self, node: &'n Node, place: Place<'n>) -> Option<Condition> {
        let Content::Map(entries) = &node.content else {
            let help = match &node.content {
                Content::Scalar(word) if self.declared.events.contains_key(word.text.as_str()) => {
                    format!("write `{{ event: {} }}`", word.text)
                }
                _ => "such as `{ event: letter_sent }`, `{ tasks: done }` or `{ fact: { hours: { at_least: 15 } } }`".to_owned(),
            };
            self.problems.push(expected(node, "a condition").help(help));
            return None;
        };
        let fields = Fields::read(node, &node.span, &CONDITION, &mut self.problems)?;
        if entries.is_empty() {
            self.problems.push(Diagnostic::error(
                "empty-condition",
                &node.span,
                "this condition says nothing",
            ));
            return None;
        }
        if fields.get("event").is_none() {
            self.refuse_modifiers(fields);
        }
        let mut tests = Vec::new();
        let mut broken = false;
        for entry in entries {
            if MODIFIERS.contains(&entry.key.as_str()) || CONDITION.key(&entry.key).is_none() {
                continue;
            }
            match self.test(entry, fields, place) {
                Some(found) => tests.extend(found.into_iter().map(|test| Condition {
                    test,
                    ground: entry.key_span.ground(),
                })),
                None => broken = true,
            }
        }
        if broken {
            return None;
        }
        match tests.len() {
            0 => None,
            1 => tests.pop(),
            _ => Some(Condition {
                test: Test::All(tests),
                ground: node.span.ground(),
            }),
        }
    }

    fn refuse_modifiers(&mut self, fields: Fields<'_>) {
        for key in MODIFIERS {
            if let Some(entry) = fields.entry(key) {
                self.problems.push(
                    Diagnostic::error(
                        "misplaced-key",
                        &entry.key_span,
                        format!("`{key}` says more about an `event`, and there is none here"),
                    )
                    .help(format!("write `{{ event: …, {key}: … }}`")),
                );
            }
        }
    }

    /// What one key of a condition asks. Several facts or links under one key are several tests.
    fn test(
        &mut self,
        entry: &'n Entry,
        fields: Fields<'n>,
        place: Place<'n>,
    ) -> Option<Vec<Test>> {
        let node = &entry.value;
        if node.content == Content::Empty {
            return None;
        }
        let one = |test| Some(vec![test]);
        match entry.key.as_str() {
            "tasks" => self.tasks_done(entry, place).and_then(one),
            "task" => {
                let tasks = self.stage_tasks(entry, place)?;
                let known = tasks.iter().map(|task| task.key.as_str());
                resolve(node, Sort::StageTask, known, &mut self.problems)
                    .map(Test::TaskDone)
                    .and_then(one)
            }
            "event" => self.event_test(node, fields).map(Test::Event).and_then(one),
            "fact" => self.fact_tests(node),
            "link" => self.link_tests(node),
            "in_stage_for" => {
                if let Place::Task = place {
                    self.problems.push(no_stage_here(entry));
                    return None;
                }
                self.duration(node).map(Test::InStageFor).and_then(one)
            }
            "rule" => self.rule(node).map(Test::Rule).and_then(one),
            "all" => self.several(node, place).map(Test::All).and_then(one),
            "any" => self.several(node, place).map(Test::Any).and_then(one),
            _ => self
                .condition(node, place)
                .map(|inner| Test::Not(Box::new(inner)))
                .and_then(one),
        }
    }

    fn tasks_done(&mut self, entry: &'n Entry, place: Place<'n>) -> Option<Test> {
        let tasks = self.stage_tasks(entry, place)?;
        let scalar = word(&entry.value, "`done`", &mut self.problems)?;
        if scalar.text != "done" {
            self.problems.push(
                Diagnostic::error(
                    "unknown-word",
                    &entry.value.span,
                    format!("`tasks` cannot be `{}`", scalar.text),
                )
                .label("expected `done`")
                .help("for one task write `task: NAME`"),
            );
            return None;
        }
        if tasks.is_empty() {
            self.problems.push(
                Diagnostic::error(
                    "no-tasks",
                    &entry.value.span,
                    "this stage has no tasks that could be done",
                )
                .help("give the stage `tasks:`, or wait for something else, such as an `event`"),
            );
            return None;
        }
        Some(Test::TasksDone)
    }

    fn stage_tasks(&mut self, entry: &Entry, place: Place<'n>) -> Option<&'n [Entry]> {
        match place {
            Place::Stage(tasks) => Some(tasks),
            Place::AnyStage | Place::Task => {
                self.problems.push(no_stage_here(entry));
                None
            }
        }
    }

    fn several(&mut self, node: &'n Node, place: Place<'n>) -> Option<Vec<Condition>> {
        let items = list(node, &mut self.problems);
        let read: Vec<_> = items
            .iter()
            .map(|item| self.condition(item, place))
            .collect();
        if matches!(&node.content, Content::List(items) if items.is_empty()) {
            self.problems.push(Diagnostic::error(
                "empty-condition",
                &node.span,
                "this list of conditions is empty",
            ));
        }
        let all: Option<Vec<_>> = read.into_iter().collect();
        all.filter(|conditions| !conditions.is_empty())
    }

    fn event_test(&mut self, node: &Node, fields: Fields<'n>) -> Option<EventTest> {
        let event = self.known(node, Sort::Event);
        let by = self.known_all(fields, "by", Sort::Role);
        let times = match fields.get("times") {
            Some(times) => self.times(times),
            None => Some(Amount::Literal(1)),
        };
        let ever = fields.yes_no("ever", &mut self.problems);
        let event = event?;
        self.check_reporters(&event, &by, fields);
        let with = self.event_values(&event, fields)?;
        Some(EventTest {
            event,
            by,
            with,
            times: times?,
            ever,
        })
    }

    fn times(&mut self, node: &Node) -> Option<Amount<u32>> {
        let times = self.count(node)?;
        if times == Amount::Literal(0) {
            self.problems.push(
                Diagnostic::error(
                    "never-counts",
                    &node.span,
                    "at least 0 times is always true",
                )
                .help("for an event that has not happened write `not: { event: … }`"),
            );
            return None;
        }
        Some(times)
    }

    fn check_reporters(&mut self, event: &Name, by: &[Name], fields: Fields<'_>) {
        let Some(declared) = self.events.get(event) else {
            return;
        };
        for (role, node) in by.iter().zip(fields.one_or_many("by")) {
            if !declared.by.contains(role) {
                let who = listed(declared.by.iter().map(Name::as_str), "and");
                let help = match who.as_str() {
                    "" => format!("`{event}` is only ever told by other cases"),
                    who => format!("it may be reported by {who}"),
                };
                self.problems.push(
                    Diagnostic::error(
                        "wrong-reporter",
                        &node.span,
                        format!("the role `{role}` may not report `{event}`"),
                    )
                    .help(help),
                );
            }
        }
    }

    fn event_values(
        &mut self,
        event: &Name,
        fields: Fields<'n>,
    ) -> Option<BTreeMap<Name, Amount<forloeb_core::value::Value>>> {
        let mut values = BTreeMap::new();
        let Some(node) = fields.get("with") else {
            return Some(values);
        };
        let declared = self.events.get(event).map(|event| event.with.clone());
        let known = self
            .declared
            .events
            .get(event.as_str())
            .and_then(|entry| entry.value.get("with"))
            .map(Node::entries)
            .unwrap_or_default();
        for entry in named(node, "fields with the value of each", &mut self.problems) {
            if !known.iter().any(|field| field.key == entry.key) {
                let names = known.iter().map(|field| field.key.as_str());
                let mut problem = unknown(&entry.value, &entry.key, Sort::Field, names);
                problem.span = entry.key_span.clone();
                problem.message = format!("the event `{event}` has no field `{}`", entry.key);
                self.problems.push(problem);
                continue;
            }
            let with = declared.as_ref()?;
            let field = with.get(entry.key.as_str())?;
            if field.fact.sealed() {
                self.problems.push(sealed(entry, "field"));
                continue;
            }
            let value = self.value(&entry.value, &field.fact.kind)?;
            values.insert(Name::from(entry.key.as_str()), value);
        }
        Some(values)
    }

    fn link_tests(&mut self, node: &'n Node) -> Option<Vec<Test>> {
        if let Content::Scalar(_) = node.content {
            let link = self.known(node, Sort::Link)?;
            return Some(vec![Test::Link {
                link,
                at_least: Amount::Literal(1),
                at_most: None,
            }]);
        }
        let mut tests = Vec::new();
        for entry in named(
            node,
            "a link, or links with how many cases",
            &mut self.problems,
        ) {
            if !self.declared.links.contains_key(entry.key.as_str()) {
                let known = self.declared.links.keys().copied();
                let mut problem = unknown(&entry.value, &entry.key, Sort::Link, known);
                problem.span = entry.key_span.clone();
                self.problems.push(problem);
                return None;
            }
            let fields = self.fields(entry, &LINK_COUNT)?;
            let at_most = match fields.get("at_most") {
                Some(node) => Some(self.count(node)?),
                None => None,
            };
            let at_least = match fields.get("at_least") {
                Some(node) => self.count(node)?,
                None => Amount::Literal(u32::from(at_most.is_none())),
            };
            tests.push(Test::Link {
                link: entry.key.as_str().into(),
                at_least,
                at_most,
            });
        }
        (!tests.is_empty()).then_some(tests)
    }
}

fn no_stage_here(entry: &Entry) -> Diagnostic {
    Diagnostic::error(
        "no-stage-here",
        &entry.key_span,
        format!("`{}` speaks of a stage, and there is none here", entry.key),
    )
    .help("in exits of every stage and in tasks outside a stage, wait for an `event`, a `fact` or a `rule`")
}

/// A condition cannot look at what is kept apart from the history.
pub fn sealed(entry: &Entry, what: &str) -> Diagnostic {
    Diagnostic::error(
        "confidential-compared",
        &entry.key_span,
        format!(
            "the {what} `{}` is confidential or personal: conditions do not see its value",
            entry.key
        ),
    )
    .help("ask only whether it is there (`fact: NAME`), or write a rule that declares `reads`")
}
