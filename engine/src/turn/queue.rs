//! The queue in front of the loop: callers that come while a transaction is under way share the next one, and its commit.
//!
//! There is no task of its own: of those who wait, the first to get the turn takes everybody's requests in.

use super::{Accepted, Engine, Request, TurnError};
use crate::store::{Store, StoreError};
use forloeb_core::input::Refusal;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{OwnedMutexGuard, oneshot};

/// What each of a caller's requests came to, or why none of them was looked at.
pub(super) type Answers = Result<Vec<Result<Accepted, Refusal>>, TurnError>;

/// A caller who waits.
#[derive(Debug)]
struct Caller {
    requests: Vec<Request>,
    answer: oneshot::Sender<Answers>,
}

/// The callers who wait, in the order in which they came, and the right to take their requests in.
#[derive(Debug, Default)]
pub(super) struct Queue {
    callers: Mutex<Vec<Caller>>,
    turn: Arc<tokio::sync::Mutex<()>>,
}

impl Queue {
    /// The first callers, up to a full transaction. Of those who went away while they waited nothing is taken in.
    fn next(&self, fits: usize) -> Vec<Caller> {
        let mut callers = self.callers.lock().unwrap_or_else(PoisonError::into_inner);
        callers.retain(|caller| !caller.answer.is_closed());
        let mut requests = 0;
        let full = callers.iter().position(|caller| {
            requests += caller.requests.len();
            requests >= fits
        });
        let most = full.map_or(callers.len(), |last| last + 1);
        let rest = callers.split_off(most);
        std::mem::replace(&mut callers, rest)
    }

    fn join(&self, caller: Caller) {
        let mut callers = self.callers.lock().unwrap_or_else(PoisonError::into_inner);
        callers.push(caller);
    }
}

impl<S: Store> Engine<S> {
    /// Waits in the queue until the requests are taken in, durably.
    pub(super) async fn wait_in_queue(&self, requests: Vec<Request>) -> Answers {
        let (answer, mut answered) = oneshot::channel();
        self.queue.join(Caller { requests, answer });
        loop {
            tokio::select! {
                biased;
                answer = &mut answered => {
                    return answer.unwrap_or_else(|_| Err(StoreError::BrokenOff.into()));
                }
                // A task of its own: it goes on for the others when this caller does not wait any longer.
                turn = self.queue.turn.clone().lock_owned() => {
                    tokio::spawn(self.clone().serve(turn));
                }
            }
        }
    }

    /// Takes in what the first in the queue ask, in one transaction, and answers them.
    async fn serve(self, turn: OwnedMutexGuard<()>) {
        let callers = self.queue.next(self.fits());
        let (requests, waiting): (Vec<_>, Vec<_>) = callers
            .into_iter()
            .map(|caller| (caller.requests, caller.answer))
            .unzip();
        if let [_] = *waiting {
            let answers = self.take_in(requests.into_iter().flatten().collect()).await;
            answer(waiting, [answers]);
        } else {
            match self
                .take_in(requests.iter().flatten().cloned().collect())
                .await
            {
                Ok(all) => {
                    let mut all = all.into_iter();
                    let each = requests
                        .iter()
                        .map(|asked| Ok(all.by_ref().take(asked.len()).collect()));
                    answer(waiting, each);
                }
                // It would go wrong again for each of them; and whether it was committed may not be known.
                Err(TurnError::Store(
                    error @ (StoreError::Environment(_) | StoreError::BrokenOff),
                )) => {
                    let each = std::iter::repeat_with(|| Err(error.clone().into()));
                    answer(waiting, each);
                }
                // What goes wrong with one must not reach the others.
                Err(_) => {
                    for (requests, caller) in requests.into_iter().zip(waiting) {
                        let answers = self.take_in(requests).await;
                        answer([caller], [answers]);
                    }
                }
            }
        }
        drop(turn);
    }
}

/// Answers callers. One who does not wait any longer needs no answer.
fn answer(
    callers: impl IntoIterator<Item = oneshot::Sender<Answers>>,
    answers: impl IntoIterator<Item = Answers>,
) {
    for (caller, answers) in callers.into_iter().zip(answers) {
        let _gone = caller.send(answers);
    }
}
