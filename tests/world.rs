//! An engine in memory for tests of the step: it drives cases in the order in which `turn` does, with a clock that a test sets.
//!
//! It has no database and no bounds on what one transaction does. That it drives as the real engine does is a test of its own
//! (`properties/engine.rs`).

use forloeb::{
    diagnostic::{Colour, Source, render_all},
    language::programme::{Ready, load},
};
use forloeb_core::{
    accept::{mentioned, read_by, sealed_for_rules, sealed_for_rules_in},
    case::{Case, CaseId},
    entry::{Entry, What},
    in_effect::in_effect,
    input::{Given, Input, Moment, Refusal, Step},
    judge::{Around, View},
    name::Name,
    plan::Plan,
    step::{
        Known as About, NotMoved, Past, Scene, correct, migrate, past_holds, seen_from_outside,
        start, step,
    },
    value::{SealedKey, Value},
};
use jiff::Timestamp;
use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Arc,
};

/// A case by name and what is done to it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Deed {
    pub(crate) case: CaseId,
    /// For a start.
    pub(crate) process: Option<Name>,
    pub(crate) given: Given,
}

/// A case with its whole history.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) case: Arc<Case>,
    pub(crate) ready: Ready,
    pub(crate) wake_at: Option<Timestamp>,
    pub(crate) history: Vec<Arc<Entry>>,
    keys: BTreeSet<String>,
    pub(crate) sealed: BTreeMap<SealedKey, Value>,
}

/// When the entries of a drain are recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pace {
    /// At the instant at which each was due.
    Timely,
    /// At the end of the drain, whenever they were due.
    Late,
}

/// All cases of one programme.
#[derive(Clone, Debug)]
pub(crate) struct World {
    programme: BTreeMap<Name, Ready>,
    pub(crate) cases: BTreeMap<CaseId, Known>,
    pub(crate) now: Timestamp,
    /// The plans that cases went by before.
    older: BTreeMap<Name, Ready>,
    /// How many wakes one instant may need before the test is told of a circle.
    woken_at_once: (Timestamp, u32),
}

/// The plans of a programme, which must have no errors.
pub(crate) fn programme(files: &[(&str, &str)]) -> BTreeMap<Name, Ready> {
    let sources: Vec<Arc<Source>> = files
        .iter()
        .map(|(path, text)| {
            Arc::new(Source {
                path: (*path).into(),
                text: (*text).to_owned(),
            })
        })
        .collect();
    let loaded = load(&sources);
    assert!(
        !loaded.has_errors(),
        "{}",
        render_all(&loaded.diagnostics, Colour::Off)
    );
    loaded.plans.into_iter().collect()
}

impl World {
    pub(crate) fn new(programme: &BTreeMap<Name, Ready>, now: Timestamp) -> Self {
        Self {
            programme: programme.clone(),
            cases: BTreeMap::new(),
            now,
            older: BTreeMap::new(),
            woken_at_once: (now, 0),
        }
    }

    /// Goes through all that is due until then, across cases, in the order of instants.
    pub(crate) fn go_to(&mut self, until: Timestamp, pace: Pace) {
        while let Some((at, id)) = self.next_due(until) {
            let recorded = if pace == Pace::Timely { at } else { until };
            self.wake(&id, Moment { at, recorded });
        }
        self.now = self.now.max(until);
    }

    /// Goes there in steps of this length, and wakes every case at each of them, whatever its `wake_at` says.
    pub(crate) fn go_to_by_force(&mut self, until: Timestamp, every: jiff::SignedDuration) {
        while self.now < until {
            let next = (self.now + every).min(until);
            // What its `wake_at` promises between two steps would be a promise that force cannot keep.
            self.now = next;
            for known in self.cases.values_mut() {
                if known.case.ended.is_none() {
                    known.wake_at = Some(next);
                }
            }
            self.go_to(next, Pace::Timely);
        }
    }

    fn next_due(&self, until: Timestamp) -> Option<(Timestamp, CaseId)> {
        let wakes = self
            .cases
            .iter()
            .filter_map(|(id, known)| Some((known.wake_at?, id.clone())));
        wakes.min().filter(|(at, _)| *at <= until)
    }

    fn wake(&mut self, id: &CaseId, moment: Moment) {
        if self.woken_at_once.0 != moment.at {
            self.woken_at_once = (moment.at, 0);
        }
        self.woken_at_once.1 += 1;
        assert!(
            self.woken_at_once.1 < 1000,
            "`{id}` wakes again and again at {}",
            moment.at
        );
        let woken = self.step_case(id, None, &Given::by_itself(Input::Wake), moment);
        assert!(woken.is_ok(), "a wake of `{id}` was refused: {woken:?}");
    }

