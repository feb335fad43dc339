//! Compiles what a process file declares about who takes part and what is known: roles, settings, facts, links, outcomes.

use super::{
    amounts::setting_value,
    compile::{Compiler, ground},
    declared::Sort,
    read::{Fields, misread, word},
    reference::{FACT, LINK, OUTCOME, ROLE, SETTING},
    tree::{Content, Entry, Node},
};
use crate::diagnostic::Diagnostic;
use forloeb_core::{
    name::Name,
    plan::{Fact, Link, Outcome, OutcomeResult, Role, Setting, SettingPeriod},
    time::parse_date,
};
use indexmap::IndexMap;
use jiff::civil::Date;

impl<'n> Compiler<'n> {
    pub(super) fn roles(&mut self, fields: Fields<'n>) -> IndexMap<Name, Role> {
        let mut roles = IndexMap::new();
        for entry in fields.named("roles", &mut self.problems) {
            let Some(own) = self.fields(entry, &ROLE) else {
                continue;
            };
            let title = self.title(own, entry);
            let role = Role {
                title,
                ground: ground(entry),
            };
            roles.insert(entry.key.as_str().into(), role);
        }
        roles
    }

    pub(super) fn outcomes(&mut self, fields: Fields<'n>) -> IndexMap<Name, Outcome> {
        let mut outcomes = IndexMap::new();
        for entry in fields.named("outcomes", &mut self.problems) {
            let Some(own) = self.fields(entry, &OUTCOME) else {
                continue;
            };
            let title = self.title(own, entry);
            let results = [
                ("success", OutcomeResult::Success),
                ("other", OutcomeResult::Other),
                ("left", OutcomeResult::Left),
            ];
            let Some(result) = own.choice("result", &results, &mut self.problems) else {
                continue;
            };
            let outcome = Outcome {
                title,
                result,
                ground: ground(entry),
            };
            outcomes.insert(entry.key.as_str().into(), outcome);
        }
        outcomes
    }

