//! Findings: what rungs and rules say now is compared with what is open. There is no memory of what has been said.

use super::{Stepper, deadlines::source, due::numbered};
use crate::{
    case::{Origin, Raised, Source},
    entry::What,
    ground::Ground,
    judge::{Fault, Found},
    name::Name,
    plan::{Level, RuleUse},
    value::Value,
};
use indexmap::IndexMap;
use std::collections::{BTreeMap, BTreeSet};

/// The text that is said when a rule fails; the only one that no process file holds.
pub const RULE_FAILED: &str = "rule_failed";

/// By this a finding is recognised.
type Key = (Source, Name, Option<String>);

/// A finding as it ought to be.
struct Wanted {
    level: Level,
    to: Vec<Name>,
    values: BTreeMap<Name, Value>,
    cause: Option<u64>,
    ground: Ground,
}

impl Stepper<'_> {
    /// Evaluates the rules attached to where the case is, and opens, changes and closes findings.
    pub(super) fn compare_findings(&mut self) {
        let mut wanted: IndexMap<Key, Wanted> = IndexMap::new();
        self.want_from_rungs(&mut wanted);
        let mut failed: IndexMap<Name, Fault> =
            std::mem::take(&mut self.faults).into_iter().collect();
        let raises = self.want_from_rules(&mut wanted, &mut failed);
        self.want_from_faults(&mut wanted, &failed);
        self.close_findings(&wanted, &failed);
        self.open_findings(wanted);
        self.compare_raises(raises, &failed);
    }

    fn want_from_rungs(&self, wanted: &mut IndexMap<Key, Wanted>) {
        for (number, state) in self
            .case()
            .deadlines
            .iter()
            .filter(|(_, state)| state.met.is_none())
        {
            let Some(declared) = self.plan().deadline_of(state) else {
                continue;
            };
            for rung in &state.reached {
                let Some((_, step)) = numbered(declared).find(|(place, _)| place == rung) else {
                    continue;
                };
                let reached = What::RungReached {
                    deadline: *number,
                    rung: *rung,
                };
                let cause = self
                    .entries
                    .iter()
                    .rev()
                    .find(|entry| entry.what == reached)
                    .map(|entry| entry.seq);
                let found = Found {
                    level: step.level,
                    to: step.to.clone(),
                    say: step.say.clone(),
                    about: None,
                    values: BTreeMap::new(),
                    ground: step.ground.clone(),
                };
                want(
                    wanted,
                    source(&state.track, &state.stage, &state.name),
                    found,
                    cause.or(Some(*number)),
                );
            }
        }
    }

    /// The rules attached to where the case is: the process's own, then those of the stages.
    fn rules_here(&self) -> Vec<&RuleUse> {
        let stages = self
            .case()
            .tracks
            .iter()
            .filter_map(|(track, place)| self.plan().stage(track, &place.stage));
        self.plan()
            .rules
            .iter()
            .chain(stages.flat_map(|stage| &stage.rules))
            .collect()
    }

    fn want_from_rules(
        &mut self,
        wanted: &mut IndexMap<Key, Wanted>,
        failed: &mut IndexMap<Name, Fault>,
    ) -> Vec<(Raised, Ground)> {
        let mut raises = Vec::new();
        let verdicts: Vec<_> = self
            .rules_here()
            .into_iter()
            .map(|rule| (rule.rule.clone(), self.scene.judge.judge(rule, &self.view)))
            .collect();
        for (rule, verdict) in verdicts {
            self.horizon.note(verdict.horizon);
            match verdict.answer {
                Ok(answer) => {
                    let source = Source::Rule(rule);
                    for found in answer.found {
                        want(
                            wanted,
                            source.clone(),
                            found,
                            verdict.because.or_else(|| self.cause()),
                        );
                    }
                    for (task, ground) in answer.raise {
                        raises.push((
                            Raised {
                                source: source.clone(),
                                task,
                            },
                            ground,
                        ));
                    }
                }
                Err(fault) => {
                    failed.insert(rule, fault);
                }
            }
        }
        raises
    }

    /// A rule that fails is an entry and a finding for whoever looks after the rules; the case goes on.
    fn want_from_faults(
        &mut self,
        wanted: &mut IndexMap<Key, Wanted>,
        failed: &IndexMap<Name, Fault>,
    ) {
        for (rule, fault) in failed {
            let values = BTreeMap::from([
                (Name::from("rule"), Value::Text(rule.to_string())),
                (Name::from("message"), Value::Text(fault.message.clone())),
                (Name::from("place"), Value::Text(fault.ground.to_string())),
            ]);
            let source = Source::Fault(rule.clone());
            let known = self
                .case()
                .findings
                .values()
                .any(|open| open.source == source && open.values == values);
            if !known {
                let what = What::RuleFailed {
                    rule: rule.clone(),
                    message: fault.message.clone(),
                };
                self.record(what, self.cause(), Some(&fault.ground));
            }
            let Some(to) = self.plan().faults_to.clone() else {
                continue;
            };
            let found = Found {
                level: Level::Escalation,
                to,
                say: Name::from(RULE_FAILED),
                about: None,
                values,
                ground: fault.ground.clone(),
            };
            want(wanted, source, found, self.cause());
        }
    }

    fn close_findings(&mut self, wanted: &IndexMap<Key, Wanted>, failed: &IndexMap<Name, Fault>) {
        let gone: Vec<u64> = self
            .case()
            .findings
            .iter()
            .filter(|(_, open)| {
                // What a failing rule found before is neither confirmed nor denied: it stays.
                let unknown =
                    matches!(&open.source, Source::Rule(rule) if failed.contains_key(rule));
                !unknown
                    && !wanted.contains_key(&(
                        open.source.clone(),
                        open.say.clone(),
                        open.about.clone(),
                    ))
            })
            .map(|(number, _)| *number)
            .collect();
        for finding in gone {
            self.record(
                What::FindingClosed { finding },
                self.cause().or(Some(finding)),
                None,
            );
        }
    }

    fn open_findings(&mut self, wanted: IndexMap<Key, Wanted>) {
        for ((source, say, about), wanted) in wanted {
            let Wanted {
                level,
                to,
                values,
                cause,
                ground,
            } = wanted;
            let open =
                self.case().findings.iter().find(|(_, open)| {
                    open.source == source && open.say == say && open.about == about
                });
            match open {
                None => {
                    let what = What::FindingOpened {
                        source,
                        say,
                        about,
                        level,
                        to,
                        values,
                        by_migration: self.migrating,
                    };
                    self.record(what, cause, Some(&ground));
                }
                Some((_, open))
                    if open.level == level && open.to == to && open.values == values => {}
                Some((number, _)) => {
                    let what = What::FindingChanged {
                        finding: *number,
                        level,
                        to,
                        values,
                        by_migration: self.migrating,
                    };
                    self.record(what, cause, Some(&ground));
                }
            }
        }
    }

    /// Raises each task that a rule asks for once while it asks for it.
    fn compare_raises(&mut self, raises: Vec<(Raised, Ground)>, failed: &IndexMap<Name, Fault>) {
        let asked: BTreeSet<&Raised> = raises.iter().map(|(raised, _)| raised).collect();
        let gone: Vec<Raised> = self
            .case()
            .raised
            .iter()
            .filter(
                |raised| matches!(&raised.source, Source::Rule(rule) if !failed.contains_key(rule)),
            )
            .filter(|raised| !asked.contains(raised))
            .cloned()
            .collect();
        for raised in gone {
            self.record(What::RaiseEnded(raised), self.cause(), None);
        }
        for (raised, ground) in raises {
            self.raise(raised, self.cause(), &ground);
        }
    }

    /// Raises a task, unless it has been raised for the same reason and is still asked for, or one of the kind is open.
    pub(super) fn raise(&mut self, raised: Raised, cause: Option<u64>, ground: &Ground) {
        if self.case().raised.contains(&raised) {
            return;
        }
        let Some(task) = self.plan().tasks.get(&raised.task) else {
            return;
        };
        let is_open = self
            .case()
            .tasks
            .values()
            .any(|open| open.name == raised.task && matches!(open.origin, Origin::Raised(_)));
        let began = self.record(What::RaiseBegan(raised.clone()), cause, Some(ground));
        if !is_open {
            self.open_task(
                &raised.task,
                task,
                Origin::Raised(raised.source),
                Some(began),
            );
        }
    }

    /// What was raised by this source may be raised anew another time. The tasks themselves stay: they are people's work.
    pub(super) fn end_raises(&mut self, source: &Source) {
        let raised: Vec<Raised> = self
            .case()
            .raised
            .iter()
            .filter(|raised| raised.source == *source)
            .cloned()
            .collect();
        for raised in raised {
            self.record(What::RaiseEnded(raised), self.cause(), None);
        }
    }
}

/// Adds what was found; a second voice about the same makes it stronger, and gives it one more hearer.
fn want(wanted: &mut IndexMap<Key, Wanted>, source: Source, found: Found, cause: Option<u64>) {
    let Found {
        level,
        to,
        say,
        about,
        values,
        ground,
    } = found;
    match wanted.entry((source, say, about)) {
        indexmap::map::Entry::Vacant(place) => {
            place.insert(Wanted {
                level,
                to: vec![to],
                values,
                cause,
                ground,
            });
        }
        indexmap::map::Entry::Occupied(mut place) => {
            let known = place.get_mut();
            if !known.to.contains(&to) {
                known.to.push(to);
            }
            known.values.extend(values);
            if level >= known.level {
                known.level = level;
                known.cause = cause;
                known.ground = ground;
            }
        }
    }
}
