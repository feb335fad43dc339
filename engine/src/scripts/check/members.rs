//! Members: what stands after a dot.

use super::{
    sort::{Sort, Whose},
    walk::Walk,
};
use crate::scripts::{near, vocabulary};
use forloeb_core::{name::Name, plan::Fact};
use rhai::Position;

impl Walk<'_> {
    /// A property of something.
    pub(super) fn property(&mut self, of: &Sort, name: &Name, at: Position) -> Sort {
        match of {
            Sort::It(whose) => self.of_it(whose, name, at),
            Sort::Far => match name.as_str() {
                "id" => Sort::Case,
                "process" => Sort::Text,
                _ => {
                    let names = ["id", "process"];
                    self.no_member("a case behind two links", name, &names, at)
                }
            },
            Sort::Facts(whose) => self.fact(whose, name, at),
            Sort::Settings(whose) => self.setting(whose, name, at),
            Sort::Happening(whose, event) => self.of_occurrence(whose, event.as_ref(), name, at),
            Sort::With(whose, event) => self.field(whose, event.as_ref(), name, at),
            Sort::Map(Some(entries)) => {
                let found = entries.iter().find(|(key, _)| key == name);
                found.map_or(Sort::Any, |(_, sort)| sort.clone())
            }
            Sort::Any | Sort::Nothing => {
                self.gathered.lose();
                Sort::Any
            }
            Sort::Map(None) => Sort::Any,
            Sort::List(_) | Sort::Text | Sort::Word(_) if *name == *"len" => Sort::Number,
            other => {
                let people = other.people();
                self.no_member(people, name, &[], at)
            }
        }
    }

    fn no_member(&mut self, of: &str, name: &str, names: &[&str], at: Position) -> Sort {
        let span = self.span(at);
        let function = vocabulary::functions().find(|function| function.name == name);
        let help = match function {
            Some(function) => Some(format!(
                "`{name}` is asked with arguments: {}",
                function.does
            )),
            None => near::did_you_mean(name, names.iter().copied()),
        };
        self.error(
            "rule-unknown-member",
            span,
            format!("{of} has no `{name}`"),
            help,
        );
        Sort::Any
    }

    fn of_it(&mut self, whose: &Whose, name: &str, at: Position) -> Sort {
        match name {
            "since" | "stage" | "stages" => self.gathered.of(whose).places = true,
            "ended" | "outcome" | "on_hold" => self.gathered.of(whose).status = true,
            _ => {}
        }
        match name {
            "id" => Sort::Case,
            "process" => Sort::Text,
            "started" | "since" => Sort::Instant,
            "stage" => Sort::Choice(self.stages(whose, None)),
            "stages" => {
                let Some(plan) = self.plan_of(whose) else {
                    return Sort::Map(None);
                };
                let tracks: Vec<Name> = plan.tracks.keys().cloned().collect();
                let stages = |track: Name| {
                    let stages = self.stages(whose, Some(&track));
                    (track, Sort::Choice(stages))
                };
                Sort::Map(Some(tracks.into_iter().map(stages).collect()))
            }
            "ended" | "on_hold" => Sort::YesNo,
            "outcome" => {
                let plan = self.plan_of(whose);
                plan.map_or(Sort::Text, |plan| {
                    Sort::Choice(plan.outcomes.keys().cloned().collect())
                })
            }
            "facts" => Sort::Facts(whose.clone()),
            "settings" => Sort::Settings(whose.clone()),
            _ => {
                let names: Vec<&str> = vocabulary::OF_IT.iter().map(|(name, _)| *name).collect();
                self.no_member("a case", name, &names, at)
            }
        }
    }

    /// The stages of one track, or of the first.
    fn stages(&self, whose: &Whose, track: Option<&str>) -> Vec<Name> {
        let plan = self.plan_of(whose);
        let track = plan.and_then(|plan| match track {
            Some(track) => plan.tracks.get(track),
            None => plan.tracks.values().next(),
        });
        track.map_or_else(Vec::new, |track| track.stages.keys().cloned().collect())
    }

    fn fact(&mut self, whose: &Whose, name: &Name, at: Position) -> Sort {
        self.gathered.of(whose).facts.insert(name.clone());
        let Some(plan) = self.plan_of(whose) else {
            return Sort::Any;
        };
        let Some(fact) = plan.facts.get(name) else {
            let names: Vec<Name> = plan.facts.keys().cloned().collect();
            self.unknown(at, "fact", name, &names, whose);
            return Sort::Any;
        };
        let (sealed, sort) = (fact.sealed(), Sort::of(&fact.kind));
        if sealed {
            self.confidential(whose, name, at);
        }
        sort
    }

    fn confidential(&mut self, whose: &Whose, name: &Name, at: Position) {
        if whose.own && self.rule.reads.contains(name) {
            return;
        }
        let span = self.span(at);
        let (message, help) = match whose.own {
            true => (
                format!("`{name}` is confidential or personal"),
                Some(format!(
                    "if the rule needs it, attach it as `{{ rule: {}, reads: [{name}] }}`",
                    self.rule.rule
                )),
            ),
            false => (
                format!(
                    "`{name}` of `{}` is confidential or personal",
                    whose.process
                ),
                Some("a rule sees only the public facts of another case".to_owned()),
            ),
        };
        self.error("rule-confidential", span, message, help);
    }

    fn setting(&mut self, whose: &Whose, name: &Name, at: Position) -> Sort {
        let plan = self.plan_of(whose);
        if plan.is_none_or(|plan| plan.setting_varies(name)) {
            self.gathered.time();
        }
        let Some(plan) = self.plan_of(whose) else {
            return Sort::Any;
        };
        let Some(setting) = plan.settings.get(name) else {
            let names: Vec<Name> = plan.settings.keys().cloned().collect();
            self.unknown(at, "setting", name, &names, whose);
            return Sort::Any;
        };
        let sorts = setting
            .values
            .iter()
            .map(|period| Sort::of_setting(&period.value));
        sorts.reduce(Sort::join).unwrap_or(Sort::Any)
    }

    fn of_occurrence(
        &mut self,
        whose: &Whose,
        event: Option<&Name>,
        name: &str,
        at: Position,
    ) -> Sort {
        match name {
            "at" => Sort::Instant,
            "by" => {
                let plan = self.plan_of(whose);
                plan.map_or(Sort::Text, |plan| {
                    Sort::Choice(plan.roles.keys().cloned().collect())
                })
            }
            "event" => Sort::Text,
            "from" => Sort::Case,
            "with" => Sort::With(whose.clone(), event.cloned()),
            _ => {
                let names = vocabulary::OF_OCCURRENCE.iter().map(|(name, _)| *name);
                let names: Vec<&str> = names.collect();
                self.no_member("an occurrence", name, &names, at)
            }
        }
    }

    /// A field of an event, or of any event when it is not known which.
    fn field(&mut self, whose: &Whose, event: Option<&Name>, name: &Name, at: Position) -> Sort {
        let Some(plan) = self.plan_of(whose) else {
            return Sort::Any;
        };
        let fields: Vec<(&Name, &Fact)> = plan
            .events
            .iter()
            .filter(|(one, _)| event.is_none_or(|event| event == *one))
            .flat_map(|(_, event)| event.with.iter())
            .map(|(name, field)| (name, &field.fact))
            .collect();
        let found: Vec<&Fact> = fields
            .iter()
            .filter(|(one, _)| *one == name)
            .map(|(_, fact)| *fact)
            .collect();
        let sealed = found.iter().any(|fact| fact.sealed());
        let sort = found
            .into_iter()
            .map(|fact| Sort::of(&fact.kind))
            .reduce(Sort::join);
        if sort.is_none() {
            let names: Vec<Name> = fields.iter().map(|(name, _)| (*name).clone()).collect();
            let what = event.map_or_else(
                || "field".to_owned(),
                |event| format!("field .. of `{event}`"),
            );
            self.unknown(at, &what, name, &names, whose);
        }
        if sealed {
            self.confidential(whose, name, at);
        }
        sort.unwrap_or(Sort::Any)
    }
}
