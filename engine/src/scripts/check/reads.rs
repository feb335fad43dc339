//! What a rule reads, gathered while it is gone through. Where the walk cannot tell what a value is, the rule reads everything that it
//! can reach: a question may be noted that is never asked, but none is missed.

use super::{
    sort::{Sort, Whose},
    walk::Walk,
};
use crate::scripts::{calls, vocabulary};
use forloeb_core::{
    name::Name,
    plan::Plan,
    reads::{Reading, Reads},
};
use rhai::{ASTFlags, Expr};
use std::collections::BTreeSet;

/// What has been seen to be read.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    reading: Reading,
    /// Something is asked of a value of which it is not known what it is. All cases that the rule reaches are known.
    pub(super) lost: bool,
    /// The same, for something that has been gone through and would not be noticed again.
    strayed: bool,
    /// Part of the rule was not gone through: it may reach any case.
    cut: bool,
}

impl Gathered {
    /// What is read of the case that something belongs to.
    pub(super) fn of(&mut self, whose: &Whose) -> &mut Reads {
        match whose.own {
            true => &mut self.reading.own,
            false => self.reading.of.entry(whose.process.clone()).or_default(),
        }
    }

    /// Other cases are reached through a link.
    pub(super) fn through(&mut self, link: Name) {
        self.reading.own.links.insert(link.clone());
        self.reading.through.insert(link);
    }

    /// The answer depends on when it is asked.
    pub(super) fn time(&mut self) {
        self.reading.time = true;
    }

    pub(super) fn lose(&mut self) {
        self.lost = true;
    }

    pub(super) fn stray(&mut self) {
        self.strayed = true;
    }

    pub(super) fn cut(&mut self) {
        self.cut = true;
    }

    fn finish(mut self, plan: &Plan) -> Reading {
        if self.cut {
            self.reading.through = plan.links.keys().cloned().collect();
        }
        if self.cut || self.lost || self.strayed {
            let unknown = Reading::unknown(plan, self.reading.through.clone());
            self.reading.add(&unknown);
        }
        self.reading
    }
}

impl Sort {
    /// Whether it may lead to something that can be read, so that it matters where it goes.
    pub(super) fn leads_on(&self) -> bool {
        match self {
            Self::Any | Self::Map(None) | Self::Function(..) => true,
            Self::It(_) | Self::Facts(_) | Self::Settings(_) => true,
            Self::Happening(..) | Self::With(..) => true,
            Self::List(element) => element.leads_on(),
            Self::Map(Some(entries)) => entries.iter().any(|(_, sort)| sort.leads_on()),
            _ => false,
        }
    }
}

impl Walk<'_> {
    /// A method of a value of which nothing is known. It may be a case.
    pub(super) fn member_of_unknown(&mut self, name: &str, sorts: &[Sort]) {
        let of_case = vocabulary::OF_CASE.iter().any(|one| one.name == name);
        if of_case {
            self.gathered.lose();
        }
        if of_case && matches!(name, "link" | "links") {
            match sorts.first() {
                Some(Sort::Word(link)) if self.plan.links.contains_key(link) => {
                    self.gathered.through(link.clone());
                }
                // Only a case behind a link can have it, and that shows no more than ids.
                Some(Sort::Word(_)) => {}
                _ => self.gathered.cut(),
            }
        }
        for sort in sorts {
            if let Sort::Function(function, used) = sort {
                self.function(function, used.clone());
            }
        }
    }

    /// Something is put into a value that is changed in place, of which the walk does not follow the parts.
    pub(super) fn put(&mut self, before: Option<&Sort>, put: &Sort) {
        let known = before.is_some_and(|before| before.clone().join(put.clone()) == *before);
        if put.leads_on() && !known {
            self.gathered.lose();
        }
    }

    /// The keys in a chain on the left of `=`.
    pub(super) fn keys(&mut self, dot: bool, rest: &Expr, ends: bool) {
        match rest {
            Expr::Dot(chain, options, _) | Expr::Index(chain, options, _) if !ends => {
                self.key(dot, &chain.lhs);
                let dot = matches!(rest, Expr::Dot(..));
                self.keys(dot, &chain.rhs, options.intersects(ASTFlags::BREAK));
            }
            last => self.key(dot, last),
        }
    }

    fn key(&mut self, dot: bool, link: &Expr) {
        match link {
            Expr::Property(..) if dot => {}
            Expr::MethodCall(call, _) if dot => {
                for one in &call.args {
                    self.expression(one);
                }
            }
            index => {
                self.expression(index);
            }
        }
    }

    /// What the rule reads, once it has been gone through. What it calls in a way that could not be followed is gone through now, in
    /// silence, with nothing known of what it is given.
    pub(super) fn reading(mut self, rule: &Name) -> Reading {
        let mut reached = BTreeSet::new();
        calls::reach(self.file, rule, &mut reached);
        for function in reached {
            if !self.has_gone_through(&function) {
                self.function(&function, Vec::new());
            }
        }
        self.gathered.finish(self.plan)
    }
}
