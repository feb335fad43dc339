//! Values as people read them: options by their titles, cases by their names, numbers with the language's decimal sign.

use super::{
    reader::{Reader, Subject},
    tongue::Label,
};
use forloeb_core::{
    case::CaseId,
    name::Name,
    plan::Fact,
    value::{Kind, Value},
};
use std::collections::BTreeMap;

impl Reader<'_> {
    /// A value in words. A sealed one is shown where the reader may see it, and otherwise only said to be there.
    pub(super) fn value(&self, subject: Subject<'_>, fact: Option<&Fact>, value: &Value) -> String {
        match value {
            Value::Sealed(key) => match subject.sealed.get(key) {
                Some(Value::Sealed(_)) | None => self.withheld(subject, fact),
                Some(open) => self.open_value(fact.map(|fact| &fact.kind), open),
            },
            open => self.open_value(fact.map(|fact| &fact.kind), open),
        }
    }

    /// What stands for a value that the reader may not see: for whom it is, or that it was erased.
    fn withheld(&self, subject: Subject<'_>, fact: Option<&Fact>) -> String {
        match fact {
            Some(fact) if !fact.visible_to.is_empty() => self.only(subject, &fact.visible_to),
            Some(_) => format!("({})", self.label(Label::Erased)),
            None => format!("({})", self.label(Label::Confidential)),
        }
    }

    /// `(only doctor)`.
    pub(super) fn only(&self, subject: Subject<'_>, roles: &[Name]) -> String {
        let roles = self.roles(subject.plan, roles).to_lowercase();
        format!("({})", self.tongue().only(&roles))
    }

    pub(super) fn open_value(&self, kind: Option<&Kind>, value: &Value) -> String {
        match value {
            Value::Text(text) => match kind {
                Some(Kind::Choice(options)) => options.get(text.as_str()).map_or_else(
                    || text.clone(),
                    |title| self.text(title, &Name::from(text.as_str())),
                ),
                _ => text.clone(),
            },
            Value::Number(number) => number
                .normalize()
                .to_string()
                .replace('.', &self.tongue().decimal_point().to_string()),
            Value::YesNo(yes) => self.tongue().yes_no(*yes).to_owned(),
            Value::Date(date) => self.date(*date),
            Value::Case(id) => self.case_name(id),
            Value::Each(values) => {
                let inner = match kind {
                    Some(Kind::Each { kind, .. }) => Some(&**kind),
                    other => other,
                };
                let few = matches!(inner, Some(Kind::Choice(_) | Kind::YesNo));
                self.each(values, few, |value| self.open_value(inner, value))
            }
            Value::Sealed(_) => format!("({})", self.label(Label::Confidential)),
        }
    }

    /// A value for each case. Where there are few values to choose from, those with the same stand together: eight who came are
    /// one `Present`.
    fn each(
        &self,
        values: &BTreeMap<CaseId, Value>,
        few: bool,
        words: impl Fn(&Value) -> String,
    ) -> String {
        if !few {
            let each = |(id, value)| format!("{}: {}", self.case_name(id), words(value));
            return values.iter().map(each).collect::<Vec<_>>().join(", ");
        }
        let mut alike: Vec<(String, Vec<String>)> = Vec::new();
        for (id, value) in values {
            let (words, name) = (words(value), self.case_name(id));
            match alike.iter_mut().find(|(known, _)| *known == words) {
                Some((_, names)) => names.push(name),
                None => alike.push((words, vec![name])),
            }
        }
        let told =
            |(words, names): &(String, Vec<String>)| format!("{words} ({})", names.join(", "));
        alike.iter().map(told).collect::<Vec<_>>().join(", ")
    }

    /// What an event carried, each with its title, in the order of the process: `School: Nordlys, Why: close to home`.
    pub(super) fn fields(
        &self,
        subject: Subject<'_>,
        event: &Name,
        with: &BTreeMap<Name, Value>,
    ) -> Vec<Carried> {
        let declared = subject.plan.events.get(event);
        let place = |name: &Name| declared.and_then(|event| event.with.get_index_of(name));
        let mut carried: Vec<(&Name, &Value)> = with.iter().collect();
        carried.sort_by_key(|(name, _)| place(name).unwrap_or(usize::MAX));
        let carry = |(name, value): (&Name, &Value)| {
            let field = declared.and_then(|event| event.with.get(name));
            let fact = field.map(|field| &field.fact);
            let title = fact.map_or_else(|| name.to_string(), |fact| self.text(&fact.title, name));
            Carried {
                title,
                value: self.value(subject, fact, value),
                shown: subject.seen(value),
            }
        };
        carried.into_iter().map(carry).collect()
    }
}

/// What an event carried in one field, in the reader's language.
pub(super) struct Carried {
    pub title: String,
    pub value: String,
    /// Whether the reader may see the value.
    pub shown: bool,
}
