//! What one evaluation gathers: the steps it takes, the earliest horizon, what it finds. One script engine has one
//! session, begun anew for each evaluation; the functions that a rule calls reach it through an `Arc`.

use super::{
    limits::{self, Limits},
    seen::{Failure, Seen},
};
use forloeb_core::{
    horizon::Horizon,
    judge::{Answer, View},
    question::Asked,
};
use jiff::Timestamp;
use rhai::{Dynamic, EvalAltResult, Position};
use rustix::time::{ClockId, clock_gettime};
use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// How many steps pass between two looks at the clock.
const STEPS_PER_LOOK: u64 = 32;

/// What one evaluation gathers.
#[derive(Debug)]
pub(super) struct Session {
    steps: AtomicU64,
    newest: AtomicU64,
    limits: Limits,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    own: Option<Arc<Seen>>,
    /// When its thread's own time begins to be looked at.
    look_at: Option<Instant>,
    /// The thread's own time at which it ends, from then on.
    stop_at: Option<Duration>,
    horizon: Horizon,
    answer: Answer,
}

impl Session {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            steps: AtomicU64::new(0),
            newest: AtomicU64::new(0),
            limits,
            state: Mutex::default(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A poisoned session belongs to an engine that is thrown away; nothing in it can be half-written.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins an evaluation for the case itself.
    pub(super) fn begin(&self, own: Arc<Seen>) {
        self.steps.store(0, Ordering::Relaxed);
        self.newest.store(0, Ordering::Relaxed);
        *self.state() = State {
            own: Some(own),
            look_at: self.limits.wall.map(|wall| Instant::now() + wall),
            ..State::default()
        };
    }

    /// Ends it: what was answered, and until when that holds.
    pub(super) fn end(&self) -> (Answer, Option<Timestamp>) {
        let state = std::mem::take(&mut *self.state());
        (state.answer, state.horizon.0)
    }

    /// How many steps it has taken.
    pub(super) fn steps(&self) -> u64 {
        self.steps.load(Ordering::Relaxed)
    }

    /// Counts steps; what ends the script when they are too many or take too long.
    pub(super) fn step(&self, count: u64) -> Option<Dynamic> {
        let before = self.steps.fetch_add(count, Ordering::Relaxed);
        let after = before + count;
        if after > self.limits.steps {
            return Some("it takes too many steps; does a loop never end?".into());
        }
        if before / STEPS_PER_LOOK != after / STEPS_PER_LOOK && self.takes_too_long() {
            return Some("it takes too long".into());
        }
        None
    }

    fn takes_too_long(&self) -> bool {
        let mut state = self.state();
        if state.look_at.is_none_or(|at| Instant::now() <= at) {
            return false;
        }
        let used = own_time();
        let stop_at = *state.stop_at.get_or_insert(used + self.limits.processor);
        used > stop_at
    }

    /// Counts the steps that a question costs by itself.
    pub(super) fn charge(&self, count: usize) -> Result<(), Failure> {
        match self.step(u64::try_from(count).unwrap_or(u64::MAX / 2)) {
            Some(why) => Err(EvalAltResult::ErrorTerminated(why, Position::NONE).into()),
            None => Ok(()),
        }
    }

    /// Takes an answer and remembers until when it holds.
    pub(super) fn note<T>(&self, asked: Asked<T>) -> T {
        if asked.horizon.is_some() {
            self.state().horizon.note(asked.horizon);
        }
        asked.answer
    }

    /// Remembers that an entry of the case itself was looked at.
    pub(super) fn looked(&self, seen: &Seen, entry: u64) {
        if !seen.linked {
            self.newest.fetch_max(entry, Ordering::Relaxed);
        }
    }

    /// The newest entry of the case itself that was looked at.
    pub(super) fn newest(&self) -> Option<u64> {
        Some(self.newest.load(Ordering::Relaxed)).filter(|entry| *entry > 0)
    }

    /// Whether the rule may be shown confidential values.
    pub(super) fn reads_confidential(&self) -> bool {
        self.state()
            .own
            .as_ref()
            .is_some_and(|own| !own.reads.is_empty())
    }

    /// The view of the case itself: its plan, its calendar and the instant for which the answer is asked.
    pub(super) fn view(&self) -> Result<View, Failure> {
        let state = self.state();
        let own = state.own.as_ref().ok_or("no case is being looked at")?;
        Ok(own.view.clone())
    }

    /// Adds to the answer, which has a size that people can act on.
    pub(super) fn answer(&self, add: impl FnOnce(&mut Answer)) -> Result<(), Failure> {
        let mut state = self.state();
        add(&mut state.answer);
        if state.answer.found.len() + state.answer.raise.len() > limits::FOUND {
            return Err(format!("it finds more than {} things at once", limits::FOUND).into());
        }
        Ok(())
    }
}

/// How long the present thread has had the processor. A look at it costs more than one at the wall.
fn own_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    let seconds = u64::try_from(time.tv_sec).unwrap_or_default();
    let nanoseconds = u32::try_from(time.tv_nsec).unwrap_or_default();
    Duration::new(seconds, nanoseconds)
}
