//! Reads the kinds of facts and fields, and says whether the values of one kind fit into another.

use super::{
    compile::Compiler,
    problems::{listed, nearest},
    read::{Fields, number, whole, word},
    tree::Node,
};
use crate::diagnostic::Diagnostic;
use forloeb_core::value::Kind;
use rust_decimal::Decimal;

const TYPES: [&str; 7] = [
    "text", "number", "whole", "yes_no", "date", "choice", "scale",
];

impl Compiler<'_> {
    /// A kind that is said in one word.
    pub(super) fn simple_kind(&mut self, node: &Node) -> Option<Kind> {
        let kind = self.type_word(node)?;
        match kind {
            "text" => Some(Kind::Text),
            "number" => Some(Kind::Number {
                min: None,
                max: None,
            }),
            "whole" => Some(Kind::Whole {
                min: None,
                max: None,
            }),
            "yes_no" => Some(Kind::YesNo),
            "date" => Some(Kind::Date),
            _ => {
                let (needs, example) = match kind {
                    "choice" => ("`options`", "{ type: choice, options: [a, b] }"),
                    _ => ("`min` and `max`", "{ type: scale, min: 0, max: 10 }"),
                };
                self.problems.push(
                    Diagnostic::error(
                        "missing-key",
                        &node.span,
                        format!("a `{kind}` needs {needs}"),
                    )
                    .help(format!("write `{example}`")),
                );
                None
            }
        }
    }

    fn type_word(&mut self, node: &Node) -> Option<&'static str> {
        let scalar = word(node, &listed(TYPES, "or"), &mut self.problems)?;
        let found = TYPES.into_iter().find(|known| *known == scalar.text);
        if found.is_none() {
            let meant = match scalar.text.as_str() {
                "string" | "str" => Some("text"),
                "int" | "integer" => Some("whole"),
                "float" | "decimal" => Some("number"),
                "bool" | "boolean" => Some("yes_no"),
                "enum" => Some("choice"),
                other => nearest(other, TYPES),
            };
            self.problems.push(
                Diagnostic::error(
                    "unknown-type",
                    &node.span,
                    format!("there is no type `{}`", scalar.text),
                )
                .label(format!("expected {}", listed(TYPES, "or")))
                .maybe_help(meant.map(|meant| format!("did you mean `{meant}`?"))),
            );
        }
        found
    }

    /// The kind that a map with `type`, `min`, `max` and `options` says.
    pub(super) fn kind(&mut self, fields: Fields<'_>) -> Option<Kind> {
        let node = fields.get("type")?;
        let kind = self.type_word(node)?;
        self.refuse_misplaced(fields, kind);
        match kind {
            "number" => {
                let min = fields
                    .get("min")
                    .and_then(|node| number(node, &mut self.problems));
                let max = fields
                    .get("max")
                    .and_then(|node| number(node, &mut self.problems));
                self.ordered(fields, min, max);
                Some(Kind::Number { min, max })
            }
            "whole" | "scale" => {
                let min = fields
                    .get("min")
                    .and_then(|node| whole(node, &mut self.problems));
                let max = fields
                    .get("max")
                    .and_then(|node| whole(node, &mut self.problems));
                self.ordered(fields, min.map(Decimal::from), max.map(Decimal::from));
                match (kind, min, max) {
                    ("whole", ..) => Some(Kind::Whole { min, max }),
                    (_, Some(min), Some(max)) => Some(Kind::Scale { min, max }),
                    _ => {
                        if fields.get("min").is_none() || fields.get("max").is_none() {
                            self.problems.push(
                                Diagnostic::error(
                                    "missing-key",
                                    &node.span,
                                    "a `scale` needs both ends",
                                )
                                .help("add `min` and `max`, such as `min: 0, max: 10`"),
                            );
                        }
                        None
                    }
                }
            }
            "choice" => match fields.get("options") {
                Some(options) => self.options(options),
                None => {
                    self.problems.push(
                        Diagnostic::error("missing-key", &node.span, "a `choice` needs `options`")
                            .help("add `options: [one, another]`"),
                    );
                    None
                }
            },
            _ => self.simple_kind(node),
        }
    }

    fn refuse_misplaced(&mut self, fields: Fields<'_>, kind: &str) {
        let numeric = matches!(kind, "number" | "whole" | "scale");
        for (key, fits) in [
            ("min", numeric),
            ("max", numeric),
            ("options", kind == "choice"),
        ] {
            if !fits && let Some(entry) = fields.entry(key) {
                self.problems.push(Diagnostic::error(
                    "misplaced-key",
                    &entry.key_span,
                    format!("a `{kind}` has no `{key}`"),
                ));
            }
        }
    }

    fn ordered(&mut self, fields: Fields<'_>, min: Option<Decimal>, max: Option<Decimal>) {
        if let (Some(low), Some(high)) = (min, max)
            && low > high
            && let Some(node) = fields.get("max")
        {
            self.problems.push(Diagnostic::error(
                "min-above-max",
                &node.span,
                format!("`min` is {low}, but `max` is {high}: no value fits"),
            ));
        }
    }
}

