//! Names that a rule uses: each is written out, and exists in the plan.

use super::{
    sort::{Sort, Whose},
    walk::Walk,
};
use crate::scripts::{near, vocabulary};
use forloeb_core::{name::Name, plan::Plan};
use rhai::{Expr, Position};

/// Most names that a message lists when none is near.
const LISTED: usize = 8;

impl Walk<'_> {
    /// The plan of the case that something belongs to; none when that process is not known.
    pub(super) fn plan_of(&self, whose: &Whose) -> Option<&Plan> {
        match whose.own {
            true => Some(self.plan),
            false => self.others.get(&whose.process),
        }
    }

    /// The name that an argument is, which must be written out so that it can be checked.
    pub(super) fn written(&mut self, argument: &Expr, sort: &Sort, what: &str) -> Option<Name> {
        if let Sort::Word(word) = sort {
            return Some(word.clone());
        }
        let at = self.span(argument.start_position());
        match sort {
            Sort::Any | Sort::Text | Sort::Choice(_) | Sort::Nothing => self.error(
                "rule-computed-name",
                at,
                format!("the name of {what} is computed"),
                Some("write it out, so that it can be checked before anything runs".to_owned()),
            ),
            other => self.error(
                "rule-unlike",
                at,
                format!("the name of {what} is a text, not {}", other.people()),
                None,
            ),
        }
        None
    }

    /// Reports a name that does not exist.
    pub(super) fn unknown<'n>(
        &mut self,
        at: Position,
        what: &str,
        name: &str,
        among: impl IntoIterator<Item = &'n Name>,
        whose: &Whose,
    ) {
        let names: Vec<&str> = among.into_iter().map(Name::as_str).collect();
        let help = near::did_you_mean(name, names.iter().copied()).or_else(|| listed(what, &names));
        let of = match whose.own {
            true => String::new(),
            false => format!(" in `{}`", whose.process),
        };
        let span = self.span(at);
        self.error(
            "rule-unknown-name",
            span,
            format!("{}{of}", vocabulary::missing(what, name)),
            help,
        );
    }
}

/// What there is instead.
fn listed(what: &str, names: &[&str]) -> Option<String> {
    if names.is_empty() {
        return Some(format!("the process has no {what} at all"));
    }
    (names.len() <= LISTED).then(|| {
        let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        format!("there is {}", names.join(", "))
    })
}
