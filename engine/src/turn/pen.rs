//! The pen: the transaction of a batch, and the write in it that may be under way while the next cases are stepped.

use crate::store::{AsOf, Change, StoreError, Tx};
use forloeb_core::name::Name;
use tokio::task::JoinHandle;

/// A transaction that writes beside the stepping. Whoever needs it waits for what is being written.
pub(super) struct Pen<T: Tx>(State<T>);

enum State<T> {
    At(T),
    Writing(JoinHandle<(T, Result<(), StoreError>)>),
    /// A write was broken off: the transaction is gone, and with it all that was written in it.
    Lost,
}

impl<T: Tx> Pen<T> {
    /// A pen for a transaction that has begun, and the instant and version at which it began.
    pub(super) async fn take_up(mut tx: T) -> Result<(Self, AsOf), StoreError> {
        let as_of = tx.as_of().await?;
        Ok((Self(State::At(tx)), as_of))
    }

    /// The transaction, once what is being written in it is written.
    ///
    /// # Errors
    /// When that failed; then the transaction must be given up.
    pub(super) async fn tx(&mut self) -> Result<&mut T, StoreError> {
        if let State::Writing(writing) = &mut self.0 {
            let written = writing.await;
            self.0 = State::Lost;
            match written {
                Ok((tx, outcome)) => {
                    self.0 = State::At(tx);
                    outcome?;
                }
                Err(broken) if broken.is_panic() => std::panic::resume_unwind(broken.into_panic()),
                Err(_) => {}
            }
        }
        match &mut self.0 {
            State::At(tx) => Ok(tx),
            State::Writing(_) | State::Lost => Err(broken_off()),
        }
    }

    /// Begins to write changes, after those before them.
    pub(super) async fn write(
        &mut self,
        tenant: Name,
        changes: Vec<Change>,
    ) -> Result<(), StoreError> {
        self.tx().await?;
        if let State::At(mut tx) = std::mem::replace(&mut self.0, State::Lost) {
            self.0 = State::Writing(tokio::spawn(async move {
                let outcome = tx.write(&tenant, &changes).await;
                (tx, outcome)
            }));
            // Stepping does not wait for anything, and a new task begins where its maker waits: let it begin.
            tokio::task::yield_now().await;
        }
        Ok(())
    }

    /// Ends the transaction with its last changes.
    pub(super) async fn commit(mut self, tenant: &str, last: &[Change]) -> Result<(), StoreError> {
        let tx = self.tx().await?;
        if !last.is_empty() {
            tx.write(tenant, last).await?;
        }
        match self.0 {
            State::At(tx) => tx.commit().await,
            State::Writing(_) | State::Lost => Err(broken_off()),
        }
    }

    pub(super) async fn rollback(mut self) -> Result<(), StoreError> {
        self.tx().await?;
        match self.0 {
            State::At(tx) => tx.rollback().await,
            State::Writing(_) | State::Lost => Err(broken_off()),
        }
    }
}

fn broken_off() -> StoreError {
    StoreError::BrokenOff
}
