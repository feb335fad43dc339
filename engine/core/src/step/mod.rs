//! The one step: `step(scene, case, given, moment)` is all that ever happens to a case.
//!
//! It owns the order of a step (record the input; settle until nothing changes; compare findings; compute `wake_at`). It has no clock,
//! no randomness and no IO: the daemon, the tests and every later reader of "what would happen" call this one function.

mod correct;
mod deadlines;
mod due;
mod findings;
mod finish;
mod fits;
mod inputs;
mod leave;
mod links;
mod migrate;
mod recurring;
mod redo;
mod report;
mod retell;
mod settle;
mod tasks;

pub use correct::{Past, correct};
pub use due::{next_occurrence, rung_instant, rung_of, rungs_ahead};
pub use fits::Unfit;
pub use migrate::{Known, Moved, NotMoved, migrate, past_holds};

use crate::condition::Condition;
use crate::{
    case::{Case, CaseId},
    entry::{Entry, What},
    fold,
    ground::Ground,
    holds::{Asker, Held, Since},
    horizon::Horizon,
    input::{Given, Input, Moment, Refusal, Step, Told},
    judge::{Around, Fault, Judge, View},
    name::Name,
    plan::Plan,
    value::{SealedKey, Value},
};
use jiff::{Timestamp, civil::Date};
use std::{cell::Cell, collections::BTreeSet, sync::Arc};

/// What a step may look at beside the case itself.
#[derive(Clone, Debug)]
pub struct Scene<'a> {
    /// The plan that the case is pinned to.
    pub plan: Arc<Plan>,
    /// Linked and mentioned cases, and confidential values.
    pub around: Arc<Around>,
    /// Who evaluates rules.
    pub judge: &'a dyn Judge,
}

/// Starts a case.
///
/// # Errors
/// A refusal when a fact is unknown or its value does not fit.
pub fn start(
    scene: &Scene<'_>,
    id: &CaseId,
    given: &Given,
    moment: Moment,
) -> Result<Step, Refusal> {
    let Input::Start { facts } = &given.input else {
        return Err(Refusal {
            message: format!("there is no case `{id}`"),
            help: Some(format!("start it: forloeb case start PROCESS --id {id}")),
        });
    };
    let first = Entry {
        seq: 1,
        at: moment.at,
        recorded: moment.recorded.max(moment.at),
        cause: None,
        ground: None,
        by: given.by.clone(),
        on_behalf_of: given.on_behalf_of.clone(),
        again: None,
        what: What::Started {
            process: scene.plan.process.clone(),
            plan: scene.plan.id.clone(),
        },
    };
    let Some(case) = fold::born(id, &first) else {
        return Err(Refusal {
            message: "a start did not start".to_owned(),
            help: None,
        });
    };
    let mut stepper = Stepper::new(scene, &Arc::new(case), moment);
    stepper.entries.push(first);
    stepper.trigger = Some(1);
    inputs::refuse_key(given)?;
    stepper.begin(given, facts)?;
    stepper.settle();
    Ok(stepper.answer())
}

/// Steps a case: catches up with all that became due until then, takes the input in, and settles.
///
/// # Errors
/// A refusal when the input does not fit; nothing has changed then.
pub fn step(
    scene: &Scene<'_>,
    case: &Arc<Case>,
    given: &Given,
    moment: Moment,
) -> Result<Step, Refusal> {
    let mut stepper = Stepper::new(scene, case, moment);
    stepper.catch_up(moment.at.max(case.now));
    if stepper.ended() && given.input == Input::Wake {
        return Ok(stepper.answer());
    }
    stepper.take_in(given)?;
    stepper.settle();
    Ok(stepper.answer())
}

/// The working state of one step.
struct Stepper<'a> {
    scene: &'a Scene<'a>,
    /// The case as it was before the first of the entries.
    before: Arc<Case>,
    /// The case as it is by now, at the instant that is gone through by now.
    view: View,
    moment: Moment,
    /// The entry of the input; none while catching up and for a wake.
    trigger: Option<u64>,
    entries: Vec<Entry>,
    tells: Vec<Told>,
    sealed: Vec<(SealedKey, Value)>,
    /// The earliest instant at which a condition or a rule may answer otherwise, as of the last settling.
    horizon: Horizon,
    /// The rules that failed in the last settling.
    faults: Vec<(Name, Fault)>,
    /// The instant at which the case was settled last in this step.
    settled_at: Option<Timestamp>,
    /// What becomes due next by itself, as it was after an entry.
    due: Cell<Option<(u64, Option<Timestamp>)>>,
    /// The case is going over to another plan: what is found now is found because of that.
    migrating: bool,
    /// The entry that is recorded anew.
    again: Option<u64>,
    /// While what was taken in before is recorded anew: the occurrences of recurring work that were missed then. Nobody is told
    /// anything.
    missed: Option<BTreeSet<(Name, Timestamp)>>,
}

