//! The pen: the transaction of a batch, and the writes in it that are under way while the next cases are stepped.

use crate::store::{AsOf, Change, StoreError, Tx};
use forloeb_core::name::Name;
use std::sync::Arc;
use tokio::{sync::Semaphore, task::JoinHandle};

/// How many writes may be under way: while the database takes one, the next is made ready.
const UNDER_WAY: usize = 2;

/// A transaction that writes beside the stepping. Whoever needs it waits for what is being written.
pub(super) struct Pen<T: Tx> {
    state: State<T>,
    room: Arc<Semaphore>,
}

enum State<T> {
    At(T),
    Writing(JoinHandle<(State<T>, Result<(), StoreError>)>),
    /// A write was broken off or failed: the transaction is given up, and with it all that was written in it.
    Lost,
}

impl<T: Tx> State<T> {
    /// The transaction, once what is being written in it is written, and what came of that.
    async fn settled(self) -> (Self, Result<(), StoreError>) {
        let Self::Writing(writing) = self else {
            return (self, Ok(()));
        };
        match writing.await {
            Ok(settled) => settled,
            Err(broken) if broken.is_panic() => std::panic::resume_unwind(broken.into_panic()),
            Err(_) => (Self::Lost, Err(StoreError::BrokenOff)),
        }
    }
}

impl<T: Tx> Pen<T> {
    /// A pen for a transaction that has begun, and the instant and version at which it began.
    pub(super) async fn take_up(mut tx: T) -> Result<(Self, AsOf), StoreError> {
        let as_of = tx.as_of().await?;
        let pen = Self {
            state: State::At(tx),
            room: Arc::new(Semaphore::new(UNDER_WAY)),
        };
        Ok((pen, as_of))
    }

    /// The transaction, once what is being written in it is written.
    ///
    /// # Errors
    /// When that failed; then the transaction must be given up.
    pub(super) async fn tx(&mut self) -> Result<&mut T, StoreError> {
        let (settled, outcome) = self.take().settled().await;
        outcome?;
        self.state = settled;
        match &mut self.state {
            State::At(tx) => Ok(tx),
            State::Writing(_) | State::Lost => Err(StoreError::BrokenOff),
        }
    }

    fn take(&mut self) -> State<T> {
        std::mem::replace(&mut self.state, State::Lost)
    }

    /// Begins to write changes, after those before them. What fails is told to whoever needs the transaction next.
    pub(super) async fn write(&mut self, tenant: Name, changes: Vec<Change>) {
        // It is never closed.
        let room = self.room.clone().acquire_owned().await.ok();
        let before = self.take();
        self.state = State::Writing(tokio::spawn(async move {
            let draft = T::draft(&tenant, &changes);
            drop(changes);
            let (mut state, mut outcome) = before.settled().await;
            if let (State::At(tx), Ok(())) = (&mut state, &outcome) {
                outcome = match draft {
                    Ok(draft) => tx.put(draft).await,
                    Err(error) => Err(error),
                };
            }
            drop(room);
            (state, outcome)
        }));
        // Stepping does not wait for anything, and a new task begins where its maker waits: let it begin.
        tokio::task::yield_now().await;
    }

    /// Ends the transaction with its last changes.
    pub(super) async fn commit(mut self, tenant: &str, last: &[Change]) -> Result<(), StoreError> {
        if !last.is_empty() {
            let draft = T::draft(tenant, last);
            self.tx().await?.put(draft?).await?;
        }
        self.tx().await?;
        match self.state {
            State::At(tx) => tx.commit().await,
            State::Writing(_) | State::Lost => Err(StoreError::BrokenOff),
        }
    }

    pub(super) async fn rollback(mut self) -> Result<(), StoreError> {
        self.tx().await?;
        match self.state {
            State::At(tx) => tx.rollback().await,
            State::Writing(_) | State::Lost => Err(StoreError::BrokenOff),
        }
    }
}