/// Why values of one kind do not fit into another; nothing when they do.
pub fn misfit(from: &Kind, into: &Kind) -> Option<String> {
    let fits = match (from, into) {
        (Kind::Text, Kind::Text) | (Kind::YesNo, Kind::YesNo) | (Kind::Date, Kind::Date) => true,
        (Kind::Link { to }, Kind::Link { to: other }) => to == other,
        (Kind::Choice(options), Kind::Choice(wanted)) => {
            let strange = options
                .keys()
                .find(|option| !wanted.contains_key(*option))?;
            return Some(format!("`{strange}` is not among its options"));
        }
        (Kind::Whole { .. } | Kind::Scale { .. }, Kind::Whole { .. } | Kind::Scale { .. })
        | (Kind::Number { .. } | Kind::Whole { .. } | Kind::Scale { .. }, Kind::Number { .. }) => {
            return outside_limits(from, into);
        }
        _ => false,
    };
    (!fits).then(|| format!("it is {}, not {}", described(from), described(into)))
}

fn outside_limits(from: &Kind, into: &Kind) -> Option<String> {
    let ((low, high), (min, max)) = (limits(from), limits(into));
    let below = min.is_some_and(|min| low.is_none_or(|low| low < min));
    let above = max.is_some_and(|max| high.is_none_or(|high| high > max));
    let ends = |low: Option<Decimal>, high: Option<Decimal>| match (low, high) {
        (Some(low), Some(high)) => format!("{low} to {high}"),
        (Some(low), None) => format!("{low} and more"),
        (None, Some(high)) => format!("{high} and less"),
        (None, None) => "any number".to_owned(),
    };
    (below || above).then(|| {
        format!(
            "it can be {}, which does not fit into {}",
            ends(low, high),
            ends(min, max)
        )
    })
}

/// The limits of a kind of numbers.
pub fn limits(kind: &Kind) -> (Option<Decimal>, Option<Decimal>) {
    match kind {
        Kind::Number { min, max } => (*min, *max),
        Kind::Whole { min, max } => (min.map(Decimal::from), max.map(Decimal::from)),
        Kind::Scale { min, max } => (Some(Decimal::from(*min)), Some(Decimal::from(*max))),
        _ => (None, None),
    }
}

/// A kind in words for people.
pub fn described(kind: &Kind) -> String {
    match kind {
        Kind::Text => "a text".to_owned(),
        Kind::Number { .. } => "a number".to_owned(),
        Kind::Whole { .. } => "a whole number".to_owned(),
        Kind::YesNo => "yes or no".to_owned(),
        Kind::Date => "a date".to_owned(),
        Kind::Choice(_) => "a choice".to_owned(),
        Kind::Scale { .. } => "a number on a scale".to_owned(),
        Kind::Link { to } => format!("a case of `{to}`"),
        Kind::Each { kind, .. } => format!("{} for each case", described(kind)),
    }
}