impl<'a> Stepper<'a> {
    fn new(scene: &'a Scene<'a>, case: &Arc<Case>, moment: Moment) -> Self {
        let view = View {
            plan: scene.plan.clone(),
            case: case.clone(),
            around: scene.around.clone(),
            now: moment.at.max(case.now),
        };
        Self {
            scene,
            before: case.clone(),
            view,
            moment,
            trigger: None,
            entries: Vec::new(),
            tells: Vec::new(),
            sealed: Vec::new(),
            horizon: Horizon::default(),
            faults: Vec::new(),
            settled_at: None,
            due: Cell::new(None),
            migrating: false,
            again: None,
            missed: None,
        }
    }

    fn plan(&self) -> &'a Plan {
        &self.scene.plan
    }

    fn case(&self) -> &Case {
        &self.view.case
    }

    fn now(&self) -> Timestamp {
        self.view.now
    }

    fn day(&self, at: Timestamp) -> Date {
        self.plan().calendar.zone().date(at)
    }

    fn ended(&self) -> bool {
        self.case().ended.is_some()
    }

    /// Writes an entry and applies it. Returns its number.
    fn record(&mut self, what: What, cause: Option<u64>, ground: Option<&Ground>) -> u64 {
        self.write(Entry {
            seq: self.case().seq + 1,
            at: self.now(),
            recorded: self.moment.recorded.max(self.now()),
            cause,
            ground: ground.cloned(),
            by: None,
            on_behalf_of: None,
            again: None,
            what,
        })
    }

    /// Writes the entry of an input, with who gave it.
    fn record_input(&mut self, given: &Given, what: What, ground: Option<&Ground>) -> u64 {
        let seq = self.write(Entry {
            seq: self.case().seq + 1,
            at: self.now(),
            recorded: self.moment.recorded.max(self.now()),
            cause: None,
            ground: ground.cloned(),
            by: given.by.clone(),
            on_behalf_of: given.on_behalf_of.clone(),
            again: self.again,
            what,
        });
        self.trigger = Some(seq);
        seq
    }

    fn write(&mut self, entry: Entry) -> u64 {
        let seq = entry.seq;
        fold::apply(Arc::make_mut(&mut self.view.case), &entry);
        self.entries.push(entry);
        seq
    }

    /// Takes all entries but the first ones back.
    fn take_back(&mut self, all_but: usize) {
        self.entries.truncate(all_but);
        let mut case = (*self.before).clone();
        for entry in &self.entries {
            fold::apply(&mut case, entry);
        }
        self.view.case = Arc::new(case);
    }

    /// Asks a condition, noting its horizon and the rules that fail on the way.
    fn ask(&mut self, condition: &Condition, since: Since<'_>) -> Held {
        let asker = Asker::new(&self.view, self.scene.judge);
        let held = asker.holds(condition, since);
        self.horizon.note(asker.until());
        let faults = asker.faults.take();
        self.faults.extend(faults);
        held
    }

    /// The cause of what follows from the present state: the input, or else the newest entry of this step.
    fn cause(&self) -> Option<u64> {
        self.trigger
            .or_else(|| self.entries.last().map(|entry| entry.seq))
    }

    /// Goes through all that becomes due until then, each at its own instant.
    fn catch_up(&mut self, until: Timestamp) {
        while let Some(next) = self.next_wake().filter(|next| *next <= until) {
            let next = next.max(self.case().now);
            if self.ended() || self.settled_at == Some(next) {
                break;
            }
            self.view.now = next;
            self.settle();
        }
        self.view.now = until;
    }

    fn answer(self) -> Step {
        let wake_at = self.next_wake();
        Step {
            wake_at,
            case: self.view.case,
            entries: self.entries,
            tells: self.tells,
            sealed: self.sealed,
            input: self.trigger,
        }
    }

    /// The earliest instant at which something about the case can change by itself.
    fn next_wake(&self) -> Option<Timestamp> {
        if self.ended() {
            return None;
        }
        let seq = self.case().seq;
        let due = match self.due.get() {
            Some((at, due)) if at == seq => due,
            _ => due::next_due(self.plan(), self.case()),
        };
        self.due.set(Some((seq, due)));
        let mut earliest = Horizon(due);
        // A horizon that is not ahead would wake the case again and again at one instant.
        earliest.note(self.horizon.0.filter(|horizon| *horizon > self.now()));
        earliest.0
    }
}

/// Whether a linked case can see what the entry changed.
#[must_use]
pub fn seen_from_outside(what: &What) -> bool {
    matches!(
        what,
        What::Started { .. }
            | What::Reported { .. }
            | What::FactSet { .. }
            | What::FactCleared { .. }
            | What::Linked { .. }
            | What::Unlinked { .. }
            | What::StageEntered { .. }
            | What::Held { .. }
            | What::Resumed
            | What::Migrated { .. }
            | What::Corrected { .. }
            | What::Ended { .. }
    )
}