    /// Takes an input in now, with all that it tells other cases, or refuses it and puts everything back. Says whether it was new.
    pub(crate) fn give(&mut self, deed: &Deed) -> Result<bool, Refusal> {
        let before = self.cases.clone();
        let now = self.now;
        let answer = self.try_to_give(deed);
        if answer.is_err() {
            self.cases = before;
        }
        // Those who read what has just changed see it before the next input.
        self.go_to(now, Pace::Timely);
        answer
    }

    fn try_to_give(&mut self, deed: &Deed) -> Result<bool, Refusal> {
        let Deed {
            case,
            process,
            given,
        } = deed;
        if self.has(case, given.key.as_ref()) {
            return Ok(false);
        }
        let moment = Moment {
            at: self.now,
            recorded: self.now,
        };
        let first = self.step_case(case, process.as_ref(), given, moment)?;
        let mut queue: VecDeque<_> = first
            .tells
            .into_iter()
            .map(|told| (case.clone(), told))
            .collect();
        while let Some((teller, told)) = queue.pop_front() {
            if self.has(&told.to, told.given.key.as_ref()) {
                continue;
            }
            let ended = self
                .cases
                .get(&told.to)
                .is_some_and(|known| known.case.ended.is_some());
            if let (
                true,
                Input::Report {
                    event,
                    from: Some(from),
                    ..
                },
            ) = (ended, &told.given.input)
            {
                let note = Given::by_itself(Input::NotTold {
                    event: event.clone(),
                    to: told.to.clone(),
                    cause: from.seq,
                    why: "it has ended".to_owned(),
                });
                self.step_case(&teller, None, &note, moment)?;
                continue;
            }
            let step = self.step_case(&told.to, None, &told.given, moment)?;
            queue.extend(step.tells.into_iter().map(|next| (told.to.clone(), next)));
        }
        Ok(true)
    }

    fn has(&self, id: &CaseId, key: Option<&String>) -> bool {
        let known = self.cases.get(id);
        key.is_some_and(|key| known.is_some_and(|known| known.keys.contains(key)))
    }

    fn step_case(
        &mut self,
        id: &CaseId,
        process: Option<&Name>,
        given: &Given,
        moment: Moment,
    ) -> Result<Step, Refusal> {
        let none = || Refusal {
            message: format!("there is no case `{id}`"),
            help: None,
        };
        if matches!(given.input, Input::Correct { .. } | Input::Void { .. }) {
            return self.correct_case(id, given, moment);
        }
        let known = self.cases.get(id);
        let ready = match known {
            Some(known) => known.ready.clone(),
            None => process
                .and_then(|process| self.programme.get(process))
                .cloned()
                .ok_or_else(none)?,
        };
        let scene = Scene {
            plan: ready.plan.clone(),
            around: Arc::new(self.around(&ready.plan, known, &given.input)),
            judge: &*ready.judge,
        };
        let stepped = match known {
            Some(known) => step(&scene, &known.case, given, moment)?,
            None => start(&scene, id, given, moment)?,
        };
        let known = self.cases.entry(id.clone()).or_insert_with(|| Known {
            case: stepped.case.clone(),
            ready,
            wake_at: None,
            history: Vec::new(),
            keys: BTreeSet::new(),
            sealed: BTreeMap::new(),
        });
        Self::keep(known, &stepped, given);
        let seen = |entry: &Entry| seen_from_outside(&entry.what);
        if stepped.entries.iter().any(seen) {
            self.wake_readers(id, moment.at);
        }
        Ok(stepped)
    }

    fn keep(known: &mut Known, stepped: &Step, given: &Given) {
        known.case = stepped.case.clone();
        known.wake_at = stepped.wake_at;
        known
            .history
            .extend(stepped.entries.iter().cloned().map(Arc::new));
        known.sealed.extend(stepped.sealed.iter().cloned());
        if stepped.input.is_some() {
            known.keys.extend(given.key.clone());
        }
    }

    /// Every plan that there is, and every plan that a case has gone by.
    fn readies(&self) -> BTreeMap<Name, Ready> {
        let all = self.programme.values();
        let all = all.chain(self.cases.values().map(|known| &known.ready));
        let by_id = all.map(|ready| (ready.plan.id.clone(), ready.clone()));
        by_id.chain(self.older.clone()).collect()
    }

    fn everybody(&self) -> BTreeMap<CaseId, (Arc<Plan>, Arc<Case>)> {
        let cases = self.cases.iter();
        cases
            .map(|(id, known)| (id.clone(), (known.ready.plan.clone(), known.case.clone())))
            .collect()
    }

