//! The store in an SQLite file: one connection that writes, some that read beside it, one that listens for changes.

mod audit;
mod failure;
mod forward;
mod lists;
mod open;
mod read;
mod rows;
pub mod statements;
mod tx;
mod write;

pub use open::Open;
pub use tx::SqliteTx;
pub use write::Draft;

use super::{
    Audited, CaseFilter, CaseRow, Clock, Counts, DeadlineFilter, DeadlineLine, FindingFilter,
    FindingLine, PlanSources, ReadLog, Reader, Result, SealedAt, Store, TaskFilter, TaskLine, Tx,
};
use forloeb_core::{case::CaseId, entry::Entry, name::Name, value::Value};
use jiff::Timestamp;
use sqlx::{
    ConnectOptions, Connection, SqliteConnection, SqlitePool,
    pool::PoolConnection,
    sqlite::{Sqlite, SqlitePoolOptions},
};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};
use tokio::sync::Mutex;

/// Connections that read at a time.
const READERS: u32 = 4;

/// A database in an SQLite file.
#[derive(Clone, Debug)]
pub struct SqliteStore {
    path: Arc<PathBuf>,
    writer: SqlitePool,
    /// How many connections have been made to write.
    writers: Arc<AtomicU64>,
    /// How often it has committed.
    commits: Arc<AtomicU64>,
    readers: SqlitePool,
    listener: Arc<Mutex<SqliteConnection>>,
}

impl SqliteStore {
    /// Opens the database at an address: a path, or `sqlite:` and a path. Brings an older one up to date.
    pub async fn open(url: &str, how: Open) -> Result<Self> {
        let path = open::path_of(url)?;
        open::prepare(&path, how).await?;
        let pool = || {
            SqlitePoolOptions::new()
                .acquire_timeout(open::BUSY_TIMEOUT)
                .test_before_acquire(false)
                .idle_timeout(None)
                .max_lifetime(None)
        };
        let writers = Arc::new(AtomicU64::new(0));
        let made = writers.clone();
        let writer = pool()
            .max_connections(1)
            .after_connect(move |_, _| {
                made.fetch_add(1, Ordering::SeqCst);
                Box::pin(async { Ok(()) })
            })
            // After some failures (a full disk) SQLite has ended the transaction by itself, and sqlx still counts it as begun:
            // such a connection could never begin another one.
            .after_release(|connection, _| {
                Box::pin(async move {
                    connection.ping().await?;
                    Ok(!connection.is_in_transaction())
                })
            })
            .connect_with(open::writer(&path))
            .await?;
        Ok(Self {
            readers: pool()
                .max_connections(READERS)
                .connect_lazy_with(open::reader(&path)),
            listener: Arc::new(Mutex::new(open::reader(&path).connect().await?)),
            path: Arc::new(path),
            writer,
            writers,
            commits: Arc::default(),
        })
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Closes every connection once what is under way has ended, and folds the log into the file.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    async fn reader(&self) -> Result<PoolConnection<Sqlite>> {
        Ok(self.readers.acquire().await?)
    }
}

impl Store for SqliteStore {
    type Tx = SqliteTx;

    async fn begin(&self) -> Result<SqliteTx> {
        // Immediate: a transaction that reads first and writes later could not become a writer when another one has written in between.
        let begun = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        // There is one at a time: this one is the newest.
        let connection_number = self.writers.load(Ordering::SeqCst);
        Ok(SqliteTx::new(
            begun,
            connection_number,
            self.commits.clone(),
        ))
    }

    async fn load(&self, tenant: &str, ids: &[CaseId]) -> Result<Vec<CaseRow>> {
        let mut reader = self.reader().await?;
        read::load(&mut reader, statements::LOAD, tenant, ids).await
    }

    async fn history(&self, tenant: &str, id: &str, after: u64, limit: u32) -> Result<Vec<Entry>> {
        let until = after.saturating_add(limit.into());
        read::history(&mut *self.reader().await?, tenant, id, after, until).await
    }

