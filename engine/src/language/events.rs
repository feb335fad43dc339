//! Compiles events: who reports them, what they carry, what they set and clear, and whom they are told to.

use super::{
    compile::{Compiler, ground},
    declared::{Sort, resolve},
    kinds::{described, misfit},
    problems::suggestion,
    read::{Fields, list, named},
    reference::{EVENT, FIELD, TELL},
    tree::{Content, Entry, Node},
};
use crate::diagnostic::Diagnostic;
use forloeb_core::{
    name::Name,
    plan::{Event, Fact, Field, Tell},
    value::Kind,
};
use indexmap::IndexMap;

impl<'n> Compiler<'n> {
    pub(super) fn read_events(&mut self, fields: Fields<'n>) {
        for entry in fields.named("events", &mut self.problems) {
            if let Some(event) = self.event(entry) {
                self.events.insert(entry.key.as_str().into(), event);
            }
        }
    }

    fn event(&mut self, entry: &'n Entry) -> Option<Event> {
        let fields = self.fields(entry, &EVENT)?;
        let title = self.title(fields, entry);
        let by = self.known_all(fields, "by", Sort::Role);
        let tellers = fields.one_or_many("told_by");
        let told_by = self.each_once(&tellers, Self::known_process);
        if fields.get("by").is_none() && tellers.is_empty() {
            self.problems.push(
                Diagnostic::error(
                    "silent-event",
                    &entry.key_span,
                    format!("nobody can report or tell `{}`", entry.key),
                )
                .help("say who: `by: [role]`, or `told_by: [process]`"),
            );
        }
        let mut with = IndexMap::new();
        for field in fields.named("with", &mut self.problems) {
            if let Some(read) = self.field(field) {
                with.insert(Name::from(field.key.as_str()), read);
            }
        }
        let sets = self.sets(fields, &mut with);
        let clears = self.clears(fields);
        let tell = self.tells(fields, &with);
        Some(Event {
            title,
            by,
            told_by,
            with,
            sets,
            clears,
            tell,
            ground: ground(entry),
        })
    }

    fn field(&mut self, entry: &'n Entry) -> Option<Field> {
        if let Content::Scalar(_) = entry.value.content {
            let kind = self.simple_kind(&entry.value)?;
            return Some(Field {
                fact: self.plain_fact(entry, kind),
                optional: false,
            });
        }
        let fields = self.fields(entry, &FIELD)?;
        let optional = fields.yes_no("optional", &mut self.problems);
        let fact = match fields.get("like") {
            Some(node) => self.field_like(entry, fields, node)?,
            None => {
                let kind = self.field_kind(entry, fields);
                self.fact_of(entry, fields, kind?)?
            }
        };
        Some(Field { fact, optional })
    }

    fn field_like(&mut self, entry: &Entry, fields: Fields<'_>, node: &Node) -> Option<Fact> {
        if let Some(entry) = fields.entry("link") {
            self.problems.push(Diagnostic::error(
                "misplaced-key",
                &entry.key_span,
                "a field with `like` has no `link`",
            ));
        }
        let model = self.model(fields, node)?;
        let kind = self.for_each(fields, model.kind.clone())?;
        Some(self.fact_like(entry, fields, Fact { kind, ..model }))
    }

    fn field_kind(&mut self, entry: &Entry, fields: Fields<'_>) -> Option<Kind> {
        if let Some(node) = fields.get("link") {
            for other in ["type", "each", "min", "max", "options"] {
                if let Some(entry) = fields.entry(other) {
                    self.problems.push(Diagnostic::error(
                        "misplaced-key",
                        &entry.key_span,
                        format!("a field with `link` has no `{other}`"),
                    ));
                }
            }
            let to = self.known_process(node)?;
            return Some(Kind::Link { to });
        }
        if fields.get("type").is_none() {
            self.problems.push(
                Diagnostic::error(
                    "missing-key",
                    &entry.key_span,
                    format!("it is not said what the field `{}` holds", entry.key),
                )
                .help("add `type: …`, or `link: PROCESS` when it is a case"),
            );
            return None;
        }
        let kind = self.kind(fields)?;
        self.for_each(fields, kind)
    }

    /// The kind, once for each case behind a link where the field says so.
    fn for_each(&mut self, fields: Fields<'_>, kind: Kind) -> Option<Kind> {
        let Some(each) = fields.get("each") else {
            return Some(kind);
        };
        let link = self.known(each, Sort::Link)?;
        if self.links.get(&link).is_some_and(|link| !link.many) {
            self.problems.push(
                Diagnostic::error(
                    "each-of-one",
                    &each.span,
                    format!("the link `{link}` leads to one case only"),
                )
                .help("leave `each` out, or give the link `many: true`"),
            );
        }
        Some(Kind::Each {
            link,
            kind: Box::new(kind),
        })
    }

    fn sets(
        &mut self,
        fields: Fields<'n>,
        with: &mut IndexMap<Name, Field>,
    ) -> IndexMap<Name, Name> {
        let mut sets = IndexMap::new();
        for entry in fields.named("sets", &mut self.problems) {
            let Some(field) = self.own_field(fields, &entry.value) else {
                continue;
            };
            if !self.is_fact_or_link(&entry.key) {
                let unknown = self.no_fact_or_link(&entry.key);
                self.problems.push(Diagnostic {
                    span: entry.key_span.clone(),
                    ..unknown_at(unknown, &entry.value)
                });
                continue;
            }
            self.check_set(entry, &field, with);
            sets.insert(Name::from(entry.key.as_str()), field);
        }
        sets
    }

