//! The only door to the database: the traits that every store keeps, and the shapes that go through it.
//!
//! A store owns durability, order of writing and the invariants that constraints can hold. It never decides about a case, never reads
//! a wall clock, and never remembers a case between two transactions.
//!
//! Every instant handed in is a whole number of microseconds; a finer one is refused, since it would come back as another one.

mod derived;
mod entries;
mod error;
mod rows;
mod shape;
pub mod sqlite;
mod state;

pub use error::{Environment, StoreError};
pub use rows::{
    AsOf, Audited, CaseFilter, CaseRow, Change, Clock, Counts, Cursor, DeadlineFilter,
    DeadlineLine, FindingFilter, FindingLine, PlanSources, ReadLog, Reader, Recorded, SealedAt,
    Status, TaskFilter, TaskLine, Version, VersionFilter,
};

use forloeb_core::{case::CaseId, entry::Entry, name::Name, value::Value};
use jiff::Timestamp;
use std::{
    collections::{BTreeMap, BTreeSet},
    future::Future,
};

/// What a store answers, when it can.
pub type Result<T> = std::result::Result<T, StoreError>;

/// A database of cases. A clone is another handle to the same one. Reads never wait for writers, nor writers for reads.
pub trait Store: Clone + Send + Sync + 'static {
    /// Its write transaction.
    type Tx: Tx;

    /// Begins the one write transaction that there can be at a time; waits for the one before it, in whatever process that is.
    fn begin(&self) -> impl Future<Output = Result<Self::Tx>> + Send;

    /// The cases of these ids that exist, in the order of their ids.
    fn load(
        &self,
        tenant: &str,
        ids: &[CaseId],
    ) -> impl Future<Output = Result<Vec<CaseRow>>> + Send;

    /// Entries of a case after number `after` (0: from the first), at most `limit`.
    fn history(
        &self,
        tenant: &str,
        id: &str,
        after: u64,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<Entry>>> + Send;

    /// A page of cases in the order of their ids.
    fn cases(
        &self,
        tenant: &str,
        filter: &CaseFilter,
    ) -> impl Future<Output = Result<Vec<CaseRow>>> + Send;

    /// A page of open tasks, what is due first leading and what has no due date last.
    fn tasks(
        &self,
        tenant: &str,
        filter: &TaskFilter,
    ) -> impl Future<Output = Result<Vec<TaskLine>>> + Send;

    /// A page of running deadlines, what runs out first leading.
    fn deadlines(
        &self,
        tenant: &str,
        filter: &DeadlineFilter,
    ) -> impl Future<Output = Result<Vec<DeadlineLine>>> + Send;

    /// A page of open findings: escalations before nudges, the oldest of each leading.
    fn findings(
        &self,
        tenant: &str,
        filter: &FindingFilter,
    ) -> impl Future<Output = Result<Vec<FindingLine>>> + Send;

    /// Which cases link to these, in the order of (target, link, reader).
    fn readers(
        &self,
        tenant: &str,
        targets: &[CaseId],
    ) -> impl Future<Output = Result<Vec<Reader>>> + Send;

    /// The sealed values under these keys; an erased one is left out.
    fn sealed(
        &self,
        tenant: &str,
        keys: &[SealedAt],
    ) -> impl Future<Output = Result<BTreeMap<SealedAt, Value>>> + Send;

    /// The names of people by their ids; an erased one is left out.
    fn names(
        &self,
        tenant: &str,
        people: &[Name],
    ) -> impl Future<Output = Result<BTreeMap<Name, String>>> + Send;

    /// A stored plan.
    fn plan(
        &self,
        tenant: &str,
        id: &str,
    ) -> impl Future<Output = Result<Option<PlanSources>>> + Send;

    /// Each stored plan and its process, in the order of processes and ids.
    fn plans(&self, tenant: &str) -> impl Future<Output = Result<Vec<(Name, Name)>>> + Send;

    /// The plan in force of each process.
    fn active(&self, tenant: &str) -> impl Future<Output = Result<BTreeMap<Name, Name>>> + Send;

    /// Every tenant that has a plan.
    fn tenants(&self) -> impl Future<Output = Result<Vec<Name>>> + Send;

    /// Whose time it is.
    fn clock(&self) -> impl Future<Output = Result<Clock>> + Send;

    /// The earliest instant at which a case wakes.
    fn next_wake(&self, tenant: &str) -> impl Future<Output = Result<Option<Timestamp>>> + Send;

    /// A number that is another one when anything was committed since, by any process. Ask before looking for work, and compare after it.
    fn changes(&self) -> impl Future<Output = Result<i64>> + Send;

    /// Logs that personal data was looked at, in a transaction of its own.
    fn log_read(&self, tenant: &str, read: &ReadLog) -> impl Future<Output = Result<()>> + Send;

    /// Who has looked at personal data of this case, in order.
    fn reads(&self, tenant: &str, id: &str) -> impl Future<Output = Result<Vec<ReadLog>>> + Send;

    /// How much there is.
    fn counts(&self, tenant: &str) -> impl Future<Output = Result<Counts>> + Send;

    /// What the database itself finds wrong with its files and references; empty when all is well.
    fn integrity(&self) -> impl Future<Output = Result<Vec<String>>> + Send;

    /// A page of cases after this id, each with its whole history and what its read models say against its state, all of one instant.
    fn audit(
        &self,
        tenant: &str,
        after: Option<&CaseId>,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<Audited>>> + Send;
}

/// A write transaction. What is written shows to nobody before `commit`, and never if it is dropped.
pub trait Tx: Send + 'static {
    /// Changes made ready to be written.
    type Draft: Send + 'static;

    /// The cases of these ids that exist, in the order of their ids.
    fn load(
        &mut self,
        tenant: &str,
        ids: &[CaseId],
    ) -> impl Future<Output = Result<Vec<CaseRow>>> + Send;

    /// The same without what has happened to them: for those who only look at them.
    fn load_thin(
        &mut self,
        tenant: &str,
        ids: &[CaseId],
    ) -> impl Future<Output = Result<Vec<CaseRow>>> + Send;

    /// At most `limit` cases that wake at or before `until`, in the order (wake_at, id).
    fn due(
        &mut self,
        tenant: &str,
        until: Timestamp,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<(Timestamp, CaseId)>>> + Send;

    /// The earliest instant at which a case wakes.
    fn next_wake(&mut self, tenant: &str)
    -> impl Future<Output = Result<Option<Timestamp>>> + Send;

    /// Which cases link to these, in the order of (target, link, reader).
    fn readers(
        &mut self,
        tenant: &str,
        targets: &[CaseId],
    ) -> impl Future<Output = Result<Vec<Reader>>> + Send;

    /// Those of these inputs, by case and idempotency key, that are in the history already.
    fn recorded(
        &mut self,
        tenant: &str,
        keys: &[(CaseId, String)],
    ) -> impl Future<Output = Result<Vec<Recorded>>> + Send;

    /// The sealed values under these keys; an erased one is left out.
    fn sealed(
        &mut self,
        tenant: &str,
        keys: &[SealedAt],
    ) -> impl Future<Output = Result<BTreeMap<SealedAt, Value>>> + Send;

    /// The whole history of a case.
    fn history(
        &mut self,
        tenant: &str,
        id: &str,
    ) -> impl Future<Output = Result<Vec<Entry>>> + Send;

    /// Open cases of a version of a process, in the order of their ids.
    fn of_version(
        &mut self,
        tenant: &str,
        version: &VersionFilter,
    ) -> impl Future<Output = Result<Vec<CaseId>>> + Send;

    /// Those of these cases whose history has an entry of this kind, whether or not it counts any more.
    fn ever(
        &mut self,
        tenant: &str,
        kind: &str,
        ids: &[CaseId],
    ) -> impl Future<Output = Result<BTreeSet<CaseId>>> + Send;

    /// The id of a person by name, and whether they have just got it, since nobody of that name was known.
    fn person(
        &mut self,
        tenant: &str,
        name: &str,
    ) -> impl Future<Output = Result<(Name, bool)>> + Send;

    /// Takes back the ids of people who got them in this transaction, and whom nothing in it mentions.
    fn forget_people(
        &mut self,
        tenant: &str,
        people: &[Name],
    ) -> impl Future<Output = Result<()>> + Send;

    /// Makes new states, entries, sealed values and read models ready, for which no database is needed. One change for a case at most.
    fn draft(tenant: &str, changes: &[Change]) -> Result<Self::Draft>;

    /// Writes what was made ready; fails with `Conflict` where a case is not as it was loaded, and then the transaction must be given up.
    fn put(&mut self, draft: Self::Draft) -> impl Future<Output = Result<()>> + Send;

    /// Makes changes ready and writes them.
    fn write(
        &mut self,
        tenant: &str,
        changes: &[Change],
    ) -> impl Future<Output = Result<()>> + Send {
        let draft = Self::draft(tenant, changes);
        async { self.put(draft?).await }
    }

    /// Stores a plan. One with the same id means the same: the first stays, since the grounds of entries point into it.
    fn put_plan(
        &mut self,
        tenant: &str,
        plan: &PlanSources,
    ) -> impl Future<Output = Result<()>> + Send;

    /// A stored plan.
    fn plan(
        &mut self,
        tenant: &str,
        id: &str,
    ) -> impl Future<Output = Result<Option<PlanSources>>> + Send;

    /// Puts a stored plan in force for new cases of its process.
    fn activate(
        &mut self,
        tenant: &str,
        process: &str,
        plan: &str,
        since: Timestamp,
    ) -> impl Future<Output = Result<()>> + Send;

    /// The plan in force of each process.
    fn active(&mut self, tenant: &str)
    -> impl Future<Output = Result<BTreeMap<Name, Name>>> + Send;

    /// Whose time it is, and which version of the database the transaction began at.
    fn as_of(&mut self) -> impl Future<Output = Result<AsOf>> + Send;

    /// Sets a virtual clock. It never goes back.
    fn set_clock(&mut self, now: Timestamp) -> impl Future<Output = Result<()>> + Send;

    /// Makes it durable. After an error it is unknown whether it is: read again.
    fn commit(self) -> impl Future<Output = Result<()>> + Send;

    /// Gives it up.
    fn rollback(self) -> impl Future<Output = Result<()>> + Send;
}
