//! Reading ahead: what will be woken next is read while other cases are stepped and written, by a connection that only reads.
//!
//! It reads cases that the batch has not in hand, and nobody else writes while it is under way. So they are as the batch finds them later,
//! unless it has taken them in hand since; and as the next batch finds them, unless that one learns that somebody has written since,
//! and keeps nothing (`kept`).

use crate::store::{CaseRow, Store};
use forloeb_core::{case::CaseId, name::Name};
use tokio::task::JoinHandle;

/// Cases that are being read.
#[derive(Default)]
pub(super) struct Ahead(Option<JoinHandle<Vec<CaseRow>>>);

impl Ahead {
    /// Begins to read cases.
    pub(super) fn begin<S: Store>(&mut self, store: &S, tenant: &Name, ids: Vec<CaseId>) {
        if ids.is_empty() {
            return;
        }
        let (store, tenant) = (store.clone(), tenant.clone());
        self.0 = Some(tokio::spawn(async move {
            // What could not be read ahead is read again by whoever needs it, and fails there.
            store.load(&tenant, &ids).await.unwrap_or_default()
        }));
    }

    /// What was read.
    pub(super) async fn read(&mut self) -> Vec<CaseRow> {
        match self.0.take() {
            Some(reading) => reading.await.unwrap_or_default(),
            None => Vec::new(),
        }
    }
}
