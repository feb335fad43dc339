//! Where a store of the suite lies, and the side door through which a test does what no store allows.

use forloeb::store::{
    Clock, PlanSources, Store, Tx,
    sqlite::{Open, SqliteStore},
};
use jiff::Timestamp;
use sqlx::{AssertSqlSafe, Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use std::{collections::BTreeMap, path::PathBuf};

/// A fresh database for one test.
pub(crate) trait Place: Sized + Send + Sync {
    type Store: Store;
    async fn make(clock: Clock) -> Self;
    /// Another handle, as another process has it.
    async fn open(&self) -> Self::Store;
    /// Runs a statement past the store; the database's answer when it refuses.
    async fn sql(&self, statement: &str) -> Result<u64, String>;
}

pub(crate) struct SqlitePlace {
    folder: tempfile::TempDir,
}

impl SqlitePlace {
    pub(crate) fn file(&self) -> PathBuf {
        self.folder.path().join("test.db")
    }

    pub(crate) fn url(&self) -> String {
        format!("sqlite:{}", self.file().display())
    }

    pub(crate) async fn connection(&self) -> SqliteConnection {
        let options = SqliteConnectOptions::new().filename(self.file());
        SqliteConnection::connect_with(&options).await.unwrap()
    }
}

impl Place for SqlitePlace {
    type Store = SqliteStore;

    async fn make(clock: Clock) -> Self {
        let place = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        let store = SqliteStore::open(&place.url(), Open::Create { clock })
            .await
            .unwrap();
        store.close().await;
        place
    }

    async fn open(&self) -> SqliteStore {
        SqliteStore::open(&self.url(), Open::Existing)
            .await
            .unwrap()
    }

    async fn sql(&self, statement: &str) -> Result<u64, String> {
        sqlx::query(AssertSqlSafe(statement.to_string()))
            .execute(&mut self.connection().await)
            .await
            .map(|done| done.rows_affected())
            .map_err(|error| error.to_string())
    }
}

/// The tenant of a test that needs only one.
pub(crate) const TENANT: &str = "roskilde";

pub(crate) fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A whole number of minutes after the beginning of the tests' time.
pub(crate) fn minute(count: i64) -> Timestamp {
    instant("2026-03-02T08:00:00Z") + jiff::SignedDuration::from_mins(count)
}

pub(crate) fn plan_sources(id: &str, process: &str) -> PlanSources {
    let text = "process: nextwork  # æøå \"quoted\"".to_string();
    PlanSources {
        id: id.into(),
        process: process.into(),
        sources: BTreeMap::from([("processes/nextwork.yaml".into(), text)]),
    }
}

/// A fresh place with a handle, and the plans that stories are pinned to, for these tenants.
pub(crate) async fn furnished<P: Place>(tenants: &[&str]) -> (P, P::Store) {
    let place = P::make(Clock::Virtual(minute(0))).await;
    let store = place.open().await;
    let mut tx = store.begin().await.unwrap();
    for tenant in tenants {
        for process in ["nextwork", "company"] {
            let plan = plan_sources(&format!("{process}-1"), process);
            tx.put_plan(tenant, &plan).await.unwrap();
            tx.activate(tenant, process, &plan.id, minute(0))
                .await
                .unwrap();
        }
    }
    tx.commit().await.unwrap();
    (place, store)
}