    /// The map of a named thing.
    pub(super) fn fields(
        &mut self,
        entry: &'n Entry,
        shape: &super::reference::Shape,
    ) -> Option<Fields<'n>> {
        Fields::read(&entry.value, &entry.key_span, shape, &mut self.problems)
    }

    pub(super) fn read_settings(&mut self, fields: Fields<'n>) {
        for entry in fields.named("settings", &mut self.problems) {
            if let Some(setting) = self.setting(entry) {
                self.settings.insert(entry.key.as_str().into(), setting);
            }
        }
    }

    fn setting(&mut self, entry: &'n Entry) -> Option<Setting> {
        let node = &entry.value;
        let mut because = None;
        let values = match &node.content {
            Content::Empty => {
                self.problems.push(
                    Diagnostic::error(
                        "empty-value",
                        &entry.key_span,
                        format!("the setting `{}` has no value", entry.key),
                    )
                    .label("expected a duration, a number, yes/no or a text"),
                );
                return None;
            }
            Content::Scalar(_) => vec![SettingPeriod {
                value: setting_value(node, &mut self.problems)?,
                valid_from: None,
                valid_to: None,
                ground: node.span.ground(),
            }],
            Content::Map(_) => vec![self.period(entry, node, &mut because)?],
            Content::List(items) => {
                let mut periods = Vec::new();
                for item in items {
                    periods.push((self.period(entry, item, &mut because)?, item));
                }
                self.check_periods(&entry.key, &periods);
                periods.into_iter().map(|(period, _)| period).collect()
            }
        };
        Some(Setting {
            values,
            because,
            ground: ground(entry),
        })
    }

    fn period(
        &mut self,
        entry: &Entry,
        node: &'n Node,
        because: &mut Option<String>,
    ) -> Option<SettingPeriod> {
        let at = if std::ptr::eq(node, &entry.value) {
            &entry.key_span
        } else {
            &node.span
        };
        let fields = Fields::read(node, at, &SETTING, &mut self.problems)?;
        if let Some(node) = fields.get("because") {
            let said = word(node, "a text", &mut self.problems)?.text.clone();
            *because = Some(match because.take() {
                Some(before) => format!("{before}; {said}"),
                None => said,
            });
        }
        let valid_from = self.date(fields, "valid_from");
        let valid_to = self.date(fields, "valid_to");
        let misread = (fields.get("valid_from").is_some() && valid_from.is_none())
            || (fields.get("valid_to").is_some() && valid_to.is_none());
        if misread {
            return None;
        }
        let value = fields.get("value")?;
        let period = SettingPeriod {
            value: setting_value(value, &mut self.problems)?,
            valid_from,
            valid_to,
            ground: value.span.ground(),
        };
        if let (Some(from), Some(to)) = (valid_from, valid_to)
            && from > to
        {
            let span = fields.get("valid_to").map_or(&node.span, |node| &node.span);
            self.problems.push(Diagnostic::error(
                "empty-period",
                span,
                format!("this value would hold from {from} to {to}, which is no day at all"),
            ));
        }
        Some(period)
    }

    pub(super) fn date(&mut self, fields: Fields<'_>, key: &str) -> Option<Date> {
        let node = fields.get(key)?;
        let scalar = word(node, "a date such as `2027-01-01`", &mut self.problems)?;
        match parse_date(&scalar.text) {
            Ok(date) => Some(date),
            Err(error) => {
                self.problems.push(misread("bad-date", node, &error));
                None
            }
        }
    }

    /// Periods follow each other, and all values are of one kind.
    fn check_periods(&mut self, name: &str, periods: &[(SettingPeriod, &Node)]) {
        for pair in periods.windows(2) {
            let [(before, _), (after, node)] = pair else {
                continue;
            };
            let apart = match (before.valid_to, after.valid_from) {
                (Some(to), Some(from)) => to < from,
                _ => false,
            };
            if !apart {
                self.problems.push(
                    Diagnostic::error(
                        "overlapping-periods",
                        &node.span,
                        format!("two values of `{name}` hold on the same day"),
                    )
                    .help("order the values by time; each but the last has `valid_to`, each but the first a later `valid_from`"),
                );
            }
            if std::mem::discriminant(&before.value) != std::mem::discriminant(&after.value) {
                self.problems.push(
                    Diagnostic::error(
                        "mixed-setting",
                        &node.span,
                        format!("the values of `{name}` are of different kinds"),
                    )
                    .label(format!("`{}`, after `{}`", after.value, before.value)),
                );
            }
        }
    }

    pub(super) fn read_facts(&mut self, fields: Fields<'n>) {
        let entries = fields.named("facts", &mut self.problems);
        // What is like another fact comes after it, wherever it stands; the order of the file stays.
        let (alike, plain): (Vec<_>, Vec<_>) = entries
            .iter()
            .partition(|entry| entry.value.get("like").is_some());
        for entry in plain.into_iter().chain(alike) {
            if let Some(fact) = self.fact(entry) {
                self.facts.insert(entry.key.as_str().into(), fact);
            }
        }
        let place = |name: &Name| entries.iter().position(|entry| entry.key == name.as_str());
        self.facts.sort_by_cached_key(|name, _| place(name));
    }

    fn fact(&mut self, entry: &'n Entry) -> Option<Fact> {
        if let Content::Scalar(_) = entry.value.content {
            let kind = self.simple_kind(&entry.value)?;
            return Some(self.plain_fact(entry, kind));
        }
        let fields = self.fields(entry, &FACT)?;
        if let Some(node) = fields.get("like") {
            self.refuse_like_of_like(node);
            let model = self.model(fields, node)?;
            return Some(self.fact_like(entry, fields, model));
        }
        if fields.get("type").is_none() {
            self.problems.push(
                Diagnostic::error(
                    "missing-key",
                    &entry.key_span,
                    format!("it is not said what the fact `{}` holds", entry.key),
                )
                .help("add `type: …`, or `like: FACT` when another fact holds the same"),
            );
            return None;
        }
        let kind = self.kind(fields);
        self.fact_of(entry, fields, kind?)
    }

    /// A fact says itself what it holds before another can be like it.
    fn refuse_like_of_like(&mut self, node: &Node) {
        let text = match &node.content {
            Content::Scalar(scalar) => scalar.text.as_str(),
            _ => return,
        };
        let model = self.declared.facts.get(text);
        if model.is_some_and(|entry| entry.value.get("like").is_some()) {
            self.problems.push(
                Diagnostic::error(
                    "like-of-like",
                    &node.span,
                    format!("`{text}` is itself like another fact"),
                )
                .help("name the fact that says what it holds"),
            );
        }
    }

    /// The fact that a fact or field is like. What it says then needs no saying again.
    pub(super) fn model(&mut self, fields: Fields<'_>, node: &Node) -> Option<Fact> {
        for key in ["type", "min", "max", "options", "visible_to", "personal"] {
            if let Some(entry) = fields.entry(key) {
                self.problems.push(
                    Diagnostic::error(
                        "misplaced-key",
                        &entry.key_span,
                        format!("with `like`, `{key}` is that of the other fact"),
                    )
                    .help(format!("leave out `{key}`, or `like`")),
                );
            }
        }
        let name = self.known(node, Sort::Fact)?;
        self.facts.get(&name).cloned()
    }

    /// What is like another fact, under its own title or that of the other.
    pub(super) fn fact_like(&mut self, entry: &Entry, fields: Fields<'_>, model: Fact) -> Fact {
        let title = match fields.get("title") {
            Some(node) => self.text(node),
            None => model.title.clone(),
        };
        Fact {
            title,
            ground: ground(entry),
            ..model
        }
    }

    /// A fact of which only the kind is said.
    pub(super) fn plain_fact(&mut self, entry: &Entry, kind: forloeb_core::value::Kind) -> Fact {
        Fact {
            title: self.spoken(&entry.key),
            kind,
            visible_to: Vec::new(),
            personal: false,
            ground: ground(entry),
        }
    }

    /// A fact, or what a field has of one.
    pub(super) fn fact_of(
        &mut self,
        entry: &Entry,
        fields: Fields<'_>,
        kind: forloeb_core::value::Kind,
    ) -> Option<Fact> {
        let title = self.title(fields, entry);
        let visible_to = self.known_all(fields, "visible_to", Sort::Role);
        if let Some(node) = fields.get("visible_to")
            && node.content == Content::List(Vec::new())
        {
            self.problems.push(
                Diagnostic::error("nobody-sees-it", &node.span, "nobody could see this")
                    .label("expected at least one role")
                    .help("name the roles that may see it, or take `visible_to` out: then everybody may"),
            );
        }
        let personal = fields.yes_no("personal", &mut self.problems);
        Some(Fact {
            title,
            kind,
            visible_to,
            personal,
            ground: ground(entry),
        })
    }

    pub(super) fn read_links(&mut self, fields: Fields<'n>) {
        for entry in fields.named("links", &mut self.problems) {
            if let Some(link) = self.link(entry) {
                self.links.insert(entry.key.as_str().into(), link);
            }
            if self.declared.facts.contains_key(entry.key.as_str()) {
                self.problems.push(
                    Diagnostic::error(
                        "ambiguous-name",
                        &entry.key_span,
                        format!("`{}` is both a fact and a link", entry.key),
                    )
                    .help("events set both by name: give one of them another name"),
                );
            }
        }
    }

    fn link(&mut self, entry: &'n Entry) -> Option<Link> {
        let fields = self.fields(entry, &LINK)?;
        let title = self.title(fields, entry);
        let many = fields.yes_no("many", &mut self.problems);
        let inverse = fields
            .get("inverse")
            .and_then(|node| word(node, "the name of a link", &mut self.problems))
            .map(|scalar| scalar.text.as_str().into());
        let to = self.known_process(fields.get("to")?)?;
        Some(Link {
            title,
            to,
            many,
            inverse,
            ground: ground(entry),
        })
    }
}
