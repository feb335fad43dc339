//! Reading ahead: what the next batch will wake is read while this one is stepped and written, by a connection that only reads.
//!
//! It reads cases that this batch has not in hand, and nobody else writes while it is under way: so they are as the next batch finds
//! them, or that one learns that somebody has written since, and keeps nothing (`kept`).

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
    pub(super) async fn read(self) -> Vec<CaseRow> {
        match self.0 {
            Some(reading) => reading.await.unwrap_or_default(),
            None => Vec::new(),
        }
    }
}