    fn correct_case(
        &mut self,
        id: &CaseId,
        given: &Given,
        moment: Moment,
    ) -> Result<Step, Refusal> {
        let readies = self.readies();
        let everybody = self.everybody();
        let known = self.cases.get_mut(id).unwrap();
        let history: Vec<Entry> = known
            .history
            .iter()
            .map(|entry| (**entry).clone())
            .collect();
        let scenes: BTreeMap<Name, Scene<'_>> = readies
            .iter()
            .map(|(id, ready)| {
                let read = sealed_for_rules_in(&ready.plan, &history);
                let sealed = known.sealed.iter().filter(|(key, _)| read.contains(key));
                let around = Around {
                    cases: everybody.clone(),
                    sealed: sealed
                        .map(|(key, value)| (key.clone(), value.clone()))
                        .collect(),
                };
                let scene = Scene {
                    plan: ready.plan.clone(),
                    around: Arc::new(around),
                    judge: &*ready.judge,
                };
                (id.clone(), scene)
            })
            .collect();
        let past = Past {
            scenes: &scenes,
            history: &history,
            sealed: &known.sealed.clone(),
        };
        let stepped = correct(past, &known.case.clone(), given, moment)?;
        known.ready = readies[&stepped.case.plan].clone();
        Self::keep(known, &stepped, given);
        self.wake_readers(id, moment.at);
        Ok(stepped)
    }

    /// Lets an open case go over to another plan.
    pub(crate) fn migrate(&mut self, id: &CaseId, next: &Ready) -> Result<(), NotMoved> {
        let known = &self.cases[id];
        let given = Given::by_itself(Input::Migrate {
            because: "it was decided".to_owned(),
        });
        let moment = Moment {
            at: self.now,
            recorded: self.now,
        };
        let around = |plan: &Plan| Arc::new(self.around(plan, Some(known), &given.input));
        let scene = |ready: &'_ Ready| (ready.plan.clone(), around(&ready.plan));
        let (plan, around_old) = scene(&known.ready);
        let (next_plan, around_next) = scene(next);
        let old = Scene {
            plan,
            around: around_old,
            judge: &*known.ready.judge,
        };
        let new = Scene {
            plan: next_plan,
            around: around_next,
            judge: &*next.judge,
        };
        let history: Vec<Entry> = known
            .history
            .iter()
            .map(|entry| (**entry).clone())
            .collect();
        let holds = past_holds(in_effect(&history));
        let about = About {
            holds: &holds,
            sealed: &known.sealed,
        };
        let moved = migrate(&old, &new, &known.case, about, &given, moment)?;
        let known = self.cases.get_mut(id).unwrap();
        self.older
            .insert(known.ready.plan.id.clone(), known.ready.clone());
        known.ready = next.clone();
        Self::keep(known, &moved.step, &given);
        self.wake_readers(id, moment.at);
        let now = self.now;
        self.go_to(now, Pace::Timely);
        Ok(())
    }

    /// The entry that recorded the input of a key.
    pub(crate) fn entry_of(&self, id: &CaseId, before: u64, input: &Input) -> Option<u64> {
        let history = &self.cases[id].history;
        let new = history
            .iter()
            .filter(|entry| entry.seq > before && entry.cause.is_none());
        let mut told = new.filter(|entry| !matches!(entry.what, What::Started { .. }));
        told.find(|entry| input.may_have_recorded(&entry.what))
            .map(|entry| entry.seq)
    }

    /// What a rule of a case sees now.
    pub(crate) fn view(&self, id: &CaseId) -> View {
        let known = &self.cases[id];
        let plan = &known.ready.plan;
        View {
            plan: plan.clone(),
            case: known.case.clone(),
            around: Arc::new(self.around(plan, Some(known), &Input::Wake)),
            now: self.now,
        }
    }

    fn around(&self, plan: &Plan, known: Option<&Known>, input: &Input) -> Around {
        let mut ids = mentioned(plan, input);
        let mut sealed = BTreeMap::new();
        if let Some(known) = known {
            ids.extend(read_by(plan, &known.case));
            if !plan.reads_through.is_empty() {
                ids.extend(known.case.links.values().flatten().cloned());
            }
            let keys = sealed_for_rules(plan, &known.case);
            let values = known.sealed.iter().filter(|(key, _)| keys.contains(key));
            sealed.extend(values.map(|(key, value)| (key.clone(), value.clone())));
        }
        let cases = ids
            .into_iter()
            .filter_map(|id| {
                let other = self.cases.get(&id)?;
                Some((id, (other.ready.plan.clone(), other.case.clone())))
            })
            .collect();
        Around { cases, sealed }
    }

    fn wake_readers(&mut self, id: &CaseId, at: Timestamp) {
        for (reader, known) in &mut self.cases {
            let reads = known.ready.plan.reads_through.iter().any(|link| {
                let linked = known.case.links.get(link);
                linked.is_some_and(|cases| cases.contains(id))
            });
            let sleeps_longer = known.wake_at.is_none_or(|wake| wake > at);
            if reader != id && reads && sleeps_longer && known.case.ended.is_none() {
                known.wake_at = Some(at);
            }
        }
    }

    /// The histories of all cases.
    pub(crate) fn histories(&self) -> BTreeMap<CaseId, Vec<Arc<Entry>>> {
        let cases = self.cases.iter();
        cases
            .map(|(id, known)| (id.clone(), known.history.clone()))
            .collect()
    }
}
