//! Compiles values and comparisons against the kind of the fact or field that they are about.

use super::{
    compile::Compiler,
    conditions::sealed,
    declared::{Sort, unknown},
    kinds::{described, limits},
    problems::{listed, nearest},
    read::{Fields, as_number, as_yes_no, list, misread, named, not_a_number, word},
    reference::COMPARE,
    tree::{Content, Entry, Node, Scalar},
};
use crate::diagnostic::Diagnostic;
use forloeb_core::{
    condition::{Compare, Test},
    name::Name,
    plan::Amount,
    time::parse_date,
    value::{Kind, SettingValue, Value},
};
use rust_decimal::Decimal;

impl<'n> Compiler<'n> {
    /// `fact: NAME`, or `fact:` with one or several facts and how each compares.
    pub(super) fn fact_tests(&mut self, node: &'n Node) -> Option<Vec<Test>> {
        if let Content::Scalar(_) = node.content {
            let fact = self.known(node, Sort::Fact)?;
            return Some(vec![Test::Fact {
                fact,
                compare: Vec::new(),
            }]);
        }
        let mut tests = Vec::new();
        let mut broken = false;
        for entry in named(
            node,
            "a fact, or facts with the value of each",
            &mut self.problems,
        ) {
            match self.fact_test(entry) {
                Some(test) => tests.push(test),
                None => broken = true,
            }
        }
        (!broken && !tests.is_empty()).then_some(tests)
    }

    fn fact_test(&mut self, entry: &'n Entry) -> Option<Test> {
        if !self.declared.facts.contains_key(entry.key.as_str()) {
            let known = self.declared.facts.keys().copied();
            let mut problem = unknown(&entry.value, &entry.key, Sort::Fact, known);
            problem.span = entry.key_span.clone();
            self.problems.push(problem);
            return None;
        }
        let fact = self.facts.get(entry.key.as_str())?;
        if fact.sealed() {
            self.problems.push(sealed(entry, "fact"));
            return None;
        }
        let kind = fact.kind.clone();
        let compare = match entry.value.content {
            Content::Map(_) => self.comparisons(entry, &kind)?,
            _ => vec![Compare::Is(self.value(&entry.value, &kind)?)],
        };
        Some(Test::Fact {
            fact: entry.key.as_str().into(),
            compare,
        })
    }

    fn comparisons(&mut self, entry: &'n Entry, kind: &Kind) -> Option<Vec<Compare>> {
        let fields = self.fields(entry, &COMPARE)?;
        let mut compare = Vec::new();
        if let Some(node) = fields.get("is") {
            compare.push(Compare::Is(self.value(node, kind)?));
        }
        if let Some(node) = fields.get("not") {
            compare.push(Compare::Not(self.value(node, kind)?));
        }
        if let Some(node) = fields.get("one_of") {
            let items = list(node, &mut self.problems);
            let values: Option<Vec<_>> = items.iter().map(|item| self.value(item, kind)).collect();
            compare.push(Compare::OneOf(values.filter(|values| !values.is_empty())?));
        }
        type Make = fn(Amount<Decimal>) -> Compare;
        let numeric: [(&str, Make); 4] = [
            ("at_least", Compare::AtLeast),
            ("at_most", Compare::AtMost),
            ("more_than", Compare::MoreThan),
            ("less_than", Compare::LessThan),
        ];
        for (key, make) in numeric {
            if let Some(amount) = self.bound(fields, key, kind)? {
                compare.push(make(amount));
            }
        }
        if compare.is_empty() {
            self.problems.push(
                Diagnostic::error(
                    "empty-condition",
                    &entry.key_span,
                    format!("it is not said how `{}` compares", entry.key),
                )
                .help(format!("add {}", listed(COMPARE.names(), "or"))),
            );
            return None;
        }
        Some(compare)
    }

    fn bound(
        &mut self,
        fields: Fields<'_>,
        key: &str,
        kind: &Kind,
    ) -> Option<Option<Amount<Decimal>>> {
        let Some(entry) = fields.entry(key) else {
            return Some(None);
        };
        if !matches!(
            kind,
            Kind::Number { .. } | Kind::Whole { .. } | Kind::Scale { .. }
        ) {
            self.problems.push(
                Diagnostic::error(
                    "misplaced-key",
                    &entry.key_span,
                    format!("`{key}` compares numbers, and this is {}", described(kind)),
                )
                .help("use `is`, `not` or `one_of`"),
            );
            return None;
        }
        self.decimal(&entry.value).map(Some)
    }

