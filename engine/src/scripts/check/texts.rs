//! What a rule says: to a role that exists, in a text that exists, with every placeholder filled by somebody.

use super::{calls::entry, sort::Sort, walk::Walk};
use crate::scripts::near;
use forloeb_core::{name::Name, plan::Plan};
use rhai::Expr;
use std::collections::BTreeSet;

/// The placeholders that are filled by themselves in a text that a rule says.
const BY_THEMSELVES: [&str; 7] = ["name", "case", "days", "due", "stage", "task", "to"];

impl Walk<'_> {
    /// A nudge or escalation.
    pub(super) fn said(
        &mut self,
        role: (&Expr, &Sort),
        text: (&Expr, &Sort),
        values: Option<(&Expr, &Sort)>,
    ) {
        let own = self.own();
        if let Some(name) = self.written(role.0, role.1, "a role")
            && !self.plan.roles.contains_key(&name)
        {
            let names: Vec<Name> = self.plan.roles.keys().cloned().collect();
            self.unknown(role.0.start_position(), "role", &name, &names, &own);
        }
        let Some(name) = self.written(text.0, text.1, "a text") else {
            return;
        };
        let Some(message) = self.plan.texts.get(&name) else {
            let names: Vec<Name> = self.plan.texts.keys().cloned().collect();
            self.unknown(text.0.start_position(), "text", &name, &names, &own);
            return;
        };
        let asked: BTreeSet<Name> = message
            .text
            .0
            .values()
            .flat_map(|text| placeholders(text))
            .collect();
        match values {
            None => self.filled(text.0, &name, &asked, &[]),
            Some((at, Sort::Map(Some(entries)))) => {
                let keys: Vec<Name> = entries.iter().map(|(key, _)| key.clone()).collect();
                self.filled(text.0, &name, &asked, &keys);
                self.passed(at, &name, &asked, &keys);
                self.kept(at, entries);
            }
            Some((_, Sort::Map(None) | Sort::Any)) => {}
            Some((at, other)) => {
                let span = self.span(at.start_position());
                let message = format!("a map of values is wanted here, not {}", other.people());
                self.error("rule-unlike", span, message, None);
            }
        }
    }

    /// Every placeholder of the text is filled.
    fn filled(&mut self, at: &Expr, text: &str, asked: &BTreeSet<Name>, passed: &[Name]) {
        for placeholder in asked {
            let open = by_itself(self.plan, placeholder) || passed.contains(placeholder);
            if open {
                continue;
            }
            let sealed = self
                .plan
                .facts
                .get(placeholder)
                .is_some_and(forloeb_core::plan::Fact::sealed);
            let help = match sealed {
                true => "it is a confidential fact, which never stands in a text".to_owned(),
                false => format!("pass it: `#{{ {placeholder}: .. }}`"),
            };
            let span = self.span(at.start_position());
            self.error(
                "rule-placeholder",
                span,
                format!("nobody fills `{{{placeholder}}}` in the text `{text}`"),
                Some(help),
            );
        }
    }

    /// Every value that is passed has a placeholder.
    fn passed(&mut self, at: &Expr, text: &str, asked: &BTreeSet<Name>, passed: &[Name]) {
        for key in passed
            .iter()
            .filter(|key| **key != *"about" && **key != *"since")
        {
            if asked.contains(key) {
                continue;
            }
            let place = entry(at, key).0.unwrap_or_else(|| at.start_position());
            let span = self.span(place);
            let meant = near::did_you_mean(key, asked.iter().map(Name::as_str));
            let message = format!("the text `{text}` has no `{{{key}}}`");
            self.error("rule-placeholder", span, message, meant);
        }
    }

    /// What is passed is stored with the finding. What was computed from a confidential value cannot be told from other values, so a
    /// rule that may see any passes none on.
    fn kept(&mut self, at: &Expr, entries: &[(Name, Sort)]) {
        let Some((key, _)) = entries.first().filter(|_| !self.rule.reads.is_empty()) else {
            return;
        };
        let span = self.span(entry(at, key).0.unwrap_or_else(|| at.start_position()));
        self.error(
            "rule-confidential",
            span,
            format!(
                "`{key}` would be stored with the finding, and this rule reads confidential facts"
            ),
            Some("say only that there is something to talk about".to_owned()),
        );
    }
}

/// Filled without the rule: by the engine, a public fact, or a link.
fn by_itself(plan: &Plan, placeholder: &str) -> bool {
    BY_THEMSELVES.contains(&placeholder)
        || plan
            .facts
            .get(placeholder)
            .is_some_and(|fact| !fact.sealed())
        || plan.links.contains_key(placeholder)
}

/// The placeholders of a text: names in braces.
fn placeholders(text: &str) -> Vec<Name> {
    let parts = text.split('{').skip(1);
    let name = |part: &str| {
        let (name, _) = part.split_once('}')?;
        let plain = |c: char| c.is_alphanumeric() || c == '_';
        (!name.is_empty() && name.chars().all(plain)).then(|| Name::from(name))
    };
    parts.filter_map(name).collect()
}