    async fn cases(&self, tenant: &str, filter: &CaseFilter) -> Result<Vec<CaseRow>> {
        lists::cases(&mut *self.reader().await?, tenant, filter).await
    }

    async fn tasks(&self, tenant: &str, filter: &TaskFilter) -> Result<Vec<TaskLine>> {
        lists::tasks(&mut *self.reader().await?, tenant, filter).await
    }

    async fn deadlines(&self, tenant: &str, filter: &DeadlineFilter) -> Result<Vec<DeadlineLine>> {
        lists::deadlines(&mut *self.reader().await?, tenant, filter).await
    }

    async fn findings(&self, tenant: &str, filter: &FindingFilter) -> Result<Vec<FindingLine>> {
        lists::findings(&mut *self.reader().await?, tenant, filter).await
    }

    async fn readers(&self, tenant: &str, targets: &[CaseId]) -> Result<Vec<Reader>> {
        read::readers(&mut *self.reader().await?, tenant, targets).await
    }

    async fn sealed(&self, tenant: &str, keys: &[SealedAt]) -> Result<BTreeMap<SealedAt, Value>> {
        read::sealed(&mut *self.reader().await?, tenant, keys).await
    }

    async fn names(&self, tenant: &str, people: &[Name]) -> Result<BTreeMap<Name, String>> {
        read::names(&mut *self.reader().await?, tenant, people).await
    }

    async fn plan(&self, tenant: &str, id: &str) -> Result<Option<PlanSources>> {
        read::plan(&mut *self.reader().await?, tenant, id).await
    }

    async fn plans(&self, tenant: &str) -> Result<Vec<(Name, Name)>> {
        let plans: Vec<(String, String)> = sqlx::query_as(statements::PLANS)
            .bind(tenant)
            .fetch_all(&mut *self.reader().await?)
            .await?;
        let each = plans.into_iter();
        Ok(each
            .map(|(id, process)| (id.into(), process.into()))
            .collect())
    }

    async fn active(&self, tenant: &str) -> Result<BTreeMap<Name, Name>> {
        read::active(&mut *self.reader().await?, tenant).await
    }

    async fn tenants(&self) -> Result<Vec<Name>> {
        let tenants: Vec<String> = sqlx::query_scalar(statements::TENANTS)
            .fetch_all(&mut *self.reader().await?)
            .await?;
        Ok(tenants.into_iter().map(Name::from).collect())
    }

    async fn clock(&self) -> Result<Clock> {
        read::clock(&mut *self.reader().await?).await
    }

    async fn next_wake(&self, tenant: &str) -> Result<Option<Timestamp>> {
        read::next_wake(&mut *self.reader().await?, tenant).await
    }

    async fn changes(&self) -> Result<i64> {
        let mut listener = self.listener.lock().await;
        // Counts the commits of every other connection, in any process, as this one sees them.
        Ok(sqlx::query_scalar("PRAGMA data_version")
            .fetch_one(&mut *listener)
            .await?)
    }

    async fn log_read(&self, tenant: &str, read: &ReadLog) -> Result<()> {
        let mut tx = self.begin().await?;
        tx.log_read(tenant, read).await?;
        tx.commit().await
    }

    async fn reads(&self, tenant: &str, id: &str) -> Result<Vec<ReadLog>> {
        read::reads(&mut *self.reader().await?, tenant, id).await
    }

    async fn counts(&self, tenant: &str) -> Result<Counts> {
        lists::counts(&mut *self.reader().await?, tenant).await
    }

    async fn integrity(&self) -> Result<Vec<String>> {
        audit::integrity(&mut *self.reader().await?).await
    }

    async fn audit(
        &self,
        tenant: &str,
        after: Option<&CaseId>,
        limit: u32,
    ) -> Result<Vec<Audited>> {
        // A reading transaction: every statement in it sees the database at the same instant.
        let mut snapshot = self.readers.begin().await?;
        let after = after.map_or("", |id| id.as_str());
        let page = audit::audit(&mut snapshot, tenant, after, limit).await?;
        snapshot.rollback().await?;
        Ok(page)
    }
}