    /// A value of a kind, or the setting that holds it.
    pub(super) fn value(&mut self, node: &Node, kind: &Kind) -> Option<Amount<Value>> {
        let what = described(kind);
        let scalar = word(node, &what, &mut self.problems)?;
        if let Kind::Link { .. } | Kind::Each { .. } = kind {
            self.problems.push(
                Diagnostic::error(
                    "not-comparable",
                    &node.span,
                    format!("{what} cannot be compared with a value"),
                )
                .help("write a rule for it"),
            );
            return None;
        }
        let option =
            matches!(kind, Kind::Choice(options) if options.contains_key(scalar.text.as_str()));
        if !option && !scalar.quoted && self.names_setting(scalar) {
            return self.setting_value_of(node, scalar, kind);
        }
        let value = self.literal(node, scalar, kind)?;
        self.check_limits(node, &value, kind);
        Some(Amount::Literal(value))
    }

    fn setting_value_of(
        &mut self,
        node: &Node,
        scalar: &Scalar,
        kind: &Kind,
    ) -> Option<Amount<Value>> {
        let fits = |value: &SettingValue| match (kind, value) {
            (
                Kind::Number { .. } | Kind::Whole { .. } | Kind::Scale { .. },
                SettingValue::Number(_),
            )
            | (Kind::YesNo, SettingValue::YesNo(_))
            | (Kind::Text, SettingValue::Text(_)) => true,
            (Kind::Choice(options), SettingValue::Text(text)) => {
                options.contains_key(text.as_str())
            }
            _ => false,
        };
        self.setting_of(node, scalar, &described(kind), fits)
            .then(|| Amount::Setting(Name::from(scalar.text.as_str())))
    }

    fn literal(&mut self, node: &Node, scalar: &Scalar, kind: &Kind) -> Option<Value> {
        let text = &scalar.text;
        let problem = match kind {
            Kind::Text => return Some(Value::Text(text.clone())),
            Kind::Number { .. } | Kind::Whole { .. } | Kind::Scale { .. } => {
                let whole = !matches!(kind, Kind::Number { .. });
                match as_number(text).filter(|number| !whole || number.is_integer()) {
                    Some(number) => return Some(Value::Number(number)),
                    None => not_a_number(
                        node,
                        text,
                        if whole { "a whole number" } else { "a number" },
                    ),
                }
            }
            Kind::YesNo => match as_yes_no(text) {
                Some(yes) => return Some(Value::YesNo(yes)),
                None => Diagnostic::error(
                    "not-yes-no",
                    &node.span,
                    format!("`{text}` is neither yes nor no"),
                )
                .label("expected `yes` or `no`"),
            },
            Kind::Date => match parse_date(text) {
                Ok(date) => return Some(Value::Date(date)),
                Err(error) => misread("bad-date", node, &error),
            },
            Kind::Choice(options) => {
                if options.contains_key(text.as_str()) {
                    return Some(Value::Text(text.clone()));
                }
                let names = || options.keys().map(Name::as_str);
                let near = nearest(text, names()).map(|near| format!("did you mean `{near}`?"));
                Diagnostic::error(
                    "unknown-option",
                    &node.span,
                    format!("`{text}` is not an option"),
                )
                .label(format!("expected {}", listed(names(), "or")))
                .maybe_help(near)
            }
            Kind::Link { .. } | Kind::Each { .. } => return None,
        };
        let problem = self
            .near_setting(node, scalar)
            .filter(|_| !matches!(kind, Kind::Choice(_)))
            .unwrap_or(problem);
        self.problems.push(problem);
        None
    }

    fn check_limits(&mut self, node: &Node, value: &Value, kind: &Kind) {
        let Value::Number(number) = value else { return };
        let (min, max) = limits(kind);
        let low = min.is_some_and(|min| *number < min);
        let high = max.is_some_and(|max| *number > max);
        if low || high {
            let end = if low { min } else { max };
            let words = if low { "smallest" } else { "largest" };
            self.problems.push(
                Diagnostic::error(
                    "outside-limits",
                    &node.span,
                    format!("this can never be `{number}`"),
                )
                .label(format!("the {words} is {}", end.unwrap_or_default())),
            );
        }
    }
}
