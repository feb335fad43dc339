//! Calls: of functions, of members, and of the functions that a member calls back.

use super::{
    sort::{Class, Sort, Whose},
    walk::Walk,
};
use crate::scripts::{
    ask::task_names,
    calls::closure,
    vocabulary::{self, Style},
};
use forloeb_core::{name::Name, time::Duration};
use rhai::{Expr, FnCallExpr, Position};

impl Walk<'_> {
    /// A call of a function or operator.
    pub(super) fn call(&mut self, call: &FnCallExpr, at: Position) -> Sort {
        let name = call.name.as_str();
        if call.is_operator_call() || name == "contains" {
            return self.operator(call, at);
        }
        let sorts: Vec<Sort> = call.args.iter().map(|one| self.expression(one)).collect();
        if name == "curry" {
            let pointed = call.args.first().and_then(closure);
            let used = sorts.into_iter().skip(1).collect();
            self.share(call.args.iter().skip(1));
            return pointed.map_or(Sort::Any, |name| Sort::Function(name, used));
        }
        if self.file.functions.contains_key(name) {
            return self.function(&name.into(), sorts);
        }
        let arguments: Vec<(&Expr, &Sort)> = call.args.iter().zip(&sorts).collect();
        match (name, arguments.as_slice()) {
            ("older", [instant, length, then @ ..]) => {
                self.instant(*instant);
                self.length(*length);
                match then.first() {
                    Some(then) => self.instant(*then),
                    None => self.gathered.time(),
                }
                Sort::YesNo
            }
            ("today", _) => {
                self.gathered.time();
                Sort::Date
            }
            ("days_since", [instant]) => {
                self.instant(*instant);
                self.gathered.time();
                Sort::Number
            }
            ("plus", [date, length]) => {
                self.date(*date);
                self.length(*length);
                Sort::Date
            }
            ("is_working_day", [date]) => {
                self.date(*date);
                Sort::YesNo
            }
            ("nudge" | "escalate", [role, text, values @ ..]) => {
                self.said(*role, *text, values.first().copied());
                Sort::Nothing
            }
            ("raise", [task]) => {
                self.raised(*task);
                Sort::Nothing
            }
            ("min" | "max", _) => Sort::Number,
            _ => Sort::Any,
        }
    }

    fn wanted(&mut self, (at, sort): (&Expr, &Sort), what: &str, class: &[Class]) {
        let Some(found) = sort.class() else {
            return;
        };
        if !class.contains(&found) {
            let span = self.span(at.start_position());
            let message = format!("{what} is wanted here, not {}", sort.people());
            self.error("rule-unlike", span, message, None);
        }
    }

    fn instant(&mut self, given: (&Expr, &Sort)) {
        let help = matches!(given.1, Sort::Happening(..));
        let before = self.diagnostics.len();
        self.wanted(given, "an instant", &[Class::Instant, Class::Date]);
        if help && let Some(last) = self.diagnostics.get_mut(before) {
            last.help = Some("write `.at` behind it: the instant at which it happened".to_owned());
        }
    }

    fn date(&mut self, given: (&Expr, &Sort)) {
        self.wanted(given, "a date", &[Class::Date]);
    }

    /// A duration: written out and well, or a setting that holds one.
    fn length(&mut self, given: (&Expr, &Sort)) {
        let Sort::Word(text) = given.1 else {
            self.wanted(given, "a duration", &[Class::Length, Class::Text]);
            return;
        };
        if let Err(why) = Duration::parse(text) {
            let span = self.span(given.0.start_position());
            self.error("rule-duration", span, why.message, Some(why.help));
        }
    }

    fn raised(&mut self, (at, sort): (&Expr, &Sort)) {
        let Some(task) = self.written(at, sort, "a task") else {
            return;
        };
        if !self.plan.tasks.contains_key(&task) {
            let names: Vec<Name> = self.plan.tasks.keys().cloned().collect();
            let own = self.own();
            self.unknown(
                at.start_position(),
                "task .. that can be raised",
                &task,
                &names,
                &own,
            );
        }
    }

    pub(super) fn own(&self) -> Whose {
        Whose {
            process: self.plan.process.clone(),
            own: true,
        }
    }

    /// A call of a member of something.
    pub(super) fn member(&mut self, of: Sort, call: &FnCallExpr, at: Position) -> Sort {
        let sorts: Vec<Sort> = call.args.iter().map(|one| self.expression(one)).collect();
        let arguments: Vec<(&Expr, &Sort)> = call.args.iter().zip(&sorts).collect();
        let name = call.name.as_str();
        match &of {
            Sort::It(whose) => self.member_of_it(whose, name, &arguments, at),
            Sort::Any | Sort::Nothing => {
                self.member_of_unknown(name, &sorts);
                Sort::Any
            }
            Sort::List(element) => self.member_of_list(element, name, &sorts, at),
            other => {
                if let (Sort::Map(_), [_, value]) = (other, sorts.as_slice()) {
                    self.put(None, value);
                }
                self.member_of_value(other, name, at)
            }
        }
    }

    fn not_a_member(&mut self, of: &Sort, name: &str, at: Position) -> Sort {
        // What is a member of nothing was found when the file was read.
        if vocabulary::function(name, Style::Member).is_empty() {
            return Sort::Any;
        }
        let span = self.span(at);
        let message = format!("{} has no `{name}`", of.people());
        self.error("rule-unknown-member", span, message, None);
        Sort::Any
    }

    fn member_of_it(
        &mut self,
        whose: &Whose,
        name: &str,
        arguments: &[(&Expr, &Sort)],
        at: Position,
    ) -> Sort {
        let Some((first, rest)) = arguments.split_first() else {
            return match vocabulary::OF_CASE
                .iter()
                .any(|function| function.name == name)
            {
                true => Sort::Any,
                false => self.not_a_member(&Sort::It(whose.clone()), name, at),
            };
        };
        let event = |walk: &mut Self| walk.event(whose, *first, rest);
        match name {
            "since" => {
                let tracks =
                    |plan: &forloeb_core::plan::Plan| plan.tracks.keys().cloned().collect();
                self.named(whose, *first, ("a track", "track"), tracks);
                self.gathered.of(whose).places = true;
                Sort::Instant
            }
            "in_stage" => {
                let stages = |plan: &forloeb_core::plan::Plan| {
                    let tracks = plan.tracks.values();
                    tracks
                        .flat_map(|track| track.stages.keys().cloned())
                        .collect()
                };
                self.named(whose, *first, ("a stage", "stage"), stages);
                self.gathered.of(whose).places = true;
                Sort::YesNo
            }
            "task_open" | "task_done" => {
                if !whose.own {
                    let span = self.span(at);
                    let message = "the tasks of another case cannot be seen".to_owned();
                    self.error("rule-unknown-member", span, message, None);
                    return Sort::YesNo;
                }
                let tasks = |plan: &forloeb_core::plan::Plan| {
                    task_names(plan).into_iter().map(Name::from).collect()
                };
                self.named(whose, *first, ("a task", "task"), tasks);
                self.gathered.of(whose).tasks = true;
                Sort::YesNo
            }
            "link" | "links" => self.linked(whose, name == "links", *first),
            "last" | "first" => Sort::Happening(whose.clone(), event(self)),
            "all" => Sort::List(Box::new(Sort::Happening(whose.clone(), event(self)))),
            "happened" => {
                event(self);
                Sort::YesNo
            }
            "count" => {
                event(self);
                Sort::Number
            }
            _ => self.not_a_member(&Sort::It(whose.clone()), name, at),
        }
    }

    /// An argument that names something of a plan.
    fn named(
        &mut self,
        whose: &Whose,
        (at, sort): (&Expr, &Sort),
        (a, what): (&str, &str),
        among: impl Fn(&forloeb_core::plan::Plan) -> Vec<Name>,
    ) -> Option<Name> {
        let name = self.written(at, sort, a)?;
        let names = among(self.plan_of(whose)?);
        if names.contains(&name) {
            return Some(name);
        }
        self.unknown(at.start_position(), what, &name, &names, whose);
        None
    }

    fn linked(&mut self, whose: &Whose, many: bool, argument: (&Expr, &Sort)) -> Sort {
        let links = |plan: &forloeb_core::plan::Plan| plan.links.keys().cloned().collect();
        let wrap = |sort: Sort| match many {
            true => Sort::List(Box::new(sort)),
            false => sort,
        };
        let Some(name) = self.named(whose, argument, ("a link", "link"), links) else {
            self.gathered.lose();
            return wrap(Sort::Any);
        };
        let found = self.plan_of(whose).and_then(|plan| plan.links.get(&name));
        let Some((to, leads_to_many)) = found.map(|link| (link.to.clone(), link.many)) else {
            return wrap(Sort::Any);
        };
        if leads_to_many && !many {
            let span = self.span(argument.0.start_position());
            self.error(
                "rule-many",
                span,
                format!("`{name}` leads to any number of cases"),
                Some(format!("write `links(\"{name}\")`, which gives a list")),
            );
        }
        if !whose.own {
            self.gathered.of(whose).links.insert(name);
            return wrap(Sort::Far);
        }
        self.gathered.through(name);
        wrap(Sort::It(Whose {
            process: to,
            own: false,
        }))
    }

    /// The event that a question is about, and how the question narrows it down.
    fn event(
        &mut self,
        whose: &Whose,
        first: (&Expr, &Sort),
        rest: &[(&Expr, &Sort)],
    ) -> Option<Name> {
        let events = |plan: &forloeb_core::plan::Plan| plan.events.keys().cloned().collect();
        let event = self.named(whose, first, ("an event", "event"), events);
        match &event {
            Some(event) => {
                self.gathered.of(whose).events.insert(event.clone());
            }
            None => self.gathered.lose(),
        }
        for (at, sort) in rest {
            if !matches!(sort, Sort::Map(_) | Sort::Instant | Sort::Date) {
                self.gathered.time();
            }
            match sort {
                Sort::Map(entries) => {
                    if let (Some(event), Some(entries)) = (&event, entries) {
                        self.filter(whose, event, entries, at);
                    }
                }
                Sort::Word(_) | Sort::Length | Sort::Text => self.length((at, sort)),
                other => self.instant((at, other)),
            }
        }
        event
    }

    /// The fields that an occurrence must have.
    fn filter(&mut self, whose: &Whose, event: &Name, entries: &[(Name, Sort)], at: &Expr) {
        for (key, sort) in entries {
            let (place, value) = entry(at, key);
            let place = place.unwrap_or_else(|| at.start_position());
            let field = self.property(&Sort::With(whose.clone(), Some(event.clone())), key, place);
            let value = value.unwrap_or(at);
            self.compared((value, &field), (value, sort), value.start_position());
        }
    }

    fn member_of_list(&mut self, element: &Sort, name: &str, sorts: &[Sort], at: Position) -> Sort {
        let callback = sorts.first().cloned();
        let each = |walk: &mut Self, mut given: Vec<Sort>| match callback.clone() {
            Some(Sort::Function(function, mut used)) => {
                used.append(&mut given);
                walk.function(&function, used)
            }
            _ => {
                walk.gathered.lose();
                Sort::Any
            }
        };
        match name {
            "filter" => {
                each(self, vec![element.clone()]);
                Sort::List(Box::new(element.clone()))
            }
            "map" => Sort::List(Box::new(each(self, vec![element.clone()]))),
            "some" | "all" => {
                each(self, vec![element.clone()]);
                Sort::YesNo
            }
            "find" => {
                each(self, vec![element.clone()]);
                element.clone()
            }
            "reduce" => {
                each(self, vec![Sort::Any, element.clone()]);
                Sort::Any
            }
            "index_of" => {
                // It takes a value, or a function that knows it.
                if matches!(sorts.first(), Some(Sort::Function(..) | Sort::Any))
                    && element.leads_on()
                {
                    each(self, vec![element.clone()]);
                }
                Sort::Number
            }
            "push" => {
                if let Some(pushed) = sorts.first() {
                    self.put(Some(element), pushed);
                }
                Sort::Any
            }
            "len" => Sort::Number,
            "is_empty" | "contains" => Sort::YesNo,
            "to_string" => Sort::Any,
            _ => self.not_a_member(&Sort::List(Box::new(Sort::Any)), name, at),
        }
    }

    fn member_of_value(&mut self, of: &Sort, name: &str, at: Position) -> Sort {
        let known: &[&str] = match of {
            Sort::Map(_) => &[
                "len", "is_empty", "contains", "get", "set", "keys", "values",
            ],
            Sort::Text | Sort::Word(_) | Sort::Choice(_) => &[
                "len",
                "is_empty",
                "contains",
                "index_of",
                "to_upper",
                "to_lower",
                "starts_with",
                "ends_with",
                "split",
                "to_string",
            ],
            Sort::Number => &["abs", "round", "floor", "ceiling", "to_string"],
            Sort::YesNo | Sort::Case | Sort::Date | Sort::Instant | Sort::Length => &["to_string"],
            _ => &[],
        };
        if !known.contains(&name) {
            return self.not_a_member(of, name, at);
        }
        match name {
            "len" | "index_of" | "abs" | "round" | "floor" | "ceiling" => Sort::Number,
            "is_empty" | "contains" | "starts_with" | "ends_with" => Sort::YesNo,
            "to_upper" | "to_lower" | "to_string" => Sort::Text,
            "split" | "keys" => Sort::List(Box::new(Sort::Text)),
            _ => Sort::Any,
        }
    }
}

/// Where an entry of a map stands, and its value.
pub(super) fn entry<'e>(map: &'e Expr, key: &str) -> (Option<Position>, Option<&'e Expr>) {
    let Expr::Map(entries, _) = map else {
        return (None, None);
    };
    let found = entries.0.iter().find(|(name, _)| name.name == key);
    found.map_or((None, None), |(name, value)| (Some(name.pos), Some(value)))
}