    /// A field of the event itself, by name.
    fn own_field(&mut self, fields: Fields<'n>, node: &Node) -> Option<Name> {
        let known = fields.get("with").map(Node::entries).unwrap_or_default();
        let known = known.iter().map(|field| field.key.as_str());
        resolve(node, Sort::Field, known, &mut self.problems)
    }

    fn is_fact_or_link(&self, name: &str) -> bool {
        self.declared.facts.contains_key(name) || self.declared.links.contains_key(name)
    }

    fn no_fact_or_link(&self, name: &str) -> (String, String) {
        let facts = self.declared.facts.keys().copied();
        let known = facts.chain(self.declared.links.keys().copied());
        let none = "declare it under `facts:` or `links:`";
        (
            format!("there is no fact or link `{name}`"),
            suggestion(name, known, none),
        )
    }

    /// The kind fits, and what is confidential stays so.
    fn check_set(&mut self, entry: &Entry, field: &Name, with: &mut IndexMap<Name, Field>) {
        let Some(given) = with.get_mut(field) else {
            return;
        };
        if let Some(fact) = self.facts.get(entry.key.as_str()) {
            if let Some(why) = misfit(&given.fact.kind, &fact.kind) {
                self.problems.push(
                    Diagnostic::error(
                        "wrong-kind",
                        &entry.value.span,
                        format!("the field `{field}` does not fit the fact `{}`", entry.key),
                    )
                    .label(why),
                );
            }
            if fact.sealed() && !given.fact.sealed() {
                // Else the value would lie open in the history beside the sealed fact.
                given.fact.visible_to.clone_from(&fact.visible_to);
                given.fact.personal = fact.personal;
            } else if leaks(&given.fact, fact) {
                self.problems.push(
                    Diagnostic::error(
                        "confidential-leak",
                        &entry.value.span,
                        format!("the field `{field}` is confidential, but more people see the fact `{}`", entry.key),
                    )
                    .help("give the fact the same `visible_to` and `personal`"),
                );
            }
        } else if let Some(link) = self.links.get(entry.key.as_str()) {
            let into = Kind::Link {
                to: link.to.clone(),
            };
            if misfit(&given.fact.kind, &into).is_some() {
                self.problems.push(
                    Diagnostic::error(
                        "wrong-kind",
                        &entry.value.span,
                        format!(
                            "the field `{field}` cannot be followed by the link `{}`",
                            entry.key
                        ),
                    )
                    .label(format!(
                        "it is {}, not {}",
                        described(&given.fact.kind),
                        described(&into)
                    )),
                );
            }
        }
    }

    fn clears(&mut self, fields: Fields<'n>) -> Vec<Name> {
        let nodes: Vec<&Node> = match fields.get("clears") {
            Some(node) => list(node, &mut self.problems).iter().collect(),
            None => Vec::new(),
        };
        self.each_once(&nodes, |compiler, node| {
            let scalar = super::read::word(node, "a fact or link", &mut compiler.problems)?;
            if compiler.is_fact_or_link(&scalar.text) {
                return Some(scalar.text.as_str().into());
            }
            let unknown = compiler.no_fact_or_link(&scalar.text);
            compiler.problems.push(unknown_at(unknown, node));
            None
        })
    }

    fn tells(&mut self, fields: Fields<'n>, with: &IndexMap<Name, Field>) -> IndexMap<Name, Tell> {
        let mut tells = IndexMap::new();
        for entry in fields.named("tell", &mut self.problems) {
            let leads = self.declared.links.contains_key(entry.key.as_str())
                || with
                    .get(entry.key.as_str())
                    .is_some_and(|field| matches!(field.fact.kind, Kind::Link { .. }));
            if !leads {
                let fields = with
                    .iter()
                    .filter(|(_, field)| matches!(field.fact.kind, Kind::Link { .. }));
                let known: Vec<&str> = self
                    .declared
                    .links
                    .keys()
                    .copied()
                    .chain(fields.map(|(name, _)| name.as_str()))
                    .collect();
                let help = suggestion(
                    &entry.key,
                    known,
                    "declare a link under `links:`, or give the event a field with `link:`",
                );
                self.problems.push(
                    Diagnostic::error(
                        "unknown-link",
                        &entry.key_span,
                        format!(
                            "there is no link or link field `{}` to tell it to",
                            entry.key
                        ),
                    )
                    .help(help),
                );
                continue;
            }
            if let Some(tell) = self.tell(entry, fields) {
                tells.insert(Name::from(entry.key.as_str()), tell);
            }
        }
        tells
    }

    fn tell(&mut self, entry: &'n Entry, event: Fields<'n>) -> Option<Tell> {
        let fields = self.fields(entry, &TELL)?;
        let mut with = IndexMap::new();
        if let Some(node) = fields.get("with") {
            for field in named(
                node,
                "their fields, each with one of this event",
                &mut self.problems,
            ) {
                if let Some(own) = self.own_field(event, &field.value) {
                    with.insert(Name::from(field.key.as_str()), own);
                }
            }
        }
        let told = fields.get("event")?;
        let scalar = super::read::word(told, "an event of the other process", &mut self.problems)?;
        Some(Tell {
            event: scalar.text.as_str().into(),
            with,
            ground: ground(entry),
        })
    }
}

fn unknown_at((message, help): (String, String), node: &Node) -> Diagnostic {
    Diagnostic::error("unknown-fact", &node.span, message).help(help)
}

/// Whether somebody may see the fact who may not see the field.
pub fn leaks(field: &Fact, fact: &Fact) -> bool {
    let narrower = !field.visible_to.is_empty()
        && (fact.visible_to.is_empty()
            || fact
                .visible_to
                .iter()
                .any(|role| !field.visible_to.contains(role)));
    narrower || (field.personal && !fact.sealed())
}
