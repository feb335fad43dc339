//! The write transaction of the SQLite store.

use super::{
    super::{
        AsOf, CaseRow, Change, Clock, PlanSources, ReadLog, Reader, Recorded, Result, SealedAt,
        StoreError, Tx, Version, VersionFilter,
        entries::{micros, to_json},
    },
    read, statements,
    write::{self, Draft},
};
use forloeb_core::{case::CaseId, entry::Entry, name::Name, value::Value};
use jiff::Timestamp;
use sqlx::{SqliteConnection, Transaction, sqlite::Sqlite};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// A write transaction on an SQLite file. Dropped, it leaves nothing behind.
#[derive(Debug)]
pub struct SqliteTx {
    begun: Transaction<'static, Sqlite>,
    connection_number: u64,
    commits: Arc<AtomicU64>,
}

impl SqliteTx {
    pub(super) fn new(
        begun: Transaction<'static, Sqlite>,
        connection_number: u64,
        commits: Arc<AtomicU64>,
    ) -> Self {
        Self {
            begun,
            connection_number,
            commits,
        }
    }

    /// The bare connection, for tests that look at its settings or make it fail.
    #[doc(hidden)]
    pub fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.begun
    }

    pub(super) async fn log_read(&mut self, tenant: &str, read: &ReadLog) -> Result<()> {
        let person = match &read.by.person {
            None => None,
            Some(id) => Some(id.parse::<i64>().map_err(|_| {
                StoreError::Constraint(format!("`{id}` is not the number of a person"))
            })?),
        };
        sqlx::query(statements::LOG_READ)
            .bind(tenant)
            .bind(micros(read.at)?)
            .bind(read.by.role.as_str())
            .bind(person)
            .bind(&read.why)
            .bind(to_json(&read.cases)?)
            .execute(&mut *self.begun)
            .await?;
        Ok(())
    }
}

impl Tx for SqliteTx {
    type Draft = Draft;

    async fn load(&mut self, tenant: &str, ids: &[CaseId]) -> Result<Vec<CaseRow>> {
        read::load(&mut self.begun, statements::LOAD, tenant, ids).await
    }

    async fn load_thin(&mut self, tenant: &str, ids: &[CaseId]) -> Result<Vec<CaseRow>> {
        read::load(&mut self.begun, statements::LOAD_THIN, tenant, ids).await
    }

    async fn due(
        &mut self,
        tenant: &str,
        until: Timestamp,
        limit: u32,
    ) -> Result<Vec<(Timestamp, CaseId)>> {
        read::due(&mut self.begun, tenant, until, limit).await
    }

    async fn next_wake(&mut self, tenant: &str) -> Result<Option<Timestamp>> {
        read::next_wake(&mut self.begun, tenant).await
    }

    async fn readers(&mut self, tenant: &str, targets: &[CaseId]) -> Result<Vec<Reader>> {
        read::readers(&mut self.begun, tenant, targets).await
    }

    async fn recorded(&mut self, tenant: &str, keys: &[(CaseId, String)]) -> Result<Vec<Recorded>> {
        read::recorded(&mut self.begun, tenant, keys).await
    }

    async fn sealed(
        &mut self,
        tenant: &str,
        keys: &[SealedAt],
    ) -> Result<BTreeMap<SealedAt, Value>> {
        read::sealed(&mut self.begun, tenant, keys).await
    }

    async fn history(&mut self, tenant: &str, id: &str) -> Result<Vec<Entry>> {
        read::history(&mut self.begun, tenant, id, 0, i64::MAX as u64).await
    }

    async fn of_version(&mut self, tenant: &str, version: &VersionFilter) -> Result<Vec<CaseId>> {
        let after = version.after.as_ref().map_or("", |id| id.as_str());
        let ids: Vec<String> = sqlx::query_scalar(statements::VERSIONS)
            .bind(tenant)
            .bind(version.process.as_str())
            .bind(version.plan.as_str())
            .bind(version.by_it)
            .bind(after)
            .bind(i64::from(version.limit))
            .fetch_all(&mut *self.begun)
            .await?;
        Ok(ids.into_iter().map(CaseId::from).collect())
    }

