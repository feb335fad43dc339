//! Comparisons and arithmetic: like with like.

use super::{
    sort::{Class, Sort},
    walk::Walk,
};
use crate::scripts::near;
use rhai::{Expr, FnCallExpr, Position};

impl Walk<'_> {
    /// An operator with its operands.
    pub(super) fn operator(&mut self, call: &FnCallExpr, at: Position) -> Sort {
        let name = call.name.as_str();
        match call.args.as_slice() {
            [one] => {
                self.expression(one);
                match name {
                    "!" => Sort::YesNo,
                    _ => Sort::Number,
                }
            }
            [left, right] => {
                let (one, other) = (self.expression(left), self.expression(right));
                match name {
                    "==" | "!=" | "<" | "<=" | ">" | ">=" => {
                        self.compared((left, &one), (right, &other), at);
                        Sort::YesNo
                    }
                    ".." | "..=" => Sort::List(Box::new(Sort::Number)),
                    // `x in list`, and `x in text`.
                    "contains" => self.among((left, one), (right, other), at),
                    _ => self.arithmetic(name, &one, &other, at),
                }
            }
            _ => Sort::Any,
        }
    }

    /// Whether something is among others, the others being given first.
    fn among(&mut self, list: (&Expr, Sort), one: (&Expr, Sort), at: Position) -> Sort {
        match (list.0, list.1) {
            (Expr::Array(elements, _), _) => {
                for element in elements {
                    let sort = self.expression(element);
                    self.compared((element, &sort), (one.0, &one.1), at);
                }
            }
            (expression, Sort::List(element)) => {
                self.compared((expression, &element), (one.0, &one.1), at);
            }
            _ => {}
        }
        Sort::YesNo
    }

    /// Two values that are compared.
    pub(super) fn compared(&mut self, left: (&Expr, &Sort), right: (&Expr, &Sort), at: Position) {
        match (left.1, right.1) {
            (Sort::Choice(names), Sort::Word(word)) => self.chosen(names, word, right.0),
            (Sort::Word(word), Sort::Choice(names)) => self.chosen(names, word, left.0),
            (one, other) => {
                let (Some(a), Some(b)) = (one.class(), other.class()) else {
                    return;
                };
                if a != b || a == Class::Other {
                    let message = format!(
                        "{} cannot be compared with {}",
                        one.people(),
                        other.people()
                    );
                    let help = match (a, b) {
                        (Class::Date, Class::Instant) | (Class::Instant, Class::Date) => {
                            Some("`days_since` gives the days since an instant".to_owned())
                        }
                        (Class::Length, _) | (_, Class::Length) => Some(
                            "`older(instant, duration)` asks whether it has run out".to_owned(),
                        ),
                        _ => None,
                    };
                    let span = self.span(at);
                    self.error("rule-unlike", span, message, help);
                }
            }
        }
    }

    /// A word that is compared with one of several names.
    fn chosen(&mut self, names: &[forloeb_core::name::Name], word: &str, at: &Expr) {
        if names.iter().any(|name| *name == *word) {
            return;
        }
        let among = || names.iter().map(forloeb_core::name::Name::as_str);
        let listed: Vec<String> = among().map(|name| format!("`{name}`")).collect();
        let span = self.span(at.start_position());
        let message = match listed.as_slice() {
            [only] => format!("`{word}` is not {only}, which is all that it can be"),
            several => format!("`{word}` is none of {}", several.join(", ")),
        };
        self.error(
            "rule-unknown-name",
            span,
            message,
            near::did_you_mean(word, among()),
        );
    }

    fn arithmetic(&mut self, name: &str, one: &Sort, other: &Sort, at: Position) -> Sort {
        let classes = [one.class(), other.class()];
        if name == "+" && classes.contains(&Some(Class::Text)) {
            return Sort::Text;
        }
        let odd = [one, other]
            .into_iter()
            .find(|sort| sort.class().is_some_and(|class| class != Class::Number));
        if let Some(odd) = odd {
            let help = match odd {
                Sort::Date => Some("`plus(date, \"2 weeks\")` gives a later date".to_owned()),
                Sort::Instant => Some(
                    "`older(instant, \"2 weeks\")` and `days_since(instant)` ask how long ago it is"
                        .to_owned(),
                ),
                _ => None,
            };
            let message = format!("`{name}` does not take {}", odd.people());
            let span = self.span(at);
            self.error("rule-unlike", span, message, help);
            return Sort::Any;
        }
        match classes {
            [Some(Class::Number), Some(Class::Number)] => Sort::Number,
            _ => Sort::Any,
        }
    }
}
