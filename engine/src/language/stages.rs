//! Compiles tracks, stages and exits.

use super::{
    compile::{Compiler, ground},
    conditions::Place,
    declared::{Sort, resolve},
    problems::is_name,
    read::{Fields, bad_name, expected, list},
    reference::{ANY_STAGE, EXIT, STAGE, TRACK},
    tree::{Content, Entry, Node},
};
use crate::diagnostic::Diagnostic;
use forloeb_core::{
    name::Name,
    plan::{Exit, Stage, Target, Track},
};
use indexmap::IndexMap;

impl<'n> Compiler<'n> {
    pub(super) fn tracks(&mut self, fields: Fields<'n>) -> IndexMap<Name, Track> {
        let mut tracks = IndexMap::new();
        let entries = fields.named("tracks", &mut self.problems);
        if let (Some(node), []) = (fields.get("tracks"), entries.as_slice()) {
            self.problems.push(Diagnostic::error(
                "no-stages",
                &node.span,
                "there is no track in `tracks`",
            ));
        }
        for entry in entries {
            if let Some(track) = self.track(entry) {
                tracks.insert(Name::from(entry.key.as_str()), track);
            }
        }
        tracks
    }

    fn track(&mut self, entry: &'n Entry) -> Option<Track> {
        let fields = self.fields(entry, &TRACK)?;
        let title = self.title(fields, entry);
        let known = fields.get("stages").map(Node::entries).unwrap_or_default();
        let starts_in = fields.get("starts_in").and_then(|node| {
            let names = known.iter().map(|stage| stage.key.as_str());
            resolve(node, Sort::Stage, names, &mut self.problems)
        });
        let mut stages = IndexMap::new();
        for stage in fields.named("stages", &mut self.problems) {
            self.refuse_second_stage(stage);
            if let Some(read) = self.stage(stage, known) {
                stages.insert(Name::from(stage.key.as_str()), read);
            }
        }
        Some(Track {
            title,
            starts_in: starts_in?,
            stages,
            ground: ground(entry),
        })
    }

    /// `while_in` and rules name a stage without its track, so the name must be enough.
    fn refuse_second_stage(&mut self, stage: &Entry) {
        if let Some(first) = self.declared.stages.get(stage.key.as_str())
            && first.key_span != stage.key_span
        {
            self.problems.push(
                Diagnostic::error(
                    "duplicate-stage",
                    &stage.key_span,
                    format!("two tracks have a stage `{}`", stage.key),
                )
                .also(&first.key_span, "first here")
                .help("stages are named without their track elsewhere: give one another name"),
            );
        }
    }

    fn stage(&mut self, entry: &'n Entry, siblings: &'n [Entry]) -> Option<Stage> {
        let fields = self.fields(entry, &STAGE)?;
        let title = self.title(fields, entry);
        let own_tasks = fields.get("tasks").map(Node::entries).unwrap_or_default();
        let place = Place::Stage(own_tasks);
        let tasks = self.stage_tasks_of(fields, place);
        let deadlines = self.deadlines(fields, place);
        let rules = fields.list("rules", &mut self.problems);
        let rules = self.rule_uses(rules);
        let leave = match fields.get("leave") {
            Some(node) => self.exits(node, place, siblings),
            None => Vec::new(),
        };
        Some(Stage {
            title,
            tasks,
            deadlines,
            rules,
            leave,
            ground: ground(entry),
        })
    }

    pub(super) fn any_stage(&mut self, fields: Fields<'n>) -> Vec<Exit> {
        let Some(entry) = fields.entry("any_stage") else {
            return Vec::new();
        };
        let Some(own) = self.fields(entry, &ANY_STAGE) else {
            return Vec::new();
        };
        match own.get("leave") {
            Some(node) => self.exits(node, Place::AnyStage, &[]),
            None => Vec::new(),
        }
    }

    fn exits(&mut self, node: &'n Node, place: Place<'n>, stages: &'n [Entry]) -> Vec<Exit> {
        let items = list(node, &mut self.problems);
        self.check_names(items);
        items
            .iter()
            .filter_map(|item| self.exit(item, place, stages))
            .collect()
    }

    /// Exits and rungs may have names for those who call them from elsewhere: no two in a list share one.
    pub(super) fn check_names(&mut self, items: &'n [Node]) {
        let mut known: Vec<(&str, &Node)> = Vec::new();
        for node in items.iter().filter_map(|item| item.get("name")) {
            let scalar = match &node.content {
                Content::Scalar(scalar) => scalar,
                // That nothing stands there has been said.
                Content::Empty => continue,
                _ => {
                    self.problems.push(expected(node, "a name"));
                    continue;
                }
            };
            if !is_name(&scalar.text) {
                self.problems.push(bad_name(&scalar.text, &node.span));
            } else if let Some((_, first)) = known.iter().find(|(name, _)| *name == scalar.text) {
                self.problems.push(
                    Diagnostic::error(
                        "duplicate-name",
                        &node.span,
                        format!("two elements of this list are called `{}`", scalar.text),
                    )
                    .also(&first.span, "first here")
                    .help("give one of them another name"),
                );
            } else {
                known.push((&scalar.text, node));
            }
        }
    }

    fn exit(&mut self, node: &'n Node, place: Place<'n>, stages: &'n [Entry]) -> Option<Exit> {
        let fields = Fields::read(node, &node.span, &EXIT, &mut self.problems)?;
        let when = self.condition_at(fields, "when", place);
        let target = match (fields.entry("to"), fields.entry("end")) {
            (Some(to), None) => self.target_stage(to, place, stages).map(Target::Stage),
            (None, Some(end)) => self.known(&end.value, Sort::Outcome).map(Target::Outcome),
            (Some(_), Some(end)) => {
                self.problems.push(
                    Diagnostic::error(
                        "to-and-end",
                        &end.key_span,
                        "an exit leads to a stage or ends the case, not both",
                    )
                    .help("keep `to` or `end`"),
                );
                None
            }
            (None, None) => {
                self.problems.push(
                    Diagnostic::error(
                        "missing-key",
                        &node.span,
                        "it is not said where this exit leads",
                    )
                    .help("add `to: STAGE`, or `end: OUTCOME`"),
                );
                None
            }
        };
        Some(Exit {
            target: target?,
            when: when?,
            ground: node.span.ground(),
        })
    }

    fn target_stage(&mut self, to: &Entry, place: Place<'_>, stages: &[Entry]) -> Option<Name> {
        if let Place::AnyStage = place {
            // Only the track that has the stage moves.
            return self.known(&to.value, Sort::Stage);
        }
        let names = stages.iter().map(|stage| stage.key.as_str());
        let elsewhere = |name: &str| {
            self.declared.stages.contains_key(name) && !stages.iter().any(|stage| stage.key == name)
        };
        if let Content::Scalar(scalar) = &to.value.content
            && elsewhere(&scalar.text)
        {
            self.problems.push(
                Diagnostic::error(
                    "other-track",
                    &to.value.span,
                    format!("the stage `{}` belongs to another track", scalar.text),
                )
                .help("a track moves only through its own stages; to make the other track move, let it wait for the same event"),
            );
            return None;
        }
        resolve(&to.value, Sort::Stage, names, &mut self.problems)
    }
}