    async fn ever(&mut self, tenant: &str, kind: &str, ids: &[CaseId]) -> Result<BTreeSet<CaseId>> {
        let those: Vec<String> = sqlx::query_scalar(statements::EVER)
            .bind(tenant)
            .bind(to_json(&ids)?)
            .bind(format!("[\"{kind}\""))
            .fetch_all(&mut *self.begun)
            .await?;
        Ok(those.into_iter().map(CaseId::from).collect())
    }

    async fn person(&mut self, tenant: &str, name: &str) -> Result<(Name, bool)> {
        let known: Option<i64> = sqlx::query_scalar(statements::PERSON)
            .bind(tenant)
            .bind(name)
            .fetch_optional(&mut *self.begun)
            .await?;
        if let Some(number) = known {
            return Ok((Name::from(number.to_string()), false));
        }
        let number: i64 = sqlx::query_scalar(statements::ADD_PERSON)
            .bind(tenant)
            .bind(name)
            .fetch_one(&mut *self.begun)
            .await?;
        Ok((Name::from(number.to_string()), true))
    }

    async fn forget_people(&mut self, tenant: &str, people: &[Name]) -> Result<()> {
        sqlx::query(statements::FORGET_PEOPLE)
            .bind(tenant)
            .bind(to_json(&people)?)
            .execute(&mut *self.begun)
            .await?;
        Ok(())
    }

    fn draft(tenant: &str, changes: &[Change]) -> Result<Draft> {
        write::draft(tenant, changes)
    }

    async fn put(&mut self, draft: Draft) -> Result<()> {
        write::write(&mut self.begun, draft).await
    }

    async fn put_plan(&mut self, tenant: &str, plan: &PlanSources) -> Result<()> {
        sqlx::query(statements::PUT_PLAN)
            .bind(tenant)
            .bind(plan.id.as_str())
            .bind(plan.process.as_str())
            .bind(to_json(&plan.sources)?)
            .execute(&mut *self.begun)
            .await?;
        Ok(())
    }

    async fn plan(&mut self, tenant: &str, id: &str) -> Result<Option<PlanSources>> {
        read::plan(&mut self.begun, tenant, id).await
    }

    async fn activate(
        &mut self,
        tenant: &str,
        process: &str,
        plan: &str,
        since: Timestamp,
    ) -> Result<()> {
        sqlx::query(statements::ACTIVATE)
            .bind(tenant)
            .bind(process)
            .bind(plan)
            .bind(micros(since)?)
            .execute(&mut *self.begun)
            .await?;
        Ok(())
    }

    async fn active(&mut self, tenant: &str) -> Result<BTreeMap<Name, Name>> {
        read::active(&mut self.begun, tenant).await
    }

    async fn as_of(&mut self) -> Result<AsOf> {
        let (now_us, others) = sqlx::query_as(statements::AS_OF)
            .fetch_one(&mut *self.begun)
            .await?;
        Ok(AsOf {
            clock: read::clock_of(now_us)?,
            version: Version {
                connection: self.connection_number,
                others,
                own: self.commits.load(Ordering::SeqCst),
            },
        })
    }

    async fn set_clock(&mut self, now: Timestamp) -> Result<()> {
        match read::clock(&mut self.begun).await? {
            Clock::Real => return Err(StoreError::RealClock),
            Clock::Virtual(before) if now < before => {
                return Err(StoreError::ClockGoesBack {
                    now: before,
                    asked: now,
                });
            }
            Clock::Virtual(_) => {}
        }
        sqlx::query(statements::SET_CLOCK)
            .bind(micros(now)?)
            .execute(&mut *self.begun)
            .await?;
        Ok(())
    }

    async fn commit(self) -> Result<()> {
        // Before, since the next transaction may begin at once. When it fails, nobody trusts what they kept.
        self.commits.fetch_add(1, Ordering::SeqCst);
        Ok(self.begun.commit().await?)
    }

    async fn rollback(self) -> Result<()> {
        // Some failures have rolled it back already, and a second time is an error of no interest: dropping it does what is left.
        drop(self);
        Ok(())
    }
}
